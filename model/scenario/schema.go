package scenario

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/org"
	"sunrelay/model/sla"
)

// Schema is the JSON Schema (draft 2020-12) of scenario files, so that editors complete keys and check values. It is made
// of the structs that the decoder fills, and its descriptions are their comments. It is more lenient than Load: it knows
// nothing of references and sums, and takes any text for the expressions of distributions and rules.
func Schema() *jsonschema.Schema {
	s := schemaMaker{comments: sourceComments(), definitions: jsonschema.Definitions{}}
	s.reflector = jsonschema.Reflector{
		Anonymous: true, RequiredFromJSONSchemaTags: true, KeyNamer: fieldKey, LookupComment: s.comment,
		Namer: reflect.Type.String, // types of two packages share a name
	}
	s.reflector.Mapper = s.form
	root := s.reference(reflect.TypeFor[Definition]())
	root.Version = jsonschema.Version
	root.Title = "Sunrelay scenario"
	root.Definitions = s.definitions
	return root
}

// schemaMaker collects the definitions of the structs.
type schemaMaker struct {
	reflector   jsonschema.Reflector
	comments    map[string]string
	definitions jsonschema.Definitions
}

func (s *schemaMaker) comment(t reflect.Type, field string) string {
	name := t.Name()
	if field != "" {
		name += "." + field
	}
	return s.comments[name]
}

// wordsTag is the struct tag of a field that takes some of the words of its type only.
const wordsTag = "words"

// reference is the struct's definition, made at its first use.
func (s *schemaMaker) reference(t reflect.Type) *jsonschema.Schema {
	name := fieldKey(t.Name())
	ref := &jsonschema.Schema{Ref: "#/$defs/" + name}
	if _, made := s.definitions[name]; made {
		return ref
	}
	s.definitions[name] = nil // ends recursion
	reflected := s.reflector.ReflectFromType(t).Definitions[t.String()]
	for _, field := range structFields(t) {
		property, _ := reflected.Properties.Get(fieldKey(field.Name))
		if field.Tag.Get(fieldTag) == nextTier {
			property.AnyOf = append(property.AnyOf, number())
		}
		if words := field.Tag.Get(wordsTag); words != "" {
			property.Enum = nil
			for word := range strings.SplitSeq(words, ",") {
				property.Enum = append(property.Enum, word)
			}
		}
	}
	reflected.Properties.Set(assumedKey, &jsonschema.Schema{Type: "boolean", Description: assumedText})
	s.definitions[name] = reflected
	return ref
}

// form is the schema of a type as scenario files write it; nil for the struct whose fields the reflector is to list.
func (s *schemaMaker) form(t reflect.Type) *jsonschema.Schema {
	if scalar := scalarSchema(t); scalar != nil {
		return scalar
	}
	if m := asMap(t); m != nil {
		return s.byName(t, m)
	}
	switch {
	case t == reflect.TypeFor[calendar.Hours]():
		return s.hours()
	case t == reflect.TypeFor[calendar.Windows]():
		return either(windowText(), &jsonschema.Schema{Type: "array", Items: windowText()})
	case t == reflect.TypeFor[sla.Coverage]():
		return either(coverageText(), s.reference(reflect.TypeFor[coverageForm]()))
	case t == reflect.TypeFor[Target]() && !s.isBeingMade(t):
		return either(scalarSchema(reflect.TypeFor[sla.Target]()), s.reference(t))
	case strings.HasPrefix(t.Name(), "Located["):
		return s.form(t.Field(0).Type)
	case t.Kind() == reflect.Pointer:
		return s.form(t.Elem())
	case t.Kind() == reflect.Slice:
		return either(&jsonschema.Schema{Type: "array", Items: s.form(t.Elem())}, s.form(t.Elem()))
	case t.Kind() == reflect.Struct && s.isBeingMade(t):
		return nil
	case t.Kind() == reflect.Struct:
		return s.reference(t)
	}
	panic("scenario: no schema for " + t.String())
}

// isBeingMade reports whether the reflector is to list the fields of the struct now.
func (s *schemaMaker) isBeingMade(t reflect.Type) bool {
	made, started := s.definitions[fieldKey(t.Name())]
	return started && made == nil
}

// byName is the schema of a mapping by name with its short forms.
func (s *schemaMaker) byName(t reflect.Type, m mapShape) *jsonschema.Schema {
	element, _ := m.elementType()
	value := s.form(element)
	mapping := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: value,
		PropertyNames: &jsonschema.Schema{Pattern: `^[^.\s]+$`}}
	mapping.Properties.Set(assumedKey, &jsonschema.Schema{Type: "boolean", Description: assumedText})
	name := &jsonschema.Schema{Type: "string", Description: "the only one"}
	one := uint64(1)
	switch {
	case t == reflect.TypeFor[Shares]():
		mapping.Properties.Set("by", &jsonschema.Schema{Type: "string", Enum: []any{"plan", "severity"},
			Description: "the attribute on which the shares depend; the other keys are its values, or default"})
		mapping.AdditionalProperties = either(number(), value)
		return either(name, mapping)
	case strings.HasPrefix(t.Name(), "BySeverity["):
		mapping.Description = "by severity; default stands for the others"
		return either(value, mapping)
	case element.Kind() == reflect.Float64:
		return either(mapping, name, &jsonschema.Schema{Type: "array", Items: name, MaxItems: &one, MinItems: &one})
	case element.Kind() == reflect.Struct:
		mapping.AdditionalProperties = either(value, &jsonschema.Schema{Type: "null"})
		return either(mapping, &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}, UniqueItems: true})
	}
	return mapping
}

const assumedText = "true where the figures of this block do not come from a source"

func (s *schemaMaker) hours() *jsonschema.Schema {
	windows := s.form(reflect.TypeFor[calendar.Windows]())
	mapping := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: windows,
		PropertyNames: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Pattern: weekdaysPattern}, {Const: assumedKey},
		}}, Description: "opening windows by weekdays"}
	mapping.Properties.Set(assumedKey, &jsonschema.Schema{Type: "boolean", Description: assumedText})
	return either(text("24x7, or days and windows", "", "24x7", "mon-fri 08:00-17:00; sat 09:00-12:00"), mapping)
}

// Patterns of the texts that the schema checks. They are a bit wider than what the decoder reads.
const (
	weekdaysPattern = `^(daily|(mon|tue|wed|thu|fri|sat|sun)([-,] ?(mon|tue|wed|thu|fri|sat|sun))*)$`
	clockPattern    = `^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$`
	windowsPattern  = `^(closed|[0-9]{2}:[0-9]{2}(:[0-9]{2})? ?- ?[0-9]{2}:[0-9]{2}(:[0-9]{2})?(, ?[0-9]{2}:[0-9]{2}.*)?)$`
	timePattern     = `([0-9.]+(w|d|h|m|s|ms))+`
	durationPattern = `^\s*(0|` + timePattern + `)\s*$`
	targetPattern   = `^\s*(none|best_effort|on_status_change|next_bd|0|[0-9.]+(bh|bm)|[0-9]+(bd|mo|/week|/bd)|` + timePattern + `)\s*$`
	ratePattern     = `^\s*[0-9][0-9_,.eE+-]*\s*/\s*(s|sec|min|h|day|week|year)\s*$`
	moneyPattern    = `^\s*[0-9][0-9_,]*(\.[0-9]+)? [A-Z]{3}\s*$`
	percentPattern  = `^\s*-?[0-9_.]+\s*%$`
	coveragePattern = `^\s*(always|region(\..+)?|centre)\s*$`
	datePattern     = `^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$`
)

// scalarSchema is the schema of a value that is one text or number, nil for other types.
func scalarSchema(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[Expr]():
		return text("an expression", "", "exponential(mean 20m)", "lognormal(mean 25m, cv 1.2)", "severity_edf")
	case reflect.TypeFor[sla.Target]():
		return orNumber(text("a limit of elapsed time, of open time (bh, bm) or in business days, a frequency, or that nothing is promised",
			targetPattern, "30m", "8bh", "next_bd", "2/week", "on_status_change", "none", "best_effort"))
	case reflect.TypeFor[sla.Objective]():
		return text("MEASURE [of PLAN [SEVERITY]] [each week | each hour of week] >= or <= VALUE", `[<>]=`,
			"first_response of priority sev1 >= 95%", "p90 first_response of select <= 4h", "occupancy <= 85%")
	case reflect.TypeFor[sla.Rate]():
		return text("a mean number of arrivals in a stretch of time", ratePattern, "90/min", "1200/week")
	case reflect.TypeFor[model.Money]():
		return text("an amount and its currency", moneyPattern, "55 USD", "12,000 EUR")
	case reflect.TypeFor[LogValue]():
		return either(&jsonschema.Schema{Type: "string"}, &jsonschema.Schema{Type: "number"})
	case reflect.TypeFor[calendar.Duration]():
		return orNumber(text("a time", durationPattern, "90s", "30m", "8h30m", "2d"))
	case reflect.TypeFor[calendar.Instant]():
		return text("a date (midnight UTC) or a time in RFC 3339", datePattern, "2026-01-05", "2026-01-05T08:00:00Z")
	case reflect.TypeFor[calendar.TimeOfDay]():
		return text("a local time", clockPattern, "08:30")
	case reflect.TypeFor[calendar.Weekdays]():
		return text("days of the week", weekdaysPattern, "mon-fri", "sat,sun", "daily")
	}
	if words := wordsOf(t); words != nil {
		return &jsonschema.Schema{Type: "string", Enum: words}
	}
	switch t.Kind() {
	case reflect.String:
		return &jsonschema.Schema{Type: "string"}
	case reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.Int, reflect.Uint64:
		return &jsonschema.Schema{Type: "integer"}
	case reflect.Float64:
		return number()
	}
	return nil
}

// wordsOf are the words of a type that knows a few only; nil for other types.
func wordsOf(t reflect.Type) []any {
	switch t {
	case reflect.TypeFor[sla.Response]():
		return []any{sla.AtStart.String(), sla.AtEnd.String()}
	case reflect.TypeFor[org.ShiftEnd]():
		return []any{org.Finish.String(), org.HandOver.String()}
	case reflect.TypeFor[org.HolidayWork]():
		return []any{org.Observed.String(), org.Worked.String()}
	case reflect.TypeFor[sla.SeverityRule]():
		return words(sla.EitherWay, sla.LowerOnly, sla.RaiseOnly, sla.NeverChanged)
	case reflect.TypeFor[sla.Affinity]():
		return words(sla.Anybody, sla.LastEngineer, sla.NamedEngineer)
	case reflect.TypeFor[sla.Milestone]():
		var all []any
		for m := range sla.Milestone(sla.Milestones) {
			all = append(all, m.String())
		}
		return all
	case reflect.TypeFor[BudgetUse]():
		return words(BudgetLimit, BudgetGoal)
	case reflect.TypeFor[calendar.BusinessDayRule]():
		return []any{calendar.EndOfDay.String(), calendar.SameTime.String()}
	}
	return nil
}

// words are the texts of the values.
func words[T interface{ String() string }](values ...T) []any {
	texts := make([]any, len(values))
	for i, v := range values {
		texts[i] = v.String()
	}
	return texts
}

func windowText() *jsonschema.Schema {
	return text("opening windows of a day", windowsPattern, "08:00-17:00", "08:00-12:00, 13:00-17:00", "22:00-06:00", "closed")
}

func coverageText() *jsonschema.Schema {
	return text("whose hours count", coveragePattern, "always", "region", "region.maintenance", "centre")
}

// text is the schema of a text of a certain form.
func text(description, pattern string, examples ...any) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Description: description, Pattern: pattern, Examples: examples}
}

// number is the schema of a number that may be written as a percentage.
func number() *jsonschema.Schema {
	return either(&jsonschema.Schema{Type: "number"}, text("a percentage", percentPattern, "30%"))
}

// orNumber also takes 0, which needs no unit.
func orNumber(s *jsonschema.Schema) *jsonschema.Schema {
	return either(s, &jsonschema.Schema{Type: "integer", Minimum: json.Number("0"), Maximum: json.Number("0")})
}

func either(forms ...*jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: forms}
}

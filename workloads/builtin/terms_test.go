package builtin_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
)

// leaves are the values of a part of a definition by path, as scenario files would write them. Zero values are left out,
// except those of rules that hold in any case.
type leaves map[string]string

// alwaysRules are rules of plans whose zero value says something.
var alwaysRules = []string{"reopen_within", "severity_changes"}

// add flattens v.
func (l leaves) add(path string, v reflect.Value) {
	kind, _, _ := strings.Cut(v.Type().Name(), "[")
	switch key := path[strings.LastIndexByte(path, '.')+1:]; {
	case v.IsZero() && !slices.Contains(alwaysRules, key) || key == "assumed" || kind == "Position":
	case kind == "Expr":
		l[path] = v.Interface().(scenario.Expr).Text
	case kind == "Located":
		l.add(path, v.Field(0))
	case kind == "Target":
		target := v.Interface().(scenario.Target)
		l[path] = target.Target.String()
		if target.Clock != nil {
			l[path] += " " + target.Clock.String()
		}
	case kind == "Named":
		for i := range v.Len() {
			l.add(path+"."+v.Index(i).Field(0).String(), v.Index(i).Field(1))
		}
	case kind == "BySeverity":
		if byDefault := v.Field(0); !byDefault.IsNil() {
			l.add(path+".default", byDefault.Elem())
		}
		l.add(path, v.Field(1))
	case isText(v):
		l[path] = fmt.Sprint(v.Interface())
	case v.Kind() == reflect.Pointer:
		l.add(path, v.Elem())
	case v.Kind() == reflect.Struct:
		l.addFields(path, v)
	case v.Kind() == reflect.Slice:
		l.addItems(path, v)
	case v.Kind() == reflect.Float64:
		l[path] = strconv.FormatFloat(v.Float(), 'g', 10, 64)
	default:
		l[path] = fmt.Sprint(v.Interface())
	}
}

// isText reports whether the value says by itself how it is written.
func isText(v reflect.Value) bool {
	_, is := v.Interface().(fmt.Stringer)
	return is && v.Kind() != reflect.Pointer
}

func (l leaves) addFields(path string, v reflect.Value) {
	for i := range v.NumField() {
		switch field := v.Type().Field(i); {
		case field.Anonymous:
			l.addFields(path, v.Field(i))
		default:
			l.add(path+"."+key(field.Name), v.Field(i))
		}
	}
}

// addItems joins names, and numbers other things.
func (l leaves) addItems(path string, v reflect.Value) {
	if names, are := v.Interface().([]scenario.Located[string]); are {
		for _, name := range names {
			l[path] = strings.TrimSpace(l[path] + " " + name.Value)
		}
		return
	}
	for i := range v.Len() {
		l.add(path+"."+strconv.Itoa(i), v.Index(i))
	}
}

// key is the key of a field in scenario files.
func key(field string) string {
	var b strings.Builder
	for i, r := range field {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// terms are the rules and terms of the vendor, by path in the vendor's own names: of the vendor, of its plans (but for
// targets, coverage, titles and prices, which other tables hold), of the external parties, of severities, and what is
// refused. Of global they leave out how many customers there are, since its volumes differ.
func (e *edition) terms() leaves {
	all := leaves{}
	for _, term := range e.Definition.Terms {
		if own, isOwn := e.own(term.Name); isOwn {
			all["terms."+own] = term.Value
		}
	}
	for i := range e.Definition.Plans {
		if own, isOwn := e.own(e.Definition.Plans[i].Name); isOwn {
			plan := e.Definition.Plans[i].Value
			for _, g := range goals(&plan) {
				*g.targets = scenario.BySeverity[scenario.Target]{}
			}
			plan.Title, plan.PricePerYear, plan.Coverage = "", scenario.Plan{}.PricePerYear, scenario.Plan{}.Coverage
			if plan.ContactAttempts == 1 {
				plan.ContactAttempts, plan.AttemptEvery = 0, scenario.Target{}
			}
			if e.prefix != "" {
				plan.Customers = 0
			}
			all.add("plans."+own, reflect.ValueOf(plan))
		}
	}
	for i := range e.Definition.Work {
		if work := &e.Definition.Work[i]; work.Value.IsParty() {
			if own, isOwn := e.own(work.Name); isOwn {
				all.add("work."+own, reflect.ValueOf(work.Value))
			}
		}
	}
	for i := range e.Definition.Workload.Streams {
		stream := &e.Definition.Workload.Streams[i]
		if own, isOwn := e.own(stream.Name); isOwn && *stream.Value.Mix.Entitled < 1 {
			all.add("workload.streams."+own+".mix.entitled", reflect.ValueOf(stream.Value.Mix.Entitled))
		}
	}
	for rank, severity := range e.severities {
		def := e.Definition.Severities[rank].Value
		def.Title = ""
		all.add("severities."+severity, reflect.ValueOf(def))
	}
	return all
}

// inOwnWords writes a path of the vendor's leaves in its own words: names of the vendor within it lose their prefix.
func (e *edition) inOwnWords(path string) string {
	parts := strings.Split(path, ".")
	for i, part := range parts {
		if e.prefix != "" {
			parts[i] = strings.TrimPrefix(part, e.prefix)
		}
	}
	return strings.Join(parts, ".")
}

// matches reports whether the pattern of a row, in which * stands for any one name, covers the path.
func matches(pattern, path string) bool {
	want, got := strings.Split(pattern, "."), strings.Split(path, ".")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == "*" || w == g })
}

// alike reports whether the texts are equal, or the same time such as 30d and 4w2d.
func alike(a, b string) bool {
	left, errLeft := calendar.ParseDuration(a)
	right, errRight := calendar.ParseDuration(b)
	return a == b || errLeft == nil && errRight == nil && left == right
}

// TestTerms matches every rule and term of the table with the files.
func TestTerms(t *testing.T) {
	rows := table(t, "terms.csv", "vendor", "path", "value", "source")
	for _, e := range editions(t) {
		e.checkTerms(t, rows)
	}
}

func (e *edition) checkTerms(t *testing.T, rows [][]string) {
	t.Helper()
	given := leaves{}
	for path, value := range e.terms() {
		given[e.inOwnWords(path)] = value
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if row[0] != e.vendor || e.prefix != "" && strings.HasSuffix(row[1], ".customers") {
			continue
		}
		found := false
		for _, path := range slices.Sorted(maps.Keys(given)) {
			if !matches(row[1], path) {
				continue
			}
			if found = true; seen[path] {
				t.Errorf("terms.csv: %s %s stands twice", e.vendor, path)
			}
			seen[path] = true
			if !alike(given[path], row[2]) {
				t.Errorf("%s: %s %s is %q, want %q", e.name, e.vendor, path, given[path], row[2])
			}
			if row[3] == assumed && !e.assumes(path) {
				t.Errorf("%s: %s %s is not marked as assumed", e.name, e.vendor, path)
			}
		}
		if !found {
			t.Errorf("%s: lacks %s %s", e.name, e.vendor, row[1])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(given)) {
		if !seen[path] && (e.prefix == "" || !strings.HasPrefix(path, "severities.")) {
			t.Errorf("%s: terms.csv lacks %s,%s,%q", e.name, e.vendor, path, given[path])
		}
	}
}

// assumes reports whether the value at a path in the vendor's own words sits in a block that is marked as assumed.
func (e *edition) assumes(path string) bool {
	return slices.ContainsFunc(e.Definition.Assumptions, func(at scenario.Position) bool {
		outer := e.inOwnWords(at.Path)
		return outer == "" || outer == path || strings.HasPrefix(path, outer+".")
	})
}

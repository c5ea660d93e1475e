package scenario

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

// fieldTag is the struct tag with instructions for the decoder: "-" skips a field, ",inline" takes the keys of an
// embedded struct for those of the outer one, nextTier lets a bare number stand for a map.
const (
	fieldTag = "scenario"
	nextTier = "next_tier"
)

// assumedKey may stand in every mapping: a figure in it does not come from a source.
const assumedKey = "assumed"

// decoder fills a Definition from a tree. It goes on after a problem, so that all are found at once.
type decoder struct {
	problems  Problems
	positions map[string]Position // of every value, by path
	assumed   []Position          // of the mappings that say assumed: true
}

func (d *decoder) problem(n *node, path, format string, args ...any) {
	at := n.at
	at.Path = path
	d.problems = append(d.problems, Problem{at, fmt.Sprintf(format, args...)})
}

// locate is the position of n at path; it is remembered for problems that are found later.
func (d *decoder) locate(n *node, path string) Position {
	at := n.at
	at.Path = path
	d.positions[path] = at
	return at
}

// formDecoder is a type with short forms of its own.
type formDecoder interface {
	decodeNode(d *decoder, n *node, path string)
}

// decode fills v, which is addressable, from n.
func (d *decoder) decode(n *node, v reflect.Value, path string) {
	d.locate(n, path)
	switch target := v.Addr().Interface().(type) {
	case formDecoder:
		target.decodeNode(d, n, path)
	case *calendar.Hours:
		d.decodeHours(n, target, path)
	case *calendar.Windows:
		d.decodeWindows(n, target, path)
	case *calendar.Instant:
		d.decodeInstant(n, target, path)
	case *sla.Coverage:
		d.decodeCoverage(n, target, path)
	case encoding.TextUnmarshaler:
		d.decodeText(n, target, path)
	default:
		d.decodeKind(n, v, path)
	}
}

// decodeKind fills a value of a plain Go type.
func (d *decoder) decodeKind(n *node, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Struct:
		d.decodeStruct(n, v, path)
	case reflect.Pointer:
		if !n.null {
			v.Set(reflect.New(v.Type().Elem()))
			d.decode(n, v.Elem(), path)
		}
	case reflect.Slice:
		d.decodeSlice(n, v, path)
	case reflect.String:
		if text, ok := d.scalar(n, path, "text"); ok {
			v.SetString(strings.TrimSpace(text))
		}
	case reflect.Bool:
		d.decodeBool(n, v, path)
	case reflect.Int:
		d.decodeWhole(n, v, path)
	case reflect.Uint64:
		d.decodeSeed(n, v, path)
	case reflect.Float64:
		d.decodeNumber(n, v, path)
	default:
		panic("scenario: no form for " + v.Type().String())
	}
}

// scalar is the text of a plain value; anything else is a problem.
func (d *decoder) scalar(n *node, path, want string) (string, bool) {
	if n.kind != scalarNode || n.null {
		d.problem(n, path, "is %s, want %s", n.describe(), want)
		return "", false
	}
	return n.text, true
}

func (d *decoder) decodeText(n *node, target encoding.TextUnmarshaler, path string) {
	text, ok := d.scalar(n, path, "one value")
	if !ok {
		return
	}
	if err := target.UnmarshalText([]byte(text)); err != nil {
		d.problem(n, path, "%s", err)
	}
}

func (d *decoder) decodeBool(n *node, v reflect.Value, path string) {
	text, ok := d.scalar(n, path, "true or false")
	switch {
	case !ok:
	case text == "true" && !n.quoted:
		v.SetBool(true)
	case text != "false" || n.quoted:
		d.problem(n, path, "is %s, want true or false", n.describe())
	}
}

// decodeWhole reads a number of things, such as agents.
func (d *decoder) decodeWhole(n *node, v reflect.Value, path string) {
	const want, most = "a whole number", 1_000_000_000
	text, ok := d.scalar(n, path, want)
	if !ok {
		return
	}
	whole, err := strconv.ParseInt(plainDigits(text), 10, 64)
	if err != nil || n.quoted {
		d.problem(n, path, "is %s, want %s", n.describe(), want)
		return
	}
	if whole > most || whole < -most {
		d.problem(n, path, "is %d, want at most %d", whole, most)
		return
	}
	v.SetInt(whole)
}

func (d *decoder) decodeSeed(n *node, v reflect.Value, path string) {
	const want = "a whole number from 0 to 18446744073709551615"
	text, ok := d.scalar(n, path, want)
	if !ok {
		return
	}
	seed, err := strconv.ParseUint(plainDigits(text), 10, 64)
	if err != nil || n.quoted {
		d.problem(n, path, "is %s, want %s", n.describe(), want)
		return
	}
	v.SetUint(seed)
}

// decodeNumber reads 0.3 or 30%.
func (d *decoder) decodeNumber(n *node, v reflect.Value, path string) {
	const want = "a number such as 0.3 or 30%"
	text, ok := d.scalar(n, path, want)
	if !ok {
		return
	}
	number, isNumber := parseNumber(text)
	if !isNumber || n.quoted {
		d.problem(n, path, "is %s, want %s", n.describe(), want)
		return
	}
	v.SetFloat(number)
}

// parseNumber reads a decimal number or a percentage; infinity and the like are none.
func parseNumber(text string) (float64, bool) {
	digits, isPercent := strings.CutSuffix(text, "%")
	number, err := strconv.ParseFloat(plainDigits(strings.TrimSpace(digits)), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) || strings.ContainsAny(text, "xXpP") {
		return 0, false
	}
	if isPercent {
		number /= 100
	}
	return number, true
}

// plainDigits is a number without the underscores that YAML allows between digits.
func plainDigits(text string) string { return strings.ReplaceAll(text, "_", "") }

// decodeSlice reads a list; one value is a list of it.
func (d *decoder) decodeSlice(n *node, v reflect.Value, path string) {
	items := n.items
	switch {
	case n.null:
		return
	case n.kind == mappingNode:
		d.problem(n, path, "is a mapping, want a list")
		return
	case n.kind == scalarNode:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		d.decode(n, v.Index(0), path)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		d.decode(item, v.Index(i), joinPath(path, strconv.Itoa(i)))
	}
}

// decodeStruct reads a mapping whose keys are the struct's fields.
func (d *decoder) decodeStruct(n *node, v reflect.Value, path string) {
	fields := structFields(v.Type())
	if n.null {
		return
	}
	if n.kind != mappingNode {
		d.problem(n, path, "is %s, want a mapping with some of the keys %s", n.describe(), strings.Join(fieldKeys(fields), ", "))
		return
	}
	for _, key := range n.keys {
		below := joinPath(path, key.name)
		field := findField(fields, key.name)
		if field == nil {
			if d.skipAssumed(n, key, path) {
				continue
			}
			d.unknownKey(key, below, fieldKeys(fields))
			continue
		}
		value := key.value
		if field.Tag.Get(fieldTag) == nextTier && value.kind == scalarNode && !value.null {
			value = &node{kind: mappingNode, at: value.at, keys: []nodeKey{{name: nextTier, value: value, at: value.at}}}
		}
		d.decode(value, v.FieldByIndex(field.Index), below)
		if key.name == assumedKey && v.FieldByIndex(field.Index).Bool() {
			d.markAssumed(n, path)
		}
	}
}

func (d *decoder) markAssumed(n *node, path string) {
	at := n.at
	at.Path = path
	d.assumed = append(d.assumed, at)
}

// skipAssumed reports whether the entry of a free mapping is its mark as assumed, and notes it.
func (d *decoder) skipAssumed(n *node, key nodeKey, path string) bool {
	if key.name != assumedKey || key.value.kind != scalarNode {
		return false
	}
	var mark bool
	d.decodeBool(key.value, reflect.ValueOf(&mark).Elem(), joinPath(path, assumedKey))
	if mark {
		d.markAssumed(n, path)
	}
	return true
}

func (d *decoder) unknownKey(key nodeKey, path string, allowed []string) {
	at := key.at
	at.Path = path
	want := "want one of " + strings.Join(allowed, ", ")
	if len(allowed) > fewKeys {
		want = fmt.Sprintf("the %d keys are listed in the README, and for editors by sunrelay schema", len(allowed))
	}
	d.problems = append(d.problems, Problem{at, fmt.Sprintf("is not a key here%s %s", suggestion(key.name, allowed), want)})
}

// fewKeys are as many as a message lists.
const fewKeys = 8

// suggestion is nearest as part of a sentence that goes on.
func suggestion(word string, names []string) string {
	if s := nearest(word, names); s != "" {
		return s
	}
	return ","
}

// structFields are the fields of a struct that have keys, those of inlined structs among them.
func structFields(t reflect.Type) []reflect.StructField {
	var fields []reflect.StructField
	for i := range t.NumField() {
		field := t.Field(i)
		switch tag := field.Tag.Get(fieldTag); {
		case !field.IsExported() || tag == "-":
		case tag == ",inline":
			for _, inner := range structFields(field.Type) {
				inner.Index = append([]int{i}, inner.Index...)
				fields = append(fields, inner)
			}
		default:
			fields = append(fields, field)
		}
	}
	return fields
}

func findField(fields []reflect.StructField, key string) *reflect.StructField {
	for i := range fields {
		if fieldKey(fields[i].Name) == key {
			return &fields[i]
		}
	}
	return nil
}

func fieldKeys(fields []reflect.StructField) []string {
	keys := make([]string, len(fields))
	for i := range fields {
		keys[i] = fieldKey(fields[i].Name)
	}
	return keys
}

// fieldKey is the key of a field in scenario files: its name in snake case, such as max_overtime for MaxOvertime. This
// is the only place where keys are named.
func fieldKey(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

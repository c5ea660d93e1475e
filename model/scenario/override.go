package scenario

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sunrelay/model/calendar"
)

// overrideForm splits path=value, path+=1, path-=1 and path*=1.2.
var overrideForm = regexp.MustCompile(`^\s*([^=+*\s]*[^=+*\s-])\s*([+*-]?=)(.*)$`)

// override is the tree with every override made, in their order, and what is wrong with them. The given tree stays as it
// is.
func override(tree *node, sets []string) (*node, Problems) {
	if len(sets) == 0 {
		return tree, nil
	}
	tree = tree.clone()
	var problems Problems
	for _, set := range sets {
		o := overriding{at: Position{File: "--set " + set}}
		if err := o.apply(tree, set); err != nil {
			problems = append(problems, Problem{o.at, err.Error()})
		}
	}
	return tree, problems
}

// overriding is one override while it is made.
type overriding struct {
	at Position // of its value: the override itself
}

func (o *overriding) apply(tree *node, set string) error {
	part := overrideForm.FindStringSubmatch(set)
	if part == nil {
		return errors.New("is not an override, want path=value, path+=1, path-=1 or path*=1.2")
	}
	path, operator, text := part[1], part[2], strings.TrimSpace(part[3])
	o.at.Path = path
	if path == "extends" {
		return errors.New("cannot be set, since it is read before; name the other scenario instead")
	}
	if text == "" {
		return errors.New("has no value, want path=value")
	}
	target, shape, err := o.find(tree, path)
	if err != nil {
		return err
	}
	if operator != "=" {
		return o.change(target, shape, operator, text)
	}
	value, problems := parseYAML(o.at.File, []byte(text))
	if len(problems) > 0 {
		return errors.New(problems[0].Text)
	}
	*target = *value.clone()
	target.place(Position{File: o.at.File})
	return nil
}

// place gives the whole tree one position.
func (n *node) place(at Position) {
	n.at = at
	for i := range n.keys {
		n.keys[i].at = at
		n.keys[i].value.place(at)
	}
	for _, item := range n.items {
		item.place(at)
	}
}

// find is the place of the value at path and its Go type. What the file does not give is added if the scenario can have
// it.
func (o *overriding) find(tree *node, path string) (*node, reflect.Type, error) {
	at, shape := tree, reflect.TypeFor[Definition]()
	for _, segment := range strings.Split(path, ".") {
		if at.null {
			*at = node{kind: mappingNode, at: Position{File: o.at.File}}
		}
		at.lengthen(shape, segment)
		next, err := o.step(at, segment, shape)
		if err != nil {
			return nil, nil, err
		}
		at, shape = next, shapeBelow(shape, segment)
	}
	return at, shape, nil
}

// lengthen puts the long form of a value of the type in place of the short form, so that the segment can stand below it.
func (n *node) lengthen(shape reflect.Type, segment string) {
	key := shortKey(shape)
	_, notIndex := strconv.Atoi(segment)
	if key == "" || n.kind == mappingNode || n.kind == sequenceNode && notIndex == nil {
		return
	}
	short := *n
	*n = node{kind: mappingNode, at: short.at, keys: []nodeKey{{name: key, value: &short, at: short.at}}}
}

// shortKey is the key under which the short form of a value stands in its long form; empty where there is no such form.
func shortKey(shape reflect.Type) string {
	switch {
	case shape == nil:
		return ""
	case shape == reflect.TypeFor[Target]():
		return "target"
	case strings.HasPrefix(shape.Name(), "BySeverity["):
		return defaultKey
	}
	return ""
}

// step is the value of one segment of a path below n, whose Go type is shape (nil where that is not known). A key that
// is not there is added, empty, if the shape has it.
func (o *overriding) step(n *node, segment string, shape reflect.Type) (*node, error) {
	switch n.kind {
	case sequenceNode:
		i, err := strconv.Atoi(segment)
		if err != nil || i < 0 || i >= len(n.items) {
			return nil, fmt.Errorf("%s is not in the list, want 0 to %d", segment, len(n.items)-1)
		}
		return n.items[i], nil
	case scalarNode:
		return nil, fmt.Errorf("%s cannot stand below %s, which has no parts", segment, n.describe())
	}
	if value := n.find(segment); value != nil {
		return value, nil
	}
	known, free := shapeKeys(shape)
	if free || slices.Contains(known, segment) {
		added := &node{null: true, at: Position{File: o.at.File}}
		n.keys = append(n.keys, nodeKey{name: segment, value: added, at: added.at})
		return added, nil
	}
	for _, name := range n.names() {
		if !slices.Contains(known, name) {
			known = append(known, name)
		}
	}
	return nil, fmt.Errorf("%s is not there%s want one of %s", segment, suggestion(segment, known), listNames(known))
}

// mapShape is a type that is decoded from a mapping by name.
type mapShape interface {
	// elementType is the type of the values; free maps take names that the file does not have yet: those that do not make
	// something, but say something of what there is.
	elementType() (element reflect.Type, free bool)
}

func (*Named[T]) elementType() (reflect.Type, bool) {
	element := reflect.TypeFor[T]()
	return element, element.Kind() != reflect.Struct || element == reflect.TypeFor[WorkValues]()
}

func (*BySeverity[T]) elementType() (reflect.Type, bool) { return reflect.TypeFor[T](), true }

func (*Shares) elementType() (reflect.Type, bool) { return reflect.TypeFor[Named[float64]](), true }

// asMap is the shape as a map by name, or nil.
func asMap(shape reflect.Type) mapShape {
	if shape == nil {
		return nil
	}
	m, _ := reflect.New(shape).Interface().(mapShape)
	return m
}

// shapeKeys are the keys that a value of the type can have.
func shapeKeys(shape reflect.Type) (keys []string, free bool) {
	if m := asMap(shape); m != nil {
		_, free := m.elementType()
		return nil, free
	}
	if shape == nil || shape.Kind() != reflect.Struct {
		return nil, shape == reflect.TypeFor[calendar.Hours]()
	}
	return fieldKeys(structFields(shape)), false
}

// shapeBelow is the type of what stands at a segment below a value of the type, nil where that is not known.
func shapeBelow(shape reflect.Type, segment string) reflect.Type {
	if m := asMap(shape); m != nil {
		element, _ := m.elementType()
		return element
	}
	if shape == nil {
		return nil
	}
	switch shape.Kind() {
	case reflect.Slice:
		return shape.Elem()
	case reflect.Struct:
		if field := findField(structFields(shape), segment); field != nil {
			return dereferenced(field.Type)
		}
	}
	return nil
}

func dereferenced(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// change adds to the value or multiplies it. Fields that hold whole numbers, such as agents, are rounded, halves away
// from zero.
func (o *overriding) change(value *node, shape reflect.Type, operator, operand string) error {
	if value.kind != scalarNode || value.null {
		return fmt.Errorf("has %s to change, want a number, a rate, a time or money", value.describe())
	}
	text, err := changed(value.text, operator, operand)
	if err != nil {
		return err
	}
	if shape != nil && (shape.Kind() == reflect.Int || shape.Kind() == reflect.Uint64) {
		if number, isNumber := parseNumber(text); isNumber {
			text = strconv.FormatFloat(math.Round(number), 'f', -1, 64)
		}
	}
	*value = node{text: text, at: Position{File: o.at.File}}
	return nil
}

// quantityForm is a number with an optional unit, as in 30, 30%, 90/min, 55 USD, 8bh.
var quantityForm = regexp.MustCompile(`^(-?[0-9][0-9_,]*(?:\.[0-9]+)?)(%|\s*/?\s*[A-Za-z]*)$`)

// changed is the text of a quantity after +=, -= or *=. The unit stays; what is added or taken away has the same unit or
// none, or both are times.
func changed(current, operator, operand string) (string, error) {
	number, unit, known := quantity(current)
	operandNumber, operandUnit, operandKnown := quantity(operand)
	sign := 1.0
	if operator == "-=" {
		sign = -1
	}
	switch {
	case operator == "*=" && (!operandKnown || operandUnit != "" && operandUnit != "%"):
		return "", fmt.Errorf("%q is not a factor, want a number such as 1.2", operand)
	case operator == "*=" && operandUnit == "%":
		operandNumber /= 100
	}
	switch {
	case operator == "*=" && known:
		return formatQuantity(number*operandNumber, unit), nil
	case known && operandKnown && (operandUnit == unit || operandUnit == "" && unit != "%"):
		return formatQuantity(number+sign*operandNumber, unit), nil
	case known && operandKnown && unit == "" && operandUnit == "%":
		return formatQuantity(number+sign*operandNumber/100, unit), nil
	}
	length, err := calendar.ParseDuration(current)
	if err != nil {
		return "", fmt.Errorf("%q cannot be changed by %s%s, want a number, a rate, a time or money and the same unit",
			current, operator, operand)
	}
	if operator == "*=" {
		return formatDuration(float64(length) * operandNumber)
	}
	more, err := signedDuration(operand)
	if err != nil {
		return "", err
	}
	return formatDuration(float64(length) + sign*float64(more))
}

// quantity splits a number from its unit.
func quantity(text string) (number float64, unit string, ok bool) {
	part := quantityForm.FindStringSubmatch(strings.TrimSpace(text))
	if part == nil {
		return 0, "", false
	}
	number, err := strconv.ParseFloat(strings.NewReplacer("_", "", ",", "").Replace(part[1]), 64)
	return number, part[2], err == nil
}

func formatQuantity(number float64, unit string) string {
	return strconv.FormatFloat(number, 'f', -1, 64) + unit
}

// signedDuration reads a duration that may have a minus sign.
func signedDuration(text string) (calendar.Duration, error) {
	digits, negative := strings.CutPrefix(text, "-")
	d, err := calendar.ParseDuration(digits)
	if negative {
		d = -d
	}
	return d, err
}

func formatDuration(milliseconds float64) (string, error) {
	if milliseconds < 0 || milliseconds > float64(calendar.LongestDuration) {
		return "", errors.New("becomes a time below zero or too long")
	}
	return calendar.Duration(math.Round(milliseconds)).String(), nil
}

package scenario

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
)

// HoldsWholeNumber reports whether the value at the path of a scenario, such as a number of agents, has no decimals. It
// looks at the form of scenarios alone: the path may name what a scenario does not have.
func HoldsWholeNumber(path string) bool {
	shape := reflect.TypeFor[Definition]()
	for segment := range strings.SplitSeq(path, ".") {
		if shape = shapeBelow(shape, segment); shape == nil {
			return false
		}
	}
	return shape.Kind() == reflect.Int || shape.Kind() == reflect.Uint64
}

// CompletePath are the paths of the scenario that begin with prefix, up to the next dot: those of its values, and of what
// could be set besides. A path with more below it ends with a dot. A scenario that cannot be read has none.
func CompletePath(source Source, prefix string) []string {
	tree, _ := readTree(&source)
	if tree == nil {
		return nil
	}
	above, begun := "", prefix
	if dot := strings.LastIndexByte(prefix, '.'); dot >= 0 {
		above, begun = prefix[:dot+1], prefix[dot+1:]
	}
	shape := reflect.TypeFor[Definition]()
	for segment := range strings.SplitSeq(strings.TrimSuffix(above, "."), ".") {
		if above == "" {
			break
		}
		shape = shapeBelow(shape, segment)
		if tree != nil {
			tree = tree.find(segment)
		}
	}
	names, _ := shapeKeys(shape)
	if tree != nil {
		for _, name := range tree.names() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	var paths []string
	for _, name := range names {
		if !strings.HasPrefix(name, begun) {
			continue
		}
		path := above + name
		if hasParts(shapeBelow(shape, name)) {
			path += "."
		}
		paths = append(paths, path)
	}
	return paths
}

// hasParts reports whether a value of the type is a mapping.
func hasParts(shape reflect.Type) bool {
	switch {
	case asMap(shape) != nil:
		return true
	case shape == nil || shape == reflect.TypeFor[Expr]() || reflect.PointerTo(shape).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return false
	}
	return shape.Kind() == reflect.Struct && len(structFields(shape)) > 0 && shortKey(shape) == ""
}

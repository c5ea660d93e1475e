package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"slices"
	"strings"
)

// Load reads a scenario: the file with all that it extends, the overrides (path=value, path+=1, path-=1, path*=1.2), defaults. An
// error is always Problems: everything that is wrong with the file, sorted by position. The definition is there beside
// problems, so that other packages can look for theirs, unless the file could not be read at all.
//
// What depends on the whole, such as a case that no pool may work, is found by Compile.
func Load(source Source, sets []string) (*Definition, error) {
	def, tree, problems := read(source, sets)
	if def == nil {
		return nil, problems
	}
	def.Hash = def.hash(tree)
	def.applyDefaults()
	if !isFragment(tree, problems) {
		problems = append(problems, exceptBelow(def.validate(), problems)...)
	}
	if problems = inOrder(problems, def.At("").File); len(problems) > 0 {
		return def, problems
	}
	return def, nil
}

// read reads a definition as it is written, without defaults, and the tree that it stands in. Both are nil if the file could
// not be read at all.
func read(source Source, sets []string) (*Definition, *node, Problems) {
	tree, problems := readTree(&source)
	if tree == nil {
		return nil, nil, problems
	}
	tree, found := override(tree, sets)
	problems = append(problems, found...)
	d := decoder{positions: map[string]Position{}}
	def := &Definition{zone: source.zone, files: map[string][]byte{}, positions: d.positions}
	d.decode(tree, reflect.ValueOf(def).Elem(), "")
	def.Assumptions = d.assumed
	problems = append(problems, exceptAt(d.problems, problems)...)
	return def, tree, append(problems, def.readCalendarFiles()...)
}

// isFragment reports whether the tree lacks what it extends or is no scenario at all, so that there is no point in
// listing what is missing.
func isFragment(tree *node, problems Problems) bool {
	return tree.kind != mappingNode || slices.ContainsFunc(problems, func(p Problem) bool { return p.Path == "extends" })
}

// hash is that of the tree, whatever its layout, and of the files that it names.
func (def *Definition) hash(tree *node) string {
	content := *tree
	content.keys = slices.DeleteFunc(slices.Clone(tree.keys), func(key nodeKey) bool { return key.name == "extends" })
	var b strings.Builder
	content.canonical(&b)
	for _, name := range sortedKeys(def.files) {
		writeQuoted(&b, string(def.files[name]))
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

// exceptAt is the later problems without those at a place that already has an earlier one.
func exceptAt(later, earlier Problems) Problems {
	known := paths(earlier)
	return slices.DeleteFunc(later, func(p Problem) bool { return known[p.Path] })
}

// exceptBelow is the later problems without those at or below a place that already has an earlier one: they are but its
// consequences.
func exceptBelow(later, earlier Problems) Problems {
	known := paths(earlier)
	return slices.DeleteFunc(later, func(p Problem) bool {
		for path := p.Path; path != ""; path = path[:max(strings.LastIndexByte(path, '.'), 0)] {
			if known[path] {
				return true
			}
		}
		return false
	})
}

// paths are those of the problems.
func paths(problems Problems) map[string]bool {
	known := make(map[string]bool, len(problems))
	for _, p := range problems {
		known[p.Path] = true
	}
	return known
}

// inOrder sorts problems by file (the scenario itself first), line and column, and drops repetitions.
func inOrder(problems Problems, mainFile string) Problems {
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.compare(b.Position, mainFile) })
	return slices.Compact(problems)
}

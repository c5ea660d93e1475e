package scenario

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// mostExtends is how many files may inherit from each other in a row.
const mostExtends = 16

// readTree is the tree of a scenario with everything that it extends.
func readTree(source *Source) (*node, Problems) {
	file, text, err := source.read()
	if err != nil {
		return nil, Problems{{Position{File: file}, err.Error()}}
	}
	tree, problems := parseYAML(file, text)
	if tree == nil {
		return nil, problems
	}
	return inherit(source, tree, problems, []string{file})
}

// inherit merges tree over the scenario that its key extends names. The chain holds the files so far, the last one being
// that of the tree.
func inherit(source *Source, tree *node, problems Problems, chain []string) (*node, Problems) {
	parent := tree.find("extends")
	if parent == nil {
		return tree, problems
	}
	at := parent.at
	at.Path = "extends"
	refuse := func(format string, args ...any) (*node, Problems) {
		return tree, append(problems, Problem{at, fmt.Sprintf(format, args...)})
	}
	if parent.kind != scalarNode || parent.text == "" {
		return refuse("is %s, want the name of a file or of a built-in scenario", parent.describe())
	}
	name := parent.text
	if strings.ContainsAny(name, `./\`) {
		name = beside(chain[len(chain)-1], name)
	}
	if slices.ContainsFunc(chain, func(file string) bool { return filepath.Clean(file) == filepath.Clean(name) }) {
		return refuse("goes in a circle: %s", strings.Join(append(chain, name), " extends "))
	}
	if len(chain) > mostExtends {
		return refuse("is the %dth in a row, want at most %d", len(chain), mostExtends)
	}
	file, text, err := source.open(name)
	if err != nil {
		return refuse("%s %s", file, err)
	}
	below, found := parseYAML(file, text)
	problems = append(problems, found...)
	if below == nil {
		return tree, problems
	}
	below, problems = inherit(source, below, problems, append(chain, file))
	return mergeTrees(below, tree), problems
}

// mergeTrees is base with over laid on it: mappings merge by key, everything else is replaced. Keys keep the order of
// base, new ones follow. An empty value in over leaves that of base.
func mergeTrees(base, over *node) *node {
	if base.kind != mappingNode || over.kind != mappingNode {
		if over.null {
			return base
		}
		return over
	}
	merged := &node{kind: mappingNode, at: over.at, keys: slices.Clone(base.keys)}
	places := make(map[string]int, len(base.keys))
	for i, key := range base.keys {
		places[key.name] = i
	}
	for _, key := range over.keys {
		i, inBase := places[key.name]
		if !inBase {
			merged.keys = append(merged.keys, key)
			continue
		}
		key.value = mergeTrees(base.keys[i].value, key.value)
		merged.keys[i] = key
	}
	return merged
}

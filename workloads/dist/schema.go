package dist

import "strings"

// Pattern is a regular expression, in the dialect of JSON Schema, for an editor that completes scenario files: it
// matches whatever Parse accepts and catches misspelt families. It does not look at parameters.
func Pattern() string {
	return `^\s*((` + strings.Join(names(), "|") + `)\s*\([\s\S]*\)|[0-9.][0-9.a-z]*)\s*$`
}

// Examples are complete expressions, one for each form of each family.
func Examples() []string {
	var all []string
	for i := range Kinds {
		all = append(all, Kinds[i].Examples...)
	}
	return all
}

func names() []string {
	names := make([]string, len(Kinds))
	for i := range Kinds {
		names[i] = Kinds[i].Name
	}
	return names
}

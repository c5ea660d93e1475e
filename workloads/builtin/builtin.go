// Package builtin holds the scenarios that come with the program, as files in the language of package scenario: mmc, to
// check the engine against theory, and the organisations whose published service levels the others carry. It only hands
// out their text; package scenario reads it.
package builtin

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed *.yaml
var files embed.FS

// ending is that of the files' names; the scenarios are called by the rest.
const ending = ".yaml"

// Names are the built-in scenarios in alphabetical order.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // the files are part of the program
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = strings.TrimSuffix(entry.Name(), ending)
	}
	slices.Sort(names)
	return names
}

// Open is the text of a built-in scenario. An unknown name is fs.ErrNotExist.
func Open(name string) ([]byte, error) {
	text, err := files.ReadFile(name + ending)
	if err != nil {
		return nil, fmt.Errorf("no built-in scenario is called %q, want one of %s: %w", name, strings.Join(Names(), ", "), fs.ErrNotExist)
	}
	return text, nil
}

// Title is the line that a built-in scenario gives as its title; empty for an unknown name.
func Title(name string) string {
	text, err := Open(name)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if title, found := strings.CutPrefix(line, "title:"); found {
			return strings.Trim(strings.TrimSpace(title), `"'`)
		}
	}
	return ""
}

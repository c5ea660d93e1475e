package scenario

import (
	"regexp"
	"strconv"
	"strings"
)

// Resolved is the text of one scenario file that says what the given one says with all that it extends and the overrides:
// Load makes the same of it, except for positions. Comments are lost. An error is Problems.
func Resolved(source Source, sets []string) ([]byte, error) {
	tree, problems := readTree(&source)
	if tree == nil {
		return nil, problems
	}
	tree, found := override(tree, sets)
	if problems = append(problems, found...); len(problems) > 0 {
		return nil, problems
	}
	var b strings.Builder
	for _, key := range tree.keys {
		if key.name != "extends" {
			key.write(&b, 0)
		}
	}
	return []byte(b.String()), nil
}

// write is the entry of a mapping as lines of YAML.
func (k nodeKey) write(b *strings.Builder, depth int) {
	b.WriteString(strings.Repeat("  ", depth))
	b.WriteString(plainOrQuoted(k.name, false))
	b.WriteByte(':')
	k.value.write(b, depth+1)
}

// write is a value after its key or the sign of a list, to the end of the line.
func (n *node) write(b *strings.Builder, depth int) {
	switch {
	case n.kind == mappingNode && len(n.keys) > 0:
		b.WriteByte('\n')
		for _, key := range n.keys {
			key.write(b, depth)
		}
	case n.kind == sequenceNode && len(n.items) > 0:
		b.WriteByte('\n')
		for _, item := range n.items {
			b.WriteString(strings.Repeat("  ", depth) + "-")
			item.write(b, depth+1)
		}
	default:
		b.WriteString(" " + n.short() + "\n")
	}
}

// short is a value that needs one line only.
func (n *node) short() string {
	switch {
	case n.kind == mappingNode:
		return "{}"
	case n.kind == sequenceNode:
		return "[]"
	case n.null:
		return "~"
	}
	return plainOrQuoted(n.text, n.quoted)
}

// plainForm is text that YAML reads as itself without quotation marks, other than numbers and words with a meaning of their own, which the decoder
// takes as they are written.
var plainForm = regexp.MustCompile(`^[\p{L}\p{N}<>+.(-]([\p{L}\p{N}_ ()%.,/<>=+*-]|:[^ ])*$`)

func plainOrQuoted(text string, quoted bool) string {
	switch text {
	case "", "~", "null", "-":
		quoted = true
	}
	if quoted || !plainForm.MatchString(text) || strings.HasPrefix(text, "- ") || text != strings.TrimSpace(text) ||
		strings.HasPrefix(text, ">") {
		return strconv.Quote(text)
	}
	return text
}

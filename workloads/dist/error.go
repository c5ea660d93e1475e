package dist

import (
	"fmt"
	"unicode/utf8"
)

// Error says what is wrong with an expression and where.
type Error struct {
	Column int // in characters from 1, where the expression starts
	Text   string
}

// Error is the text with its column.
func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Text) }

// misfit is an error at a byte offset of the expression, before the column is known.
type misfit struct {
	offset int
	text   string
}

func (m *misfit) Error() string { return m.text }

func misfitAt(offset int, format string, args ...any) error {
	return &misfit{offset: offset, text: fmt.Sprintf(format, args...)}
}

// column is the character of text, from 1, that starts at the byte offset.
func column(text string, offset int) int { return utf8.RuneCountInString(text[:offset]) + 1 }

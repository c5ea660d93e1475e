package scenario

import (
	"cmp"
	"fmt"
	"strings"
)

// Position is where a value stands: the file, the line and column (from 1; 0 = unknown) and the path of keys, such as
// centres.dublin.pools.t1.agents.
type Position struct {
	File         string
	Line, Column int
	Path         string
}

// compare is negative where p comes before q: by file (the main one first), line and column.
func (p Position) compare(q Position, mainFile string) int {
	if p.File != q.File && p.File == mainFile {
		return -1
	}
	if p.File != q.File && q.File == mainFile {
		return 1
	}
	return cmp.Or(strings.Compare(p.File, q.File), p.Line-q.Line, p.Column-q.Column)
}

// Problem is one thing that is wrong with a scenario: what it is and what is allowed.
type Problem struct {
	Position
	Text string
}

// Error is the problem as file:line:column: path: text.
func (p Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ":")
		if p.Line > 0 {
			fmt.Fprintf(&b, "%d:%d:", p.Line, p.Column)
		}
		b.WriteString(" ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	return b.String() + p.Text
}

// Problems are all that is wrong with a scenario, in the order of the file.
type Problems []Problem

// Error is one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Located is a value with its position.
type Located[T any] struct {
	Value T
	At    Position
}

// Expr is an expression that another package reads, such as a distribution or a routing rule. The empty text means that
// it was not given.
type Expr struct {
	Text string
	At   Position
}

// Given reports whether the file holds the expression.
func (e Expr) Given() bool { return e.Text != "" }

// Problem is a problem at the place of the expression.
func (e Expr) Problem(format string, args ...any) Problem {
	return Problem{Position: e.At, Text: fmt.Sprintf(format, args...)}
}

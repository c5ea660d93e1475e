package routing

import (
	"fmt"
	"strings"
)

// Waiting is what a rule may know about a piece of work that waits. Times are milliseconds from the run's origin.
type Waiting struct {
	Severity   int   // rank, 0 = most severe
	Interrupts bool  // it may interrupt work of lower severities
	Since      int64 // when it began to wait
	Due        int64 // the earliest running due of its case, or NoDue
}

// NoDue is later than any due.
const NoDue = int64(1) << 42

// Rule says which waiting work a free agent takes: the one with the smallest score, and among equals the one that waited
// first.
type Rule struct {
	Name    string
	Summary string
	// Score is a pure function of its argument, below 2^62.
	Score func(Waiting) uint64
	// BySeverity and ByClock say what must be equal for the scores of new work to rise in the order in which it begins to
	// wait. The engine keeps such work in one list; it stays right, but slower, where a rule promises too much.
	BySeverity, ByClock bool
}

// Rules are all rules, in the order of the documentation.
var Rules = []Rule{fifo, severity, edf, severityEDF}

// Default is the rule of scenarios that name none.
const Default = "severity_edf"

// Find is the rule called name, or an error that names all.
func Find(name string) (Rule, error) {
	names := make([]string, len(Rules))
	for i, r := range Rules {
		if r.Name == name {
			return r, nil
		}
		names[i] = r.Name
	}
	return Rule{}, fmt.Errorf("unknown rule %q, want one of %s", name, strings.Join(names, ", "))
}

// Rank orders work for an agent, smallest first: what may interrupt comes before all that may not, by severity, so that
// nobody takes work that would be interrupted at once; else the rule's score decides.
func (r *Rule) Rank(w Waiting) uint64 {
	score := r.Score(w)
	if w.Interrupts {
		return ranked(w.Severity, score&(1<<severityShift-1))
	}
	return 1<<62 | score
}

// dueOrLast orders work by due; what has none comes after all that has, first come first served.
func dueOrLast(w Waiting) uint64 {
	if w.Due >= NoDue {
		return uint64(NoDue + w.Since)
	}
	return uint64(w.Due)
}

// ranked puts the severity above everything else in a score.
func ranked(severity int, score uint64) uint64 { return uint64(severity)<<severityShift | score }

// severityShift leaves room for the sum of a due and a wait.
const severityShift = 44

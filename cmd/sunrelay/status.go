package main

import (
	"fmt"
	"io"
	"math"

	"sunrelay/sim/planner"
)

// status is one line on the terminal behind standard error that says where a search stands; nothing where there is none.
type status struct{ to io.Writer }

func (s *session) newStatus(quiet bool) *status {
	if quiet || terminal(s.errs) == 0 {
		return &status{}
	}
	return &status{s.errs}
}

// say replaces the line.
func (s *status) say(format string, args ...any) {
	if s.to != nil {
		fmt.Fprintf(s.to, "\r\x1b[K"+format, args...)
	}
}

// search says where a search for a plan stands.
func (s *status) search(p planner.Progress) {
	if math.IsNaN(p.Cost) || math.IsNaN(p.Bound) || p.Cost == 0 {
		s.say("%s: %d staffings tried", p.Phase, p.Evaluations)
		return
	}
	s.say("%s: %d staffings tried, best %.6g a year, bound %.6g, gap %.1f %%", p.Phase, p.Evaluations, p.Cost, p.Bound, 100*(p.Cost-p.Bound)/p.Cost)
}

// end takes the line away.
func (s *status) end() { s.say("") }

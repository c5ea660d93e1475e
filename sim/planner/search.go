package planner

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Options say how much effort a search makes.
type Options struct {
	Solver       Solver // nil = the first of Solvers
	Replications int    // of the search, each a part of the run
	Whole        int    // replications of the whole run that the search is held against
	Steps        int    // most large steps from one plan to a cheaper one; a tenth of them that save nothing are the last
	Verdict      int    // replications of the verdict
	Enumerate    int    // most staffings that are played to prove that no cheaper one suffices, where choices are few
	Neighbours   int    // most samples of neighbours with heads elsewhere that the certificate plays
	Uncertified  bool   // the first plan that the verdict confirms will do, without a certificate
	// Told hears how the search goes on, from the goroutine of the search; nil = nobody.
	Told func(Progress)
}

// Effort are the options of a search with so many times the usual effort.
func Effort(times int) Options {
	const replications, whole, steps, enumerated, neighbours = 4, 4, 30, 100, 60
	return Options{
		Replications: replications * times, Whole: whole * times, Steps: steps * times,
		Enumerate: enumerated * times, Neighbours: neighbours * times,
	}
}

// Progress is where a search stands.
type Progress struct {
	Phase       string
	Evaluations int
	Cost, Bound float64 // of the best plan so far (NaN before the first), and what no plan costs less than
}

// stream numbers of samples.
const (
	searching  = 1
	certifying = 2 // what neighbours differ by
)

// search is a search in progress.
type search struct {
	*Problem
	evaluator   Evaluator
	options     Options
	sample      Sample
	required    []float64 // by objective: the slack on the sample that lets expect a verdict that is passed
	forecast    *forecast
	caution     []float64      // by objective: what proposals are to have to spare beyond, since the forecast erred so much
	short       []shortfall    // that miss an objective on the sample
	known       map[string]int // evaluations, by heads
	evaluations int
	best        float64 // cost
	bound       float64
	phase       string
}

// shortfall is heads that do not suffice: fewer of any choice do not either.
type shortfall struct {
	heads   []int
	certain bool // on any sample
}

func key(heads []int) string { return fmt.Sprint(heads) }

func (s *search) tell(phase string) {
	s.phase = phase
	if s.options.Told != nil {
		s.options.Told(Progress{Phase: phase, Evaluations: s.evaluations, Cost: s.best, Bound: s.bound})
	}
}

// evaluate plays the heads on a sample and counts heads that were not played before.
func (s *search) evaluate(ctx context.Context, heads []int, at Sample) (*Evaluation, error) {
	ev, err := s.evaluator.Evaluate(ctx, heads, at)
	if err == nil && at.Stream == searching && s.known[key(heads)] == 0 {
		s.known[key(heads)]++
		s.evaluations++
		s.tell(s.phase)
	}
	return ev, err
}

// slack is that of an objective beyond what is required.
func (s *search) slack(ev *Evaluation, k int) float64 { return ev.Scores[k].Slack - s.required[k] }

// worst is the least slack of all objectives.
func (s *search) worst(ev *Evaluation) float64 {
	least := math.Inf(1)
	for k := range ev.Scores {
		least = min(least, s.slack(ev, k))
	}
	return least
}

// enough plays the heads and reports whether they suffice on the sample. It does not play heads of which fewer nowhere are
// known not to suffice.
func (s *search) enough(ctx context.Context, heads []int) (bool, *Evaluation, error) {
	if s.dominated(heads) {
		return false, nil, nil
	}
	ev, err := s.evaluate(ctx, heads, s.sample)
	if err != nil {
		return false, nil, err
	}
	if s.worst(ev) >= 0 {
		return true, ev, nil
	}
	s.misses(heads, ev)
	return false, ev, nil
}

// misses takes note of heads that do not suffice.
func (s *search) misses(heads []int, ev *Evaluation) {
	s.short = append(s.short, shortfall{slices.Clone(heads), ev.Missed()})
}

// dominated reports whether heads that do not suffice have at least as many of every choice.
func (s *search) dominated(heads []int) bool {
	return slices.ContainsFunc(s.short, func(f shortfall) bool { return atMost(heads, f.heads) })
}

// atMost reports whether a has nowhere more than b.
func atMost(a, b []int) bool {
	for i := range a {
		if a[i] > b[i] {
			return false
		}
	}
	return true
}

package planner

import (
	"context"
	"math"
	"slices"

	"sunrelay/sim/stats"
)

// Neighbour is a plan that differs by a lot or two, and what becomes of it.
type Neighbour struct {
	Change  []int // heads more or fewer, by choice
	Saving  float64
	Outcome Outcome
	Rule    string // that excludes it
	// Objective is that which it fails, or which it changes most; -1 where none was played.
	Objective int
	// Slack is that of the Objective, as the verdict would see it: that of the plan with the difference on common random
	// numbers; HalfWidth is that of the difference.
	Slack, HalfWidth float64
}

// Outcome says what is known of a neighbour.
type Outcome uint8

// The outcomes.
const (
	NotPlayed Outcome = iota // for lack of time
	Excluded                 // by a rule or bound, which holds for every plan
	Dominated                // fewer heads than a neighbour that fails
	Fails                    // an objective, for certain
	Likely                   // fails an objective by the estimate; the interval of the difference allows that it does not
	Passes
)

var outcomeNames = [...]string{"not played", "excluded by rule", "dominated", "fails", "fails, not for certain", "passes"}

// String is the outcome's name in output.
func (o Outcome) String() string { return outcomeNames[o] }

// oneSided is the confidence of the difference on one side.
const oneSided = 0.95

// certify plays the cheaper neighbours of a confirmed plan on fresh replications. It returns one that passes, with which the
// search goes on, or nil.
func (s *search) certify(ctx context.Context, plan *Plan, attempt int) ([]int, error) {
	s.tell("certificate")
	moves := s.moves(true)
	slices.SortStableFunc(moves, func(a, b move) int { return changes(a) - changes(b) })
	plan.Certificate = make([]Neighbour, len(moves))
	for i, m := range moves {
		plan.Certificate[i] = Neighbour{Change: m.change, Saving: m.saving, Objective: -1}
	}
	for i, m := range moves {
		n := &plan.Certificate[i]
		to := m.of(plan.Heads)
		if rule := s.broken(to); rule != "" {
			n.Outcome, n.Rule = Excluded, rule
			continue
		}
		if plan.below(to) {
			n.Outcome = Dominated
			continue
		}
		if err := s.play(ctx, plan, n, to, certifying+attempt); err != nil {
			return nil, err
		}
		if n.Outcome == Passes {
			return to, nil
		}
	}
	return nil, nil
}

// changes is how many choices a move changes.
func changes(m move) int {
	n := 0
	for _, d := range m.change {
		if d != 0 {
			n++
		}
	}
	return n
}

// below reports whether a neighbour that fails has at least as many heads of every choice.
func (p *Plan) below(heads []int) bool {
	return slices.ContainsFunc(p.Certificate, func(n Neighbour) bool {
		return n.Outcome == Fails && atMost(heads, move{change: n.Change}.of(p.Heads))
	})
}

// play decides a neighbour by paired differences, with more replications as long as these do not decide.
func (s *search) play(ctx context.Context, plan *Plan, n *Neighbour, to []int, stream int) error {
	const few = 4
	for replications := few; ; replications *= 2 {
		sample := Sample{stream, min(replications, max(few, s.options.Most))}
		base, err := s.evaluate(ctx, plan.Heads, sample)
		if err != nil {
			return err
		}
		changed, err := s.evaluate(ctx, to, sample)
		if err != nil {
			return err
		}
		n.compare(plan.Verdict, base, changed)
		if n.Outcome != Likely || sample.Replications >= s.options.Most {
			return nil
		}
	}
}

// compare sets the outcome from the plan's verdict and a paired comparison.
func (n *Neighbour) compare(verdict, base, changed *Evaluation) {
	n.Outcome, n.Slack = Passes, math.Inf(1)
	for k, v := range verdict.Scores {
		difference, half := paired(base.Scores[k], changed.Scores[k])
		slack := v.Slack + difference - v.Reach
		if slack < n.Slack {
			n.Objective, n.Slack, n.HalfWidth = k, slack, half
		}
		switch {
		case slack+half < 0:
			n.Outcome = Fails
		case slack < 0 && n.Outcome != Fails:
			n.Outcome = Likely
		}
	}
}

// paired is the difference of the slacks b - a with its one-sided half-width.
func paired(a, b Score) (difference, half float64) {
	if len(a.Each) < 2 || len(a.Each) != len(b.Each) {
		return b.Slack - a.Slack, 0
	}
	e := stats.Estimator{Confidence: 2*oneSided - 1}
	d := e.Difference(e.MeanOf(b.Each), e.MeanOf(a.Each))
	return d.Mean, d.HalfWidth
}

// oneMore plays one lot more of each choice: what it adds to the objective that it changes most.
func (s *search) oneMore(ctx context.Context, plan *Plan, attempt int) error {
	s.tell("one more")
	for i, c := range s.Choices {
		change := make([]int, len(s.Choices))
		change[i] = max(1, c.Step)
		if plan.Heads[i]+change[i] > c.Most {
			continue
		}
		n := Neighbour{Change: change, Saving: -float64(change[i]) * c.Cost, Objective: -1}
		const few = 4
		sample := Sample{certifying + attempt, min(few, max(2, s.options.Most))}
		base, err := s.evaluate(ctx, plan.Heads, sample)
		if err != nil {
			return err
		}
		changed, err := s.evaluate(ctx, move{change: change}.of(plan.Heads), sample)
		if err != nil {
			return err
		}
		for k := range base.Scores {
			if d, half := paired(base.Scores[k], changed.Scores[k]); n.Objective < 0 || d > n.Slack {
				n.Objective, n.Slack, n.HalfWidth = k, d, half
			}
		}
		plan.More = append(plan.More, n)
	}
	return nil
}

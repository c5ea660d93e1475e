package planner

import (
	"cmp"
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

	differences []stats.Estimate // by objective, where it was played: of the slack, to the plan's
}

// Outcome says what is known of a neighbour.
type Outcome uint8

// The outcomes.
const (
	NotPlayed Outcome = iota // within the effort, or for lack of time
	Excluded                 // by a rule or bound, which holds for every plan
	Dominated                // fewer heads than a neighbour that fails
	Implied                  // fails, since a head adds at most what the last one of its choice was seen to add
	Fails                    // an objective, for certain
	Likely                   // fails an objective by the estimate; the interval of the difference allows that it does not
	Passes
	Refused // passes by the estimate, but no verdict confirmed it
)

var outcomeNames = [...]string{
	"not played", "excluded by rule", "dominated", "implied", "fails", "fails, not for certain", "passes", "passes, not confirmed",
}

// String is the outcome's name in output.
func (o Outcome) String() string { return outcomeNames[o] }

// oneSided is the confidence of the difference on one side.
const oneSided = 0.95

// certify plays the cheaper neighbours of a confirmed plan on fresh replications: first those with a lot fewer, then those with a lot
// elsewhere that these do not decide. It returns a plan in which those that pass are taken together, as far as they can be expected to
// pass together, or nil.
func (s *search) certify(ctx context.Context, plan *Plan, attempt int) ([]int, error) {
	s.tell("certificate")
	moves := s.moves(true)
	slices.SortStableFunc(moves, func(a, b move) int { return changes(a) - changes(b) })
	plan.Certificate = make([]Neighbour, len(moves))
	for i, m := range moves {
		plan.Certificate[i] = Neighbour{Change: m.change, Saving: m.saving, Objective: -1}
	}
	played := 0
	for i, m := range moves {
		n := &plan.Certificate[i]
		to := m.of(plan.Heads)
		rule := s.broken(to)
		switch {
		case rule != "":
			n.Outcome, n.Rule = Excluded, rule
		case slices.ContainsFunc(s.failed, func(failed []int) bool { return atMost(to, failed) }):
			n.Outcome = Dominated
		case plan.implies(n):
			n.Outcome = Implied
		case played < s.options.Neighbours:
			played++
			if err := s.play(ctx, plan, n, to, certifying+attempt); err != nil {
				return nil, err
			}
			if n.Outcome == Fails {
				s.failed = append(s.failed, to)
			}
		}
	}
	return s.together(plan), nil
}

// implies reports whether a neighbour with a lot elsewhere fails for certain if a lot more adds no more than a lot fewer was seen to take
// away, and sets the objective that says so.
func (p *Plan) implies(n *Neighbour) bool {
	added := make([]float64, len(p.Verdict.Scores))
	half := make([]float64, len(added))
	for i, d := range n.Change {
		if d == 0 {
			continue
		}
		fewer := p.fewer(i)
		if fewer == nil || fewer.differences == nil {
			return false
		}
		for k, difference := range fewer.differences {
			if d < 0 {
				added[k] += difference.Mean
			} else {
				added[k] -= difference.Mean
			}
			half[k] = math.Hypot(half[k], difference.HalfWidth)
		}
	}
	for k, v := range p.Verdict.Scores {
		if slack := v.Slack - v.Reach + added[k]; slack+half[k] < 0 {
			n.Objective, n.Slack, n.HalfWidth = k, slack, half[k]
			return true
		}
	}
	return false
}

// fewer is the neighbour with a lot fewer of a choice.
func (p *Plan) fewer(choice int) *Neighbour {
	for i := range p.Certificate {
		n := &p.Certificate[i]
		if n.Change[choice] < 0 && changes(move{change: n.Change}) == 1 {
			return n
		}
	}
	return nil
}

// together is the plan with all changes of neighbours that pass, those that save most first, as long as what they take away adds up to less
// than there is to spare. It is nil where none passes.
func (s *search) together(plan *Plan) []int {
	const more = 2 // that heads may take away together beyond the sum of what they were seen to take away alone
	var passed []*Neighbour
	for i := range plan.Certificate {
		if n := &plan.Certificate[i]; n.Outcome == Passes {
			passed = append(passed, n)
		}
	}
	if len(passed) == 0 {
		return nil
	}
	slices.SortStableFunc(passed, func(a, b *Neighbour) int { return cmp.Compare(b.Saving, a.Saving) })
	heads := slices.Clone(plan.Heads)
	taken := make([]float64, len(plan.Verdict.Scores))
	for count, n := range passed {
		after := slices.Clone(taken)
		fits := true
		for k, v := range plan.Verdict.Scores {
			after[k] -= n.differences[k].Mean
			fits = fits && (count == 0 || more*after[k] <= v.Slack-v.Reach)
		}
		if to := (move{change: n.Change}).of(heads); fits && s.broken(to) == "" {
			heads, taken = to, after
		}
	}
	return heads
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

// play decides a neighbour by paired differences, with more replications as long as these do not decide.
func (s *search) play(ctx context.Context, plan *Plan, n *Neighbour, to []int, stream int) error {
	most := s.sample.Replications
	if s.fewChoices() {
		most *= 2
	}
	for replications := s.sample.Replications; ; replications *= 2 {
		sample := Sample{Stream: stream, Replications: replications}
		base, err := s.evaluate(ctx, plan.Heads, sample)
		if err != nil {
			return err
		}
		changed, err := s.evaluate(ctx, to, sample)
		if err != nil {
			return err
		}
		n.compare(plan.Verdict, base, changed)
		if n.Outcome != Likely || replications >= most {
			return nil
		}
	}
}

// compare sets the outcome from the plan's verdict and a paired comparison.
func (n *Neighbour) compare(verdict, base, changed *Evaluation) {
	n.Outcome, n.Slack, n.differences = Passes, math.Inf(1), differences(base, changed)
	for k, v := range verdict.Scores {
		d := n.differences[k]
		slack := v.Slack + d.Mean - v.Reach
		if slack < n.Slack {
			n.Objective, n.Slack, n.HalfWidth = k, slack, d.HalfWidth
		}
		switch {
		case slack+d.HalfWidth < 0:
			n.Outcome = Fails
		case slack < 0 && n.Outcome != Fails:
			n.Outcome = Likely
		}
	}
}

// differences are those of all slacks.
func differences(base, changed *Evaluation) []stats.Estimate {
	var out []stats.Estimate
	for k := range base.Scores {
		out = append(out, paired(base.Scores[k], changed.Scores[k]))
	}
	return out
}

// paired is the difference of the slacks b - a with its one-sided half-width.
func paired(a, b Score) stats.Estimate {
	if len(a.Each) < 2 || len(a.Each) != len(b.Each) {
		return stats.Estimate{Mean: b.Slack - a.Slack}
	}
	e := stats.Estimator{Confidence: 2*oneSided - 1}
	return e.Difference(e.MeanOf(b.Each), e.MeanOf(a.Each))
}

// oneMore says what one lot more of each choice that is to blame for something late adds to the objective that it changes most: for few choices as
// played, else at most what the last lot adds, as the certificate saw.
func (s *search) oneMore(ctx context.Context, plan *Plan, attempt int) error {
	s.tell("one more")
	sample := Sample{Stream: certifying + attempt, Replications: s.sample.Replications}
	for i, c := range s.Choices {
		change := make([]int, len(s.Choices))
		change[i] = max(1, c.Step)
		if plan.Heads[i]+change[i] > c.Most || !s.blamed(plan, i) {
			continue
		}
		n := Neighbour{Change: change, Saving: -float64(change[i]) * c.Cost, Objective: -1}
		if s.fewChoices() {
			base, err := s.evaluate(ctx, plan.Heads, sample)
			if err != nil {
				return err
			}
			changed, err := s.evaluate(ctx, move{change: change}.of(plan.Heads), sample)
			if err != nil {
				return err
			}
			n.adds(differences(base, changed))
		} else if fewer := plan.fewer(i); fewer != nil && fewer.differences != nil {
			added := slices.Clone(fewer.differences)
			for k := range added {
				added[k].Mean = -added[k].Mean
			}
			n.adds(added)
		} else {
			continue
		}
		plan.More = append(plan.More, n)
	}
	return nil
}

// adds sets the objective of which a change improves the slack most.
func (n *Neighbour) adds(differences []stats.Estimate) {
	for k, d := range differences {
		if n.Objective < 0 || d.Mean > n.Slack {
			n.Objective, n.Slack, n.HalfWidth = k, d.Mean, d.HalfWidth
		}
	}
}

// blamed reports whether a choice is to blame for something that an objective speaks of.
func (s *search) blamed(plan *Plan, choice int) bool {
	return slices.ContainsFunc(plan.Verdict.Late, func(l Lateness) bool { return l.Team[choice] > 0 })
}

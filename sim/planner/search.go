package planner

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Options say how much effort a search makes.
type Options struct {
	Solver       Solver // nil = the first of Solvers
	Replications int    // of the first round of the search; each further one doubles them
	Most         int    // replications of its last round
	Verdict      int    // replications of the verdict
	Enumerate    int    // most staffings that are played to prove that no cheaper one suffices, where choices are few
	Uncertified  bool   // the first plan that the verdict confirms will do, without a certificate
	// Told hears how the search goes on, from the goroutine of the search; nil = nobody.
	Told func(Progress)
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
	certifying = 2 // and further ones in later attempts
)

// search is a search in progress.
type search struct {
	*Problem
	evaluator   Evaluator
	options     Options
	sample      Sample
	raise       []float64      // by objective: what the target is raised by after a failed verdict
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

// slack is that of an objective beyond what the verdict is expected to need.
func (s *search) slack(ev *Evaluation, k int) float64 {
	return ev.Scores[k].Slack - ev.Scores[k].Guard - s.raise[k]
}

// worst is the least slack of all objectives.
func (s *search) worst(ev *Evaluation) float64 {
	least := math.Inf(1)
	for k := range ev.Scores {
		least = min(least, s.slack(ev, k))
	}
	return least
}

// enough plays the heads and reports whether they suffice on the sample. It does not play heads of which fewer nowhere are
// known not to suffice, and ends early where a few replications show that they do not.
func (s *search) enough(ctx context.Context, heads []int) (bool, *Evaluation, error) {
	if s.dominated(heads) {
		return false, nil, nil
	}
	const few, clear = 2, 0.01 // a point of a share: far more than common random numbers leave to chance
	if s.sample.Replications > few {
		ev, err := s.evaluate(ctx, heads, Sample{searching, few})
		if err != nil {
			return false, nil, err
		}
		if s.worst(ev) < -clear {
			s.short = append(s.short, shortfall{slices.Clone(heads), ev.Missed()})
			return false, ev, nil
		}
	}
	ev, err := s.evaluate(ctx, heads, s.sample)
	if err != nil {
		return false, nil, err
	}
	if s.worst(ev) >= 0 {
		return true, ev, nil
	}
	s.short = append(s.short, shortfall{slices.Clone(heads), ev.Missed()})
	return false, ev, nil
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

// repair adds heads until all objectives are kept: each time those of the choice with the most blame for its cost, weighed by
// how short each objective is. It returns nil where more heads are not allowed anywhere.
func (s *search) repair(ctx context.Context, heads []int) ([]int, *Evaluation, error) {
	const fewChoices = 6
	heads = slices.Clone(heads)
	for round := 0; ; round++ {
		ok, ev, err := s.enough(ctx, heads)
		if err != nil || ok {
			return heads, ev, err
		}
		if ev == nil {
			if ev, err = s.evaluate(ctx, heads, s.sample); err != nil {
				return heads, nil, err
			}
		}
		at := s.toBlame(ev, heads)
		if len(at) == 0 {
			return nil, ev, nil
		}
		for _, i := range at {
			step := max(1, s.Choices[i].Step)
			lots := max(1, int(float64(heads[i])*s.shortage(ev)/float64(step)))
			if len(s.Choices) > fewChoices { // ever larger steps: race takes away what is too much
				lots *= 1 + round/2
			}
			heads[i] = min(heads[i]+lots*step, s.Choices[i].Most)
		}
	}
}

// shortage is the share by which a choice with all the blame is enlarged: small, so that repair does not overshoot.
func (s *search) shortage(ev *Evaluation) float64 {
	return min(0.1, max(0, -s.worst(ev))/4)
}

// toBlame are choices that may have more heads: the one with the most blame for its cost over all objectives that are short and, where
// choices are many, that of each of these objectives. It is empty where nobody is to blame.
func (s *search) toBlame(ev *Evaluation, heads []int) []int {
	const fewChoices = 6
	total := make([]float64, len(s.Choices))
	var at []int
	add := func(value []float64) {
		best := -1
		for i, v := range value {
			if v > 0 && (best < 0 || v > value[best]) {
				best = i
			}
		}
		if best >= 0 && !slices.Contains(at, best) {
			at = append(at, best)
		}
	}
	for k := range ev.Scores {
		short := -s.slack(ev, k)
		if short <= 0 {
			continue
		}
		value := make([]float64, len(s.Choices))
		for i, c := range s.Choices {
			if heads[i]+max(1, c.Step) <= c.Most {
				value[i] = short * s.blame(ev, k, i) / max(c.Cost, 1e-9)
				total[i] += value[i]
			}
		}
		if len(s.Choices) > fewChoices {
			add(value)
		}
	}
	add(total)
	return at
}

// blame is the choice's share in the blame for an objective.
func (s *search) blame(ev *Evaluation, k, choice int) float64 {
	if ev.Blame == nil {
		return 1
	}
	sum := 0.0
	for _, b := range ev.Blame[k] {
		sum += b
	}
	if sum == 0 {
		return 0
	}
	return ev.Blame[k][choice] / sum
}

// move is a change of a plan: so many heads more or fewer of some choices.
type move struct {
	change []int
	saving float64
}

func (m move) of(heads []int) []int {
	out := slices.Clone(heads)
	for i, d := range m.change {
		out[i] += d
	}
	return out
}

// moves are the cheaper neighbours of a plan: one lot fewer, one fewer here and one more elsewhere, two fewer (of one choice
// or two) and one more. With single set, only the first two kinds.
func (s *search) moves(single bool) []move {
	n := len(s.Choices)
	var out []move
	add := func(pairs ...int) {
		m := move{change: make([]int, n)}
		for _, p := range pairs {
			i, sign := p, 1
			if p < 0 {
				i, sign = ^p, -1
			}
			m.change[i] += sign * max(1, s.Choices[i].Step)
		}
		for i, d := range m.change {
			m.saving -= float64(d) * s.Choices[i].Cost
		}
		if m.saving > 1e-9 {
			out = append(out, m)
		}
	}
	alike := func(i, j int) bool { return s.Choices[i].Group == s.Choices[j].Group }
	for i := range n {
		add(^i)
		for j := range n {
			if j == i || !alike(i, j) {
				continue
			}
			add(^i, j)
			for k := i; k < n && !single; k++ {
				if k != j && alike(i, k) {
					add(^i, ^k, j)
				}
			}
		}
	}
	return out
}

// race looks for cheaper plans among the neighbours until none suffices: those first that take away least for what they
// save, by the slack that single heads were seen to give.
func (s *search) race(ctx context.Context, heads []int, ev *Evaluation) ([]int, *Evaluation, error) {
	s.best = s.Cost(heads)
	heads, ev, err := s.shrink(ctx, heads, ev)
	if err != nil {
		return heads, ev, err
	}
	if heads, ev, err = s.shed(ctx, heads, ev); err != nil {
		return heads, ev, err
	}
	const fewChoices = 6
	all := s.moves(len(s.Choices) > fewChoices)
	worth := newWorth(s)
	for {
		adopted := false
		for _, m := range worth.order(all, heads, ev) {
			to := m.of(heads)
			if s.broken(to) != "" || !worth.promises(m, ev) {
				continue
			}
			ok, toEv, err := s.enough(ctx, to)
			if err != nil {
				return heads, ev, err
			}
			if toEv != nil {
				worth.learn(m, ev, toEv)
			}
			if ok {
				heads, ev, adopted = to, toEv, true
				s.best = s.Cost(heads)
				break
			}
		}
		if adopted {
			continue
		}
		to, toEv, err := s.exchange(ctx, heads)
		if err != nil || to == nil {
			return heads, ev, err
		}
		heads, ev = to, toEv
		s.best = s.Cost(heads)
	}
}

// shrink goes from a plan towards the heads that the rules alone ask for, as far as the objectives allow: by halving, since all choices
// move together.
func (s *search) shrink(ctx context.Context, heads []int, ev *Evaluation) ([]int, *Evaluation, error) {
	least, err := s.solve(ctx, nil)
	if err != nil {
		return heads, ev, err
	}
	low, high := 0.0, 1.0
	full := slices.Clone(heads)
	const halvings = 5
	for range halvings {
		middle := (low + high) / 2
		to := slices.Clone(full)
		for i := range to {
			step := float64(max(1, s.Choices[i].Step))
			between := float64(least.Heads[i]) + middle*float64(full[i]-least.Heads[i])
			to[i] = int(math.Ceil(between/step-1e-9) * step)
		}
		if slices.Equal(to, heads) || s.broken(to) != "" || s.Cost(to) >= s.Cost(heads) {
			low = middle
			continue
		}
		ok, toEv, err := s.enough(ctx, to)
		if err != nil {
			return heads, ev, err
		}
		if !ok {
			low = middle
			continue
		}
		high, heads, ev = middle, to, toEv
		s.best = s.Cost(heads)
	}
	return heads, ev, nil
}

// shed takes away many heads of a large choice at a time, half as many whenever that is too much.
func (s *search) shed(ctx context.Context, heads []int, ev *Evaluation) ([]int, *Evaluation, error) {
	const begin = 4 // a quarter of the heads
	for part := begin; ; part *= 2 {
		coarse := false
		for _, i := range s.dearest() {
			step := max(1, s.Choices[i].Step)
			lots := heads[i] / step / part
			if lots < 2 {
				continue
			}
			coarse = true
			to := slices.Clone(heads)
			to[i] -= lots * step
			if s.broken(to) != "" {
				continue
			}
			ok, toEv, err := s.enough(ctx, to)
			if err != nil {
				return heads, ev, err
			}
			if ok {
				heads, ev = to, toEv
				s.best = s.Cost(heads)
			}
		}
		if !coarse {
			return heads, ev, nil
		}
	}
}

// dearest are the choices by falling cost.
func (s *search) dearest() []int {
	order := make([]int, len(s.Choices))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(s.Choices[j].Cost, s.Choices[i].Cost) })
	return order
}

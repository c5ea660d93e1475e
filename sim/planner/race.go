package planner

import (
	"context"
	"math"
	"slices"
)

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

// race looks for cheaper plans among all neighbours of few choices until none suffices.
func (s *search) race(ctx context.Context, heads []int, ev *Evaluation) ([]int, *Evaluation, error) {
	if !s.fewChoices() {
		return heads, ev, nil
	}
	all := s.moves(false)
	for {
		to, toEv, err := s.neighbour(ctx, all, heads, ev)
		if err == nil && to == nil {
			to, toEv, err = s.exchange(ctx, heads)
		}
		if err != nil || to == nil {
			return heads, ev, err
		}
		heads, ev = to, toEv
		s.best = s.Cost(heads)
	}
}

// neighbour is a cheaper neighbour that suffices: it tries those of which the forecast promises most, and after each one that fails looks at
// the forecast anew. It is nil where no further one promises enough.
func (s *search) neighbour(ctx context.Context, moves []move, heads []int, ev *Evaluation) ([]int, *Evaluation, error) {
	for {
		o := s.outlook(heads, ev)
		var best []int
		most := math.Inf(-1)
		for _, m := range moves {
			to := m.of(heads)
			if s.broken(to) != "" || s.dominated(to) {
				continue
			}
			if promise := o.promise(m, to); promise >= 0 && promise > most {
				best, most = to, promise
			}
		}
		if best == nil {
			return nil, nil, nil
		}
		ok, toEv, err := s.enough(ctx, best)
		if err != nil || ok {
			return best, toEv, err
		}
		s.forecast.learn(best, toEv)
	}
}

// promise is the least slack to be expected after a move, and half of what its largest part does beyond, since a forecast is not certain.
func (o *outlook) promise(m move, to []int) float64 {
	slacks := o.slacks(to)
	largest := 0.0
	for i, d := range m.change {
		if d == 0 {
			continue
		}
		back := slices.Clone(to)
		back[i] -= d
		for k, slack := range o.slacks(back) {
			if !math.IsInf(slack, 1) {
				largest = max(largest, math.Abs(slack-slacks[k]))
			}
		}
	}
	return slices.Min(slacks) + largest/2
}

// fewChoices reports whether the neighbours of a plan are few enough to play them all.
func (s *search) fewChoices() bool { return len(s.Choices) <= 6 }

// single reports whether a move only takes heads of one choice away.
func single(m move) bool {
	return changes(m) == 1 && m.saving > 0
}

package planner

import (
	"context"
	"math"
	"slices"
)

// exchange looks far away where single moves do not reach: one lot fewer in all, and as many exchanged for heads of one
// choice (which may serve more kinds of work) as still save money. That plan is the one with the best figures among
// those with one lot fewer and not more cost; race then exchanges back what is not needed. It returns nil where there is no
// such plan.
func (s *search) exchange(ctx context.Context, heads []int) ([]int, *Evaluation, error) {
	const fewChoices = 6
	for at := range s.Choices {
		to, others := s.exchanged(heads, at)
		if len(others) > fewChoices {
			continue
		}
		for try := 0; try < 3 && to != nil && s.Cost(to) < s.Cost(heads)-1e-9; try++ {
			ok, ev, err := s.enough(ctx, to)
			if err != nil || ok {
				return to, ev, err
			}
			to = s.balanced(to, ev, others)
		}
	}
	return nil, nil, nil
}

// exchanged is one lot fewer of the other choices of the group, and so many more lots of them, in proportion to their heads, in
// exchange for lots of the choice. It is nil where that saves nothing or is not allowed.
func (s *search) exchanged(heads []int, at int) (to []int, others []int) {
	lots, cheapest := 0, math.Inf(1)
	for i, c := range s.Choices {
		if i == at || c.Group != s.Choices[at].Group || max(1, c.Step) != max(1, s.Choices[at].Step) || c.Cost > s.Choices[at].Cost {
			continue
		}
		others = append(others, i)
		lots += (heads[i] - c.Least) / max(1, c.Step)
		cheapest = min(cheapest, c.Cost)
	}
	if lots < 2 || len(others) < 2 {
		return nil, others
	}
	most := lots - 1
	if premium := s.Choices[at].Cost - cheapest; premium > 0 {
		most = min(most, int(math.Ceil(cheapest/premium))-1)
	}
	if most < 1 {
		return nil, others
	}
	step := max(1, s.Choices[at].Step)
	to = slices.Clone(heads)
	to[at] += most * step
	for gone := 0; gone <= most; gone++ { // always the choice that has lost the smallest share
		from, least := -1, math.Inf(1)
		for _, i := range others {
			lost := float64(heads[i]-to[i]+step) / float64(max(1, heads[i]))
			if to[i]-step >= s.Choices[i].Least && lost < least {
				from, least = i, lost
			}
		}
		to[from] -= step
	}
	if s.broken(to) != "" {
		return nil, others
	}
	return to, others
}

// balanced moves a lot among the choices towards the objective that is short, if only some are: nil where that cannot help.
func (s *search) balanced(heads []int, ev *Evaluation, among []int) []int {
	if ev == nil || ev.Late == nil {
		return nil
	}
	short, ample := -1, false
	for k := range ev.Scores {
		switch slack := s.slack(ev, k); {
		case slack >= 0:
			ample = true
		case short < 0 || slack < s.slack(ev, short):
			short = k
		}
	}
	if short < 0 || !ample {
		return nil
	}
	from, into := -1, -1
	for _, i := range among {
		b := ev.Blame(short, i)
		if into < 0 || b > ev.Blame(short, into) {
			into = i
		}
		if heads[i]-max(1, s.Choices[i].Step) >= s.Choices[i].Least && (from < 0 || b < ev.Blame(short, from)) {
			from = i
		}
	}
	if from < 0 || from == into || ev.Blame(short, from) == ev.Blame(short, into) {
		return nil
	}
	to := slices.Clone(heads)
	to[from] -= max(1, s.Choices[from].Step)
	to[into] += max(1, s.Choices[into].Step)
	if s.broken(to) != "" {
		return nil
	}
	return to
}

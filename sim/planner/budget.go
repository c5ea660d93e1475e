package planner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// FindWithin searches for the plan that keeps the objectives best within the budget: the one with the highest goals of
// attainment, all raised or lowered by the same share (Plan.Shift, a multiple of half a point) as far as 0 and 100 % allow, whose
// plan costs no more. Other objectives stay as they are. Its errors are those of Find.
func FindWithin(ctx context.Context, p *Problem, e Evaluator, o Options) (*Plan, error) {
	b := budgeting{problem: p, evaluator: e, options: o}
	if fits, err := b.try(ctx, 0, true); err != nil || b.stopped != nil {
		return b.end(ctx, err)
	} else if fits {
		err = b.between(ctx, 0, b.most(), +1)
		return b.end(ctx, err)
	}
	err := b.between(ctx, 0, b.least(), -1)
	return b.end(ctx, err)
}

// budgeting is a search for the best goals.
type budgeting struct {
	problem   *Problem
	evaluator Evaluator
	options   Options
	best      *Plan // that fits
	at        int   // its goals, in steps
	short     error // why the goals that were tried last do not fit
	stopped   error
}

// goalStep is how finely goals are moved: the margin of the test of an objective.
const goalStep = 0.005

func isGoal(goal float64) bool { return !math.IsNaN(goal) }

// most and least are how far goals can be moved, in steps.
func (b *budgeting) most() int {
	goals := slices.DeleteFunc(slices.Clone(b.problem.Goals), math.IsNaN)
	return int(math.Ceil((1-slices.Min(goals))/goalStep - 1e-9))
}

func (b *budgeting) least() int {
	goals := slices.DeleteFunc(slices.Clone(b.problem.Goals), math.IsNaN)
	return -int(math.Ceil(slices.Max(goals)/goalStep - 1e-9))
}

// between looks for the highest goals that fit, from goals whose fate is known towards the last ones: in ever larger steps up to the
// first with another fate, then by halving.
func (b *budgeting) between(ctx context.Context, from, last, sign int) error {
	fits, fails := from, from // one of them is known
	for step := 4; ; step *= 2 {
		next := from + sign*min(step, sign*(last-from))
		if next == from {
			return nil
		}
		ok, err := b.try(ctx, next, true)
		if err != nil || b.stopped != nil {
			return err
		}
		if ok {
			fits = next
		} else {
			fails = next
		}
		if ok != (sign > 0) {
			break
		}
		from = next
	}
	for fails-fits > 1 {
		middle := (fits + fails) / 2
		ok, err := b.try(ctx, middle, true)
		if err != nil || b.stopped != nil {
			return err
		}
		if ok {
			fits = middle
		} else {
			fails = middle
		}
	}
	return nil
}

// try plans for moved goals and reports whether the plan fits the budget; the best that does is kept. Only errors that no goals change
// are returned.
func (b *budgeting) try(ctx context.Context, steps int, rough bool) (bool, error) {
	o := b.options
	if rough {
		o.Enumerate, o.Uncertified = 0, true
	}
	if told := b.options.Told; told != nil {
		o.Told = func(p Progress) {
			p.Phase = fmt.Sprintf("goals %+.1f points: %s", 100*goalStep*float64(steps), p.Phase)
			told(p)
		}
	}
	plan, err := Find(ctx, b.problem, b.moved(steps), o)
	var budget *BudgetError
	var short *ShortError
	switch {
	case errors.As(err, &budget) && !budget.Proved, errors.As(err, &short):
		b.short = err
		return false, nil
	case err != nil:
		return false, err
	}
	plan.Shift = goalStep * float64(steps)
	if ctx.Err() != nil {
		b.stopped = plan.Stopped
	}
	switch {
	case b.stopped != nil && (b.best != nil || plan.Cost > b.problem.Budget):
		return false, nil
	case b.stopped == nil && !plan.Confirmed:
		b.short = plan.Stopped
		return false, nil
	}
	b.best, b.at = plan, steps
	return true, nil
}

// end plans once more for the best goals, with all effort; where that does not fit after all, for the next lower ones.
func (b *budgeting) end(ctx context.Context, err error) (*Plan, error) {
	if err != nil {
		return nil, err
	}
	for steps := b.at; b.best != nil && b.stopped == nil && steps >= b.least(); steps-- {
		fits, err := b.try(ctx, steps, false)
		if err != nil {
			return nil, err
		}
		if fits {
			break
		}
	}
	switch {
	case b.best == nil && b.stopped != nil:
		return nil, b.stopped
	case b.best == nil:
		return nil, b.short
	}
	b.best.Stopped = b.stopped
	if b.best.Verdict != nil { // against the goals that were asked for
		b.best.Verdict, err = b.evaluator.Evaluate(context.WithoutCancel(ctx), b.best.Heads, b.best.Sample)
	}
	return b.best, err
}

// moved is the evaluator with moved goals of attainment.
func (b *budgeting) moved(steps int) Evaluator {
	m := &moved{b.evaluator, make([]float64, len(b.problem.Goals))}
	for k, goal := range b.problem.Goals {
		if isGoal(goal) {
			m.by[k] = min(1, max(0, goal+goalStep*float64(steps))) - goal
		}
	}
	return m
}

// moved is an Evaluator that asks for more or less.
type moved struct {
	Evaluator
	by []float64 // by objective, what is added to its goal
}

// Evaluate judges by the moved goals.
func (m *moved) Evaluate(ctx context.Context, heads []int, at Sample) (*Evaluation, error) {
	ev, err := m.Evaluator.Evaluate(ctx, heads, at)
	if err != nil {
		return nil, err
	}
	out := *ev
	out.Scores = slices.Clone(ev.Scores)
	for k := range out.Scores {
		s := &out.Scores[k]
		if m.by[k] == 0 || math.IsInf(s.Slack, 1) {
			continue
		}
		s.Slack -= m.by[k]
		s.Met, s.Missed = s.Slack-s.Reach >= 0, s.Slack+s.Reach < 0
		s.Each = slices.Clone(s.Each)
		for i := range s.Each {
			s.Each[i] -= m.by[k]
		}
	}
	return &out, nil
}

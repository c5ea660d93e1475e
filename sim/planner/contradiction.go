package planner

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// contradiction is ErrNone with the names of rules that cannot be kept together within the bounds of the head counts, and of which
// none can be left out; one that the bounds alone do not allow comes first, and where there are too many to tell quickly, none.
func (p *Problem) contradiction(ctx context.Context, solver Solver) error {
	for _, c := range p.Choices {
		if c.Least > c.Most {
			return fmt.Errorf("%w: %s has at least %d heads and at most %d", ErrNone, c.Name, c.Least, c.Most)
		}
	}
	const most = 60
	rules := undominated(p.Rules)
	for i := range rules {
		if !p.reaches(&rules[i]) {
			return fmt.Errorf("%w: %s is beyond the bounds of the head counts", ErrNone, rules[i].Name)
		}
	}
	if len(rules) > most {
		return ErrNone
	}
	without := *p
	for i := 0; i < len(rules); {
		without.Rules = append(append([]Row{}, rules[:i]...), rules[i+1:]...)
		_, err := solver.Solve(ctx, without.program(nil))
		switch {
		case errors.Is(err, ErrNone):
			rules = without.Rules
		case err != nil:
			return err
		default:
			i++
		}
	}
	var names []string
	for _, r := range rules {
		names = append(names, r.Name)
	}
	if len(names) == 0 {
		return ErrNone
	}
	return fmt.Errorf("%w: %s", ErrNone, strings.Join(names, " against "))
}

// reaches reports whether a rule alone can be kept within the bounds.
func (p *Problem) reaches(r *Row) bool {
	best := make([]int, len(p.Choices))
	for i, w := range r.Weight {
		best[i] = p.Choices[i].Least
		if w > 0 {
			best[i] = p.Choices[i].Most
		}
	}
	return !r.lacks(best)
}

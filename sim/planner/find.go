package planner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Plan is a staffing that was found, with what was proved of it.
type Plan struct {
	Problem *Problem
	Heads   []int
	Cost    float64 // in a year
	// Bound is what no heads within rules and bounds cost less than.
	Bound  float64
	Solver string // that proved it

	Confirmed bool // the verdict was passed
	// Stopped says why the search ended early; nil = it did not.
	Stopped     error
	Verdict     *Evaluation // nil where the search ended before one
	Sample      Sample      // of the verdict
	Attempts    int         // verdicts of the search, the failed ones included
	Evaluations int         // staffings that the search played

	// Shift is what FindWithin has moved the goals of attainment by, a share: above 0 more is kept than was asked for.
	Shift float64

	Certificate []Neighbour // cheaper neighbours
	More        []Neighbour // one more of each choice
	// Optimal says that every cheaper staffing within the rules was played or is below one that was, and misses an objective on
	// the sample of the search.
	Optimal bool
}

// Gap is how much of the cost the bound leaves open, a share.
func (p *Plan) Gap() float64 {
	if p.Cost == 0 {
		return 0
	}
	return (p.Cost - p.Bound) / p.Cost
}

// tooDear is the error where heads cost more than the budget.
func (p *Problem) tooDear(cost float64, proved bool) error {
	return &BudgetError{Budget: p.Budget + p.Fixed, Least: cost + p.Fixed, Proved: proved}
}

// BudgetError says that the money does not suffice.
type BudgetError struct {
	Budget, Least float64 // a year, with what is fixed; Least is the cost of the cheapest plan found, or what no plan costs less than
	Proved        bool    // Least is the bound
}

func (e *BudgetError) Error() string {
	if e.Proved {
		return fmt.Sprintf("the budget of %.0f a year is too small: the work and the rules cost at least %.0f", e.Budget, e.Least)
	}
	return fmt.Sprintf("the budget of %.0f a year is too small: the cheapest plan that was found costs %.0f", e.Budget, e.Least)
}

// ShortError says that no heads within the bounds keep an objective.
type ShortError struct {
	Objectives []string // that were short at the end, and whose work was left undone
	Heads      []int    // with the most that helps
}

func (e *ShortError) Error() string {
	return "the objectives cannot be kept within the bounds of the head counts: " + strings.Join(e.Objectives, "; ")
}

// Find searches for the cheapest heads that keep all objectives. It returns ErrNone, a BudgetError or a ShortError where there are
// none. When the context ends it returns the best plan so far with Stopped set, if there is one: a confirmed one
// before all others.
func Find(ctx context.Context, p *Problem, e Evaluator, o Options) (*Plan, error) {
	if o.Solver == nil {
		o.Solver = Solvers()[0]
	}
	s := &search{
		Problem: p, evaluator: e, options: o, known: map[string]int{}, required: make([]float64, len(p.Objectives)), caution: make([]float64, len(p.Objectives)),
		forecast: newForecast(), best: math.NaN(), bound: math.NaN(),
		sample: Sample{Stream: searching, Replications: max(2, o.Replications)},
	}
	s.tell("bound")
	bound, err := s.solve(ctx, nil)
	if err != nil {
		return nil, err
	}
	s.bound = bound.Bound
	if p.Budget > 0 && s.bound > p.Budget {
		return nil, p.tooDear(s.bound, true)
	}
	plan, err := s.find(ctx)
	if plan == nil {
		return nil, err
	}
	plan.Problem, plan.Bound, plan.Solver, plan.Evaluations = p, s.bound, o.Solver.Name(), s.evaluations
	plan.Stopped = err
	if err == nil && p.Budget > 0 && plan.Cost > p.Budget {
		return plan, p.tooDear(plan.Cost, false)
	}
	return plan, nil
}

// solve is the solution of the rules and further rows.
func (s *search) solve(ctx context.Context, further []Row) (*Solution, error) {
	program := s.program(further)
	program.Rough = len(further) > 0
	return s.options.Solver.Solve(ctx, program)
}

// find is the search without its frame. With an error of the context it returns the best plan so far.
func (s *search) find(ctx context.Context) (*Plan, error) {
	s.tell("first plan")
	heads, err := s.first(ctx)
	if err != nil {
		return nil, err
	}
	heads, err = s.rounds(ctx, heads)
	if err != nil {
		return s.unconfirmed(heads, err)
	}
	const most = 6
	for attempt := range most {
		plan, err := s.verdict(ctx, heads, attempt)
		switch {
		case err != nil:
		case plan.Confirmed && s.options.Uncertified:
			return plan, nil
		case plan.Confirmed:
			return plan, s.conclude(ctx, plan)
		case plan.Verdict.undecided():
			err = errNothingDecided
		default:
			heads, err = s.again(ctx, heads, plan.Verdict)
		}
		if err != nil {
			return s.unconfirmed(heads, err)
		}
	}
	return s.unconfirmed(heads, errUndecided)
}

// conclude adds to a plan its certificate, which may find cheaper heads, what more heads do, and the proof that there is nothing cheaper where that
// is possible.
func (s *search) conclude(ctx context.Context, plan *Plan) error {
	if err := s.certify(ctx, plan); err != nil {
		return err
	}
	if err := s.oneMore(ctx, plan); err != nil {
		return err
	}
	return s.enumerate(ctx, plan)
}

// errUndecided ends a search whose verdicts go to and fro.
var errUndecided = errors.New("the verdicts do not settle: more replications are needed to tell the last plans apart")

// errNothingDecided ends a search for an objective of which the run says nothing.
var errNothingDecided = errors.New("nothing was measured of some objective in the scenario's run: it is too short, or no case has the promise")

// unconfirmed is the plan of heads without a verdict that was passed; nil where there are no heads.
func (s *search) unconfirmed(heads []int, err error) (*Plan, error) {
	if heads == nil || !stops(err) {
		return nil, err
	}
	return &Plan{Heads: heads, Cost: s.Cost(heads)}, err
}

// stops reports whether an error ends a search that may have found something.
func stops(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errUndecided) || errors.Is(err, errNothingDecided)
}

// first is the plan that the search begins with: that of the guides, or where these do not fit the bounds, of the rules.
func (s *search) first(ctx context.Context) ([]int, error) {
	solution, err := s.solve(ctx, s.Guides)
	if errors.Is(err, ErrNone) {
		solution, err = s.solve(ctx, nil)
	}
	if err != nil {
		return nil, err
	}
	return solution.Heads, nil
}

// rounds searches on parts of the run, holds what was found against the whole run, and searches again with what parts and whole were
// seen to differ by, until a plan stands up to the whole.
func (s *search) rounds(ctx context.Context, heads []int) ([]int, error) {
	const most = 4
	for round := range most {
		better, err := s.improve(ctx, heads)
		if err != nil {
			return better, err
		}
		heads = better
		s.tell("comparison with the whole run")
		whole, err := s.evaluate(ctx, heads, Sample{searching, max(2, s.options.Whole), true})
		if err != nil {
			return heads, err
		}
		if round > 0 && whole.stands() {
			break
		}
		changed, err := s.require(ctx, heads, whole)
		if err != nil || !changed {
			return heads, err
		}
	}
	return heads, nil
}

// stands reports whether a verdict can be expected to be passed.
func (e *Evaluation) stands() bool {
	return !slices.ContainsFunc(e.Scores, func(s Score) bool { return s.Slack < min(s.Guard, s.room()/2) })
}

// require sets what the search asks of its sample: as much more than the goals as the sample is kinder than replications of the whole
// run with the same heads, and what the verdict needs for its bounds, with something to spare; but no more than there can be. It reports
// whether that is something else than before.
func (s *search) require(ctx context.Context, heads []int, whole *Evaluation) (changed bool, err error) {
	const spare, most = 1.5, 0.8
	ev, err := s.evaluate(ctx, heads, s.sample)
	if err != nil {
		return false, err
	}
	for k := range s.required {
		kinder := ev.Scores[k].Slack - whole.Scores[k].Slack
		if math.IsInf(kinder, 0) || math.IsNaN(kinder) {
			continue
		}
		if at := &whole.Scores[k]; at.Decided > 0 && at.Value >= 1 { // how much more than all would be kept is not known
			kinder = max(kinder, 0)
		}
		required := min(kinder+min(spare*whole.Scores[k].Guard, whole.Scores[k].room()/2), most*ev.Scores[k].room())
		changed = changed || required != s.required[k]
		s.required[k] = required
	}
	if changed {
		s.short = slices.DeleteFunc(s.short, func(f shortfall) bool { return !f.certain })
	}
	return changed, nil
}

// room is how much the slack could be at most.
func (s *Score) room() float64 {
	if s.Decided == 0 {
		return math.Inf(1)
	}
	return s.Slack + 1 - s.Value
}

// improve goes on from heads to the cheapest staffing it finds that suffices on the sample.
func (s *search) improve(ctx context.Context, heads []int) ([]int, error) {
	s.tell("search")
	found, ev, err := s.descend(ctx, heads)
	if err != nil {
		return found, err
	}
	if found == nil {
		return nil, s.shortError(ev, heads)
	}
	found, _, err = s.race(ctx, found, ev)
	return found, err
}

func (s *search) shortError(ev *Evaluation, heads []int) error {
	e := &ShortError{Heads: heads}
	for k := range ev.Scores {
		if s.slack(ev, k) < 0 {
			e.Objectives = append(e.Objectives, s.Objectives[k]+ev.pilingUp(k))
		}
	}
	return e
}

// pilingUp says whose work was left undone, as an objective tells.
func (e *Evaluation) pilingUp(objective int) string {
	var all []string
	for _, l := range e.Late {
		if l.Count[objective] > 0 && l.Pools != "" {
			all = append(all, l.Pools)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return " (not that of " + strings.Join(all, "; of ") + ")"
}

// again searches from a plan whose verdict failed, with what that verdict asks for.
func (s *search) again(ctx context.Context, heads []int, verdict *Evaluation) ([]int, error) {
	if _, err := s.require(ctx, heads, verdict); err != nil {
		return heads, err
	}
	s.short = append(s.short, shortfall{slices.Clone(heads), true})
	return s.improve(ctx, heads)
}

// enumerate plays all cheaper staffings of few choices that are not below one that misses an objective; there may be so many that it
// gives up, which Plan.Optimal then says.
func (s *search) enumerate(ctx context.Context, plan *Plan) error {
	const fewChoices, mostCandidates = 3, 200_000
	if len(s.Choices) > fewChoices || s.options.Enumerate == 0 {
		return nil
	}
	s.tell("enumeration")
	played, candidates := 0, 0
	var walk func(heads []int, cost float64) (bool, error)
	walk = func(heads []int, cost float64) (bool, error) {
		if i := len(heads); i < len(s.Choices) {
			c := s.Choices[i]
			step := max(1, c.Step)
			// The most heads first: what misses an objective then rules out what lies below.
			most := c.Most
			if c.Cost > 0 {
				most = min(most, int((plan.Cost-1e-9-cost)/c.Cost))
			}
			for n := most / step * step; n >= c.Least; n -= step {
				if done, err := walk(append(slices.Clone(heads), n), cost+float64(n)*c.Cost); err != nil || !done {
					return false, err
				}
			}
			return true, nil
		}
		if candidates++; candidates > mostCandidates || played > s.options.Enumerate {
			return false, nil
		}
		if cost >= plan.Cost-1e-9 || s.broken(heads) != "" || s.dominated(heads) {
			return true, nil
		}
		played++
		ok, _, err := s.enough(ctx, heads)
		return !ok, err
	}
	var err error
	plan.Optimal, err = walk(nil, 0)
	return err
}

package planner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"sunrelay/sim/planner/queueing"
)

// TestThreePools finds the optima of shared/validation.json (opt-m-*), which enumeration with exact figures proved.
func TestThreePools(t *testing.T) {
	for _, c := range []struct {
		name   string
		m      mDesign
		g1, g2 float64
		costs  [3]float64
		want   float64
	}{
		{"mid", mDesign{5, 10, 0.5, 0.25, 1, true}, 0.95, 0.9, [3]float64{1, 1, 1.15}, 36.95},
		{"cheap flexible", mDesign{2, 4, 1, 0.1, 0.5, true}, 0.95, 0.9, [3]float64{1, 1, 1}, 10},
		{"rare severity 1", mDesign{0.2, 6, 1, 0.05, 1, true}, 0.99, 0.9, [3]float64{1, 1, 1.15}, 10.15},
	} {
		e := &exact{goals: []float64{c.g1, c.g2}, at: func(h []int) []float64 { return c.m.within(h[0], h[1], h[2]) }}
		e.teams = [][]float64{{1, 0, 1}, {0, 1, 1}}
		plan, err := Find(t.Context(), c.m.problem(c.g1, c.g2, c.costs), e, testEffort())
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if math.Abs(plan.Cost-c.want) > 1e-9 || !plan.Confirmed || plan.Stopped != nil {
			t.Errorf("%s: %v at %v, confirmed %v, want %v", c.name, plan.Heads, plan.Cost, plan.Confirmed, c.want)
		}
		// One more of each is played too, which is no part of finding or proving.
		if played := len(e.seen) - len(plan.More); played > 24 {
			t.Errorf("%s: %d evaluations, want at most 24", c.name, played)
		}
		for _, n := range plan.Certificate {
			if n.Outcome != Fails && n.Outcome != Excluded && n.Outcome != Dominated && n.Outcome != Implied {
				t.Errorf("%s: neighbour %v %v", c.name, n.Change, n.Outcome)
			}
		}
		if plan.Bound > c.want+1e-9 {
			t.Errorf("%s: bound %v above the optimum %v", c.name, plan.Bound, c.want)
		}
	}
}

// onePool is M/M/c with a goal for the wait: its load as the only rule, square-root staffing as the guide.
func onePool(lambda, mu, wait, goal float64) (*Problem, *exact) {
	load := lambda / mu
	p := &Problem{
		Choices:    []Choice{{Name: "agents", Most: 2000, Step: 1, Cost: 1}},
		Objectives: []string{"wait"},
		Rules:      []Row{{"load", []float64{1}, load}},
		Guides:     []Row{{"square root", []float64{1}, float64(queueing.SquareRoot(load, 1, queueing.Beta(load, wait*mu, goal)))}},
	}
	return p, &exact{goals: []float64{goal}, at: func(h []int) []float64 {
		return []float64{queueing.Delay{Arrivals: lambda, Service: mu, Servers: h[0]}.Within(wait)}
	}}
}

// TestOnePool finds the minimum of Erlang C from 5 to 500 agents, in few evaluations.
func TestOnePool(t *testing.T) {
	for _, load := range []float64{3, 8, 20, 32, 40, 100, 190, 400, 480} {
		for _, c := range []struct{ wait, goal float64 }{{0.1, 0.95}, {0.05, 0.8}, {0.5, 0.9}, {0.01, 0.99}} {
			p, e := onePool(load, 1, c.wait, c.goal)
			want := queueing.Least(0, 2000, func(n int) bool {
				return queueing.Delay{Arrivals: load, Service: 1, Servers: n}.Within(c.wait) >= c.goal
			})
			plan, err := Find(t.Context(), p, e, testEffort())
			if err != nil {
				t.Fatal(err)
			}
			if plan.Heads[0] != want || len(e.seen) > 16 {
				t.Errorf("load %v, %+v: %d agents after %d evaluations, want %d", load, c, plan.Heads[0], len(e.seen), want)
			}
		}
	}
}

// TestTiers finds the optimum of a network whose tiers are independent queues in equilibrium (mintiers of
// shared/validation.json).
func TestTiers(t *testing.T) {
	mu, wait := []float64{1, 0.5, 0.25, 0.05}, []float64{0.25, 1, 4, 24}
	rates := traffic([]float64{10, 2, 0, 0}, [][]float64{{0, 0.3, 0, 0}, {0.05, 0, 0.25, 0}, {0, 0.1, 0, 0.3}, {0, 0, 0.2, 0}})
	p := &Problem{}
	for i := range mu {
		weight := make([]float64, len(mu))
		weight[i] = 1
		p.Choices = append(p.Choices, Choice{Name: fmt.Sprint("tier ", i+1), Most: 100, Step: 1, Cost: float64(1 + i), Group: i})
		p.Rules = append(p.Rules, Row{fmt.Sprint("load ", i+1), weight, rates[i] / mu[i]})
		p.Objectives = append(p.Objectives, fmt.Sprint("wait ", i+1))
	}
	e := &exact{goals: []float64{0.95, 0.95, 0.9, 0.9}}
	e.at = func(h []int) []float64 {
		var out []float64
		for i := range mu {
			out = append(out, queueing.Delay{Arrivals: rates[i], Service: mu[i], Servers: h[i]}.Within(wait[i]))
		}
		return out
	}
	e.teams = [][]float64{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}
	plan, err := Find(t.Context(), p, e, testEffort())
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{15, 14, 8, 10}; !slices.Equal(plan.Heads, want) {
		t.Errorf("%v after %d evaluations, want %v", plan.Heads, len(e.seen), want)
	}
}

// traffic solves rate = external + Σ rate·routing by repetition.
func traffic(external []float64, routing [][]float64) []float64 {
	rate := slices.Clone(external)
	for range 1000 {
		next := slices.Clone(external)
		for i := range rate {
			for j := range rate {
				next[j] += rate[i] * routing[i][j]
			}
		}
		rate = next
	}
	return rate
}

// TestShifts finds the least shifts that keep the delay of every hour, where the number in service is Poisson whatever the staffing
// (shift_milp of shared/validation.json): the requirements are rules, and their cover is the plan.
func TestShifts(t *testing.T) {
	required := []float64{68, 76, 83, 89, 94, 97, 98, 98, 97, 94, 89, 83, 75, 67, 59, 52, 46, 41, 38, 38, 41, 46, 52, 60}
	cover := cover(required, 1, 8)
	p := &Problem{Rules: cover.Rows}
	for i := range cover.Cost {
		p.Choices = append(p.Choices, Choice{Name: fmt.Sprint(i, ":00"), Most: 200, Step: 1, Cost: 1})
	}
	e := &exact{}
	for range required {
		p.Objectives = append(p.Objectives, "delay")
		e.goals = append(e.goals, 0)
	}
	e.at = func(heads []int) []float64 { // how far the hour is from the requirement
		out := make([]float64, len(required))
		for h := range out {
			for i, n := range heads {
				if (h-i+24)%24 < 8 {
					out[h] += float64(n)
				}
			}
			out[h] -= required[h]
		}
		return out
	}
	plan, err := Find(t.Context(), p, e, testEffort())
	if err != nil {
		t.Fatal(err)
	}
	if plan.Cost != 211 || plan.Bound != 211 || plan.Gap() != 0 {
		t.Errorf("%v shifts with bound %v, want 211", plan.Cost, plan.Bound)
	}
}

// TestNothingFits: contradicting rules, money that does not suffice, bounds too narrow for an objective.
func TestNothingFits(t *testing.T) {
	o := testEffort()
	p, e := onePool(100, 1, 0.1, 0.95)
	p.Choices[0].Most = 50
	if _, err := Find(t.Context(), p, e, o); !errors.Is(err, ErrNone) || len(e.seen) > 0 {
		t.Errorf("load beyond the bounds: %v after %d evaluations", err, len(e.seen))
	}
	p, e = onePool(100, 1, 0.1, 0.95)
	p.Budget = 90
	var budget *BudgetError
	if _, err := Find(t.Context(), p, e, o); !errors.As(err, &budget) || !budget.Proved || len(e.seen) > 0 {
		t.Errorf("budget below the load: %v", err)
	}
	p, e = onePool(100, 1, 0.1, 0.95)
	p.Budget = 110
	if plan, err := Find(t.Context(), p, e, o); !errors.As(err, &budget) || budget.Proved || plan == nil || plan.Cost != 113 {
		t.Errorf("budget below the plan: %v", err)
	}
	p, e = onePool(100, 1, 0.1, 0.95)
	p.Choices[0].Most = 105
	var short *ShortError
	if _, err := Find(t.Context(), p, e, o); !errors.As(err, &short) || !slices.Equal(short.Objectives, []string{"wait"}) {
		t.Errorf("bounds below the plan: %v", err)
	}
}

// TestInterrupted ends the search after each number of evaluations: what is returned is marked, and confirmed only once there was a
// verdict.
func TestInterrupted(t *testing.T) {
	confirmed, unconfirmed := 0, 0
	for after := 1; ; after++ {
		p, e := onePool(100, 1, 0.1, 0.95)
		ctx, cancel := context.WithCancel(t.Context())
		plan, err := Find(ctx, p, &interrupted{exact: e, left: after, cancel: cancel}, testEffort())
		cancel()
		switch {
		case plan == nil:
			t.Fatalf("after %d evaluations: %v", after, err)
		case plan.Stopped == nil:
			if !plan.Confirmed || plan.Heads[0] != 113 || confirmed == 0 || unconfirmed == 0 {
				t.Errorf("%+v, after %d confirmed and %d unconfirmed ones", plan, confirmed, unconfirmed)
			}
			return
		case !errors.Is(plan.Stopped, context.Canceled) || plan.Confirmed && plan.Verdict == nil:
			t.Errorf("after %d evaluations: %+v", after, plan)
		case plan.Confirmed:
			confirmed++
		default:
			unconfirmed++
		}
	}
}

// interrupted is an Evaluator whose user loses patience after some evaluations.
type interrupted struct {
	*exact
	left   int
	cancel context.CancelFunc
}

func (i *interrupted) Evaluate(ctx context.Context, heads []int, s Sample) (*Evaluation, error) {
	if i.left--; i.left < 0 {
		i.cancel()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return i.exact.Evaluate(ctx, heads, s)
}

// TestLots hires by tens.
func TestLots(t *testing.T) {
	p, e := onePool(100, 1, 0.1, 0.95)
	p.Choices[0].Step = 10
	plan, err := Find(t.Context(), p, e, testEffort())
	if err != nil || plan.Heads[0] != 120 {
		t.Errorf("%+v, %v, want 120 heads", plan, err)
	}
}

// testEffort is the usual one without enumeration.
func testEffort() Options {
	o := Effort(1)
	o.Verdict, o.Enumerate = 10, 0
	return o
}

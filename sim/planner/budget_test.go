package planner

import (
	"context"
	"errors"
	"math"
	"testing"

	"sunrelay/sim/planner/queueing"
)

// within is how M/M/c with 100 erlangs keeps a wait of a tenth of the service time.
func within(n int) float64 {
	return queueing.Delay{Arrivals: 100, Service: 1, Servers: n}.Within(0.1)
}

// TestBudgetAsGoal finds the highest goals that the heads that the money pays for keep, above and below those asked for.
func TestBudgetAsGoal(t *testing.T) {
	for _, money := range []float64{104, 106, 110, 113, 118, 140} {
		p, e := onePool(100, 1, 0.1, 0.95)
		p.Goals, p.Budget = []float64{0.95}, money
		plan, err := FindWithin(t.Context(), p, e, Options{Solver: Branching{}, Replications: 10, Verdict: 10})
		if err != nil {
			t.Fatalf("%v: %v", money, err)
		}
		steps := math.Floor((min(1, within(int(money)))-0.95)/goalStep + 1e-9)
		if money == 140 {
			steps = 9 // 99.5 %: no heads keep all of 100 %
		}
		if math.Abs(plan.Shift-steps*goalStep) > 1e-9 || plan.Cost > money || !plan.Confirmed || plan.Stopped != nil {
			t.Errorf("%v: goals are moved by %v at %v, want %v", money, plan.Shift, plan.Cost, steps*goalStep)
		}
		if asked := within(plan.Heads[0]) >= 0.95; plan.Verdict.Met() != asked {
			t.Errorf("%v: the verdict says %v of the goal that was asked for, want %v", money, plan.Verdict.Met(), asked)
		}
		if len(plan.Certificate) == 0 {
			t.Errorf("%v: the plan has no certificate", money)
		}
	}
}

// TestBudgetBelowTheWork is refused before anything is played.
func TestBudgetBelowTheWork(t *testing.T) {
	p, e := onePool(100, 1, 0.1, 0.95)
	p.Goals, p.Budget = []float64{0.95}, 90
	var budget *BudgetError
	if _, err := FindWithin(t.Context(), p, e, Options{Solver: Branching{}, Replications: 10, Verdict: 10}); !errors.As(err, &budget) || !budget.Proved || len(e.seen) > 0 {
		t.Errorf("%v after %d evaluations", err, len(e.seen))
	}
}

// TestBudgetInterrupted returns what fits the money, marked, after each number of evaluations.
func TestBudgetInterrupted(t *testing.T) {
	for after := 1; ; after++ {
		p, e := onePool(100, 1, 0.1, 0.95)
		p.Goals, p.Budget = []float64{0.95}, 110
		ctx, cancel := context.WithCancel(t.Context())
		plan, err := FindWithin(ctx, p, &interrupted{exact: e, left: after, cancel: cancel}, Options{Solver: Branching{}, Replications: 10, Verdict: 10})
		cancel()
		switch {
		case err != nil && !errors.Is(err, context.Canceled):
			t.Fatalf("after %d evaluations: %v", after, err)
		case err == nil && plan.Cost > p.Budget:
			t.Errorf("after %d evaluations: the plan costs %v", after, plan.Cost)
		case err == nil && plan.Stopped == nil:
			return
		}
	}
}

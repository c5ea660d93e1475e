package benchmarks

import (
	"context"
	"fmt"

	"sunrelay/sim"
	"sunrelay/sim/planner"
)

var plans = []Workload{{
	Name: "plan", About: "a whole search for the least costly staffing of two pools and three shifts, by the cases that it simulates",
	Op: "case", Scale: "days", Sizes: []int{28}, Small: 7, Most: 3_660,
	Against: "bare loop of W2", Prepare: planned,
}}

// planned plans for a run of so many days.
func planned(days int) (*Work, error) {
	model, err := sim.Load(named("plan"), fmt.Sprintf("run.days=%d", days))
	if err != nil {
		return nil, err
	}
	run := func(ctx context.Context, turn func(int) error) error {
		cases := int64(0)
		s, problems := planner.NewSimulator(planner.Setup{Full: model, Workers: 1, Arrived: func(n int64) { cases += n }})
		if len(problems) > 0 {
			return problems
		}
		solvers := planner.Solvers()
		embedded := solvers[len(solvers)-1]
		problem, _, err := s.Prepare(ctx, embedded)
		if err != nil {
			return err
		}
		options := planner.Effort(1)
		options.Solver, options.Verdict = embedded, model.Scenario.Replications
		if _, err := planner.Find(ctx, problem, s, options); err != nil {
			return err
		}
		return turn(int(cases))
	}
	return &Work{Run: run, Reference: newW2()}, nil
}

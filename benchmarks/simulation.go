package benchmarks

import (
	"context"
	"embed"
	"fmt"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/workloads/builtin"
)

//go:embed scenarios
var scenarios embed.FS

// mostCases is beyond what a machine simulates in an hour.
const mostCases = 1_000_000_000

// named is a scenario of this package or a built-in one.
func named(name string) scenario.Source {
	text, _ := scenarios.ReadFile("scenarios/" + name + ".yaml") // else it is built in
	return scenario.Source{Name: name, Data: text, Builtin: builtin.Open, BuiltinNames: builtin.Names()}
}

// simulate is one replication on one worker of a scenario with overrides, all statistics on, for about so many cases.
func simulate(source scenario.Source, cases int, floor func(cases int), sets ...string) (*Work, error) {
	model, err := lasting(source, cases, append(sets, "run.replications=1")...)
	if err != nil {
		return nil, err
	}
	return &Work{Run: replicate(model, turnOf(cases)), Reference: floor}, nil
}

// lasting is the model of a scenario, without its warm-up, that runs for about so many cases.
func lasting(source scenario.Source, cases int, sets ...string) (*sim.Model, error) {
	sets = append(sets, "run.warm_up=0s")
	model, err := sim.Load(source, sets...)
	if err != nil {
		return nil, err
	}
	days := float64(model.Scenario.End.Sub(model.Scenario.Origin)) / float64(calendar.Day)
	days *= float64(cases) / model.Workload.ExpectedCases()
	return sim.Load(source, append(sets, fmt.Sprintf("run.days=%.6f", days))...)
}

// turnOf is after how many cases the reference has its turn: after some milliseconds, and some times in a run.
func turnOf(cases int) int64 { return int64(min(25_000, cases/16+1)) }

// replicate runs all replications of a model on one worker. A turn ends at the first full hour of the simulation after so
// many cases.
func replicate(model *sim.Model, after int64) func(context.Context, func(int) error) error {
	return func(ctx context.Context, turn func(int) error) error {
		cases := int64(0)
		arrived := func(more int64) {
			if cases += more; cases >= after {
				_ = turn(int(cases)) // its error is the context's, which ends the run
				cases = 0
			}
		}
		_, err := experiment.Run(ctx, model, experiment.Options{Workers: 1, Arrived: arrived})
		if err == nil && cases > 0 {
			err = turn(int(cases))
		}
		return err
	}
}

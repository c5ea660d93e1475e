package benchmarks

import (
	"context"
	"os"

	"sunrelay/reports/arrow"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

var rows = []Workload{{
	Name: "arrow/main", About: "the main columns of cases, written to a Parquet file beside the simulation",
	Op: "row", Scale: "rows", Sizes: []int{100_000}, Small: 10_000, Most: mostCases,
	Against: "the same without rows", Prepare: func(cases int) (*Work, error) {
		return writing(cases, arrow.Options{Tables: []arrow.Table{arrow.Cases}, MainColumns: true})
	},
}, {
	Name: "arrow/cases", About: "all columns of cases",
	Op: "row", Scale: "rows", Sizes: []int{100_000}, Small: 10_000, Most: mostCases,
	Against: "the same without rows", Prepare: func(cases int) (*Work, error) {
		return writing(cases, arrow.Options{Tables: []arrow.Table{arrow.Cases}})
	},
}, {
	Name: "arrow/all", About: "cases, milestones and timeline, as Parquet files and as streams",
	Op: "row of cases", Scale: "rows of cases", Sizes: []int{100_000}, Small: 10_000, Most: mostCases,
	Against: "the same without rows", Prepare: func(cases int) (*Work, error) {
		return writing(cases, arrow.Options{Streams: true})
	},
}}

// writing is citrix on one worker, of which rows of all cases are written; the reference simulates only. Both are measured
// by processor time: on two cores the encoding runs beside the simulation.
func writing(cases int, o arrow.Options) (*Work, error) {
	model, err := lasting(named("citrix"), cases, "run.replications=1")
	if err != nil {
		return nil, err
	}
	o.Cases, o.Workers = arrow.All, 1
	run := func(ctx context.Context, turn func(int) error) error {
		arrived, err := write(ctx, model, o)
		if err != nil {
			return err
		}
		return turn(arrived)
	}
	alone := func(int) {
		if _, err := runOn(context.Background(), model, 1); err != nil {
			panic(err) // it is no other simulation than the one before
		}
	}
	return &Work{Run: run, Reference: alone}, nil
}

// write simulates the model and writes its rows into a folder that is removed again. It returns how many cases there were.
func write(ctx context.Context, model *sim.Model, o arrow.Options) (arrived int, err error) {
	folder, err := os.MkdirTemp("", "rows")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	w, err := arrow.Create(ctx, folder, model, o)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	result, err := experiment.Run(ctx, model, experiment.Options{Workers: 1, Record: w.Recorder})
	if err != nil {
		return 0, err
	}
	return int(result.Pooled.Arrived), w.Finish()
}

package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"sunrelay/cmd/sunrelay/internal/store"
	"sunrelay/model/scenario"
	"sunrelay/reports"
	"sunrelay/reports/arrow"
	"sunrelay/reports/html"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

// sweepArgs are the arguments of sweep.
type sweepArgs struct {
	runArgs
	vary   []string
	points int
	dir    string
}

func sweepCommand(s *session) *cobra.Command {
	var a sweepArgs
	cmd := &cobra.Command{
		Use:   "sweep SCENARIO --vary PATH=FROM..TO..STEP",
		Short: "Simulate a scenario at many settings of some of its values",
		Long: `Sweep simulates a scenario at every combination of settings, or with --points at a Latin hypercube
of them, on all processors, and tells the objectives (or the attainment of all promises), work in
progress and cost of each point, and which points no other beats in cost and attainment at once.

--vary PATH=FROM..TO..STEP takes numbers with one unit, such as 10..40..2, 10%..40%..5%, 15bm..60bm..15bm
or 300..600..50/week, or times; whole numbers need no step. --vary PATH=A,B,C takes a list, and
PATH+=..., PATH-=... and PATH*=... change what is there. Every point has the same random numbers.

--out DIR keeps each point as soon as it is finished. A sweep that was interrupted or killed goes on
there when the same command is given again, and ends with the same bytes: points.jsonl, sweep.csv,
sweep.parquet and report.html.
A folder of another scenario or other flags is refused.`,
		Example: `  sunrelay sweep my-support.yaml --vary centres.dublin.pools.t1.agents=4..10
  sunrelay sweep my-support.yaml --vary centres.dublin.pools.t1.agents=4..10..2 --vary centres.dublin.pools.t1.shrinkage=0%..30%..10%
  sunrelay sweep citrix --vary workload.streams.emea.rate*=0.8..1.2 --vary routing.rule=fifo,edf --points 50 --out out/sweep`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.complete(cmd, args); err != nil {
				return err
			}
			return internal(sweep(cmd.Context(), s, &a))
		},
	}
	a.scenario.addTo(cmd)
	a.addRunFlags(cmd, "table, json or csv (one row a point, with all figures)")
	flags := cmd.Flags()
	flags.StringArrayVar(&a.vary, "vary", nil, "vary a value: `PATH=FROM..TO..STEP` or PATH=A,B,C (may be repeated)")
	flags.IntVar(&a.points, "points", 0, "so many points of a Latin hypercube, drawn by the seed, instead of every combination")
	flags.StringVar(&a.dir, "out", "", "keep finished points in the folder `DIR`, and go on with those that it has")
	return cmd
}

// complete takes the scenario from the arguments and checks the flags.
func (a *sweepArgs) complete(cmd *cobra.Command, args []string) error {
	if err := a.scenario.one(cmd, args); err != nil {
		return err
	}
	switch {
	case len(a.vary) == 0:
		return badInput("%s varies nothing, want --vary PATH=FROM..TO..STEP", cmd.CommandPath())
	case cmd.Flags().Changed("points") && (a.points < 1 || a.points > experiment.MostPoints):
		return badInput("--points %d, want 1 to %d", a.points, experiment.MostPoints)
	case cmd.Flags().Changed("out") && a.dir == "":
		return badInput(`--out "", want a folder`)
	}
	return a.completeRun(cmd, formats)
}

// sweeping is a sweep in progress.
type sweeping struct {
	session *session
	args    *sweepArgs
	factors []experiment.Factor
	plan    reports.SweepPlan
	points  []reports.SweepPoint // finished, in order
	store   *store.Store         // nil = nothing is kept
}

func sweep(ctx context.Context, s *session, a *sweepArgs) error {
	w := &sweeping{session: s, args: a}
	base, err := s.load(a.scenario)
	if err != nil {
		return err
	}
	if err := w.makePlan(base); err != nil {
		return err
	}
	if a.dir != "" {
		w.store, w.points, err = store.Open(a.dir, w.plan)
		var conflict *store.ConflictError
		if errors.As(err, &conflict) {
			return badInput("--out: %w", err)
		}
		if err != nil {
			return err
		}
		defer w.store.Close()
	}
	interrupted := w.simulate(ctx, base)
	if interrupted != nil && !errors.Is(interrupted, context.Canceled) {
		return interrupted
	}
	return w.tell(interrupted)
}

// makePlan reads the factors and lays out the points.
func (w *sweeping) makePlan(base *sim.Model) error {
	for _, text := range w.args.vary {
		f, err := experiment.ParseFactor(text, scenario.HoldsWholeNumber(pathOf(text)), splitOutside)
		if err != nil {
			return badInput("--vary %s: %w", text, err)
		}
		if slices.ContainsFunc(w.factors, func(g experiment.Factor) bool { return g.Path == f.Path }) {
			return badInput("--vary %s: %s is varied twice", text, f.Path)
		}
		if _, err := w.load([]experiment.Factor{f}, []string{f.At(0)}); err != nil {
			return err
		}
		w.factors = append(w.factors, f)
	}
	w.plan = reports.NewSweepPlan(base, programVersion())
	w.plan.Design = "grid"
	for i := range w.factors {
		w.plan.Factors = append(w.plan.Factors, w.factors[i].Name())
	}
	if w.args.points > 0 {
		w.plan.Design = "latin_hypercube"
		w.plan.Settings = experiment.LatinHypercube(w.factors, w.args.points, base.Scenario.Seed)
		return w.checkSettings()
	}
	settings, err := experiment.Grid(w.factors)
	if err != nil {
		return badInput("--vary: %w", err)
	}
	w.plan.Settings = settings
	return w.checkSettings()
}

// mostChecked is how many settings of each factor are tried before anything is simulated.
const mostChecked = 100

// checkSettings tries the settings of each factor by themselves, so that a wrong one is told at once and not after hours.
func (w *sweeping) checkSettings() error {
	for i := range w.factors {
		tried := map[string]bool{}
		for _, settings := range w.plan.Settings {
			if setting := settings[i]; !tried[setting] && len(tried) < mostChecked {
				tried[setting] = true
				if _, err := w.load(w.factors[i:i+1], []string{setting}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// load reads the scenario with settings of factors.
func (w *sweeping) load(factors []experiment.Factor, settings []string) (*sim.Model, error) {
	args := w.args.scenario.clone()
	for i := range factors {
		set := factors[i].Override(settings[i])
		args.sets = append(args.sets, set)
		args.flags["--set "+set] = "--vary " + set
	}
	return w.session.load(args)
}

// simulate simulates the points that are not finished.
func (w *sweeping) simulate(ctx context.Context, base *sim.Model) error {
	first, count := len(w.points), len(w.plan.Settings)-len(w.points)
	progress := w.session.newProgress(int64(base.Workload.ExpectedCases()*float64(base.Scenario.Replications*count)), w.args.quiet)
	defer progress.end()
	next := func(i int) (*sim.Model, error) { return w.load(w.factors, w.plan.Settings[first+i]) }
	done := func(i int, r *experiment.Result) error {
		p := reports.NewSweepPoint(first+i, w.plan.Settings[first+i], r)
		w.points = append(w.points, *p)
		if w.store == nil {
			return nil
		}
		return w.store.Append(p)
	}
	return experiment.RunEach(ctx, count, next, done, experiment.Options{Workers: w.args.workers, Arrived: progress.add})
}

// tell writes what was simulated.
func (w *sweeping) tell(interrupted error) error {
	report := reports.NewSweep(w.plan, w.points)
	if w.store != nil && interrupted == nil {
		if err := w.writeFiles(report); err != nil {
			return err
		}
	}
	if err := writeSweep(w.session, report, w.args.format); err != nil {
		return err
	}
	if interrupted == nil {
		return nil
	}
	goesOn := ""
	if w.store != nil {
		goesOn = "; the same command goes on from there"
	}
	return &exitError{exitInterrupted, fmt.Errorf("interrupted: %d of %d points are finished%s", len(w.points), len(w.plan.Settings), goesOn)}
}

// writeFiles adds to the folder what follows from all points.
func (w *sweeping) writeFiles(report *reports.Sweep) error {
	rows := func(out io.Writer) error { return csv.NewWriter(out).WriteAll(report.Rows()) }
	if err := w.store.Write("sweep.csv", rows); err != nil {
		return err
	}
	if err := w.store.Write("sweep.parquet", func(out io.Writer) error { return arrow.WriteSweep(out, report) }); err != nil {
		return err
	}
	return w.store.Write("report.html", func(out io.Writer) error { return html.Render(out, report.Report()) })
}

func writeSweep(s *session, report *reports.Sweep, format string) error {
	switch format {
	case "json":
		return writeJSON(s.out, report)
	case "csv":
		return csv.NewWriter(s.out).WriteAll(report.Rows())
	}
	return text.Render(s.out, report.Document(), s.page())
}

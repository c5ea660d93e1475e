package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sunrelay/reports"
	"sunrelay/reports/arrow"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

// formats are what --format takes, the default first; that of run takes rows too.
var (
	formats    = []string{"table", "json", "csv"}
	runFormats = append(slices.Clone(formats), arrowFormat)
)

// runArgs are the arguments of run.
type runArgs struct {
	scenario     scenarioArgs
	format       string
	replications int
	seed         uint64
	workers      int
	check, quiet bool
	trace        traceArgs
	folder       folderArgs
	rows         rowArgs
	precision    precisionArgs
}

func runCommand(s *session) *cobra.Command {
	var a runArgs
	cmd := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "Simulate a scenario and tell how well its promises are kept",
		Long: `Run simulates a scenario and prints attainment of all promises and why they were broken, response
times, what happened to cases and how they ended, waits, occupancy, backlog, money and objectives,
each with the half-width of its 95 % confidence interval.

SCENARIO is a file, a built-in name (see sunrelay workloads), or - for standard input. The same
scenario and seed give the same figures on any machine and for any number of workers.`,
		Example: `  sunrelay run citrix
  sunrelay run citrix --set centres.dublin.pools.t1.shrinkage=35% --replications 10
  sunrelay run my-support.yaml --format json > result.json
  sunrelay run my-support.yaml --check
  sunrelay run my-support.yaml --out results/monday --cases sample=10%
  sunrelay run my-support.yaml --format arrow - > cases.arrows
  sunrelay run my-support.yaml --trace-case worst:first_response`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.complete(cmd, args); err != nil {
				return err
			}
			return internal(run(cmd.Context(), s, &a))
		},
	}
	a.scenario.addTo(cmd)
	a.addRunFlags(cmd, "table, json, csv (the rows of attainment) or arrow (a stream of rows, see --tables)")
	a.trace.addTo(cmd)
	a.folder.addTo(cmd)
	a.rows.addTo(cmd)
	a.precision.addTo(cmd)
	cmd.Flags().BoolVar(&a.check, "check", false, "exit with code 3 unless every objective is met")
	return cmd
}

// addRunFlags makes the flags of all commands that simulate replications.
func (a *runArgs) addRunFlags(cmd *cobra.Command, formatHelp string) {
	flags := cmd.Flags()
	flags.StringVar(&a.format, "format", formats[0], formatHelp)
	flags.IntVar(&a.replications, "replications", 0, "how many replications, instead of run.replications")
	flags.Uint64Var(&a.seed, "seed", 0, "seed of all random numbers, instead of run.seed")
	flags.IntVar(&a.workers, "workers", 0, "simulations at a time; 0 = one for each processor")
	flags.BoolVar(&a.quiet, "quiet", false, "show no progress")
}

// complete takes the scenario from the arguments and turns flags that stand for values of the scenario into overrides.
func (a *runArgs) complete(cmd *cobra.Command, args []string) error {
	if a.format == arrowFormat && len(args) == 2 && args[1] == "-" {
		args = args[:1] // where a stream goes anyhow
	}
	if err := a.scenario.one(cmd, args); err != nil {
		return err
	}
	if err := a.completeRun(cmd, runFormats); err != nil {
		return err
	}
	if err := a.trace.check(cmd, a); err != nil {
		return err
	}
	if err := a.folder.check(cmd); err != nil {
		return err
	}
	if err := a.rows.check(cmd, a.format, a.folder.path); err != nil {
		return err
	}
	return a.precision.check(cmd)
}

// completeRun is complete for the flags of addRunFlags, with the formats that there are.
func (a *runArgs) completeRun(cmd *cobra.Command, formats []string) error {
	if !slices.Contains(formats, a.format) {
		return badInput("--format %s, want one of %s%s", a.format, strings.Join(formats, ", "), didYouMean(a.format, formats))
	}
	if a.workers < 0 {
		return badInput("--workers %d, want 0 (one for each processor) or more", a.workers)
	}
	if cmd.Flags().Changed("replications") {
		a.scenario.override("replications", "run.replications", a.replications)
	}
	if cmd.Flags().Changed("seed") {
		a.scenario.override("seed", "run.seed", a.seed)
	}
	return nil
}

func run(ctx context.Context, s *session, a *runArgs) (err error) {
	model, err := s.load(a.scenario)
	if err != nil {
		return err
	}
	if a.trace.wanted != "" {
		return traceCase(ctx, s, a, model)
	}
	if a.check && len(model.Scenario.Definition.Objectives) == 0 {
		at := model.Scenario.Definition.At("objectives")
		return badInput("%s: objectives: --check needs at least one, such as %q", at.File, "first_response >= 95%")
	}
	if a.format == arrowFormat {
		return streamRows(ctx, s, a, model)
	}
	out, rows, err := a.createFolder(ctx, model)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close(), out.Discard()) }()
	result, reached, elapsed, err := simulate(ctx, s, a, model, rows)
	interrupted := errors.Is(err, context.Canceled)
	switch {
	case err != nil && !interrupted:
		return err
	case len(result.Replications) == 0:
		return errNothingFinished
	}
	report := reports.NewRun(result, result.Judge())
	report.Elapsed, report.Version = &elapsed, programVersion()
	report.AddPrecision(reached)
	if err := writeRun(s, report, a.format); err != nil {
		return err
	}
	if interrupted {
		return &exitError{exitInterrupted, errors.New("interrupted: the result is partial" + a.folder.unwritten())}
	}
	if out != nil {
		report.AddProfiles(result)
		if err := writeFolder(out, report, rows); err != nil {
			return err
		}
		s.log().Info("wrote", "folder", a.folder.path)
	}
	return a.verdict(report)
}

// simulate runs the model, with progress, writes rows where a writer is given, and tells how many seconds it took, and what
// precision was reached where one was asked for.
func simulate(ctx context.Context, s *session, a *runArgs, model *sim.Model, rows *arrow.Writer) (*experiment.Result, *experiment.Reached, float64, error) {
	most := model.Scenario.Replications
	if a.precision.wanted() {
		most = max(most, a.precision.most)
	}
	expected := model.Workload.ExpectedCases() * float64(most)
	progress := s.newProgress(int64(expected), a.quiet)
	defer progress.end()
	c := model.Scenario
	s.log().Info("simulating", "scenario", c.Definition.Name, "hash", c.Hash, "replications", most, "seed", c.Seed,
		"cases_expected", int64(expected), "components", model.Components(), "workers", a.workers)
	options := experiment.Options{Workers: a.workers, Arrived: progress.add}
	started := time.Now()
	if rows != nil {
		options.Record = rows.Recorder
	}
	if a.precision.wanted() {
		result, reached, err := experiment.RunTo(ctx, model, experiment.Precision{HalfWidth: a.precision.width, Most: most}, options)
		return result, reached, time.Since(started).Seconds(), err
	}
	result, err := experiment.Run(ctx, model, options)
	return result, nil, time.Since(started).Seconds(), err
}

// verdict is an error if every objective is to be met and not every one is.
func (a *runArgs) verdict(report *reports.Run) error {
	if a.check && !report.AllMet() {
		return &exitError{code: exitMissed, err: errors.New("not every objective is met")}
	}
	return nil
}

func writeRun(s *session, report *reports.Run, format string) error {
	switch format {
	case "json":
		return writeJSON(s.out, report)
	case "csv":
		return writeAttainment(s.out, report)
	}
	return text.Render(s.out, report.Document(), s.page())
}

// writeJSON writes a document with indentation and readable signs such as >=.
func writeJSON(w io.Writer, document any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(document)
}

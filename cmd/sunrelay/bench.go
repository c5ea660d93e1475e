package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"sunrelay/benchmarks"
	"sunrelay/reports"
	"sunrelay/reports/text"
)

// benchFormats are what --format of bench takes, the default first.
var benchFormats = []string{"table", "json"}

// benchArgs are the arguments of bench.
type benchArgs struct {
	list, small, quiet bool
	count              int
	format             string
	baseline, against  string
	maxRegression      string
}

func benchCommand(s *session) *cobra.Command {
	var a benchArgs
	cmd := &cobra.Command{
		Use:   "bench [NAME | FAMILY | NAME=SIZE]...",
		Short: "Measure the speed of the program, and whether it became slower",
		Long: `Bench measures named workloads. Each takes turns with a reference kernel, a bare loop that does what
the work needs at the least, and the ratio of their processor times is what compares between
machines. Every sample is a process of its own, and the samples of all workloads take turns.

With --against PROGRAM (another build of sunrelay) or --baseline FILE (JSON of an earlier bench) it
exits with code 3 if the ratio, the allocations or the memory of a workload are certainly worse: by
more than --max-regression in the median, at p < 0.05 in the Mann-Whitney U test, twice in a row.
Two builds that take turns are compared most surely.`,
		Example: `  sunrelay bench --list
  sunrelay bench w1 w2 w3 citrix
  sunrelay bench deadline --format json > base.json
  sunrelay bench deadline --baseline base.json
  sunrelay bench scaling/cases=100000000 --count 1
  sunrelay bench w1 citrix --against ./sunrelay-before`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.list {
				if err := noArgs(cmd, args); err != nil {
					return err
				}
				return internal(text.Render(s.out, benchList(), s.page()))
			}
			return internal(bench(cmd.Context(), s, &a, args))
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&a.list, "list", false, "list the workloads with their sizes")
	flags.BoolVar(&a.small, "small", false, "measure small sizes, which are done in a moment")
	flags.BoolVar(&a.quiet, "quiet", false, "show no progress")
	flags.IntVar(&a.count, "count", 10, "samples of each workload, 4 or more to prove a regression")
	flags.StringVar(&a.format, "format", benchFormats[0], "table or json")
	flags.StringVar(&a.baseline, "baseline", "", "compare with the JSON `file` of an earlier bench")
	flags.StringVar(&a.against, "against", "", "compare with another `program`, by turns")
	flags.StringVar(&a.maxRegression, "max-regression", "10%", "increase that is tolerated")
	cmd.AddCommand(sampleCommand(s))
	return cmd
}

// sampleCommand is what bench runs in processes of their own, of this program or another build.
func sampleCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use:    "sample NAME=SIZE",
		Short:  "Take one sample of one workload in this process, as JSON",
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			cases, err := selected(args, false)
			if err != nil {
				return err
			}
			if len(cases) != 1 {
				return badInput("%s wants one NAME=SIZE", cmd.CommandPath())
			}
			sample, err := benchmarks.Measure(cmd.Context(), cases[0])
			if err != nil {
				return internal(err)
			}
			return internal(json.NewEncoder(s.out).Encode(sample))
		},
	}
}

func bench(ctx context.Context, s *session, a *benchArgs, names []string) error {
	run, err := a.session(names)
	if err != nil {
		return err
	}
	progress := s.newSamples(run.Samples(), a.quiet)
	run.Sampled = progress.add
	results, err := run.Run(ctx)
	progress.end()
	interrupted := errors.Is(err, context.Canceled)
	switch {
	case err != nil && !interrupted:
		return err
	case results == nil || len(results.Workloads) == 0:
		return &exitError{exitInterrupted, errors.New("interrupted before the first sample was taken: there is nothing to report")}
	}
	if err := writeBench(s, results, a.format); err != nil {
		return err
	}
	switch {
	case interrupted:
		return &exitError{exitInterrupted, errors.New("interrupted: the result is partial")}
	case results.Regressed():
		return &exitError{exitMissed, errors.New("there is a regression")}
	}
	return nil
}

func writeBench(s *session, results *benchmarks.Results, format string) error {
	if format == "json" {
		return writeJSON(s.out, results)
	}
	return text.Render(s.out, results.Document(), s.page())
}

// session is what the arguments ask for.
func (a *benchArgs) session(names []string) (*benchmarks.Session, error) {
	switch {
	case !slices.Contains(benchFormats, a.format):
		return nil, badInput("--format %s, want one of %s%s", a.format, strings.Join(benchFormats, ", "), didYouMean(a.format, benchFormats))
	case a.count < 1:
		return nil, badInput("--count %d, want 1 or more", a.count)
	case a.baseline != "" && a.against != "":
		return nil, badInput("want --baseline or --against, not both")
	}
	tolerated, err := parseShare(a.maxRegression)
	if err != nil {
		return nil, badInput("--max-regression %s, %w", a.maxRegression, err)
	}
	cases, err := selected(names, a.small)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	run := &benchmarks.Session{Cases: cases, Count: a.count, Head: program(self), Tolerated: tolerated}
	if a.against != "" {
		path, err := exec.LookPath(a.against)
		if err != nil {
			return nil, badInput("--against: %w", err)
		}
		run.Base = program(path)
	}
	if a.baseline != "" {
		if run.Baseline, err = readBaseline(a.baseline, cases); err != nil {
			return nil, err
		}
	}
	return run, nil
}

// selected are the cases with the given names; all, where there is no name.
func selected(names []string, small bool) ([]benchmarks.Case, error) {
	if len(names) == 0 {
		return benchmarks.All(small), nil
	}
	var cases []benchmarks.Case
	for _, name := range names {
		more, err := benchmarks.Select(name, small)
		var unknown *benchmarks.UnknownError
		if errors.As(err, &unknown) {
			return nil, badInput("%w%s see sunrelay bench --list", err, orComma(didYouMean(unknown.Name, unknown.Known)))
		} else if err != nil {
			return nil, badInput("%w", err)
		}
		for _, c := range more {
			if !slices.ContainsFunc(cases, func(known benchmarks.Case) bool { return known.String() == c.String() }) {
				cases = append(cases, c)
			}
		}
	}
	return cases, nil
}

// parseShare reads 10% or 0.1.
func parseShare(s string) (float64, error) {
	number, percent := strings.CutSuffix(s, "%")
	share, err := strconv.ParseFloat(number, 64)
	if percent {
		share /= 100
	}
	if err != nil || share < 0 || math.IsNaN(share) || math.IsInf(share, 0) {
		return 0, errors.New("want a share such as 10% or 0.1")
	}
	return share, nil
}

func readBaseline(name string, cases []benchmarks.Case) (*benchmarks.Results, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, badInput("--baseline: %w", err)
	}
	defer f.Close()
	baseline, err := benchmarks.Read(f)
	if err != nil {
		return nil, badInput("--baseline: %s %w", name, err)
	}
	if !baseline.HasAny(cases) {
		return nil, badInput("--baseline: %s has none of the workloads that are measured", name)
	}
	return baseline, nil
}

// program takes samples with a build of sunrelay.
func program(path string) benchmarks.Sampler {
	return func(ctx context.Context, c benchmarks.Case) (benchmarks.Sample, error) {
		var sample benchmarks.Sample
		out, err := exec.CommandContext(ctx, path, "bench", "sample", c.String()).Output()
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			return sample, fmt.Errorf("%s bench sample: %w: %s", path, err, strings.TrimSpace(string(failed.Stderr)))
		} else if err != nil {
			return sample, err
		}
		if err := json.Unmarshal(out, &sample); err != nil {
			return sample, fmt.Errorf("%s bench sample: %w", path, err)
		}
		return sample, nil
	}
}

func benchList() *reports.Document {
	t := reports.Table{Columns: []reports.Column{
		{Heading: "name"}, {Heading: "sizes", Align: reports.Right}, {Heading: "of"}, {Heading: "op"},
		{Heading: "what it is for"}, {Heading: "reference"},
	}}
	for _, w := range benchmarks.Workloads() {
		var sizes []string
		for _, size := range w.Sizes {
			sizes = append(sizes, strconv.Itoa(size))
		}
		row := []string{w.Name, strings.Join(sizes, " "), w.Scale, w.Op, w.About, w.Against}
		cells := make([]reports.Cell, len(row))
		for i, text := range row {
			cells[i].Text = text
		}
		t.Rows = append(t.Rows, cells)
	}
	return &reports.Document{
		Title:    "Workloads of bench",
		Lead:     []string{"Select by name, by family (what stands before /), or at a size of your own as NAME=SIZE."},
		Sections: []reports.Section{{Tables: []reports.Table{t}}},
	}
}

// samples shows how many samples have been taken, on the terminal behind standard error.
type samples struct {
	container *mpb.Progress
	bar       *mpb.Bar
}

func (s *session) newSamples(expected int, quiet bool) *samples {
	if quiet || terminal(s.errs) == 0 {
		return &samples{}
	}
	container := mpb.New(mpb.WithOutput(s.errs))
	bar := container.New(0, mpb.BarStyle(), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CurrentNoUnit("%d samples ")),
		mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left")))
	bar.SetTotal(int64(expected), false) // what is suspicious is measured twice
	return &samples{container, bar}
}

func (p *samples) add() {
	if p.bar != nil {
		p.bar.Increment()
	}
}

func (p *samples) end() {
	if p.bar != nil {
		p.bar.Abort(true)
		p.container.Wait()
	}
}

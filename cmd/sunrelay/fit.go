package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sunrelay/cmd/sunrelay/internal/folder"
	"sunrelay/model/calendar"
	"sunrelay/reports"
	"sunrelay/reports/html"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/backtest"
	"sunrelay/workloads/fit"
	"sunrelay/workloads/trace"
)

// fitArgs are the arguments of fit.
type fitArgs struct {
	log     logArgs
	out     string
	folder  folderArgs
	format  string
	holdOut string
	from    time.Time // the first day that is held out; zero = none
}

func fitCommand(s *session) *cobra.Command {
	var a fitArgs
	cmd := &cobra.Command{
		Use:   "fit LOG",
		Short: "Turn a recorded log of cases into a scenario, and tell what the log can and cannot tell",
		Long: `Fit reads a log of cases and prints what it says, each figure with its standard error: when cases
arrive, how wild the days are, how they are mixed, how long things took, and what to know of the log
before relying on it. With --out it also writes a scenario that runs as it stands and says in
comments which figure came from what. With --report it writes a folder with a page for people
(report.html), on which recorded and fitted figures are drawn side by side and the scenario is
simulated over the days of the log, the figures (summary.json) and the scenario (scenario.yaml).

LOG is a file, or - for standard input: CSV with any delimiter, plain or packed with gzip or zstd,
Parquet or Arrow, with one row a case or one row an event. Columns are found by their names and
contents and listed; --map says otherwise. The roles are
` + wrapped(trace.Roles()) + `

Only the time when cases were opened is needed.`,
		Example: `  sunrelay fit cases.csv.gz --out scenario.yaml
  sunrelay fit cases.csv.gz --report results/cases
  sunrelay fit cases.csv --map opened=created_on,severity=prio --zone Europe/Rome
  sunrelay fit cases.parquet --from 2016-04-01 --to 2016-04-20 --out april.yaml
  sunrelay fit cases.csv --format json > fit.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.complete(cmd, args); err != nil {
				return err
			}
			return internal(fitLog(cmd.Context(), s, &a))
		},
	}
	a.log.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&a.out, "out", "", "`file` for the scenario; - prints it instead of the figures")
	a.folder.addAs(cmd, "report")
	flags.StringVar(&a.format, "format", "table", "of the figures: table or json")
	flags.StringVar(&a.holdOut, "hold-out", "", "fit on what was known before this `date`, simulate the days from it on, and compare")
	return cmd
}

// wrapped lists names in lines of at most 90 characters.
func wrapped(names []string) string {
	line, lines := "", ""
	for _, name := range names {
		if len(line)+len(name) > 88 {
			lines, line = lines+line+"\n", ""
		}
		line += name + ", "
	}
	return lines + strings.TrimSuffix(line, ", ") + "."
}

func (a *fitArgs) complete(cmd *cobra.Command, args []string) error {
	if err := a.log.complete(cmd, args); err != nil {
		return err
	}
	if err := a.folder.check(cmd); err != nil {
		return err
	}
	if known := formats[:2]; !slices.Contains(known, a.format) {
		return badInput("--format %s, want one of %s%s", a.format, strings.Join(known, ", "), didYouMean(a.format, known))
	}
	if a.holdOut != "" {
		var err error
		if a.from, err = time.Parse(time.DateOnly, a.holdOut); err != nil {
			return badInput("--hold-out %s, want a date such as 2016-04-21", a.holdOut)
		}
	}
	if a.log.rejects == "" {
		a.log.rejects = filepath.Join(filepath.Dir(a.out), "rejects.csv")
	}
	return nil
}

func fitLog(ctx context.Context, s *session, a *fitArgs) (err error) {
	if err := a.log.loadBlock(s); err != nil {
		return err
	}
	options, err := a.log.options(s)
	if err != nil {
		return err
	}
	out, err := a.folder.create()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Discard()) }()
	cases := fit.NewCollector(options.Zone)
	held := newHeldOut(a.from, options.Zone)
	log, err := a.log.read(ctx, s, func(c *trace.Case) error {
		if !held.take(c) {
			cases.Add(c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	result, err := cases.Fit(log)
	if err != nil {
		return badInput("%s: %w", a.log.name, err)
	}
	name := filepath.Base(a.log.name)
	if a.log.name == "-" {
		name = "standard input"
	}
	report := reports.NewFit(result, name)
	if held != nil {
		if err := s.checkFit(ctx, a, held, result, report); err != nil {
			return err
		}
	}
	if out != nil {
		if err := s.simulateDays(ctx, report, result); err != nil {
			return err
		}
	}
	if err := writeFit(s, a, report); err != nil || out == nil {
		return err
	}
	return writeFitFolder(out, report)
}

// simulateDays adds what the fitted scenario simulates for the days of the log.
func (s *session) simulateDays(ctx context.Context, report *reports.Fit, result *fit.Result) error {
	first, days := report.SimulatedDays()
	const around = 2 // days more, since local dates begin at other instants than those of the run
	model, err := s.loadFitted(report.ScenarioFrom(first-around), float64(days+2*around))
	if err != nil {
		return err
	}
	bands, err := backtest.Bands(ctx, model.Workload, result.Arrivals, result.Zone, first, days)
	if err == nil {
		report.AddDays(bands)
	}
	return err
}

// loadFitted binds a fitted scenario for a run of so many days.
func (s *session) loadFitted(text string, days float64) (*sim.Model, error) {
	source, err := s.source("-")
	if err != nil {
		return nil, err
	}
	source.Stdin = strings.NewReader(text)
	fitted, err := sim.Load(source, fmt.Sprintf("run.days=%g", days), "run.warm_up=2w", fmt.Sprintf("run.replications=%d", backtest.Replications))
	if err != nil {
		return nil, fmt.Errorf("the fitted scenario: %w", err)
	}
	return fitted, nil
}

// writeFitFolder fills the folder and gives it its name.
func writeFitFolder(f *folder.Folder, report *reports.Fit) error {
	return fillFor(f, "report", []folderFile{
		{folder.Mark, func(w io.Writer) error { return writeJSON(w, report) }},
		{"scenario.yaml", func(w io.Writer) error { return writeFitted(w, report) }},
		{"report.html", func(w io.Writer) error { return html.Render(w, report.Report()) }},
	})
}

func writeFit(s *session, a *fitArgs, report *reports.Fit) error {
	if a.out == "-" {
		return writeFitted(s.out, report)
	}
	if a.out != "" {
		if err := writeWhole(a.out, func(w io.Writer) error { return writeFitted(w, report) }); err != nil {
			return err
		}
	}
	if a.format == "json" {
		return writeJSON(s.out, report)
	}
	return text.Render(s.out, report.Document(), s.page())
}

// writeFitted writes the scenario of the fit.
func writeFitted(w io.Writer, report *reports.Fit) error {
	_, err := io.WriteString(w, report.Scenario())
	return err
}

// heldOut is the part of a log that the fit does not see.
type heldOut struct {
	*backtest.Recorder
	from calendar.Instant
}

// newHeldOut is nil for a zero date.
func newHeldOut(date time.Time, zone *time.Location) *heldOut {
	if date.IsZero() {
		return nil
	}
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := date.Date()
	from := calendar.FromTime(time.Date(y, m, d, 0, 0, 0, 0, zone))
	return &heldOut{backtest.NewRecorder(zone, int(date.Unix()/86400)), from}
}

// take keeps a case that was opened since; from others it takes what happened since, which the fit must not know: of cases that ended
// since also the figures that a log has at their end.
func (h *heldOut) take(c *trace.Case) bool {
	if h == nil {
		return false
	}
	if c.Opened >= h.from {
		h.Add(c)
		return true
	}
	if c.Ended() >= h.from {
		c.Met, c.HandleTime, c.CustomerWait, c.Touches, c.HandOffs, c.Reopened = -1, -1, -1, -1, -1, -1
	}
	for _, at := range []*calendar.Instant{&c.Response, &c.Resolved, &c.Closed} {
		if *at >= h.from {
			*at = trace.NoTime
		}
	}
	return false
}

// checkFit simulates what was held out by the scenario of the fit.
func (s *session) checkFit(ctx context.Context, a *fitArgs, held *heldOut, fitted *fit.Result, report *reports.Fit) error {
	if held.Days() == 0 {
		return badInput("--hold-out %s: no case was opened since", a.holdOut)
	}
	days := float64(held.Days()) + float64(backtest.Horizon)/float64(calendar.Day)
	model, err := s.loadFitted(report.ScenarioFrom(int(a.from.Unix()/86400)), days)
	if err != nil {
		return err
	}
	result, err := backtest.Run(ctx, model, fitted, held.Recorder)
	if err == nil {
		report.AddCheck(result)
	}
	return err
}

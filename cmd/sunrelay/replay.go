package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sunrelay/cmd/sunrelay/internal/folder"
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/reports"
	"sunrelay/reports/html"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/sim/replay"
	"sunrelay/workloads"
	"sunrelay/workloads/trace"
)

// replayArgs are the arguments of replay.
type replayArgs struct {
	runArgs
	log      logArgs
	values   []string
	resample string
	warmUp   string
	start    string

	date     time.Time // of start; zero = as recorded
	again    workloads.Resampling
	meanings replay.Meanings
}

func replayCommand(s *session) *cobra.Command {
	var a replayArgs
	cmd := &cobra.Command{
		Use:   "replay SCENARIO LOG",
		Short: "Play recorded cases through an organisation and compare it with what was recorded",
		Long: `Replay lets the cases of a recorded log arrive at the organisation of a scenario, when they arrived, with
the severities, channels, regions, languages, plans and work that the log tells; the scenario draws what it
does not. It puts promises and times to respond and to resolve side by side, recorded and simulated, each
with the half-width of 95 % that a log of this length has by chance.

LOG is read as by fit; a log: block of the scenario, which fit writes, or of --log says how. Values of the log
are taken for names of the scenario that are like them, and listed; --value says otherwise.

Each replication plays the log once. With --resample days (where the log has two weeks) it draws each day among
those of the same weekday, with weeks whole weeks, and what was recorded of them likewise: so the half-widths
hold the chance in the days. With none the days stay as they were, and only the fates of the cases are drawn anew.
The organisation starts empty: the first days, --warm-up, are played and not measured.`,
		Example: `  sunrelay replay fitted.yaml cases.csv
  sunrelay replay my-support.yaml cases.parquet --value 'severity.urgent=1 - Critical' --resample weeks
  sunrelay replay citrix cases-of-2016.csv --start 2026-01-05
  sunrelay replay fitted.yaml cases.csv --set centres.desk.pools.t1.agents+=2 --out results/more`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.complete(cmd, args); err != nil {
				return err
			}
			return internal(replayLog(cmd.Context(), s, &a))
		},
	}
	a.scenario.addTo(cmd)
	a.addRunFlags(cmd, "table, json or csv (one row a figure)")
	a.log.addTo(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&a.values, "value", nil, "what a value of the log means: `ATTRIBUTE.NAME=VALUE`, such as severity.high=2 - High (may be repeated)")
	flags.StringVar(&a.resample, "resample", "", "days, weeks or none: what a replication draws; default days, none for logs of less than two weeks")
	flags.StringVar(&a.warmUp, "warm-up", "", "first days that are not measured, such as 2w; default 1w where the log has four weeks, else 0")
	flags.StringVar(&a.start, "start", "", "play the log as if it began on this `date`, or on the next of the same weekday")
	flags.Lookup("replications").Usage = "how many replications; default 20"
	a.folder.addTo(cmd)
	return cmd
}

func (a *replayArgs) complete(cmd *cobra.Command, args []string) error {
	if len(args) != 2 {
		return badInput("%s wants a SCENARIO and a LOG", cmd.CommandPath())
	}
	if slices.Equal(args, []string{"-", "-"}) {
		return badInput("only one of SCENARIO and LOG can be standard input")
	}
	if err := a.scenario.one(cmd, args[:1]); err != nil {
		return err
	}
	if err := a.log.complete(cmd, args[1:]); err != nil {
		return err
	}
	if !cmd.Flags().Changed("replications") {
		const usual = 20
		a.scenario.override("replications", "run.replications", usual)
	}
	if a.log.rejects == "" {
		a.log.rejects = filepath.Join(filepath.Dir(a.folder.path), "rejects.csv")
	}
	known := reports.Resamplings[:]
	if a.resample != "" && !slices.Contains(known, a.resample) {
		return badInput("--resample %s, want one of %s%s", a.resample, strings.Join(known, ", "), didYouMean(a.resample, known))
	}
	if a.start != "" {
		var err error
		if a.date, err = time.Parse(time.DateOnly, a.start); err != nil {
			return badInput("--start %s, want a date such as 2026-01-05", a.start)
		}
	}
	if err := a.completeValues(); err != nil {
		return err
	}
	if err := a.folder.check(cmd); err != nil {
		return err
	}
	return a.completeRun(cmd, formats)
}

// completeValues reads --value.
func (a *replayArgs) completeValues() error {
	a.meanings = replay.Meanings{}
	for _, role := range replay.Attributes {
		a.meanings[role] = map[string]string{}
	}
	for _, text := range a.values {
		path, value, isPair := strings.Cut(text, "=")
		attribute, name, isPath := strings.Cut(path, ".")
		role, known := attributeOf(attribute)
		if !isPair || !isPath || !known {
			return badInput("--value %s, want ATTRIBUTE.NAME=VALUE with an attribute of %s", text, strings.Join(attributeNames(), ", "))
		}
		a.meanings[role][value] = name
	}
	return nil
}

func attributeNames() []string {
	var names []string
	for _, role := range replay.Attributes {
		names = append(names, role.String())
	}
	return names
}

func attributeOf(name string) (trace.Role, bool) {
	i := slices.Index(attributeNames(), name)
	if i < 0 {
		return 0, false
	}
	return replay.Attributes[i], true
}

func replayLog(ctx context.Context, s *session, a *replayArgs) (err error) {
	if err := a.findBlock(s); err != nil {
		return err
	}
	options, err := a.log.options(s)
	if err != nil {
		return err
	}
	cases := replay.NewCollector(options.Zone)
	log, err := a.log.read(ctx, s, func(c *trace.Case) error { cases.Add(c); return nil })
	if err != nil {
		return err
	}
	if cases.Cases() == 0 {
		return badInput("%s: no case was opened from --from to --to", a.log.name)
	}
	if !a.date.IsZero() {
		cases.Move(a.date)
	}
	if err := a.setRun(cases.Days()); err != nil {
		return err
	}
	model, err := s.load(a.scenario)
	if err != nil {
		return err
	}
	values, err := a.match(cases, log, model.Scenario)
	if err != nil {
		return err
	}
	recording := cases.Recording(values, a.again)
	out, err := a.folder.create()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Discard()) }()
	report, err := a.play(ctx, s, model, recording)
	if err != nil {
		return err
	}
	report.Log, report.Name, report.Zone, report.Has, report.Values = log, filepath.Base(a.log.name), log.Zone, cases.Has(), values
	if a.log.name == "-" {
		report.Name = "standard input"
	}
	return a.write(s, reports.NewReplay(report), out)
}

// findBlock reads the log block: that of --log, else that of the scenario.
func (a *replayArgs) findBlock(s *session) error {
	if a.log.block != "" {
		return a.log.loadBlock(s)
	}
	source, err := s.source(a.scenario.name)
	if err != nil {
		return err
	}
	if a.log.def, err = scenario.Load(source, a.scenario.sets); err != nil {
		_, err = s.load(a.scenario) // which tells all that is wrong
	}
	return err
}

// setRun lets the run last from the first of the days to the end of the last, with the first ones as warm-up.
func (a *replayArgs) setRun(days []calendar.Instant) error {
	const week = 7
	all, warm := len(days)-1, 0
	if all >= 4*week {
		warm = week
	}
	if a.warmUp != "" {
		length, err := calendar.ParseDuration(a.warmUp)
		if err != nil || length%calendar.Day != 0 {
			return badInput("--warm-up %s, want whole days such as 7d or 1w", a.warmUp)
		}
		if warm = int(length / calendar.Day); warm >= all {
			return badInput("--warm-up %s, want less than the %d days of the log", a.warmUp, all)
		}
	}
	switch a.again = workloads.Resampling(max(0, slices.Index(reports.Resamplings[:], a.resample))); {
	case a.resample == "" && all >= 2*week:
		a.again = workloads.ByDays
	case a.again != workloads.AsRecorded && all < 2*week:
		return badInput("--resample %s draws among days of at least two weeks, and the log has %d days", a.resample, all)
	}
	start, end := days[warm], days[all]
	a.scenario.sets = append(a.scenario.sets, "run.start="+start.String(), fmt.Sprintf("run.warm_up=%s", start.Sub(days[0])),
		fmt.Sprintf("run.days=%v", float64(end.Sub(start))/float64(calendar.Day)))
	return nil
}

// match finds what the values of the log mean: by flags, by the log block, by their names.
func (a *replayArgs) match(cases *replay.Collector, log *trace.Log, to *scenario.Compiled) ([]replay.Value, error) {
	known, places := replay.Meanings{}, map[string]scenario.Position{}
	for _, role := range replay.Attributes {
		known[role] = map[string]string{}
		for _, entry := range a.log.def.Log.Values.Of(role.String()) {
			for _, value := range entry.Value {
				if slices.Contains(log.Values[role], string(value)) { // another log may lack it
					known[role][string(value)] = entry.Name
					places[role.String()+"."+string(value)] = entry.At
				}
			}
		}
		maps.Copy(known[role], a.meanings[role])
	}
	values, err := cases.Match(log, to, known)
	var wrong *replay.ValueError
	if errors.As(err, &wrong) {
		if at, isBlock := places[wrong.Attribute.String()+"."+wrong.Value]; isBlock && a.meanings[wrong.Attribute][wrong.Value] == "" {
			return nil, scenario.Problems{{Position: at, Text: wrong.Text}}
		}
		return nil, badInput("--value: %w", err)
	}
	return values, err
}

// play simulates the recording, and counts what was recorded of it.
func (a *replayArgs) play(ctx context.Context, s *session, model *sim.Model, recording *workloads.Recording) (*reports.ReplayInput, error) {
	played, err := replay.Bind(model, recording)
	if err != nil {
		return nil, err
	}
	in := &reports.ReplayInput{Recording: recording}
	progress := s.newProgress(int64(played.Workload.ExpectedCases()*float64(model.Scenario.Replications)), a.quiet)
	in.Simulated, err = experiment.Run(ctx, played, experiment.Options{Workers: a.workers, Arrived: progress.add})
	progress.end()
	switch {
	case err != nil && !errors.Is(err, context.Canceled):
		return nil, err
	case len(in.Simulated.Replications) == 0:
		return nil, errNothingFinished
	}
	ctx = context.WithoutCancel(ctx) // what was finished is told
	if in.Recorded, err = replay.Recorded(ctx, played, recording, len(in.Simulated.Replications), a.workers); err != nil {
		return nil, err
	}
	in.Own, err = replay.Own(ctx, model, recording)
	return in, err
}

// write writes the report, and the folder where one is asked for.
func (a *replayArgs) write(s *session, report *reports.Replay, out *folder.Folder) error {
	var err error
	switch a.format {
	case "json":
		err = writeJSON(s.out, report)
	case "csv":
		err = csv.NewWriter(s.out).WriteAll(report.Rows())
	default:
		err = text.Render(s.out, report.Document(), s.page())
	}
	switch {
	case err != nil:
		return err
	case report.Partial:
		return &exitError{exitInterrupted, errors.New("interrupted: the result is partial" + a.folder.unwritten())}
	case out == nil:
		return nil
	}
	return fill(out, []folderFile{
		{folder.Mark, func(w io.Writer) error { return writeJSON(w, report) }},
		{"figures.csv", func(w io.Writer) error { return csv.NewWriter(w).WriteAll(report.Rows()) }},
		{"report.html", func(w io.Writer) error { return html.Render(w, report.Report()) }},
	})
}

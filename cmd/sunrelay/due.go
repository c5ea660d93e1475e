package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sunrelay/cmd/sunrelay/internal/due"
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/reports"
	"sunrelay/reports/text"
)

// alwaysOpen is the calendar that needs no file.
const alwaysOpen = "always"

// dueArgs are the arguments of due.
type dueArgs struct {
	scenario           scenarioArgs // with the calendars
	file               string       // of calendars alone
	calendar           string
	start, target, end string
	pauses             []string
	batch, out         string
}

func dueCommand(s *session) *cobra.Command {
	var a dueArgs
	cmd := &cobra.Command{
		Use:   "due",
		Short: "Explain a deadline step by step, or compute millions from a CSV file",
		Long: `Due says when a target is used up that counts only the opening hours of a calendar, and how it comes
about; with --end instead of --target, how much open time lies between two instants.

A time without offset, such as 2026-03-06T16:30, is local to the calendar. Targets: 30m 2h 3d 2w
(elapsed time), 4bh 90bm (open time), 2bd next_bd 0bd (business days), 1mo (months).

With --batch, a CSV file whose first row names the columns calendar, start and target gets a column
due; one with calendar, start and end gets open_seconds. Other columns stay as they are. The name -
means standard input or output.`,
		Example: `  sunrelay due --scenario citrix --calendar dublin --start 2026-03-06T16:30 --target 8bh
  sunrelay due --scenario citrix --calendar dublin --start 2026-03-06 --end 2026-03-13
  sunrelay due --calendars hours.yaml --batch cases.csv --out dues.csv`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return internal(runDue(s, &a)) },
	}
	a.scenario.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&a.scenario.name, "scenario", "", "`SCENARIO` whose calendars to use")
	flags.StringVar(&a.file, "calendars", "", "`file` with a calendars: block, a scenario or nothing else")
	flags.StringVar(&a.calendar, "calendar", "", "`name` of the calendar; always is open round the clock")
	flags.StringVar(&a.start, "start", "", "`time` at which the clock starts")
	flags.StringVar(&a.target, "target", "", "how much time is promised, such as 8bh")
	flags.StringVar(&a.end, "end", "", "`time` up to which to count open time, instead of --target")
	flags.StringArrayVar(&a.pauses, "pause", nil, "`FROM/TO`: the clock stands still (may be repeated)")
	flags.StringVar(&a.batch, "batch", "", "CSV `file` of questions")
	flags.StringVar(&a.out, "out", "-", "CSV `file` of answers, for --batch")
	return cmd
}

func runDue(s *session, a *dueArgs) error {
	calendars, err := s.calendars(a)
	if err != nil {
		return err
	}
	if a.batch != "" {
		if a.calendar+a.start+a.target+a.end != "" || len(a.pauses) > 0 {
			return badInput("due --batch reads its questions from the file, want no --calendar, --start, --target, --end or --pause")
		}
		return s.dueBatch(a.batch, a.out, calendars)
	}
	if a.out != "-" {
		return badInput("due --out needs --batch")
	}
	return s.explain(a, calendars)
}

// calendars are those that the arguments name.
func (s *session) calendars(a *dueArgs) (*due.Calendars, error) {
	if a.file != "" && a.scenario.name != "" {
		return nil, badInput("due wants --calendars or --scenario, not both")
	}
	name := a.file + a.scenario.name
	source, err := s.source(name)
	if err != nil {
		return nil, err
	}
	if name == "" {
		if a.calendar != alwaysOpen {
			return nil, badInput("due needs --calendars FILE or --scenario SCENARIO for calendars other than %s", alwaysOpen)
		}
		source.Name, source.Data = "no file", []byte("calendars: {}")
	}
	file, err := scenario.LoadCalendars(source, a.scenario.sets)
	if err != nil {
		return nil, err
	}
	return due.NewCalendars(file), nil
}

// question is what one call of due asks.
type question struct {
	args    *dueArgs
	hours   *due.Hours
	always  *due.Hours
	start   calendar.Instant
	reading due.Reading
	pauses  []calendar.Interval
}

func (s *session) explain(a *dueArgs, calendars *due.Calendars) error {
	switch {
	case a.calendar == "" || a.start == "":
		return badInput("due needs --calendar and --start, or --batch")
	case (a.target == "") == (a.end == ""):
		return badInput("due needs either --target or --end")
	}
	q := question{args: a}
	var err error
	if q.hours, err = calendars.Find(a.calendar); err != nil {
		return badInput("--calendar: %w", err)
	}
	if q.always, err = calendars.Find("always"); err != nil {
		return err // every file has it
	}
	if q.start, q.reading, err = q.hours.ParseTime(a.start); err != nil {
		return badInput("--start: %w", err)
	}
	if err := q.parsePauses(); err != nil {
		return err
	}
	answer := q.openTime
	if a.target != "" {
		answer = q.deadline
	}
	document, err := answer()
	if err != nil {
		return err
	}
	return text.Render(s.out, document, s.page())
}

func (q *question) parsePauses() error {
	for _, pause := range q.args.pauses {
		from, to, found := strings.Cut(pause, "/")
		if !found {
			return badInput("--pause %s, want FROM/TO, such as 2026-03-06T12:00/2026-03-07T09:30", pause)
		}
		begin, _, errFrom := q.hours.ParseTime(from)
		end, _, errTo := q.hours.ParseTime(to)
		if err := errors.Join(errFrom, errTo); err != nil {
			return badInput("--pause: %w", err)
		}
		if end <= begin {
			return badInput("--pause %s ends before it begins", pause)
		}
		q.pauses = append(q.pauses, calendar.Interval{From: begin, To: end})
	}
	return nil
}

// deadline answers the question when the target is due.
func (q *question) deadline() (*reports.Document, error) {
	target, err := due.ParseTarget(q.args.target)
	if err != nil {
		return nil, badInput("--target: %w", err)
	}
	hours := q.hours
	if len(q.pauses) > 0 && target.Unit == calendar.Elapsed {
		// Elapsed time without the pauses is open time of a calendar that never closes.
		hours, target.Unit = q.always, calendar.Open
	}
	at, steps, err := hours.ExplainDue(q.start, target, q.pauses)
	if err != nil {
		return nil, badInput("%w", err)
	}
	d := q.document("Due "+q.local(at)+" = "+at.String(), target.Unit, steps)
	d.Lead = append(d.Lead, "Target: "+q.args.target)
	d.Sections[0].Tables[0].Rows[0][4].Text = amount(target.Amount, target.Unit)
	return d, nil
}

// openTime answers the question how much open time there is.
func (q *question) openTime() (*reports.Document, error) {
	end, _, err := q.hours.ParseTime(q.args.end)
	if err != nil {
		return nil, badInput("--end: %w", err)
	}
	open, steps, err := q.hours.ExplainOpen(q.start, end, q.pauses)
	if err != nil {
		return nil, badInput("%w", err)
	}
	title := fmt.Sprintf("Open time %v = %v seconds", open, open.Seconds())
	d := q.document(title, calendar.Open, steps)
	d.Lead = append(d.Lead, "End: "+q.local(end)+" = "+end.String())
	d.Sections[0].Tables[0].Rows[0][4].Text = amount(int64(open), calendar.Open)
	return d, nil
}

// readings tell how the start was read.
var readings = map[due.Reading]string{
	due.AsWritten: "by its own offset",
	due.Local:     "read as local time of the calendar",
	due.First:     "local time of the calendar, which clocks show twice on that day: the first is meant",
	due.Skipped:   "local time of the calendar, which clocks skip on that day: moved to the change",
}

// mostSteps is how many steps are told; of a longer way the middle is left out.
const mostSteps = 60

func (q *question) document(title string, unit calendar.Unit, steps []calendar.Step) *reports.Document {
	zone := q.hours.Zone.String()
	t := reports.Table{Columns: []reports.Column{
		{Heading: "until (" + zone + ")"}, {Heading: "until (UTC)"}, {Heading: "what"},
		{Heading: "used", Align: reports.Right}, {Heading: "left", Align: reports.Right},
	}}
	add := func(at calendar.Instant, what, used, left string) {
		t.Rows = append(t.Rows, []reports.Cell{{Text: q.local(at)}, {Text: at.String()}, {Text: what}, {Text: used}, {Text: left}})
	}
	add(q.start, "start", "", "")
	for i, step := range steps {
		if len(steps) > mostSteps && i >= mostSteps/2 && i < len(steps)-mostSteps/2 {
			if i == mostSteps/2 {
				add(steps[len(steps)-mostSteps/2].Interval.From, fmt.Sprintf("(%d steps left out)", len(steps)-mostSteps), "", "")
			}
			continue
		}
		what, used := step.Reason, ""
		if step.Open {
			used = amount(step.Used, unit)
		} else if what != due.Paused {
			what = "closed: " + what
		}
		add(step.Interval.To, what, used, amount(step.Left, unit))
	}
	return &reports.Document{
		Title: title,
		Lead: []string{
			"Calendar: " + q.args.calendar + ", local times of " + zone,
			"Start: " + q.local(q.start) + " = " + q.start.String() + ", " + readings[q.reading],
		},
		Sections: []reports.Section{{Tables: []reports.Table{t}}},
	}
}

// local is an instant as clocks of the calendar show it.
func (q *question) local(at calendar.Instant) string {
	const layout = "Mon 2006-01-02 15:04:05.999 -07:00"
	shown := at.Time().In(q.hours.Zone)
	if shown.Truncate(time.Minute).Equal(shown) {
		return shown.Format("Mon 2006-01-02 15:04 -07:00")
	}
	return shown.Format(layout)
}

// amount is so much of a target.
func amount(n int64, unit calendar.Unit) string {
	switch unit {
	case calendar.BusinessDays:
		return fmt.Sprintf("%dbd", n)
	case calendar.Months:
		return fmt.Sprintf("%dmo", n)
	}
	return calendar.Duration(n).String()
}

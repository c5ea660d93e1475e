package reports

import (
	"fmt"
	"strings"
	"time"
)

// Document is the story for people.
func (t *Trace) Document() *Document {
	title := t.Scenario
	if t.Title != "" {
		title += ": " + t.Title
	}
	d := &Document{
		Title: title,
		Lead: []string{
			fmt.Sprintf("Case %s of replication %d, seed %d, key %s", Count(t.Case), t.Replication, t.Seed, t.Key),
			fmt.Sprintf("Plan %s, severity %s, region %s, language %s, channel %s", t.Plan, t.Severity, t.Region, t.Language, t.Channel),
		},
	}
	if !t.Measured {
		d.Lead = append(d.Lead, "It arrived in the warm-up: none of its clocks counts.")
	}
	d.add(t.clockSection())
	d.add(t.lifeSection())
	return d
}

func (t *Trace) clockSection() Section {
	columns := []Column{{"milestone", Left}, {"target", Left}, {"calendar", Left}}
	for _, zone := range t.zones() {
		columns = append(columns, Column{"due (" + zone.String() + ")", Left})
	}
	table := Table{Columns: append(columns, Column{"reached", Left}, Column{"counts as", Left})}
	for i := range t.Clocks {
		c := &t.Clocks[i]
		if c.Calendar == "" {
			continue
		}
		row := append(words(c.Milestone, c.Target, c.Calendar), t.moments(c.Due)...)
		row = append(row, Cell{Text: c.margin()}, Cell{Text: c.verdict(), Tone: clockTones[c.Verdict]})
		table.Rows = append(table.Rows, row)
	}
	return Section{Heading: "Clocks", Tables: []Table{table}}
}

// clockTones colours verdicts.
var clockTones = map[string]Tone{"met": Good, "breached": Bad}

// margin says how early or late the milestone was reached.
func (c *TraceClock) margin() string {
	if c.LateSeconds == nil {
		return ""
	}
	late := *c.LateSeconds
	length, side := exactly(max(late, -late)), "early"
	if late > 0 {
		side = "late"
	}
	switch {
	case c.Reached == "" && late > 0:
		return "not, " + length + " after the due"
	case c.Reached == "":
		return "not, " + length + " before the due"
	case late == 0:
		return "on time"
	}
	return length + " " + side
}

func (c *TraceClock) verdict() string {
	words := strings.ReplaceAll(c.Verdict, "_", " ")
	if c.Cause != "" {
		words += ": " + strings.ReplaceAll(c.Cause, "_", "-")
	}
	return words
}

// zones are those in which instants are shown: UTC, and that of the customer if it is another.
func (t *Trace) zones() []*time.Location {
	if t.Zone == time.UTC.String() {
		return []*time.Location{time.UTC}
	}
	return []*time.Location{time.UTC, t.zone}
}

// moments are an instant of the document on the clocks of the zones, to the second; empty where there is none.
func (t *Trace) moments(at string) (cells []Cell) {
	instant, err := time.Parse(time.RFC3339Nano, at)
	for _, zone := range t.zones() {
		cell := Cell{}
		if err == nil {
			cell.Text = instant.In(zone).Format("Mon 2006-01-02 15:04:05")
		}
		cells = append(cells, cell)
	}
	return cells
}

// exactly is a length of time to the second; below one, to the millisecond.
func exactly(seconds float64) string {
	if seconds > 0 && seconds < 1 {
		return clockText(seconds, 1e-3)
	}
	return clockText(seconds, 1)
}

func (t *Trace) lifeSection() Section {
	var columns []Column
	for _, zone := range t.zones() {
		columns = append(columns, Column{zone.String(), Left})
	}
	table := Table{Columns: append(columns, Column{"what", Left}, Column{"for", Right})}
	for i := range t.Steps {
		s := &t.Steps[i]
		lasts := ""
		if s.Seconds != nil {
			lasts = exactly(*s.Seconds)
		}
		what, tone := t.what(s)
		table.Rows = append(table.Rows, append(t.moments(s.At), Cell{Text: what, Tone: tone}, Cell{Text: lasts}))
	}
	return Section{Heading: "Life", Tables: []Table{table}, Notes: []string{t.sums()}}
}

// what tells a step in words.
func (t *Trace) what(s *TraceStep) (string, Tone) {
	switch s.Kind {
	case "arrives":
		return "arrives for " + s.Tier, Plain
	case "waits":
		return s.waits(), Plain
	case "worked":
		return s.work(), Plain
	case "with_customer":
		return s.question(), Plain
	case "passed_over":
		return "passed over: an agent takes work that began to wait later", Doubtful
	case "escalated":
		return "escalated to " + s.Tier, Plain
	case "reached":
		return t.reached(s)
	case "ran_out":
		return t.ranOut(s), Bad
	}
	return "ends: " + t.Outcome, Plain
}

func (s *TraceStep) waits() string {
	text := "waits for " + s.Tier
	if s.Resumed {
		text = "what is left of the touch " + text
	}
	switch *s.Ahead {
	case 0:
		text += ", nothing ahead of it"
	case 1:
		text += ", 1 ahead of it"
	default:
		text += ", " + Count(int64(*s.Ahead)) + " ahead of it"
	}
	return text + s.beyond("still waiting")
}

func (s *TraceStep) work() string {
	a := s.Agent
	text := fmt.Sprintf("touch %d at %s begun by agent %d of %s.%s, shift %s", s.Touch, s.Tier, a.Number, a.Centre, a.Pool, a.Shift)
	if s.Resumed {
		text = strings.Replace(text, "begun", "continued", 1)
	}
	if s.Rereading != nil {
		text += ", with " + exactly(*s.Rereading) + " of reading it again"
	}
	switch s.Stopped {
	case "interrupted":
		text += "; interrupted by more urgent work"
	case "handed_over":
		text += "; handed over at the end of the shift"
	}
	return text + s.beyond("still in work")
}

func (s *TraceStep) question() string {
	text := "the customer is asked"
	if s.Silent {
		text += ", and never answers"
	}
	return text + s.beyond("no answer yet")
}

// beyond is what holds at the end of the run of a step that lasts longer.
func (s *TraceStep) beyond(state string) string {
	if !s.Open {
		return ""
	}
	return "; " + state + " when the run ends"
}

func (t *Trace) reached(s *TraceStep) (string, Tone) {
	c := t.find(s.Milestone)
	margin := c.margin()
	switch {
	case margin == "":
		margin = "nothing was promised"
		if c.Calendar != "" {
			margin = "long before the due"
		}
		return s.Milestone + " reached, " + margin, Plain
	case *c.LateSeconds > 0:
		return s.Milestone + " reached, " + margin, Bad
	}
	return s.Milestone + " reached, " + margin, Good
}

// ranOut tells that a due passes, and why the milestone was not reached by then.
func (t *Trace) ranOut(s *TraceStep) string {
	text := s.Milestone + " is due"
	c := t.find(s.Milestone)
	if c.Cause == "" {
		return text + " and not reached; not counted"
	}
	return text + " and not reached: breach, because of " + strings.ReplaceAll(c.Cause, "_", "-")
}

func (t *Trace) sums() string {
	return fmt.Sprintf("Waited %s, worked on %s, with the customer %s: %s from arrival to %s.", exactly(t.WaitedSeconds),
		exactly(t.WorkedSeconds), exactly(t.CustomerSeconds), exactly(t.LifeSeconds), t.end())
}

func (t *Trace) end() string {
	if t.Outcome == "open" {
		return "the end of the run, where it is open"
	}
	return "the end"
}

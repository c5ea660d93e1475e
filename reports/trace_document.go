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
			t.which(),
			fmt.Sprintf("Plan %s, severity %s, region %s, language %s, channel %s", t.Plan, t.Severity, t.Region, t.Language, t.Channel),
		},
	}
	if t.Origin != nil {
		d.Lead = append(d.Lead, t.Origin.words())
	}
	if !t.Measured {
		d.Lead = append(d.Lead, "It arrived in the warm-up: clocks that started in it do not count.")
	}
	d.add(t.clockSection())
	d.add(t.lifeSection())
	return d
}

// which names the case, by its number where the workload has it.
func (t *Trace) which() string {
	name := "Case " + Count(t.Case)
	if t.Case == 0 {
		name = "A case that arose in the run"
	}
	return fmt.Sprintf("%s of replication %d, seed %d, key %s", name, t.Replication, t.Seed, t.Key)
}

// words say where the case comes from.
func (o *TraceOrigin) words() string {
	from := "a case that arose in the run as well, key " + o.Key
	if o.Case > 0 {
		from = "case " + Count(o.Case) + ", key " + o.Key
	}
	if o.How == "split_off" {
		return "Split off from " + from
	}
	return "Opened because the customer came back too late to " + from
}

func (t *Trace) clockSection() Section {
	columns := []Column{{"milestone", Left}, {"target", Left}, {"calendar", Left}, {"started (UTC)", Left}}
	for _, zone := range t.zones() {
		columns = append(columns, Column{"due (" + zone.String() + ")", Left})
	}
	table := Table{Columns: append(columns, Column{"reached", Left}, Column{"counts as", Left})}
	for i := range t.Clocks {
		c := &t.Clocks[i]
		if c.Calendar == "" {
			continue
		}
		row := append(words(c.Milestone, c.Target, c.Calendar, t.moments(c.Started)[0].Text), t.moments(c.Due)...)
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
	case c.StoodAt != "" && late <= 0:
		return "not, stands still " + length + " before the due"
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

// traceMoment is the layout of instants.
const traceMoment = "Mon 2006-01-02 15:04:05"

// moments are an instant of the document on the clocks of the zones, to the second; empty where there is none.
func (t *Trace) moments(at string) (cells []Cell) {
	instant, err := time.Parse(time.RFC3339Nano, at)
	for _, zone := range t.zones() {
		cell := Cell{}
		if err == nil {
			cell.Text = instant.In(zone).Format(traceMoment)
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
	return Section{Heading: "Life", Tables: []Table{table}, Notes: t.sums()}
}

// sums tell what the life consists of. Ways in which hardly any case spends time are told of where it did.
func (t *Trace) sums() []string {
	text := fmt.Sprintf("Waited %s, worked on %s, with the customer %s", exactly(t.WaitedSeconds), exactly(t.WorkedSeconds),
		exactly(t.CustomerSeconds))
	if t.OutsideSeconds > 0 {
		text += ", outside " + exactly(t.OutsideSeconds)
	}
	if t.ClosedSeconds > 0 {
		text += ", closed in between " + exactly(t.ClosedSeconds)
	}
	notes := []string{fmt.Sprintf("%s: %s from arrival to %s.", text, exactly(t.LifeSeconds), t.end())}
	if t.ContactsWaitedSeconds+t.ContactsSeconds > 0 {
		notes = append(notes, fmt.Sprintf("Beside that, contacts waited %s and took %s.", exactly(t.ContactsWaitedSeconds),
			exactly(t.ContactsSeconds)))
	}
	return notes
}

func (t *Trace) end() string {
	if t.Outcome == "open" {
		return "the end of the run, where it is open"
	}
	return "the end"
}

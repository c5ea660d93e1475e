package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sunrelay/model/sla"
)

// Document is the run for people. Rows without observations are left out.
func (run *Run) Document() *Document {
	d := &Document{Title: run.title(), Lead: []string{run.extent()}}
	for m := range sla.Milestone(sla.Milestones) {
		d.add(run.attainmentSection(m.String()))
	}
	d.add(run.timeSection())
	for m := range sla.Milestone(sla.Milestones) {
		d.add(run.causeSection(m.String()))
	}
	d.add(Section{Notes: run.shortNotes()})
	d.add(run.lossSection())
	d.add(run.countSection())
	d.add(run.waitSection())
	d.add(run.poolSection())
	d.add(run.backlogSection())
	d.add(run.moneySection())
	d.add(run.objectiveSection())
	if run.Precision != nil {
		d.add(run.Precision.section())
	}
	d.add(run.cautionSection())
	if run.Elapsed != nil {
		d.Sections = append(d.Sections, Section{Notes: []string{run.speed()}})
	}
	return d
}

// add appends a section that has something in it.
func (d *Document) add(s Section) {
	rows := 0
	for _, t := range s.Tables {
		rows += len(t.Rows)
	}
	if rows > 0 || len(s.Notes) > 0 || len(s.Points) > 0 || len(s.Charts) > 0 {
		d.Sections = append(d.Sections, s)
	}
}

func (run *Run) title() string {
	if run.Title == "" {
		return run.Scenario
	}
	return run.Scenario + ": " + run.Title
}

// extent says what was simulated.
func (run *Run) extent() string {
	replications := fmt.Sprintf("%d replications", run.Replications)
	switch {
	case run.Partial:
		replications = fmt.Sprintf("PARTIAL: %d of %d replications", run.Replications, run.ReplicationsAsked)
	case run.Replications == 1:
		replications = "1 replication"
	}
	text := fmt.Sprintf("%s cases in %s (%s each), seed %d, %s", Count(run.Cases), replications,
		Count(run.Cases/int64(max(1, run.Replications))), run.Seed, run.span())
	if run.WarmUpSeconds > 0 {
		text += " after a warm-up of " + Lasting(Number(run.WarmUpSeconds), Number(0)).Short()
	}
	return text
}

// span is the measured time.
func (run *Run) span() string { return spanText(run.Start, run.End) }

// spanText is a stretch of time, by dates where it begins and ends at midnight.
func spanText(from, to string) string {
	const midnight = "T00:00:00Z"
	start, wholeStart := strings.CutSuffix(from, midnight)
	end, wholeEnd := strings.CutSuffix(to, midnight)
	if !wholeStart || !wholeEnd {
		start, end = from, to
	}
	return start + " to " + end
}

func (run *Run) attainmentSection(milestone string) Section {
	t := Table{Columns: []Column{
		{"plan", Left}, {"severity", Left}, {"target", Left}, {"decided", Right}, {"attainment", Right},
		{"p50", Right}, {"p90", Right}, {"p99", Right},
	}}
	for _, a := range run.Attainment {
		if a.Milestone != milestone || a.Decided == 0 {
			continue
		}
		row := append(words(a.Plan, a.Severity, a.Target, Count(a.Decided)), figure(Percent(a.Attainment, a.HalfWidth)))
		t.Rows = append(t.Rows, append(row, run.responseOf(&a).cells()...))
	}
	return Section{Heading: "Attainment of " + milestone + " (met / decided), and time to it", Tables: []Table{t}}
}

// timeSection tells of the milestones that cases reach although no plan promises them, all plans together.
func (run *Run) timeSection() Section {
	t := Table{Columns: []Column{
		{"milestone", Left}, {"severity", Left}, {"reached", Right}, {"mean", Right}, {"p50", Right}, {"p90", Right}, {"p99", Right},
	}}
	for _, r := range run.SeverityResponses {
		promised := slices.ContainsFunc(run.Attainment, func(a Attainment) bool { return a.Milestone == r.Milestone })
		if r.Count == 0 || promised {
			continue
		}
		row := append(words(r.Milestone, r.Severity, Count(r.Count)), figure(Lasting(r.Mean, r.MeanHalfWidth)))
		t.Rows = append(t.Rows, append(row, r.cells()...))
	}
	return Section{Heading: "Time to milestones that no plan promises", Tables: []Table{t}}
}

// responseOf is the row of elapsed times that belongs to a promise.
func (run *Run) responseOf(a *Attainment) *Quantiles {
	for i := range run.Responses {
		r := &run.Responses[i]
		if r.Plan == a.Plan && r.Severity == a.Severity && r.Milestone == a.Milestone {
			return &r.Quantiles
		}
	}
	return &Quantiles{}
}

// cells are the three quantiles.
func (q *Quantiles) cells() []Cell {
	return []Cell{
		sideFigure(Lasting(q.P50, q.P50HalfWidth)),
		sideFigure(Lasting(q.P90, q.P90HalfWidth)),
		sideFigure(Lasting(q.P99, q.P99HalfWidth)),
	}
}

func (run *Run) waitSection() Section {
	t := Table{Columns: []Column{
		{"tier", Left}, {"severity", Left}, {"touches", Right}, {"waited", Right}, {"mean", Right},
		{"p50", Right}, {"p90", Right}, {"p99", Right},
	}}
	for _, w := range run.Waits {
		if w.Touches == 0 {
			continue
		}
		row := append(words(w.Tier, w.Severity, Count(w.Touches)),
			figure(Percent(w.Waited, w.WaitedHalfWidth)), figure(Lasting(w.Mean, w.MeanHalfWidth)))
		t.Rows = append(t.Rows, append(row, w.cells()...))
	}
	return Section{Heading: "Waits of touches for an agent", Tables: []Table{t}}
}

func (run *Run) poolSection() Section {
	t := Table{Columns: []Column{
		{"centre", Left}, {"pool", Left}, {"agents", Right}, {"occupancy", Right}, {"utilization", Right},
		{"touches", Right}, {"hand-overs", Right}, {"call-ins", Right}, {"hours on call", Right},
	}}
	for _, p := range run.Pools {
		row := words(p.Centre, p.Pool, Count(int64(p.Agents)))
		row = append(row, figure(Percent(p.Occupancy, p.OccupancyHalfWidth)), figure(Percent(p.Utilization, p.UtilizationHalfWidth)))
		if p.Occupancy > overloaded {
			row[3].Tone = Bad
		}
		row = append(row, words(Count(p.Touches), Count(p.HandOvers), "", "")...)
		if p.OnCallHours > 0 {
			row[7].Text, row[8].Text = Count(p.CallIns), Count(int64(math.Round(p.OnCallHours)))
		}
		t.Rows = append(t.Rows, row)
	}
	return Section{Heading: "Pools: occupancy = busy / available, utilization = busy / scheduled", Tables: []Table{t.withoutEmptyColumns()}}
}

func (run *Run) backlogSection() Section {
	b := &run.Backlog
	t := Table{Columns: []Column{{"", Left}, {"mean", Right}, {"at the end", Right}}}
	row := func(name string, mean, meanHalfWidth, end, endHalfWidth Number) {
		t.Rows = append(t.Rows, []Cell{{Text: name}, figure(Rounded(mean, meanHalfWidth)), figure(Rounded(end, endHalfWidth))})
	}
	row("open cases", b.OpenCases, b.OpenCasesHalfWidth, b.OpenCasesAtEnd, b.OpenCasesAtEndHalfWidth)
	row("waiting touches", b.WaitingTouches, b.WaitingTouchesHalfWidth, b.WaitingTouchesAtEnd, b.WaitingTouchesAtEndHalfWidth)
	return Section{Heading: "Backlog", Tables: []Table{t}}
}

// verdictTones colours the verdicts.
var verdictTones = map[string]Tone{Met: Good, Missed: Bad, Uncertain: Doubtful}

// verdictWords tell the verdicts.
var verdictWords = map[string]string{
	Met: "met", Missed: "missed", Uncertain: "uncertain: more replications may decide",
}

func (run *Run) objectiveSection() Section {
	return Section{Heading: "Objectives (one-sided bounds at 95 % for all together)", Tables: []Table{objectiveTable(run.Objectives)}}
}

func objectiveTable(objectives []Objective) Table {
	t := Table{Columns: []Column{{"objective", Left}, {"estimate", Right}, {"bound", Right}, {"in", Left}, {"verdict", Left}}}
	for _, o := range objectives {
		t.Rows = append(t.Rows, []Cell{
			{Text: o.Objective}, figure(o.figure(o.Estimate)), {Text: o.boundText()}, {Text: o.Period},
			{Text: verdictWords[o.Verdict], Tone: verdictTones[o.Verdict]},
		})
	}
	return t
}

// boundText is the bound, or why there is none.
func (o *Objective) boundText() string {
	if o.Estimate.Known() && !o.Bound.Known() {
		return "needs at least two replications"
	}
	return o.figure(o.Bound).Short()
}

// figure shows a value of the objective with the digits of its estimate.
func (o *Objective) figure(value Number) Figure {
	switch o.Unit {
	case shareUnit:
		return Percent(value, o.HalfWidth)
	case secondsUnit:
		return Lasting(value, o.HalfWidth)
	}
	f := Rounded(value, o.HalfWidth)
	f.Unit = o.Unit
	return f
}

func (run *Run) cautionSection() Section {
	var s Section
	switch n := len(run.Assumed); n {
	case 0:
	case 1:
		s.Notes = append(s.Notes, "1 block of figures is assumed, not from a source: "+run.Assumed[0]+".")
	default:
		s.Notes = append(s.Notes, fmt.Sprintf("%d blocks of figures are assumed, not from a source (--format json lists them).", n))
	}
	for _, w := range run.Warnings {
		s.Notes = append(s.Notes, "Warning: "+w+".")
	}
	return s
}

// speed says how fast the simulation was.
func (run *Run) speed() string {
	const shortest = 1e-3
	seconds := max(*run.Elapsed, shortest)
	step := 10 * time.Millisecond
	if seconds < 1 {
		step = time.Millisecond
	}
	took := time.Duration(seconds * float64(time.Second)).Round(step)
	perSecond := float64(run.Events) / seconds
	const noise = 0.03 // of a clock on a busy machine, relative
	return fmt.Sprintf("%s cases, %s events in %v: %s events/s.", Count(run.Cases), Count(run.Events), took,
		Rounded(Number(perSecond), Number(noise*perSecond)).Short())
}

// AttainmentRows are the rows of attainment for spreadsheets: a heading, then all of them, with all digits; what is not
// known is empty.
func (run *Run) AttainmentRows() [][]string {
	rows := [][]string{{
		"plan", "severity", "milestone", "target", "decided", "met", "undecided", "cancelled", "attainment", "half_width",
	}}
	for _, a := range run.Attainment {
		rows = append(rows, []string{
			a.Plan, a.Severity, a.Milestone, a.Target, fmt.Sprint(a.Decided), fmt.Sprint(a.Met), fmt.Sprint(a.Undecided),
			fmt.Sprint(a.Cancelled), a.Attainment.plain(), a.HalfWidth.plain(),
		})
	}
	return rows
}

// plain is the number with all its digits, empty where it is unknown.
func (n Number) plain() string {
	if !n.Known() {
		return ""
	}
	return fmt.Sprint(float64(n))
}

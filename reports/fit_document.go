package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/workloads/fit"
	"sunrelay/workloads/trace"
)

// Document is the fit for people: how the log was read, what it says, what it cannot tell.
func (f *Fit) Document() *Document {
	d := f.head()
	d.Sections = append(d.Sections, f.Log.columnSection(), f.arrivalSection())
	d.add(f.durationSection())
	if len(f.Mixes) > 0 {
		d.Sections = append(d.Sections, f.mixSection())
	}
	findings := Section{Heading: "What to know of the log"}
	for _, finding := range f.Findings {
		findings.Notes = append(findings.Notes, fmt.Sprintf("%s: %s.", finding.Code, finding.Text))
	}
	d.Sections = append(d.Sections, findings)
	if f.Check != nil {
		d.Sections = append(d.Sections, f.Check.section())
	}
	return d
}

// head is the title and how the log was read.
func (f *Fit) head() *Document {
	a := &f.Arrivals
	return &Document{
		Title: fmt.Sprintf("%s: %s cases opened from %s to %s", f.Log.Name, thousands(f.Cases), a.From, a.To),
		Lead: []string{
			f.Log.reading(),
			f.Log.zone(),
		},
	}
}

// form is how the file is written: what is not usual is named.
func (l *FitLog) form() string {
	form := l.Format
	if l.Encoding == "Latin-1" {
		form += " in Latin-1"
	}
	if l.Delimiter != "" && l.Delimiter != "," {
		form += fmt.Sprintf(" cut at %q", l.Delimiter)
	}
	return form
}

func (l *FitLog) reading() string {
	kind := "a case"
	if l.Events {
		kind = "an event"
	}
	return fmt.Sprintf("Read as %s, one row %s: %s rows, %s left out.", l.form(), kind, thousands(l.Rows), thousands(l.badRows()))
}

func (l *FitLog) badRows() (sum int) {
	for _, b := range l.Bad {
		sum += b.Rows
	}
	return sum
}

func (l *FitLog) zone() string {
	if l.ZoneGiven {
		return "Hours are those of " + l.Zone + "."
	}
	return "Times have no zone: taken for " + l.Zone + " (--zone says otherwise)."
}

func (l *FitLog) columnSection() Section {
	t := Table{Columns: []Column{{Heading: "meaning"}, {Heading: "column"}, {Heading: "dates"}}}
	for _, c := range l.Columns {
		t.Rows = append(t.Rows, words(c.Role, c.Column, c.Dates))
	}
	s := Section{Heading: "Columns in use (--map says otherwise)", Tables: []Table{t}}
	for _, b := range l.Bad {
		s.Notes = append(s.Notes, fmt.Sprintf("Left out: %s rows with %s.", thousands(b.Rows), b.Reason))
	}
	return s
}

func (f *Fit) arrivalSection() Section {
	a := &f.Arrivals
	t := Table{Columns: []Column{{Heading: "figure"}, {"value ± standard error", Right}}}
	row := func(name string, figure Figure) {
		if figure.Text != "" {
			t.Rows = append(t.Rows, words(name, figure.String()))
		}
	}
	none := Number(math.NaN())
	row("cases a week", a.PerWeek.figure())
	row("shape of busy days", a.Shape.figure())
	row("variance to mean of daily counts", Rounded(a.Ratio, none))
	if a.Growth.Error > 0 {
		row("growth a year", a.Growth.share())
	}
	row("touches a case", f.Touches.figure())
	row("hand-offs a case", f.HandOffs.figure())
	row("reopened", f.Reopened.share())
	row("promises kept", f.Met.share())
	row("customer's share of time to resolve", f.CustomerShare.share())
	s := Section{Heading: "Arrivals and figures", Tables: []Table{t}}
	if a.Refused != "" {
		s.Notes = append(s.Notes, "The rate of arrivals is not fitted: "+a.Refused+".")
	}
	return s
}

// figure is the figure for people, with its standard error.
func (f FitFigure) figure() Figure { return Rounded(f.Value, f.Error) }

// share is the figure in per cent.
func (f FitFigure) share() Figure { return Percent(f.Value, f.Error) }

// significant writes a number to so many figures; empty where it is unknown.
func significant(x float64, figures int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return fmt.Sprintf("%.*g", figures, x)
}

// durationNames are the names for people of what took so long.
var durationNames = map[string]string{
	"first_response": "opened to first response", "resolution": "opened to resolved", "resolved_to_closed": "resolved to closed",
	"promised": "opened to due", "handle_time": "handle time of a case",
}

func (f *Fit) durationSection() Section {
	t := Table{Columns: []Column{{Heading: "what"}, {Heading: "law"}, {"cases", Right}, {"open", Right}, {"median", Right}, {"p90", Right}, {"distance", Right}}}
	sampled := false
	for _, d := range f.Durations {
		sampled = sampled || d.Cases == fit.SampleSize
		law, _, _ := strings.Cut(d.Law, "(")
		t.Rows = append(t.Rows, words(durationNames[d.What], law, thousands(d.Cases), thousands(d.Open), span(d.Median), span(d.Quantiles[quantile90].Seconds), significant(float64(d.Distance), 2)))
	}
	s := Section{Heading: "How long things took", Tables: []Table{t}}
	if len(t.Rows) > 0 {
		s.Notes = []string{"Distance is the greatest difference of the law from the CDF of the half of the cases that it was not fitted on."}
	}
	if sampled {
		s.Notes = append(s.Notes, fmt.Sprintf("Of times of more than %s cases so many are drawn at random.", thousands(fit.SampleSize)))
	}
	return s
}

// span writes seconds for people; a dash where they are unknown.
func span(seconds Number) string {
	if !seconds.Known() {
		return "-"
	}
	switch d := time.Duration(float64(seconds) * float64(time.Second)); {
	case d < 2*time.Minute:
		return significant(d.Seconds(), 3) + " s"
	case d < 2*time.Hour:
		return significant(d.Minutes(), 3) + " min"
	case d <= 200*time.Hour:
		return significant(d.Hours(), 3) + " h"
	}
	return significant(float64(seconds)/calendar.Day.Seconds(), 3) + " d"
}

func (f *Fit) mixSection() Section {
	t := Table{Columns: []Column{{Heading: "attribute"}, {Heading: "value"}, {"cases", Right}, {"share ± standard error", Right}}}
	const most = 12
	shown, left := map[string]int{}, map[string]int{}
	for _, m := range f.Mixes {
		if shown[m.Attribute]++; shown[m.Attribute] > most {
			left[m.Attribute]++
			continue
		}
		t.Rows = append(t.Rows, words(m.Attribute, m.Value, thousands(m.Cases), FitFigure{m.Share, m.Error}.share().String()))
	}
	s := Section{Heading: "Mixes", Tables: []Table{t}}
	for role := trace.Severity; role <= trace.Plan; role++ {
		if n := left[role.String()]; n > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("And %d rarer values of %s.", n, role))
		}
	}
	return s
}

// Scenario is the scenario file.
func (f *Fit) Scenario() string { return f.result.Scenario(f.Log.Name) }

// thousands writes a number with separators.
func thousands(n int) string { return grouped(strconv.Itoa(n)) }

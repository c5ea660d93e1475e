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

// Fit is what a recorded log says, as a JSON document.
type Fit struct {
	Schema string `json:"schema"`
	Log    FitLog `json:"log"`
	Cases  int    `json:"cases"`
	Open   int    `json:"open_cases"`

	Arrivals      FitArrivals   `json:"arrivals"`
	Mixes         []FitShare    `json:"mixes"`
	Durations     []FitDuration `json:"durations"`
	Touches       FitFigure     `json:"touches"`
	HandOffs      FitFigure     `json:"hand_offs"`
	HandedOff     FitFigure     `json:"handed_off_share"`
	Reopened      FitFigure     `json:"reopened_share"`
	Met           FitFigure     `json:"met_share"`
	CustomerShare Number        `json:"customer_wait_share"`
	Findings      []fit.Finding `json:"findings"`
	Check         *FitCheck     `json:"check,omitempty"`

	result *fit.Result
}

// FitLog is how the log was read.
type FitLog struct {
	Name      string      `json:"name"`
	Format    string      `json:"format"`
	Delimiter string      `json:"delimiter,omitempty"`
	Encoding  string      `json:"encoding,omitempty"`
	Events    bool        `json:"one_row_an_event"`
	Zone      string      `json:"zone"`
	ZoneGiven bool        `json:"zone_given"`
	Rows      int         `json:"rows"`
	Bad       []FitReason `json:"bad_rows"`
	Columns   []FitColumn `json:"columns"`
}

// FitReason is why rows were left out.
type FitReason struct {
	Reason string `json:"reason"`
	Rows   int    `json:"rows"`
}

// FitColumn is a column with what it was taken for.
type FitColumn struct {
	Role   string `json:"role"`
	Column string `json:"column"`
	Dates  string `json:"dates,omitempty"`
}

// FitFigure is a figure with its standard error; null where the log does not have it.
type FitFigure struct {
	Value Number `json:"value"`
	Error Number `json:"standard_error"`
}

// FitArrivals is when cases arrive.
type FitArrivals struct {
	From        string          `json:"from"`
	To          string          `json:"to"` // inclusive
	PerWeek     FitFigure       `json:"cases_per_week"`
	Refused     string          `json:"refused,omitempty"`
	Shape       FitFigure       `json:"busy_day_shape"`
	Ratio       Number          `json:"variance_to_mean"`
	Growth      FitFigure       `json:"growth_per_year"`
	Grows       bool            `json:"growth_used"`
	Correlation Number          `json:"correlation_of_days"`
	Week        [168]float64    `json:"hour_of_week_weights"`
	WeekErrors  [168]float64    `json:"hour_of_week_standard_errors"`
	Unusual     []FitUnusualDay `json:"unusual_days"`
}

// FitUnusualDay is a day that was left out.
type FitUnusualDay struct {
	Date     string `json:"date"`
	Cases    int    `json:"cases"`
	Expected Number `json:"expected_cases"`
}

// FitShare is the share of a value of an attribute.
type FitShare struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
	Cases     int    `json:"cases"`
	Share     Number `json:"share"`
	Error     Number `json:"standard_error"`
}

// FitDuration is how long something took.
type FitDuration struct {
	What      string        `json:"what"`
	Cases     int           `json:"cases"`
	Open      int           `json:"open_cases"`
	Law       string        `json:"law,omitempty"`
	Distance  Number        `json:"held_out_distance"`
	Scores    []FitScore    `json:"held_out_log_scores"`
	Median    Number        `json:"median_seconds"`
	MedianErr Number        `json:"median_standard_error_seconds"`
	Quantiles []FitQuantile `json:"quantiles"`
}

// FitScore is how a family foretold what was held out.
type FitScore struct {
	Family string `json:"family"`
	Score  Number `json:"log_score"`
}

// FitQuantile is a recorded quantile.
type FitQuantile struct {
	Probability float64 `json:"probability"`
	Seconds     Number  `json:"seconds"`
}

// NewFit is the document of a result; name is that of the log.
func NewFit(r *fit.Result, name string) *Fit {
	l, a := r.Log, r.Arrivals
	f := &Fit{
		Schema: "sunrelay.fit/1", Cases: r.Cases, Open: r.Open, Touches: fitFigure(r.Touches), HandOffs: fitFigure(r.HandOffs), HandedOff: fitFigure(r.HandedOff),
		Reopened: fitFigure(r.Reopened), Met: fitFigure(r.Met), CustomerShare: Number(r.WaitShare), Findings: r.Findings, result: r,
		Log: newFitLog(l, name, r.Zone),
		Arrivals: FitArrivals{
			From: fit.Date(a.First), To: fit.Date(a.Last), PerWeek: fitFigure(a.PerWeek), Refused: r.Refused, Shape: fitFigure(a.Shape), Ratio: Number(a.Ratio),
			Growth: fitFigure(a.Growth), Grows: a.Grows, Correlation: Number(a.Correlation), Week: a.Profile, WeekErrors: a.ProfileErr,
		},
	}
	for _, d := range a.Unusual {
		f.Arrivals.Unusual = append(f.Arrivals.Unusual, FitUnusualDay{fit.Date(d.Date), d.Cases, Number(d.Expected)})
	}
	for role := trace.Severity; role <= trace.Plan; role++ {
		for _, s := range r.Mixes[role] {
			f.Mixes = append(f.Mixes, FitShare{role.String(), s.Value, s.Cases, Number(s.Part.Value), Number(s.Part.Error)})
		}
	}
	f.addDuration("first_response", r.Response)
	f.addDuration("resolution", r.Resolution)
	f.addDuration("resolved_to_closed", r.Lag)
	f.addDuration("promised", r.Promise)
	f.addDuration("handle_time", r.HandleTime)
	return f
}

// newFitLog is how a log called name was read, with its hours in a zone.
func newFitLog(l *trace.Log, name string, zone *time.Location) FitLog {
	log := FitLog{
		Name: name, Format: l.Format, Delimiter: l.Delimiter, Encoding: l.Encoding, Events: l.Events, Zone: zone.String(), ZoneGiven: l.ZoneGiven, Rows: l.Rows,
	}
	for _, b := range l.Bad {
		log.Bad = append(log.Bad, FitReason{b.Text, b.Rows})
	}
	for _, c := range l.Columns {
		log.Columns = append(log.Columns, FitColumn{c.Role.String(), c.Name, string(c.Dates)})
	}
	return log
}

func fitFigure(e fit.Estimate) FitFigure { return FitFigure{Number(e.Value), Number(e.Error)} }

func (f *Fit) addDuration(what string, d *fit.Duration) {
	if d == nil {
		return
	}
	seconds := func(milliseconds float64) Number { return Number(milliseconds / 1000) }
	out := FitDuration{
		What: what, Cases: d.Cases, Open: d.Open, Law: d.Law, Distance: Number(d.Distance),
		Median: seconds(d.Median.Value), MedianErr: seconds(d.Median.Error),
	}
	for _, s := range d.Held {
		out.Scores = append(out.Scores, FitScore{s.Family, Number(s.LogScore)})
	}
	for i, p := range fit.Levels {
		out.Quantiles = append(out.Quantiles, FitQuantile{p, seconds(d.Quantiles[i])})
	}
	f.Durations = append(f.Durations, out)
}

// Document is the fit for people: how the log was read, what it says, what it cannot tell.
func (f *Fit) Document() *Document {
	a := &f.Arrivals
	d := &Document{
		Title: fmt.Sprintf("%s: %s cases opened from %s to %s", f.Log.Name, thousands(f.Cases), a.From, a.To),
		Lead: []string{
			f.Log.reading(),
			f.Log.zone(),
		},
	}
	d.Sections = append(d.Sections, f.Log.columnSection(), f.arrivalSection(), f.durationSection())
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

func (l *FitLog) reading() string {
	kind := "a case"
	if l.Events {
		kind = "an event"
	}
	return fmt.Sprintf("Read as %s, one row %s: %s rows, %s left out.", l.Format, kind, thousands(l.Rows), thousands(l.badRows()))
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
	t := Table{Columns: []Column{{Heading: "figure"}, {"value", Right}, {"± standard error", Right}}}
	row := func(name string, v FitFigure, scale float64, unit string) {
		if v.Value.Known() {
			t.Rows = append(t.Rows, words(name, withUnit(float64(v.Value)*scale, 4, unit), withUnit(float64(v.Error)*scale, 2, unit)))
		}
	}
	row("cases a week", a.PerWeek, 1, "")
	row("shape of busy days", a.Shape, 1, "")
	row("variance to mean of daily counts", FitFigure{a.Ratio, Number(math.NaN())}, 1, "")
	if a.Growth.Error > 0 {
		row("growth a year", a.Growth, 100, " %")
	}
	row("touches a case", f.Touches, 1, "")
	row("hand-offs a case", f.HandOffs, 1, "")
	row("reopened", f.Reopened, 100, " %")
	row("promises kept", f.Met, 100, " %")
	row("customer's share of time to resolve", FitFigure{f.CustomerShare, Number(math.NaN())}, 100, " %")
	s := Section{Heading: "Arrivals and figures", Tables: []Table{t}}
	if a.Refused != "" {
		s.Notes = append(s.Notes, "The rate of arrivals is not fitted: "+a.Refused+".")
	}
	return s
}

// withUnit is a number to so many figures with its unit; empty where it is unknown.
func withUnit(x float64, figures int, unit string) string {
	text := significant(x, figures)
	if text == "" {
		return ""
	}
	return text + unit
}

// significant writes a number to so many figures; empty where it is unknown.
func significant(x float64, figures int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return fmt.Sprintf("%.*g", figures, x)
}

func (f *Fit) durationSection() Section {
	t := Table{Columns: []Column{{Heading: "from opened"}, {"cases", Right}, {"open", Right}, {"median", Right}, {"p90", Right}, {Heading: "law"}, {"distance", Right}}}
	for _, d := range f.Durations {
		law, _, _ := strings.Cut(d.Law, "(")
		t.Rows = append(t.Rows, words(strings.ReplaceAll(d.What, "_", " "), thousands(d.Cases), thousands(d.Open), span(d.Median), span(d.Quantiles[11].Seconds), law, significant(float64(d.Distance), 2)))
	}
	return Section{Heading: "How long things took", Tables: []Table{t}, Notes: []string{
		"Distance is the greatest difference of the law from the CDF of the half of the cases that it was not fitted on.",
	}}
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
	t := Table{Columns: []Column{{Heading: "attribute"}, {Heading: "value"}, {"cases", Right}, {"share", Right}, {"± standard error", Right}}}
	const most = 12
	shown, left := map[string]int{}, map[string]int{}
	for _, m := range f.Mixes {
		if shown[m.Attribute]++; shown[m.Attribute] > most {
			left[m.Attribute]++
			continue
		}
		t.Rows = append(t.Rows, words(m.Attribute, m.Value, thousands(m.Cases), significant(100*float64(m.Share), 3)+" %", significant(100*float64(m.Error), 2)+" %"))
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

package reports

import (
	"fmt"
	"math"

	"sunrelay/sim/backtest"
	"sunrelay/workloads/fit"
)

// FitCheck is how well a fit on the first part of a log foretold the rest.
type FitCheck struct {
	From         string     `json:"from"`
	Replications int        `json:"replications"`
	Days         []CheckDay `json:"days"`
	Inside       int        `json:"days_inside_90_percent_interval"`
	Weekdays     int        `json:"weekdays"`
	InsideWeek   int        `json:"weekdays_inside_90_percent_interval"`
	Ordinary     int        `json:"ordinary_days"` // neither bursts nor quiet days, which a fit leaves out
	InsideOrd    int        `json:"ordinary_days_inside_90_percent_interval"`
	Cases        CheckTotal `json:"cases"`

	HoursApart      Number          `json:"hour_of_week_distance"`
	HoursUsual      Number          `json:"hour_of_week_distance_usual"`
	Resolution      []CheckQuantile `json:"resolution"`
	ResolutionApart Number          `json:"resolution_distance"`
	Mixes           []CheckMix      `json:"mixes"`
	Promise         CheckPromise    `json:"resolved_within_target"`
	Met             Number          `json:"met_share"`
	MetBefore       Number          `json:"met_share_of_the_fit"`
}

// CheckDay is one day with its 90 % interval.
type CheckDay struct {
	Date      string `json:"date"`
	Recorded  int    `json:"recorded"`
	Simulated Number `json:"simulated"`
	Low       Number `json:"low"`
	High      Number `json:"high"`
	Inside    bool   `json:"inside"`
	Unusual   bool   `json:"unusual"`
}

// CheckTotal are all cases with their 90 % interval.
type CheckTotal struct {
	Recorded  Number `json:"recorded"`
	Simulated Number `json:"simulated"`
	Low       Number `json:"low"`
	High      Number `json:"high"`
}

// CheckQuantile is a quantile of times to resolve; null where too many cases are open.
type CheckQuantile struct {
	Probability float64 `json:"probability"`
	Recorded    Number  `json:"recorded_seconds"`
	Simulated   Number  `json:"simulated_seconds"`
	Low         Number  `json:"low_seconds"`
	High        Number  `json:"high_seconds"`
	Inside      bool    `json:"inside"`
}

// CheckMix is how the cases are mixed by an attribute: the share of them with other values than fitted, and below which it stays in
// 95 % of pairs of logs that are mixed alike.
type CheckMix struct {
	Attribute string       `json:"attribute"`
	Distance  Number       `json:"distance"`
	Usual     Number       `json:"distance_usual"`
	Shares    []CheckShare `json:"shares"`
}

// CheckShare is the share of a value.
type CheckShare struct {
	Value    string `json:"value"`
	Fitted   Number `json:"fitted"`
	Recorded Number `json:"recorded"`
}

// CheckPromise is the share of the cases that are resolved within the target of the scenario; null where it has none.
type CheckPromise struct {
	Recorded  Number `json:"recorded"`
	Simulated Number `json:"simulated"`
	Low       Number `json:"low"`
	High      Number `json:"high"`
	Inside    bool   `json:"inside"`
}

// AddCheck adds what a check found.
func (f *Fit) AddCheck(r *backtest.Result) {
	c := &FitCheck{
		From: fit.Date(r.Days[0].Date), Replications: backtest.Replications, Inside: r.Inside, Weekdays: r.Weekdays, InsideWeek: r.InsideWeek,
		Ordinary: r.Ordinary, InsideOrd: r.InsideOrd,
		Cases:      CheckTotal{Number(r.Recorded), Number(r.Simulated), Number(r.Low), Number(r.High)},
		HoursApart: Number(r.ProfileDistance), HoursUsual: Number(r.ProfileUsual), ResolutionApart: Number(r.ResolutionDistance), Met: Number(r.Met), MetBefore: f.Met.Value,
		Resolution: []CheckQuantile{}, Mixes: []CheckMix{},
	}
	for i := range r.Days {
		d := &r.Days[i]
		c.Days = append(c.Days, CheckDay{fit.Date(d.Date), d.Recorded, Number(d.Simulated), Number(d.Low), Number(d.High), d.Inside(), d.Unusual})
	}
	for _, q := range r.Resolution {
		c.Resolution = append(c.Resolution, CheckQuantile{
			q.Probability, Number(q.Recorded / 1000), Number(q.Simulated / 1000), Number(q.Low / 1000), Number(q.High / 1000), q.Inside(),
		})
	}
	for _, m := range r.Mixes {
		mix := CheckMix{Attribute: m.Attribute.String(), Distance: Number(m.Distance), Usual: Number(m.Usual)}
		for _, v := range m.Shares {
			mix.Shares = append(mix.Shares, CheckShare{v.Value, Number(v.Fitted), Number(v.Recorded)})
		}
		c.Mixes = append(c.Mixes, mix)
	}
	p := &r.Promise
	c.Promise = CheckPromise{Number(p.Recorded), Number(p.Simulated), Number(p.Low), Number(p.High), p.Inside()}
	f.Check = c
}

// section is the check for people.
func (c *FitCheck) section() Section {
	days := Table{Columns: []Column{{Heading: "day"}, {"recorded", Right}, {"simulated", Right}, {"90 % interval", Right}, {Heading: ""}}}
	const most = 31
	for _, d := range c.Days[:min(len(c.Days), most)] {
		days.Rows = append(days.Rows, append(words(d.Date, thousands(d.Recorded), inCases(d.Simulated), inCases(d.Low)+" to "+inCases(d.High)), d.verdict()))
	}
	s := Section{Heading: "Check: fitted before " + c.From + ", simulated from then on", Tables: []Table{days}}
	s.Notes = append(s.Notes,
		fmt.Sprintf("%d of %d days lie in their 90 %% interval, %d of the %d from Monday to Friday.", c.Inside, len(c.Days), c.InsideWeek, c.Weekdays),
		c.unusual(),
		fmt.Sprintf("All cases: %s recorded, %s simulated (90 %% interval %s to %s).", inCases(c.Cases.Recorded), inCases(c.Cases.Simulated), inCases(c.Cases.Low), inCases(c.Cases.High)),
		fmt.Sprintf("%s %% of the cases come in other hours of the week than simulated; up to %s %% are usual.", significant(100*float64(c.HoursApart), 3), significant(100*float64(c.HoursUsual), 3)))
	if len(c.Resolution) > 0 {
		times := Table{Columns: []Column{{Heading: "time to resolve"}, {"recorded", Right}, {"simulated", Right}, {"90 % interval", Right}, {Heading: ""}}}
		for _, q := range c.Resolution {
			row := words(fmt.Sprintf("p%g", 100*q.Probability), span(q.Recorded), span(q.Simulated), "", "")
			if q.Low.Known() {
				row[3].Text, row[4] = span(q.Low)+" to "+span(q.High), insideCell(q.Inside)
			}
			times.Rows = append(times.Rows, row)
		}
		s.Tables = append(s.Tables, times)
		s.Notes = append(s.Notes, fmt.Sprintf("The greatest difference of the CDFs of times to resolve is %s.", significant(float64(c.ResolutionApart), 2)))
	}
	if p := &c.Promise; p.Recorded.Known() {
		s.Notes = append(s.Notes, fmt.Sprintf("Resolved within the target of the scenario: %s recorded, %s simulated (90 %% interval %s to %s, %s).",
			Percent(p.Recorded, 0), Percent(p.Simulated, 0), Percent(p.Low, 0), Percent(p.High, 0), insideCell(p.Inside).Text))
	}
	if c.Met.Known() {
		s.Notes = append(s.Notes, fmt.Sprintf("Promises kept by the log's own column: %s after, %s before.", Percent(c.Met, 0), Percent(c.MetBefore, 0)))
	}
	for _, m := range c.Mixes {
		s.Notes = append(s.Notes, fmt.Sprintf("%s of the cases have another %s than fitted%s; up to %s are usual.", Percent(m.Distance, 0), m.Attribute, m.greatest(), Percent(m.Usual, 0)))
	}
	return s
}

// greatest names the value whose share changes most, where the mix is not as fitted.
func (m *CheckMix) greatest() string {
	if m.Distance <= m.Usual {
		return ""
	}
	most := &m.Shares[0]
	for i := range m.Shares {
		if s := &m.Shares[i]; math.Abs(float64(s.Recorded-s.Fitted)) > math.Abs(float64(most.Recorded-most.Fitted)) {
			most = s
		}
	}
	return fmt.Sprintf(", most of all %s with %s instead of %s", most.Value, Percent(most.Recorded, 0), Percent(most.Fitted, 0))
}

// verdict says how a day stands to its interval.
func (d *CheckDay) verdict() Cell {
	switch {
	case d.Unusual && d.Recorded < int(d.Simulated):
		return Cell{Text: "outside: a quiet day", Tone: Doubtful}
	case d.Unusual:
		return Cell{Text: "outside: a burst", Tone: Doubtful}
	}
	return insideCell(d.Inside)
}

// unusual says what the days are that no fit foretells.
func (c *FitCheck) unusual() string {
	n := len(c.Days) - c.Ordinary
	if n == 0 {
		return "No day is a burst or a quiet day."
	}
	return fmt.Sprintf("Unlike all others, and so probably a holiday, a gap in the log or a burst, which a fit leaves out of the rate and cannot foretell: %s. Of the %d others %d lie in their interval.",
		counted(n, "day"), c.Ordinary, c.InsideOrd)
}

// insideCell says whether a figure lies in its interval.
func insideCell(inside bool) Cell {
	if inside {
		return Cell{Text: "inside", Tone: Good}
	}
	return Cell{Text: "outside", Tone: Bad}
}

// inCases is a number of cases, whole.
func inCases(n Number) string { return thousands(int(math.Round(float64(n)))) }

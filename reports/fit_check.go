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
	Cases        CheckTotal `json:"cases"`

	HoursApart      Number          `json:"hour_of_week_distance"`
	HoursUsual      Number          `json:"hour_of_week_distance_usual"`
	Resolution      []CheckQuantile `json:"resolution"`
	ResolutionApart Number          `json:"resolution_distance"`
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
}

// AddCheck adds what a check found.
func (f *Fit) AddCheck(r *backtest.Result) {
	c := &FitCheck{
		From: fit.Date(r.Days[0].Date), Replications: backtest.Replications, Inside: r.Inside, Weekdays: r.Weekdays, InsideWeek: r.InsideWeek,
		Cases:      CheckTotal{Number(r.Recorded), Number(r.Simulated), Number(r.Low), Number(r.High)},
		HoursApart: Number(r.ProfileDistance), HoursUsual: Number(r.ProfileUsual), ResolutionApart: Number(r.ResolutionDistance), Met: Number(r.Met), MetBefore: f.Met.Value,
	}
	for i := range r.Days {
		d := &r.Days[i]
		c.Days = append(c.Days, CheckDay{fit.Date(d.Date), d.Recorded, Number(d.Simulated), Number(d.Low), Number(d.High), d.Inside()})
	}
	for _, q := range r.Resolution {
		c.Resolution = append(c.Resolution, CheckQuantile{q.Probability, Number(q.Recorded / 1000), Number(q.Simulated / 1000)})
	}
	f.Check = c
}

// section is the check for people.
func (c *FitCheck) section() Section {
	days := Table{Columns: []Column{{Heading: "day"}, {"recorded", Right}, {"simulated", Right}, {"90 % interval", Right}, {Heading: ""}}}
	const most = 31
	for _, d := range c.Days[:min(len(c.Days), most)] {
		verdict := Cell{Text: "inside", Tone: Good}
		if !d.Inside {
			verdict = Cell{Text: "outside", Tone: Bad}
		}
		days.Rows = append(days.Rows, append(words(d.Date, thousands(d.Recorded), thousands(int(d.Simulated)), fmt.Sprintf("%s to %s", thousands(int(d.Low)), thousands(int(d.High)))), verdict))
	}
	s := Section{Heading: "Check: fitted before " + c.From + ", simulated from then on", Tables: []Table{days}}
	s.Notes = append(s.Notes,
		fmt.Sprintf("%d of %d days lie in their 90 %% interval, %d of the %d from Monday to Friday.", c.Inside, len(c.Days), c.InsideWeek, c.Weekdays),
		fmt.Sprintf("All cases: %s recorded, %s simulated (90 %% interval %s to %s).", thousands(int(c.Cases.Recorded)), thousands(int(c.Cases.Simulated)), thousands(int(c.Cases.Low)), thousands(int(c.Cases.High))),
		fmt.Sprintf("%s %% of the cases come in other hours of the week than simulated; up to %s %% are usual.", significant(100*float64(c.HoursApart), 3), significant(100*float64(c.HoursUsual), 3)))
	if len(c.Resolution) > 0 {
		times := Table{Columns: []Column{{Heading: "time to resolve"}, {"recorded", Right}, {"simulated", Right}}}
		for _, q := range c.Resolution {
			times.Rows = append(times.Rows, words(fmt.Sprintf("p%g", 100*q.Probability), span(q.Recorded), span(q.Simulated)))
		}
		s.Tables = append(s.Tables, times)
		s.Notes = append(s.Notes, fmt.Sprintf("The greatest difference of the CDFs of times to resolve is %s.", significant(float64(c.ResolutionApart), 2)))
	}
	if !math.IsNaN(float64(c.Met)) {
		s.Notes = append(s.Notes, fmt.Sprintf("Promises kept: %s %% recorded, %s %% before.", significant(100*float64(c.Met), 3), significant(100*float64(c.MetBefore), 3)))
	}
	return s
}

package reports

import (
	"time"

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
	CustomerShare FitFigure     `json:"customer_wait_share"`
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
	Days        []FitDay        `json:"days,omitempty"` // that were simulated
}

// FitDay is a day of the log beside what the fitted scenario simulates.
type FitDay struct {
	Date      string `json:"date"`
	Cases     int    `json:"cases"`
	Used      bool   `json:"used"` // for the fit
	Simulated Number `json:"simulated"`
	Low       Number `json:"low"` // of the simulated 90 % band
	High      Number `json:"high"`
}

// Inside reports whether the day lies in the band.
func (d *FitDay) Inside() bool { return Number(d.Cases) >= d.Low && Number(d.Cases) <= d.High }

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
		Reopened: fitFigure(r.Reopened), Met: fitFigure(r.Met), CustomerShare: fitFigure(r.WaitShare), result: r,
		Findings: append([]fit.Finding{}, r.Findings...), Mixes: []FitShare{}, Durations: []FitDuration{}, Log: newFitLog(l, name, r.Zone),
		Arrivals: FitArrivals{
			From: fit.Date(a.First), To: fit.Date(a.Last), PerWeek: fitFigure(a.PerWeek), Refused: r.Refused, Shape: fitFigure(a.Shape), Ratio: Number(a.Ratio),
			Growth: fitFigure(a.Growth), Grows: a.Grows, Correlation: Number(a.Correlation), Week: a.Profile, WeekErrors: a.ProfileErr,
			Unusual: []FitUnusualDay{},
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
		Bad: []FitReason{}, Columns: []FitColumn{},
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
		Median: seconds(d.Median.Value), MedianErr: seconds(d.Median.Error), Scores: []FitScore{},
	}
	for _, s := range d.Held {
		out.Scores = append(out.Scores, FitScore{s.Family, Number(s.LogScore)})
	}
	for i, p := range fit.Levels {
		out.Quantiles = append(out.Quantiles, FitQuantile{p, seconds(d.Quantiles[i])})
	}
	f.Durations = append(f.Durations, out)
}

package reports

import (
	"slices"
	"strconv"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/sim/coverage"
)

// CoverageSchema names the form of the JSON document of the coverage proof. It changes when a key changes its meaning or
// goes away; keys may be added.
const CoverageSchema = "sunrelay.coverage/1"

// Coverage is what the coverage proof has to tell: the JSON document of the command coverage. It is about first responses
// in the measured time [Start, End).
type Coverage struct {
	Schema       string `json:"schema"`
	Scenario     string `json:"scenario"`
	Title        string `json:"title,omitempty"`
	ScenarioHash string `json:"scenario_hash"`
	Start        string `json:"start"` // RFC 3339 in UTC
	End          string `json:"end"`

	// The number of promises that enough agents in the present shifts can always keep, of those that they cannot, and of
	// those that are broken at single milliseconds only, which is no share of time.
	Kept             int `json:"kept"`
	Broken           int `json:"broken"`
	BrokenAtInstants int `json:"broken_at_instants"`

	Promises []CoveragePromise `json:"promises"` // by plan, severity, region, language, tier and channel, in the order of the file
}

// CoveragePromise is one first response that the workload asks for.
type CoveragePromise struct {
	Plan     string `json:"plan"`
	Severity string `json:"severity"`
	Language string `json:"language"`
	Region   string `json:"region"`
	Tier     string `json:"tier"` // where its cases start
	Target   string `json:"target"`
	Clock    string `json:"clock"` // whose hours count, as in the scenario file
	Zone     string `json:"zone"`  // of the region: hours and dates are local there

	// The channels by which its cases come. Where pools take some channels only, there are several promises.
	Channels []string `json:"channels"`

	// The channels that are answered at the end of the first touch: for their cases presence is necessary and not
	// sufficient, and more is broken than is proved.
	AnsweredAtEnd []string `json:"answered_at_end"`

	BrokenSeconds float64             `json:"broken_seconds"`
	BrokenShare   Number              `json:"broken_share"`  // of the measured time
	HoursOfWeek   []Number            `json:"hours_of_week"` // broken share of each hour, Monday 00:00 first; null where the run lacks the hour
	RegularHours  string              `json:"regular_hours"` // broken in more than half of the weeks; as hours of a calendar
	Exceptions    []CoverageException `json:"exceptions"`    // dates on which more is broken
	Intervals     []CoverageInterval  `json:"intervals"`     // of arrivals, exact
}

// CoverageException is a local date on which more is broken than the regular hours.
type CoverageException struct {
	Date    string  `json:"date"`
	Name    string  `json:"name"` // of the holidays that are the reason; empty where the reason is another one
	Seconds float64 `json:"seconds"`
}

// CoverageInterval is the half-open stretch [From, To) of arrivals, RFC 3339 in UTC.
type CoverageInterval struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// NewCoverage tells the proof.
func NewCoverage(proof *coverage.Proof) *Coverage {
	c := proof.Model.Scenario
	report := &Coverage{
		Schema: CoverageSchema, Scenario: c.Definition.Name, Title: c.Definition.Title, ScenarioHash: c.Hash,
		Start: c.Start.String(), End: c.End.String(), Promises: []CoveragePromise{},
	}
	for i := range proof.Promises {
		promise := &proof.Promises[i]
		switch {
		case promise.Kept():
			report.Kept++
		case promise.OnlyInstants():
			report.BrokenAtInstants++
		default:
			report.Broken++
		}
		report.Promises = append(report.Promises, newCoveragePromise(c, promise))
	}
	return report
}

func newCoveragePromise(c *scenario.Compiled, promise *coverage.Promise) CoveragePromise {
	plan, severity := &c.Definition.Plans[promise.Plan].Value, c.Severities[promise.Severity].Name
	region := &c.Regions[promise.Region]
	total := promise.Total()
	p := CoveragePromise{
		Plan: c.Plans[promise.Plan].Name, Severity: severity, Language: c.Languages[promise.Language].Name,
		Region: region.Name, Tier: c.Tiers[promise.Tier],
		Target: plan.FirstResponse.For(severity).Target.String(), Clock: plan.Coverage.For(severity).String(), Zone: region.Zone.String(),
		Channels: []string{}, AnsweredAtEnd: []string{},
		BrokenSeconds: total.Seconds(), BrokenShare: Number(total) / Number(c.End.Sub(c.Start)),
		RegularHours: regularHours(promise.Regular),
		Exceptions:   []CoverageException{}, Intervals: []CoverageInterval{},
	}
	if own := plan.FirstResponse.For(severity).Clock; own != nil {
		p.Clock = own.String()
	}
	for _, channel := range promise.Channels {
		p.Channels = append(p.Channels, c.Channels[channel].Name)
	}
	for _, channel := range promise.AnsweredAtEnd {
		p.AnsweredAtEnd = append(p.AnsweredAtEnd, c.Channels[channel].Name)
	}
	for _, h := range promise.Week {
		p.HoursOfWeek = append(p.HoursOfWeek, Number(h.Broken)/Number(h.Measured))
	}
	for _, e := range promise.Exceptions {
		p.Exceptions = append(p.Exceptions, CoverageException{e.Date.String(), strings.Join(e.Names, ", "), e.Extra.Seconds()})
	}
	for _, iv := range promise.Broken {
		p.Intervals = append(p.Intervals, CoverageInterval{iv.From.String(), iv.To.String()})
	}
	return p
}

// regularHours are spans of the week in the form of a calendar's hours, to the second; empty where there are none.
func regularHours(spans []coverage.Span) string {
	var hours calendar.Hours
	found := false
	for _, span := range spans {
		to := span.To - span.To%calendar.Second
		for at := span.From - span.From%calendar.Second; at < to; {
			day := at / calendar.Day
			end := min(to, (day+1)*calendar.Day)
			hours[day] = append(hours[day], calendar.Window{
				From: calendar.TimeOfDay(at - day*calendar.Day), To: calendar.TimeOfDay(end - day*calendar.Day),
			})
			at, found = end, true
		}
	}
	if !found {
		return ""
	}
	return hours.String()
}

// broken reports whether the promise is broken at more than single milliseconds, one for each interval.
func (p *CoveragePromise) broken() bool {
	return p.BrokenSeconds > (float64(len(p.Intervals))+0.5)*calendar.Millisecond.Seconds()
}

// Rows are the promises for spreadsheets: a heading, then all of them, kept ones too, with all digits.
func (report *Coverage) Rows() [][]string {
	rows := [][]string{{
		"plan", "severity", "language", "region", "tier", "target", "clock", "broken_seconds", "broken_share", "regular_hours",
		"exception_dates", "channels",
	}}
	for i := range report.Promises {
		p := &report.Promises[i]
		var dates []string
		for _, e := range p.Exceptions {
			dates = append(dates, e.Date)
		}
		rows = append(rows, []string{
			p.Plan, p.Severity, p.Language, p.Region, p.Tier, p.Target, p.Clock, strconv.FormatFloat(p.BrokenSeconds, 'f', -1, 64),
			p.BrokenShare.plain(), p.RegularHours, strings.Join(slices.Compact(dates), " "), strings.Join(p.Channels, " "),
		})
	}
	return rows
}

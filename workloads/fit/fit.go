package fit

import (
	"fmt"
	"math"
	"slices"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/workloads/trace"
)

// Result is what a log says.
type Result struct {
	Log        *trace.Log
	Zone       *time.Location
	Cases      int
	Open       int              // without an end
	Last       calendar.Instant // latest time in the log: open cases are at least as old as that
	Arrivals   *Arrivals
	Refused    string // why the arrivals' rate and week cannot be trusted; empty = they can
	Mixes      [trace.Plan + 1][]Share
	Response   *Duration // from opened to the first work
	Resolution *Duration // from opened to resolved, else closed
	Lag        *Duration // from resolved to closed
	Promise    *Duration // from opened to due
	HandleTime *Duration // recorded work of a case
	Touches    Estimate  // a case; NaN = not recorded
	HandOffs   Estimate
	HandedOff  Estimate // share of the cases
	Reopened   Estimate // share of the cases
	WaitShare  Estimate // of the customer's waiting in the time to resolve; NaN = not recorded
	Met        Estimate // share of promises kept
	Findings   []Finding
	work       work
}

// Share is the share of a value.
type Share struct {
	Value string
	Cases int
	Part  Estimate
}

// shortest is the fewest days from which arrivals are fitted.
const shortest = 14

// Fit estimates everything from the cases that were collected of the log. It ends the collection: it is called once. The error says
// what the log has too little of.
func (c *Collector) Fit(log *trace.Log) (*Result, error) {
	switch c.cases {
	case 0:
		return nil, fmt.Errorf("has no case on the dates that count, want at least %d days of cases", shortest)
	case 1:
		return nil, fmt.Errorf("has one case only, want at least %d days of cases", shortest)
	}
	first, last := c.window()
	if last-first+1 < shortest {
		return nil, fmt.Errorf("has cases of %d days only, want at least %d", last-first+1, shortest)
	}
	r := &Result{Log: log, Zone: c.zone, Cases: c.cases, Open: c.open, Last: c.lastSeen}
	r.Arrivals = fitArrivals(c.days, first, last)
	for role := trace.Severity; role <= trace.Plan; role++ {
		r.Mixes[role] = shares(log.Values[role], c.words[role])
	}
	c.endOpen()
	r.Response, r.Resolution = fitDuration(c.response.kept), fitDuration(c.resolution.kept)
	r.Lag, r.Promise, r.HandleTime = recorded(c.lag.kept), recorded(c.promise.kept), fitDuration(c.handling.kept)
	unknown := Estimate{math.NaN(), math.NaN()}
	r.Touches, r.HandOffs, r.HandedOff, r.Reopened, r.Met = unknown, unknown, unknown, unknown, unknown
	if c.touches.n > 0 {
		r.Touches = Estimate{c.touches.mean, c.touches.error()}
	}
	if c.handOffs.n > 0 {
		r.HandOffs, r.HandedOff = Estimate{c.handOffs.mean, c.handOffs.error()}, c.handOffs.share()
	}
	if c.reopened.n > 0 {
		r.Reopened = c.reopened.share()
	}
	if r.WaitShare = unknown; c.waitShare.below > 0 {
		r.WaitShare = c.waitShare.estimate()
	}
	if c.metKnown > 0 {
		p := float64(c.met) / float64(c.metKnown)
		r.Met = Estimate{p, math.Sqrt(p * (1 - p) / float64(c.metKnown))}
	}
	r.planWork(c.handling.kept)
	c.diagnose(r)
	return r, nil
}

// window is the first and the last local date with a case. Days before a gap of more than a year, such as those of a wrong year, are
// left out where they hold less than one case in a hundred.
func (c *Collector) window() (first, last int) {
	dates := make([]int, 0, len(c.days))
	for date := range c.days {
		dates = append(dates, date)
	}
	slices.Sort(dates)
	before := 0
	first, last = dates[0], dates[len(dates)-1]
	for i := 1; i < len(dates); i++ {
		before += c.days[dates[i-1]].arrivals()
		if dates[i]-dates[i-1] <= 365 {
			continue
		}
		switch {
		case before*100 < c.cases:
			first = dates[i]
		case (c.cases-before)*100 < c.cases:
			return first, dates[i-1]
		}
	}
	return first, last
}

// endOpen turns open cases into "longer than": up to the latest time in the log.
func (c *Collector) endOpen() {
	for i := range c.resolution.kept {
		if o := &c.resolution.kept[i]; o.open {
			o.value = float64(c.lastSeen) - o.value
		}
	}
}

// shares are the shares of the values that occur, the most frequent first.
func shares(values []string, counts []int) []Share {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	var all []Share
	for i, n := range counts {
		p := float64(n) / float64(sum)
		all = append(all, Share{values[i], n, Estimate{p, math.Sqrt(p * (1 - p) / float64(sum))}})
	}
	slices.SortStableFunc(all, func(a, b Share) int { return b.Cases - a.Cases })
	return all
}

// Date is a local date in ISO form.
func Date(days int) string { return time.Unix(int64(days)*86400, 0).UTC().Format(time.DateOnly) }

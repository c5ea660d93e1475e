package fit

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/workloads/trace"
)

// Finding is something that a reader of the fit must know of the log.
type Finding struct {
	Code string `json:"code"` // stable, such as regime_change
	Text string `json:"text"`
}

func (r *Result) find(code, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{code, fmt.Sprintf(format, args...)})
}

// diagnose says what the log can and cannot tell.
func (c *Collector) diagnose(r *Result) {
	c.findWindow(r)
	c.findClock(r)
	r.findDays()
	c.findRegimes(r)
	c.findTimes(r)
	r.findTouches()
	r.findMissing()
}

// findWindow finds logs that are cut so that arrivals near an edge are missing.
func (c *Collector) findWindow(r *Result) {
	if c.open > 0 {
		r.find("open_cases", "%d of %d cases (%s) have no end: they count as lasting longer than until %s, the latest time in the log",
			c.open, c.cases, percent(float64(c.open)/float64(c.cases)), r.Last.Time().In(r.Zone).Format(time.DateOnly))
	}
	a := r.Arrivals
	n := len(a.Daily)
	far := c.cases
	for _, y := range a.Daily {
		far -= y
	}
	if far > 0 {
		r.find("far_dates", "%d cases were opened more than a year before or after all others, as by a wrong year: they are left out of rate and week", far)
	}
	if c.open == 0 && a.Edges[0] > 0 {
		r.find("cut_by_closing", "no case is open and the first %d days have less than half the usual cases: the log seems to be cut by closing date, so that of those "+
			"days only cases that took long are here; they are left out of rate and week", a.Edges[0])
	}
	if c.open == 0 && a.Edges[1] > 0 {
		r.find("cut_by_closing", "no case is open and arrivals fade out in the last %d days: the log seems to be cut by closing date, so that cases which had not ended "+
			"are missing; those days are left out of rate and week, and times to resolve of them are not the usual ones", a.Edges[1])
	}
	if c.open > 0 && a.Edges[0]+a.Edges[1] > 0 {
		r.find("thin_edges", "the first %d and the last %d days have less than half the usual cases and are left out of rate and week", a.Edges[0], a.Edges[1])
	}
	empty := 0
	for _, y := range a.Daily {
		if y == 0 {
			empty++
		}
	}
	if out := a.Edges[0] + a.Edges[1]; c.open == 0 && 3*out > n {
		r.Refused = fmt.Sprintf("the log is cut by closing date, and that leaves out %d of its %d days", out, n)
	}
	if c.cases < n {
		r.Refused = fmt.Sprintf("%d cases in %d days are rather a sample than the workload of a desk", c.cases, n)
		r.find("few_cases", "%d cases in %d days, %d of them without any: rather a sample of cases than all of a desk; the rate is not to be trusted", c.cases, n, empty)
	}
}

// findEdges leaves out weeks at the edges of the log with less than half the cases that the half-year beside them has in the
// middle, where there are at least two of them.
func (a *Arrivals) findEdges() {
	weeks := a.weekly()
	thin := func(week func(i int) float64) (n int) {
		var beside []float64
		for i := range min(len(weeks), shortestTrend) {
			beside = append(beside, week(i))
		}
		for n < len(weeks)/2 && week(n) < middle(beside)/2 {
			n++
		}
		if n < 2 {
			return 0
		}
		return 7 * n
	}
	a.Edges[0] = thin(func(i int) float64 { return weeks[i] })
	a.Edges[1] = thin(func(i int) float64 { return weeks[len(weeks)-1-i] })
	if a.Edges[1] > 0 {
		a.Edges[1] += len(a.Daily) % 7
	}
	for i := range a.Daily {
		a.used[i] = i >= a.Edges[0] && i < len(a.Daily)-a.Edges[1]
	}
}

func (a *Arrivals) weekly() []float64 {
	var weeks []float64
	for from := 0; from+7 <= len(a.Daily); from += 7 {
		sum := 0.0
		for _, y := range a.Daily[from : from+7] {
			sum += float64(y)
		}
		weeks = append(weeks, sum)
	}
	return weeks
}

// middle is the median; 0 of nothing.
func middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// findClock finds a wall clock that is not that of the people, and the zone that was assumed.
func (c *Collector) findClock(r *Result) {
	if !r.Log.ZoneGiven {
		r.find("zone_assumed", "the times have no offset and no zone was given: hours are those of the log's wall clock, taken for %s", r.Zone)
	}
	if r.Arrivals.DatesOnly {
		r.find("no_time_of_day", "the log has dates without times of day: all hours of a day are taken for alike")
		return
	}
	hours := r.workdayHours()
	first, share := busiest(hours[:], workday)
	if share < 0.6 { // open round the clock: there is no working day to find
		return
	}
	off := lateness(first)
	if abs(off) < 4 {
		return
	}
	by := fmt.Sprintf("%d hours", abs(off))
	if summer, winter, known := c.seasons(); known && summer != winter {
		by = fmt.Sprintf("%d hours in summer and %d in winter", abs(lateness(summer)), abs(lateness(winter)))
	}
	r.find("shifted_clock", "most cases (%s) are opened from %02d:00 to %02d:00 on working days: rather a wall clock that is %s by about %s than work at night; "+
		"find out its zone and give it by --zone", percent(share), first, (first+workday)%24, lateOrEarly(off), by)
}

// workday is the length of a working day in hours, with the break.
const workday = 9

// lateness is by how many hours a working day begins after 08:00, from -12 to 11.
func lateness(first int) int { return (first-8+36)%24 - 12 }

func lateOrEarly(off int) string {
	if off > 0 {
		return "late"
	}
	return "early"
}

// seasons are the hours with which the working day begins from May to September and from November to February; they are known
// where both have 300 cases.
func (c *Collector) seasons() (summer, winter int, known bool) {
	var hours [2][24]float64
	var n [2]int
	for date, d := range c.days {
		season := 0
		switch time.Unix(int64(date)*86400, 0).UTC().Month() {
		case time.March, time.April, time.October:
			continue
		case time.November, time.December, time.January, time.February:
			season = 1
		}
		for h, cases := range d.hours {
			hours[season][h] += float64(cases)
		}
		n[season] += d.arrivals()
	}
	summer, _ = busiest(hours[0][:], workday)
	winter, _ = busiest(hours[1][:], workday)
	return summer, winter, min(n[0], n[1]) >= 300
}

func abs(n int) int { return max(n, -n) }

// workdayHours are the weights of the hours of the day, days off left out.
func (r *Result) workdayHours() (hours [24]float64) {
	off := r.Arrivals.daysOff()
	for h, w := range r.Arrivals.Profile {
		if !off[h/24] {
			hours[h%24] += w
		}
	}
	return hours
}

// busiest is the stretch of the day with the largest share, and that.
func busiest(hours []float64, width int) (first int, share float64) {
	total := 0.0
	for _, w := range hours {
		total += w
	}
	for h := range hours {
		sum := 0.0
		for i := range width {
			sum += hours[(h+i)%24]
		}
		if sum/total > share {
			first, share = h, sum/total
		}
	}
	return first, share
}

var weekdays = [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// findDays finds unusual days and weekends.
func (r *Result) findDays() {
	a := r.Arrivals
	for _, d := range a.Unusual {
		code, word := "burst_day", "a burst, which the scenario has as a storm"
		if float64(d.Cases) < d.Expected {
			code, word = "quiet_day", "a holiday or a gap in the log"
		}
		r.find(code, "%s %s had %d cases where %.0f are usual: %s; it is left out of rate, week and busy days", weekdays[weekday(d.Date)], Date(d.Date), d.Cases, d.Expected, word)
	}
	off := a.daysOff()
	var names []string
	for w, is := range off {
		if is {
			names = append(names, weekdays[w])
		}
	}
	if weekend := off == [7]bool{5: true, 6: true}; len(names) > 0 && !weekend {
		r.find("other_weekend", "the quiet days of the week are %s, not Saturday and Sunday", strings.Join(names, " and "))
	}
	if a.Correlation > 3/math.Sqrt(a.number()) && a.Correlation > 0.2 {
		r.find("busy_spells", "busy days come in spells (correlation of neighbouring days %.2f): scenarios draw every day anew, so that backlogs of a spell are underestimated", a.Correlation)
	}
}

// regime is a mean over the cases of each day that is compared before and after a day.
type regime struct {
	code, what string
	sum        map[int]float64 // by local date
	cases      map[int]int
	least      float64 // difference that matters
	show       func(float64) string
}

// regimes are promises kept and the time to resolve. The latter counts by its logarithm, up to the middle time, and for days whose cases
// can be watched for so long, so that cases which are open at the end of the log do no harm.
func (c *Collector) regimes(r *Result) []regime {
	met := regime{"regime_change_met", "promises kept (and times to resolve perhaps with them)", map[int]float64{}, map[int]int{}, 0.1, percent}
	for date, d := range c.days {
		met.sum[date], met.cases[date] = float64(d.met), d.decided
	}
	if r.Resolution == nil || math.IsNaN(r.Resolution.Median.Value) {
		return []regime{met}
	}
	middle := r.Resolution.Median.Value
	lastDate, _ := localHour(c.lastSeen-calendar.Instant(middle), c.zone)
	took := regime{
		"regime_change_resolution", "the typical time to resolve (geometric mean, at most " + shown(middle) + " a case)", map[int]float64{}, map[int]int{},
		math.Log(1.3), func(x float64) string { return shown(math.Exp(x)) },
	}
	for _, o := range c.resolution.kept {
		if o.day < lastDate {
			took.cases[o.day]++
			took.sum[o.day] += math.Log(min(max(o.value, float64(calendar.Minute)), middle))
		}
	}
	return []regime{met, took}
}

// findRegimes finds the day from which a mean is another.
func (c *Collector) findRegimes(r *Result) {
	for _, g := range c.regimes(r) {
		at, before, after, t := g.change(r.Arrivals)
		if t > 6 && math.Abs(after-before) > g.least {
			r.find(g.code, "of cases opened from %s on, %s went from %s to %s (%.0f standard errors): a fit over both tells of neither; "+
				"fit on one of them by --from or --to", Date(at), g.what, g.show(before), g.show(after), t)
		}
	}
}

// change is the date that best parts the days of the log in two, with the means and by how many standard errors they differ. Days count
// by their cases; each part has at least ten days.
func (g *regime) change(a *Arrivals) (date int, before, after, t float64) {
	var x, w []float64
	var dates []int
	for i := range a.Daily {
		if n := g.cases[a.First+i]; n > 0 && a.used[i] {
			x, w, dates = append(x, g.sum[a.First+i]/float64(n)), append(w, float64(n)), append(dates, a.First+i)
		}
	}
	const fewestDays = 10
	for i := fewestDays; i+fewestDays <= len(x); i++ {
		m1, e1 := weighted(x[:i], w[:i])
		m2, e2 := weighted(x[i:], w[i:])
		if d := math.Abs(m1-m2) / max(math.Sqrt(e1+e2), 1e-9); d > t {
			date, before, after, t = dates[i], m1, m2, d
		}
	}
	return date, before, after, t
}

// weighted is the weighted mean and its squared standard error, from the scatter of the days.
func weighted(x, w []float64) (mean, square float64) {
	sum := 0.0
	for i := range x {
		mean, sum = mean+x[i]*w[i], sum+w[i]
	}
	mean /= sum
	for i := range x {
		e := (x[i] - mean) * w[i] / sum
		square += e * e
	}
	return mean, square
}

// findTimes finds times that no person made, and impossible ones.
func (c *Collector) findTimes(r *Result) {
	if c.duplicates > 0 {
		r.find("duplicates", "%d rows repeat the number of an earlier case; each row counts as a case", c.duplicates)
	}
	if n := r.Log.Repeated; n > 0 {
		r.find("repeated_events", "%d rows repeat an event of the same case at the same time: they do not count as touches", n)
	}
	if c.backwards > 0 {
		r.find("closed_before_opened", "%d cases ended before they were opened: their arrival counts, the time that they took does not", c.backwards)
	}
	if c.early.any() {
		r.find("impossible_times", "there are %s: these times count for nothing", &c.early)
	}
	ended := c.cases - c.open - c.backwards
	if share := float64(c.atOnce) / float64(max(ended, 1)); share > 0.1 {
		r.find("ended_at_once", "%s of the cases that ended did so within a minute of being opened: rather work that was entered afterwards, or closing by rule, than solutions", percent(share))
	}
	if c.unresolved > 0 && r.Lag != nil {
		r.find("no_resolved_time", "%d cases (%s) were closed and have no time of being resolved: they count as resolved when they were closed", c.unresolved,
			percent(float64(c.unresolved)/float64(c.cases)))
	}
	if at, share := spike(r.Lag); share > 0.2 {
		r.find("auto_close", "%s of the cases are closed %s after they were resolved (to 2 %%): rather a rule of closing than a decision; "+
			"times to resolve end at resolved, not at closed", percent(share), shown(at))
	}
	if at, share := spike(r.Resolution); share > 0.1 && at > float64(calendar.Hour) {
		r.find("time_spike", "%s of the cases end %s after they were opened (to 2 %%): rather a rule than work", percent(share), shown(at))
	}
	if r.Response != nil {
		if share := c.instantResponses(); share > 0.1 && c.seconds {
			r.find("automatic_acknowledgement", "%s of the first responses come within 15 seconds: rather automatic acknowledgements than people; "+
				"times to the first response say nothing of the desk", percent(share))
		}
	}
}

// findTouches says that the recorded number of touches is not that of the scenario.
func (r *Result) findTouches() {
	switch w := &r.work; {
	case w.recordedMiss > 0:
		r.find("touches_not_geometric", "the recorded %.3g touches a case are not geometric in number, as those of a scenario are: times to resolve would be off by %.2g of their CDF; "+
			"the scenario has %.3g shorter touches, and is off by %.2g", r.Touches.Value, w.recordedMiss, w.touches, w.miss)
	case w.miss > notGeometric:
		r.find("times_not_matched", "simulated times to resolve are off by %.2g of their CDF", w.miss)
	}
}

// instantResponses is the share of first responses that nobody could have made.
func (c *Collector) instantResponses() float64 {
	n := 0
	for _, o := range c.response.kept {
		if o.value <= float64(15*calendar.Second) {
			n++
		}
	}
	return float64(n) / float64(len(c.response.kept))
}

// spike is the length near which, to 2 %, most of the lengths above a minute lie, and their share.
func spike(d *Duration) (at, share float64) {
	if d == nil {
		return 0, 0
	}
	sorted := slices.Sorted(slices.Values(d.values))
	j := 0
	for i, v := range sorted {
		for sorted[j] < v/1.04 {
			j++
		}
		if s := float64(i-j+1) / float64(len(sorted)); s > share && v > float64(calendar.Minute) {
			at, share = sorted[(i+j)/2], s
		}
	}
	return at, share
}

// findMissing says what a scenario needs and the log does not have.
func (r *Result) findMissing() {
	missing := func(is bool, code, text string) {
		if is {
			r.find(code, "%s", text)
		}
	}
	missing(r.HandleTime == nil, "no_handle_time", "the log has no handle times: work is assumed, and so are head counts; times to resolve are met by time between touches")
	missing(r.Response == nil, "no_first_response", "the log does not say when cases were first worked on")
	missing(r.Resolution == nil, "no_resolution", "the log does not say when cases ended")
	missing(r.Promise == nil && math.IsNaN(r.Met.Value), "no_promise", "the log does not say what was promised, nor whether it was kept")
	missing(r.Promise == nil && !math.IsNaN(r.Met.Value), "no_target", "the log says whether the promise was kept but not what it was: the scenario has no target")
	missing(len(r.Mixes[trace.Severity]) == 0, "no_severity", "the log has no severities: all cases are of one")
	missing(r.Arrivals.Last-r.Arrivals.First < 7*shortestTrend, "no_trend", "the log is shorter than half a year: it cannot tell growth from season")
}

// shown writes milliseconds for people: 120 h.
func shown(milliseconds float64) string {
	hour := float64(calendar.Hour)
	switch {
	case milliseconds < hour/30:
		return fmt.Sprintf("%.3g s", milliseconds/1000)
	case milliseconds < 2*hour:
		return fmt.Sprintf("%.3g min", milliseconds/hour*60)
	case milliseconds <= 200*hour:
		return fmt.Sprintf("%.3g h", milliseconds/hour)
	}
	return fmt.Sprintf("%.3g days", milliseconds/hour/24)
}

// percent writes a share.
func percent(share float64) string { return fmt.Sprintf("%.3g %%", 100*share) }

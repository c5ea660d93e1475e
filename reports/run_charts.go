package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"sunrelay/model/sla"
)

// mostCharts is how many charts of one kind stand open; more are folded away.
const mostCharts = 4

// addTimes adds the distribution of the time to each milestone, a chart for each plan, the worst kept first.
func (run *Run) addTimes(d *Document) {
	if run.Profiles == nil {
		return
	}
	first := true
	for m := range sla.Milestone(sla.Milestones) {
		charts := run.timeCharts(m.String())
		if len(charts) == 0 {
			continue
		}
		if first {
			d.add(Section{Heading: "How long it takes, against the targets", Points: points(
				"Each curve is the share of cases that have got there within a time, from what starts the clock on, nights and weekends included. A dashed line marks a target in elapsed time; " +
					"targets in business hours and days have no place on this axis, and their attainment stands above.")})
			first = false
		}
		if m == sla.FirstResponse {
			open := min(mostCharts, len(charts))
			d.add(Section{Heading: milestoneTitles[m], Charts: charts[:open], Part: true})
			d.add(Section{Heading: milestoneTitles[m] + ": other plans", Charts: charts[open:], Folded: true})
			continue
		}
		d.add(Section{Heading: "Times to: " + milestoneWords[m], Charts: charts, Folded: true})
	}
}

// timeCharts are the charts of a milestone by plan, the plan with the worst promise first.
func (run *Run) timeCharts(milestone string) []Chart {
	var plans []string
	for _, a := range run.promisesByAttainment() {
		if a.Milestone == milestone && !slices.Contains(plans, a.Plan) {
			plans = append(plans, a.Plan)
		}
	}
	var charts []Chart
	for _, plan := range plans {
		if c := run.timeChart(milestone, plan); len(c.Lines) > 0 {
			charts = append(charts, c)
		}
	}
	return charts
}

func (run *Run) timeChart(milestone, plan string) Chart {
	c := Chart{
		Title: sentence(spoken(plan)),
		X:     Axis{Label: "elapsed time (logarithmic)", Scale: LogSeconds, Low: 1, High: 60},
		Y:     Axis{Label: "share of cases", Scale: Percents, High: 1},
	}
	first, last := math.Inf(1), 60.0
	for i := range run.Profiles.Times {
		t := &run.Profiles.Times[i]
		if t.Plan != plan || t.Milestone != milestone || len(t.Shares) == 0 {
			continue
		}
		colour := run.severityIndex(t.Severity)
		line := Line{Name: t.Severity, Colour: colour}
		if target := run.targetOf(t); targetForm.MatchString(target) {
			line.Name += ", target " + target
		}
		start := 1.0
		for j, share := range t.Shares {
			line.X, line.Y = append(line.X, run.Profiles.Seconds[j]), append(line.Y, float64(share))
			if share < 0.001 || j == 0 {
				start = run.Profiles.Seconds[j]
			}
			if share < 0.999 {
				last = max(last, run.Profiles.Seconds[min(j+1, len(run.Profiles.Seconds)-1)])
			}
		}
		c.Lines = append(c.Lines, line)
		first = min(first, start)
		if t.Limit.Known() {
			c.Marks = append(c.Marks, Mark{X: float64(t.Limit), Colour: colour})
			first, last = min(first, float64(t.Limit)/2), max(last, 1.5*float64(t.Limit))
		}
	}
	c.X.Low, c.X.High = first, last
	for i := range c.Lines {
		c.Lines[i].between(first, last)
	}
	return c
}

// between cuts the line to [from, to]; a line that ends before goes on as it is.
func (l *Line) between(from, to float64) {
	for len(l.X) > 0 && l.X[0] < from {
		l.X, l.Y = l.X[1:], l.Y[1:]
	}
	for len(l.X) > 0 && l.X[len(l.X)-1] > to*(1+1e-9) {
		l.X, l.Y = l.X[:len(l.X)-1], l.Y[:len(l.Y)-1]
	}
	if n := len(l.X); n > 0 && l.X[n-1] < to {
		l.X, l.Y = append(l.X, to), append(l.Y, l.Y[n-1])
	}
}

// severityIndex is the place of a severity in the file.
func (run *Run) severityIndex(severity string) int {
	for i, o := range run.Outcomes {
		if o.Severity == severity {
			return i
		}
	}
	return 0
}

func (run *Run) targetOf(t *TimeProfile) string {
	for i := range run.Attainment {
		a := &run.Attainment[i]
		if a.Plan == t.Plan && a.Severity == t.Severity && a.Milestone == t.Milestone {
			return a.Target
		}
	}
	return ""
}

// addPeople adds staffing and occupancy.
func (run *Run) addPeople(d *Document) {
	if run.Profiles != nil && len(run.Profiles.Pools) > 0 {
		charts := run.staffingCharts()
		open := min(2*mostCharts, len(charts))
		d.add(Section{Heading: "People and load", Points: points(
			"Mean number of agents in each hour of the week, in UTC. Where busy comes close to available, work has to wait; available lies below scheduled by absence, and above it in overtime."),
			Charts: charts[:open]})
		d.add(Section{Heading: "Other centres", Charts: charts[open:], Folded: true})
		d.add(Section{Heading: "How busy the agents are", Charts: []Chart{run.occupancyChart()}, Part: true})
	}
	pools := run.poolSection()
	pools.Heading, pools.Folded = "All pools: occupancy = busy / available, utilization = busy / scheduled", true
	d.add(pools)
	if chart, some := run.handOverChart(); some {
		d.add(Section{Heading: "Hand-overs at the end of shifts", Charts: []Chart{chart}, Part: true})
	}
}

// staffingCharts are scheduled, available and busy agents of each centre by hour of the week.
func (run *Run) staffingCharts() []Chart {
	var charts []Chart
	for from := 0; from < len(run.Profiles.Pools); {
		centre := run.Profiles.Pools[from].Centre
		var scheduled, available, busy [168]float64
		for ; from < len(run.Profiles.Pools) && run.Profiles.Pools[from].Centre == centre; from++ {
			p := &run.Profiles.Pools[from]
			for h := range scheduled {
				scheduled[h] += float64(p.Scheduled[h])
				available[h] += float64(p.Available[h])
				busy[h] += float64(p.Busy[h])
			}
		}
		if slices.Max(scheduled[:]) == 0 && slices.Max(available[:]) == 0 {
			continue
		}
		charts = append(charts, Chart{
			Title: sentence(spoken(centre)),
			X:     Axis{Label: "hour of the week (UTC)", Scale: HoursOfWeek},
			Y:     Axis{Label: "agents"},
			Lines: []Line{
				byHour("busy", busy[:], Area, 0), byHour("available", available[:], Steps, 2), byHour("scheduled", scheduled[:], Steps, 7),
			},
		})
	}
	return charts
}

// byHour is a line over the hours of the week.
func byHour(name string, values []float64, style LineStyle, colour int) Line {
	l := Line{Name: name, Style: style, Colour: colour}
	for h, v := range values {
		l.X, l.Y = append(l.X, float64(h)), append(l.Y, v)
	}
	l.X, l.Y = append(l.X, float64(len(values))), append(l.Y, values[len(values)-1])
	return l
}

// occupancyChart is a heat map of all pools that are ever available.
func (run *Run) occupancyChart() Chart {
	c := Chart{
		Title: "Occupancy by pool and hour of the week", Caption: "Empty: nobody is available. Means over all weeks and replications; summary.json has their half-widths.",
		X:     Axis{Label: "hour of the week (UTC)", Scale: HoursOfWeek},
		Cells: &Cells{Name: "busy / available", Low: 0, High: 1, Scale: Percents},
	}
	for _, p := range run.Profiles.Pools {
		values := make([]float64, len(p.Occupancy))
		for h := range values {
			values[h] = math.NaN()
			if p.Available[h] > 0 {
				values[h] = float64(p.Occupancy[h])
			}
		}
		if slices.ContainsFunc(values, func(v float64) bool { return v == v }) {
			c.Y.Names = append(c.Y.Names, spoken(p.Centre)+" "+spoken(p.Pool))
			c.Cells.Values = append(c.Cells.Values, values)
		}
	}
	if len(c.Cells.Values) == 0 {
		c.Y.Names, c.Cells.Values = []string{""}, [][]float64{make([]float64, 168)}
	}
	return c
}

// handOverChart shows the pools that hand over most; false where none does.
func (run *Run) handOverChart() (Chart, bool) {
	const most = 12
	pools := slices.DeleteFunc(slices.Clone(run.Pools), func(p Pool) bool { return p.HandOvers == 0 || p.Touches == 0 })
	slices.SortStableFunc(pools, func(a, b Pool) int { return cmp.Compare(b.HandOverShare, a.HandOverShare) })
	var total int64
	for _, p := range pools {
		total += p.HandOvers
	}
	pools = pools[:min(most, len(pools))]
	part := BarPart{Name: "hand-overs / touches"}
	c := Chart{
		Title:   "Touches handed over, as a share of all touches of the pool",
		Caption: fmt.Sprintf("%s touches were handed over in all replications together, the pools with the largest shares first.", Count(total)),
		X:       Axis{Label: "share of touches", Scale: Percents}, Bars: &Bars{},
	}
	for i := range pools {
		c.Y.Names = append(c.Y.Names, spoken(pools[i].Centre)+" "+spoken(pools[i].Pool))
		part.Values, part.HalfWidth = append(part.Values, float64(pools[i].HandOverShare)), append(part.HalfWidth, float64(pools[i].HandOverHalfWidth))
	}
	c.Bars.Parts = []BarPart{part}
	return c, len(pools) > 0
}

// backlogReport is the backlog over time, with its table.
func (run *Run) backlogReport() Section {
	s := run.backlogSection()
	s.Heading = "Backlog"
	if run.Profiles == nil || len(run.Profiles.Backlog) < 2 {
		return s
	}
	open, waiting := Line{Name: "open cases", Style: Straight}, Line{Name: "touches that wait for an agent", Style: Straight, Colour: 1}
	for i, w := range run.Profiles.Backlog {
		open.add(float64(i+1), w.OpenCases, w.OpenCasesHalfWidth)
		waiting.add(float64(i+1), w.WaitingTouches, w.WaitingTouchesHalfWidth)
	}
	week := Axis{Label: "week of the measured time"}
	s.Charts = []Chart{
		{Title: "Open cases", Caption: "Mean of each week, with its half-width.", X: week, Y: Axis{Label: "cases"}, Lines: []Line{open}},
		{Title: "Work that waits for an agent", Caption: "Mean of each week, with its half-width.", X: week, Y: Axis{Label: "touches"}, Lines: []Line{waiting}},
	}
	return s
}

// add appends a point with its half-width.
func (l *Line) add(x float64, y, halfWidth Number) {
	l.X, l.Y, l.HalfWidth = append(l.X, x), append(l.Y, float64(y)), append(l.HalfWidth, float64(halfWidth))
}

// addMoneyReport adds what plans earn and cost.
func (run *Run) addMoneyReport(d *Document) {
	s := run.moneySection()
	if run.MoneyTotal == nil || len(s.Tables[0].Rows) == 0 {
		return
	}
	if chart, some := run.moneyChart(); some {
		s.Charts = []Chart{chart}
	}
	d.add(s)
}

// moneyChart compares earnings and cost of the plans; false where no plan has both.
func (run *Run) moneyChart() (Chart, bool) {
	currency := run.MoneyTotal.Currency
	earnings := BarPart{Name: "earnings", Colour: 2}
	cost := BarPart{Name: "cost of the agents", Colour: 1}
	c := Chart{
		Title: "Earnings and cost by plan", Caption: "Agents' pay is shared among plans by the time that they work for each.",
		X: Axis{Label: currency + " a year", Scale: Amounts}, Bars: &Bars{},
	}
	some := false
	for i := range run.Money {
		m := &run.Money[i]
		if !(m.Earnings > 0) && !(m.Cost > 0) {
			continue
		}
		c.Y.Names = append(c.Y.Names, spoken(m.Plan))
		earnings.Values = append(earnings.Values, float64(m.Earnings))
		cost.Values, cost.HalfWidth = append(cost.Values, float64(m.Cost)), append(cost.HalfWidth, float64(m.CostHalfWidth))
		some = true
	}
	for _, part := range []BarPart{earnings, cost} {
		if slices.ContainsFunc(part.Values, func(v float64) bool { return v > 0 }) {
			c.Bars.Parts = append(c.Bars.Parts, part)
		}
	}
	return c, some
}

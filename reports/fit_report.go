package reports

import (
	"fmt"
	"math"
	"strings"

	"sunrelay/sim/backtest"
	"sunrelay/workloads/fit"
	"sunrelay/workloads/trace"
)

// simulatedDays bound the days that AddDays wants: the last half-year, and of busy logs the last days that have so many cases
// together, but four weeks at least.
const (
	mostSimulatedDays   = 26 * 7
	fewestSimulatedDays = 4 * 7
	mostSimulatedCases  = 100_000
)

// SimulatedDays are the days of the log that AddDays wants to know the simulation of: a local date (days since 1970-01-01) and how
// many follow from it on.
func (f *Fit) SimulatedDays() (first, days int) {
	a := f.result.Arrivals
	last := len(a.Daily) - a.Edges[1]
	cases := 0
	for days < last-a.Edges[0] && days < mostSimulatedDays {
		if cases += a.Daily[last-1-days]; cases > mostSimulatedCases && days >= fewestSimulatedDays {
			break
		}
		days++
	}
	return a.First + last - days, days
}

// ScenarioFrom is the scenario file with a run from a local date on (days since 1970-01-01).
func (f *Fit) ScenarioFrom(date int) string { return f.result.ScenarioFrom(f.Log.Name, date) }

// AddDays adds the simulated bands of the SimulatedDays.
func (f *Fit) AddDays(bands []backtest.Band) {
	first, _ := f.SimulatedDays()
	a := f.result.Arrivals
	for i, b := range bands {
		at := first - a.First + i
		f.Arrivals.Days = append(f.Arrivals.Days, FitDay{fit.Date(first + i), a.Daily[at], a.Used(at), Number(b.Mean), Number(b.Low), Number(b.High)})
	}
}

// Report is the fit as a page: what the log tells in plain words, what to know of it, and how well the fit agrees with it, with
// charts.
func (f *Fit) Report() *Document {
	d := f.head()
	d.add(Section{Heading: "In short", Points: f.summary()})
	cannot, know := f.findings()
	d.add(Section{Heading: "What to know of the log", Points: know})
	d.add(Section{Heading: "What the log does not tell", Points: cannot})
	arrivals := f.arrivalSection()
	arrivals.Heading, arrivals.Charts = "When cases arrive", []Chart{f.weekChart()}
	d.add(arrivals)
	if chart, some := f.dayChart(); some {
		d.add(Section{Charts: []Chart{chart}, Part: true, Notes: f.dayNotes()})
	}
	durations := f.durationSection()
	durations.Charts = f.quantileCharts()
	d.add(durations)
	if len(f.Mixes) > 0 {
		mixes := f.mixSection()
		mixes.Charts, mixes.Tables = f.mixCharts(), nil
		d.add(mixes)
		table := f.mixSection()
		table.Heading, table.Folded = "All shares", true
		d.add(table)
	}
	d.add(f.goodnessSection())
	if f.Check != nil {
		d.add(f.Check.section())
	}
	columns := f.Log.columnSection()
	columns.Folded = true
	d.add(columns)
	return d
}

// summary says in plain words what the log tells and what it does not.
func (f *Fit) summary() []Point {
	return append(append(f.arrivalPoints(), f.timePoints()...), f.workPoints()...)
}

func (f *Fit) arrivalPoints() []Point {
	a := &f.Arrivals
	if a.Refused != "" {
		return []Point{{"The log does not tell how many cases arrive: " + a.Refused + ". The scenario has the plain mean and marks it as assumed.", Bad}}
	}
	text := fmt.Sprintf("The log tells when cases arrive: %s a week (± is a standard error), by hour of the week", a.PerWeek.figure())
	if a.Grows {
		text += fmt.Sprintf(", growing by %s a year", a.Growth.share())
	}
	all := []Point{{text + ".", Good}}
	days, inside := f.insideBand()
	if days == 0 {
		return all
	}
	p := Point{fmt.Sprintf("Simulated, the scenario agrees with the daily counts: %d of %d days lie in its 90 %% band.", inside, days), Good}
	if spread := 3 * math.Sqrt(0.9*0.1*float64(days)); math.Abs(float64(inside)-0.9*float64(days)) > spread {
		p = Point{fmt.Sprintf("Simulated, the scenario does not agree well with the daily counts: %d of %d days lie in its 90 %% band.", inside, days), Doubtful}
	}
	return append(all, p)
}

// insideBand counts the days in use, and of them those in the simulated band.
func (f *Fit) insideBand() (days, inside int) {
	for i := range f.Arrivals.Days {
		if d := &f.Arrivals.Days[i]; d.Used {
			days++
			if d.Inside() {
				inside++
			}
		}
	}
	return days, inside
}

func (f *Fit) timePoints() []Point {
	var all []Point
	if d := f.duration("resolution"); d != nil {
		p := Point{fmt.Sprintf("It tells how long cases take: half of them end within %s, nine of ten %s.", span(d.Median), d.nine()), Good}
		if f.found("regime_change_resolution") {
			p = Point{fmt.Sprintf("It tells how long cases took (half of them ended within %s), but not of one desk: within the log this changed.", span(d.Median)), Doubtful}
		}
		all = append(all, p)
	}
	if d := f.duration("first_response"); d != nil {
		p := Point{fmt.Sprintf("It tells when cases are first worked on: half of them within %s, nine of ten %s.", span(d.Median), d.nine()), Good}
		if f.found("automatic_acknowledgement") {
			p = Point{"First responses in the log are in part those of a machine: do not take them for those of the desk.", Doubtful}
		}
		all = append(all, p)
	}
	if f.Met.Value.Known() {
		p := Point{fmt.Sprintf("It tells how often promises were kept: %s.", f.Met.share()), Good}
		if f.found("regime_change_met") {
			p = Point{fmt.Sprintf("It tells how often promises were kept (%s), but within the log this changed.", f.Met.share()), Doubtful}
		}
		all = append(all, p)
	}
	return all
}

func (f *Fit) workPoints() []Point {
	if f.duration("handle_time") != nil {
		return []Point{{"It tells how much work cases are. Who worked when it does not tell: head counts in the scenario are assumed.", Good}}
	}
	return []Point{{"It does not tell how much work cases are, nor who worked when: handle times and head counts in the scenario are assumed. Replace them before you plan people by it.", Bad}}
}

// nine is within what nine of ten cases get there.
func (d *FitDuration) nine() string {
	if q := d.Quantiles[quantile90].Seconds; q.Known() {
		return "within " + span(q)
	}
	return "later than the log can tell"
}

// quantile90 is the index of 90 % in fit.Levels.
const quantile90 = 11

func (f *Fit) duration(what string) *FitDuration {
	for i := range f.Durations {
		if f.Durations[i].What == what {
			return &f.Durations[i]
		}
	}
	return nil
}

func (f *Fit) found(code string) bool {
	for _, finding := range f.Findings {
		if finding.Code == code {
			return true
		}
	}
	return false
}

// findings are what the log does not have, and what must be known of what it has.
func (f *Fit) findings() (cannot, know []Point) {
	for _, finding := range f.Findings {
		p := Point{Text: sentence(finding.Text) + "."}
		if strings.HasPrefix(finding.Code, "no_") {
			cannot = append(cannot, p)
			continue
		}
		p.Tone = Doubtful
		know = append(know, p)
	}
	return cannot, know
}

// weekChart is the fitted hours of the week with the recorded ones.
func (f *Fit) weekChart() Chart {
	a := f.result.Arrivals
	perHour := a.PerWeek.Value / float64(len(a.Profile))
	fitted, recorded := Line{Name: "fitted, ± 2 standard errors"}, Line{Name: "recorded", Style: Dots, Colour: 1}
	for h := range a.Profile {
		x := float64(h) + 0.5
		fitted.add(x, Number(perHour*a.Profile[h]), Number(2*perHour*a.ProfileErr[h]))
		recorded.X, recorded.Y = append(recorded.X, x), append(recorded.Y, perHour*a.Recorded[h])
	}
	return Chart{
		Title: "Cases an hour by hour of the week", Caption: "Hours of which little is known are drawn towards those of their weekday and their time of day.",
		X: Axis{Label: "hour of the week (" + f.Log.Zone + ")", Scale: HoursOfWeek}, Y: Axis{Label: "cases an hour"}, Lines: []Line{fitted, recorded},
	}
}

// dayChart is the daily counts with the simulated band; false where nothing was simulated.
func (f *Fit) dayChart() (Chart, bool) {
	first, _ := f.SimulatedDays()
	band := Line{Name: "simulated: 90 % band"}
	inside, outside, left := Line{Name: "inside", Style: Dots, Colour: 2}, Line{Name: "outside", Style: Dots, Colour: 1}, Line{Name: "left out of the fit", Style: Dots, Colour: 3}
	for i := range f.Arrivals.Days {
		d := &f.Arrivals.Days[i]
		x := float64(first + i)
		band.add(x, (d.Low+d.High)/2, (d.High-d.Low)/2)
		to := &outside
		switch {
		case !d.Used:
			to = &left
		case d.Inside():
			to = &inside
		}
		to.X, to.Y = append(to.X, x), append(to.Y, float64(d.Cases))
	}
	c := Chart{
		Title: "Cases a day, recorded and simulated", Caption: "The line is the middle of the band, which holds 90 % of the simulated days.",
		X: Axis{Label: "day", Scale: Dates}, Y: Axis{Label: "cases a day"}, Lines: []Line{band},
	}
	for _, l := range []Line{inside, outside, left} {
		if len(l.X) > 0 {
			c.Lines = append(c.Lines, l)
		}
	}
	return c, len(band.X) > 0
}

func (f *Fit) dayNotes() []string {
	days, inside := f.insideBand()
	notes := []string{fmt.Sprintf("%d of %d days that were used for the fit lie in the band.", inside, days)}
	if all := len(f.result.Arrivals.Daily); len(f.Arrivals.Days) < all {
		notes = append(notes, fmt.Sprintf("Shown are %d of %s days of the log.", len(f.Arrivals.Days), thousands(all)))
	}
	return notes
}

// fitted are the durations by the name of their figures in JSON.
func (f *Fit) fitted(what string) *fit.Duration {
	switch what {
	case "first_response":
		return f.result.Response
	case "resolution":
		return f.result.Resolution
	case "handle_time":
		return f.result.HandleTime
	}
	return nil
}

// quantileCharts are the Q-Q charts of the fitted distributions.
func (f *Fit) quantileCharts() []Chart {
	var charts []Chart
	for i := range f.Durations {
		if d := f.fitted(f.Durations[i].What); d != nil {
			charts = append(charts, quantileChart(durationNames[f.Durations[i].What], d))
		}
	}
	return charts
}

func quantileChart(name string, d *fit.Duration) Chart {
	low, high := math.Inf(1), 0.0
	c := Chart{
		Title: sentence(name) + ": recorded against fitted",
		X:     Axis{Label: "fitted to one half of the cases", Scale: LogSeconds}, Y: Axis{Label: "recorded in the other half", Scale: LogSeconds},
	}
	for i, compared := range d.Compared {
		points := Line{Name: compared.Family + ", in use", Style: Dots, Colour: 2}
		if i > 0 {
			points.Name, points.Colour = compared.Family+", not near enough", 1
		}
		for j := range compared.Fitted {
			x, y := compared.Fitted[j]/1000, compared.Actual[j]/1000
			if math.IsNaN(x) || math.IsNaN(y) || x <= 0 || y <= 0 {
				continue
			}
			low, high = min(low, x, y), max(high, x, y)
			points.X, points.Y = append(points.X, x), append(points.Y, y)
		}
		c.Lines = append([]Line{points}, c.Lines...)
	}
	c.Lines = append([]Line{{Name: "equal", X: []float64{low, high}, Y: []float64{low, high}, Colour: 7}}, c.Lines...)
	c.X.Low, c.X.High, c.Y.Low, c.Y.High = low, high, low, high
	c.Caption = fmt.Sprintf("Quantiles from 1 %% to 99 %%. The CDF of the %s is off by %s at most.", d.Nearest(), significant(d.Distance, 2))
	return c
}

// mixCharts are the shares of each attribute, the largest first.
func (f *Fit) mixCharts() []Chart {
	const most = 8
	var charts []Chart
	for role := trace.Severity; role <= trace.Plan; role++ {
		part := BarPart{}
		c := Chart{Title: sentence(role.String()), X: Axis{Label: "share of the cases, ± 2 standard errors", Scale: Percents}, Bars: &Bars{}}
		rest, number := 0.0, 0
		for _, m := range f.Mixes {
			switch {
			case m.Attribute != role.String():
			case len(part.Values) == most:
				rest, number = rest+float64(m.Share), number+1
			default:
				c.Y.Names, part.Values, part.HalfWidth = append(c.Y.Names, shortened(m.Value)), append(part.Values, float64(m.Share)), append(part.HalfWidth, 2*float64(m.Error))
			}
		}
		if number > 0 {
			c.Y.Names, part.Values, part.HalfWidth = append(c.Y.Names, fmt.Sprintf("%d others", number)), append(part.Values, rest), append(part.HalfWidth, 0)
		}
		if c.Bars.Parts = []BarPart{part}; len(part.Values) > 0 {
			charts = append(charts, c)
		}
	}
	return charts
}

// shortened is a name that leaves room for its bar.
func shortened(name string) string {
	const most = 22
	if letters := []rune(name); len(letters) > most {
		return strings.TrimSpace(string(letters[:most-1])) + "…"
	}
	return name
}

// goodnessSection has how well the fit agrees with the log.
func (f *Fit) goodnessSection() Section {
	a := f.result.Arrivals
	figures := Table{Columns: []Column{{Heading: "figure"}, {"value", Right}}}
	row := func(name, value, reading string) {
		figures.Rows = append(figures.Rows, []Cell{{Text: name, Detail: reading}, {Text: value}})
	}
	if days, inside := f.insideBand(); days > 0 {
		row("days in the simulated 90 % band", fmt.Sprintf("%d of %d", inside, days), "about 90 % is right")
	}
	row("variance to mean of daily counts", significant(a.Ratio, 3), "1 = by chance alone")
	row("correlation of neighbouring days", significant(a.Correlation, 2), "0 = independent, as simulated")
	row("hours of the week: miss in standard errors", significant(a.ProfileMiss(), 2), "about 1 or less is right (root mean square)")
	if miss := f.result.WorkMiss(); !math.IsNaN(miss) {
		row("simulated times to resolve: distance of CDFs", significant(miss, 2), "0.05 or less is right (30th to 95th percentile)")
	}
	s := Section{Heading: "Goodness of fit", Tables: []Table{figures}}
	laws := Table{Title: "Laws, fitted to one half of the cases, and the mean logarithm of their density at the other half (more is better)"}
	for i := range f.Durations {
		d := &f.Durations[i]
		if len(d.Scores) == 0 {
			continue
		}
		if laws.Columns == nil {
			laws.Columns = []Column{{Heading: "of"}, {"cases", Right}, {Heading: "in use"}, {"distance", Right}}
			for _, score := range d.Scores {
				laws.Columns = append(laws.Columns, Column{score.Family, Right})
			}
		}
		law, _, _ := strings.Cut(d.Law, "(")
		cells := words(durationNames[d.What], thousands(d.Cases), law, significant(float64(d.Distance), 2))
		for _, score := range d.Scores {
			cell := Cell{Text: fmt.Sprintf("%.4f", float64(score.Score))}
			if score.Family == f.fitted(d.What).Nearest() {
				cell.Tone = Good
			}
			cells = append(cells, cell)
		}
		laws.Rows = append(laws.Rows, cells)
	}
	if len(laws.Rows) > 0 {
		s.Tables = append(s.Tables, laws)
		s.Notes = append(s.Notes, "Distance is the greatest difference of the CDFs. Where no family comes near enough, the recorded quantiles are in use (empirical).")
	}
	return s
}

package reports

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sunrelay/model/calendar"
)

// chartSections draw how the measure of each objective, or attainment of all first responses, and cost go with the factors,
// and the frontier.
func (s *Sweep) chartSections() []Section {
	if len(s.Points) < 2 {
		return nil
	}
	var sections []Section
	charts := Section{Heading: "What the settings make of it"}
	var same, unknown []string
	for _, m := range s.drawn() {
		switch low, high := m.span(); {
		case low > high:
			unknown = append(unknown, m.name)
		case low == high:
			same = append(same, m.name)
		default:
			charts.Charts = append(charts.Charts, s.charts(m)...)
		}
	}
	if len(same) > 0 {
		charts.Notes = append(charts.Notes, "The same at every point: "+strings.Join(same, "; ")+".")
	}
	if len(unknown) > 0 {
		charts.Notes = append(charts.Notes, "Not observed at any point: "+strings.Join(unknown, "; ")+".")
	}
	sections = append(sections, charts)
	if len(s.Frontier) > 1 {
		sections = append(sections, Section{Heading: "Cost against attainment", Charts: []Chart{s.frontierChart()}})
	}
	return sections
}

// drawnMeasure is a measure by point.
type drawnMeasure struct {
	name              string
	scale             Scale
	values, halfWidth []float64
}

// span is from the least to the greatest of the values; where none is known the least is greater.
func (m *drawnMeasure) span() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range m.values {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

// drawn are the measures that are drawn.
func (s *Sweep) drawn() []drawnMeasure {
	var all []drawnMeasure
	for j, o := range s.Points[0].Objectives {
		m := drawnMeasure{name: o.Objective, scale: Amounts}
		switch o.Unit {
		case shareUnit:
			m.scale = Percents
		case secondsUnit:
			m.name += ", seconds"
		}
		for i := range s.Points {
			e := s.Points[i].Objectives[j]
			m.values, m.halfWidth = append(m.values, float64(e.Estimate)), append(m.halfWidth, float64(e.HalfWidth))
		}
		all = append(all, m)
	}
	for _, name := range s.measures() {
		m := drawnMeasure{name: name, scale: Amounts}
		for i := range s.Points {
			f := s.Points[i].Figure(name)
			if f.Unit == shareUnit {
				m.scale = Percents
			}
			m.values, m.halfWidth = append(m.values, float64(f.Value)), append(m.halfWidth, float64(f.HalfWidth))
		}
		if name == cost {
			m.name = "cost, " + s.Currency + " a year"
		}
		all = append(all, m)
	}
	return all
}

// charts draw a measure: a curve with its band over one factor, a heat map over two, points over each of several.
func (s *Sweep) charts(m drawnMeasure) []Chart {
	grid := s.Design == "grid" && !s.Partial
	switch {
	case grid && len(s.Factors) == 1 && s.axisOf(0) != nil:
		return []Chart{s.curve(m, 0, Straight)}
	case grid && len(s.Factors) == 1:
		return []Chart{s.bars(m)}
	case grid && len(s.Factors) == 2:
		return []Chart{s.heatMap(m)}
	}
	var all []Chart
	for factor := range s.Factors {
		if s.axisOf(factor) != nil {
			all = append(all, s.curve(m, factor, Dots))
		}
	}
	return all
}

var leadingNumber = regexp.MustCompile(`^-?[0-9.]+`)

// axisOf are the settings of a factor as numbers, by point; nil where they are words.
func (s *Sweep) axisOf(factor int) []float64 {
	var xs []float64
	for i := range s.Points {
		x, ok := number(s.Points[i].Settings[factor])
		if !ok {
			return nil
		}
		xs = append(xs, x)
	}
	return xs
}

// number is a setting as a number: per cent as a share, times in hours, others without their unit.
func number(setting string) (float64, bool) {
	digits := leadingNumber.FindString(setting)
	x, err := strconv.ParseFloat(digits, 64)
	unit := strings.TrimSpace(setting[len(digits):])
	if err == nil && unit == "%" {
		return x / 100, true
	}
	if length, isTime := calendar.ParseDuration(setting); isTime == nil && unit != "" {
		return length.Seconds() / 3600, true
	}
	return x, err == nil && !strings.ContainsAny(unit, "0123456789(")
}

// xAxis is the axis of a factor.
func (s *Sweep) xAxis(factor int) Axis {
	a := Axis{Label: s.shortFactors()[factor], Scale: Amounts}
	setting := s.Points[0].Settings[factor]
	unit := strings.TrimSpace(setting[len(leadingNumber.FindString(setting)):])
	_, err := calendar.ParseDuration(setting)
	switch {
	case unit == "%":
		a.Scale = Percents
	case unit != "" && err == nil:
		a.Label += ", hours"
	case unit != "":
		a.Label += ", " + unit
	}
	return a
}

func (s *Sweep) curve(m drawnMeasure, factor int, style LineStyle) Chart {
	xs := s.axisOf(factor)
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return sign(Number(xs[a] - xs[b])) })
	line := Line{Style: style}
	for _, i := range order {
		line.X, line.Y = append(line.X, xs[i]), append(line.Y, m.values[i])
		line.HalfWidth = append(line.HalfWidth, m.halfWidth[i])
	}
	c := Chart{Title: m.name, Caption: "The band is the 95 % confidence interval of each point.", X: s.xAxis(factor), Y: Axis{Label: m.name, Scale: m.scale}, Lines: []Line{line}}
	if style == Dots {
		c.Caption = "Each point of the sweep, with its 95 % confidence interval; the other factors differ too."
	}
	if m.scale == Percents {
		c.Y.Low, c.Y.High = shareRange(m.values)
		c.Y.Label = "share"
	}
	return c
}

// shareRange is what an axis of shares shows: from the least tenth to 100 %.
func shareRange(values []float64) (low, high float64) {
	low = 1
	for _, v := range values {
		if !math.IsNaN(v) {
			low = min(low, v)
		}
	}
	return math.Floor(low*10-0.2) / 10, 1
}

func (s *Sweep) bars(m drawnMeasure) Chart {
	part := BarPart{Values: m.values, HalfWidth: m.halfWidth}
	c := Chart{Title: m.name, Caption: "Thin lines are 95 % confidence intervals.", X: Axis{Label: m.name, Scale: m.scale}, Bars: &Bars{Parts: []BarPart{part}}}
	for i := range s.Points {
		c.Y.Names = append(c.Y.Names, s.Points[i].Settings[0])
	}
	if m.scale == Percents {
		c.X.High = 1
	}
	return c
}

func (s *Sweep) heatMap(m drawnMeasure) Chart {
	var rows, columns []string
	for i := range s.Points {
		if !slices.Contains(rows, s.Points[i].Settings[0]) {
			rows = append(rows, s.Points[i].Settings[0])
		}
		if !slices.Contains(columns, s.Points[i].Settings[1]) {
			columns = append(columns, s.Points[i].Settings[1])
		}
	}
	cells := &Cells{Scale: m.scale}
	cells.Low, cells.High = m.span()
	for row := range rows {
		cells.Values = append(cells.Values, m.values[row*len(columns):(row+1)*len(columns)])
	}
	names := s.shortFactors()
	return Chart{Title: m.name, X: Axis{Label: names[1], Names: columns}, Y: Axis{Label: names[0], Names: rows}, Cells: cells}
}

// frontierChart has every point, and a line along those that no other beats.
func (s *Sweep) frontierChart() Chart {
	all, best := Line{Name: "all points", Style: Dots, Colour: 0}, Line{Name: "no other beats them", Style: Steps, Colour: 1}
	var attained []float64
	order := make([]int, len(s.Points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return sign(s.Points[a].Figure(cost).Value - s.Points[b].Figure(cost).Value) })
	for _, i := range order {
		all.X, all.Y = append(all.X, float64(s.Points[i].Figure(cost).Value)), append(all.Y, float64(s.Attainment(i)))
		all.HalfWidth = append(all.HalfWidth, float64(s.attainmentHalfWidth(i)))
		attained = append(attained, float64(s.Attainment(i)))
	}
	for _, i := range s.Frontier {
		best.X, best.Y = append(best.X, float64(s.Points[i].Figure(cost).Value)), append(best.Y, float64(s.Attainment(i)))
	}
	return costChart("Cost against "+s.FrontierOf, "A point on the line has the highest attainment for its cost.", "cost, "+s.Currency+" a year", attained, all, best)
}

// costChart has attainment over cost.
func costChart(title, caption, cost string, attained []float64, lines ...Line) Chart {
	c := Chart{
		Title: title, Caption: caption,
		X: Axis{Label: cost, Scale: Amounts}, Y: Axis{Label: "attainment", Scale: Percents}, Lines: lines,
	}
	c.Y.Low, c.Y.High = shareRange(attained)
	return c
}

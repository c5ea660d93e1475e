package reports

import (
	"fmt"
	"strings"

	"sunrelay/sim/experiment"
)

// Report is the comparison as a page: what is certain in words and side by side, then all figures.
func (c *Compare) Report() *Document {
	d := c.Document(Notable)
	s := Section{Heading: "What is certain"}
	for i := range c.Comparisons {
		s.Points = append(s.Points, c.Comparisons[i].points(&c.Base)...)
	}
	charts := Section{Heading: "Attainment side by side"}
	if chart := c.attainmentChart(); len(chart.Y.Names) > 0 {
		charts.Charts = []Chart{chart}
	}
	d.Sections = append([]Section{s, charts}, d.Sections...)
	if len(charts.Charts) == 0 {
		d.Sections = append(d.Sections[:1], d.Sections[2:]...)
	}
	for i := range c.Comparisons {
		all := c.Comparisons[i].figureSection(&c.Base, Whole)
		all.Heading, all.Notes, all.Folded = "All figures: "+c.Comparisons[i].Name+" against "+c.Base.Name, nil, true
		d.add(all)
	}
	return d
}

// points say what a scenario has differently for certain, money and people first.
func (c *Contrast) points(base *Compared) []Point {
	var all []Point
	if c.AgentsMoved != 0 || len(c.People) > 0 {
		all = append(all, Point{Text: fmt.Sprintf("%s has %s than %s, by changes in %s.", c.Name, moreOrLess(c.AgentsMoved), base.Name, counted(len(c.People), "shift"))})
	}
	for _, headline := range []bool{true, false} {
		untold := 0
		for i := range c.Figures {
			f := &c.Figures[i]
			switch {
			case f.Certainty != certainties[experiment.Certain] || f.isHeadline() != headline || !headline && changeTones[f.Change] == Plain:
			case len(all) < mostTold:
				all = append(all, Point{Text: fmt.Sprintf("%s: %s instead of %s (%s).", f.words(), f.figure(f.Value, f.HalfWidth, c.Currency),
					f.figure(f.Base, f.BaseHalfWidth, base.Currency), f.difference(c.Currency)), Tone: changeTones[f.Change]})
			default:
				untold++
			}
		}
		if untold > 0 {
			all = append(all, Point{Text: "Certain as well: " + counted(untold, "more difference") + ", in the table below."})
		}
	}
	if len(all) == 0 {
		all = append(all, Point{Text: fmt.Sprintf("Neither the cost of %s nor the attainment of all its promises differs from %s for certain.", c.Name, base.Name)})
	}
	return all
}

// mostTold is how many differences are told in sentences.
const mostTold = 10

// isHeadline reports whether the figure is money, or the attainment of all promises of a milestone.
func (f *FigureChange) isHeadline() bool { return f.Of == "" && (f.Measure == cost || f.attainment) }

// words name a figure.
func (f *FigureChange) words() string {
	switch {
	case f.Measure == cost && f.Of == "":
		return "Cost a year"
	case f.attainment:
		return strings.TrimSpace("Attainment of " + f.Measure + " " + f.Of)
	}
	return strings.TrimSpace(strings.ToUpper(f.Measure[:1]) + f.Measure[1:] + " " + f.Of)
}

// moreOrLess tells a net change of agents.
func moreOrLess(n int) string {
	switch {
	case n > 0:
		return counted(n, "agent") + " more"
	case n < 0:
		return counted(-n, "agent") + " fewer"
	}
	return "as many agents, not more,"
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return Count(int64(n)) + " " + thing
}

// mostBars keeps a chart of attainment legible.
const mostBars = 16

// attainmentChart has bars of the promises whose attainment differs by more than noise, and of all of each milestone.
func (c *Compare) attainmentChart() Chart {
	chart := Chart{
		Title:   "Attainment by promise",
		Caption: "Promises whose attainment differs by more than noise, and all promises of each milestone. Thin lines are half-widths of each scenario alone; those of the differences are smaller.",
		X:       Axis{Label: "attainment", Scale: Percents, High: 1}, Bars: &Bars{Parts: []BarPart{{Name: c.Base.Name}}},
	}
	index := map[string]int{}
	for i := range c.Comparisons {
		for _, f := range c.Comparisons[i].Figures {
			name := strings.TrimSpace(f.Measure + " " + f.Of)
			if _, known := index[name]; !known && f.attainment && f.notable() && len(index) < mostBars {
				index[name] = len(chart.Y.Names)
				chart.Y.Names = append(chart.Y.Names, name)
				chart.Bars.Parts[0].add(f.Base, f.BaseHalfWidth)
			}
		}
	}
	for i := range c.Comparisons {
		part := BarPart{Name: c.Comparisons[i].Name, Colour: i + 1}
		values := make([]FigureChange, len(index))
		for _, f := range c.Comparisons[i].Figures {
			if at, known := index[strings.TrimSpace(f.Measure+" "+f.Of)]; known {
				values[at] = f
			}
		}
		for _, f := range values {
			part.add(f.Value, f.HalfWidth)
		}
		chart.Bars.Parts = append(chart.Bars.Parts, part)
	}
	return chart
}

func (p *BarPart) add(value, halfWidth Number) {
	p.Values, p.HalfWidth = append(p.Values, float64(value)), append(p.HalfWidth, float64(halfWidth))
}

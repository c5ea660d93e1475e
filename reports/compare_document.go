package reports

import (
	"fmt"
	"strings"

	"sunrelay/sim/experiment"
)

// Extent says which figures a document of a comparison has.
type Extent uint8

// The extents. Notable is the zero value.
const (
	Notable Extent = iota // those that differ by more than noise, what all cases together get, and money
	Whole                 // all
)

// Document is the comparison for people.
func (c *Compare) Document(extent Extent) *Document {
	names := make([]string, len(c.Comparisons))
	for i := range c.Comparisons {
		names[i] = c.Comparisons[i].Name
	}
	d := &Document{Title: strings.Join(names, ", ") + " against " + c.Base.Name, Lead: []string{c.extent()}}
	for i := range c.Comparisons {
		contrast := &c.Comparisons[i]
		d.add(contrast.peopleSection(c.Base.Name))
		d.add(contrast.figureSection(&c.Base, extent))
	}
	d.add(Section{Notes: c.notes()})
	return d
}

func (c *Compare) extent() string {
	replications := fmt.Sprintf("%d replications", c.Replications)
	if c.Partial {
		replications = fmt.Sprintf("PARTIAL: %d of %d replications", c.Replications, c.ReplicationsAsked)
	}
	return fmt.Sprintf("%s each on the same random numbers, seed %d, %s", replications, c.Seed, spanText(c.Base.Start, c.Base.End))
}

func (c *Contrast) peopleSection(base string) Section {
	t := Table{Columns: []Column{{"centre", Left}, {"pool", Left}, {"shift", Left}, {base, Right}, {c.Name, Right}, {"difference", Right}}}
	for _, m := range c.People {
		t.Rows = append(t.Rows, words(m.Centre, m.Pool, m.Shift, Count(int64(m.Base)), Count(int64(m.Agents)), signed(Count(int64(m.Difference)))))
	}
	s := Section{Heading: c.Name + " against " + base + ": agents", Tables: []Table{t}}
	if len(c.People) > 0 {
		s.Notes = []string{fmt.Sprintf("In all %s agents.", signed(Count(int64(c.AgentsMoved))))}
	}
	return s
}

// signed puts a plus before a number above 0.
func signed(text string) string {
	if text == "" || text == "0" || strings.HasPrefix(text, "-") {
		return text
	}
	return "+" + text
}

// figureSection is the table of the figures, and how many the extent leaves out.
func (c *Contrast) figureSection(base *Compared, extent Extent) Section {
	t := Table{Columns: []Column{
		{"figure", Left}, {"of", Left}, {base.Name, Right}, {c.Name, Right}, {"difference", Right}, {"change", Left}, {"certainty", Left},
	}}
	hidden := 0
	for i := range c.Figures {
		f := &c.Figures[i]
		if extent == Notable && !f.notable() {
			hidden++
			continue
		}
		t.Rows = append(t.Rows, f.cells(base.Currency, c.Currency))
	}
	s := Section{Heading: c.Name + " against " + base.Name + ": figures, and their differences paired by replication", Tables: []Table{t}}
	if hidden > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d other figures show no difference beyond noise (--all lists them).", hidden))
	}
	if c.VarianceRatio.Known() {
		s.Notes = append(s.Notes, fmt.Sprintf("Of figures that differ at all, the variance of the difference is %s of that of runs on other random numbers, in the median.",
			Percent(c.VarianceRatio, Number(0.1)*c.VarianceRatio).Short()))
	}
	return s
}

// notable figures differ, or concern everything.
func (f *FigureChange) notable() bool {
	return f.Certainty != certainties[experiment.Open] || f.Of == "" && f.Base.Known() && f.Value.Known()
}

// changeTones colour certain changes.
var changeTones = map[string]Tone{"better": Good, "worse": Bad}

func (f *FigureChange) cells(baseCurrency, currency string) []Cell {
	row := append(words(f.Measure, f.Of), sideFigure(f.figure(f.Base, f.BaseHalfWidth, baseCurrency)),
		sideFigure(f.figure(f.Value, f.HalfWidth, currency)), figure(f.difference(currency)))
	change, certainty := Cell{}, Cell{}
	if f.Certainty != certainties[experiment.Open] {
		change.Text, certainty.Text = f.Change, f.Certainty
		change.Tone = changeTones[f.Change]
	}
	return append(row, change, certainty)
}

// difference shows the difference, with its sign.
func (f *FigureChange) difference(currency string) Figure {
	d := f.figure(f.Difference, f.DifferenceHalfWidth, currency)
	d.Text = signed(d.Text)
	if d.Unit == "%" {
		d.Unit = "points"
	}
	return d
}

// figure shows a value in the unit of the figure.
func (f *FigureChange) figure(value, halfWidth Number, currency string) Figure {
	return unitFigure(experiment.Unit(f.Unit), value, halfWidth, currency)
}

// unitFigure shows a value with its unit.
func unitFigure(unit experiment.Unit, value, halfWidth Number, currency string) Figure {
	switch unit {
	case experiment.Share:
		return Percent(value, halfWidth)
	case experiment.Seconds:
		return Lasting(value, halfWidth)
	}
	f := Rounded(value, halfWidth)
	if unit == experiment.Money && f.Text != "" {
		f.Unit = currency
	}
	return f
}

func (c *Compare) notes() []string {
	notes := []string{fmt.Sprintf("Certain: with all %s differences together, some of these is wrong with a probability of at most 5 %% (Holm). "+
		"Likely: the difference stands out by itself, as one in twenty does where nothing differs.", Count(int64(c.Tests)))}
	for _, w := range c.Warnings {
		notes = append(notes, "Warning: "+w+".")
	}
	return notes
}

// Rows are the differences for spreadsheets: a heading, then all of them, with all digits; what is not known is empty.
func (c *Compare) Rows() [][]string {
	rows := [][]string{{
		"base", "compared", "measure", "of", "unit", "base_value", "base_half_width", "value", "half_width", "difference", "difference_half_width",
		"certainty", "change", "variance_ratio",
	}}
	for i := range c.Comparisons {
		for _, f := range c.Comparisons[i].Figures {
			rows = append(rows, []string{
				c.Base.Name, c.Comparisons[i].Name, f.Measure, f.Of, f.Unit, f.Base.plain(), f.BaseHalfWidth.plain(), f.Value.plain(), f.HalfWidth.plain(),
				f.Difference.plain(), f.DifferenceHalfWidth.plain(), f.Certainty, f.Change, f.VarianceRatio.plain(),
			})
		}
	}
	return rows
}

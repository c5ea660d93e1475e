package reports

import (
	"fmt"
	"slices"
	"strings"

	"sunrelay/sim/experiment"
)

// Report is the sweep as a page: what came out, charts, and the points for who wants to look them up.
func (s *Sweep) Report() *Document {
	d := &Document{Title: s.title(), Lead: []string{s.extent()}}
	d.add(Section{Heading: "In short", Points: points(s.notes()...)})
	d.Sections = append(d.Sections, s.chartSections()...)
	d.add(s.frontierSection())
	all := s.pointSection()
	all.Folded = true
	d.add(all)
	return d
}

func (s *Sweep) title() string { return s.Scenario + " by " + strings.Join(s.Factors, ", ") }

// shortFactors are names of the factors for headings and axes: the ends of their paths, as far as tells them apart, and at
// least the last two words.
func (s *Sweep) shortFactors() []string {
	short := slices.Clone(s.Factors)
	for i, path := range s.Factors {
		for from := len(path); from > 0; {
			from = strings.LastIndexByte(path[:from], '.')
			end := path[from+1:]
			if from < 0 || strings.Contains(end, ".") && !slices.ContainsFunc(s.Factors, func(other string) bool {
				return other != path && strings.HasSuffix("."+other, "."+end)
			}) {
				short[i] = end
				break
			}
		}
	}
	return short
}

// Document is the sweep for people: a row for each point.
func (s *Sweep) Document() *Document {
	d := &Document{Title: s.title(), Lead: []string{s.extent()}}
	d.add(s.pointSection())
	d.add(s.frontierSection())
	d.add(Section{Notes: s.notes()})
	return d
}

func (s *Sweep) extent() string {
	points := Count(int64(len(s.Points))) + " points"
	if s.Partial {
		points = fmt.Sprintf("PARTIAL: %s of %s points", Count(int64(len(s.Points))), Count(int64(len(s.Settings))))
	}
	return fmt.Sprintf("%s (%s) of %d replications on the same random numbers, seed %d, %s", points,
		strings.ReplaceAll(s.Design, "_", " "), s.Replications, s.Seed, spanText(s.Start, s.End))
}

// sideMeasures are the figures that every table of points has, where there are any.
var sideMeasures = []string{"mean open cases", cost}

// measures are the names of the figures that a table of points has beside objectives: attainment of all clocks of each
// milestone where there are no objectives, and the side measures.
func (s *Sweep) measures() []string {
	var names []string
	for i := range s.Points {
		for _, f := range s.Points[i].Figures {
			headline := f.Of == "" && (slices.Contains(sideMeasures, f.Measure) || f.Unit == shareUnit && len(s.Points[i].Objectives) == 0)
			if headline && !slices.Contains(names, f.Measure) {
				names = append(names, f.Measure)
			}
		}
	}
	return names
}

func (s *Sweep) pointSection() Section {
	if len(s.Points) == 0 {
		return Section{Notes: []string{"No point is finished."}}
	}
	t := Table{Columns: s.settingColumns()}
	for _, o := range s.Points[0].Objectives {
		t.Columns = append(t.Columns, Column{o.Objective, Right})
	}
	measures := s.measures()
	for _, name := range measures {
		t.Columns = append(t.Columns, Column{name, Right})
	}
	for i := range s.Points {
		p := &s.Points[i]
		row := p.settingCells()
		for j := range p.Objectives {
			cell := sideFigure(p.Objectives[j].figure(p.Objectives[j].Estimate))
			cell.Tone = verdictTones[p.Objectives[j].Verdict]
			row = append(row, cell)
		}
		for _, name := range measures {
			row = append(row, sideFigure(s.figure(p.Figure(name))))
		}
		t.Rows = append(t.Rows, row)
	}
	return Section{Heading: "Points", Tables: []Table{t}}
}

func (s *Sweep) settingColumns() []Column {
	columns := []Column{{"point", Right}}
	for _, name := range s.shortFactors() {
		columns = append(columns, Column{name, Right})
	}
	return append(columns, Column{"agents", Right})
}

func (p *SweepPoint) settingCells() []Cell {
	return append(append(words(fmt.Sprint(p.Point)), words(p.Settings...)...), Cell{Text: Count(int64(p.Agents))})
}

func (s *Sweep) figure(f SweepFigure) Figure {
	return unitFigure(experiment.Unit(f.Unit), f.Value, f.HalfWidth, s.Currency)
}

func (s *Sweep) frontierSection() Section {
	t := Table{Columns: append(s.settingColumns(), Column{cost, Right}, Column{s.FrontierOf, Right})}
	for _, i := range s.Frontier {
		p := &s.Points[i]
		row := append(p.settingCells(), figure(s.figure(p.Figure(cost))))
		t.Rows = append(t.Rows, append(row, Cell{Text: Percent(s.Attainment(i), s.attainmentHalfWidth(i)).String()}))
	}
	return Section{Heading: "Points that no other beats in cost and attainment at once", Tables: []Table{t}}
}

func (s *Sweep) attainmentHalfWidth(point int) Number {
	for _, o := range s.Points[point].Objectives {
		if o.Objective == s.FrontierOf {
			return o.HalfWidth
		}
	}
	return s.Points[point].Figure(s.FrontierOf).HalfWidth
}

// notes name the cheapest point that will do, and what must be known of the figures.
func (s *Sweep) notes() []string {
	var notes []string
	best := -1
	for i := range s.Points {
		p := &s.Points[i]
		if p.AllMet() && (best < 0 || p.Figure(cost).Value < s.Points[best].Figure(cost).Value) {
			best = i
		}
	}
	switch {
	case len(s.Points) == 0 || len(s.Points[0].Objectives) == 0:
	case best < 0:
		notes = append(notes, "No point meets every objective.")
		if never := s.neverMet(); len(never) > 0 {
			notes = append(notes, "Met at no point: "+strings.Join(never, "; ")+".")
		}
	case s.FrontierOf != "":
		notes = append(notes, fmt.Sprintf("The cheapest point that meets every objective is %d: %s.", s.Points[best].Point, s.settingsText(best)))
	}
	if s.Replications < fewReplications {
		notes = append(notes, fmt.Sprintf("Warning: the half-widths rest on %d replications, want at least %d.", s.Replications, fewReplications))
	}
	return notes
}

// neverMet are the objectives that no point meets, although some tell of them.
func (s *Sweep) neverMet() []string {
	var never []string
	for j, o := range s.Points[0].Objectives {
		isMet := func(p SweepPoint) bool { return p.Objectives[j].Met }
		isKnown := func(p SweepPoint) bool { return p.Objectives[j].Estimate.Known() }
		if !slices.ContainsFunc(s.Points, isMet) && slices.ContainsFunc(s.Points, isKnown) {
			never = append(never, o.Objective)
		}
	}
	return never
}

func (s *Sweep) settingsText(point int) string {
	var parts []string
	for i, name := range s.Factors {
		parts = append(parts, name+"="+s.Points[point].Settings[i])
	}
	return strings.Join(parts, ", ")
}

// Rows are the points for spreadsheets: a heading, then one row each with the settings and all figures, with all digits;
// what is not known is empty.
func (s *Sweep) Rows() [][]string {
	measured := s.Measured()
	heading := append(append([]string{"point"}, s.Factors...), "replications", "cases", "agents", "objectives_met")
	for i := range measured {
		heading = append(heading, measured[i].Name(), measured[i].Name()+" half_width")
	}
	rows := [][]string{heading}
	for i := range s.Points {
		p := &s.Points[i]
		row := append(append([]string{fmt.Sprint(p.Point)}, p.Settings...), fmt.Sprint(p.Replications), fmt.Sprint(p.Cases), fmt.Sprint(p.Agents), fmt.Sprint(p.ObjectivesMet()))
		for j := range measured {
			f := p.Figure(measured[j].Name())
			row = append(row, f.Value.plain(), f.HalfWidth.plain())
		}
		rows = append(rows, row)
	}
	return rows
}

package reports

import (
	"fmt"
	"strings"

	"sunrelay/sim/experiment"
	"sunrelay/sim/replay"
)

// Document is the replay for people: what was played, how values were read, recorded and simulated figures side by side.
func (r *Replay) Document() *Document {
	title := r.Scenario
	if r.Title != "" {
		title += ": " + r.Title
	}
	d := &Document{
		Title: fmt.Sprintf("%s, with the cases of %s", title, r.Log.Name),
		Lead:  []string{r.Log.reading(), r.Log.zone(), r.extent()},
	}
	d.add(r.sourceSection())
	d.add(r.figureSection(promisesHeading, experiment.Share))
	d.add(r.figureSection("Times, recorded and simulated", experiment.Seconds))
	d.add(r.noteSection())
	d.add(r.Log.columnSection())
	return d
}

// Report is the replay as a page: the document with a chart of the promises.
func (r *Replay) Report() *Document {
	d := r.Document()
	chart := r.attainmentChart()
	for i := range d.Sections {
		if s := &d.Sections[i]; s.Heading == promisesHeading && len(chart.Y.Names) > 0 {
			s.Charts = []Chart{chart}
		}
	}
	return d
}

func (r *Replay) extent() string {
	replications := fmt.Sprintf("%d replications", r.Replications)
	if r.Partial {
		replications = fmt.Sprintf("PARTIAL: %d of %d replications", r.Replications, r.ReplicationsAsked)
	}
	text := fmt.Sprintf("%s cases, played in %s, seed %d, %s", thousands(r.Cases), replications, r.Seed, spanText(r.Start, r.End))
	if r.WarmUpSeconds > 0 {
		text += " after a warm-up of " + Lasting(Number(r.WarmUpSeconds), Number(0)).Short()
	}
	return text + "; " + map[string]string{
		"none":  "each replication has the days as they were",
		"days":  "each replication has days drawn among those of the same weekday",
		"weeks": "each replication has weeks drawn among those of the log",
	}[r.Resample] + "."
}

func (r *Replay) sourceSection() Section {
	s := Section{Heading: "What is recorded and what is drawn"}
	s.Points = points("From the log: "+strings.Join(r.Recorded, ", ")+".", "By the scenario: "+strings.Join(r.Drawn, ", ")+".")
	if len(r.Values) == 0 {
		return s
	}
	t := Table{Title: "Values of the log (--value says otherwise)", Columns: []Column{{Heading: "attribute"}, {Heading: "value"}, {"cases", Right}, {Heading: "in the scenario"}, {Heading: "by"}}}
	const most = 12
	shown, left := map[string]int{}, 0
	for _, v := range r.Values {
		if shown[v.Attribute]++; shown[v.Attribute] > most {
			left++
			continue
		}
		name := Cell{Text: v.Name}
		if v.Name == "" {
			name = Cell{Text: "drawn", Tone: Doubtful}
		}
		row := words(v.Attribute, v.Value, thousands(v.Cases), "", v.How)
		row[3] = name
		t.Rows = append(t.Rows, row)
	}
	s.Tables = []Table{t}
	if left > 0 {
		s.Notes = []string{fmt.Sprintf("And %d rarer values.", left)}
	}
	return s
}

const promisesHeading = "Promises, recorded and simulated"

// figureSection is the table of the figures of a unit.
func (r *Replay) figureSection(heading string, unit experiment.Unit) Section {
	t := Table{Columns: []Column{{Heading: "figure"}, {Heading: "of"}, {"recorded", Right}, {"simulated", Right}, {"difference", Right}, {Heading: ""}}}
	agree, told := 0, 0
	for i := range r.Figures {
		f := &r.Figures[i]
		if f.Unit != string(unit) {
			continue
		}
		verdict := Cell{Text: f.Verdict}
		switch replay.Verdict(f.Verdict) {
		case replay.Agrees:
			verdict.Tone, agree, told = Good, agree+1, told+1
		case replay.Differs:
			verdict.Tone, told = Bad, told+1
		}
		row := append(words(f.words(), f.of()), sideFigure(f.figure(f.Recorded, f.RecordedHalfWidth)), sideFigure(f.figure(f.Simulated, f.SimulatedHalfWidth)), figure(f.figure(f.Difference, f.DifferenceHalfWidth)))
		if !strings.HasPrefix(row[4].Text, "<") {
			row[4].Text = signed(row[4].Text)
		}
		t.Rows = append(t.Rows, append(row, verdict))
	}
	s := Section{Heading: heading, Tables: []Table{t}}
	if told > 0 {
		s.Notes = []string{fmt.Sprintf("%d of %d differences are within their half-width; where the scenario is right one in twenty is not.", agree, told)}
	}
	return s
}

func (f *ReplayFigure) words() string {
	if f.Unit == string(experiment.Share) {
		return f.Milestone
	}
	return f.Measure + " " + f.Milestone
}

func (f *ReplayFigure) of() string {
	if f.Plan == "" && f.Severity == "" {
		return "all"
	}
	return strings.TrimSpace(f.Plan + " " + f.Severity)
}

func (f *ReplayFigure) figure(value, halfWidth Number) Figure {
	if f.Unit == string(experiment.Share) {
		return Percent(value, halfWidth)
	}
	return Lasting(value, halfWidth)
}

func (r *Replay) noteSection() Section {
	s := Section{Heading: "What to know"}
	for _, o := range r.Open {
		s.Notes = append(s.Notes, fmt.Sprintf("When the time was over %s of the cases had not reached %s as recorded, %s as simulated; times leave them out.",
			Percent(o.Recorded, 0), o.Milestone, Percent(o.Simulated, 0)))
	}
	if r.Met.Known() {
		s.Notes = append(s.Notes, fmt.Sprintf("By its own column the log kept %s of its promises.", Percent(r.Met, 0)))
	}
	if r.Loosened > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("The channel or language of %s cases is drawn although it is recorded: no case of the scenario with the other attributes comes like that.", thousands(r.Loosened)))
	}
	if r.Refused > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%s of the cases are refused by the scenario, and left out of what is recorded.", Percent(r.Refused, 0)))
	}
	for _, w := range r.Warnings {
		s.Notes = append(s.Notes, strings.ToUpper(w[:1])+w[1:]+".")
	}
	return s
}

// attainmentChart has a group of two bars for each promise.
func (r *Replay) attainmentChart() Chart {
	chart := Chart{
		Title:   "Attainment by promise",
		Caption: "As recorded, against the targets of the scenario, and as simulated. Thin lines are half-widths for one log of this length.",
		X:       Axis{Label: "attainment", Scale: Percents, High: 1}, Bars: &Bars{Parts: []BarPart{{Name: "recorded"}, {Name: "simulated", Colour: 1}}},
	}
	for i := range r.Figures {
		f := &r.Figures[i]
		if f.Unit != string(experiment.Share) || len(chart.Y.Names) == mostBars {
			continue
		}
		chart.Y.Names = append(chart.Y.Names, f.words()+" "+f.of())
		chart.Bars.Parts[0].add(f.Recorded, f.RecordedHalfWidth)
		chart.Bars.Parts[1].add(f.Simulated, f.SimulatedHalfWidth)
	}
	return chart
}

// Rows are the figures as CSV, the names of the columns first.
func (r *Replay) Rows() [][]string {
	rows := [][]string{{"measure", "milestone", "plan", "severity", "unit", "recorded", "recorded_half_width", "simulated", "simulated_half_width", "difference", "difference_half_width", "verdict"}}
	for _, f := range r.Figures {
		rows = append(rows, []string{
			f.Measure, f.Milestone, f.Plan, f.Severity, f.Unit, f.Recorded.plain(), f.RecordedHalfWidth.plain(), f.Simulated.plain(), f.SimulatedHalfWidth.plain(),
			f.Difference.plain(), f.DifferenceHalfWidth.plain(), f.Verdict,
		})
	}
	return rows
}

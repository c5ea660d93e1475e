package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// Report is the run for people who want to see it: the summary first, then charts and tables, with the assumptions at the
// end. It needs the Profiles, and shows no elapsed time, so that the same scenario and seed give the same bytes.
func (run *Run) Report() *Document {
	d := &Document{Title: cmp.Or(run.Title, run.Scenario), Lead: []string{run.extent() + "."}}
	d.add(run.summarySection())
	d.add(Section{Heading: "Read with care", Points: warningPoints(run.Warnings)})
	objectives := run.objectiveSection()
	objectives.Heading, objectives.Notes = "Objectives", []string{"The bound is the side of a one-sided 95 % confidence interval, for all objectives together. An objective is met if the bound reaches the goal less a margin: half a point of a share, half a per cent of anything else."}
	if len(run.Objectives) > 0 {
		d.add(objectives)
	}
	run.addKept(d)
	run.addWhy(d)
	run.addTimes(d)
	run.addPeople(d)
	d.add(run.backlogReport())
	run.addMoneyReport(d)
	run.addDetails(d)
	d.add(run.originSection())
	d.add(run.assumedSection())
	return d
}

func warningPoints(warnings []string) []Point {
	var all []Point
	for _, w := range warnings {
		all = append(all, Point{sentence(w) + ".", Doubtful})
	}
	return all
}

// addKept adds the matrix of each milestone.
func (run *Run) addKept(d *Document) {
	first := true
	for m := range sla.Milestone(sla.Milestones) {
		s := Section{Heading: milestoneTitles[m], Tables: []Table{run.matrix(m.String())}, Part: true}
		if len(s.Tables[0].Rows) == 0 {
			continue
		}
		if first {
			d.add(Section{Heading: "How promises are kept", Points: points(
				"Attainment is the share of promises kept among those that were decided, with the half-width of its 95 % confidence interval; the target stands below. " +
					"The shade grows where more than 1, 5, 10 and 20 % are broken.")})
			first = false
		}
		d.add(s)
		details := run.attainmentSection(m.String())
		details.Heading, details.Folded = fmt.Sprintf("%s: all figures and times", milestoneTitles[m]), true
		d.add(details)
	}
}

// matrix is the attainment of a milestone by plan and severity.
func (run *Run) matrix(milestone string) Table {
	var plans, severities []string
	cells := map[[2]string]*Attainment{}
	for i := range run.Attainment {
		a := &run.Attainment[i]
		if a.Milestone != milestone || a.Decided == 0 {
			continue
		}
		cells[[2]string{a.Plan, a.Severity}] = a
		if !slices.Contains(plans, a.Plan) {
			plans = append(plans, a.Plan)
		}
		if !slices.Contains(severities, a.Severity) {
			severities = append(severities, a.Severity)
		}
	}
	severities = run.inOrder(severities)
	t := Table{Columns: []Column{{"plan", Left}}}
	for _, s := range severities {
		t.Columns = append(t.Columns, Column{s, Right})
	}
	for _, p := range plans {
		row := words(p)
		for _, s := range severities {
			row = append(row, attainmentCell(cells[[2]string{p, s}]))
		}
		t.Rows = append(t.Rows, row)
	}
	t.shareDetail()
	return t
}

// shareDetail says once what all cells say in their second line.
func (t *Table) shareDetail() {
	var details []string
	for _, row := range t.Rows {
		for _, cell := range row {
			if cell.Detail != "" && !slices.Contains(details, cell.Detail) {
				details = append(details, cell.Detail)
			}
		}
	}
	if len(details) != 1 {
		return
	}
	t.Title = "Target: " + details[0]
	for _, row := range t.Rows {
		for i := range row {
			row[i].Detail = ""
		}
	}
}

// inOrder are the severities as the file has them.
func (run *Run) inOrder(severities []string) []string {
	var all []string
	for _, o := range run.Outcomes {
		if slices.Contains(severities, o.Severity) && !slices.Contains(all, o.Severity) {
			all = append(all, o.Severity)
		}
	}
	return all
}

// attainmentCell is an attainment with its target; empty where nothing is promised.
func attainmentCell(a *Attainment) Cell {
	if a == nil {
		return Cell{}
	}
	cell := figure(Percent(a.Attainment, a.HalfWidth))
	cell.Detail = a.Target
	for i, broken := range [MostShade]Number{0.01, 0.05, 0.10, 0.20} {
		if 1-a.Attainment > broken {
			cell.Shade = uint8(i + 1)
		}
	}
	return cell
}

// promisesByAttainment are the promises with decided clocks, the worst kept first.
func (run *Run) promisesByAttainment() []Attainment {
	all := slices.DeleteFunc(slices.Clone(run.Attainment), func(a Attainment) bool { return a.Decided == 0 })
	slices.SortStableFunc(all, func(a, b Attainment) int { return cmp.Compare(a.Attainment, b.Attainment) })
	return all
}

// causeKeys are the keys of all causes, in their order.
func causeKeys() []string {
	var all []string
	for cause := range metrics.Cause(metrics.Causes) {
		all = append(all, cause.String())
	}
	return all
}

// breachesOf counts the breaches of a cause, of one milestone or all.
func (run *Run) breachesOf(cause, milestone string) int64 {
	var n int64
	for _, b := range run.BreachCauses {
		if b.Cause == cause && (milestone == "" || b.Milestone == milestone) {
			n += b.Breaches
		}
	}
	return n
}

// addWhy adds the causes of breaches.
func (run *Run) addWhy(d *Document) {
	if len(run.BreachCauses) == 0 {
		return
	}
	d.add(Section{Heading: "Why promises were broken", Points: points(run.shortNotes()...), Charts: []Chart{run.causeChart()}, Notes: []string{run.causeLegend()}})
	details := Section{Heading: "Causes by plan and severity", Folded: true}
	for m := range sla.Milestone(sla.Milestones) {
		if t := run.causeSection(m.String()).Tables[0]; len(t.Rows) > 0 {
			t.Title = milestoneTitles[m]
			details.Tables = append(details.Tables, t)
		}
	}
	d.add(details)
}

// causeChart has a bar for each milestone with breaches, split by cause.
func (run *Run) causeChart() Chart {
	c := Chart{
		Title: "Causes of broken promises", Caption: "All plans together; the number of broken promises stands beside the name.",
		X: Axis{Label: "share of the broken promises", Scale: Percents, High: 1}, Bars: &Bars{Stacked: true},
	}
	var milestones []string
	var totals []int64
	for m := range sla.Milestone(sla.Milestones) {
		var total int64
		for _, cause := range causeKeys() {
			total += run.breachesOf(cause, m.String())
		}
		if total > 0 {
			milestones, totals = append(milestones, m.String()), append(totals, total)
			c.Y.Names = append(c.Y.Names, fmt.Sprintf("%s (%s)", milestoneTitles[m], Count(total)))
		}
	}
	for i, cause := range causeKeys() {
		part := BarPart{Name: causeColumns[i], Colour: i}
		sum := 0.0
		for row, m := range milestones {
			share := float64(run.breachesOf(cause, m)) / float64(totals[row])
			part.Values = append(part.Values, share)
			sum += share
		}
		if sum > 0 {
			c.Bars.Parts = append(c.Bars.Parts, part)
		}
	}
	return c
}

// causeLegend says what the causes that occur mean.
func (run *Run) causeLegend() string {
	var all []string
	for i, cause := range causeKeys() {
		if run.breachesOf(cause, "") > 0 {
			all = append(all, causeColumns[i]+": "+causeMeanings[cause])
		}
	}
	return sentence(strings.Join(all, "; ")) + "."
}

// addDetails adds the tables without charts.
func (run *Run) addDetails(d *Document) {
	details := Section{Heading: "More about the cases: other milestones, how they ended, what happened to them, waits for an agent", Folded: true}
	for _, s := range []Section{run.timeSection(), run.lossSection(), run.countSection(), run.waitSection()} {
		if t := s.Tables[0]; len(t.Rows) > 0 {
			t.Title = s.Heading
			details.Tables = append(details.Tables, t)
		}
	}
	d.add(details)
}

// assumedSection lists the assumed blocks for who wants to know.
func (run *Run) assumedSection() Section {
	t := Table{Columns: []Column{{"block", Left}}}
	for _, path := range run.Assumed {
		t.Rows = append(t.Rows, words(path))
	}
	return Section{Heading: "What is assumed", Folded: true, Tables: []Table{t}}
}

// originSection says where the figures come from.
func (run *Run) originSection() Section {
	t := Table{Columns: []Column{{"", Left}, {"", Left}}}
	for _, row := range [][2]string{
		{"scenario", run.Scenario}, {"hash of the scenario", run.ScenarioHash}, {"seed", fmt.Sprint(run.Seed)},
		{"replications", fmt.Sprint(run.Replications)}, {"measured time", run.span()}, {"warm-up", Lasting(Number(run.WarmUpSeconds), Number(math.NaN())).Short()},
		{"cases, warm-up included", Count(run.Cases)}, {"events", Count(run.Events)}, {"version of Sunrelay", cmp.Or(run.Version, "unknown")},
	} {
		t.Rows = append(t.Rows, words(row[0], row[1]))
	}
	s := Section{Heading: "Where these figures come from", Tables: []Table{t}, Points: points(
		"Figures are means over the replications; ± is half of the 95 % confidence interval, and no digit is shown that it does not support. The same scenario, seed and version give the same report.")}
	if text := assumedWords(run.Assumed); text != "" {
		s.Points = append(s.Points, Point{Text: text})
	}
	return s
}

// assumedWords say which blocks of a scenario no source gives; empty where there are none.
func assumedWords(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	return fmt.Sprintf("Assumed, not from a source: %s of the scenario, namely %s.", several(fmt.Sprint(len(paths)), "block"), strings.Join(assumedParts(paths), ", "))
}

// assumedParts are the parts of the scenario that have assumed blocks, with how many where there are several.
func assumedParts(paths []string) []string {
	var parts []string
	blocks := map[string]int{}
	for _, path := range paths {
		part, _, _ := strings.Cut(path, ".")
		if blocks[part]++; blocks[part] == 1 {
			parts = append(parts, part)
		}
	}
	for i, part := range parts {
		if n := blocks[part]; n > 1 {
			parts[i] = fmt.Sprintf("%s (%d)", part, n)
		}
	}
	return parts
}

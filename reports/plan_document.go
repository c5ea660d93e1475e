package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sunrelay/model/scenario"
	"sunrelay/sim/planner"
)

// Document is the plan for people.
func (report *Plan) Document() *Document {
	d := &Document{Title: report.Scenario, Lead: report.lead()}
	if report.Title != "" {
		d.Title += ": " + report.Title
	}
	d.add(report.impossibleSection())
	d.add(report.staffingSection())
	d.add(report.verdictSection())
	d.add(report.certificateSection())
	d.add(report.moreSection())
	d.add(Section{Heading: "Read with care", Points: warningPoints(report.Warnings)})
	return d
}

// lead says in sentences what was found and what was proved.
func (report *Plan) lead() []string {
	agents, before := report.agents()
	what := "Plan"
	switch {
	case report.Partial != "" && report.Confirmed:
		what = "PARTIAL (" + report.Partial + "): the best confirmed plan so far"
	case report.Partial != "":
		what = "PARTIAL (" + report.Partial + ") and NOT CONFIRMED: the best plan so far, which no verdict has seen"
	case !report.Confirmed:
		what = "NOT CONFIRMED: the plan"
	}
	cost := ""
	if report.Currency != "" {
		cost = ", " + report.money(report.CostPerYear) + " a year" + report.overtimeWords()
	}
	lead := []string{fmt.Sprintf("%s: %s agents (%s before)%s", what, Count(int64(agents)), Count(int64(before)), cost)}
	if b := report.Budget; b != nil {
		lead = append(lead, report.budgetWords())
	}
	lead = append(lead, report.boundWords())
	if report.Optimal {
		lead = append(lead, "Every cheaper plan fails on the sample of the search: the plan is optimal there")
	}
	if report.Confirmed {
		lead = append(lead, fmt.Sprintf("Confirmed on %d replications with seed %d, which the search has not seen; %d staffings were tried, verdicts: %d",
			report.VerdictReplications, report.VerdictSeed, report.Evaluations, report.Verdicts))
	}
	return lead
}

// overtimeWords say which part of the cost is overtime.
func (report *Plan) overtimeWords() string {
	if !(report.Overtime > 0) {
		return ""
	}
	return fmt.Sprintf(" (%s of it overtime)", figureIn(Rounded(report.Overtime, report.OvertimeHalfWidth), report.Currency))
}

func figureIn(f Figure, unit string) string {
	f.Unit = unit
	return f.String()
}

// OverBudget reports whether the scheduled hours cost more than the budget.
func (report *Plan) OverBudget() bool {
	return report.Budget != nil && report.Scheduled > report.Budget.Amount*(1+1e-9)
}

// budgetWords say what became of the money.
func (report *Plan) budgetWords() string {
	b := report.Budget
	if report.OverBudget() {
		return "More than the budget of " + report.money(b.Amount) + " a year: no cheaper plan was found that keeps the objectives"
	}
	if b.Use == scenario.BudgetLimit.String() {
		return "Within the budget of " + report.money(b.Amount) + " a year"
	}
	goals := "the goals of attainment as they are"
	switch {
	case b.Moved > 0:
		goals = fmt.Sprintf("all goals of attainment raised by %.1f points, as far as 100 %% allows", 100*float64(b.Moved))
	case b.Moved < 0:
		goals = fmt.Sprintf("all goals of attainment lowered by %.1f points, as far as 0 %% allows", -100*float64(b.Moved))
	}
	return "The best that was found for the budget of " + report.money(b.Amount) + " a year: " + goals
}

// boundWords say what was proved about the cost.
func (report *Plan) boundWords() string {
	costs := "costs"
	if report.Overtime > 0 {
		costs = "costs, without overtime,"
	}
	return fmt.Sprintf("No plan within the rules %s less than %s: the gap that is not proved is %.1f %% (%s)",
		costs, report.money(report.LowerBoundPerYear), 100*float64(report.Gap), report.Solver)
}

// money is a sum, or heads where nothing has a cost.
func (report *Plan) money(sum Number) string {
	if report.Currency == "" {
		if n := int64(math.Round(float64(sum))); n != 1 {
			return Count(n) + " heads"
		}
		return "1 head"
	}
	return Count(int64(math.Round(float64(sum)))) + " " + report.Currency
}

func (report *Plan) impossibleSection() Section {
	s := Section{Heading: "Objectives that no number of agents in the present shifts keeps (left out of the search)"}
	t := Table{Columns: []Column{{"objective", Left}, {"at best", Right}}}
	for _, i := range report.Impossible {
		best := Percent(i.Most, i.HalfWidth)
		if i.Unit != shareUnit {
			best = Lasting(i.Most, i.HalfWidth)
		}
		t.Rows = append(t.Rows, []Cell{{Text: i.Objective}, {Text: best.String(), Tone: Bad}})
		if len(i.Uncovered) == 0 {
			s.Notes = append(s.Notes, i.Objective+": somebody is always on duty in time; the work itself, or what customers and others do, takes too long")
		}
		var hours []string
		for _, u := range i.Uncovered {
			when := u.RegularHours
			if when == "" {
				when = "single dates"
			}
			hours = append(hours, fmt.Sprintf("%s %s in %s, %s (%s): nobody who may answer in time %s (%s of the time)",
				u.Plan, u.Severity, u.Region, u.Language, u.Zone, when, exactPercent(u.BrokenShare)))
		}
		const most = 6
		slices.Sort(hours)
		if len(hours) > most {
			hours = append(hours[:most], fmt.Sprintf("and %d more: see sunrelay coverage", len(hours)-most))
		}
		s.Notes = append(s.Notes, hours...)
	}
	s.Tables = []Table{t}
	return s
}

func (report *Plan) staffingSection() Section {
	t := Table{Columns: []Column{
		{"centre", Left}, {"pool", Left}, {"shift", Left}, {"agents", Right}, {"before", Right}, {"after shrinkage", Right}, {"hours a week", Right},
		{"cost a year", Right},
	}}
	for _, s := range report.Staffing {
		agents := fmt.Sprint(s.Agents)
		if s.Fixed {
			agents += " (fixed)"
		}
		t.Rows = append(t.Rows, words(s.Centre, s.Pool, s.Shift, agents, fmt.Sprint(s.Before), fmt.Sprintf("%.1f", float64(s.Present)),
			Count(int64(math.Round(float64(s.Hours)))), report.money(s.CostPerYear)))
	}
	return Section{Heading: "Agents scheduled on each shift day", Tables: []Table{t}}
}

func (report *Plan) verdictSection() Section {
	return Section{
		Heading: "Verdict on fresh replications (one-sided bounds at 95 % for all together)", Tables: []Table{objectiveTable(report.Objectives)},
	}
}

// certificateSection counts the neighbours by outcome and lists those with one lot fewer, all that pass, and the nearest of those that fail by the
// estimate alone.
func (report *Plan) certificateSection() Section {
	s := Section{Heading: "Cheaper neighbours: one head fewer, or one elsewhere"}
	t := Table{Columns: []Column{{"change", Left}, {"saves a year", Right}, {"outcome", Left}, {"because of", Left}, {"slack", Right}}}
	count := map[string]int{}
	var order []string
	var likely []*PlanNeighbour
	for i := range report.Certificate {
		n := &report.Certificate[i]
		if count[n.Outcome]++; count[n.Outcome] == 1 {
			order = append(order, n.Outcome)
		}
		switch {
		case len(n.Change) == 1 || n.Outcome == planner.Passes.String():
			t.Rows = append(t.Rows, report.neighbourRow(n))
		case n.Outcome == planner.Likely.String():
			likely = append(likely, n)
		}
	}
	const mostLikely = 10
	slices.SortStableFunc(likely, func(a, b *PlanNeighbour) int { return cmp.Compare(b.Slack, a.Slack) })
	for _, n := range likely[:min(mostLikely, len(likely))] {
		t.Rows = append(t.Rows, report.neighbourRow(n))
	}
	var counts []string
	for _, o := range order {
		counts = append(counts, fmt.Sprintf("%d %s", count[o], o))
	}
	if len(counts) > 0 {
		s.Notes = []string{"Of " + fmt.Sprint(len(report.Certificate)) + " neighbours: " + strings.Join(counts, ", ") + "."}
	}
	if len(likely) > mostLikely {
		s.Notes = append(s.Notes, fmt.Sprintf("Of those with a head elsewhere that fail, not for certain, the nearest %d are listed.", mostLikely))
	}
	s.Tables = []Table{t}
	return s
}

func (report *Plan) neighbourRow(n *PlanNeighbour) []Cell {
	because := cmp.Or(n.Rule, n.Reason, n.Objective)
	slack := ""
	if n.Slack.Known() {
		slack = fmt.Sprintf("%+.2f ± %.2f points", 100*float64(n.Slack), 100*float64(n.HalfWidth))
	}
	return words(n.change(), report.money(n.Saving), n.Outcome, because, slack)
}

// change is the heads in words.
func (n *PlanNeighbour) change() string {
	var parts []string
	for _, c := range n.Change {
		parts = append(parts, fmt.Sprintf("%+d %s", c.Agents, c.Where))
	}
	return strings.Join(parts, ", ")
}

func (report *Plan) moreSection() Section {
	t := Table{Columns: []Column{{"change", Left}, {"costs a year", Right}, {"adds most to", Left}, {"points", Right}}}
	for i := range report.OneMore {
		n := &report.OneMore[i]
		if n.Slack < 5e-5 {
			continue
		}
		t.Rows = append(t.Rows, words(n.change(), report.money(-n.Saving), n.Objective, fmt.Sprintf("%+.2f ± %.2f", 100*float64(n.Slack), 100*float64(n.HalfWidth))))
	}
	return Section{Heading: "One head more, where it adds to some objective", Tables: []Table{t}}
}

// PlanImpossibilities says at once, before a search, which objectives no number of agents keeps; nil where there are none.
func PlanImpossibilities(s *planner.Simulator, impossible []planner.Impossible) *Document {
	if len(impossible) == 0 {
		return nil
	}
	report := &Plan{}
	report.addImpossible(s, impossible)
	d := &Document{Title: s.Model().Scenario.Definition.Name}
	d.add(report.impossibleSection())
	return d
}

// StaffingRows are the rows of the staffing for spreadsheets: a heading, then a row for each shift.
func (report *Plan) StaffingRows() [][]string {
	rows := [][]string{{"centre", "pool", "shift", "agents", "agents_before", "present", "hours_per_week", "cost_per_year"}}
	for _, s := range report.Staffing {
		rows = append(rows, []string{
			s.Centre, s.Pool, s.Shift, strconv.Itoa(s.Agents), strconv.Itoa(s.Before), s.Present.plain(), s.Hours.plain(), s.CostPerYear.plain(),
		})
	}
	return rows
}

package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"sunrelay/sim/planner"
)

// Report is the plan as a page: what was found in plain words, then who works where against who is needed, what was proved, and what
// cannot be. It shows no elapsed time, so that the same scenario and seed give the same bytes.
func (report *Plan) Report() *Document {
	d := &Document{Title: cmp.Or(report.Title, report.Scenario), Lead: []string{"A staffing plan for " + report.Scenario + "."}}
	d.add(report.summarySection())
	d.add(Section{Heading: "Read with care", Points: warningPoints(report.cautions())})
	verdict := report.verdictSection()
	verdict.Heading, verdict.Notes = "Objectives", []string{report.verdictNote()}
	if len(report.Objectives) > 0 {
		d.add(verdict)
	}
	impossible := report.impossibleSection()
	impossible.Heading = "What cannot be kept, and why"
	impossible.Points = points("No number of agents in the present shifts keeps these objectives. They were left out of the search: the plan is for the others.")
	if len(report.Impossible) > 0 {
		d.add(impossible)
	}
	staffing := report.staffingSection()
	staffing.Heading, staffing.Notes = "People", []string{report.staffingNote()}
	d.add(staffing)
	report.addRoster(d)
	report.addCertificate(d)
	more := report.moreSection()
	more.Heading, more.Points = "What one more does", points("One lot of heads more in each place in turn, on the same random numbers: the objective that it adds most to. Places where it adds nothing are left out.")
	if len(more.Tables[0].Rows) > 0 {
		d.add(more)
	}
	d.add(report.originSection())
	return d
}

// summarySection says in plain words what was found.
func (report *Plan) summarySection() Section {
	s := Section{Heading: "In short", Points: []Point{report.verdictPoint()}}
	if report.Budget != nil {
		budget := Point{Text: report.budgetWords() + "."}
		if report.OverBudget() {
			budget.Tone = Bad
		}
		s.Points = append(s.Points, budget)
	}
	s.Points = append(s.Points, points(report.peopleWords()...)...)
	s.Points = append(s.Points, report.objectivePoints()...)
	if n := len(report.Impossible); n > 0 {
		s.Points = append(s.Points, Point{sentence(counted(n, "objective") + " cannot be kept by any number of agents in the present shifts, see below."), Bad})
	}
	s.Points = append(s.Points, points(report.fewerWords()...)...)
	s.Points = append(s.Points, points(report.boundWords()+".")...)
	return s
}

// verdictPoint says whether the plan holds.
func (report *Plan) verdictPoint() Point {
	agents, before := report.agents()
	found := fmt.Sprintf("%s (%s at present)", counted(agents, "agent"), Count(int64(before)))
	seen := fmt.Sprintf("on %s with seed %d, which the search has not seen", counted(report.VerdictReplications, "replication"), report.VerdictSeed)
	kept := "keep every objective"
	switch {
	case report.Budget != nil && report.Budget.Moved < 0:
		kept = "keep the lowered goals"
	case len(report.Impossible) > 0:
		kept = "keep every objective that can be kept"
	}
	switch {
	case report.Partial != "" && report.Confirmed:
		return Point{fmt.Sprintf("The search ended early (%s). The best plan confirmed until then: %s; they %s %s.", report.Partial, found, kept, seen), Doubtful}
	case report.Partial != "":
		return Point{fmt.Sprintf("The search ended early (%s). The best plan until then is not confirmed: %s.", report.Partial, found), Bad}
	case !report.Confirmed:
		return Point{fmt.Sprintf("The plan is not confirmed: %s.", found), Bad}
	}
	return Point{fmt.Sprintf("Confirmed: %s; they %s %s.", found, kept, seen), Good}
}

// agents are the heads of all shifts, in the plan and before it.
func (report *Plan) agents() (now, before int) {
	for _, s := range report.Staffing {
		now += s.Agents
		before += s.Before
	}
	return now, before
}

// peopleWords say what the people cost, and where they are.
func (report *Plan) peopleWords() []string {
	var all []string
	if report.Currency != "" {
		cost := fmt.Sprintf("The agents cost %s a year%s", report.money(report.CostPerYear), report.overtimeWords())
		switch saved := report.ScheduledBefore - report.Scheduled; {
		case saved > 0.5:
			cost += fmt.Sprintf(". Scheduled hours cost %s a year less than those of the present heads", report.money(saved))
		case saved < -0.5:
			cost += fmt.Sprintf(". Scheduled hours cost %s a year more than those of the present heads", report.money(-saved))
		}
		all = append(all, cost+".")
	}
	const fullTime = 40
	var hours, present Number
	agents := map[string]int{}
	var centres []string
	for _, s := range report.Staffing {
		hours += s.Hours
		present += s.Present
		if _, known := agents[s.Centre]; !known {
			centres = append(centres, s.Centre)
		}
		agents[s.Centre] += s.Agents
	}
	var parts []string
	for _, c := range centres {
		parts = append(parts, fmt.Sprintf("%s %s", spoken(c), Count(int64(agents[c]))))
	}
	total, _ := report.agents()
	return append(all,
		sentence(fmt.Sprintf("agents on a shift day by centre: %s. Of all %s, %.1f are there after shrinkage.", strings.Join(parts, ", "), Count(int64(total)), float64(present))),
		fmt.Sprintf("They are paid for %s scheduled hours a week, absence included: as many as %s full-time jobs of %d hours have.",
			Count(int64(math.Round(float64(hours)))), decimal(float64(hours)/fullTime, 1), fullTime))
}

// objectivePoints are the objectives as sentences, those of many that are closest to their goals.
func (report *Plan) objectivePoints() []Point {
	const most = 6
	all := slices.Clone(report.Objectives)
	if len(all) > most {
		slices.SortStableFunc(all, func(a, b Objective) int { return cmp.Compare(a.margin(), b.margin()) })
	}
	var told []Point
	for i := range all[:min(most, len(all))] {
		told = append(told, Point{all[i].words("") + all[i].boundWords(), verdictTones[all[i].Verdict]})
	}
	if len(all) > most {
		told = append(told, Point{Text: fmt.Sprintf("These are the closest to their goals of %d objectives; all stand below.", len(all))})
	}
	return told
}

// margin is how far the bound lies on the good side of the goal.
func (o *Objective) margin() Number {
	margin := o.Bound - o.Goal
	if o.AtMost {
		margin = -margin
	}
	if o.Unit != shareUnit {
		margin /= max(o.Goal, 1e-9)
	}
	return margin
}

// boundWords say the bound.
func (o *Objective) boundWords() string {
	if !o.Bound.Known() {
		return ""
	}
	side := "at least"
	if o.AtMost {
		side = "at most"
	}
	return fmt.Sprintf(" With 95 %% confidence it is %s %s.", side, o.figure(o.Bound).Short())
}

// fewerWords say what became of the cheaper neighbours, and whether the plan is the best.
func (report *Plan) fewerWords() []string {
	if len(report.Certificate) == 0 {
		return nil
	}
	var single, failing, likely int
	for i := range report.Certificate {
		n := &report.Certificate[i]
		switch {
		case len(n.Change) > 1:
			continue
		case n.fails():
			failing++
		case n.Outcome == planner.Likely.String():
			likely++
		}
		single++
	}
	var all []string
	switch {
	case single > 0 && failing == single:
		all = append(all, "One fewer anywhere fails, or breaks a rule.")
	case single > 0 && failing+likely == single:
		all = append(all, fmt.Sprintf("One fewer anywhere fails, or breaks a rule: %d of %s for certain, the others by the estimate.", failing, counted(single, "way")))
	case single > 0:
		all = append(all, fmt.Sprintf("Of the %s to have one fewer, %d fail or break a rule, and %d more by the estimate; of the others that is not certain.", counted(single, "way"), failing, likely))
	}
	if report.Optimal {
		all = append(all, "Every cheaper plan fails on the sample of the search: the plan is optimal there.")
	}
	return all
}

// fails reports whether a neighbour is out of the question.
func (n *PlanNeighbour) fails() bool {
	switch n.Outcome {
	case planner.Fails.String(), planner.Excluded.String(), planner.Dominated.String(), planner.Implied.String():
		return true
	}
	return false
}

// cautions are what a reader should know before relying on the plan.
func (report *Plan) cautions() []string {
	all := slices.Clone(report.Warnings)
	if n := report.VerdictReplications; n > 0 && n < fewReplications {
		all = append(all, fmt.Sprintf("the verdict rests on %s, want at least %d", counted(n, "replication"), fewReplications))
	}
	standing := 0
	for i := range report.Certificate {
		if n := &report.Certificate[i]; !n.fails() {
			standing++
		}
	}
	if standing > 0 {
		all = append(all, fmt.Sprintf("it is not certain that the test refuses %s", counted(standing, "cheaper neighbour")))
	}
	return all
}

func (report *Plan) verdictNote() string {
	note := "Figures of replications that the search has not seen. The bound is the side of a one-sided 95 % confidence interval, for all objectives together. An objective is met if the bound reaches the goal less a margin: half a point of a share, half a per cent of anything else."
	if b := report.Budget; b != nil && b.Moved != 0 {
		note += fmt.Sprintf(" The plan was made for goals of attainment that are moved by %+.1f points.", 100*float64(b.Moved))
	}
	return note
}

func (report *Plan) staffingNote() string {
	return "Agents are scheduled, and paid, on each day of their shift; after shrinkage is how many of them are there on average. Costs are those of scheduled hours and hours on call with their extra pay, without overtime."
}

// addRoster draws who is there against who is needed.
func (report *Plan) addRoster(d *Document) {
	if len(report.Roster) == 0 {
		return
	}
	var charts []Chart
	for i := range report.Roster {
		charts = append(charts, report.Roster[i].chart())
	}
	open := min(2*mostCharts, len(charts))
	d.add(Section{Heading: "Staffed against required", Points: points(
		"Agents by hour of the week, in UTC. Required within the hour is the work that is promised so, with a safety by the square-root rule; work that several centres may do " +
			"is required of them as their agents are there. At work is who was busy in the replications of the verdict, with all work: some of it waits for a later hour or another centre, as its promises allow, and some is ended in overtime."),
		Charts: charts[:open]})
	d.add(Section{Heading: "Staffed against required: other centres", Charts: charts[open:], Folded: true})
}

func (r *PlanRoster) chart() Chart {
	c := Chart{
		Title: sentence(spoken(r.Centre)),
		X:     Axis{Label: "hour of the week (UTC)", Scale: HoursOfWeek},
		Y:     Axis{Label: "agents"},
	}
	if slices.Max(r.Required) > 0 {
		c.Lines = []Line{byHour("required within the hour", floats(r.Required), Area, 0)}
	}
	if r.Busy != nil {
		c.Lines = append(c.Lines, byHour("at work", floats(r.Busy), Steps, 1))
	}
	c.Lines = append(c.Lines, byHour("present", floats(r.Present), Steps, 2), byHour("scheduled", floats(r.Scheduled), Steps, 7))
	return c
}

func floats(numbers []Number) []float64 {
	out := make([]float64, len(numbers))
	for i, n := range numbers {
		out[i] = float64(n)
	}
	return out
}

// mostNeighbours keeps a page readable; summary.json has all.
const mostNeighbours = 200

// addCertificate adds what was proved by playing the cheaper neighbours.
func (report *Plan) addCertificate(d *Document) {
	if len(report.Certificate) == 0 {
		return
	}
	s := report.certificateSection()
	s.Heading = "What one fewer does"
	s.Points = points("Every plan that is cheaper by one lot of heads, or by one lot that moves elsewhere, was played against the plan on replications of their own, as far as no rule excludes it and no other one that fails has more heads everywhere. " +
		"Slack is how far the bound of one more verdict can be expected to lie above the goal less its margin, by all verdicts of the search: below 0 the objective fails. The table has those with one fewer, and those with one elsewhere that come nearest to the plan.")
	d.add(s)
	swaps := Table{Columns: s.Tables[0].Columns}
	total := 0
	for i := range report.Certificate {
		if n := &report.Certificate[i]; len(n.Change) > 1 {
			if total++; total <= mostNeighbours {
				swaps.Rows = append(swaps.Rows, report.neighbourRow(n))
			}
		}
	}
	all := Section{Heading: "Heads moved elsewhere", Tables: []Table{swaps}, Folded: true}
	if total > mostNeighbours {
		all.Notes = []string{fmt.Sprintf("The first %d of %s; summary.json has all.", mostNeighbours, Count(int64(total)))}
	}
	if total > 0 {
		d.add(all)
	}
}

const searchWords = "The search plays plans on common random numbers; the verdict is on others, which it has not seen and on which the last heads are taken away, and only its figures are told. " +
	"The same scenario, seed and version give the same plan."

// originSection says where the figures come from.
func (report *Plan) originSection() Section {
	t := Table{Columns: []Column{{"", Left}, {"", Left}}}
	add := func(name, value string) { t.Rows = append(t.Rows, words(name, value)) }
	add("scenario", report.Scenario)
	add("hash of the scenario", report.ScenarioHash)
	add("seed of the scenario", fmt.Sprint(report.Seed))
	add("seed of the search", fmt.Sprint(report.SearchSeed))
	if report.VerdictReplications > 0 {
		add("seed of the verdict", fmt.Sprint(report.VerdictSeed))
		add("replications of the verdict", fmt.Sprint(report.VerdictReplications))
		add("seed of the certificate", fmt.Sprint(report.CertificateSeed))
	}
	add("staffings tried", Count(int64(report.Evaluations)))
	add("verdicts", fmt.Sprint(report.Verdicts))
	add("lower bound of the scheduled cost a year", report.money(report.LowerBoundPerYear))
	add("solver of the integer programs", report.Solver)
	add("version of Sunrelay", cmp.Or(report.Version, "unknown"))
	s := Section{Heading: "Where these figures come from", Tables: []Table{t}, Points: points(searchWords)}
	if text := assumedWords(report.Assumed); text != "" {
		s.Points = append(s.Points, Point{Text: text})
	}
	return s
}

package reports

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/sim/planner"
)

// PlanSchema names the form of the JSON document of a staffing plan. It changes when a key changes its meaning or goes
// away; keys may be added.
const PlanSchema = "sunrelay.plan/1"

// Plan is a staffing plan with what was proved of it: the JSON document of the command plan. Money is that of a year of
// 365.25 days; where no pool has a cost, a head costs 1.
type Plan struct {
	Schema       string `json:"schema"`
	Scenario     string `json:"scenario"`
	Title        string `json:"title,omitempty"`
	ScenarioHash string `json:"scenario_hash"`
	Seed         uint64 `json:"seed"`

	Confirmed bool   `json:"confirmed"` // by the verdict
	Partial   string `json:"partial"`   // why the search ended early; empty = it did not
	Currency  string `json:"currency"`  // empty where heads are counted

	CostPerYear       Number `json:"cost_per_year"`        // of all heads, those that are fixed included
	LowerBoundPerYear Number `json:"lower_bound_per_year"` // no plan within the rules costs less
	Gap               Number `json:"gap"`                  // what the bound leaves open, a share of the cost
	Solver            string `json:"solver"`               // that proved the bound
	Optimal           bool   `json:"optimal_on_sample"`    // every cheaper plan was played, or lies below one that was, and fails
	Evaluations       int    `json:"evaluations"`          // staffings that the search played
	Verdicts          int    `json:"verdicts"`             // played, the failed ones included

	VerdictSeed         uint64           `json:"verdict_seed"` // that no search saw
	VerdictReplications int              `json:"verdict_replications"`
	Objectives          []Objective      `json:"objectives"` // figures of the verdict alone
	Impossible          []PlanImpossible `json:"impossible"`
	Staffing            []PlanShift      `json:"staffing"`
	Certificate         []PlanNeighbour  `json:"certificate"` // cheaper neighbours
	OneMore             []PlanNeighbour  `json:"one_more"`

	Elapsed *float64 `json:"elapsed_seconds,omitempty"`
}

// Interrupted is why a search ended early by a signal.
const Interrupted = "interrupted"

// PlanImpossible is an objective that no heads in the present shifts keep; it is left out of the search.
type PlanImpossible struct {
	Objective string          `json:"objective"`
	Unit      string          `json:"unit"`
	Most      Number          `json:"best"` // its measure where nobody waits for want of heads
	HalfWidth Number          `json:"half_width"`
	Uncovered []PlanUncovered `json:"uncovered"` // first responses that nobody on duty can give in time
}

// PlanUncovered is a first response with the hours in which it cannot be kept.
type PlanUncovered struct {
	Plan         string `json:"plan"`
	Severity     string `json:"severity"`
	Region       string `json:"region"`
	Language     string `json:"language"`
	Zone         string `json:"zone"`
	RegularHours string `json:"regular_hours"` // in most weeks, local
	BrokenShare  Number `json:"broken_share"`  // of the measured time
}

// PlanShift is the staffing of a shift.
type PlanShift struct {
	Centre      string `json:"centre"`
	Pool        string `json:"pool"`
	Shift       string `json:"shift"`
	Agents      int    `json:"agents"` // scheduled, and paid, on each shift day
	Before      int    `json:"agents_before"`
	Fixed       bool   `json:"fixed"`
	Present     Number `json:"present"` // mean after shrinkage
	Hours       Number `json:"hours_per_week"`
	CostPerYear Number `json:"cost_per_year"`
}

// PlanNeighbour is a plan that differs a little.
type PlanNeighbour struct {
	Change    []PlanChange `json:"change"`
	Saving    Number       `json:"saving_per_year"`
	Outcome   string       `json:"outcome"`
	Rule      string       `json:"rule,omitempty"`
	Objective string       `json:"objective,omitempty"` // that it fails, or changes most
	Slack     Number       `json:"slack"`               // of the objective: below 0 it fails. Of one more: what it adds
	HalfWidth Number       `json:"half_width"`
}

// PlanChange is heads more or fewer of a shift.
type PlanChange struct {
	Where  string `json:"where"` // centre.pool.shift
	Agents int    `json:"agents"`
}

// NewPlan tells a plan that was found with the simulator.
func NewPlan(s *planner.Simulator, p *planner.Plan, impossible []planner.Impossible) *Plan {
	c := s.Model().Scenario
	report := &Plan{
		Schema: PlanSchema, Scenario: c.Definition.Name, Title: c.Definition.Title, ScenarioHash: c.Hash, Seed: c.Seed,
		Confirmed: p.Confirmed, Solver: p.Solver, Optimal: p.Optimal, Evaluations: p.Evaluations, Verdicts: p.Attempts,
		Objectives: []Objective{}, Certificate: []PlanNeighbour{}, OneMore: []PlanNeighbour{},
	}
	if !s.Counted() {
		report.Currency = c.Currency
	}
	switch {
	case errors.Is(p.Stopped, context.Canceled):
		report.Partial = Interrupted
	case errors.Is(p.Stopped, context.DeadlineExceeded):
		report.Partial = "time limit"
	case p.Stopped != nil:
		report.Partial = p.Stopped.Error()
	}
	report.addStaffing(s, p)
	report.addImpossible(s, impossible)
	if p.Verdict != nil {
		report.VerdictSeed, report.VerdictReplications = s.Seed(p.Sample.Stream), p.Sample.Replications
		report.addVerdict(s, p.Verdict)
	}
	for i := range p.Certificate {
		report.Certificate = append(report.Certificate, newNeighbour(p.Problem, &p.Certificate[i], true))
	}
	for i := range p.More {
		report.OneMore = append(report.OneMore, newNeighbour(p.Problem, &p.More[i], false))
	}
	return report
}

func (report *Plan) addStaffing(s *planner.Simulator, p *planner.Plan) {
	c := s.Model().Scenario
	after, before := s.Staffing(p.Heads), c.Staffing()
	fixed := 0.0
	for i := range c.Pools {
		def := &c.Pools[i]
		centre := c.Centres[def.Centre].Name
		for j := range def.Shifts {
			n := after.Heads[i][j]
			shift := PlanShift{
				Centre: centre, Pool: strings.TrimPrefix(def.Name, centre+"."), Shift: def.Shifts[j].Name,
				Agents: n, Before: before.Heads[i][j], Fixed: s.Choice(i, j) < 0,
				Present: Number(float64(n) * (1 - def.Shrinkage)), CostPerYear: Number(float64(n) * s.Yearly(i, j)),
			}
			hours := 0.0
			for _, d := range def.Shifts[j].Duty {
				hours += float64(max(0, min(d.To, c.End)-max(d.From, c.Start))) / float64(calendar.Hour)
			}
			shift.Hours = Number(float64(n) * hours / (float64(c.End-c.Start) / float64(calendar.Week)))
			if shift.Fixed {
				fixed += float64(shift.CostPerYear)
			}
			report.Staffing = append(report.Staffing, shift)
		}
	}
	report.CostPerYear, report.LowerBoundPerYear = Number(p.Cost+fixed), Number(p.Bound+fixed)
	report.Gap = (report.CostPerYear - report.LowerBoundPerYear) / max(report.CostPerYear, 1e-9)
}

func (report *Plan) addImpossible(s *planner.Simulator, impossible []planner.Impossible) {
	c := s.Model().Scenario
	report.Impossible = []PlanImpossible{}
	for _, i := range impossible {
		o := c.Definition.Objectives[i.Objective].Value
		told := PlanImpossible{
			Objective: o.Text, Unit: objectiveUnit(o), Most: Number(i.Most), HalfWidth: Number(i.HalfWidth), Uncovered: []PlanUncovered{},
		}
		for j := range i.Uncovered {
			p := newCoveragePromise(c, &i.Uncovered[j])
			told.Uncovered = append(told.Uncovered, PlanUncovered{
				Plan: p.Plan, Severity: p.Severity, Region: p.Region, Language: p.Language, Zone: p.Zone,
				RegularHours: p.RegularHours, BrokenShare: p.BrokenShare,
			})
		}
		report.Impossible = append(report.Impossible, told)
	}
}

func (report *Plan) addVerdict(s *planner.Simulator, verdict *planner.Evaluation) {
	for k, score := range verdict.Scores {
		if s.Ignored(k) {
			continue
		}
		o := s.Model().Scenario.Definition.Objectives[k].Value
		told := Objective{
			Objective: o.Text, Unit: objectiveUnit(o), Estimate: Number(score.Value), HalfWidth: Number(score.HalfWidth),
			Bound: Number(score.Bound), Goal: Number(o.Value), Period: periodName(o.Period, score.Period), Met: score.Met, Verdict: Uncertain,
		}
		switch {
		case score.Met:
			told.Verdict = Met
		case score.Missed:
			told.Verdict = Missed
		}
		report.Objectives = append(report.Objectives, told)
	}
}

func newNeighbour(p *planner.Problem, n *planner.Neighbour, cheaper bool) PlanNeighbour {
	told := PlanNeighbour{
		Saving: Number(n.Saving), Outcome: n.Outcome.String(), Rule: n.Rule, Slack: Number(math.NaN()), HalfWidth: Number(math.NaN()),
	}
	if !cheaper {
		told.Outcome = "adds"
	}
	for i, d := range n.Change {
		if d != 0 {
			told.Change = append(told.Change, PlanChange{p.Choices[i].Name, d})
		}
	}
	if n.Objective >= 0 {
		told.Objective, told.Slack, told.HalfWidth = p.Objectives[n.Objective], Number(n.Slack), Number(n.HalfWidth)
	}
	return told
}

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
	return d
}

// lead says in sentences what was found and what was proved.
func (report *Plan) lead() []string {
	agents, before := 0, 0
	for _, s := range report.Staffing {
		agents += s.Agents
		before += s.Before
	}
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
		cost = ", " + report.money(report.CostPerYear) + " a year"
	}
	lead := []string{fmt.Sprintf("%s: %s agents (%s before)%s", what, Count(int64(agents)), Count(int64(before)), cost)}
	lead = append(lead, fmt.Sprintf("No plan within the rules costs less than %s: the gap that is not proved is %.1f %% (%s)",
		report.money(report.LowerBoundPerYear), 100*float64(report.Gap), report.Solver))
	if report.Optimal {
		lead = append(lead, "Every cheaper plan fails on the sample of the search: the plan is optimal there")
	}
	if report.Confirmed {
		lead = append(lead, fmt.Sprintf("Confirmed on %d replications with seed %d, which the search has not seen; %d staffings were tried, verdicts: %d",
			report.VerdictReplications, report.VerdictSeed, report.Evaluations, report.Verdicts))
	}
	return lead
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
	t := Table{Columns: []Column{{"objective", Left}, {"estimate", Right}, {"bound", Right}, {"in", Left}, {"verdict", Left}}}
	for _, o := range report.Objectives {
		estimate, bound := Percent(o.Estimate, o.HalfWidth), Percent(o.Bound, Number(math.NaN()))
		switch o.Unit {
		case secondsUnit:
			estimate, bound = Lasting(o.Estimate, o.HalfWidth), Lasting(o.Bound, Number(math.NaN()))
		case shareUnit:
		default:
			estimate, bound = Rounded(o.Estimate, o.HalfWidth), Rounded(o.Bound, Number(math.NaN()))
		}
		tone := Good
		if !o.Met {
			tone = Bad
		}
		t.Rows = append(t.Rows, []Cell{{Text: o.Objective}, {Text: estimate.String()}, {Text: bound.Short()}, {Text: o.Period}, {Text: o.Verdict, Tone: tone}})
	}
	return Section{Heading: "Verdict on fresh replications (one-sided bounds at 95 % for all together)", Tables: []Table{t}}
}

// certificateSection counts the neighbours by outcome and lists those with one lot fewer, and all that were not shown to fail.
func (report *Plan) certificateSection() Section {
	s := Section{Heading: "Cheaper neighbours: one head fewer, or one elsewhere"}
	t := Table{Columns: []Column{{"change", Left}, {"saves a year", Right}, {"outcome", Left}, {"because of", Left}, {"slack", Right}}}
	count := map[string]int{}
	var order []string
	for i := range report.Certificate {
		n := &report.Certificate[i]
		if count[n.Outcome]++; count[n.Outcome] == 1 {
			order = append(order, n.Outcome)
		}
		if len(n.Change) > 1 && n.Outcome != planner.NotPlayed.String() && n.Outcome != planner.Passes.String() && n.Outcome != planner.Likely.String() {
			continue
		}
		t.Rows = append(t.Rows, report.neighbourRow(n))
	}
	var counts []string
	for _, o := range order {
		counts = append(counts, fmt.Sprintf("%d %s", count[o], o))
	}
	if len(counts) > 0 {
		s.Notes = []string{"Of " + fmt.Sprint(len(report.Certificate)) + " neighbours: " + strings.Join(counts, ", ") + "."}
	}
	s.Tables = []Table{t}
	return s
}

func (report *Plan) neighbourRow(n *PlanNeighbour) []Cell {
	because := n.Rule
	if because == "" {
		because = n.Objective
	}
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

// Keeps reports whether an objective was planned for: it is not impossible.
func (report *Plan) Keeps(objective string) bool {
	return !slices.ContainsFunc(report.Impossible, func(i PlanImpossible) bool { return i.Objective == objective })
}

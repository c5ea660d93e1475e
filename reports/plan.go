package reports

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim/experiment"
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
	Version      string `json:"version,omitempty"` // of the program

	Confirmed bool        `json:"confirmed"` // by the verdict; with a budget as goal, for the goals that it moved
	Partial   string      `json:"partial"`   // why the search ended early; empty = it did not
	Currency  string      `json:"currency"`  // empty where heads are counted
	Budget    *PlanBudget `json:"budget,omitempty"`

	PlanCost
	LowerBoundPerYear Number `json:"lower_bound_per_year"` // no plan within the rules has a lower scheduled cost
	Gap               Number `json:"gap"`                  // what the bound leaves open, a share of the scheduled cost
	Solver            string `json:"solver"`               // that proved the bound
	Optimal           bool   `json:"optimal_on_sample"`    // every cheaper plan was played, or lies below one that was, and fails
	Evaluations       int    `json:"evaluations"`          // staffings that the search played
	Verdicts          int    `json:"verdicts"`             // played, the failed ones included

	SearchSeed      uint64 `json:"search_seed"`
	CertificateSeed uint64 `json:"certificate_seed"`

	VerdictSeed         uint64           `json:"verdict_seed"` // that no search saw
	VerdictReplications int              `json:"verdict_replications"`
	Objectives          []Objective      `json:"objectives"` // figures of the verdict alone; last that work is kept up with, of measure kept_up
	Impossible          []PlanImpossible `json:"impossible"`
	Staffing            []PlanShift      `json:"staffing"`
	Roster              []PlanRoster     `json:"roster"`
	Certificate         []PlanNeighbour  `json:"certificate"` // cheaper neighbours
	OneMore             []PlanNeighbour  `json:"one_more"`
	Assumed             []string         `json:"assumed"` // paths of the scenario's blocks whose figures no source gives
	Warnings            []string         `json:"warnings"`

	Elapsed *float64 `json:"elapsed_seconds,omitempty"`
}

// PlanCost is what a plan costs, as the cost of a run of the scenario with it. Overtime is measured in the verdict, and unknown
// before one.
type PlanCost struct {
	CostPerYear       Number `json:"cost_per_year"` // scheduled and overtime
	Scheduled         Number `json:"scheduled_cost_per_year"`
	ScheduledBefore   Number `json:"scheduled_cost_per_year_before"` // of the heads of the scenario
	Overtime          Number `json:"overtime_cost_per_year"`
	OvertimeHalfWidth Number `json:"overtime_cost_per_year_half_width"`
}

// PlanBudget is the money that a plan had.
type PlanBudget struct {
	Amount Number `json:"amount_per_year"`
	Use    string `json:"use"` // limit or goal
	// Moved is what a budget as goal has moved the goals of attainment by.
	Moved Number `json:"goals_moved_by"`
}

// PlanRoster is who is there and who is needed in a centre: agents by hour of the week, from Monday 00:00 UTC on.
type PlanRoster struct {
	Centre    string   `json:"centre"`
	Scheduled []Number `json:"scheduled"`
	Present   []Number `json:"present"`  // scheduled, less absence and short activities
	Busy      []Number `json:"busy"`     // at work in the verdict; null without one
	Required  []Number `json:"required"` // the work that is promised within the hour, with a square-root safety
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
	Rule      string       `json:"rule,omitempty"`      // that excludes it
	Reason    string       `json:"reason,omitempty"`    // the plan that it lies below and what became of that, or why it was not played
	Objective string       `json:"objective,omitempty"` // that it fails, or changes most
	Slack     Number       `json:"slack"`               // of the objective, that a verdict is expected to leave beyond what it asks for: below 0 it fails. Of one more: what it adds
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
		SearchSeed: s.SearchSeed(), CertificateSeed: s.CertificateSeed(),
		Objectives: []Objective{}, Certificate: []PlanNeighbour{}, OneMore: []PlanNeighbour{}, Assumed: []string{}, Warnings: []string{},
	}
	if !s.Counted() {
		report.Currency = c.Currency
	}
	if amount := c.Budget(); amount > 0 {
		report.Budget = &PlanBudget{Number(amount), c.Definition.Planning.BudgetIs.String(), Number(p.Shift)}
	}
	for _, at := range c.Definition.Assumptions {
		report.Assumed = append(report.Assumed, at.Path)
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
		report.addStrain(s, p.Verdict)
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
	report.Overtime, report.OvertimeHalfWidth = Number(math.NaN()), Number(math.NaN())
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
				report.LowerBoundPerYear += shift.CostPerYear
			}
			report.Scheduled += shift.CostPerYear
			report.ScheduledBefore += Number(float64(shift.Before) * s.Yearly(i, j))
			report.Staffing = append(report.Staffing, shift)
		}
	}
	report.LowerBoundPerYear += Number(p.Bound)
	report.Gap = (report.Scheduled - report.LowerBoundPerYear) / max(report.Scheduled, 1e-9)
	report.CostPerYear = report.Scheduled
	if p.Verdict != nil {
		report.Overtime, report.OvertimeHalfWidth = Number(p.Verdict.Overtime.Mean), halfWidth(p.Verdict.Overtime)
		report.CostPerYear += report.Overtime
	}
	for _, r := range s.Rosters(p) {
		report.Roster = append(report.Roster, PlanRoster{c.Centres[r.Centre].Name, numbers(r.Scheduled), numbers(r.Present), numbers(r.Busy), numbers(r.Required)})
	}
}

// numbers are values with four digits.
func numbers(values []float64) []Number {
	var out []Number
	for _, v := range values {
		out = append(out, fourDigits(v))
	}
	return out
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
	for k, located := range s.Model().Scenario.Definition.Objectives {
		o, score := located.Value, verdict.Scores[k]
		switch {
		case o.Measure == sla.Cost: // no part of the search, which knows no overtime
			score.Met = o.Comparison == sla.AtLeast || score.Bound <= o.Value*(1+experiment.Margin)
			if !score.Met {
				report.Confirmed = false
				report.Warnings = append(report.Warnings, "with overtime the plan costs more than the objective of the cost allows")
			}
		case s.Ignored(k):
			continue
		}
		report.addScore(newObjective(o, score.Period, score.Met, score.Missed), &score)
	}
	if score := s.KeptUp(verdict); score != nil {
		told := newObjective(sla.Objective{Text: planner.KeepingUp, Value: 1}, score.Period, score.Met, score.Missed)
		told.Measure, told.Milestone = keptUp, ""
		report.addScore(told, score)
	}
}

func (report *Plan) addScore(o Objective, score *planner.Score) {
	o.Estimate, o.HalfWidth, o.Bound = Number(score.Value), Number(score.HalfWidth), Number(score.Bound)
	report.Objectives = append(report.Objectives, o)
}

// addStrain warns of pools without time left, and of work that piles up in a plan that does not keep up with it.
func (report *Plan) addStrain(s *planner.Simulator, verdict *planner.Evaluation) {
	const remedy = "; a lower planning.occupancy, or objectives for what waits, give it more agents"
	var pools []string
	for p, occupancy := range verdict.Occupancy {
		if occupancy > overloaded {
			pools = append(pools, s.Model().Scenario.Pools[p].Name)
		}
	}
	if len(pools) > 0 {
		report.Warnings = append(report.Warnings, overloadedWords(pools)+remedy)
	}
	if score := s.KeptUp(verdict); (score == nil || !score.Met) && pilesUp(verdict.Waiting, verdict.Growth) {
		report.Warnings = append(report.Warnings, pilesUpWords(verdict.Growth)+remedy)
	}
}

func newNeighbour(p *planner.Problem, n *planner.Neighbour, cheaper bool) PlanNeighbour {
	told := PlanNeighbour{
		Saving: Number(n.Saving), Outcome: n.Outcome.String(), Reason: n.Reason, Slack: Number(math.NaN()), HalfWidth: Number(math.NaN()),
	}
	if n.Outcome == planner.Excluded {
		told.Rule, told.Reason = n.Reason, ""
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

// Keeps reports whether an objective was planned for: it is not impossible.
func (report *Plan) Keeps(objective string) bool {
	return !slices.ContainsFunc(report.Impossible, func(i PlanImpossible) bool { return i.Objective == objective })
}

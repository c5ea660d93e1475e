package planner

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/coverage"
	"sunrelay/sim/experiment"
)

// Impossible is an objective that no heads in the present shifts keep.
type Impossible struct {
	Objective int
	// Most is its measure where nobody waits for want of heads.
	Most      float64
	HalfWidth float64
	// Uncovered are first responses that it speaks of and that nobody on duty may give in time, whatever the heads.
	Uncovered []coverage.Promise
}

// SearchRuns are the parts of the scenario's run that searches play in turn, each as overrides of the scenario: spread over the run, in
// whole weeks, with some ten thousands of cases in all. It is empty where that is the run itself.
func SearchRuns(m *sim.Model) [][]string {
	const cases, parts, fewestWeeks, week = 160_000, 4, 4.0, 7.0
	run := &m.Scenario.Definition.Run
	rate := m.Workload.ExpectedCases() / math.Max(1e-9, measured(m)+run.WarmUp.Seconds()/86400) // a day
	overrides := func(start calendar.Instant, days float64) []string {
		return []string{"run.start=" + start.Time().UTC().Format(time.RFC3339), "run.days=" + strconv.FormatFloat(days, 'f', -1, 64)}
	}
	if flat(m) && rate > cases/parts/week {
		days := math.Ceil(cases/parts/rate*24) / 24 // whole hours
		if days >= run.Days {
			return nil
		}
		return [][]string{overrides(run.Start, days)}
	}
	if run.Days < parts*fewestWeeks*week || eachWeek(m) {
		return nil
	}
	days := math.Ceil(run.Days/parts/week) * week
	var out [][]string
	for i := range parts {
		weeks := math.Floor(float64(i) * run.Days / parts / week)
		start := run.Start.Add(calendar.Duration(weeks) * calendar.Week)
		out = append(out, overrides(start, math.Min(days, run.Days-weeks*week)))
	}
	return out
}

// eachWeek reports whether an objective holds in each week, of which parts of the run do not tell.
func eachWeek(m *sim.Model) bool {
	return slices.ContainsFunc(m.Scenario.Definition.Objectives, func(o scenario.Located[sla.Objective]) bool {
		return o.Value.Period == sla.EachWeek
	})
}

// flat reports whether all hours are alike: in arrivals and in who is on duty.
func flat(m *sim.Model) bool {
	def := m.Scenario.Definition
	for _, s := range def.Workload.Streams {
		if p := s.Value.Profile; len(p.Weekdays)+len(p.Day)+len(p.Week) > 0 || s.Value.BusyDay > 0 || s.Value.Outages != nil {
			return false
		}
	}
	for p := range m.Scenario.Pools {
		for _, s := range m.Scenario.Pools[p].Shifts {
			if len(s.Duty) != 1 || s.Duty[0].From > m.Scenario.Origin || s.Duty[0].To < m.Scenario.End {
				return false
			}
		}
	}
	return true
}

// Prepare measures the work of the organisation with ample heads and makes of it what Find needs. Objectives that even so are
// not kept are returned, and left out of the search.
func (s *Simulator) Prepare(ctx context.Context, solver Solver) (*Problem, []Impossible, error) {
	if solver == nil {
		solver = Solvers()[0]
	}
	rules, err := solver.Solve(ctx, s.problem.program(nil))
	if errors.Is(err, ErrNone) {
		err = s.problem.contradiction(ctx, solver)
	}
	if err != nil {
		return nil, nil, err
	}
	if s.problem.Budget > 0 && rules.Bound > s.problem.Budget {
		return nil, nil, s.problem.tooDear(rules.Bound, true)
	}
	const fewest = 4
	p, err := s.pilot(ctx, max(1, fewest/len(s.parts)))
	if err != nil {
		return nil, nil, err
	}
	impossible, err := s.impossible(p)
	if err != nil {
		return nil, nil, err
	}
	if len(impossible) == len(s.model.Scenario.Definition.Objectives) {
		return nil, impossible, nil
	}
	s.loads = p.loads
	if err := s.setRequirements(ctx, p, solver); err != nil {
		return nil, impossible, err
	}
	return s.problem, impossible, nil
}

// impossible are the objectives that ample heads do not keep; they are ignored from now on. A bound of the cost is for the
// budget.
func (s *Simulator) impossible(p *pilot) ([]Impossible, error) {
	ample, err := s.staffed(s.full, Fresh, p.heads)
	if err != nil {
		return nil, err
	}
	proof := coverage.Prove(ample)
	var out []Impossible
	for k, located := range s.model.Scenario.Definition.Objectives {
		o, score := located.Value, &p.evaluation.Scores[k]
		if o.Measure == sla.Cost {
			if o.Comparison == sla.AtMost {
				s.capBudget(o.Value)
			}
			s.ignored[k] = true
			continue
		}
		if score.Slack+2*score.Reach >= 0 && !(score.Slack < 0 && score.Missed) {
			continue
		}
		s.ignored[k] = true
		i := Impossible{Objective: k, Most: score.Value, HalfWidth: score.HalfWidth}
		if o.Milestone == sla.FirstResponse && o.Measure != sla.Occupancy {
			first, last := s.scope(o)
			i.Uncovered = slices.DeleteFunc(slices.Clone(proof.Promises), func(p coverage.Promise) bool {
				row := s.full.Shape.Row(p.Plan, p.Severity)
				return p.OnlyInstants() || row < first || row >= last
			})
		}
		out = append(out, i)
	}
	return out, nil
}

// capBudget takes an objective of the cost, which is of all agents, for a budget; overtime is no part of it.
func (s *Simulator) capBudget(most float64) {
	most = max(most*(1+experiment.Margin)-s.problem.Fixed, 1e-9)
	if s.problem.Budget == 0 || most < s.problem.Budget {
		s.problem.Budget = most
	}
}

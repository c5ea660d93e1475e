package planner

import (
	"context"
	"errors"
	"math"
	"slices"

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

// SearchDays is how long searches play the scenario: whole weeks, some ten thousands of cases, and never more than the run.
func SearchDays(m *sim.Model) float64 {
	const cases, fewest, week = 40_000, 4, 7.0
	days := m.Scenario.Definition.Run.Days
	rate := m.Workload.ExpectedCases() / math.Max(1e-9, days+m.Scenario.Definition.Run.WarmUp.Seconds()/86400)
	if flat(m) && rate > cases/week {
		return min(days, math.Ceil(cases/rate*24)/24) // whole hours
	}
	weeks := math.Max(fewest, math.Ceil(cases/math.Max(rate, 1e-9)/week))
	return min(days, weeks*week)
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
	const replications = 4
	p, err := s.pilot(ctx, replications)
	if err != nil {
		return nil, nil, err
	}
	impossible, err := s.impossible(p)
	if err != nil {
		return nil, nil, err
	}
	if len(impossible) == len(s.problem.Objectives) {
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
	for k, score := range p.evaluation.Scores {
		o := s.model.Scenario.Definition.Objectives[k].Value
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

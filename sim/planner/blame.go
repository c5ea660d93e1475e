package planner

import (
	"math"
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/workloads/rng"
)

// lateness is what was late, by team.
type lateness struct {
	all    []Lateness
	byTeam map[string]int
}

func newLateness() *lateness { return &lateness{byTeam: map[string]int{}} }

// of is what was late with a team.
func (l *lateness) of(team []float64, objectives int) *Lateness {
	name := teamName(team)
	at, known := l.byTeam[name]
	if !known {
		at = len(l.all)
		l.byTeam[name] = at
		l.all = append(l.all, Lateness{Team: slices.Clone(team), Count: make([]float64, objectives)})
	}
	return &l.all[at]
}

func (l *lateness) merge(other *lateness) {
	for _, from := range other.all {
		to := l.of(from.Team, len(from.Count))
		for k, n := range from.Count {
			to.Count[k] += n
		}
	}
}

// list is a copy.
func (l *lateness) list() []Lateness {
	if l == nil {
		return nil
	}
	out := slices.Clone(l.all)
	for i := range out {
		out[i].Count = slices.Clone(out[i].Count)
	}
	return out
}

// blamer is an observer of promises that were broken for want of agents, free or at all: it counts them by the objectives that speak of them and by team,
// which is who might have done the work while the clock ran.
type blamer struct {
	s     *Simulator
	model *sim.Model
	late  *lateness
	teams map[[2]int][]int
	team  []float64
}

func (s *Simulator) newBlamer(m *sim.Model) *blamer {
	return &blamer{s: s, model: m, late: newLateness(), teams: map[[2]int][]int{}, team: make([]float64, len(s.places))}
}

// Follows asks for breaches alone.
func (b *blamer) Follows(_ rng.Key, kind sim.EventKind) bool { return kind == sim.Breached }

// Observe counts a breach for want of agents.
func (b *blamer) Observe(e sim.Event) {
	if e.Kind != sim.Breached {
		return
	}
	switch e.Cause {
	case metrics.Capacity, metrics.Rank, metrics.HandOver, metrics.Engineer, metrics.Coverage: // there may be shifts that have nobody
	default:
		return
	}
	class := b.model.Workload.Classes[e.Class]
	row := b.model.Shape.Row(class.Plan, class.Severity)
	var late *Lateness
	for k, o := range b.model.Scenario.Definition.Objectives {
		if b.s.ignored[k] || o.Value.Milestone != e.Milestone || o.Value.Measure > sla.Mean {
			continue
		}
		if first, last := b.s.scope(o.Value); row < first || row >= last {
			continue
		}
		if late == nil {
			if !b.gather(e) {
				return
			}
			late = b.late.of(b.team, len(b.s.problem.Objectives))
		}
		late.Count[k]++
	}
}

// gather sets the team: choices whose pools may do the work, by how long their shifts were on duty while the clock ran, in parts of the
// longest, rounded to halves. It reports whether there is anybody.
func (b *blamer) gather(e sim.Event) bool {
	clear(b.team)
	longest := 0.0
	for _, i := range b.eligible(e.Class, e.Tier) {
		at := b.s.places[i]
		b.team[i] = float64(onDutyWithin(b.model.Scenario.Pools[at.pool].Shifts[at.shift].Duty, calendar.Interval{From: e.Since, To: e.Due}))
		longest = max(longest, b.team[i])
	}
	if longest == 0 {
		return false
	}
	for i := range b.team {
		b.team[i] = math.Round(2*b.team[i]/longest) / 2
	}
	return true
}

// onDutyWithin is how much of an interval stretches of duty cover, which are sorted.
func onDutyWithin(duty []calendar.Interval, within calendar.Interval) calendar.Duration {
	first, _ := slices.BinarySearchFunc(duty, within.From, func(d calendar.Interval, from calendar.Instant) int {
		if d.To <= from {
			return -1
		}
		return 1
	})
	sum := calendar.Duration(0)
	for _, d := range duty[first:] {
		if d.From >= within.To {
			break
		}
		sum += min(d.To, within.To).Sub(max(d.From, within.From))
	}
	return sum
}

// eligible are the choices whose pools may do the work.
func (b *blamer) eligible(class, tier int) []int {
	at := [2]int{class, tier}
	if team, known := b.teams[at]; known {
		return team
	}
	var team []int
	for i, p := range b.s.places {
		if b.model.Scenario.Eligible(b.model.Workload.Classes[class], tier, p.pool) {
			team = append(team, i)
		}
	}
	b.teams[at] = slices.Clip(team)
	return team
}

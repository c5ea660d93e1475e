package planner

import (
	"slices"

	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/workloads/rng"
)

// blamer is an observer of broken promises: it counts, for each objective and choice, those that one more head of the choice might have
// kept, since its pool may do the work and its shift is on duty when the promise runs out.
type blamer struct {
	s     *Simulator
	model *sim.Model
	count [][]float64 // by objective and choice
	teams map[[2]int][]int
}

func (s *Simulator) newBlamer(m *sim.Model) *blamer {
	b := &blamer{s: s, model: m, teams: map[[2]int][]int{}}
	for range s.problem.Objectives {
		b.count = append(b.count, make([]float64, len(s.places)))
	}
	return b
}

// Follows asks for breaches alone.
func (b *blamer) Follows(_ rng.Key, kind sim.EventKind) bool { return kind == sim.Breached }

// Observe counts a breach for want of free agents.
func (b *blamer) Observe(e sim.Event) {
	if e.Kind != sim.Breached {
		return
	}
	switch e.Cause {
	case metrics.Capacity, metrics.Rank, metrics.HandOver, metrics.Engineer:
	default:
		return
	}
	class := b.model.Workload.Classes[e.Class]
	row := b.model.Shape.Row(class.Plan, class.Severity)
	hour := hourOfWeek(e.Due)
	for k, o := range b.model.Scenario.Definition.Objectives {
		if o.Value.Milestone != e.Milestone || o.Value.Measure > sla.Mean {
			continue
		}
		if first, last := b.s.scope(o.Value); row < first || row >= last {
			continue
		}
		for _, i := range b.team(e.Class, e.Tier) {
			at := b.s.places[i]
			b.count[k][i] += b.s.duty[at.pool][at.shift][hour]
		}
	}
}

// team are the choices whose pools may do the work.
func (b *blamer) team(class, tier int) []int {
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

func (b *blamer) addTo(sum [][]float64) {
	for k := range sum {
		for i := range sum[k] {
			sum[k][i] += b.count[k][i]
		}
	}
}

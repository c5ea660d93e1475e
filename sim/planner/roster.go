package planner

import (
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/sim/metrics"
)

// Roster is who is there, and who is needed, in a centre: agents by hour of the week, from Monday 00:00 UTC on.
type Roster struct {
	Centre    int
	Scheduled []float64 // on duty, breaks left out
	Present   []float64 // of these, less absence and activities
	Busy      []float64 // at work in the verdict; nil without one
	// Required is the work that is promised within the hour, in an organisation in which nobody waits, with the safety of the
	// square-root rule.
	Required []float64
}

// Rosters are those of the centres that have agents or work, by what Prepare and the verdict measured. Work that several pools may
// do is required of them as their agents are there in the hour.
func (s *Simulator) Rosters(p *Plan) []Roster {
	c := s.model.Scenario
	scheduled, present := s.onDuty(p.Heads)
	required := s.required(present)
	out := make([]Roster, len(c.Centres))
	for i := range out {
		out[i] = Roster{Centre: i, Scheduled: make([]float64, hoursOfWeek), Present: make([]float64, hoursOfWeek), Required: make([]float64, hoursOfWeek)}
		if p.Verdict != nil && p.Verdict.Busy != nil {
			out[i].Busy = make([]float64, hoursOfWeek)
		}
	}
	for pool := range c.Pools {
		to := &out[c.Pools[pool].Centre]
		for h := range hoursOfWeek {
			to.Scheduled[h] += scheduled[pool][h]
			to.Present[h] += present[pool][h]
			to.Required[h] += required[pool][h] / slices.Max(c.Pools[pool].Concurrency)
			if to.Busy != nil {
				to.Busy[h] += p.Verdict.Busy[pool][h]
			}
		}
	}
	return slices.DeleteFunc(out, func(r Roster) bool {
		return slices.Max(r.Scheduled) == 0 && slices.Max(r.Required) == 0 && (r.Busy == nil || slices.Max(r.Busy) == 0)
	})
}

// onDuty are the heads of the pools by hour, breaks left out, and how many of them are there. Who is on call is not on duty.
func (s *Simulator) onDuty(heads []int) (scheduled, present []week) {
	c := s.model.Scenario
	staffing := s.staff(heads)
	scheduled, present = make([]week, len(c.Pools)), make([]week, len(c.Pools))
	for pool := range c.Pools {
		def := &c.Pools[pool]
		for shift := range def.Shifts {
			if def.Shifts[shift].OnCall > 0 {
				continue
			}
			for h, share := range s.duty[pool][shift] {
				on := float64(staffing.Heads[pool][shift]) * share
				scheduled[pool][h] += on
				present[pool][h] += on * (1 - def.Shrinkage) * (1 - def.Activities)
			}
		}
	}
	return scheduled, present
}

// busyAgents are those at work by pool and hour of the week, in the mean over the replications.
func busyAgents(c *scenario.Compiled, totals []*metrics.Totals) [][]float64 {
	var measured week
	measured.add(calendar.Interval{From: c.Start, To: c.End}, float64(len(totals)), c)
	out := make([][]float64, len(c.Pools))
	for pool := range out {
		out[pool] = make([]float64, hoursOfWeek)
		for h := range hoursOfWeek {
			for _, t := range totals {
				out[pool][h] += float64(t.Pools[pool].ByHour[h].Busy) / max(measured[h], 1)
			}
		}
	}
	return out
}

// required is the work of the pools that is promised within the hour, with its safety, in erlangs.
func (s *Simulator) required(present []week) []week {
	out := make([]week, len(present))
	goal := s.goal()
	for _, loads := range s.linked() {
		extra := safety(loads, goal)
		for h := range hoursOfWeek {
			urgent := 0.0
			for _, g := range loads {
				urgent += g.urgency[0][h]
			}
			for _, g := range loads {
				shares := g.shares(h, present)
				for i, pool := range g.pools {
					out[pool][h] += shares[i] * g.urgency[0][h] * (1 + extra[h]/max(urgent, 1e-12))
				}
			}
		}
	}
	return out
}

// linked are the loads in groups that need no pool in common.
func (s *Simulator) linked() [][]*load {
	var groups [][]*load
	for _, g := range s.loads {
		group := []*load{g}
		groups = slices.DeleteFunc(groups, func(other []*load) bool {
			meets := slices.ContainsFunc(other, func(o *load) bool {
				return slices.ContainsFunc(o.pools, func(pool int) bool { return slices.Contains(g.pools, pool) })
			})
			if meets {
				group = append(group, other...)
			}
			return meets
		})
		groups = append(groups, group)
	}
	return groups
}

// shares are the parts of the pools of a load in an hour: as agents are present, and where nobody is, as over the week.
func (g *load) shares(hour int, present []week) []float64 {
	shares, sum := make([]float64, len(g.pools)), 0.0
	for i, pool := range g.pools {
		shares[i] = present[pool][hour]
		sum += shares[i]
	}
	if sum == 0 {
		for i, pool := range g.pools {
			shares[i] = present[pool].sum()
			sum += shares[i]
		}
	}
	for i := range shares {
		if sum > 0 {
			shares[i] /= sum
		}
	}
	return shares
}

// SearchSeed and CertificateSeed are those of the replications of a search and of the certificate of its plan.
func (s *Simulator) SearchSeed() uint64 { return s.Seed(searching) }

// CertificateSeed is that of the replications on which the neighbours of a plan were first played.
func (s *Simulator) CertificateSeed() uint64 { return s.Seed(certifying) }

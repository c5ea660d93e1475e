package planner

import "slices"

// Roster is who is there, and who is needed, in a centre: agents by hour of the week, from Monday 00:00 UTC on.
type Roster struct {
	Centre    int
	Scheduled []float64 // on duty, breaks left out
	Present   []float64 // of these, less absence and activities
	Work      []float64 // that keeps so many busy if nobody waits, with all that comes back
	Required  []float64 // the part of Work that is promised within the hour, with the safety of the square-root rule
}

// Rosters are those of the centres that have agents or work with the heads, by what Prepare measured. Work that several pools
// may do is shared among them as their agents are there in the hour.
func (s *Simulator) Rosters(heads []int) []Roster {
	c := s.model.Scenario
	staffing := s.staff(heads)
	scheduled, present := make([]week, len(c.Pools)), make([]week, len(c.Pools))
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
	work, required := s.shared(present)
	out := make([]Roster, len(c.Centres))
	for i := range out {
		out[i] = Roster{i, make([]float64, hoursOfWeek), make([]float64, hoursOfWeek), make([]float64, hoursOfWeek), make([]float64, hoursOfWeek)}
	}
	for pool := range c.Pools {
		to := &out[c.Pools[pool].Centre]
		for h := range hoursOfWeek {
			to.Scheduled[h] += scheduled[pool][h]
			to.Present[h] += present[pool][h]
			speed := slices.Max(c.Pools[pool].Concurrency)
			to.Work[h] += work[pool][h] / speed
			to.Required[h] += required[pool][h] / speed
		}
	}
	return slices.DeleteFunc(out, func(r Roster) bool { return slices.Max(r.Scheduled) == 0 && slices.Max(r.Work) == 0 })
}

// shared is the work of the pools, and what of it is required within the hour, in erlangs.
func (s *Simulator) shared(present []week) (work, required []week) {
	work, required = make([]week, len(present)), make([]week, len(present))
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
					work[pool][h] += shares[i] * g.mean[h]
					required[pool][h] += shares[i] * g.urgency[0][h] * (1 + extra[h]/max(urgent, 1e-12))
				}
			}
		}
	}
	return work, required
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

// CertificateSeed is that of the replications on which the neighbours of a plan were played.
func (s *Simulator) CertificateSeed(p *Plan) uint64 { return s.Seed(certifying + max(0, p.Attempts-1)) }

package sim

import (
	"sunrelay/model/scenario"
)

// pool is a pool's place in the agents' indices.
type pool struct {
	centre    int32
	lo, hi    int32 // its agents
	overtime  tick  // how long a touch may go on after the end of the shift
	queues    []uint64
	duty      dutyTime
	component int32
}

// shift is a shift's agents and its changes of duty.
type shift struct {
	pool      int32
	lo, hi    int32 // its agents
	shrinkage float64
	name      string // of the agents' absence keys
	changes   []change
}

// change is the beginning (or, with day off, the end) of a stretch of duty on a local date.
type change struct {
	at  tick
	day int64
}

// off as a day means off duty.
const off = int64(-1) << 62

func (m *Model) bindPools() {
	for p := range m.Scenario.Pools {
		def := &m.Scenario.Pools[p]
		lo := int32(m.agents)
		for s := range def.Shifts {
			m.bindShift(int32(p), &def.Shifts[s])
		}
		m.pools = append(m.pools, pool{
			centre: int32(def.Centre), lo: lo, hi: int32(m.agents), overtime: overtime(def),
			duty: newDutyTime(m.scheduled(int32(p))),
		})
	}
}

// scheduled are all stretches of duty of the pools, of shifts with agents.
func (m *Model) scheduled(pools ...int32) []stretch {
	var all []stretch
	for _, p := range pools {
		for _, s := range m.Scenario.Pools[p].Shifts {
			if s.Agents == 0 {
				continue
			}
			for _, d := range s.Duty {
				all = append(all, stretch{m.tick(d.From), m.tick(d.To)})
			}
		}
	}
	return all
}

func (m *Model) bindShift(p int32, def *scenario.CompiledShift) {
	owner := &m.Scenario.Pools[p]
	s := shift{
		pool: p, lo: int32(m.agents), hi: int32(m.agents + def.Agents),
		shrinkage: owner.Shrinkage, name: owner.Name + "/" + def.Name,
	}
	zone := m.Scenario.Centres[owner.Centre].Zone
	for _, duty := range def.Duty {
		for _, piece := range byShiftDay(duty, zone, owner.Shrinkage > 0) {
			if n := len(s.changes); n > 0 && s.changes[n-1].at == m.tick(piece.from) {
				s.changes = s.changes[:n-1]
			}
			s.changes = append(s.changes, change{m.tick(piece.from), piece.day}, change{m.tick(piece.to), off})
		}
	}
	m.shifts = append(m.shifts, s)
	m.agents += def.Agents
	for range def.Agents {
		m.poolOf = append(m.poolOf, p)
	}
}

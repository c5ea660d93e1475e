package sim

import (
	"math"
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
)

// pool is a pool's place in the numbers of agents and seats.
type pool struct {
	centre     int32
	lo, hi     int32 // its agents
	seats      int32 // of each agent
	further    int32 // the first seat beyond the first ones, where agents have several
	speed      []float64
	overtime   tick // how long work may go on after the end of the shift
	activities float64
	activity   tick     // length of one
	lines      []uint64 // bit set of those that its agents serve
	urgent     []uint64 // of them, those of work that calls agents in
	onCall     bool     // it has shifts on call
	duty       dutyTime
	component  int32
}

// place is a seat of an agent of a pool.
type place struct{ agent, pool int32 }

// shift is the agents of a shift who take their breaks together, and their changes of duty.
type shift struct {
	pool      int32
	lo        int32 // the first agent of the whole shift: ordinals count from it
	first, hi int32 // its agents are first, first + step, ... below hi
	step      int32
	onCall    tick // 0 = on duty
	shrinkage float64
	service   float64 // share of the agent days that are service days
	name      string  // of the agents' absence keys
	changes   []change
}

// change is the beginning (or, with day off, the end) of a stretch of duty on a local date, or of a break in it.
type change struct {
	at      tick
	day     int64
	isBreak bool
}

// off as a day means off duty.
const off = int64(-1) << 62

func (m *Model) bindPools() {
	for p := range m.Scenario.Pools {
		def := &m.Scenario.Pools[p]
		made := pool{
			centre: int32(def.Centre), lo: int32(m.size), seats: int32(len(def.Concurrency)), speed: def.Concurrency, overtime: overtime(def),
			activities: def.Activities, activity: tick(def.ActivityLength),
		}
		service := m.serviceShare(def)
		for s := range def.Shifts {
			m.bindShift(int32(p), &def.Shifts[s], service)
			made.onCall = made.onCall || def.Shifts[s].OnCall > 0
		}
		made.hi = int32(m.size)
		made.duty = newDutyTime(m.scheduled(int32(p)))
		m.activities = m.activities || made.activities > 0
		m.calledIn = m.calledIn || made.onCall
		m.pools = append(m.pools, made)
	}
	m.bindSeats()
}

// bindSeats numbers the seats: first one of each agent, then the further ones of each pool.
func (m *Model) bindSeats() {
	for p := range m.pools {
		for a := m.pools[p].lo; a < m.pools[p].hi; a++ {
			m.seats = append(m.seats, place{a, int32(p)})
		}
	}
	for p := range m.pools {
		pool := &m.pools[p]
		pool.further = int32(len(m.seats))
		for a := pool.lo; a < pool.hi; a++ {
			for range pool.seats - 1 {
				m.seats = append(m.seats, place{a, int32(p)})
			}
		}
	}
}

// serviceShare is the share of the agent days of a pool that service days take.
func (m *Model) serviceShare(def *scenario.CompiledPool) float64 {
	if def.ServiceDays == 0 {
		return 0
	}
	days := 0.0
	for _, s := range def.Shifts {
		if s.OnCall == 0 {
			days += float64(s.Agents * len(s.Duty))
		}
	}
	run := m.Scenario.End.Sub(m.Scenario.Origin)
	return math.Min(1, def.ServiceDays*float64(run)/float64(365*calendar.Day)/math.Max(days, 1))
}

// scheduled are all stretches of duty of the pools, less breaks, of shifts with agents who are not on call.
func (m *Model) scheduled(pools ...int32) []stretch {
	var all []stretch
	for _, p := range pools {
		for i := range m.Scenario.Pools[p].Shifts {
			if s := &m.Scenario.Pools[p].Shifts[i]; s.OnCall == 0 {
				all = append(all, m.stretches(s.Presence())...)
			}
		}
	}
	return all
}

// stretches are intervals as ticks.
func (m *Model) stretches(intervals []calendar.Interval) []stretch {
	out := make([]stretch, 0, len(intervals))
	for _, iv := range intervals {
		out = append(out, stretch{m.tick(iv.From), m.tick(iv.To)})
	}
	return out
}

// bindShift makes a shift of each wave of breaks.
func (m *Model) bindShift(p int32, def *scenario.CompiledShift, service float64) {
	owner := &m.Scenario.Pools[p]
	lo := int32(m.size)
	for wave := range int32(min(max(def.Agents, 1), def.Waves)) {
		s := shift{
			pool: p, lo: lo, first: lo + wave, hi: lo + int32(def.Agents), step: int32(def.Waves), onCall: tick(def.OnCall),
			shrinkage: owner.Shrinkage, service: service, name: owner.Name + "/" + def.Name,
		}
		s.changes = m.share(m.changes(def.Duty, def.Breaks[wave], owner, s.shrinkage+s.service > 0))
		m.shifts = append(m.shifts, s)
	}
	m.size += def.Agents
}

// share are the changes themselves or those of an earlier shift with the same hours: pools of a centre often have them.
func (m *Model) share(changes []change) []change {
	for i := range m.shifts {
		if slices.Equal(m.shifts[i].changes, changes) {
			return m.shifts[i].changes
		}
	}
	return changes
}

// changes are those of all stretches of duty with their breaks. Of two at one instant the later one holds: nobody is there
// between a shift's beginning and a break that begins with it.
func (m *Model) changes(duty, breaks []calendar.Interval, owner *scenario.CompiledPool, absence bool) []change {
	zone := m.Scenario.Centres[owner.Centre].Zone
	var changes []change
	add := func(at calendar.Instant, day int64, isBreak bool) {
		c := change{at: m.tick(at), day: day, isBreak: isBreak}
		if n := len(changes); n > 0 && changes[n-1].at == c.at {
			changes = changes[:n-1]
		}
		changes = append(changes, c)
	}
	for _, d := range duty {
		for _, piece := range byShiftDay(d, zone, absence) {
			add(piece.from, piece.day, false)
			for len(breaks) > 0 && breaks[0].From < piece.to {
				if b := breaks[0]; b.To > piece.from {
					add(max(b.From, piece.from), piece.day, true)
					if b.To < piece.to {
						add(b.To, piece.day, false)
					}
				}
				if breaks[0].To > piece.to { // it goes on in the next piece
					break
				}
				breaks = breaks[1:]
			}
			add(piece.to, off, false)
		}
	}
	return changes
}

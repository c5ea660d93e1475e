package sim

import (
	"math"

	"sunrelay/workloads/rng"
)

// duty is where a shift stands in its changes.
type duty struct {
	next   int
	now    change
	agents []rng.Key // of the shift, for their absence
}

func (e *Engine) resetDuty(root rng.Key) {
	for i := range e.duty {
		s, d := &e.shifts[i], &e.duty[i]
		d.next, d.now, d.agents = 0, change{day: off}, d.agents[:0]
		key := root.Named("absence").Named(s.name)
		for a := s.first; a < s.hi; a += s.step {
			d.agents = append(d.agents, key.At(uint64(a-s.lo)))
			if e.activities {
				e.breathers.keys[a] = key.At(uint64(a - s.lo))
				e.breathers.at[a] = never // until duty begins; those on call have none
			}
			if e.calledIn {
				e.call.delay[a] = s.onCall
			}
		}
		if e.pools[s.pool].component == e.component {
			e.scheduleDuty(int32(i))
		}
	}
}

// scheduleDuty sets the next change of a shift, in the slot of its kind: at one instant duty ends first, then work is
// finished or handed over, then duty begins, so that those who come find all the work that waits in its order.
func (e *Engine) scheduleDuty(i int32) {
	end, start := never, never
	if d := &e.duty[i]; d.next < len(e.shifts[i].changes) {
		c := e.shifts[i].changes[d.next]
		if at := max(c.at, 0); c.day == off || c.isBreak {
			end = at
		} else {
			start = at
		}
	}
	e.tree.set(e.slots.ends+uint32(i), end)
	e.tree.set(e.slots.starts+uint32(i), start)
}

// changeDuty lets the agents of a shift come or go. Each is absent on a shift day with the probability of the pool's
// shrinkage, and gives a service day with that of its plans, drawn by (pool, shift, ordinal, date), so that one agent more
// changes nobody else's absence.
func (e *Engine) changeDuty(i int32) {
	e.events++
	s, d := &e.shifts[i], &e.duty[i]
	was, to := d.now, s.changes[d.next]
	d.next++
	d.now = to
	e.scheduleDuty(i)
	heads := int64(len(d.agents))
	if was.day != off {
		heads = -heads
	}
	if (was.day == off) != (to.day == off) {
		if s.onCall > 0 {
			e.staff[s.pool].onCall.change(heads, e.now)
		} else {
			e.staff[s.pool].scheduled.change(heads, e.now)
		}
	}
	for n, key := range d.agents {
		a := s.first + int32(n)*s.step
		present := to.day != off && !to.isBreak && s.comes(key, to.day)
		if s.onCall > 0 {
			e.setCall(a, s.pool, present)
		} else {
			e.setDuty(a, s.pool, present, to.isBreak)
		}
	}
}

var drawAbsence, drawService = rng.Of("absence"), rng.Of("service day")

// comes reports whether the agent with the key is there on a shift day.
func (s *shift) comes(key rng.Key, day int64) bool {
	return (s.shrinkage == 0 || rng.Uniform(key.Bits(drawAbsence, uint32(day))) >= s.shrinkage) &&
		(s.service == 0 || rng.Uniform(key.Bits(drawService, uint32(day))) >= s.service)
}

// breathers are the short activities, such as coaching and meetings, that take agents away one by one.
type breathers struct {
	away  []uint64 // bit set of agents
	at    []tick   // when the next begins, or the present one began; never where the pool has none
	drawn []uint32
	keys  []rng.Key
}

var drawActivity = rng.Of("activity")

// expectBreather draws when an agent who comes has the first activity.
func (e *Engine) expectBreather(a, p int32) {
	if e.pools[p].activities > 0 {
		e.breathers.at[a] = e.now
		e.drawBreather(a, p)
	}
}

// drawBreather draws the time on duty until the next activity, exponential around what makes activities the pool's share
// of it.
func (e *Engine) drawBreather(a, p int32) {
	b, pool := &e.breathers, &e.pools[p]
	u := rng.UniformPositive(b.keys[a].Bits(drawActivity, b.drawn[a]))
	b.drawn[a]++
	mean := float64(pool.activity) * (1 - pool.activities) / pool.activities
	b.at[a] = min(max(b.at[a], e.now)+max(1, tick(-mean*math.Log(u))), never)
}

// takesBreather lets an agent on duty, who does nothing, begin an activity that is due.
func (e *Engine) takesBreather(a int32, d *desk) bool {
	if e.breathers.at[a] > e.now || e.load[a] > 0 || e.isAway(a) || e.onDuty[a>>6]>>(a&63)&1 == 0 {
		return false
	}
	e.wakeAll(a, d.pool)
	e.breathers.away[a>>6] |= 1 << (a & 63)
	e.staff[d.pool].available.fall(e.now)
	e.giveUpKept(a)
	e.tree.set(e.slots.seats+uint32(a), e.now+e.pools[d.pool].activity)
	return true
}

func (e *Engine) isAway(a int32) bool { return e.activities && e.breathers.away[a>>6]>>(a&63)&1 == 1 }

// endBreather ends the activity of an agent and reports whether there was one.
func (e *Engine) endBreather(a int32) bool {
	if !e.isAway(a) {
		return false
	}
	e.breathers.away[a>>6] &^= 1 << (a & 63)
	return true
}

// idleUntil is when the seat of an agent who does nothing is to be looked at again.
func (e *Engine) idleUntil(seat int32) tick {
	if e.activities && seat == e.desks[seat].agent {
		return e.breathers.at[seat]
	}
	return never
}

// stir is called when an agent who does nothing begins or ends an activity, or arrives after having been called in.
func (e *Engine) stir(seat int32, d *desk) {
	a := d.agent
	switch {
	case e.endBreather(a):
		e.drawBreather(a, d.pool)
		e.staff[d.pool].available.rise(e.now)
		e.takeUp(a, d.pool)
	case e.calledIn && e.isCalled(a) && e.onDuty[a>>6]>>(a&63)&1 == 0:
		e.arriveOnCall(a, d.pool)
	case !e.activities || !e.takesBreather(a, d):
		e.tree.set(e.slots.seats+uint32(seat), never)
	}
}

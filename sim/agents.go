package sim

import (
	"math/bits"
	"slices"

	"sunrelay/sim/metrics"
	"sunrelay/workloads/rng"
)

var drawAbsence = rng.Of("absence")

func (e *Engine) resetDuty(root rng.Key) {
	for i := range e.duty {
		s, d := &e.shifts[i], &e.duty[i]
		d.next, d.day, d.absent = 0, off, d.absent[:0]
		key := root.Named("absence").Named(s.name)
		for a := range s.hi - s.lo {
			d.absent = append(d.absent, key.At(uint64(a)))
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
		if at := max(c.at, 0); c.day == off {
			end = at
		} else {
			start = at
		}
	}
	e.tree.set(e.slots.ends+uint32(i), end)
	e.tree.set(e.slots.starts+uint32(i), start)
}

// changeDuty lets the agents of a shift come or go. Each is absent on a shift day with the probability of the pool's
// shrinkage, drawn by (pool, shift, ordinal, date), so that one agent more changes nobody else's absence.
func (e *Engine) changeDuty(i int32) {
	e.events++
	s, d := &e.shifts[i], &e.duty[i]
	to := s.changes[d.next].day
	d.next++
	e.scheduleDuty(i)
	staff := &e.staff[s.pool]
	heads := int64(s.hi - s.lo)
	switch {
	case d.day == off && to != off:
		staff.scheduled.change(heads, e.now)
	case d.day != off && to == off:
		staff.scheduled.change(-heads, e.now)
	}
	d.day = to
	for n, key := range d.absent {
		a := s.lo + int32(n)
		present := to != off && (s.shrinkage == 0 || rng.Uniform(key.Bits(drawAbsence, uint32(to))) >= s.shrinkage)
		e.setDuty(a, s.pool, present)
	}
}

// setDuty lets one agent come or go.
func (e *Engine) setDuty(a, p int32, present bool) {
	word, bit := a>>6, uint64(1)<<(a&63)
	was := e.onDuty[word]&bit != 0
	working := e.desks[a].kase != none
	switch {
	case present && !was:
		e.onDuty[word] |= bit
		if working {
			e.staff[p].overtime.fall(e.now)
			e.tree.set(e.slots.agents+uint32(a), e.desks[a].until)
			return
		}
		e.staff[p].available.rise(e.now)
		e.next(a, &e.desks[a])
	case !present && was:
		e.onDuty[word] &^= bit
		if working {
			e.staff[p].overtime.rise(e.now)
			stop := min(e.desks[a].until, e.now+e.pools[p].overtime)
			e.tree.set(e.slots.agents+uint32(a), stop)
			return
		}
		e.wake(a, p)
		e.staff[p].available.fall(e.now)
	}
}

// rest marks an agent as idle.
func (e *Engine) rest(a, p int32) {
	e.idle[a>>6] |= 1 << (a & 63)
	e.staff[p].idle++
	e.free[p>>6] |= 1 << (p & 63)
}

// wake marks an idle agent as no longer idle.
func (e *Engine) wake(a, p int32) {
	e.idle[a>>6] &^= 1 << (a & 63)
	e.staff[p].idle--
	if e.staff[p].idle == 0 {
		e.free[p>>6] &^= 1 << (p & 63)
	}
}

// nearest is the pool of the group that new work goes to: of the nearest rank with an idle agent, the one with the
// largest share of idle agents, so that large and small pools are equally busy; the first of the file among equals. none
// means that nobody is idle.
func (e *Engine) nearest(g *group) int32 {
	if g.only != none {
		if e.staff[g.only].idle == 0 {
			return none
		}
		return g.only
	}
	for _, rank := range g.ranks {
		best, idle, available := none, int64(0), int64(1)
		for _, part := range rank {
			for m := part.mask & e.free[part.word]; m != 0; m &= m - 1 {
				p := part.word<<6 + int32(bits.TrailingZeros64(m))
				if s := &e.staff[p]; int64(s.idle)*available > idle*s.available.n {
					best, idle, available = p, int64(s.idle), s.available.n
				}
			}
		}
		if best != none {
			return best
		}
	}
	return none
}

// idleAgent takes an idle agent of the group, or none.
func (e *Engine) idleAgent(g *group) int32 {
	p := e.nearest(g)
	if p == none {
		return none
	}
	a := e.firstIdle(e.pools[p].lo)
	e.wake(a, p)
	return a
}

// firstIdle is the idle agent with the lowest index from lo on; there is one.
func (e *Engine) firstIdle(lo int32) int32 {
	w := lo >> 6
	m := e.idle[w] &^ (1<<(lo&63) - 1)
	for m == 0 {
		w++
		m = e.idle[w]
	}
	return w<<6 + int32(bits.TrailingZeros64(m))
}

// clearing reports whether an agent of the group has just ended a touch and will take the best of what waits.
func (e *Engine) clearing(group int32) bool {
	a := e.cleared
	return a != none && e.onDuty[a>>6]>>(a&63)&1 == 1 && slices.Contains(e.groups[group].pools, e.desks[a].pool)
}

// insist interrupts somebody for a case whose touch ended, if it still waits: the agent who ended it took better work.
func (e *Engine) insist(id int32) {
	c := &e.cases.all[id]
	k := &e.accounts[c.class]
	if !k.interrupts || c.item == none {
		return
	}
	a := e.makeRoom(k, k.stages[c.tier].group, e.queues.items[c.item].since)
	if a == none {
		return
	}
	it := e.queues.remove(c.item)
	e.dequeue(&it, c, k)
	e.start(a, id, c, k, it.since, it.work)
}

// makeRoom interrupts the touch of an agent of the group for work of the class that waits since the given instant, and
// returns the agent; or none.
func (e *Engine) makeRoom(k *account, group int32, since tick) int32 {
	a := e.interruptible(k, group)
	if a != none {
		d := &e.desks[a]
		e.passOver(d.pool, since)
		id, left := e.interrupt(a, d)
		e.passOn(id, d.since, left)
	}
	return a
}

// interruptible is the agent on duty, among those who may work the class in the group, whose touch is least severe and
// less severe than the class and not complete now, the latest begun among equals; or none. Nobody of the group is idle.
func (e *Engine) interruptible(k *account, group int32) int32 {
	best := none
	var severity uint8
	var began tick
	for _, p := range e.groups[group].pools {
		for a := e.pools[p].lo; a < e.pools[p].hi; a++ {
			d := &e.desks[a]
			if d.kase == none || d.until == e.now || e.onDuty[a>>6]>>(a&63)&1 == 0 {
				continue
			}
			s := e.classes[e.cases.all[d.kase].class].severity
			if s <= k.severity || best != none && (s < severity || s == severity && d.began <= began) {
				continue
			}
			best, severity, began = a, s, d.began
		}
	}
	return best
}

// handOver ends the work of an agent whose overtime is over.
func (e *Engine) handOver(a int32) {
	d := &e.desks[a]
	e.follow(ShiftEnded, d.kase, a)
	id, work := e.interrupt(a, d)
	if e.measuring {
		e.totals.Pools[d.pool].HandOvers++
	}
	e.passOn(id, d.since, work)
	e.next(a, d)
}

// passOn gives what is left of a touch to an idle agent who may work the case, or to one whom it may interrupt, or lets it
// wait in its old place.
func (e *Engine) passOn(id int32, since, work tick) {
	c := &e.cases.all[id]
	k := &e.accounts[c.class]
	s := &k.stages[c.tier]
	if other := e.idleAgent(&e.groups[s.group]); other != none {
		e.resume(other, id, c, k, since, work)
		return
	}
	if k.interrupts {
		if other := e.makeRoom(k, s.group, since); other != none {
			e.resume(other, id, c, k, since, work)
			return
		}
	}
	e.wait(c, k, s.later, item{since: since, work: work, kase: id})
}

// interrupt clears the desk of an agent in the middle of a touch; work is what is left of it.
func (e *Engine) interrupt(a int32, d *desk) (id int32, work tick) {
	id, work = d.kase, d.until-e.now
	d.kase = none
	e.spend(id, &e.accounts[e.cases.all[id].class], metrics.Work, e.now-d.began)
	e.staff[d.pool].busy.fall(e.now)
	e.observe(Suspended, id, a)
	return id, work
}

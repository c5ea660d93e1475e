package sim

import (
	"math/bits"
	"slices"

	"sunrelay/sim/metrics"
)

// agents are the agents of an engine, by number.
type agents struct {
	idle   []uint64 // bit set: on duty with a free seat
	onDuty []uint64 // bit set
	late   []uint64 // bit set: at work after the end of their shift
	goes   []tick   // when overtime ends
	load   []uint8  // seats at work
}

func newAgents(n int) agents {
	words := (n + 63) / 64
	return agents{
		idle: make([]uint64, words), onDuty: make([]uint64, words), late: make([]uint64, words), goes: make([]tick, n), load: make([]uint8, n),
	}
}

func (a *agents) reset() {
	clear(a.idle)
	clear(a.onDuty)
	clear(a.late)
	clear(a.load)
}

// setDuty lets one agent come or go. Whoever goes for a break ends what he does first; so does who goes home, as long as
// overtime allows.
func (e *Engine) setDuty(a, p int32, present, isBreak bool) {
	word, bit := a>>6, uint64(1)<<(a&63)
	was := e.onDuty[word]&bit != 0
	working := e.load[a] > 0
	switch {
	case present && !was:
		e.onDuty[word] |= bit
		if working {
			e.stayLonger(a, p)
		} else {
			e.staff[p].available.rise(e.now)
		}
		e.expectBreather(a, p)
		e.takeUp(a, p)
	case !present && was:
		e.onDuty[word] &^= bit
		e.giveUpKept(a)
		e.wakeAll(a, p)
		if !working {
			e.dropOut(a, p)
		} else if !isBreak {
			e.stayLate(a, p)
		}
	case !present && working && !isBreak && e.late[word]&bit == 0:
		e.stayLate(a, p)
	}
}

// takeUp lets an agent who has come fill the free seats.
func (e *Engine) takeUp(a, p int32) {
	pool := &e.pools[p]
	for i := range pool.seats {
		seat := pool.seatOf(a, i)
		if d := &e.desks[seat]; d.kase == none {
			e.next(seat, d)
		}
		if e.idle[a>>6]>>(a&63)&1 == 1 || e.onDuty[a>>6]>>(a&63)&1 == 0 {
			return
		}
	}
}

// stayLate begins the overtime of an agent at work.
func (e *Engine) stayLate(a, p int32) {
	e.late[a>>6] |= 1 << (a & 63)
	e.goes[a] = e.now + e.pools[p].overtime
	e.staff[p].overtime.rise(e.now)
	e.reseat(a, p)
}

// stayLonger ends overtime because the next duty begins.
func (e *Engine) stayLonger(a, p int32) {
	if e.late[a>>6]>>(a&63)&1 == 1 {
		e.late[a>>6] &^= 1 << (a & 63)
		e.staff[p].overtime.fall(e.now)
	}
	e.reseat(a, p)
}

// reseat sets anew when the work of an agent ends.
func (e *Engine) reseat(a, p int32) {
	pool := &e.pools[p]
	for i := range pool.seats {
		seat := pool.seatOf(a, i)
		if d := &e.desks[seat]; d.kase != none {
			e.tree.set(e.slots.seats+uint32(seat), e.stopAt(d))
		}
	}
}

// dropOut ends the presence of an agent who does nothing.
func (e *Engine) dropOut(a, p int32) {
	e.tree.set(e.slots.seats+uint32(a), never)
	if !e.endBreather(a) {
		e.leave(a, p)
	}
}

// leave ends the time for which an agent is available.
func (e *Engine) leave(a, p int32) {
	e.staff[p].available.fall(e.now)
	if e.late[a>>6]>>(a&63)&1 == 1 {
		e.late[a>>6] &^= 1 << (a & 63)
		e.staff[p].overtime.fall(e.now)
	}
}

// rest marks an agent as one who has a free seat.
func (e *Engine) rest(a, p int32) {
	if e.idle[a>>6]>>(a&63)&1 == 1 {
		return
	}
	e.idle[a>>6] |= 1 << (a & 63)
	e.staff[p].idle++
	e.free[p>>6] |= 1 << (p & 63)
}

// wakeAll marks an agent as one who has no free seat.
func (e *Engine) wakeAll(a, p int32) {
	if e.idle[a>>6]>>(a&63)&1 == 1 {
		e.wake(a, p)
	}
}

// wake marks an agent who has a free seat as one who has none.
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
	if !e.anyIdle(g) { // of many ranks it takes long to look at each
		return none
	}
	best, idle, available := none, int64(0), int64(1)
	for i := range g.parts {
		part := &g.parts[i]
		m := part.mask & e.free[part.word]
		if m == 0 && best == none {
			continue
		}
		for ; m != 0; m &= m - 1 {
			p := part.word<<6 + int32(bits.TrailingZeros64(m))
			if s := &e.staff[p]; int64(s.idle)*available > idle*s.available.n {
				best, idle, available = p, int64(s.idle), s.available.n
			}
		}
		if best != none && part.last {
			break
		}
	}
	return best
}

// anyIdle reports whether some agent of a group of several pools is idle.
func (e *Engine) anyIdle(g *group) bool {
	for i := range g.all {
		if part := &g.all[i]; part.mask&e.free[part.word] != 0 {
			return true
		}
	}
	return false
}

// seatFor takes a free seat of an agent who may begin work of the class in the group, or none.
func (e *Engine) seatFor(k *account, group int32) int32 {
	seat := e.idleSeat(&e.groups[group])
	if seat == none && k.callsIn {
		seat = e.calledSeat(&e.groups[group])
	}
	return seat
}

// idleSeat takes a free seat of an idle agent of the group, or none.
func (e *Engine) idleSeat(g *group) int32 {
	p := e.nearest(g)
	if p == none {
		return none
	}
	pool := &e.pools[p]
	if pool.seats == 1 {
		a := e.firstIdle(pool.lo)
		e.wake(a, p)
		return a
	}
	return e.takeSeat(e.leastBusy(pool))
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

// leastBusy is the agent with a free seat who does the fewest things, the first among equals; there is one.
func (e *Engine) leastBusy(p *pool) int32 {
	best := none
	for a := p.lo; a < p.hi; a++ {
		if e.idle[a>>6]>>(a&63)&1 == 1 && (best == none || e.load[a] < e.load[best]) {
			best = a
		}
	}
	return best
}

// takeSeat takes a free seat of an agent who has one.
func (e *Engine) takeSeat(a int32) int32 {
	p := e.desks[a].pool
	pool := &e.pools[p]
	if int32(e.load[a])+1 == pool.seats {
		e.wake(a, p)
	}
	return e.freeSeat(a, pool)
}

// freeSeat is the first seat of an agent, who has one, that is free.
func (e *Engine) freeSeat(a int32, pool *pool) int32 {
	for i := range pool.seats {
		if seat := pool.seatOf(a, i); e.desks[seat].kase == none {
			return seat
		}
	}
	panic("no free seat")
}

// clearing reports whether an agent of the group has just ended a touch and will take the best of what waits.
func (e *Engine) clearing(group int32) bool {
	a := e.cleared
	return a != none && e.onDuty[a>>6]>>(a&63)&1 == 1 && slices.Contains(e.groups[group].pools, e.desks[a].pool)
}

// insist interrupts somebody for a case whose touch ended, if it still waits: the agent who ended it took better work.
func (e *Engine) insist(id int32) {
	c := e.cases.at(id)
	k := &e.accounts[c.class]
	if !c.live() || !k.interrupts || c.waiting(Touch) == none || e.isKept(e.queues.items[c.items[Touch]].queue) {
		return
	}
	seat := e.makeRoom(k, k.stages[c.tier].group, e.queues.items[c.items[Touch]].since)
	if seat == none {
		return
	}
	it := e.queues.remove(c.items[Touch])
	e.dequeue(it, c, k)
	e.begin(seat, it, c, k)
}

// makeRoom interrupts the work of an agent of the group for work of the class that waits since the given instant, and
// returns the seat; or none.
func (e *Engine) makeRoom(k *account, group int32, since tick) int32 {
	seat := e.interruptible(k, group)
	if seat != none {
		d := &e.desks[seat]
		e.passOver(d.pool, since)
		it := e.interrupt(seat, d)
		e.passOn(&it)
	}
	return seat
}

// interruptible is the seat of an agent on duty, among those who may work the class in the group, whose work is least
// severe and less severe than the class and not complete now, the latest begun among equals; or none. Nobody of the group
// is idle.
func (e *Engine) interruptible(k *account, group int32) int32 {
	best := none
	var severity uint8
	var began tick
	for _, p := range e.groups[group].pools {
		pool := &e.pools[p]
		for a := pool.lo; a < pool.hi; a++ {
			if e.onDuty[a>>6]>>(a&63)&1 == 0 || e.calledIn && e.isCalled(a) && (!k.callsIn || e.declines(a, e.now)) {
				continue
			}
			for i := range pool.seats {
				seat := pool.seatOf(a, i)
				d := &e.desks[seat]
				if d.kase == none || d.until == e.now {
					continue
				}
				s := e.classes[e.cases.at(d.kase).class].severity
				if s <= k.severity || best != none && (s < severity || s == severity && d.began <= began) {
					continue
				}
				best, severity, began = seat, s, d.began
			}
		}
	}
	return best
}

// handOver ends the work of an agent whose overtime is over.
func (e *Engine) handOver(seat int32) {
	d := &e.desks[seat]
	e.follow(ShiftEnded, d.kase, seat)
	it := e.interrupt(seat, d)
	if e.measuring {
		e.totals.Pools[d.pool].HandOvers++
	}
	e.passOn(&it)
	e.next(seat, d)
}

// passOn gives what is left of a piece of work to an idle agent who may do it, or to one whom it may interrupt, or lets it
// wait in its old place.
func (e *Engine) passOn(it *item) {
	c := e.cases.at(it.kase)
	k := &e.accounts[c.class]
	if !c.live() {
		if c.state == closed && c.atWork == 0 {
			e.release(it.kase)
		}
		return
	}
	tier := int(c.agentTier())
	if it.kind == Managing {
		tier = e.managingTier(c)
	}
	s := &k.stages[tier]
	seat := e.seatFor(k, s.group)
	if seat == none && k.interrupts && it.kind == Touch {
		seat = e.makeRoom(k, s.group, it.since)
	}
	if seat != none {
		e.begin(seat, it, c, k)
		return
	}
	e.callFor(it, k, s.group)
	e.wait(c, k, s.later, s.group, it)
}

// interrupt clears the desk of an agent in the middle of its work, and is what is left of that.
func (e *Engine) interrupt(seat int32, d *desk) item {
	c := e.cases.at(d.kase)
	k := &e.accounts[c.class]
	it := item{kase: d.kase, kind: d.kind, since: d.since, work: d.until - e.now}
	if p := &e.pools[d.pool]; p.seats > 1 {
		e.settle(d.agent, p, e.load[d.agent])
		it.work = tick(d.left + 1)
	}
	if d.kind == Touch {
		e.spend(d.kase, k, metrics.Work, e.now-d.began)
	}
	e.rise(d, c, k)
	e.observeWork(Suspended, it.kase, seat)
	return it
}

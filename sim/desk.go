package sim

import "math/bits"

// desk is a seat: a place of an agent for one piece of work. The first seat of an agent has the agent's own number; those
// of agents who do several things at a time have further ones after all agents.
type desk struct {
	agent int32
	pool  int32
	kase  int32 // none = nothing
	kind  Work
	since tick    // the work began to wait; what is left of it keeps its place by it
	began tick    // this stretch of work
	until tick    // the work is complete
	left  float64 // at paced, where the agent does several things at a time: work in milliseconds at full speed
	paced tick
	_     tick // a line of cache
}

// seat puts the agent's place at work on the case.
func (e *Engine) seat(seat int32, it *item, c *kase, work tick) {
	d := &e.desks[seat]
	d.kase, d.kind, d.since, d.began = it.kase, it.kind, it.since, e.now
	p := &e.pools[d.pool]
	c.atWork |= 1 << it.kind
	if it.kind == Touch {
		c.centre, c.engineer = p.centre, d.agent
	}
	e.load[d.agent]++
	if p.seats == 1 {
		e.staff[d.pool].busy.rise(e.now)
		d.until = min(e.now+work, never)
		e.tree.set(e.slots.seats+uint32(seat), e.stopAt(d))
	} else {
		e.sitDown(d, p, work)
	}
	e.observeWork(Began, it.kase, seat)
}

// stopAt is when the work on a desk ends: when it is complete, or when the agent may work no longer.
func (e *Engine) stopAt(d *desk) tick { return min(d.until, e.mayWorkUntil(d)) }

// mayWorkUntil is the end of the agent's overtime, if it has begun.
func (e *Engine) mayWorkUntil(d *desk) tick {
	if e.late[d.agent>>6]>>(d.agent&63)&1 == 0 {
		return never
	}
	return e.goes[d.agent]
}

// rise clears a desk in the middle or at the end of its work on a case.
func (e *Engine) rise(d *desk, c *kase, k *account) {
	p := &e.pools[d.pool]
	c.atWork &^= 1 << d.kind
	if p.seats == 1 {
		if e.measuring {
			k.worked[d.pool] += e.now - max(d.began, e.from)
		}
		e.staff[d.pool].busy.fall(e.now)
	} else {
		e.standUp(d, p)
	}
	e.load[d.agent]--
	d.kase = none
}

// finish is called when the work on a desk is complete, when the agent may work no longer, or when something else happens
// to an agent who does nothing.
func (e *Engine) finish(seat int32) {
	e.events++
	d := &e.desks[seat]
	if d.kase == none {
		e.stir(seat, d)
		return
	}
	if e.now < d.until {
		e.handOver(seat)
		return
	}
	if e.plain {
		e.finishPlain(seat, d)
		return
	}
	id, kind := d.kase, d.kind
	c := e.cases.at(id)
	k := &e.accounts[c.class]
	e.rise(d, c, k)
	if kind == Touch {
		e.staff[d.pool].touches++
	}
	e.observeWork(Ended, id, seat)
	e.cleared = d.agent
	e.endWork(id, c, k, kind, e.now-d.began)
	e.cleared = none
	if d.kase == none { // an agent with further seats may have gone on with the case at this one
		e.next(seat, d)
	}
	if e.interrupts {
		e.insist(id)
	}
	if e.calledIn {
		e.callForHeld()
	}
}

// next finds something to do for a seat that is clear.
func (e *Engine) next(seat int32, d *desk) {
	if e.plain {
		e.nextPlain(seat, d)
		return
	}
	a := d.agent
	if e.onDuty[a>>6]>>(a&63)&1 == 0 {
		e.tree.set(e.slots.seats+uint32(seat), never)
		if e.load[a] == 0 {
			e.leave(a, d.pool)
		}
		return
	}
	if e.activities && e.breathers.at[a] <= e.now && (e.isAway(a) || e.takesBreather(a, d)) {
		if seat != a {
			e.tree.set(e.slots.seats+uint32(seat), never)
		}
		return
	}
	q, oldest := e.bestQueue(a, d.pool)
	if q == none || e.declines(a, e.queues.since(q)) {
		e.tree.set(e.slots.seats+uint32(seat), e.idleUntil(seat))
		if e.calledIn && e.isCalled(a) {
			e.goHome(a, d.pool)
			return
		}
		e.rest(a, d.pool)
		return
	}
	it := e.queues.take(q)
	if oldest < it.since {
		e.passOver(d.pool, it.since)
	}
	c := e.cases.at(it.kase)
	k := &e.accounts[c.class]
	e.dequeue(it, c, k)
	e.begin(seat, it, c, k)
}

// bestQueue is the queue, among those that the agent may serve, whose head has the smallest score; among equals the head
// that waits longest. oldest is when the work of these queues began to wait that has not been passed over, or earlier.
func (e *Engine) bestQueue(a, p int32) (queue int32, oldest tick) {
	best := ranked{noScore, never, none}
	oldest = never
	mine := e.pools[p].lines
	if e.calledIn && e.isCalled(a) {
		mine = e.pools[p].urgent
	}
	for w, served := range mine {
		for m := e.queues.filled[w] & served; m != 0; m &= m - 1 {
			l := &e.queues.lines[w<<6+bits.TrailingZeros64(m)]
			oldest = min(oldest, l.unpassed)
			if l.best.before(best) {
				best = l.best
			}
		}
	}
	if e.keeps {
		if kept := e.keptLine(a); e.queues.hasWork(kept) {
			if l := &e.queues.lines[kept]; l.best.key <= best.key {
				return l.lo, oldest
			}
		}
	}
	return best.id, oldest
}

// passOver notes that an agent of the pool took work that began to wait at since, before what has waited longer in any
// queue that the pool may serve.
func (e *Engine) passOver(p int32, since tick) {
	for w, served := range e.pools[p].lines {
		for m := e.queues.filled[w] & served; m != 0; m &= m - 1 {
			if id := w<<6 + bits.TrailingZeros64(m); e.queues.lines[id].unpassed < since {
				e.queues.passOver(int32(id), since, e.now)
			}
		}
	}
}

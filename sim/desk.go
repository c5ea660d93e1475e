package sim

import "math/bits"

// desk is what an agent works on.
type desk struct {
	pool  int32 // of the agent
	kase  int32 // none = nothing
	since tick  // the touch began to wait; what is left of it keeps its place by it
	began tick  // this stretch of work
	until tick  // the work is complete
}

// work seats the agent at the case.
func (e *Engine) work(agent, id int32, c *kase, since, work tick) {
	d := &e.desks[agent]
	d.kase, d.since, d.began, d.until = id, since, e.now, min(e.now+work, never)
	c.centre = e.pools[d.pool].centre
	e.staff[d.pool].busy.rise(e.now)
	e.tree.set(e.slots.agents+uint32(agent), d.until)
	e.observe(Began, id, agent)
}

// finish is called when the agent's work is complete, or when the agent may work no longer.
func (e *Engine) finish(agent int32) {
	e.events++
	d := &e.desks[agent]
	if e.now < d.until {
		e.handOver(agent)
		return
	}
	id := d.kase
	d.kase = none
	s := &e.staff[d.pool]
	s.busy.fall(e.now)
	s.touches++
	e.observe(Ended, id, agent)
	e.cleared = agent
	e.endTouch(id, e.now-d.began)
	e.cleared = none
	e.next(agent, d)
	if e.interrupts {
		e.insist(id)
	}
}

// next finds something to do for an agent whose desk is clear.
func (e *Engine) next(agent int32, d *desk) {
	if e.onDuty[agent>>6]>>(agent&63)&1 == 0 {
		e.staff[d.pool].available.fall(e.now)
		e.staff[d.pool].overtime.fall(e.now)
		e.tree.set(e.slots.agents+uint32(agent), never)
		return
	}
	q, passable := e.bestQueue(d.pool)
	if q == none {
		e.tree.set(e.slots.agents+uint32(agent), never)
		e.rest(agent, d.pool)
		return
	}
	it := e.queues.take(q)
	if passable {
		e.passOver(d.pool, it.since)
	}
	c := &e.cases.all[it.kase]
	k := &e.accounts[c.class]
	e.dequeue(&it, c, k)
	if it.fresh {
		e.start(agent, it.kase, c, k, it.since, it.work)
	} else {
		e.resume(agent, it.kase, c, k, it.since, it.work)
	}
}

// bestQueue is the queue, among those that the pool may serve, whose head has the smallest score; among equals the head
// that waits longest. passable reports whether its head may pass other work over: more queues have some, or it is a heap.
func (e *Engine) bestQueue(p int32) (best int32, passable bool) {
	best, bestScore := none, ^uint64(0)
	mine := e.pools[p].queues
	for w, filled := range e.queues.filled {
		for m := filled & mine[w]; m != 0; m &= m - 1 {
			q := int32(w<<6 + bits.TrailingZeros64(m))
			u := &e.queues.all[q]
			passable = passable || best != none || u.overflow == q
			if s := u.score; s < bestScore || s == bestScore && e.queues.since(q) < e.queues.since(best) {
				best, bestScore = q, s
			}
		}
	}
	return best, passable
}

// passOver notes that an agent of the pool took work that began to wait at since, before what has waited longer in any
// queue that the pool may serve.
func (e *Engine) passOver(p int32, since tick) {
	mine := e.pools[p].queues
	for w, filled := range e.queues.filled {
		for m := filled & mine[w]; m != 0; m &= m - 1 {
			if q := w<<6 + bits.TrailingZeros64(m); e.queues.unpassed[q] < since {
				e.queues.passOver(int32(q), since, e.now)
			}
		}
	}
}

package sim

import (
	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/workloads"
)

// Plain organisations, such as the queues of theory and simple call centres, know touches and escalations only: nobody is
// asked, called in, updated or interrupted, and only first responses are promised. The functions of this file do for them
// what the general ones do, on the same records and with the same results, in a straight line that takes a third fewer
// instructions. What is rare, such as a hand-over, is left to the general ones.

// isPlain reports whether the component of the engine is plain and nobody listens.
func (e *Engine) isPlain() bool {
	if e.observer != nil || e.interrupts || e.keeps || e.activities || e.calledIn {
		return false
	}
	for i := range e.pools {
		if e.pools[i].component == e.component && e.pools[i].seats > 1 {
			return false
		}
	}
	for i := range e.classes {
		if k := &e.classes[i]; k.component == e.component && !k.isPlain() {
			return false
		}
	}
	return true
}

// isPlain reports whether cases of the class come, are touched at one tier or several, and are solved.
func (k *class) isPlain() bool {
	const ownClocks = 1<<sla.FirstResponse | 1<<sla.Resolve
	if k.managed || k.atEnd || k.told || k.onChange || k.affinity != sla.Anybody || k.moves[sla.Opened].start&^ownClocks != 0 ||
		k.moves[sla.Contacted] != (moves{}) {
		return false
	}
	for i := range k.stages {
		s := &k.stages[i]
		if w := s.work; s.group != none && (w.Question > 0 || w.Restored > 0 || w.Lowered > 0 || w.Raised > 0 || w.AnotherIssue > 0 || w.Reopen > 0) {
			return false
		}
		if s.work.Party != nil {
			return false
		}
	}
	return true
}

// admitPlain is admit.
func (e *Engine) admitPlain(arrival *workloads.Case, tier uint8) {
	id, c, k := e.openPlain(arrival, tier)
	if k.maxWaiting >= 0 && e.blocked(k, tier) {
		e.close(id, c, k, model.Blocked)
		return
	}
	e.enterPlain(id, c, k, k.stages[tier].first, tick(arrival.Work))
}

// openPlain makes a record of a case, whose clocks run.
func (e *Engine) openPlain(arrival *workloads.Case, tier uint8) (int32, *kase, *account) {
	k := &e.accounts[arrival.Class]
	id, c := e.record(arrival, tier)
	c.running = 1<<sla.FirstResponse | 1<<sla.Resolve
	c.clocks[clockOf[sla.Resolve]] = clock{due: never, from: e.now}
	clk := &c.clocks[clockOf[sla.FirstResponse]]
	clk.due, clk.from = never, e.now
	if policy := k.policies[sla.FirstResponse]; policy != nil {
		c.promised = 1 << sla.FirstResponse
		clk.due = e.dueOf(policy)
		if e.measuring {
			k.counts[sla.FirstResponse].Started++
		}
	}
	return id, c, k
}

// enterPlain is enter, with the queue to wait in.
func (e *Engine) enterPlain(id int32, c *kase, k *account, queue int32, work tick) {
	group := k.stages[c.tier].group
	if seat := e.idleSeat(&e.groups[group]); seat != none {
		e.startPlain(seat, id, c, k, e.now, work)
		return
	}
	e.waitPlain(id, c, k, queue, group, work)
}

// waitPlain lets a fresh touch wait.
func (e *Engine) waitPlain(id int32, c *kase, k *account, queue, group int32, work tick) {
	if c.touch == 0 {
		e.holdTheLine(id, c, k)
	}
	it := e.freshTouch(id, work)
	e.wait(c, k, queue, group, &it)
}

// startPlain is start of a touch that waits since the given instant.
func (e *Engine) startPlain(seat, id int32, c *kase, k *account, since, work tick) {
	if since >= e.from {
		k.waits[c.tier].Add(e.now - since)
	}
	if c.running.Has(sla.FirstResponse) {
		e.respondPlain(id, c, k)
	}
	c.touch++
	c.began = e.now
	c.atWork = 1 << Touch
	d := &e.desks[seat]
	c.centre, c.engineer = e.pools[d.pool].centre, seat
	d.kase, d.kind, d.since, d.began, d.until = id, Touch, since, e.now, min(e.now+work, never)
	e.load[seat] = 1
	e.staff[d.pool].busy.rise(e.now)
	e.tree.set(e.slots.seats+uint32(seat), d.until)
}

// respondPlain is stopClock of the first response.
func (e *Engine) respondPlain(id int32, c *kase, k *account) {
	c.running &^= 1 << sla.FirstResponse
	clk := &c.clocks[clockOf[sla.FirstResponse]]
	if clk.from < e.from {
		return
	}
	k.elapsed[sla.FirstResponse].Add(e.now - clk.from)
	if c.promised != 0 {
		e.decide(id, c, k, sla.FirstResponse, e.now <= clk.due)
	}
}

// finishPlain is finish.
func (e *Engine) finishPlain(seat int32, d *desk) {
	id := d.kase
	c := e.cases.at(id)
	k := &e.accounts[c.class]
	if e.measuring {
		k.worked[d.pool] += e.now - max(d.began, e.from)
	}
	s := &e.staff[d.pool]
	s.busy.fall(e.now)
	s.touches++
	e.load[seat] = 0
	d.kase, c.atWork = none, 0
	if c.comes < never {
		e.endTouch(id, c, k) // it is linked to an outage
	} else {
		e.endTouchPlain(id, c, k)
	}
	e.nextPlain(seat, d)
}

// endTouchPlain is endTouch.
func (e *Engine) endTouchPlain(id int32, c *kase, k *account) {
	n := c.touch - 1
	w := k.stages[c.tier].work
	if w.Continue > 0 && chance(c.key, workloads.DrawContinue, n) < w.Continue {
		e.enterPlain(id, c, k, k.stages[c.tier].later, e.handleTime(c, k))
		return
	}
	if w.EscalateAny > 0 {
		if tier := branch(w, chance(c.key, workloads.DrawEscalate, n)); tier >= 0 {
			c.tier = uint8(tier)
			e.enterPlain(id, c, k, k.stages[tier].later, e.handleTime(c, k))
			return
		}
	}
	if c.arrived >= e.from {
		k.elapsed[sla.Resolve].Add(e.now - c.arrived)
		k.outcomes[model.Resolved]++
	}
	e.closed++
	e.open.fall(e.now)
	c.state, c.running = closed, 0
	e.release(id)
}

// nextPlain is next.
func (e *Engine) nextPlain(seat int32, d *desk) {
	if e.onDuty[seat>>6]>>(seat&63)&1 == 0 {
		e.tree.set(e.slots.seats+uint32(seat), never)
		e.leave(seat, d.pool)
		return
	}
	q, oldest := e.bestQueue(seat, d.pool)
	if q == none {
		e.tree.set(e.slots.seats+uint32(seat), never)
		e.rest(seat, d.pool)
		return
	}
	it := e.queues.take(q)
	if oldest < it.since {
		e.passOver(d.pool, it.since)
	}
	c := e.cases.at(it.kase)
	k := &e.accounts[c.class]
	c.waits, c.passed = 0, it.passed
	e.backlog.fall(e.now)
	e.waits.sum += e.now - it.entered
	if c.touch == 0 && !c.is(calledBack) {
		e.hangUp(it.kase, c, k)
	}
	if it.fresh {
		e.startPlain(seat, it.kase, c, k, it.since, it.work)
	} else {
		e.resume(seat, it, c, k)
	}
}

package sim

import (
	"math/bits"

	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// desk is what an agent works on.
type desk struct {
	pool  int32 // of the agent
	kase  int32 // none = nothing
	since tick  // the touch began to wait; what is left of it keeps its place by it
	began tick  // this stretch of work
	until tick  // the work is complete
}

// enter gives a fresh touch to an idle agent, or lets it wait.
func (e *Engine) enter(id int32, c *kase, k *account, work tick) {
	s := &k.stages[c.tier]
	if a := e.idleAgent(&e.groups[s.group]); a != none {
		e.start(a, id, c, k, e.now, work)
		return
	}
	if k.interrupts && !e.clearing(s.group) {
		if a := e.makeRoom(k, s.group, e.now); a != none {
			e.start(a, id, c, k, e.now, work)
			return
		}
	}
	queue := s.later
	if c.touch == 0 {
		queue = s.first
		e.holdTheLine(id, c, k)
	}
	e.wait(c, k, queue, item{since: e.now, work: work, kase: id, fresh: true})
}

// start lets the agent, who does nothing, begin a fresh touch.
func (e *Engine) start(agent, id int32, c *kase, k *account, since, work tick) {
	if since >= e.from {
		k.waits[c.tier].Add(e.now - since)
	}
	if c.touch == 0 && !k.atEnd {
		e.reach(id, c, k, sla.FirstResponse)
	}
	c.touch++
	e.work(agent, id, c, since, work)
}

// resume lets the agent, who does nothing, go on with a touch that was interrupted or handed over. At another centre it
// has to be read again.
func (e *Engine) resume(agent, id int32, c *kase, k *account, since, work tick) {
	if c.centre != e.pools[e.desks[agent].pool].centre {
		reading := e.rereading[k.severity]
		work += reading
		e.spend(id, k, metrics.HandOver, reading)
		e.spend(id, k, metrics.Work, -reading)
	}
	e.work(agent, id, c, since, work)
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

// endTouch decides how a case goes on after a touch.
func (e *Engine) endTouch(id int32, worked tick) {
	c := &e.cases.all[id]
	k := &e.accounts[c.class]
	e.spend(id, k, metrics.Work, worked)
	n := c.touch - 1
	if k.atEnd && n == 0 {
		e.reach(id, c, k, sla.FirstResponse)
	}
	w := k.stages[c.tier].work
	if w.Continue > 0 && chance(c.key, workloads.DrawContinue, n) < w.Continue {
		e.continueStage(id, c, k, w)
		return
	}
	if w.EscalateAny > 0 {
		if t := branch(w, chance(c.key, workloads.DrawEscalate, n)); t >= 0 {
			c.tier = uint8(t)
			e.follow(Escalated, id, none)
			e.enter(id, c, k, e.handleTime(c, k))
			return
		}
	}
	e.close(id, c, k, model.Resolved)
}

// chance is the n-th draw of the purpose, in [0, 1).
func chance(key rng.Key, p rng.Purpose, n uint32) float64 { return rng.Uniform(key.Bits(p, n)) }

// branch is the tier on which u falls, or -1 where the stage ends in a solution.
func branch(w *workloads.Work, u float64) int {
	for _, b := range w.Escalation {
		if u < b.Probability {
			return b.Tier
		}
		u -= b.Probability
	}
	return -1
}

// handleTime is that of the case's next touch.
func (e *Engine) handleTime(c *kase, k *account) tick {
	return milliseconds(k.stages[c.tier].work.Handle.Sample(c.key.Bits(workloads.DrawHandle, c.touch)))
}

// milliseconds rounds a drawn length. What is longer than any run is never.
func milliseconds(length float64) tick { return tick(min(length, float64(never)) + 0.5) }

// continueStage asks the customer before the next touch, or goes on with it.
func (e *Engine) continueStage(id int32, c *kase, k *account, w *workloads.Work) {
	n := c.touch - 1
	if w.Question == 0 || chance(c.key, workloads.DrawQuestion, n) >= w.Question {
		e.enter(id, c, k, e.handleTime(c, k))
		return
	}
	delay := max(1, milliseconds(w.Answer.Sample(c.key.Bits(workloads.DrawAnswer, n))))
	e.spend(id, k, metrics.Customer, delay)
	e.follow(Asked, id, none)
	e.timers.start(id*timersPerCase+lifeTimer, e.now+delay)
	e.scheduleTimers()
}

// answer brings a case back from the customer, or closes it when no answer is to come.
func (e *Engine) answer(id int32) {
	e.events++
	c := &e.cases.all[id]
	k := &e.accounts[c.class]
	w := k.stages[c.tier].work
	if w.Answered < 1 && chance(c.key, workloads.DrawAnswered, c.touch-1) >= w.Answered {
		e.close(id, c, k, model.Unanswered)
		return
	}
	e.follow(Answered, id, none)
	e.enter(id, c, k, e.handleTime(c, k))
}

// expire handles the earliest timer of a case, if one is due now.
func (e *Engine) expire() {
	id := e.timers.expire(e.now)
	e.scheduleTimers()
	switch {
	case id == none:
	case id%timersPerCase == obligationTimer:
		e.abandon(id / timersPerCase)
	default:
		e.answer(id / timersPerCase)
	}
}

func (e *Engine) scheduleTimers() {
	// A minute that has begun but was not opened yet is due now, not in the past.
	if due := max(e.timers.due(), e.now); due != e.tree.at(e.slots.timers) {
		e.tree.set(e.slots.timers, due)
	}
}

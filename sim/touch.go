package sim

import (
	"math/bits"

	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/routing"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// enter gives a fresh touch to an idle agent, or lets it wait.
func (e *Engine) enter(id int32, k *class, work tick) {
	c := &e.cases.all[id]
	s := &k.stages[c.tier]
	if a := e.idleAgent(&e.groups[s.group]); a != none {
		e.begin(a, id, e.now, work, true)
		return
	}
	if k.interrupts {
		if a := e.interruptible(k, s.group); a != none {
			e.suspend(a)
			e.begin(a, id, e.now, work, true)
			return
		}
	}
	queue := s.later
	if c.touch == 0 {
		queue = s.first
		e.holdTheLine(id, k)
	}
	e.wait(id, k, queue, item{since: e.now, work: work, kase: id, fresh: true})
}

// wait puts work in a queue.
func (e *Engine) wait(id int32, k *class, queue int32, it item) {
	c := &e.cases.all[id]
	it.entered = e.now
	it.score = e.rule.Score(routing.Waiting{Severity: int(k.severity), Since: it.since, Due: c.earliestDue()})
	c.item = e.queues.push(queue, it)
	e.backlog.rise(e.now)
}

// earliestDue is the earliest of the clocks that still run.
func (c *kase) earliestDue() tick {
	due := never
	for m := range c.due {
		if c.reached&(1<<m) == 0 {
			due = min(due, c.due[m])
		}
	}
	return due
}

// blocked reports whether a new case of the class would have to hold while the waiting room is full.
func (e *Engine) blocked(k *class, tier uint8) bool {
	if k.maxWaiting < 0 || e.waiting[k.channel] < k.maxWaiting {
		return false
	}
	return e.nearest(&e.groups[k.stages[tier].group]) == none
}

// holdTheLine starts the patience of a caller who has to wait for the first touch.
func (e *Engine) holdTheLine(id int32, k *class) {
	e.waiting[k.channel]++
	if k.patience == nil {
		return
	}
	hold := k.patience.Sample(e.cases.all[id].key.Bits(workloads.DrawPatience, 0))
	e.timers.start(id*timersPerCase+obligationTimer, e.now+max(1, milliseconds(hold)))
	e.scheduleTimers()
}

func milliseconds(length float64) tick { return tick(length + 0.5) }

func (e *Engine) scheduleTimers() { e.tree.set(e.slots.timers, e.timers.due()) }

// dequeue takes note that the item, which has left its queue, waits no longer.
func (e *Engine) dequeue(it *item) *kase {
	c := &e.cases.all[it.kase]
	c.item = none
	e.backlog.fall(e.now)
	e.waits.sum += e.now - it.entered
	if it.fresh && c.touch == 0 {
		k := &e.classes[c.class]
		e.waiting[k.channel]--
		if k.patience != nil {
			e.timers.stop(it.kase*timersPerCase + obligationTimer)
			e.scheduleTimers()
		}
	}
	return c
}

// begin lets the agent, who does nothing, start or continue a touch.
func (e *Engine) begin(agent, id int32, since, work tick, fresh bool) {
	c := &e.cases.all[id]
	p := e.poolOf[agent]
	k := &e.classes[c.class]
	centre := e.pools[p].centre
	if fresh {
		e.started(c, id, k, since)
	} else if c.centre != centre {
		work += e.rereading[k.severity]
	}
	c.centre = centre
	e.desks[agent] = desk{kase: id, since: since, began: e.now, until: e.now + work}
	e.staff[p].busy.rise(e.now)
	e.tree.set(e.slots.agents+uint32(agent), e.now+work)
	e.observe(Began, id, agent)
}

// started counts the wait of a fresh touch and the response that it may be.
func (e *Engine) started(c *kase, id int32, k *class, since tick) {
	if since >= e.start {
		e.totals.Waits[int(c.tier)*e.Shape.Severities+int(k.severity)].Add(e.now - since)
	}
	if c.touch == 0 && !k.atEnd {
		e.reach(id, sla.FirstResponse)
	}
	c.touch++
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
	p := e.leave(agent)
	if e.measuring {
		e.totals.Pools[p].Touches++
	}
	e.observe(Ended, id, agent)
	e.endTouch(id)
	e.next(agent, p)
}

// leave clears the agent's desk.
func (e *Engine) leave(agent int32) (pool int32) {
	p := e.poolOf[agent]
	e.desks[agent].kase = none
	e.staff[p].busy.fall(e.now)
	return p
}

// next finds something to do for an agent whose desk is clear.
func (e *Engine) next(agent, p int32) {
	if e.onDuty[agent>>6]>>(agent&63)&1 == 0 {
		e.staff[p].available.fall(e.now)
		e.tree.set(e.slots.agents+uint32(agent), never)
		return
	}
	if q := e.bestQueue(p); q != none {
		it := e.queues.take(q)
		e.dequeue(&it)
		e.begin(agent, it.kase, it.since, it.work, it.fresh)
		return
	}
	e.tree.set(e.slots.agents+uint32(agent), never)
	e.rest(agent, p)
}

// bestQueue is the queue, among those that the pool may serve, whose head has the smallest score.
func (e *Engine) bestQueue(p int32) int32 {
	best, bestScore := none, ^uint64(0)
	mine := e.pools[p].queues
	for w, filled := range e.queues.filled {
		for m := filled & mine[w]; m != 0; m &= m - 1 {
			q := int32(w<<6 + bits.TrailingZeros64(m))
			if s := e.queues.all[q].score; s < bestScore {
				best, bestScore = q, s
			}
		}
	}
	return best
}

// endTouch decides how a case goes on after a touch.
func (e *Engine) endTouch(id int32) {
	c := &e.cases.all[id]
	k := &e.classes[c.class]
	n := c.touch - 1
	if n == 0 && k.atEnd {
		e.reach(id, sla.FirstResponse)
	}
	w := k.stages[c.tier].work
	if w.Continue > 0 && chance(c.key, workloads.DrawContinue, n) < w.Continue {
		e.continueStage(id, c, k, w)
		return
	}
	if w.EscalateAny > 0 {
		if t := branch(w, chance(c.key, workloads.DrawEscalate, n)); t >= 0 {
			c.tier = uint8(t)
			e.enter(id, k, e.handleTime(c, k))
			return
		}
	}
	e.close(id, model.Resolved)
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

func (e *Engine) handleTime(c *kase, k *class) tick {
	return milliseconds(k.stages[c.tier].work.Handle.Sample(c.key.Bits(workloads.DrawHandle, c.touch)))
}

// continueStage asks the customer before the next touch, or goes on with it.
func (e *Engine) continueStage(id int32, c *kase, k *class, w *workloads.Work) {
	n := c.touch - 1
	if w.Question == 0 || chance(c.key, workloads.DrawQuestion, n) >= w.Question {
		e.enter(id, k, e.handleTime(c, k))
		return
	}
	delay := w.Answer.Sample(c.key.Bits(workloads.DrawAnswer, n))
	e.timers.start(id*timersPerCase+lifeTimer, e.now+max(1, milliseconds(delay)))
	e.scheduleTimers()
}

// expire handles the earliest timer of a case, if one is due now.
func (e *Engine) expire() {
	id := e.timers.expire(e.now)
	e.scheduleTimers()
	switch {
	case id == none:
		return
	case id%timersPerCase == obligationTimer:
		e.abandon(id / timersPerCase)
	default:
		e.answer(id / timersPerCase)
	}
}

// answer brings a case back from the customer, or closes it when no answer is to come.
func (e *Engine) answer(id int32) {
	e.events++
	c := &e.cases.all[id]
	k := &e.classes[c.class]
	w := k.stages[c.tier].work
	if w.Answered < 1 && chance(c.key, workloads.DrawAnswered, c.touch-1) >= w.Answered {
		e.close(id, model.Unanswered)
		return
	}
	e.enter(id, k, e.handleTime(c, k))
}

// abandon ends the case of a caller whose patience is over.
func (e *Engine) abandon(id int32) {
	e.events++
	it := e.queues.remove(e.cases.all[id].item)
	e.dequeue(&it)
	e.close(id, model.Abandoned)
}

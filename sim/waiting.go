package sim

import (
	"sunrelay/model"
	"sunrelay/sim/metrics"
	"sunrelay/sim/routing"
	"sunrelay/workloads"
)

// wait puts work in a queue of a group.
func (e *Engine) wait(c *kase, k *account, queue, group int32, it *item) {
	it.entered = e.now
	w := routing.Waiting{Severity: int(k.severity), Interrupts: k.interrupts && it.kind == Touch, Since: it.since, Due: c.earliestDue()}
	if it.kind == Managing {
		w.Severity = 0 // who asks for a manager is not sent to the end of the line
	}
	it.score = e.rule.Rank(w)
	e.followWait(it, queue, group)
	c.items[it.kind] = e.queues.push(queue, it)
	c.waits |= 1 << it.kind
	e.backlog.rise(e.now)
}

// dequeue takes note that the item, which has left its queue, waits no longer.
func (e *Engine) dequeue(it *item, c *kase, k *account) {
	c.waits &^= 1 << it.kind
	e.backlog.fall(e.now)
	e.waits.sum += e.now - it.entered
	c.passed = it.passed
	e.followLeaving(it.kase, it.kind, it.passed)
	if it.kind != Touch {
		return
	}
	e.tellWait(it, c, k)
	if e.isKept(it.queue) {
		c.kept = e.now
		if c.state == keptBack {
			c.state = inWork
			e.stopTimer(it.kase, c, lifeTimer)
		}
		return
	}
	if c.touch == 0 && !c.is(calledBack) {
		e.hangUp(it.kase, c, k)
	}
}

// hangUp frees the caller's place in the waiting room.
func (e *Engine) hangUp(id int32, c *kase, k *account) {
	e.waiting[k.channel]--
	if k.patience == nil {
		return
	}
	e.stopTimer(id, c, sideTimer)
}

// blocked reports whether a new case would have to hold while the waiting room of its channel is full.
func (e *Engine) blocked(k *account, tier uint8) bool {
	if e.waiting[k.channel] < k.maxWaiting {
		return false
	}
	group := k.stages[tier].group
	g := &e.groups[group]
	return e.nearest(g) == none && !(k.callsIn && e.calledSeat(g) != none) && !(k.interrupts && e.interruptible(k, group) != none)
}

// holdTheLine starts the patience of a caller who has to wait for the first touch.
func (e *Engine) holdTheLine(id int32, c *kase, k *account) {
	e.waiting[k.channel]++
	if k.patience == nil {
		return
	}
	hold := k.patience.Sample(c.key.Bits(workloads.DrawPatience, 0))
	e.expect(id, c, sideTimer, e.now+max(1, milliseconds(hold)))
}

// interject is called when the patience of a caller is over, or when the customer of a case asks for a manager.
func (e *Engine) interject(id int32) {
	e.events++
	c := e.cases.at(id)
	k := &e.accounts[c.class]
	if c.is(managed) || c.touch > 0 {
		e.requestManager(id, c, k)
		return
	}
	if k.callback > 0 && chance(c.key, workloads.DrawCallback, 0) < k.callback {
		e.count(k, metrics.Callbacks)
		e.hangUp(id, c, k)
		c.flags |= calledBack
		e.follow(CallbackAsked, id, none)
		return
	}
	e.drop(c, k, Touch)
	e.close(id, c, k, model.Abandoned)
}

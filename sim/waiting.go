package sim

import (
	"sunrelay/model"
	"sunrelay/sim/routing"
	"sunrelay/workloads"
)

// wait puts work in a queue.
func (e *Engine) wait(c *kase, k *account, queue int32, it item) {
	it.entered = e.now
	it.score = e.rule.Rank(routing.Waiting{
		Severity: int(k.severity), Interrupts: k.interrupts, Since: it.since, Due: c.earliestDue(),
	})
	e.followWait(it.kase, k.stages[c.tier].group, it.score)
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

// dequeue takes note that the item, which has left its queue, waits no longer.
func (e *Engine) dequeue(it *item, c *kase, k *account) {
	c.item = none
	e.backlog.fall(e.now)
	e.waits.sum += e.now - it.entered
	e.tellWait(it, c, k)
	e.followLeaving(it.kase, it.passed)
	if c.touch > 0 {
		return
	}
	c.passed = it.passed
	e.waiting[k.channel]--
	if k.patience != nil {
		e.timers.stop(it.kase*timersPerCase + obligationTimer)
		e.scheduleTimers()
	}
}

// blocked reports whether a new case would have to hold while the waiting room of its channel is full.
func (e *Engine) blocked(k *account, tier uint8) bool {
	if e.waiting[k.channel] < k.maxWaiting {
		return false
	}
	group := k.stages[tier].group
	return e.nearest(&e.groups[group]) == none && !(k.interrupts && e.interruptible(k, group) != none)
}

// holdTheLine starts the patience of a caller who has to wait for the first touch.
func (e *Engine) holdTheLine(id int32, c *kase, k *account) {
	e.waiting[k.channel]++
	if k.patience == nil {
		return
	}
	hold := k.patience.Sample(c.key.Bits(workloads.DrawPatience, 0))
	e.timers.start(id*timersPerCase+obligationTimer, e.now+max(1, milliseconds(hold)))
	e.scheduleTimers()
}

// abandon ends the case of a caller whose patience is over.
func (e *Engine) abandon(id int32) {
	e.events++
	c := &e.cases.all[id]
	k := &e.accounts[c.class]
	it := e.queues.remove(c.item)
	e.dequeue(&it, c, k)
	e.close(id, c, k, model.Abandoned)
}

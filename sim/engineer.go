package sim

import (
	"sunrelay/model/sla"
	"sunrelay/workloads"
)

// Work that the plan keeps for one engineer waits in a queue of its own for that agent. The lines of these queues come after
// those of the groups, in whole words of bit sets, so that the scan for the best work of a pool never meets them.

// offerEngineer gives a touch to the engineer of the case, if he is idle, or lets it wait for him while he is busy. It
// reports false where anybody may take it: the case has no engineer, he may not do this, or he is off duty or was only
// called in.
func (e *Engine) offerEngineer(it *item, c *kase, k *account) bool {
	a := e.engineerOf(c, k)
	if a == none || e.onDuty[a>>6]>>(a&63)&1 == 0 || !e.groups[k.stages[c.tier].group].has(e.desks[a].pool) {
		return false
	}
	if e.calledIn && e.isCalled(a) {
		return false
	}
	if e.idle[a>>6]>>(a&63)&1 == 1 {
		e.begin(e.takeSeat(a), it, c, k)
		return true
	}
	if k.engineerWait == 0 {
		return false
	}
	c.state = keptBack
	e.expectLife(it.kase, c, e.now+k.engineerWait)
	e.wait(c, k, e.keptQueue(a), k.stages[c.tier].group, it)
	return true
}

// engineerOf is the agent for whom the touches of the case are kept, or none.
func (e *Engine) engineerOf(c *kase, k *account) int32 {
	if k.affinity == sla.LastEngineer {
		return c.engineer
	}
	g := &e.groups[e.accounts[c.first].stages[c.entry].group]
	agents := int32(0)
	for _, p := range g.pools {
		agents += e.pools[p].hi - e.pools[p].lo
	}
	if agents == 0 {
		return none
	}
	n := jump(c.key.Bits(workloads.DrawEngineer, 0), agents)
	for _, p := range g.pools {
		if size := e.pools[p].hi - e.pools[p].lo; n < size {
			return e.pools[p].lo + n
		} else {
			n -= size
		}
	}
	return none
}

// jump is the bucket of a key among n, such that one bucket more moves as few keys as possible (Lamping and Veach, "A
// fast, minimal memory, consistent hash algorithm", 2014, figure 1).
func jump(key uint64, n int32) int32 {
	bucket, next := int64(-1), int64(0)
	for next < int64(n) {
		bucket = next
		key = key*2862933555777941757 + 1
		next = int64(float64(bucket+1) * (float64(1<<31) / float64(key>>33+1)))
	}
	return int32(bucket)
}

// keptQueue is the queue of the work that is kept for an agent.
func (e *Engine) keptQueue(a int32) int32 { return e.firstKept + a }

// keptLine is the line of that queue.
func (e *Engine) keptLine(a int32) int32 { return int32(wholeWords(len(e.lines))) + a }

// isKept reports whether the queue is that of one agent.
func (e *Engine) isKept(queue int32) bool { return queue >= e.firstKept }

// giveUpEngineer lets anybody take the touch that has waited for one engineer long enough.
func (e *Engine) giveUpEngineer(id int32, c *kase, k *account) {
	it := *e.queues.remove(c.items[Touch]) // a copy, since others may come to wait before it begins
	e.dequeue(&it, c, k)
	c.state = inWork
	e.offer(&it, c, k, int(c.tier))
}

// giveUpKept lets anybody take the work that is kept for an agent who goes off duty.
func (e *Engine) giveUpKept(a int32) {
	if !e.keeps {
		return
	}
	for e.queues.hasWork(e.keptLine(a)) {
		id := e.queues.items[e.queues.first(e.keptQueue(a))].kase
		c := e.cases.at(id)
		e.stopTimer(id, c, lifeTimer)
		e.giveUpEngineer(id, c, &e.accounts[c.class])
	}
}

package sim

import (
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
)

// Work is what an agent does with a case.
type Work uint8

// The kinds of work. A case has at most one piece of each at a time.
const (
	Touch    Work   = iota // works on the solution
	Update                 // tells the customer how the case stands
	Attempt                // tries to reach a customer who does not answer
	Managing               // gets in touch as a manager
	Works    = iota        // how many kinds there are
)

var workNames = [Works]string{"touch", "update", "attempt", "manager_contact"}

// String is the kind's name in output.
func (w Work) String() string { return workNames[w] }

// contact asks for work beside touches, at a tier.
func (e *Engine) contact(id int32, c *kase, k *account, kind Work, tier int) {
	it := item{since: e.now, kase: id, kind: kind, fresh: true, work: e.contactTime(c, k, kind, tier)}
	e.offer(&it, c, k, tier)
}

// contactTime is how long such work takes. Its draw does not depend on what was asked for in vain: updates are numbered
// from the last touch on, attempts from the question on.
func (e *Engine) contactTime(c *kase, k *account, kind Work, tier int) tick {
	update := k.stages[tier].work.Update
	switch kind {
	case Managing:
		way := &e.Workload.Management[e.wayOf(c)]
		return milliseconds(way.Handle.Sample(c.key.Bits(workloads.DrawManaging, 0)))
	case Attempt:
		return milliseconds(update.Sample(c.key.Bits(workloads.DrawAttempt, workloads.ContactNumber(c.touch, uint32(c.attempts)))))
	}
	return milliseconds(update.Sample(c.key.Bits(workloads.DrawUpdate, workloads.ContactNumber(c.touch, uint32(c.updates)))))
}

// endContact is called when such work is done.
func (e *Engine) endContact(id int32, c *kase, k *account, kind Work) {
	switch kind {
	case Update:
		e.count(k, metrics.Updates)
		e.happen(sla.Replied, id, c, k)
	case Attempt:
		e.count(k, metrics.Attempts)
	case Managing:
		e.count(k, metrics.ManagerContacts)
		if c.running.Has(sla.ManagerContact) {
			e.stopClock(id, c, k, sla.ManagerContact)
		}
		e.happen(sla.Replied, id, c, k)
	}
	e.happen(sla.Contacted, id, c, k)
	if kind == Update {
		c.updates++
	}
}

// expectUpdate notes that an update is to be made for a case. The timer of the work for it is set when the event is over, or
// before the case goes to another tier: most clocks of updates stop at the very moment at which they start, since a touch
// begins.
func (e *Engine) expectUpdate(id int32) {
	if e.owed != none {
		e.setUpdateTimer()
	}
	e.owed = id
}

// setUpdateTimer sets the timer of the update that was expected last.
func (e *Engine) setUpdateTimer() {
	id := e.owed
	e.owed = none
	c := e.cases.at(id)
	g := &e.groups[e.accounts[c.class].stages[c.agentTier()].group]
	if at := e.updateFrom(&c.clocks[clockOf[sla.Update]], g); at < e.end {
		e.expect(id, c, updateTimer, max(at, e.now+1))
	}
}

// updateFrom is when work of the group for an update is asked for: when the share of the time to its due is left that
// routing says, or before the last agents leave who could still make it.
func (m *Model) updateFrom(clk *clock, g *group) tick {
	at := clk.due - tick(float64(clk.due-clk.from)*m.updateLead)
	if at < m.end && g.duty.next(at) > clk.due {
		if last := g.duty.end(at) - lastCall; last > clk.from {
			at = min(at, last)
		}
	}
	return at
}

// lastCall is how long before the end of duty an update is asked for that cannot wait for the next.
const lastCall = tick(calendar.Hour)

// agentTier is the tier whose agents the case belongs to, also while an external party has it.
func (c *kase) agentTier() uint8 {
	if c.state == onOrder || c.state == onItsWay {
		return c.sender
	}
	return c.tier
}

// forgetUpdate takes back that an update is to be made.
func (e *Engine) forgetUpdate(id int32, c *kase, k *account) {
	if e.owed == id {
		e.owed = none
	}
	e.stopTimer(id, c, updateTimer)
	if c.waiting(Update) != none {
		e.drop(c, k, Update)
	}
}

// owe asks for the update that will be due.
func (e *Engine) owe(id int32) {
	e.events++
	c := e.cases.at(id)
	k := &e.accounts[c.class]
	if !c.has(Update) {
		e.contact(id, c, k, Update, int(c.agentTier()))
	}
}

// takeTurn asks for an update where the plan promises one whenever the case takes a turn.
func (e *Engine) takeTurn(id int32, c *kase, k *account) {
	if k.onChange && !c.has(Update) {
		e.contact(id, c, k, Update, int(c.agentTier()))
	}
}

// wayOf is the way in which the customer of the case asks for a manager, or none.
func (e *Engine) wayOf(c *kase) int32 {
	u := chance(c.key, workloads.DrawManager, 0)
	for i := range e.Workload.Management {
		if share := e.Workload.Management[i].Share; u < share {
			return int32(i)
		} else {
			u -= share
		}
	}
	return none
}

// expectManagerRequest sets the side timer of a case whose customer will ask for a manager.
func (e *Engine) expectManagerRequest(id int32, c *kase) {
	way := e.wayOf(c)
	if way == none || c.is(managed) {
		return
	}
	c.flags |= managed
	after := milliseconds(e.Workload.Management[way].After.Sample(c.key.Bits(workloads.DrawManagerAt, 0)))
	e.expect(id, c, sideTimer, max(e.now+1, c.arrived+after))
}

// requestManager is called when the customer asks for a manager.
func (e *Engine) requestManager(id int32, c *kase, k *account) {
	way := e.wayOf(c)
	e.followWay(id, way)
	e.startClock(id, c, k, sla.ManagerContact, k.ways[way])
	e.contact(id, c, k, Managing, e.managingTier(c))
}

// managingTier is the tier that makes the manager's contact of the case.
func (e *Engine) managingTier(c *kase) int {
	if tier := e.Workload.Management[e.wayOf(c)].Tier; tier >= 0 {
		return tier
	}
	return int(c.agentTier())
}

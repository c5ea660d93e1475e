package sim

import (
	"math"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// What happens to a case between touches, without an agent. Each wait ends with the life timer of the case.

// expectLife sets the life timer; what lies behind the end of the run is not awaited.
func (e *Engine) expectLife(id int32, c *kase, at tick) { e.expect(id, c, lifeTimer, at) }

// live goes on with a case whose life timer has expired.
func (e *Engine) live(id int32) {
	e.events++
	c := e.cases.at(id)
	k := &e.accounts[c.class]
	switch c.state {
	case withCustomer:
		e.answer(id, c, k)
	case onOrder:
		e.deliver(id, c, k)
	case onItsWay:
		e.install(id, c, k)
	case linked:
		c.state = inWork
		e.spend(id, k, metrics.Outside, e.now-c.asked)
		e.close(id, c, k, model.Resolved)
	case keptBack:
		e.giveUpEngineer(id, c, k)
	case dormant:
		e.comeBack(id, c, k)
	}
}

// ask puts a question to the customer and waits for the answer. A customer who never answers is asked again on the days
// that the plan says, and then the case is closed; where the plan has no further attempts, after the time in which others
// answer.
func (e *Engine) ask(id int32, c *kase, k *account, w *workloads.Work) {
	n := c.touch - 1
	e.count(k, metrics.Questions)
	e.pauseClocks(id, c, k)
	c.state, c.attempts = withCustomer, 1
	answers := w.Answered == 1 || chance(c.key, workloads.DrawAnswered, n) < w.Answered
	c.comes = never
	if answers || k.attempts == 1 {
		c.comes = max(e.now+1, e.delayed(&w.Answer, k, c.key.Bits(workloads.DrawAnswer, n)))
	}
	e.follow(Asked, id, none)
	e.awaitAnswer(id, c, k)
}

// awaitAnswer sets the life timer to the answer or the next attempt, whichever is earlier.
func (e *Engine) awaitAnswer(id int32, c *kase, k *account) {
	at := c.comes
	if k.attempts > 1 {
		at = min(at, max(e.now+1, e.nextAttempt(k.attemptEvery)))
	}
	e.expectLife(id, c, at)
}

// nextAttempt is when the contact after one that is made now is due. One at the very end of a business day, when those of
// so many business days are due, belongs to that day.
func (e *Engine) nextAttempt(p *calendar.Policy) tick {
	from := e.now
	if !isLength(p) && e.counted(p, from-1, from) > 0 && e.counted(p, from, from+1) == 0 {
		from--
	}
	return e.dueFrom(p, from)
}

// dueOf is when a target that counts from now is due, or never.
func (e *Engine) dueOf(p *calendar.Policy) tick { return e.dueFrom(p, e.now) }

// dueFrom is when a target that counts from an instant is due, or never.
func (e *Engine) dueFrom(p *calendar.Policy, from tick) tick {
	if due, ok := p.Due(e.instant(from)); ok {
		return min(e.tick(due), never)
	}
	return never
}

// answer brings a case back from the customer, makes the next contact attempt, or closes the case when there is none left
// or no answer is to come.
func (e *Engine) answer(id int32, c *kase, k *account) {
	w := k.stages[c.tier].work
	switch {
	case e.now < c.comes && int(c.attempts) < k.attempts:
		c.attempts++
		if !c.has(Attempt) {
			e.contact(id, c, k, Attempt, int(c.tier))
		}
		e.awaitAnswer(id, c, k)
	case e.now < c.comes, w.Answered < 1 && k.attempts == 1 && chance(c.key, workloads.DrawAnswered, c.touch-1) >= w.Answered:
		if k.attempts == 1 {
			c.comes = never
		}
		e.spend(id, k, metrics.Customer, e.now-c.asked)
		e.close(id, c, k, model.Unanswered)
	default:
		e.goOn(id, c, k)
		e.follow(Answered, id, none)
		e.happen(sla.CustomerContact, id, c, k)
		e.enter(id, c, k, e.handleTime(c, k))
	}
}

// goOn ends the time with the customer.
func (e *Engine) goOn(id int32, c *kase, k *account) {
	e.spend(id, k, metrics.Customer, e.now-c.asked)
	if c.waiting(Attempt) != none {
		e.drop(c, k, Attempt)
	}
	if c.paused != 0 {
		e.resumeClocks(id, c, k)
	}
	c.state, c.comes = inWork, never
}

// delayed is when a drawn delay that begins now is over.
func (e *Engine) delayed(d *workloads.Delay, k *account, bits uint64) tick {
	return e.tick(d.End(e.instant(e.now), int(k.region), bits))
}

// order asks the external party of the case's tier.
func (e *Engine) order(id int32, c *kase, k *account) {
	p := k.stages[c.tier].work.Party
	e.count(k, metrics.Orders)
	c.state, c.asked = onOrder, e.now
	if m := p.Milestone; m < sla.Milestones {
		e.startClock(id, c, k, m, k.parties[m][c.tier])
	}
	e.follow(Ordered, id, none)
	ready := p.Turnaround.End(e.instant(e.now), int(k.region), c.key.Bits(workloads.DrawTurnaround, uint32(c.orders)))
	e.expectLife(id, c, max(e.now+1, e.tick(p.Releases.Next(ready))))
}

// deliver is called when an external party sends what was ordered.
func (e *Engine) deliver(id int32, c *kase, k *account) {
	p := k.stages[c.tier].work.Party
	if m := p.Milestone; m < sla.Milestones && c.running.Has(m) {
		e.stopClock(id, c, k, m)
	}
	e.follow(Delivered, id, none)
	if p.Delivery == nil {
		e.install(id, c, k)
		return
	}
	c.state = onItsWay
	e.expectLife(id, c, e.now+max(1, milliseconds(p.Delivery.Sample(c.key.Bits(workloads.DrawDelivery, uint32(c.orders))))))
}

// install is called when what was ordered has arrived: it works, and the tier that ordered it goes on, or it is ordered
// again.
func (e *Engine) install(id int32, c *kase, k *account) {
	p := k.stages[c.tier].work.Party
	e.spend(id, k, metrics.Outside, e.now-c.asked)
	n := uint32(c.orders)
	c.orders++
	e.sendBack(id, c, k, p, n)
	if p.Fails > 0 && chance(c.key, workloads.DrawFails, n) < p.Fails {
		e.count(k, metrics.Failures)
		e.order(id, c, k)
		return
	}
	c.state, c.tier = inWork, c.sender
	e.follow(Installed, id, none)
	e.takeTurn(id, c, k)
	e.enter(id, c, k, e.handleTime(c, k))
}

// sendBack decides the clock of the defective part: when the customer will have sent it back is known now.
func (e *Engine) sendBack(id int32, c *kase, k *account, p *workloads.Party, n uint32) {
	if p.SendBack.Length == nil {
		return
	}
	back := e.delayed(&p.SendBack, k, c.key.Bits(workloads.DrawSendBack, n))
	if e.measuring {
		k.elapsed[sla.RMAReturn].Add(back - e.now)
	}
	policy := k.parties[sla.RMAReturn][c.tier]
	if policy == nil {
		return
	}
	due := e.dueOf(policy)
	if e.follower != nil {
		e.tellReturn(id, back, due)
	}
	if !e.measuring {
		return
	}
	counts := k.counts[sla.RMAReturn]
	counts.Started++
	switch {
	case due >= e.end:
		counts.Undecided++
	case back <= due:
		counts.Decide(e.week, e.hour, true)
	default:
		counts.Decide(e.week, e.hour, false)
		e.totals.Causes[sla.RMAReturn][k.row][metrics.Customer]++
	}
}

// link lets a case wait for the end of the outage that it belongs to, or ends it with an outage that is over.
func (e *Engine) link(id int32, c *kase, k *account) {
	if c.comes <= e.now {
		e.close(id, c, k, model.Resolved)
		return
	}
	e.happen(sla.Contacted, id, c, k)
	c.state, c.asked = linked, e.now
	e.follow(Linked, id, none)
	e.expectLife(id, c, c.comes)
}

var drawIssue = rng.Of("issue")

// countIssues finds at the end of the first touch how many further issues a case has: they become cases of their own, or
// are solved one after the other.
func (e *Engine) countIssues(id int32, c *kase, k *account, w *workloads.Work) {
	c.flags |= counted
	u := rng.UniformPositive(c.key.Bits(workloads.DrawIssues, 0))
	further := int(min(math.Log(u)/math.Log(w.AnotherIssue), mostIssues))
	if !k.splits {
		c.issues = uint16(further)
		return
	}
	key, class, tier := c.key, c.class, c.tier
	for i := range further {
		e.count(k, metrics.SplitOff)
		other := rng.Key(key.Bits(drawIssue, uint32(i)))
		e.followOther(SplitOff, id, other)
		split := e.derived(other, class, tier)
		e.cases.at(split).flags |= counted
	}
}

// mostIssues keeps a case with an absurd draw finite.
const mostIssues = 1000

// comesBack reports whether the customer of a case that ends will come back, and expects that: to a solution that did not
// last, or with an answer after all attempts.
func (e *Engine) comesBack(id int32, c *kase, k *account, as model.Outcome) bool {
	switch as {
	case model.Unanswered:
	case model.Resolved:
		w := k.stages[c.tier].work
		c.comes = never
		n := c.touch - 1
		if w.Reopen > 0 && chance(c.key, workloads.DrawReopen, n) < w.Reopen {
			c.comes = e.now + max(1, milliseconds(w.ReopenAfter.Sample(c.key.Bits(workloads.DrawReopenWait, n))))
		}
	default:
		return false
	}
	if c.comes >= e.end {
		return false
	}
	e.expectLife(id, c, c.comes)
	return true
}

var drawReturn = rng.Of("return")

// comeBack reopens a closed case, or opens a new one like it was at first where that was too long ago.
func (e *Engine) comeBack(id int32, c *kase, k *account) {
	if e.now-c.asked > k.reopenWithin {
		e.count(k, metrics.CameBackLate)
		key, class, tier := rng.Key(c.key.Bits(drawReturn, c.touch)), c.first, c.entry
		e.followOther(CameBackLate, id, key)
		c.state = closed
		if c.atWork == 0 {
			e.release(id)
		}
		e.derived(key, class, tier)
		return
	}
	e.count(k, metrics.Reopened)
	e.closed--
	e.open.rise(e.now)
	if c.arrived >= e.from {
		k.outcomes[c.outcome]--
	}
	c.state, c.comes = inWork, never
	e.spend(id, k, metrics.Customer, e.now-c.asked)
	e.observe(Reopened, id, none)
	e.happen(sla.CustomerContact, id, c, k)
	e.enter(id, c, k, e.handleTime(c, k))
}

package sim

import (
	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// enter gives a fresh touch to an idle agent, or lets it wait: for the one engineer whom the plan keeps it for, or for
// anybody who may work it.
func (e *Engine) enter(id int32, c *kase, k *account, needed tick) {
	it := e.freshTouch(id, needed)
	if k.affinity != sla.Anybody && e.offerEngineer(&it, c, k) {
		return
	}
	e.offer(&it, c, k, int(c.tier))
}

// freshTouch is a touch that begins to wait now.
func (e *Engine) freshTouch(id int32, needed tick) item {
	return item{since: e.now, work: needed, kase: id, kind: Touch, fresh: true}
}

// offer gives work at a tier to an idle agent, or to one whom it may interrupt, or lets it wait.
func (e *Engine) offer(it *item, c *kase, k *account, tier int) {
	s := &k.stages[tier]
	if seat := e.seatFor(k, s.group); seat != none {
		e.begin(seat, it, c, k)
		return
	}
	e.offerBusy(it, c, k, s)
}

// offerBusy gives work to an agent whom it may interrupt, or lets it wait, since nobody is idle.
func (e *Engine) offerBusy(it *item, c *kase, k *account, s *stage) {
	if k.interrupts && it.kind == Touch && !e.clearing(s.group) {
		if seat := e.makeRoom(k, s.group, it.since); seat != none {
			e.begin(seat, it, c, k)
			return
		}
	}
	queue := s.later
	if it.kind == Touch && c.touch == 0 {
		queue = s.first
		if !c.is(calledBack) {
			e.holdTheLine(it.kase, c, k)
		}
	}
	e.callFor(it, k, s.group)
	e.wait(c, k, queue, s.group, it)
}

// begin lets an agent, who has a free seat, take work up.
func (e *Engine) begin(seat int32, it *item, c *kase, k *account) {
	switch {
	case it.kind != Touch:
		e.seat(seat, it, c, it.work)
	case it.fresh:
		e.start(seat, it, c, k)
	default:
		e.resume(seat, it, c, k)
	}
}

// start begins a fresh touch.
func (e *Engine) start(seat int32, it *item, c *kase, k *account) {
	if it.since >= e.from {
		k.waits[c.tier].Add(e.now - it.since)
	}
	if !k.atEnd {
		e.happen(sla.Replied, it.kase, c, k)
	}
	if c.touch == 0 && k.managed && k.patience != nil {
		e.expectManagerRequest(it.kase, c)
	}
	if c.waiting(Update) != none {
		e.drop(c, k, Update)
	}
	c.touch++
	c.updates = 0
	c.began = e.now
	e.seat(seat, it, c, it.work)
}

// resume goes on with a touch that was interrupted or handed over. At another centre it has to be read again.
func (e *Engine) resume(seat int32, it *item, c *kase, k *account) {
	work := it.work
	if c.centre != e.pools[e.desks[seat].pool].centre {
		reading := e.rereading[k.severity]
		work += reading
		e.spend(it.kase, k, metrics.HandOver, reading)
		e.spend(it.kase, k, metrics.Work, -reading)
	}
	e.seat(seat, it, c, work)
}

// endWork decides how a case goes on after a piece of work.
func (e *Engine) endWork(id int32, c *kase, k *account, kind Work, worked tick) {
	switch {
	case c.state == closed:
		if c.atWork == 0 {
			e.release(id)
		}
	case c.state == dormant:
	case kind == Touch:
		e.spend(id, k, metrics.Work, worked)
		e.endTouch(id, c, k)
	default:
		e.endContact(id, c, k, kind)
	}
}

// endTouch decides how a case goes on after a touch.
func (e *Engine) endTouch(id int32, c *kase, k *account) {
	if k.atEnd {
		e.happen(sla.Replied, id, c, k)
	}
	n := c.touch - 1
	w := k.stages[c.tier].work
	if w.AnotherIssue > 0 && !c.is(counted) {
		e.countIssues(id, c, k, w)
	}
	if c.comes < never { // the end of an outage
		e.link(id, c, k)
		return
	}
	last := w.Continue == 0 || chance(c.key, workloads.DrawContinue, n) >= w.Continue
	if !last {
		k = e.develop(id, c, k, w)
		w = k.stages[c.tier].work
	}
	next := -1
	if last && w.EscalateAny > 0 {
		next = branch(w, chance(c.key, workloads.DrawEscalate, n))
	}
	if last && next < 0 && c.issues == 0 {
		e.close(id, c, k, model.Resolved)
		return
	}
	switch {
	case !last:
		e.continueStage(id, c, k, w)
	case next >= 0:
		e.happen(sla.Contacted, id, c, k)
		e.escalate(id, c, k, next)
	default:
		c.issues--
		e.touchAgain(id, c, k)
	}
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

// develop is what a touch before the last may change: service is back by a workaround, and severity is agreed anew. It
// returns the account of the case after it.
func (e *Engine) develop(id int32, c *kase, k *account, w *workloads.Work) *account {
	n := c.touch - 1
	if w.Restored > 0 && !c.is(restored) && chance(c.key, workloads.DrawRestored, n) < w.Restored {
		c.flags |= restored
		e.count(k, metrics.Workarounds)
		e.follow(Restored, id, none)
		e.happen(sla.Restored, id, c, k)
	}
	if w.Lowered == 0 && w.Raised == 0 {
		return k
	}
	switch u := chance(c.key, workloads.DrawSeverity, n); {
	case u < w.Lowered && k.lower != none:
		return e.changeSeverity(id, c, k, k.lower, metrics.Lowered)
	case u >= 1-w.Raised && k.higher != none:
		return e.changeSeverity(id, c, k, k.higher, metrics.Raised)
	}
	return k
}

// changeSeverity puts the case into another class.
func (e *Engine) changeSeverity(id int32, c *kase, k *account, class int32, what metrics.Count) *account {
	to := &e.accounts[class]
	e.count(k, what)
	e.breakLate(id, c, k)
	c.class = class
	e.follow(SeverityChanged, id, none)
	e.changeClocks(id, c, k, to)
	e.takeTurn(id, c, to)
	return to
}

// continueStage asks the customer before the next touch, or goes on with it.
func (e *Engine) continueStage(id int32, c *kase, k *account, w *workloads.Work) {
	n := c.touch - 1
	if w.Question == 0 || chance(c.key, workloads.DrawQuestion, n) >= w.Question {
		e.touchAgain(id, c, k)
		return
	}
	e.happen(sla.Contacted, id, c, k)
	e.ask(id, c, k, w)
}

// touchAgain follows a touch by another one. Where that begins at once the end of the one and the beginning of the other
// move no clock: the next update would be owed from now on and is made now, which is neither told nor counted.
func (e *Engine) touchAgain(id int32, c *kase, k *account) {
	needed := e.handleTime(c, k)
	if k.affinity != sla.Anybody || k.atEnd || c.running.Has(sla.Update) || e.isHeard(Started) || e.isHeard(Voided) {
		e.happen(sla.Contacted, id, c, k)
		e.enter(id, c, k, needed)
		return
	}
	it := e.freshTouch(id, needed)
	s := &k.stages[c.tier]
	if seat := e.seatFor(k, s.group); seat != none {
		e.start(seat, &it, c, k)
		return
	}
	e.happen(sla.Contacted, id, c, k)
	e.offerBusy(&it, c, k, s)
}

// escalate passes the case on to another tier, or to an external party.
func (e *Engine) escalate(id int32, c *kase, k *account, tier int) {
	if e.owed != none {
		e.setUpdateTimer()
	}
	isParty := k.stages[tier].work.Party != nil
	if isParty {
		c.sender, c.state = c.tier, onOrder
	}
	c.tier = uint8(tier)
	e.follow(Escalated, id, none)
	e.takeTurn(id, c, k)
	if isParty {
		e.order(id, c, k)
		return
	}
	e.enter(id, c, k, e.handleTime(c, k))
}

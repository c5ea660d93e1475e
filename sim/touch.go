package sim

import (
	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

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
	delay := max(1, milliseconds(w.Answer.Length.Sample(c.key.Bits(workloads.DrawAnswer, n))))
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

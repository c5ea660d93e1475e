package sim

import (
	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// kase is the record of an open case. What it will ask and answer follows from its key.
type kase struct {
	key     rng.Key
	arrived tick
	due     [sla.Milestones]tick // never = no target
	passed  tick                 // of the item that waited for the first touch
	class   int32
	item    int32 // that waits, or none
	touch   uint32
	centre  int32 // where it was worked last
	week    int16 // of its arrival
	tier    uint8
	hour    uint8 // of the week of its arrival
	reached uint8 // bit set of milestones
	live    bool
}

// arena holds the records of open cases; closed ones are used again, so that memory follows the number of open cases.
type arena struct {
	all     []kase
	stories []story // by record
	free    []int32
}

func (a *arena) reset() { a.all, a.stories, a.free = a.all[:0], a.stories[:0], a.free[:0] }

// newCase is the index of an unused record; the caller fills it. Pointers to records are void after it.
func (e *Engine) newCase() int32 {
	free := e.cases.free
	last := len(free) - 1
	if last < 0 {
		return e.growCases()
	}
	e.cases.free = free[:last]
	return free[last]
}

func (e *Engine) growCases() int32 {
	e.cases.all = append(e.cases.all, kase{})
	e.cases.stories = append(e.cases.stories, story{})
	e.timers.grow(len(e.cases.all))
	return int32(len(e.cases.all) - 1)
}

// admit makes a record of a case and lets it enter its first tier.
func (e *Engine) admit(arrival *workloads.Case, k *account, tier uint8) {
	e.events++
	e.totals.Arrived++
	e.open.rise(e.now)
	id := e.newCase()
	c := &e.cases.all[id]
	c.key, c.arrived, c.class, c.tier, c.touch = arrival.Key, e.now, arrival.Class, tier, 0
	c.hour, c.week, c.reached, c.live = uint8(e.hour), int16(e.week), 0, true
	c.item, c.centre, c.passed = none, none, 0
	if k.told {
		e.cases.stories[id] = story{}
	}
	for m := range k.clocks {
		c.due[m] = e.startClock(&k.clocks[m], arrival.At)
	}
	e.observe(Arrived, id, none)
	if k.maxWaiting >= 0 && e.blocked(k, tier) {
		e.close(id, c, k, model.Blocked)
		return
	}
	e.enter(id, c, k, tick(arrival.Work))
}

// startClock is the instant at which a clock that starts now runs out, or never: without target, or past the horizon,
// which lies behind the end of the run.
func (e *Engine) startClock(k *clock, at calendar.Instant) tick {
	if k.policy == nil {
		return never
	}
	if e.measuring {
		k.counts.Started++
	}
	due, ok := k.policy.Due(at)
	if !ok {
		return never
	}
	return min(e.tick(due), never)
}

// reach marks a milestone as reached now and decides its clock.
func (e *Engine) reach(id int32, c *kase, k *account, m sla.Milestone) {
	c.reached |= 1 << m
	e.followClock(Reached, id, m, 0)
	if c.arrived < e.from {
		return
	}
	k.elapsed[m].Add(e.now - c.arrived)
	if k.clocks[m].policy != nil {
		e.decide(id, c, k, m, e.now <= c.due[m])
	}
}

// decide counts a clock that ended met or breached. One whose due lies beyond the end of the run stays undecided, even if
// it was met: else the early ones would count and the late ones not.
func (e *Engine) decide(id int32, c *kase, k *account, m sla.Milestone, met bool) {
	counts := k.clocks[m].counts
	if c.due[m] >= e.end {
		counts.Undecided++
		e.followClock(Undecided, id, m, 0)
		return
	}
	counts.Decide(int(c.week), int(c.hour), met)
	if met {
		e.followClock(Met, id, m, 0)
	} else {
		e.breach(id, c, k, m)
	}
}

// cancel ends the clocks that still run because the customer ended the case. After its due a clock is breached, before it
// is neither met nor breached.
func (e *Engine) cancel(id int32, c *kase, k *account) {
	for m := range sla.Milestone(sla.Milestones) {
		switch {
		case c.reached&(1<<m) != 0 || k.clocks[m].policy == nil:
		case e.now > c.due[m]:
			e.decide(id, c, k, m, false)
		default:
			k.clocks[m].counts.Cancelled++
			e.followClock(Cancelled, id, m, 0)
		}
	}
}

// close ends a case for good.
func (e *Engine) close(id int32, c *kase, k *account, as model.Outcome) {
	if as == model.Resolved {
		e.reach(id, c, k, sla.Resolve)
	} else if c.arrived >= e.from {
		e.cancel(id, c, k)
	}
	if c.arrived >= e.from {
		k.outcomes[as]++
	}
	e.observeEnd(id, as)
	e.closed++
	e.open.fall(e.now)
	c.live = false
	e.cases.free = append(e.cases.free, id)
}

package sim

import (
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// story is what made a case slow, told while it happens: the time that it spent in each way, and which can make a clock
// late. Only classes that are told have one: those with a clock that runs past the beginning of the first touch.
type story [metrics.Causes]tick

// tellWait adds the wait that ends now to the story of the case. The time in which nobody was scheduled is for want of
// coverage.
func (e *Engine) tellWait(it *item, c *kase, k *account) {
	if !k.told {
		return
	}
	s := &e.cases.stories[it.kase]
	covered := e.groups[k.stages[c.tier].group].duty.time(it.entered, e.now)
	s[metrics.Coverage] += e.now - it.entered - covered
	switch {
	case !it.fresh:
		s[metrics.HandOver] += covered
	case it.passed != 0:
		s[metrics.Rank] += covered
	default:
		s[metrics.Capacity] += covered
	}
}

// spend adds time spent in one way.
func (e *Engine) spend(id int32, k *account, cause metrics.Cause, spent tick) {
	if k.told {
		e.cases.stories[id][cause] += spent
	}
}

// breach counts a clock that is broken, and why.
func (e *Engine) breach(id int32, c *kase, k *account, m sla.Milestone) {
	cause := e.why(id, c, k, m)
	e.totals.Causes[m][k.row][cause]++
	e.followClock(Breached, id, m, cause)
	if cause == metrics.Rank || cause == metrics.Capacity {
		e.blame(c, k, m)
	}
}

// why is the cause of a breach. An answer at the beginning of the first touch is late for want of coverage if nobody was
// on duty between arrival and due, else because of what agents did before the due. Any other clock is late by the first
// way of spending time without which it would have been kept, or by the longest if no single one is to blame; for want of
// coverage only if it would have been late without any wait for busy agents too.
func (e *Engine) why(id int32, c *kase, k *account, m sla.Milestone) metrics.Cause {
	duty := &e.groups[k.stages[c.tier].group].duty
	if m == sla.FirstResponse && duty.next(c.arrived) > c.due[m] {
		return metrics.Coverage
	}
	if m == sla.FirstResponse && !k.atEnd {
		if passed := e.passed(c); passed != 0 && passed <= c.due[m] {
			return metrics.Rank
		}
		return metrics.Capacity
	}
	first, longest := metrics.Coverage, metrics.Work
	if m == sla.FirstResponse {
		first = metrics.Customer // somebody was on duty before the due
	}
	s := &e.cases.stories[id]
	late := e.now - c.due[m]
	if s[metrics.HandOver]+s[metrics.Rank]+s[metrics.Capacity] >= late {
		first = metrics.Customer // enough agents in the present shifts would have kept it
	}
	for cause := first; cause < metrics.Causes; cause++ {
		if s[cause] >= late {
			return cause
		}
		if s[cause] > s[longest] {
			longest = cause
		}
	}
	return longest
}

// passed is when the wait for the first touch, which ended now or goes on, was first passed over; 0 = never.
func (e *Engine) passed(c *kase) tick {
	if c.item != none {
		return e.queues.passed(c.item)
	}
	return c.passed
}

// blame counts the breach at the pools that were on duty when the clock ran out.
func (e *Engine) blame(c *kase, k *account, m sla.Milestone) {
	due := c.due[m]
	hour := e.hourOfWeek(due)
	for _, p := range e.groups[k.stages[c.tier].group].pools {
		if e.pools[p].duty.at(due) {
			e.totals.Pools[p].Short[hour]++
		}
	}
}

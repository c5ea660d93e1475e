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
	s := e.cases.story(it.kase)
	covered := e.groups[k.stages[c.tier].group].duty.time(it.entered, e.now)
	s[metrics.Coverage] += e.now - it.entered - covered
	switch {
	case e.isKept(it.queue):
		s[metrics.Engineer] += covered
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
		e.cases.story(id)[cause] += spent
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

// why is the cause of a breach. A clock that waits for an agent to begin something is late for want of coverage if nobody
// was on duty between its start (of an update: when it was asked for) and its due; one that waits for an agent to end
// something, an update or a manager's contact, also if nobody was on duty early enough to end it by then. Else it is late
// because of what agents did before the due. Any other clock is late by the first way of spending time without which it would have been kept, or by the
// longest if no single one is to blame; for want of coverage only if it would have been late without any wait for busy
// agents too.
func (e *Engine) why(id int32, c *kase, k *account, m sla.Milestone) metrics.Cause {
	clk := &c.clocks[clockOf[m]]
	switch m {
	case sla.Fix, sla.RMADispatch:
		return metrics.Outside
	case sla.Restore, sla.Resolve:
		return e.longest(id, k, m, clk, metrics.Coverage)
	}
	tier := e.clockTier(c, m)
	g, from := &e.groups[k.stages[tier].group], clk.from
	if m == sla.Update {
		from = e.updateFrom(clk, g)
	}
	begins := g.answers(&k.class, from)
	switch {
	case begins > clk.due:
		return metrics.Coverage
	case m == sla.FirstResponse && k.atEnd:
		return e.longest(id, k, m, clk, metrics.Customer) // somebody was on duty before the due
	case m == sla.FirstResponse || m == sla.NextResponse:
		return e.whyTouch(c, k, clk)
	}
	kind := contactOf(m)
	switch needed := e.contactTime(c, k, kind, tier); {
	case from+needed > clk.due:
		return metrics.Work
	case begins+needed > clk.due:
		return metrics.Coverage
	}
	return e.whyContact(c, kind, clk)
}

// contactOf is the work that an update or a manager's contact is.
func contactOf(m sla.Milestone) Work {
	if m == sla.ManagerContact {
		return Managing
	}
	return Update
}

// clockTier is the tier whose agents a clock waits for.
func (e *Engine) clockTier(c *kase, m sla.Milestone) int {
	if m == sla.ManagerContact {
		return e.managingTier(c)
	}
	return int(c.agentTier())
}

// whyTouch is the cause where a touch did not begin, or did not end, in time.
func (e *Engine) whyTouch(c *kase, k *account, clk *clock) metrics.Cause {
	passed, kept, waits := c.passed, c.kept, false
	if i := c.waiting(Touch); i != none {
		passed, waits = e.queues.passed(i), true
		if e.isKept(e.queues.items[i].queue) {
			kept = e.now
		}
	}
	switch {
	case kept >= clk.due:
		return metrics.Engineer
	case passed != 0 && passed <= clk.due:
		return metrics.Rank
	case k.atEnd && !waits && c.began <= clk.due:
		return metrics.Work
	}
	return metrics.Capacity
}

// whyContact is the cause where an update or a manager's contact was not made in time.
func (e *Engine) whyContact(c *kase, kind Work, clk *clock) metrics.Cause {
	passed := c.passed
	if i := c.waiting(kind); i != none {
		passed = e.queues.passed(i)
	}
	if passed != 0 && passed <= clk.due {
		return metrics.Rank
	}
	return metrics.Capacity
}

// longest is the first way of spending time, of those from first on, without which a clock would have been kept, or the
// longest. A clock that stands still while the customer is asked is not late for that.
func (e *Engine) longest(id int32, k *account, m sla.Milestone, clk *clock, first metrics.Cause) metrics.Cause {
	s := e.cases.story(id)
	late := e.now - clk.due
	if s[metrics.HandOver]+s[metrics.Engineer]+s[metrics.Rank]+s[metrics.Capacity] >= late {
		first = metrics.Customer // enough agents in the present shifts would have kept it
	}
	longest := metrics.Work
	for cause := first; cause < metrics.Causes; cause++ {
		switch {
		case cause == metrics.Customer && k.pauses.Has(m):
		case s[cause] >= late:
			return cause
		case s[cause] > s[longest]:
			longest = cause
		}
	}
	return longest
}

// blame counts the breach at the pools that were on duty when the clock ran out.
func (e *Engine) blame(c *kase, k *account, m sla.Milestone) {
	due := c.clocks[clockOf[m]].due
	hour := e.hourOfWeek(due)
	for _, p := range e.groups[k.stages[e.clockTier(c, m)].group].pools {
		if e.pools[p].duty.at(due) {
			e.totals.Pools[p].Short[hour]++
		}
	}
}

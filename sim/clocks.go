package sim

import (
	"math/bits"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

// clock is a target measured on a case.
type clock struct {
	due  tick // never = without target, or later than all calendars
	from tick
}

// clockOf is the place of a milestone's clock in a case. Milestones whose clocks never run at the same time share one: a
// customer comes again only after the first response, and one external party is at work at a time. How long a customer
// takes to send a part back is known when it arrives, and needs none.
var clockOf = [sla.Milestones]uint8{
	sla.FirstResponse: 0, sla.NextResponse: 0, sla.Update: 1, sla.Resolve: 2, sla.Restore: 3, sla.Fix: 4, sla.RMADispatch: 4,
	sla.ManagerContact: 5,
}

const clockSlots = 6

// moves are what an event does to the clocks of a class, of the milestones whose clocks run by themselves.
type moves struct{ stop, start sla.MilestoneSet }

// movesOf are the moves of all events, for some of the milestones.
func movesOf(milestones sla.MilestoneSet) (of [sla.Events]moves) {
	for m := range sla.Milestone(sla.Milestones) {
		if !milestones.Has(m) {
			continue
		}
		for _, event := range sla.Transitions[m].Stop {
			of[event].stop |= sla.SetOf(m)
		}
		for _, event := range sla.Transitions[m].Start {
			of[event].start |= sla.SetOf(m)
		}
	}
	return of
}

// happen stops and starts the clocks of a case that the event moves. A clock that runs is not started anew unless the event
// stops it as well.
func (e *Engine) happen(event sla.Event, id int32, c *kase, k *account) {
	mv := k.moves[event]
	for s := mv.stop & c.running; s != 0; s &= s - 1 {
		e.stopClock(id, c, k, first(s))
	}
	for s := mv.start &^ c.running; s != 0; s &= s - 1 {
		m := first(s)
		e.startClock(id, c, k, m, k.policyNow(c, m))
	}
}

// first is the first milestone of a set that is not empty.
func first(s sla.MilestoneSet) sla.Milestone { return sla.Milestone(bits.TrailingZeros16(uint16(s))) }

// policyNow is the target of a milestone that a clock which starts now is to keep.
func (k *account) policyNow(c *kase, m sla.Milestone) *calendar.Policy {
	if m == sla.Update && c.is(restored) {
		return k.restored
	}
	return k.policies[m]
}

// startClock lets the clock of a milestone run from now on.
func (e *Engine) startClock(id int32, c *kase, k *account, m sla.Milestone, policy *calendar.Policy) {
	if policy == nil && (m == sla.Update || m == sla.NextResponse) {
		return
	}
	clk := &c.clocks[clockOf[m]]
	clk.from, clk.due = e.now, never
	c.running |= 1 << m
	c.promised &^= 1 << m
	if policy == nil {
		return
	}
	c.promised |= 1 << m
	clk.due = e.dueOf(policy)
	if e.measuring {
		k.counts[m].Started++
	}
	e.followClock(Started, id, m, 0)
	if c.state == withCustomer && k.pauses.Has(m) {
		c.paused |= 1 << m
		return
	}
	if m == sla.Update {
		e.expectUpdate(id)
	}
}

// stopClock notes that a milestone is reached now and decides its clock. An update that is made at the very moment at
// which the time to the next begins, since work goes on or ends, is none.
func (e *Engine) stopClock(id int32, c *kase, k *account, m sla.Milestone) {
	if m == sla.Update {
		e.forgetUpdate(id, c, k)
		if clk := &c.clocks[clockOf[m]]; clk.from == e.now && c.touch > 0 {
			e.voidClock(id, c, k, m)
			return
		}
	}
	if c.paused.Has(m) {
		e.resumeClock(id, c, k, m)
	}
	c.running &^= 1 << m
	e.followClock(Reached, id, m, 0)
	clk := &c.clocks[clockOf[m]]
	if clk.from < e.from {
		return
	}
	k.elapsed[m].Add(e.now - clk.from)
	if c.promised.Has(m) {
		e.decide(id, c, k, m, e.now <= clk.due)
	}
}

// voidClock forgets a clock that has run for no time.
func (e *Engine) voidClock(id int32, c *kase, k *account, m sla.Milestone) {
	c.running &^= 1 << m
	if c.promised.Has(m) && e.measuring {
		k.counts[m].Started--
	}
	e.followClock(Voided, id, m, 0)
}

// decide counts a clock that ended met or breached. One whose due lies beyond the end of the run stays undecided, even if
// it was met: else the early ones would count and the late ones not.
func (e *Engine) decide(id int32, c *kase, k *account, m sla.Milestone, met bool) {
	clk := &c.clocks[clockOf[m]]
	if clk.due >= e.end {
		k.counts[m].Undecided++
		e.followClock(Undecided, id, m, 0)
		return
	}
	week, hour := int(c.week), int(c.hour)
	if clk.from != c.arrived {
		week, hour = int((clk.from-e.from)/tick(calendar.Week)), e.hourOfWeek(clk.from)
	}
	k.counts[m].Decide(week, hour, met)
	if met {
		e.followClock(Met, id, m, 0)
	} else {
		e.breach(id, c, k, m)
	}
}

// cancelClocks ends the clocks that still run because the case ends without what they wait for. After its due a clock is
// breached, before it is neither met nor breached.
func (e *Engine) cancelClocks(id int32, c *kase, k *account) {
	for s := c.running; s != 0; s &= s - 1 {
		m := first(s)
		if m == sla.Update {
			e.forgetUpdate(id, c, k)
		}
		clk := &c.clocks[clockOf[m]]
		switch {
		case !c.promised.Has(m) || clk.from < e.from:
		case e.isLate(c, m):
			e.decide(id, c, k, m, false)
		default:
			k.counts[m].Cancelled++
			e.followClock(Cancelled, id, m, 0)
		}
	}
	c.running, c.paused = 0, 0
}

// isLate reports whether a clock has run out. One that stands still has only if it did before.
func (e *Engine) isLate(c *kase, m sla.Milestone) bool {
	due := c.clocks[clockOf[m]].due
	return e.now > due && (!c.paused.Has(m) || c.asked > due)
}

// earliestDue is the earliest of the clocks that run.
func (c *kase) earliestDue() tick {
	due := never
	for s := c.running & c.promised; s != 0; s &= s - 1 {
		due = min(due, c.clocks[clockOf[first(s)]].due)
	}
	return due
}

// pauseClocks lets the clocks stand still that the plan says, since the customer is asked.
func (e *Engine) pauseClocks(id int32, c *kase, k *account) {
	c.asked = e.now
	c.paused = c.running & k.pauses
	if c.paused.Has(sla.Update) {
		e.forgetUpdate(id, c, k)
	}
}

// resumeClocks lets all clocks run on.
func (e *Engine) resumeClocks(id int32, c *kase, k *account) {
	c.stood += e.now - c.asked
	for s := c.paused & c.running; s != 0; s &= s - 1 {
		m := first(s)
		e.resumeClock(id, c, k, m)
		if m == sla.Update {
			e.expectUpdate(id)
		}
	}
}

// resumeClock lets a clock run on: its due moves by the open time of the pause. The customer's pause does not save a
// promise that was broken before.
func (e *Engine) resumeClock(id int32, c *kase, k *account, m sla.Milestone) {
	c.paused &^= 1 << m
	clk := &c.clocks[clockOf[m]]
	if clk.due < c.asked || clk.due >= never {
		return
	}
	policy := e.policyOf(c, k, m)
	if left := e.counted(policy, max(c.asked, clk.from), clk.due); left > 0 {
		clk.due = max(clk.due, e.after(policy, e.now, left))
	}
	e.followClock(Resumed, id, m, 0)
}

// policyOf is the target of the clock of a milestone that runs.
func (e *Engine) policyOf(c *kase, k *account, m sla.Milestone) *calendar.Policy {
	switch m {
	case sla.ManagerContact:
		return k.ways[e.wayOf(c)]
	case sla.Fix, sla.RMADispatch, sla.RMAReturn:
		return k.parties[m][c.tier]
	}
	return k.policyNow(c, m)
}

// breakLate decides the clocks whose due has passed, before the case changes to another class: a promise that is broken
// stays so, and belongs to the severity for which it was given.
func (e *Engine) breakLate(id int32, c *kase, k *account) {
	for s := c.running & c.promised; s != 0; s &= s - 1 {
		m := first(s)
		clk := &c.clocks[clockOf[m]]
		if e.now <= clk.due {
			continue
		}
		if clk.from >= e.from {
			e.decide(id, c, k, m, false)
		}
		c.promised &^= 1 << m
	}
}

// changeClocks gives the clocks that run to another class, from now on; from is the account of the class so far. Where
// the targets differ what has elapsed is kept. Those that are late get no target.
func (e *Engine) changeClocks(id int32, c *kase, from, to *account) {
	for s := c.running; s != 0; s &= s - 1 {
		m := first(s)
		clk := &c.clocks[clockOf[m]]
		was, measured := c.promised.Has(m), clk.from >= e.from
		if changeable.Has(m) && e.now <= clk.due {
			e.changeTarget(id, c, from, to, m)
		}
		if was && measured {
			from.counts[m].Started--
		}
		if c.promised.Has(m) && measured {
			to.counts[m].Started++
		}
		if m == sla.Update {
			e.forgetUpdate(id, c, from)
			if c.promised.Has(m) {
				e.expectUpdate(id)
			} else {
				c.running &^= 1 << m
			}
		}
	}
}

// changeTarget gives a clock the target of another class.
func (e *Engine) changeTarget(id int32, c *kase, from, to *account, m sla.Milestone) {
	clk := &c.clocks[clockOf[m]]
	before, after := from.policyNow(c, m), to.policyNow(c, m)
	switch {
	case after != nil:
		start := clk.from
		if start == c.arrived && to.pauses.Has(m) {
			start += c.stood
		}
		clk.due = e.changedDue(clk, before, after, start)
		c.promised |= 1 << m
		e.followClock(Started, id, m, 0)
	case c.promised.Has(m):
		clk.due = never
		c.promised &^= 1 << m
		e.followClock(Withdrawn, id, m, 0)
	}
}

// changeable are the milestones whose targets go by severity.
var changeable = sla.SetOf(sla.FirstResponse, sla.NextResponse, sla.Update, sla.Restore, sla.Resolve)

// changedDue is when a clock runs out that has kept the target before up to now and is to keep the target after: not
// before now. Where one of the two counts days or months, or nothing was promised, the new target counts from start: where
// the clock started, and later by the time for which it stood still.
func (e *Engine) changedDue(clk *clock, before, after *calendar.Policy, start tick) tick {
	if before == nil || !isLength(before) || !isLength(after) || clk.due >= never {
		return max(e.dueFrom(after, start), e.now)
	}
	left := e.counted(before, e.now, clk.due) + tick(after.Target().Amount-before.Target().Amount)
	if left <= 0 {
		return e.now
	}
	return e.after(after, e.now, left)
}

// isLength reports whether a target is a length of time, elapsed or open.
func isLength(p *calendar.Policy) bool {
	return p.Target().Unit == calendar.Elapsed || p.Target().Unit == calendar.Open
}

// counted is the time from a to b that a target counts: open time, unless it is one of elapsed time.
func (m *Model) counted(p *calendar.Policy, a, b tick) tick {
	if p.Target().Unit == calendar.Elapsed {
		return b - a
	}
	open, err := p.Timeline().OpenTime(m.instant(a), m.instant(b))
	if err != nil { // past all calendars, which lies behind the end of the run
		return never
	}
	return tick(open)
}

// after is the instant at which so much of the time that a target counts has passed, or never.
func (m *Model) after(p *calendar.Policy, from, length tick) tick {
	if p.Target().Unit == calendar.Elapsed {
		return min(from+length, never)
	}
	due, err := p.Timeline().Deadline(m.instant(from), calendar.Duration(length))
	if err != nil {
		return never
	}
	return min(m.tick(due), never)
}

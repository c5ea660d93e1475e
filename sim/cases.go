package sim

import (
	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/workloads/rng"
)

// kase is the record of an open case. What it will ask and answer follows from its key.
type kase struct {
	key     rng.Key
	arrived tick
	due     [sla.Milestones]tick // never = no target
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
	all  []kase
	free []int32
}

func (a *arena) reset() { a.all, a.free = a.all[:0], a.free[:0] }

func (a *arena) take() int32 {
	if n := len(a.free); n > 0 {
		id := a.free[n-1]
		a.free = a.free[:n-1]
		return id
	}
	a.all = append(a.all, kase{})
	return int32(len(a.all) - 1)
}

// reach marks a milestone as reached now and decides its clock.
func (e *Engine) reach(id int32, m sla.Milestone) {
	c := &e.cases.all[id]
	c.reached |= 1 << m
	if c.arrived < e.start {
		return
	}
	row := e.classes[c.class].row
	e.totals.Elapsed[m][row].Add(e.now - c.arrived)
	e.decide(c, row, m, e.now <= c.due[m])
}

// decide counts a clock that ended met or breached. One whose due lies beyond the end of the run stays undecided, even if
// it was met: else the early ones would count and the late ones not.
func (e *Engine) decide(c *kase, row int32, m sla.Milestone, met bool) {
	t := &e.totals.Clocks[m][row]
	switch {
	case c.due[m] < e.end:
		week, hour := &t.ByWeek[c.week], &t.ByHour[c.hour]
		week.Decided++
		hour.Decided++
		if met {
			week.Met++
			hour.Met++
		}
	case e.classes[c.class].clocks[m] != nil:
		t.Undecided++
	}
}

// cancel ends the clocks that still run because the customer ended the case. After its due a clock is breached, before it
// is neither met nor breached.
func (e *Engine) cancel(c *kase) {
	k := &e.classes[c.class]
	for m := range sla.Milestone(sla.Milestones) {
		switch {
		case c.reached&(1<<m) != 0 || k.clocks[m] == nil:
		case e.now > c.due[m]:
			e.decide(c, k.row, m, false)
		default:
			e.totals.Clocks[m][k.row].Cancelled++
		}
	}
}

// close ends a case for good.
func (e *Engine) close(id int32, as model.Outcome) {
	c := &e.cases.all[id]
	if c.arrived >= e.start {
		if as == model.Resolved {
			e.reach(id, sla.Resolve)
		} else {
			e.cancel(c)
		}
		e.totals.Outcomes[e.classes[c.class].row][as]++
	}
	e.observe(Closed, id, none)
	e.closed++
	e.open.fall(e.now)
	c.live = false
	e.cases.free = append(e.cases.free, id)
}

package sim

import (
	"fmt"

	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// littleSum gathers waiting from both sides of Little's law (Little 1961): the area under the number of waiting touches
// and the sum of their waits are the same, to the millisecond.
type littleSum struct {
	area, sum tick
}

// conclude counts what is still open at the end of the run and checks the laws of conservation.
func (e *Engine) conclude() error {
	e.now = e.end
	e.closeBooks()
	e.totals.Events = e.events
	for _, d := range e.desks {
		if d.kase != none {
			e.spend(d.kase, &e.accounts[e.cases.all[d.kase].class], metrics.Work, e.end-d.began)
		}
	}
	for i := range e.cases.all {
		if e.cases.all[i].live {
			e.leaveOpen(int32(i), &e.cases.all[i])
		}
	}
	return e.checkConservation()
}

// leaveOpen counts an open case. Its clocks are breached where the due has passed, else undecided.
func (e *Engine) leaveOpen(id int32, c *kase) {
	e.totals.OpenAtEnd++
	if c.item != none {
		e.totals.WaitingAtEnd++
		e.waits.sum += e.end - e.queues.items[c.item].entered
		e.followLeaving(id, e.passed(c))
	}
	if c.arrived < e.from {
		return
	}
	k := &e.accounts[c.class]
	k.outcomes[model.Open]++
	if c.item != none {
		it := e.queues.items[c.item]
		it.passed = e.passed(c)
		e.tellWait(&it, c, k)
	}
	if t := e.timers.links[id*timersPerCase+lifeTimer]; t.at != 0 {
		e.spend(id, k, metrics.Customer, e.now-t.at)
	}
	for m := range sla.Milestone(sla.Milestones) {
		if c.reached&(1<<m) == 0 {
			k.elapsed[m].Open++
		}
		if c.reached&(1<<m) == 0 && k.clocks[m].policy != nil {
			e.decide(id, c, k, m, false)
		}
	}
}

// checkConservation reports a bug of the engine: a case, a clock or a wait that was lost or counted twice.
func (e *Engine) checkConservation() error {
	t := e.totals
	if t.Arrived != e.closed+t.OpenAtEnd {
		return fmt.Errorf("conservation of cases: %d arrived, %d closed and %d open", t.Arrived, e.closed, t.OpenAtEnd)
	}
	if e.waits.area != e.waits.sum {
		return fmt.Errorf("conservation of waits: %d ms under the number waiting, %d ms of waits", e.waits.area, e.waits.sum)
	}
	for m := range t.Clocks {
		for row := range t.Clocks[m] {
			c := &t.Clocks[m][row]
			var causes int64
			for _, n := range t.Causes[m][row] {
				causes += n
			}
			if total := c.Total(); causes != total.Decided-total.Met {
				return fmt.Errorf("causes of %v breaches: %d breaches, %d causes", sla.Milestone(m), total.Decided-total.Met, causes)
			}
			if ended := c.Total().Decided + c.Undecided + c.Cancelled; ended != c.Started {
				return fmt.Errorf("conservation of %v clocks: %d started, %d ended", sla.Milestone(m), c.Started, ended)
			}
		}
	}
	return nil
}

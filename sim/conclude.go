package sim

import (
	"fmt"

	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// littleSum gathers waiting from both sides of Little's law (Little 1961): the area under the number of waiting pieces of
// work and the sum of their waits are the same, to the millisecond.
type littleSum struct {
	area, sum tick
}

// conclude counts what is still open at the end of the run and checks the laws of conservation.
func (e *Engine) conclude() error {
	e.now = e.end
	e.closeBooks()
	e.totals.Events = e.events
	for i := range e.desks {
		e.leaveDesk(&e.desks[i])
	}
	for i := range e.cases.size {
		if c := e.cases.at(i); c.live() {
			e.leaveOpen(int32(i), c)
		}
	}
	return e.checkConservation()
}

// leaveDesk accounts for the work that is in progress.
func (e *Engine) leaveDesk(d *desk) {
	if d.kase == none {
		return
	}
	k := &e.accounts[e.cases.at(d.kase).class]
	if d.kind == Touch {
		e.spend(d.kase, k, metrics.Work, e.end-d.began)
	}
	if p := &e.pools[d.pool]; p.seats > 1 {
		e.settle(d.agent, p, e.load[d.agent])
	} else if e.measuring {
		k.worked[d.pool] += e.end - max(d.began, e.from)
	}
}

// leaveOpen counts an open case. Its clocks are breached where the due has passed, else undecided.
func (e *Engine) leaveOpen(id int32, c *kase) {
	e.totals.OpenAtEnd++
	k := &e.accounts[c.class]
	for w := range Work(Works) {
		if i := c.waiting(w); i != none {
			e.leaveWaiting(id, w, e.queues.items[i], c, k)
		}
	}
	switch c.state {
	case withCustomer:
		e.spend(id, k, metrics.Customer, e.end-c.asked)
	case onOrder, onItsWay, linked:
		e.spend(id, k, metrics.Outside, e.end-c.asked)
	}
	if c.arrived >= e.from {
		k.outcomes[model.Open]++
	}
	for s := c.running; s != 0; s &= s - 1 {
		m := first(s)
		if clk := &c.clocks[clockOf[m]]; clk.from < e.from {
			continue
		}
		k.elapsed[m].Open++
		switch {
		case !c.promised.Has(m):
		case c.paused.Has(m) && !e.isLate(c, m):
			k.counts[m].Undecided++
			e.followClock(Undecided, id, m, 0)
		default:
			e.decide(id, c, k, m, false)
		}
	}
}

// leaveWaiting counts work that waits at the end.
func (e *Engine) leaveWaiting(id int32, kind Work, it item, c *kase, k *account) {
	it.passed = e.queues.passed(c.items[kind])
	if kind == Touch {
		e.totals.WaitingAtEnd++
		e.tellWait(&it, c, k)
	}
	e.waits.sum += e.end - it.entered
	e.followLeaving(id, kind, it.passed)
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
	if err := e.checkAgentTime(); err != nil {
		return err
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

// checkAgentTime reports a bug of the engine: agents were busy longer or shorter than they worked on cases.
func (e *Engine) checkAgentTime() error {
	t := e.totals
	for p := range t.Pools {
		var worked int64
		for row := range t.Shape.Rows() {
			worked += t.Worked[row*t.Shape.Pools+p]
		}
		total := t.Pools[p].Total()
		if worked != total.Busy {
			return fmt.Errorf("conservation of agents' time in %s: %d ms busy, %d ms on cases", e.Scenario.Pools[p].Name, total.Busy, worked)
		}
		if total.Busy > total.Available {
			return fmt.Errorf("conservation of agents' time in %s: %d ms busy, %d ms available", e.Scenario.Pools[p].Name, total.Busy, total.Available)
		}
	}
	return nil
}

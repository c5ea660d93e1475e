package sim

import (
	"math/bits"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// kase is the record of a case. What it will ask and answer follows from its key. Four lines of cache of 64 bytes: the
// first is for what agents do with it, the second for its clocks, as far as nearly every case has them, the others for what
// is rarer.
type kase struct {
	core
	clocks [clockSlots]clock
	rare
	_ [32]byte
}

// core is what every event of a case looks at.
type core struct {
	key      rng.Key
	arrived  tick
	comes    tick // the answer, the end of the outage, or the return of the customer; never = does not come
	class    int32
	touch    uint32       // touches that have begun
	engineer int32        // of the last touch, or none
	centre   int32        // of the last touch, or none
	items    [Works]int32 // of the kinds that wait
	updates  uint16       // made since the last touch began
	issues   uint16       // further ones that are to be solved after this
	tier     uint8
	state    state
	flags    flags
	atWork   uint8 // bit set of the kinds of work that agents are at

	running  sla.MilestoneSet
	promised sla.MilestoneSet // of those that run: there is a target
	paused   sla.MilestoneSet // of those that run: they stand still
	week     int16            // of its arrival
	hour     uint8            // of the week of its arrival
	waits    uint8            // bit set of the kinds of work that wait
	pending  uint8            // bit set of the timers that run
	attempts uint8            // contacts since the question, which is the first
	first    int32            // the class with which it arrived
	began    tick             // the last touch
	passed   tick             // the wait that ended last was first passed over; 0 = never
}

// rare is what plain cases know nothing of.
type rare struct {
	asked   tick          // the customer was asked last, or the case was closed
	stood   tick          // how long clocks stood still while the customer was asked
	kept    tick          // the case last waited for one engineer alone until then; 0 = never
	orders  uint16        // to external parties
	entry   uint8         // the tier where it started
	sender  uint8         // the tier that ordered, while the case is with an external party
	outcome model.Outcome // of a closed case
}

// state is what a case waits for, beside agents.
type state uint8

const (
	inWork       state = iota // with agents, or waiting for them
	withCustomer              // asked a question
	onOrder                   // an external party is at work
	onItsWay                  // what it has sent is to arrive
	linked                    // to an outage that goes on
	keptBack                  // for one engineer, who is busy
	dormant                   // closed, but the customer will come back
	closed                    // for good; an agent is still at work on it
)

// flags are what is true of a case for good once it has happened.
type flags uint8

const (
	restored   flags = 1 << iota // service is back
	counted                      // its further issues are known
	calledBack                   // the caller has hung up and keeps the place
	managed                      // a manager has been asked for
)

func (c *kase) is(f flags) bool { return c.flags&f != 0 }

// has reports whether work of the kind waits or is in progress.
func (c *kase) has(w Work) bool { return (c.waits|c.atWork)>>w&1 == 1 }

// waiting is the item of the kind of work that waits, or none.
func (c *kase) waiting(w Work) int32 {
	if c.waits>>w&1 == 0 {
		return none
	}
	return c.items[w]
}

// live reports whether the case is open.
func (c *kase) live() bool { return c.state < dormant }

// arena holds the records of cases that are open or have something to come; the others are used again, so that memory
// follows the number of open cases.
type arena struct {
	chunks []*chunk // whole ones are added: no record ever moves, and there are never old ones beside new ones
	size   int32    // records in use or free
	free   []int32
}

// chunk is records, with their stories beside them.
type chunk struct {
	cases   [chunkCases]kase
	stories [chunkCases]story
}

const (
	chunkShift = 10
	chunkCases = 1 << chunkShift
)

func (a *arena) reset() { a.size, a.free = 0, a.free[:0] }

func (a *arena) at(id int32) *kase { return &a.chunks[id>>chunkShift].cases[id&(chunkCases-1)] }

func (a *arena) story(id int32) *story { return &a.chunks[id>>chunkShift].stories[id&(chunkCases-1)] }

// newCase is the index of an unused record; the caller fills it.
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
	id := e.cases.size
	e.cases.size++
	if int(id>>chunkShift) == len(e.cases.chunks) {
		e.cases.chunks = append(e.cases.chunks, new(chunk))
	}
	e.timers.grow(int(e.cases.size))
	return id
}

// release lets the record of a closed case be used again.
func (e *Engine) release(id int32) { e.cases.free = append(e.cases.free, id) }

// admit makes a record of a case and lets it enter its first tier.
func (e *Engine) admit(arrival *workloads.Case, tier uint8) int32 {
	k := &e.accounts[arrival.Class]
	id, c := e.record(arrival, tier)
	c.rare = rare{entry: tier}
	if k.told {
		*e.cases.story(id) = story{}
	}
	e.observe(Arrived, id, none)
	if arrival.Refused {
		e.close(id, c, k, model.Refused)
		return id
	}
	if arrival.Outage != 0 {
		c.comes = e.tick(arrival.Outage)
		c.flags |= counted
		e.count(k, metrics.Linked)
	}
	e.happen(sla.Opened, id, c, k)
	if k.maxWaiting >= 0 && e.blocked(k, tier) {
		e.close(id, c, k, model.Blocked)
		return id
	}
	if k.managed && k.patience == nil {
		e.expectManagerRequest(id, c)
	}
	e.enter(id, c, k, tick(arrival.Work))
	return id
}

// record counts an arrival and makes a record of it, whose clocks do not run yet. What is rare is left as it was.
func (e *Engine) record(arrival *workloads.Case, tier uint8) (int32, *kase) {
	e.events++
	e.totals.Arrived++
	e.open.rise(e.now)
	id := e.newCase()
	c := e.cases.at(id)
	c.core = core{}
	c.key, c.arrived, c.comes, c.week, c.hour = arrival.Key, e.now, never, int16(e.week), uint8(e.hour)
	c.class, c.first, c.tier, c.engineer, c.centre = arrival.Class, arrival.Class, tier, none, none
	return id, c
}

// derived is a case that another one gives rise to now.
func (e *Engine) derived(key rng.Key, class int32, tier uint8) int32 {
	k := &e.accounts[class]
	work := k.stages[tier].work.Handle.Sample(key.Bits(workloads.DrawHandle, 0))
	return e.admit(&workloads.Case{At: e.instant(e.now), Key: key, Class: class, Work: calendar.Duration(milliseconds(work))}, tier)
}

// close ends a case. Work that waits for it is not done any more.
func (e *Engine) close(id int32, c *kase, k *account, as model.Outcome) {
	if as == model.Resolved {
		e.happen(sla.Solved, id, c, k)
	}
	if c.running != 0 {
		e.cancelClocks(id, c, k)
	}
	if c.waits != 0 {
		e.dropWork(c, k)
	}
	if c.pending != 0 {
		e.stopTimers(id, c)
	}
	if c.arrived >= e.from {
		k.outcomes[as]++
	}
	returns := e.comesBack(id, c, k, as)
	e.observeEnd(id, as, returns)
	e.closed++
	e.open.fall(e.now)
	c.outcome, c.asked = as, e.now
	switch {
	case returns:
		c.state = dormant
	case c.atWork != 0:
		c.state = closed
	default:
		c.state = closed
		e.release(id)
	}
}

// dropWork takes what waits for the case out of its queues.
func (e *Engine) dropWork(c *kase, k *account) {
	for c.waits != 0 {
		e.drop(c, k, Work(bits.TrailingZeros8(c.waits)))
	}
}

// drop takes one piece of work of the case out of its queue.
func (e *Engine) drop(c *kase, k *account, w Work) {
	e.dequeue(e.queues.remove(c.items[w]), c, k)
}

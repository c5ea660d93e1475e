package sim

import (
	"slices"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/workloads/rng"
)

// Observer hears of what happens, in order. The engine keeps the totals of metrics itself, since a call for every event
// would cost more than the event; an observer is for what has no table: traces, tests.
type Observer interface {
	Observe(Event)
}

// Follower is an Observer that also hears of the events of the kinds from Entered on, of the cases that it asks for. They
// tell why a case fares as it does.
type Follower interface {
	Observer
	Follows(kase rng.Key, kind EventKind) bool
}

// Chooser is an Observer that hears of some kinds of events only. It is asked once, when the engine is made.
type Chooser interface {
	Observer
	Hears(EventKind) bool
}

// EventKind says what happened to a case.
type EventKind uint8

// What may happen to a case.
const (
	Arrived   EventKind = iota
	Began               // an agent starts or continues a piece of work
	Suspended           // the agent stops in the middle of it
	Ended               // the work is complete
	Closed
	Reopened // a closed case goes on
)

// What only a Follower hears.
const (
	Entered         EventKind = Reopened + 1 + iota // work, or what is left of it, begins to wait in a queue
	Left                                            // it waits no longer: Began or Closed follows, or the run ends
	ShiftEnded                                      // the agent may work no longer: Suspended follows
	Asked                                           // the customer is asked a question
	Answered                                        // the customer answers it
	Escalated                                       // a touch ended in an escalation to the tier that the event names
	SeverityChanged                                 // the event names the new class
	Ordered                                         // from the external party that the event names as tier
	Delivered                                       // the external party has sent it
	Installed                                       // it works, and the tier that the event names goes on
	Linked                                          // to an outage, whose end the case waits for
	ManagerAsked                                    // the customer asks for a manager, in the way that the event names
	CallbackAsked                                   // the caller hangs up, keeps the place and is to be called back
	CalledIn                                        // the agent, who was on call, because of this work
	Restored                                        // service is back by a workaround
	SplitOff                                        // a further issue becomes the other case
	CameBackLate                                    // the customer of a closed case, too late to reopen it: the other case arises
	Started                                         // a clock starts, or has a new target and due since the severity changed
	Withdrawn                                       // a clock runs on without a target since the severity changed
	Resumed                                         // a clock that stood still has a new due
	Voided                                          // a clock of an update that began to run at this very moment counts for nothing
	Reached                                         // a milestone, whether promised or not
	Met                                             // a clock of the measured time ended, as this and the next three say: in time
	Breached                                        // too late, or not until the end although the due has passed
	Undecided                                       // its due lies at the end of the run or later
	Cancelled                                       // the case ended before the due without what the clock waits for
)

// Event is one thing that happened. All events of a clock of RMAReturn come when it starts, since its end is known then,
// with the At of its end from Reached on.
type Event struct {
	Kind EventKind
	At   calendar.Instant
	Case rng.Key // the same in every scenario in which the case exists
	// Record is the place of the case among those that are open or have something to come. Such numbers are small; that of
	// a case that is closed for good is used again once no agent is at work on it any more.
	Record int
	Class  int // index into the workload's classes
	Tier   int
	Agent  int // -1 = nobody; of Entered, for whom alone the work is kept

	Work      Work             // of Began to Ended, Entered and Left
	Load      int              // of Began: pieces of work that the agent has now
	Outcome   model.Outcome    // of Closed
	Returns   bool             // of Closed: the customer will come back in the run
	Other     rng.Key          // of SplitOff and CameBackLate, which precede the Arrived of that case
	Way       int              // of ManagerAsked: index into the workload's ways of asking
	Milestone sla.Milestone    // of Started to Cancelled
	Since     calendar.Instant // of Started to Cancelled: when the clock started
	Due       calendar.Instant // of Started to Cancelled, but not of Reached; 0 = later than all calendars
	Cause     metrics.Cause    // of Breached
	Ahead     int              // of Entered: pieces of work that wait with a better place for agents who may do this
	Passed    calendar.Instant // of Left: when an agent first took work that had begun to wait later; 0 = never
}

// hearing is the set of the kinds of events that an observer hears of.
func hearing(o Observer) (heard uint64) {
	_, follows := o.(Follower)
	chooser, chooses := o.(Chooser)
	for kind := Arrived; kind <= Cancelled; kind++ {
		if o != nil && (kind <= Reopened || follows) && (!chooses || chooser.Hears(kind)) {
			heard |= 1 << kind
		}
	}
	return heard
}

// isHeard reports whether the observer hears of events of the kind.
func (e *Engine) isHeard(kind EventKind) bool { return e.heard>>kind&1 == 1 }

// The next nine are small enough to vanish into their callers where nobody listens.

// observe tells of an event without particulars.
func (e *Engine) observe(kind EventKind, id, agent int32) {
	if e.isHeard(kind) {
		e.tell(kind, id, agent)
	}
}

// observeWork tells of an agent's work on a case at a seat.
func (e *Engine) observeWork(kind EventKind, id, seat int32) {
	if e.isHeard(kind) {
		e.tellWork(kind, id, seat)
	}
}

// observeEnd tells that a case closes.
func (e *Engine) observeEnd(id int32, as model.Outcome, returns bool) {
	if e.isHeard(Closed) {
		e.tellEnd(id, as, returns)
	}
}

// follow tells a follower of an event without particulars.
func (e *Engine) follow(kind EventKind, id, agent int32) {
	if e.isHeard(kind) {
		e.tellStep(kind, id, agent)
	}
}

// followClock tells a follower of a milestone or its clock.
func (e *Engine) followClock(kind EventKind, id int32, m sla.Milestone, cause metrics.Cause) {
	if e.isHeard(kind) {
		e.tellClock(kind, id, m, cause)
	}
}

// followWait tells a follower that work begins to wait in the queue for the group.
func (e *Engine) followWait(it *item, queue, group int32) {
	if e.isHeard(Entered) {
		e.tellEntry(it, queue, group)
	}
}

// followLeaving tells a follower that work waits no longer.
func (e *Engine) followLeaving(id int32, work Work, passed tick) {
	if e.isHeard(Left) {
		e.tellLeaving(id, work, passed)
	}
}

// followOther tells a follower that a case gives rise to another one.
func (e *Engine) followOther(kind EventKind, id int32, other rng.Key) {
	if e.isHeard(kind) {
		e.tellOther(kind, id, other)
	}
}

// followWay tells a follower in which way a manager is asked for.
func (e *Engine) followWay(id, way int32) {
	if e.isHeard(ManagerAsked) {
		e.tellWay(id, way)
	}
}

func (e *Engine) tell(kind EventKind, id, agent int32) { e.observer.Observe(e.event(kind, id, agent)) }

func (e *Engine) tellWork(kind EventKind, id, seat int32) {
	d := &e.desks[seat]
	event := e.event(kind, id, d.agent)
	event.Work, event.Tier = d.kind, e.tierOf(id, d.kind)
	if kind == Began {
		event.Load = int(e.load[d.agent])
	}
	e.observer.Observe(event)
}

func (e *Engine) tellEnd(id int32, as model.Outcome, returns bool) {
	event := e.event(Closed, id, none)
	event.Outcome, event.Returns = as, returns
	e.observer.Observe(event)
}

// tierOf is the tier whose agents do work of the kind for the case.
func (e *Engine) tierOf(id int32, work Work) int {
	if work == Managing {
		return e.managingTier(e.cases.at(id))
	}
	return int(e.cases.at(id).agentTier())
}

func (e *Engine) event(kind EventKind, id, agent int32) Event {
	c := e.cases.at(id)
	return Event{
		Kind: kind, At: e.instant(e.now), Case: c.key, Record: int(id), Class: int(c.class), Tier: int(c.tier), Agent: int(agent),
	}
}

// follows asks the follower before the event is made.
func (e *Engine) follows(kind EventKind, id int32) bool {
	return e.follower.Follows(e.cases.at(id).key, kind)
}

func (e *Engine) tellFollower(event Event) {
	if e.isHeard(event.Kind) && e.follower.Follows(event.Case, event.Kind) {
		e.follower.Observe(event)
	}
}

func (e *Engine) tellStep(kind EventKind, id, agent int32) {
	if e.follows(kind, id) {
		e.follower.Observe(e.event(kind, id, agent))
	}
}

func (e *Engine) tellOther(kind EventKind, id int32, other rng.Key) {
	if e.follows(kind, id) {
		event := e.event(kind, id, none)
		event.Other = other
		e.follower.Observe(event)
	}
}

func (e *Engine) tellWay(id, way int32) {
	if e.follows(ManagerAsked, id) {
		event := e.event(ManagerAsked, id, none)
		event.Way = int(way)
		e.follower.Observe(event)
	}
}

func (e *Engine) tellClock(kind EventKind, id int32, m sla.Milestone, cause metrics.Cause) {
	if !e.follows(kind, id) {
		return
	}
	event := e.event(kind, id, none)
	clk := e.cases.at(id).clocks[clockOf[m]]
	event.Milestone, event.Cause, event.Since = m, cause, e.instant(clk.from)
	if kind != Reached && clk.due < never {
		event.Due = e.instant(clk.due)
	}
	e.follower.Observe(event)
}

// tellReturn tells of a promise that the customer will have sent a part back by an instant.
func (e *Engine) tellReturn(id int32, back, due tick) {
	event := e.event(Started, id, none)
	event.Milestone, event.Since = sla.RMAReturn, event.At
	if due < never {
		event.Due = e.instant(due)
	}
	e.tellFollower(event)
	event.At = e.instant(min(back, e.end))
	if back < e.end {
		event.Kind = Reached
		e.tellFollower(event)
	}
	switch {
	case !e.measuring:
		return
	case due >= e.end:
		event.Kind = Undecided
	case back <= due:
		event.Kind = Met
	default:
		event.Kind, event.Cause = Breached, metrics.Customer
	}
	e.tellFollower(event)
}

func (e *Engine) tellEntry(it *item, queue, group int32) {
	if !e.follows(Entered, it.kase) {
		return
	}
	event := e.event(Entered, it.kase, none)
	event.Work, event.Tier = it.kind, e.tierOf(it.kase, it.kind)
	if e.isKept(queue) {
		event.Agent = int(queue - e.firstKept)
	}
	event.Ahead = e.ahead(queue, group, it.score)
	e.follower.Observe(event)
}

func (e *Engine) tellLeaving(id int32, work Work, passed tick) {
	if !e.follows(Left, id) {
		return
	}
	event := e.event(Left, id, none)
	event.Work, event.Tier = work, e.tierOf(id, work)
	if passed != 0 {
		event.Passed = e.instant(passed)
	}
	e.follower.Observe(event)
}

// ahead counts the work that waits in queues of which agents who may take work from the given queue of the group take
// it, with no greater score: what is kept for one of them included.
func (e *Engine) ahead(queue, group int32, score uint64) (count int) {
	pools := e.groups[group].pools
	if e.isKept(queue) {
		pools = []int32{e.desks[queue-e.firstKept].pool}
	}
	for q := range e.firstKept {
		line := e.queues.all[q].line
		if slices.ContainsFunc(pools, func(p int32) bool { return e.pools[p].lines[line>>6]>>(line&63)&1 == 1 }) {
			count += e.queues.before(q, score)
		}
	}
	for q := e.firstKept; int(q) < len(e.queues.all); q++ {
		if q == queue || !e.isKept(queue) && slices.Contains(pools, e.desks[q-e.firstKept].pool) {
			count += e.queues.before(q, score)
		}
	}
	return count
}

// Seat is the place of an agent in the organisation.
type Seat struct {
	Pool    int // index into the scenario's pools
	Shift   int // of the pool
	Ordinal int // in the shift, counted from 0
}

// Seat is the place of the agent that an Event names.
func (m *Model) Seat(agent int) Seat {
	for p := range m.Scenario.Pools {
		for s, shift := range m.Scenario.Pools[p].Shifts {
			if agent < shift.Agents {
				return Seat{Pool: p, Shift: s, Ordinal: agent}
			}
			agent -= shift.Agents
		}
	}
	panic("no such agent")
}

// Component is the component in which the cases of the class are worked.
func (m *Model) Component(class int) int { return int(m.classes[class].component) }

package sim

import (
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

// EventKind says what happened to a case.
type EventKind uint8

// What may happen to a case.
const (
	Arrived   EventKind = iota
	Began               // an agent starts or continues a touch
	Suspended           // the agent stops in the middle of it
	Ended               // a touch is complete
	Closed
)

// What only a Follower hears.
const (
	Entered    EventKind = Closed + 1 + iota // a touch, or what is left of one, begins to wait in a queue
	Left                                     // it waits no longer: Began or Closed follows, or the run ends
	ShiftEnded                               // the agent may work no longer: Suspended follows
	Asked                                    // the customer is asked a question
	Answered                                 // the customer answers it
	Escalated                                // a touch ended in an escalation to the tier that the event names
	Reached                                  // a milestone, whether promised or not
	Met                                      // a clock of the measured time ended, as this and the next three say: in time
	Breached                                 // too late, or not until the end although the due has passed
	Undecided                                // its due lies at the end of the run or later
	Cancelled                                // the customer ended the case before the due
)

// Event is one thing that happened.
type Event struct {
	Kind  EventKind
	At    calendar.Instant
	Case  rng.Key // the same in every scenario in which the case exists
	Class int     // index into the workload's classes
	Tier  int
	Agent int // -1 = nobody

	Outcome   model.Outcome    // of Closed
	Milestone sla.Milestone    // of Reached to Cancelled
	Due       calendar.Instant // of Met to Cancelled
	Cause     metrics.Cause    // of Breached
	Ahead     int              // of Entered: pieces of work that wait with a better place for agents who may do this
	Passed    calendar.Instant // of Left: when an agent first took work that had begun to wait later; 0 = never
}

// The next six are small enough to vanish into their callers where nobody listens.

// observe tells of an event without particulars.
func (e *Engine) observe(kind EventKind, id, agent int32) {
	if e.observer != nil {
		e.tell(kind, id, agent)
	}
}

// observeEnd tells that a case closes.
func (e *Engine) observeEnd(id int32, as model.Outcome) {
	if e.observer != nil {
		e.tellEnd(id, as)
	}
}

// follow tells a follower of an event without particulars.
func (e *Engine) follow(kind EventKind, id, agent int32) {
	if e.follower != nil {
		e.tellStep(kind, id, agent)
	}
}

// followClock tells a follower of a milestone or its clock.
func (e *Engine) followClock(kind EventKind, id int32, m sla.Milestone, cause metrics.Cause) {
	if e.follower != nil {
		e.tellClock(kind, id, m, cause)
	}
}

// followWait tells a follower that work begins to wait for the group.
func (e *Engine) followWait(id, group int32, score uint64) {
	if e.follower != nil {
		e.tellEntry(id, group, score)
	}
}

// followLeaving tells a follower that work waits no longer.
func (e *Engine) followLeaving(id int32, passed tick) {
	if e.follower != nil {
		e.tellLeaving(id, passed)
	}
}

func (e *Engine) tell(kind EventKind, id, agent int32) { e.observer.Observe(e.event(kind, id, agent)) }

func (e *Engine) tellEnd(id int32, as model.Outcome) {
	event := e.event(Closed, id, none)
	event.Outcome = as
	e.observer.Observe(event)
}

func (e *Engine) event(kind EventKind, id, agent int32) Event {
	c := &e.cases.all[id]
	return Event{Kind: kind, At: e.instant(e.now), Case: c.key, Class: int(c.class), Tier: int(c.tier), Agent: int(agent)}
}

func (e *Engine) tellFollower(event Event) {
	if e.follower.Follows(event.Case, event.Kind) {
		e.follower.Observe(event)
	}
}

func (e *Engine) tellStep(kind EventKind, id, agent int32) { e.tellFollower(e.event(kind, id, agent)) }

func (e *Engine) tellClock(kind EventKind, id int32, m sla.Milestone, cause metrics.Cause) {
	event := e.event(kind, id, none)
	event.Milestone, event.Cause = m, cause
	if kind != Reached {
		event.Due = e.instant(e.cases.all[id].due[m])
	}
	e.tellFollower(event)
}

func (e *Engine) tellEntry(id, group int32, score uint64) {
	event := e.event(Entered, id, none)
	if e.follower.Follows(event.Case, Entered) {
		event.Ahead = e.ahead(group, score)
		e.follower.Observe(event)
	}
}

func (e *Engine) tellLeaving(id int32, passed tick) {
	event := e.event(Left, id, none)
	if passed != 0 {
		event.Passed = e.instant(passed)
	}
	e.tellFollower(event)
}

// ahead counts the work that waits in queues of which a pool of the group may take it, with no greater score.
func (e *Engine) ahead(group int32, score uint64) (count int) {
	for q := range e.queues.all {
		for _, p := range e.groups[group].pools {
			if e.pools[p].queues[q>>6]>>(q&63)&1 == 1 {
				count += e.queues.before(int32(q), score)
				break
			}
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

package sim

import (
	"sunrelay/model/calendar"
	"sunrelay/workloads/rng"
)

// Observer hears of what happens, in order. The engine keeps the totals of metrics itself, since a call for every event
// would cost more than the event; an observer is for what has no table: traces, tests.
type Observer interface {
	Observe(Event)
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

// Event is one thing that happened.
type Event struct {
	Kind  EventKind
	At    calendar.Instant
	Case  rng.Key // the same in every scenario in which the case exists
	Class int     // index into the workload's classes
	Tier  int
	Agent int // -1 = nobody
}

// observe is small enough to vanish into its callers where nobody listens.
func (e *Engine) observe(kind EventKind, id, agent int32) {
	if e.observer != nil {
		e.tell(kind, id, agent)
	}
}

func (e *Engine) tell(kind EventKind, id, agent int32) {
	c := &e.cases.all[id]
	e.observer.Observe(Event{
		Kind: kind, At: e.instant(e.now), Case: c.key, Class: int(c.class), Tier: int(c.tier), Agent: int(agent),
	})
}

package sim

// EventList is the event list of the engine on its own, so that it can be measured: a fixed number of slots, each due at
// one instant in milliseconds.
type EventList struct{ tree tree }

// NewEventList is a list of so many slots, at most 2^21, none of which is due.
func NewEventList(slots int) *EventList { return &EventList{newTree(slots)} }

// First is the earliest event; of several at one instant, that of the lowest slot.
func (l *EventList) First() (at int64, slot uint32) { return l.tree.first() }

// Set makes a slot due at an instant in [0, 2^42).
func (l *EventList) Set(slot uint32, at int64) { l.tree.set(slot, at) }

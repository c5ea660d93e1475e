package sim

import (
	"sunrelay/model/calendar"
	"sunrelay/sim/metrics"
)

// Ledger hears how time was used, each time that the engine closes its books: at every full hour (UTC), at the beginning
// of the measured time and of each week of it, and at the end of the run.
type Ledger interface {
	CloseBooks(Books)
}

// Books are what happened in one component since they were closed last. The slice is used again after the call.
type Books struct {
	At      calendar.Instant     // now
	Backlog metrics.BacklogTotal // area under the numbers of open cases and of waiting pieces of work
	Arrived int64                // cases since the beginning of the run
	Closed  int64                // of them, those that are closed now
	Pools   []PoolBooks          // of all pools; those of other components are idle
}

// PoolBooks are the books of a pool.
type PoolBooks struct {
	metrics.PoolTime
	OnCall  int64 // time of agents on call, called in or not
	Touches int64 // that ended
}

func (e *Engine) enterBooks(backlog metrics.BacklogTotal) {
	e.entries.At, e.entries.Backlog = e.instant(e.now), backlog
	e.entries.Arrived, e.entries.Closed = e.totals.Arrived, e.closed
	e.ledger.CloseBooks(e.entries)
}

// PoolComponent is the component to which a pool belongs.
func (m *Model) PoolComponent(pool int) int { return int(m.pools[pool].component) }

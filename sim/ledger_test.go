package sim

import (
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/sim/metrics"
)

// summer adds up the books that are closed after an instant.
type summer struct {
	from    calendar.Instant
	backlog metrics.BacklogTotal
	pools   []PoolBooks
	last    Books
}

func (s *summer) CloseBooks(b Books) {
	s.last = b
	if b.At <= s.from {
		return
	}
	s.backlog.Add(b.Backlog)
	for p, t := range b.Pools {
		s.pools[p].Add(t.PoolTime)
		s.pools[p].OnCall += t.OnCall
		s.pools[p].Touches += t.Touches
	}
}

// TestLedgerAddsUp compares the books of all hours with the totals of the run.
func TestLedgerAddsUp(t *testing.T) {
	m := lifeModel(t)
	l := &summer{from: m.Scenario.Start, pools: make([]PoolBooks, len(m.pools))}
	totals, err := NewEngine(m, 0, Options{Ledger: l}).Run(0)
	if err != nil {
		t.Fatal(err)
	}
	var backlog metrics.BacklogTotal
	for _, b := range totals.Backlog {
		backlog.Add(b)
	}
	if l.backlog != backlog || backlog.Open == 0 {
		t.Errorf("backlog of all hours %+v, want %+v", l.backlog, backlog)
	}
	for p := range totals.Pools {
		want := PoolBooks{PoolTime: totals.Pools[p].Total(), OnCall: totals.Pools[p].OnCall, Touches: totals.Pools[p].Touches}
		if l.pools[p] != want {
			t.Errorf("pool %d: %+v, want %+v", p, l.pools[p], want)
		}
	}
	if l.last.Arrived != totals.Arrived || l.last.Closed != totals.Arrived-totals.OpenAtEnd || l.last.At != m.Scenario.End {
		t.Errorf("%d cases arrived and %d closed at the end, want %d and %d", l.last.Arrived, l.last.Closed, totals.Arrived, totals.Arrived-totals.OpenAtEnd)
	}
}

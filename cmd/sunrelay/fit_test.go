package main

import (
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/workloads/trace"
)

// TestHeldOut: a fit of what was known at midnight sees a case that ended before as it is, one that ended after as open and without the
// figures of its end, and none that was opened after.
func TestHeldOut(t *testing.T) {
	midnight := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	from := calendar.FromTime(midnight)
	h := newHeldOut(midnight, nil)
	ended := func(opened, resolved calendar.Duration) *trace.Case {
		return &trace.Case{
			Opened: from.Add(opened), Response: from.Add(opened + calendar.Minute), Resolved: from.Add(resolved), Closed: from.Add(resolved + calendar.Day),
			Met: 1, HandleTime: 20, Touches: 3, HandOffs: 1, Reopened: 0, CustomerWait: 2,
		}
	}
	before, across, after := ended(-calendar.Day, -calendar.Hour), ended(-calendar.Day, calendar.Hour), ended(0, calendar.Hour)
	if h.take(before) || h.take(across) || !h.take(after) || h.Days() != 1 {
		t.Errorf("%d days are held out", h.Days())
	}
	if before.Resolved == trace.NoTime || before.Closed != trace.NoTime || before.Met != 1 || before.Touches != 3 {
		t.Errorf("a case that ended before: %+v", before)
	}
	if across.Response == trace.NoTime || across.Ended() != trace.NoTime || across.Met != -1 || across.HandleTime != -1 || across.CustomerWait != -1 ||
		across.Touches != -1 || across.HandOffs != -1 || across.Reopened != -1 {
		t.Errorf("a case that ended after: %+v", across)
	}
}

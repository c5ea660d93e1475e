package benchmarks

import (
	"slices"
	"testing"

	"sunrelay/model/calendar"
)

// TestDeadlineWork checks at a small size that all forms of the work agree, with the reference to the second, and with
// rickar/cal as an independent opinion.
func TestDeadlineWork(t *testing.T) {
	w, err := newDeadlineWork(3000)
	if err != nil {
		t.Fatal(err)
	}
	w.single()
	single := slices.Clone(w.dues)
	table, starts, dues := w.reference()
	table.Fill(dues, starts)
	for i := range starts {
		if want := single[i] / calendar.Instant(calendar.Second); calendar.Instant(dues[i]) != want {
			t.Fatalf("reference says %d for %v, want %d", dues[i], w.starts[i], want)
		}
	}
	library := w.rickar()
	for name, form := range map[string]func(){
		"latency": w.latency, "batch": w.batch, "policy": w.policySingle, "target": w.policyBatch,
		"rickar/cal": func() { w.rickarAdd(library) },
	} {
		clear(w.dues)
		form()
		if !slices.Equal(w.dues, single) {
			t.Errorf("%s differs from single deadlines", name)
		}
	}
	w.elapsed()
	elapsed := slices.Clone(w.lengths)
	clear(w.lengths)
	if w.rickarElapsed(library); !slices.Equal(w.lengths, elapsed) {
		t.Error("rickar/cal has other elapsed times")
	}
}

// TestDeadlineWorkOfPausesAndCalendars checks the forms that have calendars and pauses of their own.
func TestDeadlineWorkOfPausesAndCalendars(t *testing.T) {
	w, err := newDeadlineWork(1000)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.drawPauses(); err != nil {
		t.Fatal(err)
	}
	if err := w.compileMany(); err != nil {
		t.Fatal(err)
	}
	w.paused()
	later := 0
	for i, start := range w.starts {
		open, err := w.timeline.OpenTimePaused(start, w.dues[i], w.pauses[2*i:2*i+2])
		if err != nil || open != deadlineLength {
			t.Fatalf("from %v to %v: %v open and not paused, %v", start, w.dues[i], open, err)
		}
		if due, _ := w.timeline.Deadline(start, deadlineLength); w.dues[i] > due {
			later++
		}
	}
	w.calendars()
	for i, start := range w.starts {
		if open, err := w.many[w.which[i]].OpenTime(start, w.dues[i]); err != nil || open != deadlineLength {
			t.Fatalf("calendar %d from %v to %v: %v open, %v", w.which[i], start, w.dues[i], open, err)
		}
	}
	used := slices.Compact(slices.Sorted(slices.Values(w.which)))
	if later < 200 || len(used) < 200 {
		t.Errorf("%d of the pauses count, %d calendars are used", later, len(used))
	}
}

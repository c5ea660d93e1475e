package reference

import (
	"slices"
	"testing"
)

// TestHoldTakesTheEarliest compares the hold model with a plain list.
func TestHoldTakesTheEarliest(t *testing.T) {
	h := NewHold(8)
	var times []float64
	for s := range 8 {
		times = append(times, keyTime(h.node[8+s], 7))
	}
	for i := range 10_000 {
		earliest := slices.Min(times)
		if h.Now() != earliest {
			t.Fatalf("event %d at %v, want %v", i, h.Now(), earliest)
		}
		h.Run(1)
		// The lowest places of a time are those of the slot.
		times[slices.Index(times, earliest)] = keyTime(h.key(earliest+h.delay[i%holdDelays], 0), 7)
	}
}

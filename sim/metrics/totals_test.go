package metrics

import (
	"slices"
	"testing"

	"sunrelay/workloads/rng"
)

// Waits keep zeros apart; the slow twin is one sorted slice. Values below 128 are exact in the histogram.
func TestWaitsQuantile(t *testing.T) {
	key := rng.Root(3)
	for n := range 40 {
		var waits, first, second Waits
		var all []int64
		for i := range n {
			wait := int64(key.At(uint64(n)).Bits(rng.Of("wait"), uint32(i))%200) - 100
			wait = max(0, wait)
			all = append(all, wait)
			waits.Add(wait)
			if i%2 == 0 {
				first.Add(wait)
			} else {
				second.Add(wait)
			}
		}
		first.Merge(&second)
		slices.Sort(all)
		for _, p := range []float64{0, 0.1, 0.5, 0.9, 0.95, 1} {
			got, ok := waits.Quantile(p)
			merged, _ := first.Quantile(p)
			if ok != (n > 0) {
				t.Fatalf("%d waits: quantile known: %v", n, ok)
			}
			if ok && (got != all[rankOf(p, uint64(n))-1] || merged != got) {
				t.Errorf("%d waits, p=%v: %d, merged %d, want %d", n, p, got, merged, all[rankOf(p, uint64(n))-1])
			}
		}
	}
}

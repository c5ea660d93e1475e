package calendar

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// BenchmarkBatches reports the shortest time of a batch of a million over random instants of two years, and over the
// same sorted, with the kernels of this build and with the portable ones.
func BenchmarkBatches(b *testing.B) {
	tl := compile(b, "America/New_York", "mon-fri 08:00-21:00", "2025-01-01", "2027-02-01")
	policy, err := tl.Policy(Target{int64(8 * Hour), Open})
	if err != nil {
		b.Fatal(err)
	}
	const size = 1_000_000
	r := rand.New(rand.NewPCG(1, 2))
	starts, ends := make([]Instant, size), make([]Instant, size)
	for i := range starts {
		starts[i] = tl.horizon.From + Instant(r.Int64N(int64(730*Day)))
	}
	dues, lengths := make([]Instant, size), make([]Duration, size)
	for _, order := range []string{"random", "sorted"} {
		if order == "sorted" {
			slices.Sort(starts)
		}
		for i, start := range starts {
			ends[i] = start.Add(30 * Day)
		}
		for _, work := range []struct {
			name string
			run  func()
		}{
			{"deadlines", func() { tl.Deadlines(dues, starts, 8*Hour) }},
			{"policy", func() { policy.Dues(dues, starts) }},
			{"elapsed", func() { tl.OpenTimes(lengths, starts, ends) }},
		} {
			b.Run(fmt.Sprintf("op=%s/order=%s/kernels=%s", work.name, order, Kernels()), func(b *testing.B) {
				shortest := time.Hour
				for b.Loop() {
					began := time.Now()
					work.run()
					shortest = min(shortest, time.Since(began))
				}
				b.ReportMetric(float64(shortest.Nanoseconds())/size, "min-ns/each")
			})
		}
	}
}

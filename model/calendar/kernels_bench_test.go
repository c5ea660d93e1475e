package calendar

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// BenchmarkBatches reports the time of a batch of a million random instants of two years, and of the same sorted, with
// the kernels of this build. The time is that of short parts of the batch, each the shortest of all passes, since other
// programs on the machine disturb a whole one.
func BenchmarkBatches(b *testing.B) {
	tl := compile(b, "America/New_York", "mon-fri 08:00-21:00", "2025-01-01", "2027-02-01")
	policy, err := tl.Policy(Target{int64(8 * Hour), Open})
	if err != nil {
		b.Fatal(err)
	}
	const size, part = 1_000_000, 20_000
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
			run  func(from, to int)
		}{
			{"deadlines", func(from, to int) { tl.Deadlines(dues[from:to], starts[from:to], 8*Hour) }},
			{"policy", func(from, to int) { policy.Dues(dues[from:to], starts[from:to]) }},
			{"elapsed", func(from, to int) { tl.OpenTimes(lengths[from:to], starts[from:to], ends[from:to]) }},
		} {
			b.Run(fmt.Sprintf("op=%s/order=%s/kernels=%s", work.name, order, Kernels()), func(b *testing.B) {
				var shortest [size / part]time.Duration
				for b.Loop() {
					for i := range shortest {
						began := time.Now()
						work.run(i*part, (i+1)*part)
						if took := time.Since(began); shortest[i] == 0 || took < shortest[i] {
							shortest[i] = took
						}
					}
				}
				total := time.Duration(0)
				for _, took := range shortest {
					total += took
				}
				b.ReportMetric(float64(total.Nanoseconds())/size, "min-ns/each")
			})
		}
	}
}

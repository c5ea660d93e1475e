package calendar

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestKernels compares the kernels of this build with the portable ones, before anything is repaired: on instants inside
// and outside the tables, at the edges of their cells, in batches of every length below twenty.
func TestKernels(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 6))
		if c := newTwinCase(t, r); c != nil {
			c.checkKernels(t, seed, c.kernelStarts(r, int(seed%20)), c.duration(r))
			c.checkKernels(t, seed, c.kernelStarts(r, 600), c.duration(r))
		}
	}
}

// kernelStarts are instants of which most lie in the horizon, half of the time in order.
func (c *twinCase) kernelStarts(r *rand.Rand, n int) []Instant {
	starts := make([]Instant, n)
	for i := range starts {
		starts[i] = c.instant(r)
		switch r.IntN(200) {
		case 0:
			starts[i] = Instant(r.Uint64())
		case 1:
			starts[i] = c.from - 1 - Instant(r.Int64N(int64(Day)))
		case 2:
			starts[i] = c.to + Instant(r.Int64N(int64(Day)))
		case 3, 4, 5, 6:
			u := &c.timeline.used
			starts[i] = u.base + Instant(r.IntN(len(u.cells)+1))<<u.shift - Instant(r.IntN(2))
		}
	}
	if r.IntN(2) == 0 {
		slices.Sort(starts)
	}
	return starts
}

func (c *twinCase) checkKernels(t testing.TB, seed uint64, starts []Instant, d Duration) {
	t.Helper()
	n := len(starts)
	used, usedPortable := make([]Duration, n), make([]Duration, n)
	c.timeline.used.fill(used, starts)
	c.timeline.used.fillPortable(usedPortable, starts)
	compareKernels(t, seed, "open time used", starts, used, usedPortable, 0, 0)

	lengths, lengthsPortable := slices.Clone(used), slices.Clone(used)
	ends := slices.Clone(starts)
	slices.Reverse(ends)
	all, allPortable := c.timeline.used.since(lengths, ends), c.timeline.used.sincePortable(lengthsPortable, ends)
	compareKernels(t, seed, "elapsed", starts, lengths, lengthsPortable, all, allPortable)

	dues, duesPortable := make([]Instant, n), make([]Instant, n)
	all, allPortable = c.timeline.due.fill(dues, used, uint64(d)), c.timeline.due.fillPortable(duesPortable, used, uint64(d))
	compareKernels(t, seed, "deadlines", starts, dues, duesPortable, all, allPortable)

	if policy, err := c.timeline.Policy(Target{int64(d), Open}); err == nil {
		all, allPortable = policy.fill(dues, starts), policy.fillPortable(duesPortable, starts)
		compareKernels(t, seed, "policy", starts, dues, duesPortable, all, allPortable)
	}
}

func compareKernels[T ~int64](t testing.TB, seed uint64, what string, starts []Instant, got, want []T, all, allWant uint64) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("seed %d, %s kernels, %s of start %v, number %d of %d: got %d, want %d of the portable kernel",
				seed, Kernels(), what, starts[i], i, len(starts), got[i], want[i])
		}
	}
	if all != allWant {
		t.Fatalf("seed %d, %s kernels, %s: all together are %x, want %x of the portable kernel", seed, Kernels(), what, all, allWant)
	}
}

// FuzzKernels takes the seed of the calendar, and the first start and length, from the fuzzer.
func FuzzKernels(f *testing.F) {
	f.Add(uint64(1), int64(0), int64(3_600_000))
	f.Add(uint64(9), int64(-1), int64(1))
	f.Fuzz(func(t *testing.T, seed uint64, start, length int64) {
		r := rand.New(rand.NewPCG(seed, 7))
		c := newTwinCase(t, r)
		if c == nil {
			return
		}
		starts := c.kernelStarts(r, 1+r.IntN(40))
		starts[r.IntN(len(starts))] = Instant(start)
		c.checkKernels(t, seed, starts, Duration(uint64(length)%uint64(40*Day)))
	})
}

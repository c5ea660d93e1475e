package fit

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestReservoir: each of a million observations is kept with the same chance. The mean of those kept is off by five standard errors in
// one of two million choices of seed.
func TestReservoir(t *testing.T) {
	r := newReservoir(1)
	const all = 1_000_000
	for i := range all {
		r.add(observation{value: float64(i)})
	}
	var m moments
	for _, o := range r.kept {
		m.addAny(o.value)
	}
	if r.seen != all || len(r.kept) != SampleSize || math.Abs(m.mean-all/2) > 5*m.error() {
		t.Errorf("kept %d of %d, mean %g ± %g", len(r.kept), r.seen, m.mean, m.error())
	}
}

// TestNumbers compares with a map, and remembers no more than it may.
func TestNumbers(t *testing.T) {
	random, twin := rand.New(rand.NewPCG(1, 1)), map[uint64]bool{}
	var s numbers
	for range 100_000 {
		n := (random.Uint64N(50_000) + 1) * 0x9e3779b97f4a7c15
		if known := s.add(n); known != twin[n] {
			t.Fatalf("%d is known: %v, want %v", n, known, twin[n])
		}
		twin[n] = true
	}
	for range mostNumbers + 1000 {
		s.add(random.Uint64() | 1)
	}
	if s.n != mostNumbers || len(s.slots) > 2*mostNumbers || s.add(1<<40) {
		t.Errorf("%d numbers in %d slots", s.n, len(s.slots))
	}
}

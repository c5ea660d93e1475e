package reference

import (
	"math"
	"testing"
)

// The tolerances are five standard errors of a run of a million (measured over 60 seeds): a right kernel fails once in
// 10^6 seeds, and the seed is fixed.
func TestKernelsAreExact(t *testing.T) {
	within := func(name string, got, want, tolerance float64) {
		t.Helper()
		if math.Abs(got-want) > tolerance {
			t.Errorf("%s: %.5f min, want %.5f ± %.5f", name, got, want, tolerance)
		}
	}
	within("W1", NewW1(1).Run(1_000_000), W1MeanWait, 0.0072)
	tier1, tier2 := NewW2(1).Run(1_000_000)
	within("W2 tier 1", tier1, W2MeanWait1, 0.0134)
	within("W2 tier 2", tier2, W2MeanWait2, 0.118)
}

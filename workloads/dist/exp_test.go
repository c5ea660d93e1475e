package dist

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestExp compares with math.Exp, which is right to within a unit in the last place.
func TestExp(t *testing.T) {
	const unit = 0x1p-52
	random := rand.New(rand.NewPCG(1, 2))
	worst := 0.0
	for i := range 3_000_000 {
		x := random.NormFloat64() * []float64{1, 10, 100, 300}[i%4]
		want := math.Exp(x)
		off := math.Abs(exp(x)-want) / want
		if off > 2*unit && want > 0x1p-1000 && !math.IsInf(want, 1) {
			t.Fatalf("exp(%v) = %v, want %v", x, exp(x), want)
		}
		if want > 0x1p-1000 && !math.IsInf(want, 1) {
			worst = max(worst, off)
		}
	}
	t.Logf("off by at most %.2f units", worst/unit)
	for _, x := range []float64{0, math.Copysign(0, -1), 700, -700, 699.999, -699.999, 710, -746, math.Inf(1), math.Inf(-1), math.NaN(), 1e-300, math.Ln2, -math.Ln2 / 256} {
		if got, want := exp(x), math.Exp(x); got != want && !(math.Abs(got-want) <= 2*unit*want) && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
}

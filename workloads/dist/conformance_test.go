package dist

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"sunrelay/workloads/rng"
)

const sampleSize = 200_000

// draws are sampleSize sorted samples of d, always the same for the same name.
func draws(name string, d Dist) []float64 {
	key, purpose := rng.Root(20240229).Named(name), rng.Of("conformance")
	sample := make([]float64, sampleSize)
	for i := range sample {
		sample[i] = d.Sample(key.At(uint64(i)).Bits(purpose, 0))
	}
	slices.Sort(sample)
	return sample
}

// TestConformance holds every example of every family to its own description. The seeds are fixed; with fresh ones an
// example would fail by chance with probability 1e-6 in each of its three statistical checks.
func TestConformance(t *testing.T) {
	for i := range Kinds {
		kind := &Kinds[i]
		if len(kind.Examples) == 0 {
			t.Errorf("%s has no examples", kind.Name)
		}
		for _, text := range kind.Examples {
			t.Run(text, func(t *testing.T) {
				d, err := Parse(text)
				if err != nil {
					t.Fatal(err)
				}
				conform(t, text, d)
			})
		}
	}
}

// conform is the whole of the conformance test for one distribution.
func conform(t *testing.T, name string, d Dist) {
	t.Helper()
	full, ok := d.(interface {
		Dist
		Spread
		Law
		fmt.Stringer
	})
	if !ok {
		t.Fatalf("%T lacks Spread, Law or String", d)
	}
	sample := draws(name, d)
	if sample[0] < 0 || math.IsNaN(sample[0]) || math.IsInf(sample[len(sample)-1], 0) {
		t.Errorf("samples lie in [%v, %v], want finite and not negative", sample[0], sample[len(sample)-1])
	}
	checkKolmogorov(t, full, sample)
	checkMoments(t, full, full, sample)
	checkDescribedMoments(t, full, full, full)
	checkQuantiles(t, full)
	if allocs := testing.AllocsPerRun(100, func() { sink += d.Sample(12345) }); allocs != 0 {
		t.Errorf("%v allocations a sample, want 0", allocs)
	}
}

// checkKolmogorov compares the sample with the CDF, by the asymptotic distribution of the Kolmogorov-Smirnov distance
// (exact enough at this size; conservative where the CDF has steps): P(√n·D > 2.694) = 2·exp(-2·2.694²) = 1e-6.
func checkKolmogorov(t *testing.T, d Law, sample []float64) {
	t.Helper()
	n := float64(len(sample))
	var distance float64
	for from := 0; from < len(sample); {
		x, to := sample[from], from
		for to < len(sample) && sample[to] == x {
			to++
		}
		distance = max(distance,
			math.Abs(d.CDF(x)-float64(to)/n),
			math.Abs(d.CDF(math.Nextafter(x, math.Inf(-1)))-float64(from)/n))
		from = to
	}
	if limit := 2.694 / math.Sqrt(n); distance > limit {
		t.Errorf("Kolmogorov-Smirnov distance %.5f, want at most %.5f", distance, limit)
	}
}

// checkMoments compares the sample's mean with the distribution's, within 4.89 standard errors (two-sided 1e-6 for a
// normal mean), and its variance within the same number of estimated standard errors of a variance. Heavy tails make
// the latter a rough test; checkDescribedMoments is the exact one.
func checkMoments(t *testing.T, d Dist, s Spread, sample []float64) {
	t.Helper()
	n, mean, variance := float64(len(sample)), d.Mean(), s.Variance()
	var sum, squares, fourths float64
	for _, x := range sample {
		e := x - mean
		sum += e
		squares += e * e
		fourths += e * e * e * e
	}
	if limit := 4.89*math.Sqrt(variance/n) + 1e-9*mean; math.Abs(sum/n) > limit {
		t.Errorf("mean of the sample is off by %v, want at most %v", sum/n, limit)
	}
	error2 := math.Sqrt((fourths/n - (squares/n)*(squares/n)) / n)
	if limit := 4.89*error2 + 1e-9*variance; math.Abs(squares/n-variance) > limit {
		t.Errorf("variance of the sample is %v, want %v ± %v", squares/n, variance, limit)
	}
}

// checkDescribedMoments integrates the quantile function, which knows nothing of the formulas of the moments:
// mean = ∫ Q(p) dp and variance + mean² = ∫ Q(p)² dp. With p = (1 - cos πu)/2 the ends are dense enough for the tails
// of the examples.
func checkDescribedMoments(t *testing.T, d Dist, s Spread, l Law) {
	t.Helper()
	const steps = 4000
	var first, second float64
	for i := range steps {
		u := (float64(i) + 0.5) / steps
		// Substituting twice pushes the nodes to 1e-15 of the ends.
		v := u * u * u * (u*(6*u-15) + 10)
		dv := 30 * u * u * (u - 1) * (u - 1)
		p := v * v * v * (v*(6*v-15) + 10)
		weight := 30 * v * v * (v - 1) * (v - 1) * dv / steps
		x := l.Quantile(min(p, 1-0x1p-53))
		first += weight * x
		second += weight * x * x
	}
	if mean := d.Mean(); math.Abs(first-mean) > 3e-4*mean {
		t.Errorf("mean is %v, but the quantiles integrate to %v", mean, first)
	}
	if power := s.Variance() + d.Mean()*d.Mean(); math.Abs(second-power) > 2e-3*power {
		t.Errorf("variance + mean² is %v, but the squared quantiles integrate to %v", power, second)
	}
}

// checkQuantiles walks over [0, 1]: quantiles rise, and the CDF at one is the probability it came from (at least that,
// where the CDF has steps).
func checkQuantiles(t *testing.T, l Law) {
	t.Helper()
	const steps = 500
	last := math.Inf(-1)
	for i := range steps {
		p := float64(i) / steps
		x := l.Quantile(p)
		if x < last || math.IsNaN(x) {
			t.Fatalf("quantile of %v is %v, below %v before", p, x, last)
		}
		if got := l.CDF(x); got < p-1e-9 {
			t.Fatalf("CDF of the quantile of %v is %v", p, got)
		}
		if before := math.Max(0, x*(1-1e-9)); before < x && l.CDF(before) > p+1e-6 {
			t.Fatalf("CDF just below the quantile of %v is %v already", p, l.CDF(before))
		}
		last = x
	}
	if x := l.Quantile(1); x < last {
		t.Errorf("quantile of 1 is %v, below %v", x, last)
	}
}

package dist

import (
	"math"
	"strings"
	"testing"

	"sunrelay/model/sharedtest"
	"sunrelay/workloads/rng"
)

// TestConformanceOfShapes holds shapes to their description that the examples leave out: bursts, near constants,
// heavy tails and nesting. The false-alarm rate is that of TestConformance.
func TestConformanceOfShapes(t *testing.T) {
	for _, text := range []string{
		"gamma(shape 0.3, mean 1h)",
		"gamma(shape 0.99, mean 1h)",
		"gamma(shape 1, mean 1h)",
		"gamma(mean 10m, cv 2)",
		"gamma(mean 10m, cv 0.01)",
		"gamma(shape 400, mean 30m)",
		"erlang(k 30, mean 30m)",
		"lognormal(mean 25m, cv 0.1)",
		"weibull(shape 10, mean 1h)",
		"exponential(mean 1ms)",
		"mixture(0.9 exponential(mean 1m), 0.1 exponential(mean 10m))",
		"mixture(0.2 0, 0.3 mixture(0.5 uniform(1m, 2m), 0.5 3m), 0.5 gamma(shape 2, mean 1m))",
		"mixture(1 exponential(mean 1m))",
		"empirical(p0 3m, p100 3m)",
	} {
		t.Run(text, func(t *testing.T) {
			d, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			conform(t, text, d)
		})
	}
}

// TestGammaOf is the busy-day factor: a distribution of plain numbers around 1.
func TestGammaOf(t *testing.T) {
	d := GammaOf(20, 1.0/20)
	conform(t, "busy day", d)
	if d.Mean() != 1 || math.Abs(d.Variance()-0.05) > 1e-15 {
		t.Errorf("mean %v and variance %v, want 1 and 0.05", d.Mean(), d.Variance())
	}
	defer func() {
		if recover() == nil {
			t.Error("a negative shape does not panic")
		}
	}()
	GammaOf(-1, 1)
}

// TestGammaTails compares the gamma of small and great shapes with its CDF in the tails, where moments and the
// Kolmogorov-Smirnov distance see little: counts beyond the 0.1 % quantiles within 4.89 standard errors (1e-6 each).
func TestGammaTails(t *testing.T) {
	for _, shape := range []float64{0.05, 0.5, 1.5, 50} {
		d := GammaOf(shape, 1)
		low, high := d.Quantile(0.001), d.Quantile(0.999)
		below, above := 0.0, 0.0
		for _, x := range draws("tails", d) {
			if x <= low {
				below++
			}
			if x > high {
				above++
			}
		}
		const want = sampleSize * 0.001
		for what, got := range map[string]float64{"below": below, "above": above} {
			if math.Abs(got-want) > 4.89*math.Sqrt(want) {
				t.Errorf("shape %v: %v draws %s the 0.1 %% quantile, want %v", shape, got, what, want)
			}
		}
	}
}

// TestLognormalAnchors compares with the lognormal moments of the shared validation cases, where they are at hand. Their
// unit is taken for minutes.
func TestLognormalAnchors(t *testing.T) {
	const minute = 60_000.0
	checked := 0
	for _, c := range sharedtest.Cases[anchor](t) {
		if !strings.HasPrefix(c.ID, "lognormal-") {
			continue
		}
		d := lognormalOfCV(c.Params.Mean*minute, c.Params.CV)
		for _, m := range []struct {
			name string
			got  float64
		}{
			{"ln_mu", d.mu - math.Log(minute)},
			{"ln_sigma", d.sigma},
			{"median", d.Quantile(0.5) / minute},
			{"p90", d.Quantile(0.9) / minute},
			{"p95", d.Quantile(0.95) / minute},
		} {
			want := c.Metrics[m.name].Value.(float64)
			if math.Abs(m.got-want) > 1e-12*want {
				t.Errorf("%s: %s is %v, want %v", c.ID, m.name, m.got, want)
			}
			checked++
		}
	}
	if checked == 0 {
		t.Error("no lognormal moments among the validation cases")
	}
}

type anchor struct {
	ID      string
	Params  struct{ Mean, CV float64 }
	Metrics map[string]struct{ Value any }
}

// TestStreamGolden fixes exact samples: a new version of a sampler would change every simulation, so it must be a
// decision. The tolerance allows for the rounding of logarithms on other processors.
func TestStreamGolden(t *testing.T) {
	if len(goldenSamples) != len(Kinds) {
		t.Errorf("%d families have golden samples, want all %d", len(goldenSamples), len(Kinds))
	}
	key, purpose := rng.Root(1), rng.Of("golden")
	for text, want := range goldenSamples {
		d, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for n, w := range want {
			if got := d.Sample(key.Bits(purpose, uint32(n))); math.Abs(got-w) > 1e-9*w {
				t.Errorf("%s: sample %d is %v, want %v", text, n, got, w)
			}
		}
	}
}

// goldenSamples are what this package drew when the stream was fixed.
var goldenSamples = map[string][3]float64{
	"exponential(mean 20m)":       {2.5098052511855117e+06, 3.2112196664172937e+06, 309514.6800204241},
	"lognormal(mean 25m, cv 1.2)": {595330.3666986694, 180221.96768230354, 1.588974609165327e+06},
	"gamma(mean 10m, cv 0.5)":     {417035.40792256535, 181967.23727916813, 717818.9879857305},
	"weibull(shape 1.5, mean 1h)": {6.52193480534333e+06, 7.686520339253007e+06, 1.615860775872288e+06},
	"erlang(k 2, mean 1m)":        {32845.05689483811, 7988.37757676982, 73626.28757225191},
	"uniform(5m, 15m)":            {820189.1409374042, 693141.4448973043, 423665.67307742266},
	"constant(12m)":               {720000, 720000, 720000},
	"mixture(0.3 exponential(mean 5m), 0.7 lognormal(mean 2h, cv 1))": {1.0456380270418774e+07, 5.953747928840207e+06, 163638.19104676213},
	"empirical(p0 1m, p50 10m, p90 1h, p100 8h)":                      {3.3523642617175523e+06, 1.7642680612163024e+06, 282598.2115393608},
}

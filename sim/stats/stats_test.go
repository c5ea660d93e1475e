package stats

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"sunrelay/model/sharedtest"
	"sunrelay/workloads/dist"
	"sunrelay/workloads/rng"
)

// TestStudentTable compares with the printed table of Student's distribution (three digits).
func TestStudentTable(t *testing.T) {
	for _, c := range []struct {
		confidence float64
		degrees    int
		want       float64
	}{
		{0.95, 1, 12.706}, {0.95, 2, 4.303}, {0.95, 4, 2.776}, {0.95, 9, 2.262}, {0.90, 9, 1.833}, {0.99, 9, 3.250}, {0.95, 29, 2.045}, {0.95, 1_000_000, 1.960},
	} {
		if got := TwoSidedT(c.confidence, c.degrees); math.Abs(got-c.want) > 0.0005 {
			t.Errorf("t for %v and %d degrees is %v, want %v", c.confidence, c.degrees, got, c.want)
		}
	}
}

// TestStudentAnchors compares with the t quantiles of the shared validation cases, where they are at hand.
func TestStudentAnchors(t *testing.T) {
	checked := 0
	for _, c := range sharedtest.Cases[anchor](t) {
		if !strings.HasPrefix(c.ID, "tq-") {
			continue
		}
		want := c.Metrics.T.Value
		if got := TwoSidedT(c.Params.Conf, c.Params.DF); math.Abs(got-want) > 1e-9*want {
			t.Errorf("%s: t is %v, want %v", c.ID, got, want)
		}
		checked++
	}
	if checked == 0 {
		t.Error("no t quantiles among the validation cases")
	}
}

type anchor struct {
	ID     string
	Params struct {
		Conf float64
		DF   int
	}
	Metrics struct{ T struct{ Value float64 } }
}

// TestMeanByHand is an example of Law's chapter 4: ten observations with mean 1.34 and the 90 % half-width 0.24.
func TestMeanByHand(t *testing.T) {
	values := []float64{1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09}
	got := Estimator{Confidence: 0.90}.MeanOf(values)
	if math.Abs(got.Mean-1.343) > 0.0005 || math.Abs(got.HalfWidth-0.24) > 0.005 || got.N != 10 || got.Warnings != nil {
		t.Errorf("got %+v, want 1.343 ± 0.24 of 10 without warnings", got)
	}
	if got.Low() != got.Mean-got.HalfWidth || got.High() != got.Mean+got.HalfWidth {
		t.Errorf("interval [%v, %v] of %+v", got.Low(), got.High(), got)
	}
}

func TestZeroEstimatorIs95Percent(t *testing.T) {
	values := []float64{3, 5, 4}
	if a, b := (Estimator{}).MeanOf(values), (Estimator{Confidence: 0.95}).MeanOf(values); a.HalfWidth != b.HalfWidth {
		t.Errorf("half-width %v by default, %v at 95 %%", a.HalfWidth, b.HalfWidth)
	}
}

func TestFewReplications(t *testing.T) {
	for _, c := range []struct {
		values  []float64
		mean    float64
		warning string
	}{
		{nil, math.NaN(), "there are no replications"},
		{[]float64{7}, 7, "1 replication has no half-width, want at least 10"},
		{[]float64{7, 7}, 7, "the half-width rests on 2 replications, want at least 10"},
	} {
		for what, got := range map[string]Estimate{
			"mean":       Estimator{}.MeanOf(c.values),
			"ratio":      Estimator{}.RatioOf(c.values, ones(len(c.values))),
			"difference": Estimator{}.Difference(Estimator{}.MeanOf(c.values), Estimator{}.MeanOf(make([]float64, len(c.values)))),
		} {
			if got.Mean != c.mean && !(math.IsNaN(got.Mean) && math.IsNaN(c.mean)) {
				t.Errorf("%s of %v is %v, want %v", what, c.values, got.Mean, c.mean)
			}
			if len(c.values) < 2 && !math.IsInf(got.HalfWidth, 1) {
				t.Errorf("%s of %v has the half-width %v, want +Inf", what, c.values, got.HalfWidth)
			}
			if !slices.Contains(got.Warnings, c.warning) {
				t.Errorf("%s of %v warns %q, want %q", what, c.values, got.Warnings, c.warning)
			}
		}
	}
}

func TestRatioWarnings(t *testing.T) {
	met, decided := []float64{9, 8, 9, 10, 9, 8, 9, 10, 9, 9}, []float64{10, 10, 10, 10, 10, 10, 10, 10, 10, 10}
	for _, c := range []struct {
		what     string
		num, den []float64
		want     string // the beginning of a warning; "" = none at all
	}{
		{"a plain ratio", met, decided, ""},
		{"nothing decided", make([]float64, 10), make([]float64, 10), "nothing was counted"},
		{"all met", decided, decided, "all replications agree"},
		{"a rare denominator", []float64{0, 0, 0, 1, 0, 0, 0, 0, 0, 0}, []float64{0, 0, 0, 1, 0, 0, 2, 0, 0, 0}, "the half-width is rough"},
	} {
		got := Estimator{}.RatioOf(c.num, c.den)
		if c.want == "" && got.Warnings != nil || c.want != "" && !slices.ContainsFunc(got.Warnings, func(w string) bool { return strings.HasPrefix(w, c.want) }) {
			t.Errorf("%s warns %q, want %q", c.what, got.Warnings, c.want)
		}
	}
	if got := (Estimator{}).RatioOf(make([]float64, 10), make([]float64, 10)); !math.IsNaN(got.Mean) || !math.IsInf(got.HalfWidth, 1) {
		t.Errorf("the ratio of nothing to nothing is %+v, want NaN ± Inf", got)
	}
}

// TestMeanCoverage simulates intervals of 5 normal observations. They are exact, so that 95 % of them hold the true mean;
// with a fresh seed the test would fail by chance with probability 1e-6 (4.89 standard errors).
func TestMeanCoverage(t *testing.T) {
	const trials, n, truth = 10_000, 5, 3.0
	key, draw := rng.Root(5).Named("mean coverage"), rng.Of("normal")
	held := 0
	values := make([]float64, n)
	for trial := range trials {
		for i := range values {
			values[i] = truth + 2*dist.UnitNormal(key.At(uint64(trial)).Bits(draw, uint32(i)))
		}
		if e := (Estimator{}).MeanOf(values); e.Low() <= truth && truth <= e.High() {
			held++
		}
	}
	checkCoverage(t, held, trials, 0)
}

// TestRatioCoverage simulates intervals of 60 pairs of a Poisson-like count and the share of it that was met. The delta
// method is asymptotic: half a point is allowed for that besides the 4.89 standard errors (false alarm 1e-6).
func TestRatioCoverage(t *testing.T) {
	const trials, n, truth = 5000, 60, 0.9
	ratios := func(trial int) Ratio { return simulatedRatio(rng.Root(6).At(uint64(trial)), n, truth) }
	held := 0
	for trial := range trials {
		r := ratios(trial)
		if e := (Estimator{}).RatioOf(r.Num, r.Den); e.Low() <= truth && truth <= e.High() {
			held++
		}
	}
	checkCoverage(t, held, trials, 0.005)
}

// TestDifferenceCoverage compares two ratios that share most of their randomness.
func TestDifferenceCoverage(t *testing.T) {
	const trials, n, truth = 5000, 60, 0.05
	held := 0
	for trial := range trials {
		key := rng.Root(8).At(uint64(trial))
		a := simulatedRatio(key, n, 0.9)
		b := simulatedRatio(key, n, 0.85)
		e := Estimator{}.Difference(Estimator{}.RatioOf(a.Num, a.Den), Estimator{}.RatioOf(b.Num, b.Den))
		if e.Low() <= truth && truth <= e.High() {
			held++
		}
		if apart := (Estimator{}).RatioOf(a.Num, a.Den); trial == 0 && e.HalfWidth >= apart.HalfWidth {
			t.Errorf("paired half-width %v, want less than %v of one alone", e.HalfWidth, apart.HalfWidth)
		}
	}
	checkCoverage(t, held, trials, 0.005)
}

// simulatedRatio has n denominators that are gamma with mean 50 and cv 0.3, and numerators share of them, plus noise.
func simulatedRatio(key rng.Key, n int, share float64) Ratio {
	count := dist.GammaOf(11, 50.0/11)
	size, noise := rng.Of("size"), rng.Of("noise")
	r := Ratio{make([]float64, n), make([]float64, n)}
	for i := range n {
		r.Den[i] = count.Sample(key.Bits(size, uint32(i)))
		r.Num[i] = share*r.Den[i] + 2*math.Sqrt(r.Den[i])*share*(1-share)*dist.UnitNormal(key.Bits(noise, uint32(i)))
	}
	return r
}

// checkCoverage wants 95 % within 4.89 standard errors and slack.
func checkCoverage(t *testing.T, held, trials int, slack float64) {
	t.Helper()
	got := float64(held) / float64(trials)
	if limit := 4.89*math.Sqrt(0.95*0.05/float64(trials)) + slack; math.Abs(got-0.95) > limit {
		t.Errorf("%.4f of the intervals hold the truth, want 0.95 ± %.4f", got, limit)
	}
}

// TestRatioAgainstCovariances computes the half-width from the moments, as textbooks print it:
// s² = s_yy - 2R·s_xy + R²·s_xx.
func TestRatioAgainstCovariances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRatio(t, 2, 30)
		got := Estimator{}.RatioOf(r.Num, r.Den)
		ratio := stat.Mean(r.Num, nil) / stat.Mean(r.Den, nil)
		s2 := stat.Variance(r.Num, nil) - 2*ratio*stat.Covariance(r.Num, r.Den, nil) + ratio*ratio*stat.Variance(r.Den, nil)
		n := float64(len(r.Num))
		want := TwoSidedT(0.95, len(r.Num)-1) * math.Sqrt(max(0, s2)/n) / stat.Mean(r.Den, nil)
		if math.Abs(got.Mean-ratio) > 1e-12*ratio || math.Abs(got.HalfWidth-want) > 1e-6*(want+ratio) {
			t.Errorf("got %v ± %v, want %v ± %v", got.Mean, got.HalfWidth, ratio, want)
		}
	})
}

// TestRatioAgainstJackknife leaves out one replication after the other (Law, chapter 9): another estimator of the
// same half-width, near for many replications.
func TestRatioAgainstJackknife(t *testing.T) {
	r := simulatedRatio(rng.Root(9), 400, 0.8)
	n := float64(len(r.Num))
	whole := sum(r.Num) / sum(r.Den)
	pseudo := make([]float64, len(r.Num))
	for i := range pseudo {
		without := (sum(r.Num) - r.Num[i]) / (sum(r.Den) - r.Den[i])
		pseudo[i] = n*whole - (n-1)*without
	}
	want := Estimator{}.MeanOf(pseudo)
	got := Estimator{}.RatioOf(r.Num, r.Den)
	if math.Abs(got.Mean-want.Mean) > 0.1*want.HalfWidth || math.Abs(got.HalfWidth/want.HalfWidth-1) > 0.02 {
		t.Errorf("delta method %v ± %v, jackknife %v ± %v", got.Mean, got.HalfWidth, want.Mean, want.HalfWidth)
	}
}

// TestRatioIsScaled: units of numerator and denominator come through.
// TestShareOfTheUnseen keeps a half-width of 3/n where all replications agree, and that of the ratio where they do not.
func TestShareOfTheUnseen(t *testing.T) {
	var e Estimator
	whole := []float64{100, 150, 50}
	for _, part := range [][]float64{{0, 0, 0}, whole} {
		got := e.ShareOf(part, whole)
		if math.Abs(got.HalfWidth-0.01) > 1e-15 || got.Mean != part[0]/100 {
			t.Errorf("%v of %v: %v, want a half-width of 0.01", part, whole, got)
		}
		for _, w := range got.Warnings {
			if strings.Contains(w, "agree") {
				t.Errorf("%v of %v: warning %q", part, whole, w)
			}
		}
	}
	part := []float64{10, 40, 30}
	if got, want := e.ShareOf(part, whole), e.RatioOf(part, whole); got.Mean != want.Mean || got.HalfWidth != want.HalfWidth {
		t.Errorf("%v of %v: %v, want %v", part, whole, got, want)
	}
}

func TestRatioIsScaled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRatio(t, 2, 20)
		scaled := Ratio{slices.Clone(r.Num), slices.Clone(r.Den)}
		for i := range r.Num {
			scaled.Num[i] *= 8 // powers of two, so that nothing is rounded
			scaled.Den[i] *= 2
		}
		a, b := Estimator{}.RatioOf(r.Num, r.Den), Estimator{}.RatioOf(scaled.Num, scaled.Den)
		if b.Mean != 4*a.Mean || math.Abs(b.HalfWidth-4*a.HalfWidth) > 1e-12*b.HalfWidth {
			t.Errorf("got %v ± %v, want four times %v ± %v", b.Mean, b.HalfWidth, a.Mean, a.HalfWidth)
		}
	})
}

// TestDifferenceOfMeans compares with the paired-t interval: the mean of the differences.
func TestDifferenceOfMeans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRatio(t, 2, 20)
		apart := make([]float64, len(r.Num))
		for i := range apart {
			apart[i] = r.Num[i] - r.Den[i]
		}
		want := Estimator{}.MeanOf(apart)
		one := ones(len(r.Num))
		for what, got := range map[string]Estimate{
			"means":  Estimator{}.Difference(Estimator{}.MeanOf(r.Num), Estimator{}.MeanOf(r.Den)),
			"ratios": Estimator{}.Difference(Estimator{}.RatioOf(r.Num, one), Estimator{}.RatioOf(r.Den, one)),
		} {
			if math.Abs(got.Mean-want.Mean) > 1e-9 || math.Abs(got.HalfWidth-want.HalfWidth) > 1e-9*(1+want.HalfWidth) {
				t.Errorf("%s: got %v ± %v, want %v ± %v", what, got.Mean, got.HalfWidth, want.Mean, want.HalfWidth)
			}
		}
	})
}

func TestDifferenceWithoutPairs(t *testing.T) {
	two, three := Estimator{}.MeanOf([]float64{1, 2}), Estimator{}.MeanOf([]float64{1, 2, 3})
	if got := (Estimator{}).Difference(two, three); got.Mean != -0.5 || !math.IsInf(got.HalfWidth, 1) || got.Warnings == nil {
		t.Errorf("got %+v, want -0.5 of unknown half-width", got)
	}
}

// TestVarianceRatioByHand: equal series differ by nothing, opposite ones twice as much as unpaired ones.
func TestVarianceRatioByHand(t *testing.T) {
	up, down := Estimator{}.MeanOf([]float64{1, 2, 3}), Estimator{}.MeanOf([]float64{3, 2, 1})
	for _, c := range []struct {
		a, b Estimate
		want float64
	}{{up, up, 0}, {up, down, 2}, {up, Estimator{}.MeanOf(ones(3)), 1}} {
		if got := VarianceRatio(c.a, c.b); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("variance ratio %v, want %v", got, c.want)
		}
	}
	if got := VarianceRatio(Estimator{}.MeanOf(ones(3)), Estimator{}.MeanOf(ones(3))); !math.IsNaN(got) {
		t.Errorf("variance ratio of constants %v, want NaN", got)
	}
}

// TestChanceIsUniform: if nothing differs, a p-value is at most x with probability x (4.89 standard errors: false alarm 1e-6).
func TestChanceIsUniform(t *testing.T) {
	const trials, n = 10_000, 6
	values := make([]float64, n)
	below := map[float64]int{0.01: 0, 0.05: 0, 0.5: 0}
	for trial := range trials {
		key := rng.Root(11).At(uint64(trial))
		for i := range values {
			values[i] = dist.UnitNormal(key.Bits(rng.Of("normal"), uint32(i)))
		}
		p := Estimator{}.ChanceOf(Estimator{}.MeanOf(values))
		for level := range below {
			if p <= level {
				below[level]++
			}
		}
	}
	for level, count := range below {
		if got, limit := float64(count)/trials, 4.89*math.Sqrt(level*(1-level)/trials); math.Abs(got-level) > limit {
			t.Errorf("%v of the p-values are at most %v", got, level)
		}
	}
}

func TestChanceAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{[]float64{0, 0}, 1}, {[]float64{1, -1}, 1}} {
		if got := (Estimator{}).ChanceOf(Estimator{}.MeanOf(c.values)); got != c.want {
			t.Errorf("chance of %v is %v, want %v", c.values, got, c.want)
		}
	}
	for _, values := range [][]float64{nil, {3}} {
		if got := (Estimator{}).ChanceOf(Estimator{}.MeanOf(values)); !math.IsNaN(got) {
			t.Errorf("chance of %v is %v, want NaN", values, got)
		}
	}
}

// TestChanceOfRepeatedValues: by hand, the binomial law of the signs. Values of which more than half are distinct are left to Student's
// test, by which 1 to 8 differ from 0 with the p-value of t = 4.5/(2.449/√8) and 7 degrees of freedom.
func TestChanceOfRepeatedValues(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{2, 2, 2}, 2. / 8}, {[]float64{-1, -1, -1, -1, -1, -1, -1, -1}, 2. / 256}, {[]float64{1, 1, 1, 1, 1, 1, 1, 2}, 2. / 256},
		{[]float64{1, 1, 1, 1, 1, 1, 1, -1}, 2 * 9. / 256}, {[]float64{0, 0, 0, 0, 0, 0, 1, 1}, 2. / 4}, {[]float64{0, 0, 0, 0, 0, 0, 0, 1}, 1},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8}, 0.00125832},
	} {
		if got := (Estimator{}).ChanceOf(Estimator{}.MeanOf(c.values)); math.Abs(got-c.want) > 1e-4*c.want {
			t.Errorf("chance of %v is %v, want %v", c.values, got, c.want)
		}
	}
	share := Estimator{}.ShareOf(ones(8), []float64{100, 100, 100, 100, 100, 100, 100, 100})
	if got := (Estimator{}).ChanceOf(share); got > 1e-3 || got <= 0 { // the sign test has 2/256
		t.Errorf("chance of 1 %% of 800 cases is %v", got)
	}
}

// TestChanceOfWholeNumbers: of small whole numbers on both sides of 0 too, a p-value is at most x with a probability of at most x (4.89
// standard errors: false alarm 1e-6). By Student's test alone those that agree would have 0, far more often.
func TestChanceOfWholeNumbers(t *testing.T) {
	const trials, n = 10_000, 5
	values := make([]float64, n)
	levels := []float64{0.001, 0.01, 0.05, 0.2}
	below := make([]int, len(levels))
	for trial := range trials {
		key := rng.Root(13).At(uint64(trial))
		for i := range values {
			values[i] = 1
			if rng.Uniform(key.Bits(rng.Of("sign"), uint32(i))) < 0.5 {
				values[i] = -1
			}
		}
		p := Estimator{}.ChanceOf(Estimator{}.MeanOf(values))
		for i, level := range levels {
			if p <= level {
				below[i]++
			}
		}
	}
	for i, level := range levels {
		if got, limit := float64(below[i])/trials, level+4.89*math.Sqrt(level*(1-level)/trials); got > limit {
			t.Errorf("%v of the p-values are at most %v", got, level)
		}
	}
}

// TestHolmByHand is the procedure step by step: 0.01 <= 0.05/4, 0.015 <= 0.05/3, 0.03 > 0.05/2.
func TestHolmByHand(t *testing.T) {
	got := Holm([]float64{0.03, math.NaN(), 0.01, 0.04, 0.015}, 0.05)
	if want := []bool{false, false, true, false, true}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestHolmKeepsItsError rejects any of 20 true hypotheses that hang together in at most 5 % of the trials (4.89 standard
// errors above: false alarm below 1e-6).
func TestHolmKeepsItsError(t *testing.T) {
	const trials, hypotheses, n = 2000, 20, 8
	wrong := 0
	for trial := range trials {
		key := rng.Root(12).At(uint64(trial))
		p := make([]float64, hypotheses)
		for h := range p {
			values := make([]float64, n)
			for i := range values {
				values[i] = dist.UnitNormal(key.Bits(rng.Of("common"), uint32(i))) + dist.UnitNormal(key.At(uint64(h)).Bits(rng.Of("own"), uint32(i)))
			}
			p[h] = Estimator{}.ChanceOf(Estimator{}.MeanOf(values))
		}
		if slices.Contains(Holm(p, 0.05), true) {
			wrong++
		}
	}
	if rate := float64(wrong) / trials; rate > 0.05+4.89*math.Sqrt(0.05*0.95/trials) || rate < 0.01 {
		t.Errorf("some true hypothesis is rejected in %v of the trials, want at most 0.05, and some", rate)
	}
}

func TestBugsPanic(t *testing.T) {
	two, three := ones(2), ones(3)
	for what, bug := range map[string]func(){
		"ratio lengths": func() { Estimator{}.RatioOf(two, three) },
		"confidence":    func() { Estimator{Confidence: 95}.MeanOf(two) },
	} {
		t.Run(what, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			bug()
		})
	}
}

func drawRatio(t *rapid.T, least, most int) Ratio {
	n := rapid.IntRange(least, most).Draw(t, "n")
	positive := rapid.SliceOfN(rapid.Float64Range(1, 1000), n, n)
	return Ratio{positive.Draw(t, "num"), positive.Draw(t, "den")}
}

func ones(n int) []float64 { return slices.Repeat([]float64{1}, n) }

func sum(values []float64) float64 {
	var s float64
	for _, v := range values {
		s += v
	}
	return s
}

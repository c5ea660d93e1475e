package arrivals

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"sunrelay/model/calendar"
	"sunrelay/workloads/dist"
	"sunrelay/workloads/rng"
)

const year = calendar.Instant(365 * calendar.Day)

// failures breaks out twice a day and lasts long enough that outages overlap.
func failures(t *testing.T, cases float64) *Outages {
	t.Helper()
	reported, err := dist.Parse("exponential(mean 4h)")
	if err != nil {
		t.Fatal(err)
	}
	lasts, err := dist.Parse("uniform(0s, 12h)")
	if err != nil {
		t.Fatal(err)
	}
	return NewOutages(2/float64(calendar.Day), cases, reported, lasts, 0, year)
}

func drain(r *OutagesRun, block int) []Reported {
	var all []Reported
	dst := make([]Reported, block)
	for {
		n := r.Fill(dst)
		all = append(all, dst[:n]...)
		if n < block {
			return all
		}
	}
}

// slowOutages are the cases of all outages, one outage after the other, then sorted.
func slowOutages(p *Outages, key rng.Key) []Reported {
	var all []Reported
	key = key.Named("outage")
	begin := float64(p.from)
	for k := uint64(0); ; k++ {
		outage := key.At(k)
		begin += dist.UnitExponential(outage.Bits(rng.Of("interarrival"), 0)) / p.rate
		if begin >= float64(p.to) {
			break
		}
		from := calendar.Instant(begin)
		end := from.Add(max(1, calendar.Duration(p.lasts.Sample(outage.Bits(rng.Of("lasts"), 0))+0.5)))
		u, n, term, sum := rng.Uniform(outage.Bits(rng.Of("cases"), 0)), 0, math.Exp(-p.cases), math.Exp(-p.cases)
		for sum <= u {
			n++
			term *= p.cases / float64(n)
			sum += term
		}
		for i := range uint64(n) {
			c := Reported{Key: outage.At(i), End: end}
			c.At = from.Add(calendar.Duration(p.reported.Sample(c.Key.Bits(rng.Of("reported"), 0)) + 0.5))
			if c.At >= end {
				c.End = 0
			}
			if c.At < p.to {
				all = append(all, c)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Reported) int { return cmp.Compare(a.At, b.At) })
	return all
}

func TestOutagesAreSlowTwin(t *testing.T) {
	p := failures(t, 7)
	for seed := range uint64(20) {
		want := slowOutages(p, rng.Root(seed))
		for _, block := range []int{1, 128} {
			if got := drain(p.Start(rng.Root(seed)), block); !slices.Equal(got, want) {
				t.Fatalf("seed %d, blocks of %d: %d cases, want %d in the same order", seed, block, len(got), len(want))
			}
		}
	}
}

// TestOutageCounts compares the number of cases of a year with the compound of Poisson numbers: its mean is the rate times
// the mean of an outage, its variance the rate times the second moment of that. 400 years, within 5 standard errors.
func TestOutageCounts(t *testing.T) {
	p := failures(t, 7)
	var counts []float64
	for seed := range uint64(400) {
		counts = append(counts, float64(len(drain(p.Start(rng.Root(seed)), 128))))
	}
	mean, variance := stat.MeanVariance(counts, nil)
	wantMean, wantVariance := p.Expected(), 730*(7.0+49)
	if math.Abs(mean-wantMean) > 5*math.Sqrt(wantVariance/400)+7 { // a few of the last come too late
		t.Errorf("%g cases, want %g", mean, wantMean)
	}
	if math.Abs(variance/wantVariance-1) > 5*math.Sqrt(2.0/400) {
		t.Errorf("variance %g, want %g", variance, wantVariance)
	}
	if got := p.ExpectedOutages(); got != 730 {
		t.Errorf("%g outages", got)
	}
}

func TestPoissonQuantile(t *testing.T) {
	for _, mean := range []float64{1e-6, 0.3, 1, 20, 5000, 1e6} {
		previous := uint64(0)
		for _, u := range []float64{0, 1e-9, 0.01, 0.5, 0.99, 1 - 1e-12, 1 - 0x1p-53} {
			n := poissonQuantile(mean, u)
			if n < previous {
				t.Errorf("mean %g: quantile %g falls to %d", mean, u, n)
			}
			previous = n
		}
		if median := float64(poissonQuantile(mean, 0.5)); median > mean+1.0/3 || median < mean-math.Ln2 {
			t.Errorf("mean %g: median %g lies outside Choi's bounds", mean, median)
		}
	}
}

// TestMoreCasesKeepTheOthers: a larger mean adds cases and moves none.
func TestMoreCasesKeepTheOthers(t *testing.T) {
	few, many := drain(failures(t, 7).Start(rng.Root(1)), 128), drain(failures(t, 8).Start(rng.Root(1)), 128)
	known := map[Reported]bool{}
	for _, c := range many {
		known[c] = true
	}
	for _, c := range few {
		if !known[c] {
			t.Fatalf("case %+v has gone", c)
		}
	}
	if len(many) <= len(few) {
		t.Errorf("%d cases, want more than %d", len(many), len(few))
	}
}

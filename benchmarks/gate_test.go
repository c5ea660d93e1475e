package benchmarks

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"sunrelay/reports/text"
)

// build is a build of the program on a noisy machine: the logarithm of the ratio is normal about that of its cost, with
// now and then a sample that met a bad moment.
type build struct {
	cost    float64
	noise   float64
	random  *rand.Rand
	allocs  float64
	rss     int64
	drift   func(sample int) float64 // of the machine
	samples int
}

func (b *build) sample(context.Context, Case) (Sample, error) {
	ratio := b.cost * math.Exp(b.noise*b.random.NormFloat64())
	if b.random.IntN(20) == 0 {
		ratio *= 1 + b.random.Float64()
	}
	if b.drift != nil {
		ratio *= b.drift(b.samples)
	}
	b.samples++
	return Sample{NsPerOp: 100 * ratio, ReferenceNsPerOp: 100, Ratio: ratio, AllocsPerOp: b.allocs, MaxRSSBytes: b.rss}, nil
}

var oneCase = []Case{{Workload{Name: "w1", Op: "case"}, 1000}}

func gate(t *testing.T, base, head *build) *Results {
	t.Helper()
	s := Session{Cases: oneCase, Count: 10, Head: head.sample, Base: base.sample, Tolerated: 0.10}
	r, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestGateTellsBuildsApart compares a build with itself and with a slower one a thousand times, at a noise (4 %, and a
// twentieth of the samples worse by up to 100 %) beyond that of shared machines. No false alarm is tolerated: their rate is
// below 10^-5, since the medians must differ by 10 % twice. A build that is slower by 15 % is found in 19 of 20 trials.
func TestGateTellsBuildsApart(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 1000 {
		if gate(t, &build{cost: 4, noise: 0.04, random: random}, &build{cost: 4, noise: 0.04, random: random}).Regressed() {
			t.Error("false alarm")
		}
		if gate(t, &build{cost: 4, noise: 0.02, random: random}, &build{cost: 4 * 1.15, noise: 0.02, random: random}).Regressed() {
			found++
		}
	}
	if found < 950 {
		t.Errorf("a slow-down of 15 %% was found %d times in 1000", found)
	}
}

// TestGateOnADriftingMachine lets the machine become slower by half during the comparison: both builds meet that.
func TestGateOnADriftingMachine(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	drift := func(sample int) float64 { return 1 + float64(sample)/20 }
	for range 100 {
		b := &build{cost: 4, noise: 0.02, random: random, drift: drift}
		h := &build{cost: 4, noise: 0.02, random: random, drift: drift}
		if gate(t, b, h).Regressed() {
			t.Fatal("false alarm")
		}
	}
}

// TestGateConfirms checks that a regression must be there in two measurements.
func TestGateConfirms(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	once := func(sample int) float64 {
		if sample < 10 {
			return 1.5
		}
		return 1
	}
	r := gate(t, &build{cost: 4, noise: 0.01, random: random}, &build{cost: 4, noise: 0.01, random: random, drift: once})
	if r.Regressed() || r.Comparisons[0].Verdict != Uncertain {
		t.Errorf("got %+v", r.Comparisons[0])
	}
}

// TestGateOnAllocationsAndMemory checks the other measures and that small amounts do not matter.
func TestGateOnAllocationsAndMemory(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, c := range []struct {
		what         string
		allocs       [2]float64
		rss          [2]int64
		measure      string
		wantVerdicts Verdict
	}{
		{"an allocation per case", [2]float64{0, 1}, [2]int64{1 << 26, 1 << 26}, "allocs_per_op", Regression},
		{"a few allocations in a run", [2]float64{0.0001, 0.0005}, [2]int64{1 << 26, 1 << 26}, "allocs_per_op", Same},
		{"twice the memory", [2]float64{0, 0}, [2]int64{1 << 26, 1 << 27}, "max_rss_bytes", Regression},
		{"some memory", [2]float64{0, 0}, [2]int64{1 << 24, 1<<24 + 1<<22}, "max_rss_bytes", Same},
		{"half the memory", [2]float64{0, 0}, [2]int64{1 << 27, 1 << 26}, "max_rss_bytes", Better},
	} {
		base := &build{cost: 4, noise: 0.01, random: random, allocs: c.allocs[0], rss: c.rss[0]}
		head := &build{cost: 4, noise: 0.01, random: random, allocs: c.allocs[1], rss: c.rss[1]}
		r := gate(t, base, head)
		for _, compared := range r.Comparisons {
			if compared.Measure == c.measure && compared.Verdict != c.wantVerdicts {
				t.Errorf("%s: got %s, want %s", c.what, compared.Verdict, c.wantVerdicts)
			}
		}
		var table strings.Builder
		if err := text.Render(&table, r.Document(), text.Page{Width: 200}); err != nil || !strings.Contains(table.String(), string(c.wantVerdicts)) {
			t.Errorf("%s: %v\n%s", c.what, err, &table)
		}
	}
}

// TestFewSamplesProveNothing checks that nothing is certain with less than four samples.
func TestFewSamplesProveNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for count, want := range map[int]Verdict{1: Uncertain, 3: Uncertain, 4: Regression} {
		base, head := &build{cost: 4, noise: 0.01, random: random}, &build{cost: 12, noise: 0.01, random: random}
		s := Session{Cases: oneCase, Count: count, Head: head.sample, Base: base.sample, Tolerated: 0.10}
		r, err := s.Run(t.Context())
		if err != nil || r.Comparisons[0].Verdict != want {
			t.Errorf("%d samples: got %+v, %v, want %s", count, r.Comparisons[0], err, want)
		}
	}
}

// TestSessionEndsWithTheContext and with the first error.
func TestSessionEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	taken := 0
	s := Session{Cases: oneCase, Count: 10, Head: func(context.Context, Case) (Sample, error) {
		if taken++; taken == 3 {
			cancel()
			return Sample{}, errors.New("killed")
		}
		return Sample{Ratio: 1}, nil
	}}
	r, err := s.Run(ctx)
	if !errors.Is(err, context.Canceled) || taken != 3 || !r.Partial || r.Workloads[0].Count != 2 {
		t.Errorf("%v after %d samples, %+v", err, taken, r)
	}
	broken := Session{Cases: oneCase, Count: 10, Head: func(context.Context, Case) (Sample, error) { return Sample{}, errors.New("broken") }}
	if _, err := broken.Run(t.Context()); err == nil || err.Error() != "w1=1000: broken" {
		t.Errorf("got %v", err)
	}
}

func TestReadRefusesWhatIsNotAResult(t *testing.T) {
	for content, want := range map[string]string{
		"":                   "is empty",
		"ratio":              "is not the JSON of sunrelay bench",
		`{"workloads": []}`:  `has schema ""`,
		`{"schema": "else"}`: `has schema "else"`,
		`{"schema": "sunrelay.bench/1", "workloads": [{"name": "w1", "size": 3}]}`: "has no samples of w1=3",
	} {
		if _, err := Read(strings.NewReader(content)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", content, err, want)
		}
	}
}

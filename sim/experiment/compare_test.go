package experiment

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"sunrelay/sim"
	"sunrelay/sim/metrics"
)

// oneMore is a change of small that helps: one more late agent in Dublin.
const oneMore = "centres.dublin.pools.t1.shifts.late.agents+=1"

// together runs models together.
func together(t *testing.T, workers int, models ...*sim.Model) []*Result {
	t.Helper()
	results, err := RunTogether(context.Background(), models, Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// TestTogetherIsEachAlone: models that run together have the results that each has alone, for any number of workers.
func TestTogetherIsEachAlone(t *testing.T) {
	a, b := smallModel(t), smallModel(t, oneMore)
	wantA, wantB := bytesOf(t, mustRun(t, a, 1)), bytesOf(t, mustRun(t, b, 1))
	for _, workers := range []int{1, 2, 5} {
		r := together(t, workers, a, b)
		if bytesOf(t, r[0]) != wantA || bytesOf(t, r[1]) != wantB {
			t.Errorf("%d workers: the results differ from those of each alone", workers)
		}
	}
}

// TestTogetherCancelled: all results of an interrupted run have the same replications, so that they can be paired.
func TestTogetherCancelled(t *testing.T) {
	a, b := smallModel(t, "run.replications=40"), smallModel(t, "run.replications=40", oneMore)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var arrived atomic.Int64
	r, err := RunTogether(ctx, []*sim.Model{a, b}, Options{Workers: 3, Arrived: func(n int64) {
		if arrived.Add(n) > 100_000 { // of 225,000
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, want the context's error", err)
	}
	if n := len(r[0].Replications); n == 0 || n == 40 || n != len(r[1].Replications) || !r[0].Partial || !r[1].Partial {
		t.Errorf("%d and %d replications", n, len(r[1].Replications))
	}
}

// TestEachIsEachAlone: models one after the other, with workers that go from one to the next, have the results of each
// alone, in their order.
func TestEachIsEachAlone(t *testing.T) {
	var want []string
	model := func(i int) *sim.Model {
		return smallModel(t, "run.replications=3", "run.days=7", "centres.dublin.pools.t1.shifts.early.agents="+string(rune('3'+i)))
	}
	for i := range 4 {
		want = append(want, bytesOf(t, mustRun(t, model(i), 1)))
	}
	for _, workers := range []int{1, 2, 8} {
		var got []string
		err := RunEach(context.Background(), 4, func(i int) (*sim.Model, error) { return model(i), nil },
			func(i int, r *Result) error {
				if i != len(got) {
					t.Errorf("result %d comes as number %d", i, len(got))
				}
				got = append(got, bytesOf(t, r))
				return nil
			}, Options{Workers: workers})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%d workers: the results differ from those of each alone (%v)", workers, err)
		}
	}
}

func TestEachEndsWithAnError(t *testing.T) {
	wrong := errors.New("wrong")
	good := func(int) (*sim.Model, error) { return smallModel(t, "run.replications=1", "run.days=1"), nil }
	for what, run := range map[string]func() error{
		"next": func() error {
			return RunEach(context.Background(), 3, func(int) (*sim.Model, error) { return nil, wrong }, nil, Options{})
		},
		"done": func() error {
			return RunEach(context.Background(), 3, good, func(int, *Result) error { return wrong }, Options{})
		},
	} {
		if err := run(); !errors.Is(err, wrong) {
			t.Errorf("%s: %v, want its error", what, err)
		}
	}
}

// TestFigureNamesAreUnique, since a figure is found in the other result by its name.
func TestFigureNamesAreUnique(t *testing.T) {
	for name, m := range map[string]*sim.Model{"small": smallModel(t, "run.replications=2"), "life": lifeModel(t, "run.replications=2")} {
		seen := map[string]bool{}
		for _, f := range mustRun(t, m, 2).Figures() {
			if seen[f.Name()] {
				t.Errorf("%s has the figure %s twice", name, f.Name())
			}
			seen[f.Name()] = true
			if math.IsNaN(f.Estimate.Mean) {
				t.Errorf("%s: the figure %s is unknown", name, f.Name())
			}
		}
		if len(seen) < 50 {
			t.Errorf("%s has %d figures only", name, len(seen))
		}
	}
}

// TestOneMoreAgentHelps: what the agent does at once is certain, and what he cannot do anything about is the same.
func TestOneMoreAgentHelps(t *testing.T) {
	sets := []string{"run.replications=12"}
	c := Compare(together(t, 2, smallModel(t, sets...), smallModel(t, append(sets, oneMore)...)))[0]
	for _, want := range []struct {
		name    string
		welcome int
		certain Certainty
	}{
		{"first_response", 1, Certain}, {"waited of t1 sev3", 1, Certain}, {"occupancy of dublin.t1", 0, Certain},
		{"occupancy of hague.all", 0, Open}, {"first_response of state sev1", 0, Open},
	} {
		d := differenceOf(t, c, want.name)
		if d.Welcome() != want.welcome || d.Certainty != want.certain {
			t.Errorf("%s: %v ± %v, certainty %d, welcome %d; want %d, %d", want.name, d.Estimate.Mean, d.Estimate.HalfWidth,
				d.Certainty, d.Welcome(), want.certain, want.welcome)
		}
	}
	if d := differenceOf(t, c, "occupancy of hague.all"); d.Estimate.Mean != 0 || d.Estimate.HalfWidth != 0 {
		t.Errorf("a pool that shares no case with the change differs by %v ± %v", d.Estimate.Mean, d.Estimate.HalfWidth)
	}
}

func differenceOf(t *testing.T, c Comparison, name string) *Difference {
	t.Helper()
	for i := range c.Differences {
		if c.Differences[i].Name() == name {
			return &c.Differences[i]
		}
	}
	t.Fatalf("there is no difference of %s", name)
	return nil
}

// TestNothingDiffersFromItself: no difference, none certain.
func TestNothingDiffersFromItself(t *testing.T) {
	for _, c := range Compare(together(t, 2, smallModel(t), smallModel(t), smallModel(t))) {
		for _, d := range c.Differences {
			if d.Estimate.Mean != 0 || d.Estimate.HalfWidth > 0 && d.Estimate.N == 6 && !math.IsInf(d.Estimate.HalfWidth, 1) || d.Certainty != Open {
				t.Errorf("%s differs from itself by %v ± %v", d.Name(), d.Estimate.Mean, d.Estimate.HalfWidth)
			}
		}
	}
}

// TestAgreementOfFewIsNoProof: six replications that agree on one hand-over more, or on the fate of one case each, are no proof; those
// on the fates of a thousand cases each are, and the cost follows from the scenario.
func TestAgreementOfFewIsNoProof(t *testing.T) {
	m, dear := moneyModel(t), moneyModel(t)
	dear.Scenario.Pools[t2].CostPerHour++
	of := func(m *sim.Model, handOvers int64, met bool, decided int64) *Result {
		var all []*metrics.Totals
		for range 6 {
			totals := staffed(m, 30, 10)
			totals.Pools[t1].HandOvers = handOvers
			kept := int64(0)
			if met {
				kept = decided
			}
			attain(totals, kept, decided)
			all = append(all, totals)
		}
		return NewResult(m, all...)
	}
	for _, c := range []struct {
		decided int64
		want    Certainty
	}{{1, Likely}, {1000, Certain}} {
		compared := Compare([]*Result{of(m, 2, true, c.decided), of(dear, 3, false, c.decided)})[0]
		for name, want := range map[string]Certainty{"hand-overs of main.t1": Likely, "first_response": c.want, "cost": Certain, "margin": Likely} {
			if d := differenceOf(t, compared, name); d.Certainty != want {
				t.Errorf("%d cases: %s differs by %v ± %v, certainty %d, want %d", c.decided, name, d.Estimate.Mean, d.Estimate.HalfWidth, d.Certainty, want)
			}
		}
	}
}

// TestCommonNumbersTakeNoiseAway measures the variance of differences of unpaired runs by another seed and compares it with
// the paired one: at most a tenth of it in the median, as VarianceRatio says too.
func TestCommonNumbersTakeNoiseAway(t *testing.T) {
	sets := []string{"run.replications=20"}
	a, b := smallModel(t, sets...), smallModel(t, append(sets, oneMore)...)
	unpaired := smallModel(t, append(sets, oneMore, "run.seed=99")...)
	c := Compare(together(t, 2, a, b, unpaired))
	var measured []float64
	for i, d := range c[0].Differences {
		apart := c[1].Differences[i]
		if d.Name() != apart.Name() {
			t.Fatalf("%s against %s", d.Name(), apart.Name())
		}
		if v := apart.Estimate.HalfWidth; d.Estimate.HalfWidth > 0 && v > 0 && !math.IsInf(v, 1) && !math.IsInf(d.Estimate.HalfWidth, 1) {
			measured = append(measured, math.Pow(d.Estimate.HalfWidth/v, 2))
		}
	}
	slices.Sort(measured)
	median := measured[len(measured)/2]
	t.Logf("median of %d figures: measured %.4f, from the replications alone %.4f", len(measured), median, c[0].MedianVarianceRatio())
	if median > 0.1 || c[0].MedianVarianceRatio() > 0.1 {
		t.Errorf("the variance of paired differences is %v of that of unpaired ones in the median (%v from the replications alone), want at most 0.1",
			median, c[0].MedianVarianceRatio())
	}
	if ratio := c[1].MedianVarianceRatio(); ratio < 0.5 {
		t.Errorf("runs of different seeds have a variance ratio of %v, want about 1", ratio)
	}
}

// TestFiguresOfOneAlone: what only one scenario has is there without a difference.
func TestFiguresOfOneAlone(t *testing.T) {
	c := Compare(together(t, 2, lifeModel(t), smallModel(t, "run.replications=6")))[0]
	only := 0
	for _, d := range c.Differences {
		if d.Figure.Estimate.N == 0 || d.Other.N == 0 {
			only++
			if !math.IsNaN(d.Estimate.Mean) || d.Certainty != Open {
				t.Errorf("%s: a difference of %v", d.Name(), d.Estimate.Mean)
			}
		}
	}
	if only == 0 {
		t.Error("two scenarios have the same figures")
	}
}

// TestQuantilesDifferByReplication: the quantile of all replications together moves although that of none does, as it lies
// between those of different replications. That is no difference.
func TestQuantilesDifferByReplication(t *testing.T) {
	m := moneyModel(t)
	replication := func(wait int64, touches int) *metrics.Totals {
		totals := metrics.NewTotals(m.Shape)
		for range touches {
			totals.Waits[0].Add(wait)
		}
		return totals
	}
	a := NewResult(m, replication(1000, 30), replication(5000, 20), replication(3000, 1))
	b := NewResult(m, replication(1000, 20), replication(5000, 30), replication(3000, 1))
	d := differenceOf(t, Compare([]*Result{a, b})[0], "p50 wait of "+m.Scenario.Tiers[0]+" "+m.Scenario.Severities[0].Name)
	if d.Other.Mean == d.Figure.Estimate.Mean {
		t.Fatal("the quantile of all replications does not move, so that the test shows nothing")
	}
	if math.Abs(d.Estimate.Mean) > 0.01 || d.Certainty != Open { // seconds; buckets are wider
		t.Errorf("a difference of %v ± %v, certainty %d", d.Estimate.Mean, d.Estimate.HalfWidth, d.Certainty)
	}
}

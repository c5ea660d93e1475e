package benchmarks

import (
	"math"
	"testing"

	"sunrelay/benchmarks/reference"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

// runFor runs a scenario once, without its warm-up, for about so many cases.
func runFor(t *testing.T, source scenario.Source, cases int) *experiment.Result {
	t.Helper()
	model, err := lasting(source, cases, "run.replications=1")
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiment.Run(t.Context(), model, experiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// meanWait is in minutes.
func meanWait(r *experiment.Result, tier int) float64 {
	var sum, count int64
	for s := range r.Model.Shape.Severities {
		w := r.Pooled.Waits[r.WaitRow(tier, s)]
		sum, count = sum+w.Sum, count+w.Count
	}
	return float64(sum) / float64(count) / 60_000
}

func agree(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s: got %.5f, want %.5f ± %.5f", what, got, want, tolerance)
	}
}

// TestYardsticksAreExact checks that the scenarios measured are those whose results are known. The tolerances are five
// standard errors of a run of a million cases (see the test of the reference kernels).
func TestYardsticksAreExact(t *testing.T) {
	agree(t, "w1", meanWait(runFor(t, named("mmc"), 1_000_000), 0), reference.W1MeanWait, 0.0072)
	r := runFor(t, named("w2"), 1_000_000)
	agree(t, "w2 tier 1", meanWait(r, 0), reference.W2MeanWait1, 0.0134)
	agree(t, "w2 tier 2", meanWait(r, 1), reference.W2MeanWait2, 0.118)
}

// TestByHandIsTheEngine compares the waits of the loop that is written out with those of the engine, which have to be the
// same: both serve the same cases in the same order.
func TestByHandIsTheEngine(t *testing.T) {
	r := runFor(t, named("w2"), 50_000)
	h := newByHand(r.Model)
	if err := h.run(1000, func(int) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for tier := range h.waits {
		for s := range h.waits[tier] {
			got, want := h.waits[tier][s], r.Pooled.Waits[r.WaitRow(tier, s)]
			if got.Count != want.Count || got.Sum != want.Sum {
				t.Errorf("tier %d, severity %d: %d waits of %d ms, want %d of %d", tier+1, s, got.Count, got.Sum, want.Count, want.Sum)
			}
		}
	}
}

// TestW3AgreesWithItsReference compares the scenario with the kernel, both at two million cases. The tolerances are five
// standard errors of the difference (those of the kernel, over 20 seeds, times the root of two).
func TestW3AgreesWithItsReference(t *testing.T) {
	const cases = 2_000_000
	r := runFor(t, named("w3"), cases)
	tier1, tier2, late := reference.NewW3(1).Run(cases)
	agree(t, "mean wait in tier 1", meanWait(r, 0), 60*tier1, 1.3)
	agree(t, "mean wait in tier 2", meanWait(r, 1), 60*tier2, 0.6)
	attainment := r.Attainment(sla.FirstResponse, 0, r.Model.Shape.Rows())
	agree(t, "share of late responses", 1-attainment.Mean, late, 0.015)
}

// TestNoAllocationsPerCase runs engines that have their memory: more cases allocate nothing more, but for pages of tables of
// results that the first value of their range needs. A queue has none of these.
func TestNoAllocationsPerCase(t *testing.T) {
	for name, most := range map[string]float64{"mmc": 0, "w2": 0.001, "w3": 0.001, "citrix": 0.005} {
		const cases = 40_000
		few, many := allocations(t, name, cases), allocations(t, name, 3*cases)
		if each := (many - few) / (2 * cases); each > most {
			t.Errorf("%s: %.5f allocations for each further case, want at most %v", name, each, most)
		}
	}
}

// allocations of a second run of the same replication.
func allocations(t *testing.T, name string, cases int) float64 {
	t.Helper()
	model, err := lasting(named(name), cases)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for c := range model.Components() {
		e := sim.NewEngine(model, c, sim.Options{})
		sum += testing.AllocsPerRun(1, func() {
			if _, err := e.Run(0); err != nil {
				t.Fatal(err)
			}
		})
	}
	return sum
}

// TestGeneratedScenarios checks that scenarios of scaling have the size that they are called by.
func TestGeneratedScenarios(t *testing.T) {
	model := func(text string) *sim.Model {
		t.Helper()
		m, err := sim.Load(scenario.Source{Name: "generated", Data: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, size := range []int{1, 3, 40, 1000} {
		if m := model(poolsText(size)); len(m.Scenario.Pools) != size {
			t.Errorf("%d pools, want %d", len(m.Scenario.Pools), size)
		}
	}
	for _, size := range []int{10, 100, 1000, 10_000} {
		if m := model(classesText(size)); len(m.Workload.Classes) != size {
			t.Errorf("%d classes, want %d", len(m.Workload.Classes), size)
		}
	}
	for _, size := range []int{1, 8, 64} {
		if m := model(centresText(size)); len(m.Scenario.Centres) != size || len(m.Scenario.Regions) != size {
			t.Errorf("%d centres, want %d", len(m.Scenario.Centres), size)
		}
	}
}

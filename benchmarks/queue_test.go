package benchmarks

import (
	"context"
	"syscall"
	"testing"
	"time"

	"sunrelay/benchmarks/reference"
	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/workloads/builtin"
)

// BenchmarkQueue runs the yardsticks W1 and W2 as scenario files through the whole engine, all statistics on, beside the
// bare reference loops. Product and reference take turns in one run; the ratio of their user times is what compares
// between machines.
func BenchmarkQueue(b *testing.B) {
	w1, w2 := reference.NewW1(1), reference.NewW2(1)
	b.Run("yardstick=w1", func(b *testing.B) {
		compare(b, bind(b, "mmc", "run.replications=1", "run.days=7.7"), func(cases int) { w1.Run(cases) })
	})
	b.Run("yardstick=w2", func(b *testing.B) {
		compare(b, bind(b, "scenarios/w2.yaml"), func(cases int) { w2.Run(cases) })
	})
}

// compare reports the time a case of the model on one worker and its ratio to the reference.
func compare(b *testing.B, m *sim.Model, reference func(cases int)) {
	var product, floor spent
	for b.Loop() {
		cases := product.run(b, m)
		began := userTime(b)
		reference(int(cases))
		floor.time += userTime(b) - began
	}
	product.report(b)
	b.ReportMetric(float64(floor.time)/float64(product.cases), "reference-ns/case")
	b.ReportMetric(float64(product.time)/float64(floor.time), "ratio")
}

// measure reports the time a case of the model on one worker.
func measure(b *testing.B, m *sim.Model) {
	var product spent
	for b.Loop() {
		product.run(b, m)
	}
	product.report(b)
}

// spent is user time with what was done in it.
type spent struct {
	time          time.Duration
	cases, events int64
}

func (s *spent) run(b *testing.B, m *sim.Model) (cases int64) {
	began := userTime(b)
	r, err := experiment.Run(context.Background(), m, experiment.Options{Workers: 1})
	if err != nil {
		b.Fatal(err)
	}
	s.time += userTime(b) - began
	s.cases += r.Pooled.Arrived
	s.events += r.Pooled.Events
	return r.Pooled.Arrived
}

func (s *spent) report(b *testing.B) {
	b.ReportMetric(float64(s.time)/float64(s.cases), "ns/case")
	b.ReportMetric(float64(s.time)/float64(s.events), "ns/event")
}

// userTime is what the process has spent of all processors outside the kernel.
func userTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

func bind(tb testing.TB, name string, sets ...string) *sim.Model {
	tb.Helper()
	source := scenario.Source{Name: name, Builtin: builtin.Open, BuiltinNames: builtin.Names()}
	model, err := sim.Load(source, sets...)
	if err != nil {
		tb.Fatal(err)
	}
	return model
}

// TestYardsticksAreExact checks that the scenarios measured here are those whose results are known. The tolerances are
// five standard errors of a run of about a million cases (see the test of the reference kernels).
func TestYardsticksAreExact(t *testing.T) {
	for _, c := range []struct {
		scenario  string
		sets      []string
		exact     []float64 // mean wait in minutes by tier
		tolerance []float64
	}{
		{"mmc", []string{"run.replications=1", "run.days=7.7"}, []float64{reference.W1MeanWait}, []float64{0.0072}},
		{"scenarios/w2.yaml", nil, []float64{reference.W2MeanWait1, reference.W2MeanWait2}, []float64{0.0134, 0.118}},
	} {
		r, err := experiment.Run(context.Background(), bind(t, c.scenario, c.sets...), experiment.Options{})
		if err != nil {
			t.Fatal(err)
		}
		severities := r.Model.Shape.Severities
		for tier, exact := range c.exact {
			var sum, count int64
			for s := range severities {
				w := r.Pooled.Waits[r.WaitRow(tier, s)]
				sum, count = sum+w.Sum, count+w.Count
			}
			if got := float64(sum) / float64(count) / 60_000; got < exact-c.tolerance[tier] || got > exact+c.tolerance[tier] {
				t.Errorf("%s tier %d: mean wait %.5f min, want %.5f ± %.5f", c.scenario, tier+1, got, exact, c.tolerance[tier])
			}
		}
	}
}

package experiment

import (
	"context"
	"math"
	"testing"

	"sunrelay/model/sla"
	"sunrelay/sim/stats"
)

// busyDesk is a desk where cases wait.
const busyDesk = `
severities: [normal]
regions: [world]
plans: {standard: {first_response: 1m}}
centres: {main: {pools: {t1: {agents: 3}}}}
work: {t1: {handle_time: exponential(mean 10m)}}
workload: {streams: {cases: {rate: 15/h}}}
run: {days: 1, replications: 5}
`

// TestQuantilesAreCountedOnce asks for quantiles that the result holds anyhow, and twice for another.
func TestQuantilesAreCountedOnce(t *testing.T) {
	plain, err := Run(context.Background(), loadModel(t, busyDesk), Options{})
	if err != nil {
		t.Fatal(err)
	}
	asked, err := Run(context.Background(), loadModel(t, busyDesk+"objectives: [p90 first_response <= 1m, p90 first_response of standard <= 2m, p95 resolve <= 1h, p95 resolve <= 2h]\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := plain.ElapsedQuantile(sla.FirstResponse, 0, 1, 0.9), asked.ElapsedQuantile(sla.FirstResponse, 0, 1, 0.9)
	if a.N != 5 || a.HalfWidth != b.HalfWidth || b.N != a.N {
		t.Errorf("p90 is %+v, with objectives on it %+v", a, b)
	}
	if q := asked.ElapsedQuantile(sla.Resolve, 0, 1, 0.95); q.N != 5 {
		t.Errorf("p95 of resolve rests on %d replications, want 5", q.N)
	}
}

// TestCutShort has work of up to 20 days in a run of 14: whoever is done in time is quick.
func TestCutShort(t *testing.T) {
	const slow = `
severities: [normal]
regions: [world]
plans: [standard]
centres: {main: {pools: {t1: {agents: 700}}}}
work: {t1: {handle_time: "uniform(1m, 20d)"}}
workload: {streams: {cases: {rate: 2/h}}}
run: {days: 14, replications: 5}
objectives: [p90 resolve <= 19d, p50 resolve <= 12d]
`
	for days, met := range map[string]bool{"14": false, "400": true} {
		r, err := Run(context.Background(), loadModel(t, slow, "run.days="+days), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range r.Judge() {
			if v.Met != met {
				t.Errorf("%s days: %q is met: %v (%v)", days, v.Objective.Text, v.Met, v.Estimate)
			}
		}
	}
}

// TestVerdict tells met, missed and uncertain apart, and keeps the bounds of shares within their range.
func TestVerdict(t *testing.T) {
	goal := sla.Objective{Measure: sla.Attainment, Value: 0.95}
	for _, c := range []struct {
		mean, halfWidth float64
		met, missed     bool
	}{
		{0.97, 0.01, true, false},
		{0.95, 0.004, true, false}, // within the margin
		{0.95, 0.02, false, false},
		{0.90, 0.01, false, true},
		{0.001, 0.01, false, true},
	} {
		v := verdict(goal, stats.Estimate{Mean: c.mean, HalfWidth: c.halfWidth, N: 20}, -1, 1)
		if v.Met != c.met || v.Missed != c.missed || v.Bound < 0 || v.Bound > 1 {
			t.Errorf("%v ± %v: met %v, missed %v, bound %v", c.mean, c.halfWidth, v.Met, v.Missed, v.Bound)
		}
	}
	if one := verdict(goal, stats.Estimate{Mean: 0.99, HalfWidth: math.Inf(1), N: 1}, -1, 1); one.Met || one.Missed || !math.IsNaN(one.Bound) {
		t.Errorf("one replication decides: %+v", one)
	}
	// More tests at a time ask for more: 95 % of 168 hours together.
	if all, single := oneSided(20, 168), oneSided(20, 1); !(all > single && single < 1) {
		t.Errorf("reach of one test %v, of 168 %v", single, all)
	}
}

// TestExpectedReach: with the replications of the estimate itself it is the distance of Judge's bound; with four times as many, less than half.
func TestExpectedReach(t *testing.T) {
	const objectives = `
objectives: [first_response >= 50%, occupancy <= 90%]
`
	r, err := Run(context.Background(), loadModel(t, busyDesk+objectives), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Judge() {
		want := math.Abs(v.Estimate.Mean - v.Bound)
		if got := r.ExpectedReach(v.Estimate, 5); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: reach %v, want %v", v.Objective.Text, got, want)
		}
		if got := r.ExpectedReach(v.Estimate, 20); got >= want/2 || got <= 0 {
			t.Errorf("%s: reach %v with four times the replications, %v with its own", v.Objective.Text, got, want)
		}
	}
	if got := r.ExpectedReach(stats.Estimate{HalfWidth: math.Inf(1), N: 1}, 5); !math.IsInf(got, 1) {
		t.Errorf("reach %v from one replication", got)
	}
}

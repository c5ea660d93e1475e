package experiment

import (
	"context"
	"testing"

	"sunrelay/sim"
)

// runTo runs a model to a precision.
func runTo(t *testing.T, m *sim.Model, p Precision, workers int) (*Result, *Reached) {
	t.Helper()
	r, reached, err := RunTo(context.Background(), m, p, Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return r, reached
}

// TestPrecisionIsReached: every promise with enough clocks has the half-width in the end, and had not before.
func TestPrecisionIsReached(t *testing.T) {
	m := smallModel(t, "objectives=[]", "workload.mix.severity={sev1: 0.004, sev2: 0.496, sev3: 0.5}")
	r, reached := runTo(t, m, Precision{HalfWidth: 0.02, Most: 400}, 2)
	if !reached.Done || reached.Wide != 0 || len(reached.Figures) < 5 || reached.Leftover == 0 {
		t.Fatalf("reached %v: %d too wide of %d figures, %d left over", reached.Done, reached.Wide, len(reached.Figures), reached.Leftover)
	}
	for _, f := range reached.Figures {
		if f.Estimate.HalfWidth > 0.02 {
			t.Errorf("%s is known to ± %v", f.Name(), f.Estimate.HalfWidth)
		}
	}
	if n := len(r.Replications); n <= leastReplications || n == 400 || r.Partial {
		t.Errorf("%d replications, partial %v", n, r.Partial)
	}
}

// TestPrecisionForAnyWorkers: the run ends after the same replications, with the same bytes.
func TestPrecisionForAnyWorkers(t *testing.T) {
	m := smallModel(t, "run.days=7", "objectives=[]")
	p := Precision{HalfWidth: 0.05, Most: 300}
	first, _ := runTo(t, m, p, 1)
	for _, workers := range []int{2, 7} {
		if again, _ := runTo(t, m, p, workers); bytesOf(t, again) != bytesOf(t, first) {
			t.Errorf("%d workers: another result, %d replications against %d", workers, len(again.Replications), len(first.Replications))
		}
	}
}

func TestPrecisionIsNotReached(t *testing.T) {
	r, reached := runTo(t, smallModel(t, "run.days=3"), Precision{HalfWidth: 0.0001, Most: 12}, 2)
	if reached.Done || reached.Wide == 0 || len(r.Replications) != 12 || reached.Widest < 0 {
		t.Errorf("reached %v after %d replications", reached.Done, len(r.Replications))
	}
}

// TestPrecisionOfObjectives: objectives alone count where there are some, times relative to their value.
func TestPrecisionOfObjectives(t *testing.T) {
	m := smallModel(t, "run.days=7", "objectives=[mean first_response of gold <= 1d, first_response of gold each week >= 10%, first_response of gold >= 20%]")
	_, reached := runTo(t, m, Precision{HalfWidth: 0.1, Most: 300}, 2)
	if len(reached.Figures) != 2 || !reached.Done {
		t.Fatalf("%d figures, want 2, reached %v", len(reached.Figures), reached.Done)
	}
	mean := reached.Figures[0]
	if mean.Name() != "mean first_response of gold" || mean.Estimate.HalfWidth > 0.1*mean.Estimate.Mean {
		t.Errorf("%s: %v ± %v", mean.Name(), mean.Estimate.Mean, mean.Estimate.HalfWidth)
	}
}

// lateAnswers is a queue whose customers take a week to answer: it needs weeks to fill.
const lateAnswers = `
name: late
severities: [normal]
regions: [here]
plans: {all: {first_response: 1h}}
centres: {main: {pools: {t1: {agents: 6}}}}
work: {t1: {handle_time: exponential(mean 10m), touches: 2, question: 1, answer_after: exponential(mean 7d)}}
workload: {streams: {cases: {rate: 12/h}}}
run: {days: 28, replications: 10}
`

// TestWarmUpCheck tells a run that begins with empty desks from one that has warmed up.
func TestWarmUpCheck(t *testing.T) {
	if lacks := mustRun(t, loadModel(t, lateAnswers), 2).CheckWarmUp(); len(lacks) == 0 || lacks[0].Of != "open cases" || lacks[0].Lack.Mean < 0.3 {
		t.Errorf("without a warm-up: %+v", lacks)
	}
	if lacks := mustRun(t, loadModel(t, lateAnswers, "run.warm_up=8w"), 2).CheckWarmUp(); len(lacks) > 0 {
		t.Errorf("after 8 weeks: %+v", lacks)
	}
	if lacks := mustRun(t, loadModel(t, lateAnswers, "run.days=10"), 2).CheckWarmUp(); lacks != nil {
		t.Errorf("a run of ten days has nothing to compare: %+v", lacks)
	}
}

// TestWarmUpFalseAlarms runs a queue in its steady state with 300 seeds. Alarms have at most the promised probability of
// 1 %: more than 11 have a probability of 1e-4.
func TestWarmUpFalseAlarms(t *testing.T) {
	const queue = `
name: queue
severities: [normal]
regions: [here]
plans: {all: {first_response: 1h}}
centres: {main: {pools: {t1: {agents: 3}}}}
work: {t1: {handle_time: exponential(mean 2h)}}
workload: {streams: {cases: {rate: 1.2/h}}}
run: {days: 14, warm_up: 2w, replications: 10}
`
	alarms := 0
	for seed := range 300 {
		m := loadModel(t, queue, "run.seed="+string(rune('0'+seed/100))+string(rune('0'+seed/10%10))+string(rune('0'+seed%10)))
		alarms += min(1, len(mustRun(t, m, 2).CheckWarmUp()))
	}
	t.Logf("%d alarms in 300 runs", alarms)
	if alarms > 11 {
		t.Errorf("%d alarms in 300 runs, want about 3 at most", alarms)
	}
}

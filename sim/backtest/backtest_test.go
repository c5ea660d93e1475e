package backtest

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/workloads"
	"sunrelay/workloads/fit"
	"sunrelay/workloads/rng"
	"sunrelay/workloads/trace"
)

const desk = `
severities: [normal]
regions: {customers: {zone: UTC}}
plans: {standard: {first_response: 1h}}
centres: {desk: {pools: {t1: {agents: 6}}}}
work: {t1: {handle_time: exponential(mean 12m), touches: 2, question: 1, answer_after: exponential(mean 1d)}}
workload:
  streams: {cases: {rate: 350/week, profile: {weekdays: [5, 5, 5, 5, 5, 1, 1]}, busy_day: 20}}
run: {start: 2026-01-05, days: 120, replications: 1000}
`

func load(t *testing.T, sets ...string) *sim.Model {
	t.Helper()
	m, err := sim.Load(scenario.Source{Name: "-", Stdin: strings.NewReader(desk), Zone: calendar.EmbeddedZones().Location}, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// recorded are 60 days of a replication that the check does not use, simulated to their end.
func recorded(t *testing.T, m *sim.Model) *Recorder {
	t.Helper()
	first := int(m.Scenario.Start / calendar.Instant(calendar.Day))
	r := &Recorder{zone: time.UTC, from: first, most: 60}
	watch := &closings{open: map[rng.Key]calendar.Instant{}, to: r}
	if _, err := sim.NewEngine(m, 0, sim.Options{Observer: watch}).Run(Replications + 7); err != nil {
		t.Fatal(err)
	}
	return r
}

// closings records cases when they close, up to the end; 0 = that of the run.
type closings struct {
	open map[rng.Key]calendar.Instant
	to   *Recorder
	end  calendar.Instant
}

func (c *closings) Observe(e sim.Event) {
	if c.end != 0 && e.At >= c.end {
		return
	}
	switch e.Kind {
	case sim.Arrived:
		c.open[e.Case] = e.At
	case sim.Closed:
		c.to.Add(&trace.Case{Opened: c.open[e.Case], Resolved: e.At, Closed: trace.NoTime, Met: -1})
		delete(c.open, e.Case)
	}
}

// nothing is the words of a case that says nothing.
var nothing = [trace.Plan + 1]int32{trace.Severity: -1, trace.Channel: -1, trace.Region: -1, trace.Language: -1, trace.Plan: -1}

// known is a fit without errors.
var known = &fit.Result{Log: &trace.Log{}, Arrivals: &fit.Arrivals{}}

// TestRun checks a scenario against its own cases: fewer than 47 of 60 days within 90 % intervals come by chance once in 700 times.
func TestRun(t *testing.T) {
	m := load(t)
	got, err := Run(context.Background(), m, known, recorded(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Days) != 60 || got.Inside < 47 || got.Weekdays != 44 || got.ResolutionDistance > 0.04 || got.ProfileDistance > 1.3*got.ProfileUsual {
		t.Errorf("%d of %d days inside, %d weekdays, times off by %g, hours by %g (usual %g)", got.Inside, len(got.Days), got.Weekdays,
			got.ResolutionDistance, got.ProfileDistance, got.ProfileUsual)
	}
	if !math.IsNaN(got.Met) {
		t.Errorf("promises kept are %g, want unknown", got.Met)
	}
}

// TestRunWrong checks that wrong scenarios are found out.
func TestRunWrong(t *testing.T) {
	r := recorded(t, load(t))
	got, err := Run(context.Background(), load(t, "workload.streams.cases.rate=600/week", "work.t1.answer_after=exponential(mean 5d)",
		"workload.streams.cases.profile.weekdays=[1,1,1,1,1,1,1]"), known, r)
	if err != nil {
		t.Fatal(err)
	}
	if got.Inside > 40 || got.ResolutionDistance < 0.1 || got.ProfileDistance < got.ProfileUsual || got.Recorded > got.Low {
		t.Errorf("%d days inside, times off by %g, hours by %g (usual %g), %g cases where %g are the least", got.Inside, got.ResolutionDistance,
			got.ProfileDistance, got.ProfileUsual, got.Recorded, got.Low)
	}
}

// TestEstimated checks that 90 % intervals hold about 90 % of the days that follow where the fit rests on three weeks: of 40 logs with
// 560 days the standard deviation is 2 %, as days of a log share its errors. An ordinary log has an
// unusual day with the chance 1 %, about: more than 4 come by chance once in 5000 times.
func TestEstimated(t *testing.T) {
	const logs, fitted, after = 40, 21, 14
	first := int(load(t).Scenario.Start / calendar.Instant(calendar.Day))
	source := load(t, "run.replications=1000")
	inside, days, unusual := 0, 0, 0
	for log := range logs {
		collector, held := fit.NewCollector(time.UTC), &Recorder{zone: time.UTC, from: first + fitted, most: after}
		block := make([]workloads.Case, workloads.BlockSize)
		arriving := source.Workload.Source(0, log+Replications)
		for n := arriving.Fill(block); n > 0; n = arriving.Fill(block) {
			for _, c := range block[:n] {
				k := &trace.Case{Words: nothing, Opened: c.At, Response: trace.NoTime, Resolved: trace.NoTime, Closed: trace.NoTime, Due: trace.NoTime, Met: -1}
				if c.At < source.Scenario.Start.Add(fitted*calendar.Day) {
					collector.Add(k)
				} else {
					held.Add(k)
				}
			}
		}
		result, err := collector.Fit(&trace.Log{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := sim.Load(scenario.Source{Name: "-", Stdin: strings.NewReader(result.Scenario("a log")), Zone: calendar.EmbeddedZones().Location},
			"run.start="+fit.Date(first+fitted), "run.days=14", "run.warm_up=0", "run.replications=1000")
		if err != nil {
			t.Fatal(err)
		}
		out := &Result{}
		if err := out.arrivals(context.Background(), m.Workload, result.Arrivals, held); err != nil {
			t.Fatal(err)
		}
		unusual += len(result.Arrivals.Unusual)
		inside, days = inside+out.Inside, days+len(out.Days)
	}
	if share := float64(inside) / float64(days); days != logs*after || share < 0.86 || share > 0.95 {
		t.Errorf("90 %% intervals hold %d of %d days", inside, days)
	}
	if unusual > 4 {
		t.Errorf("%d days of %d logs are called unusual", unusual, logs)
	}
}

// TestPromise checks the share that is resolved within the target: that of the scenario's own cases lies within its interval, that of
// slower customers does not.
func TestPromise(t *testing.T) {
	target := "plans.standard.resolve=1d"
	r := recorded(t, load(t))
	right, err := Run(context.Background(), load(t, target), known, r)
	if err != nil {
		t.Fatal(err)
	}
	if p := right.Promise; !p.Inside() || p.Low <= 0.4 || p.High >= 0.9 || p.High-p.Low > 0.1 {
		t.Errorf("recorded %g, simulated %g, interval %g to %g", p.Recorded, p.Simulated, p.Low, p.High)
	}
	for _, q := range right.Resolution {
		if q.Probability > 0.5 && (!q.Inside() || q.High > 2*q.Low) { // half of the cases need one touch, so that the middle is anywhere
			t.Errorf("p%g recorded %g, interval %g to %g", 100*q.Probability, q.Recorded, q.Low, q.High)
		}
	}
	wrong, err := Run(context.Background(), load(t, target, "work.t1.answer_after=exponential(mean 2d)"), known, r)
	if err != nil {
		t.Fatal(err)
	}
	if wrong.Promise.Inside() || wrong.Resolution[4].Inside() {
		t.Errorf("slower customers are not found out: %+v, %+v", wrong.Promise, wrong.Resolution[4])
	}
}

// TestMixes compares mixes of 400 cases: one as fitted, one of which a tenth has changed, which is three times as much as usual.
func TestMixes(t *testing.T) {
	fitted := &fit.Result{Log: &trace.Log{}, Arrivals: &fit.Arrivals{}}
	for _, role := range []trace.Role{trace.Severity, trace.Channel} {
		fitted.Log.Values[role] = []string{"a", "b"}
		fitted.Mixes[role] = []fit.Share{{Value: "b", Cases: 900, Part: fit.Estimate{Value: 0.9}}, {Value: "a", Cases: 100, Part: fit.Estimate{Value: 0.1}}}
	}
	r := NewRecorder(time.UTC, 0)
	for i := range 400 {
		c := &trace.Case{Words: nothing, Resolved: trace.NoTime, Closed: trace.NoTime, Met: -1}
		c.Words[trace.Severity], c.Words[trace.Channel] = 1, 1
		if i%10 == 0 {
			c.Words[trace.Severity] = 0
		}
		if i%5 == 0 {
			c.Words[trace.Channel] = 0
		}
		r.Add(c)
	}
	var out Result
	out.mixes(fitted, r)
	if len(out.Mixes) != 2 || out.Mixes[0].Shares[0] != (MixShare{"b", 0.9, 0.9}) {
		t.Fatalf("mixes %+v", out.Mixes)
	}
	if same, changed := out.Mixes[0], out.Mixes[1]; same.Distance > 1e-9 || math.Abs(changed.Distance-0.1) > 1e-9 ||
		changed.Distance < 2*changed.Usual || changed.Usual < 0.02 {
		t.Errorf("mixes %+v", out.Mixes)
	}
}

// TestUsualOfTwo: the shares of two values differ by the same, so that the distance is that of either, which is normal: 95 % of pairs stay
// within 1.96 standard errors (4000 draws tell the quantile to 2 % in one standard error).
func TestUsualOfTwo(t *testing.T) {
	want := 1.96 * math.Sqrt(0.3*0.7*(1./1000+1./400))
	if got := usual([]float64{980, 420}, 1000, 400); math.Abs(got/want-1) > 0.08 {
		t.Errorf("usual is a distance of %g, want %g", got, want)
	}
}

// TestDistance compares with the CDFs at every value and just before it.
func TestDistance(t *testing.T) {
	never := math.Inf(1)
	for _, c := range []struct {
		a, b  []float64
		limit float64
		want  float64
	}{
		{[]float64{1, 1, 1, 1}, []float64{1, 1}, 10, 0}, {[]float64{1, 2, 3, 4}, []float64{1, 2, 3, 4}, 10, 0},
		{[]float64{7}, []float64{5}, 10, 1}, {[]float64{7}, []float64{5}, 6, 1}, {[]float64{7}, []float64{5}, 4, 0},
		{[]float64{1, never}, []float64{1, 2, 3, never}, 10, 0.25}, {[]float64{1, 2, 2, never}, []float64{2, 2}, 10, 0.25},
		{[]float64{3, never, never, never}, []float64{1, 2, 4, never}, 10, 0.5},
	} {
		if got, back := distance(c.a, c.b, c.limit), distance(c.b, c.a, c.limit); math.Abs(got-c.want) > 1e-12 || got != back {
			t.Errorf("%v and %v are %g apart, and %g the other way, want %g", c.a, c.b, got, back, c.want)
		}
	}
}

// TestLogThatEnds: of a log that ends with its last day many cases are open. The scenario that they are from is right all the same.
func TestLogThatEnds(t *testing.T) {
	slow := "work.t1.answer_after=exponential(mean 5d)"
	m := load(t, slow)
	cut := &Recorder{zone: time.UTC, from: int(m.Scenario.Start / calendar.Instant(calendar.Day)), most: 20}
	watch := &closings{open: map[rng.Key]calendar.Instant{}, to: cut, end: m.Scenario.Start.Add(20 * calendar.Day)}
	if _, err := sim.NewEngine(m, 0, sim.Options{Observer: watch}).Run(Replications + 7); err != nil {
		t.Fatal(err)
	}
	for _, at := range watch.open {
		cut.Add(&trace.Case{Opened: at, Resolved: trace.NoTime, Closed: trace.NoTime, Met: -1})
	}
	got, err := Run(context.Background(), load(t, slow, "run.days=80"), known, cut)
	if err != nil {
		t.Fatal(err)
	}
	if len(watch.open) < 100 || got.ResolutionDistance > 0.05 {
		t.Errorf("%d cases are open, times are off by %g", len(watch.open), got.ResolutionDistance)
	}
}

// TestLogWithoutEnds: of a log that tells no ends nothing is said of times to resolve.
func TestLogWithoutEnds(t *testing.T) {
	r := recorded(t, load(t))
	for i := range r.resolution {
		r.resolution[i] = math.Inf(1)
	}
	got, err := Run(context.Background(), load(t, "plans.standard.resolve=1d"), known, r)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Resolution) > 0 || !math.IsNaN(got.ResolutionDistance) || !math.IsNaN(got.Promise.Recorded) {
		t.Errorf("times to resolve are off by %g, quantiles %v, promise %+v", got.ResolutionDistance, got.Resolution, got.Promise)
	}
}

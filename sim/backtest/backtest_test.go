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

// closings records cases when they close.
type closings struct {
	open map[rng.Key]calendar.Instant
	to   *Recorder
}

func (c *closings) Observe(e sim.Event) {
	switch e.Kind {
	case sim.Arrived:
		c.open[e.Case] = e.At
	case sim.Closed:
		c.to.Add(&trace.Case{Opened: c.open[e.Case], Resolved: e.At, Closed: trace.NoTime, Met: -1})
	}
}

// TestRun checks a scenario against its own cases: fewer than 47 of 60 days within 90 % intervals come by chance once in 700 times.
func TestRun(t *testing.T) {
	m := load(t)
	got, err := Run(context.Background(), m, recorded(t, m))
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
		"workload.streams.cases.profile.weekdays=[1,1,1,1,1,1,1]"), r)
	if err != nil {
		t.Fatal(err)
	}
	if got.Inside > 40 || got.ResolutionDistance < 0.1 || got.ProfileDistance < got.ProfileUsual || got.Recorded > got.Low {
		t.Errorf("%d days inside, times off by %g, hours by %g (usual %g), %g cases where %g are the least", got.Inside, got.ResolutionDistance,
			got.ProfileDistance, got.ProfileUsual, got.Recorded, got.Low)
	}
}

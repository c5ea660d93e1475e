package sim

import (
	"fmt"
	"slices"
	"testing"

	"sunrelay/workloads/rng"
)

// tally counts what waits for each set of pools by the events of a replication, and compares at every full hour.
type tally struct {
	t       *testing.T
	engine  *Engine
	model   *Model
	waiting map[string]int // by pools
	most    int
}

func (y *tally) Follows(rng.Key, EventKind) bool { return true }

func (y *tally) Observe(e Event) {
	if e.Kind != Entered && e.Kind != Left {
		return
	}
	var pools []int
	for p := range y.model.Scenario.Pools {
		if y.model.Scenario.Eligible(y.model.Workload.Classes[e.Class], e.Tier, p) {
			pools = append(pools, p)
		}
	}
	if e.Kind == Entered {
		y.waiting[fmt.Sprint(pools)]++
	} else {
		y.waiting[fmt.Sprint(pools)]--
	}
}

func (y *tally) CloseBooks(b Books) {
	got := map[string]int{}
	for g, pools := range y.model.Groups() {
		n := y.engine.CountWaiting(g, 1<<30)
		got[fmt.Sprint(pools)] += n
		y.most = max(y.most, n)
		if limited := y.engine.CountWaiting(g, 3); limited != min(n, 3) {
			y.t.Fatalf("%v: %d of %d wait with a limit of 3", b.At.Time(), limited, n)
		}
	}
	for pools, want := range y.waiting {
		if got[pools] != want {
			y.t.Fatalf("%v: %d wait for %s, want %d", b.At.Time(), got[pools], pools, want)
		}
	}
}

// TestCountWaiting compares the count with that of all events, where tiers and languages share pools and work piles up.
func TestCountWaiting(t *testing.T) {
	m := bindText(t, `
severities: [urgent, normal]
languages: [en, de]
regions: {world: {languages: {en: 0.6, de: 0.4}}}
plans: {standard: {first_response: {urgent: 15m, normal: 4h}}}
centres: {main: {pools: {english: {languages: en, tiers: t1, agents: 2}, both: {tiers: t1, agents: 2}, second: {tiers: t2, agents: 1}}}}
work: {t1: {handle_time: exponential(mean 30m), escalation: 40%}, t2: {handle_time: exponential(mean 1h)}}
workload: {streams: {cases: {rate: 7/h, mix: {severity: {urgent: 20%, normal: 80%}}}}}
run: {days: 5, replications: 1}
`)
	for component := range m.Components() {
		y := &tally{t: t, model: m, waiting: map[string]int{}}
		y.engine = NewEngine(m, component, Options{Observer: y, Ledger: y})
		if _, err := y.engine.Run(0); err != nil {
			t.Fatal(err)
		}
		if y.most < 100 {
			t.Errorf("at most %d wait, want a backlog that grows", y.most)
		}
	}
	if groups := m.Groups(); !slices.ContainsFunc(groups, func(g []int) bool { return slices.Equal(g, []int{0, 1}) }) {
		t.Errorf("groups %v, want one of the first two pools", groups)
	}
}

package scenario

import (
	"slices"
	"testing"
)

func TestHoldsWholeNumber(t *testing.T) {
	for path, want := range map[string]bool{
		"centres.dublin.pools.t1.agents": true, "centres.dublin.pools.t1.shifts.day.agents": true, "run.replications": true,
		"centres.dublin.pools.t1.shrinkage": false, "work.t1.touches": false, "routing.rule": false, "run": false,
		"plans.gold.first_response.high": false, "nothing.like.it": false,
	} {
		if got := HoldsWholeNumber(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

func TestCompletePath(t *testing.T) {
	source := Source{Name: "desk.yaml", Data: []byte(`
severities: [high, low]
regions: [here]
plans: {gold: {first_response: 10m}}
centres: {main: {pools: {t1: {agents: 4}, t2: {agents: 1}}}}
`)}
	for prefix, want := range map[string][]string{
		"rou":                      {"routing."},
		"centres.":                 {"centres.main."},
		"centres.main.pools.t":     {"centres.main.pools.t1.", "centres.main.pools.t2."},
		"centres.main.pools.t1.ag": {"centres.main.pools.t1.agents"},
		"run.se":                   {"run.seed"},
		"centres.nowhere.":         {"centres.nowhere.assumed", "centres.nowhere.zone", "centres.nowhere.calendar", "centres.nowhere.region", "centres.nowhere.pay.", "centres.nowhere.pools."},
		"nothing.":                 nil,
	} {
		if got := CompletePath(source, prefix); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", prefix, got, want)
		}
	}
	if got := CompletePath(Source{Name: "no such file.yaml"}, "run."); got != nil {
		t.Errorf("without a scenario: %q", got)
	}
}

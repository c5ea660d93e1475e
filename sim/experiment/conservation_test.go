package experiment

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sunrelay/model"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/sim/routing"
)

// TestConservation audits random small organisations under every rule. The engine checks conservation of cases, clocks
// and waits (Little's law) itself and returns an error.
func TestConservation(t *testing.T) {
	for _, rule := range routing.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				text := randomScenario(t, rule.Name)
				m, err := tryModel(text)
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				auditRun(t, m, rule, text)
			})
		})
	}
}

// TestSmallIsConserved audits the small organisation, without absence.
func TestSmallIsConserved(t *testing.T) {
	for _, rule := range routing.Rules {
		m := smallModel(t, "routing.rule="+rule.Name, "centres.dublin.pools.t1.shrinkage=0", "run.warm_up=0")
		auditRun(t, m, rule, "small.yaml")
	}
}

// failer is what testing.T and rapid.T have in common.
type failer interface {
	Fatalf(format string, arguments ...any)
}

// auditRun simulates one replication of every component under audit.
func auditRun(t failer, m *sim.Model, rule routing.Rule, text string) {
	for component := range m.Components() {
		a := newAudit(m, rule)
		totals, err := sim.NewEngine(m, component, sim.Options{Observer: a}).Run(0)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		a.finish(m.Scenario.End)
		a.compare(totals)
		if len(a.problems) > 0 {
			t.Fatalf("%s\n%s", strings.Join(a.problems, "\n"), text)
		}
	}
}

// compare checks the totals of a replication without warm-up.
func (a *audit) compare(t *metrics.Totals) {
	var outcomes [model.Outcomes]int64
	var sum int64
	for row := range t.Outcomes {
		for o, n := range t.Outcomes[row] {
			outcomes[o] += n
			sum += n
		}
	}
	var busy int64
	for p := range t.Pools {
		busy += t.Pools[p].Total().Busy
	}
	for _, c := range []struct {
		what      string
		got, want int64
	}{
		{"cases arrived", t.Arrived, int64(a.arrived)},
		{"outcomes", sum, int64(a.arrived)},
		{"open cases", outcomes[model.Open], int64(len(a.cases))},
		{"closed cases", sum - outcomes[model.Open], int64(a.closed)},
		{"busy milliseconds", busy, int64(a.busy)},
	} {
		if c.got != c.want {
			a.fail("%d %s, want %d", c.got, c.what, c.want)
		}
	}
}

// randomScenario is a small organisation: a few days of a few cases an hour. One pool may work everything, so that every
// case has a chance; the others are random.
func randomScenario(t *rapid.T, rule string) string {
	var b strings.Builder
	line := func(format string, arguments ...any) { fmt.Fprintf(&b, format+"\n", arguments...) }
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	line("name: random")
	line("severities: {sev1: {interrupts: %s}, sev2: {interrupts: %s}, sev3: {}}", pick("interrupts 1", "true", "false"), pick("interrupts 2", "true", "false"))
	line("languages: {en: {}, de: {fallback: en}}")
	line("channels:")
	line("  web: {responds: %s}", pick("responds", "at_start", "at_end"))
	line("  phone: {patience: %s%s}", pick("patience", "exponential(mean 3m)", "constant(0)", "constant(5m)"), pick("room", "", ", max_waiting: 0", ", max_waiting: 2"))
	line("regions:\n  east: {zone: Asia/Kolkata, languages: {en: 0.6, de: 0.4}}\n  west: {zone: America/New_York, languages: en}")
	line("plans:")
	line("  gold: {first_response: %s, resolve: %s}", pick("response", "15m", "none", "1bd"), pick("resolve", "none", "4h", "2bh"))
	line("  silver: {coverage: {clock: always, follow_the_sun: %s}, first_response: {sev1: 5m, default: 1h}}", pick("sun", "true", "false"))
	line("centres:\n  main: {pools: {all: {tiers: [t1, t2], %s}}}", randomDuty(t, "main", 1))
	for i := range rapid.IntRange(0, 2).Draw(t, "centres") {
		name := fmt.Sprintf("centre%d", i)
		line("  %s:\n    zone: %s\n    region: %s\n    pools:", name, pick("zone", "UTC", "Asia/Kolkata", "America/New_York"), pick("region", "east", "west"))
		for j := range rapid.IntRange(1, 2).Draw(t, "pools") {
			line("      pool%d: {tiers: %s, languages: %s, %s}", j, pick("tiers", "[t1]", "[t2]", "[t1, t2]"), pick("languages", "[en]", "[en, de]"), randomDuty(t, name, 0))
		}
	}
	line("work:")
	for _, tier := range []string{"t1", "t2"} {
		line("  %s:\n    handle_time: %s\n    touches: %s", tier, pick("handle", "exponential(mean 20m)", "constant(0)", "constant(10m)", "uniform(1ms, 1h)"), pick("touches", "1", "1.5", "3"))
		line("    question: %s\n    answered: %s\n    answer_after: %s", pick("question", "0", "0.5", "1"), pick("answered", "1", "0.7"), pick("answer", "exponential(mean 2h)", "constant(0)", "constant(5m)"))
		next := map[string]string{"t1": "t2", "t2": "t1"}[tier]
		line("    escalation: {%s: %s}", next, pick("escalation", "0.2", "0.5"))
	}
	line("routing: {rule: %s, rereading: {sev1: %s}}", rule, pick("rereading", "0", "5m"))
	line("workload:\n  mix: {plan: {gold: 0.5, silver: 0.5}, severity: {sev1: 0.2, sev2: 0.3, sev3: 0.5}, channel: {web: 0.5, phone: 0.5}}\n  streams:")
	line("    east: {region: east, rate: %d/day}", rapid.IntRange(1, 120).Draw(t, "east"))
	line("    west: {region: west, rate: %d/day, tier: %s}", rapid.IntRange(1, 120).Draw(t, "west"), pick("tier", "t1", "t2"))
	if rapid.Bool().Draw(t, "regular") {
		line("    regular: {region: west, interarrival: constant(10m)}")
	}
	line("run: {start: %s, days: 3, replications: 1, seed: %d}", pick("start", "2026-01-05", "2026-03-07", "2026-10-31T12:00:00Z"), rapid.IntRange(0, 1_000_000).Draw(t, "seed"))
	return b.String()
}

// randomDuty is the rest of a pool: heads around the clock or in one or two shifts, perhaps over midnight, and what happens
// at their ends.
func randomDuty(t *rapid.T, label string, least int) string {
	end := rapid.SampledFrom([]string{
		"at_shift_end: finish", "at_shift_end: hand_over", "at_shift_end: finish, max_overtime: 10m", "at_shift_end: finish, max_overtime: 0",
	}).Draw(t, label+" shift end")
	heads := rapid.IntRange(least, 3)
	if rapid.Bool().Draw(t, label+" always open") {
		return fmt.Sprintf("%s, agents: %d", end, heads.Draw(t, label+" agents"))
	}
	var shifts []string
	for i := range rapid.IntRange(1, 2).Draw(t, label+" shifts") {
		shifts = append(shifts, fmt.Sprintf(`s%d: {agents: %d, start: "%02d:00", length: %dh}`, i, heads.Draw(t, label+" heads"),
			rapid.IntRange(0, 23).Draw(t, label+" start"), rapid.SampledFrom([]int{1, 8, 12, 24}).Draw(t, label+" length")))
	}
	return fmt.Sprintf("%s, shifts: {%s}", end, strings.Join(shifts, ", "))
}

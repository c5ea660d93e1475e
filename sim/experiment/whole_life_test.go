package experiment

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sunrelay/model"
	"sunrelay/sim"
	"sunrelay/sim/routing"
)

// TestWholeLifeIsConserved simulates random organisations in which everything may happen to a case, under every rule. The
// engine itself checks that no case, clock, wait or agent's time is lost or counted twice and returns an error; each case
// has one outcome.
func TestWholeLifeIsConserved(t *testing.T) {
	for _, rule := range routing.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				text := wholeLife(t, rule.Name)
				m, err := tryModel(text)
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				checkOutcomes(t, m, text)
			})
		})
	}
}

// checkOutcomes simulates one replication of every component.
func checkOutcomes(t failer, m *sim.Model, text string) {
	for component := range m.Components() {
		totals, err := sim.NewEngine(m, component, sim.Options{}).Run(0)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		var cases, open int64
		for row := range totals.Outcomes {
			for outcome, n := range totals.Outcomes[row] {
				if n < 0 {
					t.Fatalf("%d cases are %v\n%s", n, model.Outcome(outcome), text)
				}
				cases += n
			}
			open += totals.Outcomes[row][model.Open]
		}
		if m.Scenario.Origin == m.Scenario.Start && (cases != totals.Arrived || open != totals.OpenAtEnd) {
			t.Fatalf("%d outcomes of %d cases, %d open of %d\n%s", cases, totals.Arrived, open, totals.OpenAtEnd, text)
		}
	}
}

// wholeLife is a small organisation with a random choice of everything that a scenario can say of the life of a case.
func wholeLife(t *rapid.T, rule string) string {
	var b strings.Builder
	line := func(format string, arguments ...any) { fmt.Fprintf(&b, format+"\n", arguments...) }
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, "pick") }
	line("name: whole_life")
	line("severities: {sev1: {interrupts: %s, calls_in: %s}, sev2: {calls_in: %s}, sev3: {}}", pick("true", "false"), pick("true", "false"), pick("true", "false"))
	line("languages: {en: {}, de: {fallback: en}}")
	line("calendars: {office: {zone: Europe/Berlin, hours: mon-fri 08:00-17:00}}")
	line("channels:\n  web: {responds: %s}\n  chat: {}\n  phone: {patience: %s, callback: %s%s}", pick("at_start", "at_end"), pick("exponential(mean 3m)", "constant(0)"), pick("0", "0.5", "1"), pick("", ", max_waiting: 2"))
	line("regions: {world: {calendar: office, languages: {en: 0.7, de: 0.3}}}")
	line("management:\n  phone: {share: %s, after: exponential(mean 2h), handle_time: constant(10m)}\n  mail: {share: 0.1, after: constant(1d), handle_time: constant(5m), tier: t2}", pick("0", "0.3"))
	line("plans:\n  gold:")
	line("    coverage: {default: %s, sev1: always}", pick("always", "region"))
	line("    promised_languages: %s", pick("[en]", "[en, de]"))
	line("    channels: {default: [web, chat, phone], sev1: %s}", pick("[phone]", "[web, chat, phone]"))
	line("    first_response: {sev1: 15m, default: %s}", pick("2h", "4bh", "none"))
	line("    next_response: %s", pick("none", "1h", "{sev1: 30m, default: 1bd}"))
	line("    update: {sev1: %s, sev2: %s, sev3: %s}", pick("none", "2h", "4bh"), pick("1d", "1/bd", "2/week"), pick("on_status_change", "none"))
	line("    update_restored: %s", pick("none", "2d"))
	line("    restore: %s\n    resolve: %s", pick("none", "6h", "{sev1: 4h, default: 2bd}"), pick("none", "8h", "5bd"))
	line("    fix: {engineering: %s}\n    rma_dispatch: {depot: 1bd}\n    rma_return: {depot: 5bd}", pick("none", "5d"))
	line("    manager_contact: {phone: 1h, mail: 0bd}")
	line("    pauses: %s", pick("[]", "[resolve]", "[update, resolve, restore, manager_contact]"))
	line("    severity_changes: %s", pick("either", "lower", "raise", "none"))
	line("    contact_attempts: %s\n    attempt_every: %s", pick("1", "3"), pick("1bd", "2h"))
	line("    reopen_within: %s\n    splits_issues: %s", pick("0", "1d", "30d"), pick("true", "false"))
	line("    engineer: %s", pick("{who: anybody}", "{who: named}", "{who: named, wait: 30m}", "{who: last, wait: 10m}"))
	line("  silver: {first_response: 1h, contact_attempts: 2}")
	line("centres:\n  main: {pools: {all: {tiers: [t1, t2], %s}}}", severalSeats(t))
	line("  other:\n    pools:\n      t1: {tiers: [t1], languages: [en], activities: %s, at_shift_end: %s, max_overtime: 30m, shifts: {day: {agents: %d, start: \"08:00\", length: 10h, waves: %s, breaks: {lunch: {after: 3h, length: 30m}, tea: {after: 7h, length: 10m}}}}}",
		pick("0", "0.2"), pick("finish", "hand_over"), rapid.IntRange(0, 4).Draw(t, "agents"), pick("1", "2", "3"))
	line("      t2: {tiers: [t2], channels: [web, phone], shrinkage: %s, shifts: {night: {agents: %d, start: \"20:00\", length: 8h, on_call: 20m}, day: {agents: 1, start: \"06:00\", length: 8h}}}",
		pick("0", "0.3"), rapid.IntRange(0, 2).Draw(t, "on call"))
	line("work:")
	for _, tier := range []string{"t1", "t2"} {
		line("  %s:\n    handle_time: %s\n    touches: %s", tier, pick("exponential(mean 20m)", "constant(0)", "\"uniform(1ms, 1h)\""), pick("1", "1.5", "3"))
		line("    question: %s\n    answered: %s\n    answer_after: %s\n    answer_clock: %s", pick("0", "0.5", "1"), pick("1", "0.7", "0"), pick("exponential(mean 2h)", "constant(0)", "exponential(mean 2d)"), pick("always", "region"))
		line("    update_time: %s\n    restored: %s\n    lowered: %s\n    raised: %s", pick("constant(6m)", "constant(0)", "exponential(mean 1h)"), pick("0", "0.5"), pick("0", "0.4"), pick("0", "0.4"))
		line("    issues: %s\n    reopen: %s\n    reopen_after: %s", pick("1", "1.5"), pick("0", "0.5"), pick("exponential(mean 1d)", "constant(0)"))
		line("    escalation: {%s: %s, engineering: 0.2, depot: 0.1}", map[string]string{"t1": "t2", "t2": "t1"}[tier], pick("0", "0.3"))
	}
	line("  engineering: {turnaround: %s, turnaround_clock: %s, fails: %s, milestone: fix%s}", pick("constant(0)", "exponential(mean 1d)"), pick("always", "region"), pick("0", "0.5"),
		pick("", ", releases: {from: 2026-01-01, every: 1d}"))
	line("  depot: {turnaround: exponential(mean 8h), milestone: rma_dispatch, delivery: constant(1d), send_back: exponential(mean 4d)}")
	line("routing: {rule: %s, rereading: {sev1: 20m}, update_lead: %s}", rule, pick("25%", "90%", "1%"))
	line("workload:\n  mix: {plan: {gold: 0.8, silver: 0.2}, severity: {sev1: 0.2, sev2: 0.4, sev3: 0.4}, channel: {web: 0.5, chat: 0.2, phone: 0.3}, entitled: %s}", pick("1", "0.9"))
	line("  streams:\n    cases: {rate: %d/day}", rapid.IntRange(1, 120).Draw(t, "rate"))
	line("    outage: {outages: {rate: 1/day, cases: 5, reported: exponential(mean 30m), lasts: \"uniform(10m, 4h)\", check: constant(3m)}}")
	line("run: {days: %s, warm_up: %s, seed: %d}", pick("4", "9"), pick("0", "2d"), rapid.Uint64Range(0, 1<<40).Draw(t, "seed"))
	return b.String()
}

// severalSeats is duty of agents who may do several things at a time.
func severalSeats(t *rapid.T) string {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, "pick") }
	return fmt.Sprintf("concurrency: %s, activities: %s, at_shift_end: %s, max_overtime: %s, %s",
		pick("[1]", "[1, 1.6, 2]", "[1, 1]"), pick("0", "0.1"), pick("finish", "hand_over"), pick("0", "1h"),
		pick("agents: 1", "agents: 3", `shifts: {day: {agents: 2, start: "07:00", length: 9h, breaks: {lunch: {after: 4h, length: 30m}}}, late: {agents: 3, start: "11:00", length: 9h, waves: 2, breaks: {lunch: {after: 4h, length: 30m}}}}`))
}

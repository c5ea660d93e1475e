package coverage

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/workloads/builtin"
)

// bind makes a model of a scenario that stands in a test.
func bind(text string, sets ...string) (*sim.Model, error) {
	return sim.Load(scenario.Source{Name: "scenario.yaml", Data: []byte(text)}, sets...)
}

func mustBind(t *testing.T, text string, sets ...string) *sim.Model {
	t.Helper()
	m, err := bind(text, sets...)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return m
}

func mustBindBuiltin(t *testing.T, name string, sets ...string) *sim.Model {
	t.Helper()
	m, err := sim.Load(scenario.Source{Name: name, Builtin: builtin.Open, BuiltinNames: builtin.Names()}, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// weekend is a desk in Dublin that closes in the evening, at weekends and on two holidays: Saint Patrick's Day (Tuesday
// 2026-03-17) and Easter Monday (2026-04-06). Clocks go forward on Sunday 2026-03-29.
const weekend = `
name: weekend
severities: [high, low]
calendars: {office: {zone: Europe/Dublin, hours: "mon-fri 08:00-18:00", holidays: ie}}
regions: {ireland: {zone: Europe/Dublin, calendar: office}}
plans:
  gold: {first_response: {high: 2h, low: 4d}}
  silver: {coverage: region, first_response: {high: 2bh, low: 1bd}}
centres:
  dublin: {calendar: office, region: ireland, pools: {t1: {shifts: {day: {agents: 2, days: mon-fri, start: "08:00", length: 10h}}}}}
work: {t1: {handle_time: constant(1s)}}
routing: {rule: fifo}
workload:
  mix: {plan: {gold: 0.5, silver: 0.5}, severity: {high: 0.5, low: 0.5}}
  streams: {cases: {rate: 100/day}}
run: {start: 2026-03-02, days: 42, replications: 1}
`

// relay has gaps of all kinds: shifts over midnight, holidays of two countries and a date with special hours, a language
// in local hours only and one with a fallback, clocks that change at different dates, streams that start at different
// tiers, a shift without agents, a stream without cases and a channel that is answered at the end of the touch.
const relay = `
name: relay
severities: [high, low]
languages: {en: {}, de: {fallback: en}, ja: {}}
channels: {web: {}, mail: {responds: at_end}}
calendars:
  berlin: {zone: Europe/Berlin, hours: "mon-fri 08:00-17:00; sat 09:00-12:00", holidays: [de, 2026-10-30], dates: {2026-10-17: 09:00-15:00, 2026-10-31: closed}}
  tokyo: {zone: Asia/Tokyo, hours: "mon-fri 09:00-18:00", holidays: jp, business_day: same_time}
  boston: {zone: America/New_York, hours: "mon-fri 22:00-06:00", holidays: us}
regions:
  west: {calendar: berlin, languages: {en: 0.5, de: 0.5}}
  east: {calendar: tokyo, languages: {en: 0.3, ja: 0.7}}
  far: {calendar: boston, zone: America/New_York, languages: en}
plans:
  gold: {coverage: {default: region, high: always}, first_response: {high: 1h, low: 4bh}}
  silver: {coverage: {clock: region, follow_the_sun: true}, first_response: {high: 10bm, low: 1bd}}
  bronze: {coverage: centre, first_response: {high: 0bd, low: 30h}}
centres:
  munich:
    calendar: berlin
    region: west
    pools:
      t1: {languages: [en, de], shifts: {day: {agents: 2, days: mon-fri, start: "08:00", length: 9h}, sat: {agents: 1, days: sat, start: "09:00", length: 3h}}}
      t2: {tiers: t2, languages: [en, de], shifts: {night: {agents: 1, days: mon-fri, start: "22:00", length: 8h}}}
  tokyo: {calendar: tokyo, region: east, pools: {all: {tiers: [t1, t2], languages: [en, ja], agents: 2}}}
  boston:
    calendar: boston
    region: far
    pools:
      t1:
        tiers: [t1, t2]
        languages: en
        shifts: {night: {agents: 1, days: mon-thu, start: "20:00", length: 9h30m}, duty: {agents: 1, days: sun, start: "06:00", length: 4h, holidays: worked}, none: {agents: 0, days: sat, start: "00:00", length: 24h}}
work: {t1: {handle_time: constant(1s), escalation: 20%}, t2: {handle_time: constant(1s)}}
routing: {rule: fifo}
workload:
  mix: {plan: {gold: 0.4, silver: 0.3, bronze: 0.3}, severity: {high: 0.5, low: 0.5}, channel: {web: 0.9, mail: 0.1}}
  streams:
    west: {region: west, rate: 40/day}
    experts: {region: west, rate: 10/day, tier: t2, mix: {plan: silver}}
    east: {region: east, rate: 40/day, growth: 50%}
    far: {region: far, rate: 40/day}
    nobody: {region: far, rate: 0/day, tier: t2, mix: {plan: silver}}
run: {start: 2026-10-12, days: 35, warm_up: 3d, replications: 1}
`

// randomScenario is a small organisation of a few weeks with random shifts, holidays, zones and targets around changes of
// clocks.
func randomScenario(t *rapid.T, work string) string {
	var b strings.Builder
	line := func(format string, arguments ...any) { fmt.Fprintf(&b, format+"\n", arguments...) }
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	zone := func(name string) string {
		return pick(name, "UTC", "Asia/Kolkata", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Chatham")
	}
	hours := func(name string) string {
		return pick(name, "24x7", "mon-fri 08:00-18:00", "mon-sun 22:00-06:00", "tue-thu 09:00-12:00,13:00-17:30")
	}
	line("severities: [high, low]\nlanguages: {en: {}, de: {fallback: en}}\nchannels: {web: {}, mail: {responds: %s}, phone: {patience: %s%s}}",
		pick("responds", "at_start", "at_end"), pick("patience", "constant(0)", "exponential(mean 2h)", "constant(1d)"), pick("room", "", ", max_waiting: 1"))
	line("calendars:")
	for _, name := range []string{"east", "west"} {
		line("  %s: {zone: %s, hours: %q, holidays: [%s], business_day: %s}", name, zone(name+" zone"), hours(name+" hours"),
			pick(name+" holidays", "", "us", "2026-03-10, 2026-04-06", "de, 2026-10-26"), pick(name+" rule", "end_of_day", "same_time"))
	}
	line("regions: {east: {calendar: east, languages: {en: 0.6, de: 0.4}}, west: {calendar: west, zone: %s, languages: en}}", zone("customers"))
	line("plans:")
	target := func(name string) string {
		return pick(name, "0", "1ms", "15m", "1h", "9h", "1d", "3d", "1bh", "8bh", "30bm", "0bd", "1bd", "2bd", "1mo", "none")
	}
	for _, name := range []string{"gold", "silver"} {
		line("  %s: {coverage: {clock: %s, follow_the_sun: %s}, first_response: {high: %s, low: %s}}", name,
			pick(name+" clock", "always", "region", "centre"), pick(name+" sun", "true", "false"), target(name+" high"), target(name+" low"))
	}
	line("centres:\n  main: {pools: {all: {tiers: [t1, t2], shifts: {%s}}}}", randomShifts(t, "main", 1))
	for i := range rapid.IntRange(0, 2).Draw(t, "centres") {
		line("  centre%d: {calendar: %s, region: %s, pools: {pool: {tiers: %s, languages: %s, at_shift_end: %s, shifts: {%s}}}}", i,
			pick("calendar", "east", "west"), pick("region", "east", "west"), pick("tiers", "t1", "t2", "[t1, t2]"),
			pick("languages", "en", "[en, de]"), pick("end", "finish", "hand_over"), randomShifts(t, fmt.Sprint(i), 0))
	}
	line("work: {t1: {handle_time: %s, touches: 1.5, escalation: 20%%}, t2: {handle_time: %s}}", work, work)
	line("routing: {rule: fifo}")
	line("workload:\n  mix: {plan: {gold: 0.5, silver: 0.5}, severity: {high: 0.5, low: 0.5}, channel: {web: 0.4, mail: 0.4, phone: 0.2}}")
	line("  streams: {east: {region: east, rate: 60/day}, west: {region: west, rate: 30/day, tier: %s}, exact: {region: west, interarrival: constant(30m)}}", pick("tier", "t1", "t2"))
	line("run: {start: %s, days: %d, warm_up: %s, replications: 1, seed: %d}", pick("start", "2026-03-02", "2026-04-01T07:30:00Z", "2026-10-22"),
		rapid.IntRange(1, 16).Draw(t, "days"), pick("warm-up", "0", "1d"), rapid.IntRange(0, 1_000_000).Draw(t, "seed"))
	return b.String()
}

func randomShifts(t *rapid.T, label string, least int) string {
	var shifts []string
	for i := range rapid.IntRange(1, 3).Draw(t, label+" shifts") {
		shifts = append(shifts, fmt.Sprintf(`s%d: {agents: %d, days: %s, start: "%s", length: %s, holidays: %s}`, i,
			rapid.IntRange(least, 2).Draw(t, label+" heads"),
			rapid.SampledFrom([]string{"daily", "mon-fri", "sat", "wed,sun"}).Draw(t, label+" days"),
			rapid.SampledFrom([]string{"00:00", "02:15", "08:00", "18:00", "23:30"}).Draw(t, label+" start"),
			rapid.SampledFrom([]string{"30m", "8h", "10h", "24h"}).Draw(t, label+" length"),
			rapid.SampledFrom([]string{"observed", "worked"}).Draw(t, label+" holidays")))
	}
	return strings.Join(shifts, ", ")
}

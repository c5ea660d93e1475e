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

// callers has who may be away and still be needed: breaks in waves that leave somebody there and one that does not, people
// on call at night and at weekends, a pool for chats alone, a plan without chats and one that promises nothing in French,
// customers who are not entitled, outages, an external party, and a severity that cases reach only later.
const callers = `
name: callers
severities: {urgent: {calls_in: true}, normal: {}, minor: {}}
languages: {en: {}, fr: {fallback: en}}
channels: {phone: {}, web: {responds: at_end}, chat: {}}
calendars: {office: {zone: Europe/Dublin, hours: "mon-fri 08:00-18:00", holidays: ie}}
regions: {ireland: {zone: Europe/Dublin, calendar: office, languages: {en: 0.8, fr: 0.2}}}
plans:
  gold: {first_response: {default: 1h, urgent: 45m, minor: 5m}, promised_languages: en}
  bronze:
    coverage: region
    channels: {default: [phone, web], urgent: phone}
    first_response: {default: 1bd, urgent: 70bm}
    update: {urgent: {target: 2h, clock: always}}
centres:
  dublin:
    calendar: office
    region: ireland
    pools:
      desk:
        channels: [phone, web]
        shifts:
          day: {agents: 3, days: mon-fri, start: 08:00, length: 10h, waves: 2, breaks: {tea: {after: 2h, length: 15m}, lunch: {after: 4h, length: 1h}}}
          night: {agents: 1, start: 18:00, length: 13h30m, on_call: 45m}
          weekend: {agents: 2, days: "sat,sun", start: 09:00, length: 6h, on_call: 20m, holidays: worked}
      chats:
        channels: chat
        concurrency: [1, 1.6]
        shifts: {day: {agents: 2, days: mon-fri, start: 09:00, length: 8h, breaks: {tea: {after: 1h, length: 30m}, lunch: {after: 4h, length: 1h30m}}}}
work:
  t1: {handle_time: constant(1s), touches: 1.5, lowered: 20%, escalation: {engineering: 5%}, update_time: constant(1s)}
  engineering: {turnaround: exponential(mean 10h)}
routing: {rule: fifo}
workload:
  mix:
    plan: {gold: 0.5, bronze: 0.5}
    severity: {urgent: 0.4, normal: 0.6}
    channel: {by: severity, urgent: {phone: 0.6, chat: 0.4}, default: {phone: 0.4, web: 0.4, chat: 0.2}}
  streams:
    cases: {rate: 100/day, mix: {entitled: 80%}}
    nobodys: {rate: 10/day, mix: {entitled: 0%}}
    outages: {outages: {rate: 1/day, cases: 10, reported: exponential(mean 30m), lasts: exponential(mean 3h), check: constant(1s)}}
run: {start: 2026-03-02, days: 42, replications: 1}
`

// randomScenario is a small organisation of a few weeks with random shifts, holidays, zones and targets around changes of
// clocks. The pool of all tiers takes everything; others may take single channels.
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
	line("severities: {high: {calls_in: %s}, low: {calls_in: %s}, none: {}}", pick("high calls in", "true", "false"), pick("low calls in", "false", "true"))
	line("languages: {en: {}, de: {fallback: en}}\nchannels: {web: {}, mail: {responds: %s%s}, phone: {patience: %s%s%s}}",
		pick("responds", "at_start", "at_end"), pick("mail hours", "", ", hours: region"),
		pick("patience", "constant(0)", "exponential(mean 2h)", "constant(1d)"), pick("room", "", ", max_waiting: 1", ", callback: 50%"),
		pick("phone hours", "", ", hours: region", ", hours: region, instead: mail"))
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
		line("  %s: {coverage: {clock: %s, follow_the_sun: %s}, first_response: {high: %s, low: %s}, splits_issues: true, reopen_within: 5h%s%s}", name,
			pick(name+" clock", "always", "region", "centre"), pick(name+" sun", "true", "false"), target(name+" high"), target(name+" low"),
			pick(name+" languages", "", ", promised_languages: en"), pick(name+" channels", "", ", channels: {high: [phone, mail], low: [web, mail]}"))
	}
	line("centres:\n  main: {pools: {all: {tiers: [t1, t2], shifts: {%s}}}}", randomShifts(t, "main", 1))
	for i := range rapid.IntRange(0, 2).Draw(t, "centres") {
		line("  centre%d: {calendar: %s, region: %s, pools: {pool: {tiers: %s, languages: %s, channels: %s, at_shift_end: %s, shifts: {%s}}}}", i,
			pick("calendar", "east", "west"), pick("region", "east", "west"), pick("tiers", "t1", "t2", "[t1, t2]"),
			pick("languages", "en", "[en, de]"), pick("channels", "[web, mail, phone]", "[web, mail]", "phone"), pick("end", "finish", "hand_over"),
			randomShifts(t, fmt.Sprint(i), 0))
	}
	line("work:\n  t1: {handle_time: %s, touches: 1.5, lowered: 20%%, escalation: {t2: 20%%, outside: 5%%}, issues: 1.1}\n  t2: {handle_time: %s, reopen: 10%%, reopen_after: exponential(mean 10h)}", work, work)
	line("  outside: {turnaround: exponential(mean 5h)}")
	line("routing: {rule: fifo}")
	line("workload:\n  mix: {plan: {gold: 0.5, silver: 0.5}, severity: {high: 0.5, low: 0.5}, channel: {web: 0.4, mail: 0.4, phone: 0.2}}")
	line("  streams:\n    east: {region: east, rate: 60/day}\n    west: {region: west, rate: 30/day, tier: %s, mix: {entitled: %s}}", pick("tier", "t1", "t2"), pick("entitled", "1", "0.5"))
	line("    exact: {region: west, interarrival: constant(30m)}")
	line("    outages: {region: east, outages: {rate: 1/week, cases: 20, reported: exponential(mean 30m), lasts: exponential(mean 2h), check: %s}}", work)
	line("run: {start: %s, days: %d, warm_up: %s, replications: 1, seed: %d}", pick("start", "2026-03-02", "2026-04-01T07:30:00Z", "2026-10-22"),
		rapid.IntRange(1, 16).Draw(t, "days"), pick("warm-up", "0", "1d"), rapid.IntRange(0, 1_000_000).Draw(t, "seed"))
	return b.String()
}

// randomShifts are of three kinds: plain, with breaks, and on call.
func randomShifts(t *rapid.T, label string, least int) string {
	var shifts []string
	for i := range rapid.IntRange(1, 3).Draw(t, label+" shifts") {
		length := rapid.SampledFrom([]string{"30m", "8h", "10h", "24h"}).Draw(t, label+" length")
		more := ""
		switch kind := rapid.IntRange(0, 3).Draw(t, label+" kind"); {
		case kind == 1 && length != "30m":
			more = fmt.Sprintf(", waves: %d, breaks: {tea: {after: %s, length: 30m}, lunch: {after: 3h, length: %s}}",
				rapid.IntRange(1, 3).Draw(t, label+" waves"), rapid.SampledFrom([]string{"0", "1h"}).Draw(t, label+" tea"),
				rapid.SampledFrom([]string{"30m", "1h10m"}).Draw(t, label+" lunch"))
		case kind == 1:
			more = fmt.Sprintf(", waves: 2, breaks: {tea: {after: %s, length: 10m}}", rapid.SampledFrom([]string{"5m", "10m"}).Draw(t, label+" tea"))
		case kind == 2 && i > 0:
			more = ", on_call: " + rapid.SampledFrom([]string{"1ms", "10m", "15m", "1h", "2h30m"}).Draw(t, label+" on call")
		}
		shifts = append(shifts, fmt.Sprintf(`s%d: {agents: %d, days: %s, start: "%s", length: %s, holidays: %s%s}`, i,
			rapid.IntRange(least, 2).Draw(t, label+" heads"),
			rapid.SampledFrom([]string{"daily", "mon-fri", "sat", "wed,sun"}).Draw(t, label+" days"),
			rapid.SampledFrom([]string{"00:00", "02:15", "08:00", "18:00", "23:30"}).Draw(t, label+" start"), length,
			rapid.SampledFrom([]string{"observed", "worked"}).Draw(t, label+" holidays"), more))
	}
	return strings.Join(shifts, ", ")
}

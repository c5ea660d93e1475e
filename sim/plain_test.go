package sim

import (
	"reflect"
	"testing"

	"sunrelay/sim/routing"
)

// plainWorld is a plain organisation in which much happens: two centres with shifts, breaks and absence, work that is
// handed over or finished in overtime, three tiers, languages, callers who hold, are called back or find the lines busy,
// outages, customers who are not entitled, and some on the moon, who share a waiting room and nothing else with the others.
const plainWorld = `
severities: [high, low]
languages: {en: {}, fr: {}, la: {}}
channels: {web: {}, phone: {patience: exponential(mean 10m), callback: 0.4, max_waiting: 3}}
regions:
  europe: {zone: Europe/Paris, languages: {en: 0.6, fr: 0.4}}
  america: {zone: America/New_York, languages: en}
  moon: {zone: UTC, languages: la}
plans:
  gold: {first_response: {high: 20m, low: 2h}}
  state: {}
centres:
  paris:
    zone: Europe/Paris
    region: europe
    pools:
      en:
        tiers: [t1, t2]
        languages: en
        shrinkage: 0.2
        max_overtime: 10m
        shifts: {day: {agents: 5, days: mon-fri, start: "08:00", length: 9h, waves: 2, breaks: {lunch: {after: 4h, length: 30m}}}}
      both:
        tiers: t1
        languages: [en, fr]
        shrinkage: 0.1
        at_shift_end: hand_over
        shifts: {early: {agents: 4, start: "06:00", length: 8h}, late: {agents: 5, start: "13:00", length: 9h}}
  boston:
    zone: America/New_York
    region: america
    pools:
      en: {tiers: [t1, t2], languages: [en, fr], at_shift_end: hand_over, shifts: {day: {agents: 4, days: mon-fri, start: "08:00", length: 9h}}}
      top: {tiers: t3, languages: [en, fr], agents: 2}
  crater: {zone: UTC, region: moon, pools: {only: {tiers: [t1, t2, t3], languages: la, agents: 2}}}
work:
  t1: {handle_time: "lognormal(mean 25m, cv 1.2)", touches: 1.5, escalation: {t2: 0.2, t3: 0.1}}
  t2: {handle_time: exponential(mean 40m), escalation: 0.2}
  t3: {handle_time: exponential(mean 1h)}
routing: {rereading: {high: 5m, low: 1m}}
workload:
  mix: {plan: {gold: 0.7, state: 0.3}, severity: {high: 0.2, low: 0.8}, channel: {web: 0.6, phone: 0.4}, entitled: 0.9}
  streams:
    europe: {region: europe, rate: 4/h}
    america: {region: america, rate: 3/h, tier: t2}
    moon: {region: moon, rate: 1/h}
    failures: {region: europe, outages: {rate: 1/day, cases: 10, reported: exponential(mean 1h), lasts: constant(2h), check: constant(4m)}}
run: {start: 2026-03-02, days: 28, warm_up: 7d, replications: 1}
`

// TestPlainIsGeneral compares what plain engines and general ones measure, to the last number, for all rules.
func TestPlainIsGeneral(t *testing.T) {
	for _, rule := range routing.Rules {
		m := bindText(t, plainWorld, "routing.rule="+rule.Name)
		for component := range m.Components() {
			plain, general := NewEngine(m, component, Options{}), NewEngine(m, component, Options{})
			if !plain.plain {
				t.Fatal("the organisation is not plain")
			}
			general.plain = false
			handOvers := int64(0)
			for replication := range 3 {
				got, err := plain.Run(replication)
				if err != nil {
					t.Fatal(err)
				}
				want, err := general.Run(replication)
				if err != nil {
					t.Fatal(err)
				}
				if got.Arrived < 5000 || !reflect.DeepEqual(got, want) {
					t.Errorf("%s, component %d, replication %d: the totals of %d cases differ", rule.Name, component, replication, got.Arrived)
				}
				for p := range got.Pools {
					handOvers += got.Pools[p].HandOvers
				}
			}
			if handOvers == 0 {
				t.Errorf("%s: nothing was handed over", rule.Name)
			}
		}
	}
}

// TestWhatIsNotPlain adds one thing at a time with which an organisation is not plain any more.
func TestWhatIsNotPlain(t *testing.T) {
	for _, set := range []string{
		"work.t1.issues=1.1",
		"work.t1.restored=0.1",
		"plans.gold.resolve=5d",
		"plans.gold.engineer={who: last}",
		"severities={high: {interrupts: true}, low: {}}",
		"centres.paris.pools.en.concurrency=[1, 1.5]",
		"centres.paris.pools.en.activities=0.1",
	} {
		m := bindText(t, plainWorld, set)
		if NewEngine(m, 0, Options{}).plain {
			t.Errorf("with %s the organisation counts as plain", set)
		}
	}
	m := bindText(t, plainWorld)
	if NewEngine(m, 0, Options{Observer: &script{}}).plain {
		t.Error("an observer of a plain organisation hears nothing")
	}
}

package sim

import (
	"reflect"
	"testing"
)

// firstComeWorld is two desks that share nothing, each with agents who are always there: one with two kinds of cases from two
// streams, whose targets count office hours, busy enough to break them by day; one with more work than it can do.
const firstComeWorld = `
severities: [high, low]
languages: {en: {}, la: {}}
calendars: {office: {zone: Europe/Paris, hours: "mon-fri 09:00-17:00"}}
regions:
  earth: {zone: Europe/Paris, calendar: office, languages: en}
  moon: {zone: UTC, languages: la}
plans:
  gold: {first_response: {high: 10m, low: 1bh}}
  state: {}
centres:
  paris: {zone: Europe/Paris, region: earth, pools: {desk: {languages: en, agents: 7}}}
  crater: {zone: UTC, region: moon, pools: {desk: {languages: la, agents: 1}}}
work:
  t1: {handle_time: "lognormal(mean 25m, cv 1.2)"}
routing: {rule: fifo}
workload:
  mix: {plan: {gold: 0.7, state: 0.3}, severity: {high: 0.2, low: 0.8}}
  streams:
    europe: {region: earth, rate: 10/h, profile: {weekdays: [3, 2, 2, 2, 2, 1, 1]}, busy_day: 5}
    america: {region: earth, rate: 3/h}
    moon: {region: moon, rate: 3/h}
run: {start: 2026-03-02, days: 28, warm_up: 7d, replications: 1}
`

// TestFirstComeIsGeneral compares what is measured without an event list and with it, to the last number.
func TestFirstComeIsGeneral(t *testing.T) {
	for _, sets := range [][]string{
		nil,
		{"workload.streams.europe.rate=0.5/h", "run.warm_up=0s"},
		{"work.t1.handle_time=constant(12h)"},
		{"work.t1.handle_time=constant(1h)", "run.days=1", "run.warm_up=1h"},
	} {
		m := bindText(t, firstComeWorld, sets...)
		for component := range m.Components() {
			quick, general := NewEngine(m, component, Options{}), NewEngine(m, component, Options{})
			if quick.firstCome == nil {
				t.Fatalf("%v: component %d is not served in the order of arrival", sets, component)
			}
			general.firstCome = nil
			for replication := range 3 {
				got, err := quick.Run(replication)
				if err != nil {
					t.Fatal(err)
				}
				want, err := general.Run(replication)
				if err != nil {
					t.Fatal(err)
				}
				if got.Arrived == 0 || !reflect.DeepEqual(got, want) {
					t.Errorf("%v, component %d, replication %d: the totals of %d cases differ", sets, component, replication, got.Arrived)
				}
			}
		}
	}
}

// TestWhatIsNotFirstCome adds one thing at a time with which an event list is needed.
func TestWhatIsNotFirstCome(t *testing.T) {
	for _, set := range []string{
		"routing.rule=severity",
		"routing.rule=edf",
		"work.t1.touches=1.5",
		"centres.paris.pools.desk.shrinkage=0.1",
		"centres.paris.pools.desk.agents=0",
		"centres.paris.pools={desk: {languages: en, agents: 7}, second: {languages: en, agents: 2}}",
		"workload.mix.entitled=0.9",
		"channels={phone: {patience: exponential(mean 10m)}}",
		"channels={phone: {max_waiting: 3}}",
		"run.start=2026-03-02T00:30:00Z",
	} {
		m := bindText(t, firstComeWorld, set)
		if NewEngine(m, 0, Options{}).firstCome != nil {
			t.Errorf("with %s the cases count as served in the order of arrival", set)
		}
	}
	m := bindText(t, firstComeWorld)
	if NewEngine(m, 0, Options{Observer: &script{}}).firstCome != nil || NewEngine(m, 0, Options{Ledger: &ledgerOfNothing{}}).firstCome != nil {
		t.Error("an observer or a ledger hears nothing")
	}
}

type ledgerOfNothing struct{}

func (*ledgerOfNothing) CloseBooks(Books) {}

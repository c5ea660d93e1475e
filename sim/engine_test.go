package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sunrelay/model/scenario"
)

// bindText makes a model of a scenario given as text.
func bindText(t testing.TB, text string, sets ...string) *Model {
	t.Helper()
	m, err := Load(scenario.Source{Name: "scenario.yaml", Data: []byte(text)}, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// script writes events as lines.
type script struct {
	model *Model
	lines []string
	names map[uint64]int // cases in the order of arrival
}

func (s *script) Observe(e Event) {
	if e.Kind == Arrived {
		s.names[uint64(e.Case)] = len(s.names) + 1
	}
	kind := [...]string{"arrives", "begun by", "left by", "ended by", "closes"}[e.Kind]
	line := fmt.Sprintf("%s case %d %s", e.At.Time().Format("15:04:05"), s.names[uint64(e.Case)], kind)
	if e.Agent >= 0 {
		line += fmt.Sprintf(" %d", e.Agent)
	}
	s.lines = append(s.lines, line)
}

// play is the script of the first replication of a scenario with one component.
func play(t *testing.T, text string) string {
	t.Helper()
	m := bindText(t, text)
	s := &script{model: m, names: map[uint64]int{}}
	if _, err := NewEngine(m, 0, Options{Observer: s}).Run(0); err != nil {
		t.Fatal(err)
	}
	return strings.Join(s.lines, "\n")
}

func compareScript(t *testing.T, got, want string) {
	t.Helper()
	if want = strings.TrimSpace(want); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// regular has a case every 40 minutes from 00:40 on, each with an hour of work.
const regular = `
severities: [normal]
regions: [world]
plans: [standard]
work: {t1: {handle_time: constant(1h)}}
workload: {streams: {cases: {interarrival: constant(40m)}}}
routing: {rule: fifo}
`

// TestHandOverKeepsItsPlace has two shifts of one agent that meet at 02:00. The case that the first leaves is older than
// the one that waits, so the second agent continues it, wherever the shifts stand in the file.
func TestHandOverKeepsItsPlace(t *testing.T) {
	for _, order := range []string{
		`{early: {agents: 1, start: "00:00", length: 2h}, late: {agents: 1, start: "02:00", length: 4h}}`,
		`{late: {agents: 1, start: "02:00", length: 4h}, early: {agents: 1, start: "00:00", length: 2h}}`,
	} {
		got := play(t, regular+`
centres: {main: {pools: {t1: {at_shift_end: hand_over, shifts: `+order+`}}}}
run: {days: 0.125}`)
		if strings.HasPrefix(order, "{late") {
			got = strings.NewReplacer("by 0", "by 1", "by 1", "by 0").Replace(got)
		}
		compareScript(t, got, `
00:40:00 case 1 arrives
00:40:00 case 1 begun by 0
01:20:00 case 2 arrives
01:40:00 case 1 ended by 0
01:40:00 case 1 closes
01:40:00 case 2 begun by 0
02:00:00 case 2 left by 0
02:00:00 case 2 begun by 1
02:00:00 case 3 arrives
02:40:00 case 2 ended by 1
02:40:00 case 2 closes
02:40:00 case 3 begun by 1
02:40:00 case 4 arrives`)
	}
}

// TestHandOverBeforeWaiting is the same with a case that waits when the shifts meet.
func TestHandOverBeforeWaiting(t *testing.T) {
	got := play(t, regular+`
centres: {main: {pools: {t1: {at_shift_end: hand_over, shifts: {late: {agents: 1, start: "02:10", length: 4h}, early: {agents: 1, start: "00:00", length: 2h10m}}}}}}
run: {days: 0.125}`)
	if !strings.Contains(got, "02:10:00 case 2 left by 1\n02:10:00 case 2 begun by 0\n") {
		t.Errorf("case 2 is not handed over at 02:10:\n%s", got)
	}
}

// TestOvertime ends a shift in the middle of a touch: it is finished, or handed over after the longest overtime.
func TestOvertime(t *testing.T) {
	for _, c := range []struct{ cap, want string }{
		{"", "01:40:00 case 1 ended by 0"},
		{", max_overtime: 10m", "01:10:00 case 1 left by 0"},
		{", at_shift_end: hand_over", "01:00:00 case 1 left by 0"},
	} {
		got := play(t, regular+`
centres: {main: {pools: {t1: {shifts: {day: {agents: 1, start: "00:00", length: 1h}}`+c.cap+`}}}}
run: {days: 0.125}`)
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q in\n%s", c.cap, c.want, got)
		}
	}
}

// TestInterruptionGoesToTheIdle interrupts a touch while somebody else, who may not do the urgent work, is idle.
func TestInterruptionGoesToTheIdle(t *testing.T) {
	got := play(t, `
severities: {sev1: {interrupts: true}, sev2: {}}
languages: {en: {}, de: {fallback: en}}
regions: {here: {languages: en}, there: {languages: de}}
plans: [standard]
centres:
  main:
    pools:
      german: {languages: [de], agents: 1}
      english: {languages: [en], agents: 1}
work: {t1: {handle_time: constant(1h)}}
workload:
  streams:
    first: {region: there, interarrival: constant(50m), mix: {severity: sev2}}
    second: {region: here, interarrival: constant(70m), mix: {severity: sev1}}
run: {days: 0.0625}`)
	compareScript(t, got, `
00:50:00 case 1 arrives
00:50:00 case 1 begun by 0
01:10:00 case 2 arrives
01:10:00 case 2 begun by 1`)
}

// TestUrgentWorkKeepsItsAgent has an urgent case of many touches: each goes on with the agent who just ended the last,
// without interrupting the other.
func TestUrgentWorkKeepsItsAgent(t *testing.T) {
	got := play(t, `
severities: {sev1: {interrupts: true}, sev2: {}}
regions: [here]
plans: [standard]
centres: {main: {pools: {t1: {agents: 2}}}}
routing: {rule: fifo}
work: {t1: {handle_time: constant(30m), severities: {sev1: {touches: 1000000}}}}
workload:
  streams:
    urgent: {interarrival: constant(60m), mix: {severity: sev1}}
    other: {interarrival: constant(70m), mix: {severity: sev2}}
run: {days: 0.07}`)
	compareScript(t, got, `
01:00:00 case 1 arrives
01:00:00 case 1 begun by 0
01:10:00 case 2 arrives
01:10:00 case 2 begun by 1
01:30:00 case 1 ended by 0
01:30:00 case 1 begun by 0
01:40:00 case 2 ended by 1
01:40:00 case 2 closes`)
}

// TestHandedOverWorkInterrupts hands an urgent touch over at 03:00: it interrupts the long work of the other pool at once,
// before the urgent case of 03:20.
func TestHandedOverWorkInterrupts(t *testing.T) {
	got := play(t, `
severities: {high: {interrupts: true}, low: {}}
regions: [here]
plans: [standard]
centres:
  b: {pools: {t1: {agents: 1}}}
  a: {pools: {t1: {at_shift_end: hand_over, shifts: {night: {agents: 1, start: "00:00", length: 3h}}}}}
work: {t1: {handle_time: constant(9h), severities: {high: {handle_time: constant(2h)}}}}
workload:
  streams:
    low: {interarrival: constant(90m), mix: {severity: low}}
    high: {interarrival: constant(100m), mix: {severity: high}}
run: {days: 0.145}`)
	for _, want := range []string{"03:00:00 case 2 begun by 0\n", "03:20:00 case 4 arrives"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "case 4 begun") {
		t.Errorf("case 4 is begun before case 2 is done:\n%s", got)
	}
}

// TestHeartbeatEndsTheRun returns the error of the heartbeat within a simulated hour, and the engine can be used again.
func TestHeartbeatEndsTheRun(t *testing.T) {
	m := bindText(t, regular+"centres: {main: {pools: {t1: {agents: 1}}}}\nrun: {days: 2}")
	stop, calls := errors.New("stop"), 0
	e := NewEngine(m, 0, Options{Heartbeat: func(int64) error {
		if calls++; calls == 5 {
			return stop
		}
		return nil
	}})
	if _, err := e.Run(0); err != stop || calls != 5 {
		t.Errorf("%v after %d calls, want the heartbeat's error after 5", err, calls)
	}
	again, err := e.Run(0)
	fresh, freshErr := NewEngine(m, 0, Options{}).Run(0)
	if err != nil || freshErr != nil || again.Events != fresh.Events || again.Arrived != fresh.Arrived {
		t.Errorf("%d events of %d cases (%v) after an interrupted run, want %d of %d", again.Events, again.Arrived, err, fresh.Events, fresh.Arrived)
	}
}

// TestAbsenceIsByAgentAndDay adds a head to a shift with shrinkage: the others are absent on the same days.
func TestAbsenceIsByAgentAndDay(t *testing.T) {
	const heads, days = 20, 30
	few, many := presence(t, heads, days), presence(t, heads+1, days)
	absent := 0
	for day := range few {
		if !slices.Equal(few[day], many[day][:heads]) {
			t.Errorf("day %d: present %v, with one more head %v", day, few[day], many[day])
		}
		for _, p := range few[day] {
			if !p {
				absent++
			}
		}
	}
	// binomial with 600 trials of 0.3: 180 ± 5·11.2, a false alarm in 10^6
	if absent < 124 || absent > 236 {
		t.Errorf("%d of %d agent days are absent, want about 180", absent, heads*days)
	}
}

// presence is who is on duty at noon of each day.
func presence(t *testing.T, heads, days int) [][]bool {
	t.Helper()
	m := bindText(t, regular+fmt.Sprintf(`
centres: {main: {pools: {t1: {shrinkage: 0.3, shifts: {day: {agents: %d, start: "08:00", length: 8h}}}}}}
run: {days: %d}`, heads, days))
	var noon [][]bool
	hours := 0
	var e *Engine
	e = NewEngine(m, 0, Options{Heartbeat: func(int64) error {
		if hours%24 == 12 {
			var on []bool
			for a := range heads {
				on = append(on, e.onDuty[a>>6]>>(a&63)&1 == 1)
			}
			noon = append(noon, on)
		}
		hours++
		return nil
	}})
	if _, err := e.Run(0); err != nil {
		t.Fatal(err)
	}
	return noon
}

// TestNoAllocationsPerEvent runs an engine for one week and for four: what it allocates in a replication (the totals, the
// growth of histograms, the sources of arrivals) does not grow with the number of events.
func TestNoAllocationsPerEvent(t *testing.T) {
	const text = `
severities: {sev1: {interrupts: true}, sev2: {}}
regions: [world]
channels: {phone: {patience: exponential(mean 5m)}}
plans: {standard: {first_response: 10m, resolve: 8h}}
centres: {main: {pools: {t1: {tiers: [t1, t2], at_shift_end: hand_over, shifts: {a: {agents: 12, start: "00:00", length: 12h}, b: {agents: 14, start: "12:00", length: 12h}}}}}}
work: {t1: {handle_time: exponential(mean 10m), touches: 1.5, question: 0.5, answer_after: exponential(mean 2h), escalation: 0.2}, t2: {handle_time: exponential(mean 20m)}}
workload: {streams: {cases: {rate: 30/h, mix: {severity: {sev1: 0.1, sev2: 0.9}}}}}
`
	short, events := allocations(t, bindText(t, text+"run: {days: 7}"))
	long, more := allocations(t, bindText(t, text+"run: {days: 28}"))
	if more < events+20_000 {
		t.Fatalf("%d events in a week and %d in four, want at least 20,000 more", events, more)
	}
	// the tables of weeks and the last octaves of histograms may differ
	if long > short+20 {
		t.Errorf("%.0f allocations in a week of %d events, %.0f in four weeks of %d", short, events, long, more)
	}
}

// allocations are those of a replication when the engine has grown to its size, and its events.
func allocations(t *testing.T, m *Model) (count float64, events int64) {
	t.Helper()
	e := NewEngine(m, 0, Options{})
	count = testing.AllocsPerRun(3, func() {
		totals, err := e.Run(1)
		if err != nil {
			t.Fatal(err)
		}
		events = totals.Events
	})
	return count, events
}

package sim

import (
	"strings"
	"testing"

	"sunrelay/model/calendar"
)

// urgent has a case every 100 minutes, with an hour of work, that calls agents in.
const urgent = `
severities: {down: {calls_in: true}}
regions: [world]
plans: [standard]
work: {t1: {handle_time: constant(1h)}}
workload: {streams: {cases: {interarrival: constant(100m)}}}
routing: {rule: fifo}
`

// TestCallsInWhoComesSoonest has two agents on call: the second one of the file comes sooner.
func TestCallsInWhoComesSoonest(t *testing.T) {
	got := play(t, urgent+`
centres: {main: {pools: {t1: {shifts: {far: {agents: 1, start: "00:00", length: 4h, on_call: 50m}, near: {agents: 1, start: "00:00", length: 4h, on_call: 20m}}}}}}
run: {days: 0.125}`)
	compareScript(t, got, `
01:40:00 case 1 arrives
02:00:00 case 1 begun by 1`)
}

// TestHandOverCallsIn ends a shift in the middle of urgent work: somebody who is on call comes for the rest of it.
func TestHandOverCallsIn(t *testing.T) {
	got := play(t, urgent+`
centres: {main: {pools: {t1: {at_shift_end: hand_over, shifts: {day: {agents: 1, start: "00:00", length: 2h}, night: {agents: 1, start: "01:00", length: 4h, on_call: 10m}}}}}}
run: {days: 0.1}`)
	compareScript(t, got, `
01:40:00 case 1 arrives
01:40:00 case 1 begun by 0
02:00:00 case 1 left by 0
02:10:00 case 1 begun by 1`)
}

// TestBreakAtTheBeginning begins a shift, and the end of a break, with another break: nobody is there in between.
func TestBreakAtTheBeginning(t *testing.T) {
	got := play(t, regular+`
centres: {main: {pools: {t1: {shifts: {day: {agents: 1, start: "00:40", length: 4h, breaks: {talk: {after: 0, length: 20m}, tea: {after: 20m, length: 15m}}}}}}}}
run: {days: 0.125}`)
	if want := "01:15:00 case 1 begun by 0"; !strings.Contains(got, want) {
		t.Errorf("want %q in\n%s", want, got)
	}
}

// TestBreakOverMidnight has a shift round the clock, whose absence is drawn by the day: its break goes on after midnight.
func TestBreakOverMidnight(t *testing.T) {
	for _, shrinkage := range []string{"0", "0.000001"} {
		got := play(t, regular+`
centres: {main: {pools: {t1: {shrinkage: `+shrinkage+`, shifts: {day: {agents: 1, start: "08:00", length: 24h, breaks: {night: {after: 15h30m, length: 1h30m}}}}}}}}
run: {start: 2026-01-05T22:00:00Z, days: 0.25}`)
		if want := "01:00:00 case 2 begun by 0"; !strings.Contains(got, want) {
			t.Errorf("shrinkage %s: want %q in\n%s", shrinkage, want, got)
		}
	}
}

// TestOnCallTimeIsMeasured: one agent on call for four hours a day, whether or not days of warm-up come before.
func TestOnCallTimeIsMeasured(t *testing.T) {
	for _, warmUp := range []string{"0", "3d"} {
		m := bindText(t, urgent+`
centres: {main: {pools: {t1: {shifts: {day: {agents: 1, start: "00:00", length: 2h}, night: {agents: 1, start: "02:00", length: 4h, on_call: 10m}}}}}}
run: {days: 2}`, "run.warm_up="+warmUp)
		totals, err := NewEngine(m, 0, Options{}).Run(0)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := totals.Pools[0].OnCall, 8*int64(calendar.Hour); got != want {
			t.Errorf("after %s of warm-up: on call for %d ms, want %d", warmUp, got, want)
		}
	}
}

// TestNextTouchCallsNobodyElse has two agents on call and cases of two touches: who has done the first touch takes the second,
// and the other stays at home.
func TestNextTouchCallsNobodyElse(t *testing.T) {
	m := bindText(t, urgent+`
centres: {main: {pools: {t1: {shifts: {night: {agents: 2, start: "00:00", length: 12h, on_call: 10m}}}}}}
run: {days: 0.14}`, "work.t1.handle_time=constant(5m)", "work.t1.touches=1000")
	totals, err := NewEngine(m, 0, Options{}).Run(0)
	if err != nil {
		t.Fatal(err)
	}
	if got := totals.Pools[0].CallIns; got != 2 { // one for each of the cases of 01:40 and 03:20
		t.Errorf("%d agents are called in, want 2", got)
	}
}

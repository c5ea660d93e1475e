package sim

import (
	"math/rand/v2"
	"testing"

	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// causesOf are the breaches of a scenario's first replication by cause, all plans and severities together.
func causesOf(t *testing.T, m sla.Milestone, text string) (sum [metrics.Causes]int64) {
	t.Helper()
	totals, err := NewEngine(bindText(t, text), 0, Options{}).Run(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range totals.Causes[m] {
		for cause, n := range row {
			sum[cause] += n
		}
	}
	return sum
}

// Every scenario is small enough to follow by hand: the comments tell the breaches.
func TestCauses(t *testing.T) {
	const world = "severities: [high, low]\nregions: [world]\n"
	for _, c := range []struct {
		name      string
		milestone sla.Milestone
		text      string
		want      map[metrics.Cause]int64
	}{
		{"nobody is scheduled before the due", sla.FirstResponse, world + `
# Arrivals at 06:00, 12:00 and 18:00; the first and the last find nobody within the hour.
plans: {standard: {first_response: 1h}}
work: {t1: {handle_time: constant(1m)}}
centres: {main: {pools: {t1: {shifts: {day: {agents: 1, start: "08:00", length: 8h}}}}}}
workload: {mix: {severity: high}, streams: {cases: {interarrival: constant(6h)}}}
run: {days: 1}`, map[metrics.Cause]int64{metrics.Coverage: 2}},

		{"scheduled for a moment, then not", sla.FirstResponse, world + `
# Arrival at 06:00, due 08:30. Somebody is on duty from 08:00 to 08:10 but busy with the case of 05:59, and again
# from 10:00: more agents at 08:00 would have kept the promise.
plans: {standard: {first_response: 2h30m}}
work: {t1: {handle_time: constant(3h)}}
centres: {main: {pools: {t1: {shifts: {early: {agents: 1, start: "08:00", length: 10m}, day: {agents: 1, start: "10:00", length: 8h}}}}}}
workload: {mix: {severity: high}, streams: {one: {interarrival: constant(359m)}, two: {interarrival: constant(6h)}}}
run: {days: 0.45}`, map[metrics.Cause]int64{metrics.Capacity: 1}},

		{"all are busy with older work", sla.FirstResponse, world + `
# Arrivals every 20 minutes, each an hour of work: from 01:00 on, when it waits 40 minutes, each case is late.
plans: {standard: {first_response: 30m}}
work: {t1: {handle_time: constant(1h)}}
centres: {main: {pools: {t1: {agents: 1}}}}
routing: {rule: fifo}
workload: {mix: {severity: high}, streams: {cases: {interarrival: constant(20m)}}}
run: {days: 0.125}`, map[metrics.Cause]int64{metrics.Capacity: 6}},

		{"younger work is taken first", sla.FirstResponse, world + `
# The high case of 00:50 is in work when the low one of 01:00 comes. The high cases of 01:40 and 02:30 are taken before it,
# at 01:50 and 02:50; it is late at 03:00.
plans: {standard: {first_response: 2h}}
work: {t1: {handle_time: constant(1h)}}
centres: {main: {pools: {t1: {agents: 1}}}}
routing: {rule: severity}
workload:
  streams:
    high: {interarrival: constant(50m), mix: {severity: high}}
    low: {interarrival: constant(60m), mix: {severity: low}}
run: {days: 0.15}`, map[metrics.Cause]int64{metrics.Rank: 1}},

		{"younger work is taken first, but after the due", sla.FirstResponse, world + `
# The same with less time: the low cases of 01:00, 02:00 and 03:00 are late before any other is taken.
plans: {standard: {first_response: 30m}}
work: {t1: {handle_time: constant(1h)}}
centres: {main: {pools: {t1: {agents: 1}}}}
routing: {rule: severity}
workload:
  streams:
    high: {interarrival: constant(50m), mix: {severity: high}}
    low: {interarrival: constant(60m), mix: {severity: low}}
run: {days: 0.15}`, map[metrics.Cause]int64{metrics.Capacity: 3}},

		{"an agent is taken away for younger work", sla.FirstResponse, `
# The low case of 02:00 waits for the one of 01:00, which the high one of 02:30 interrupts until 08:30; it is late at 05:00.
severities: {high: {interrupts: true}, low: {}}
regions: [world]
plans: {standard: {first_response: 3h}}
work: {t1: {handle_time: constant(2h), severities: {high: {handle_time: constant(6h)}}}}
centres: {main: {pools: {t1: {agents: 1}}}}
workload:
  streams:
    high: {interarrival: constant(150m), mix: {severity: high}}
    low: {interarrival: constant(1h), mix: {severity: low}}
run: {days: 0.21}`, map[metrics.Cause]int64{metrics.Rank: 1}},

		{"nights without cover, but the days would do", sla.Resolve, world + `
# The case of 08:00 of the first day waits for the block of 07:00, which takes until 16:00 of the second: 8 h of day and 16 h
# of night. More agents by day would have kept the promise.
plans: {standard: {resolve: 4h}}
work: {t1: {handle_time: constant(1h), severities: {high: {handle_time: constant(17h)}}}}
centres: {main: {pools: {t1: {at_shift_end: hand_over, shifts: {day: {agents: 1, start: "07:00", length: 9h}}}}}}
routing: {rule: fifo}
workload:
  streams:
    block: {interarrival: constant(7h), mix: {severity: high}}
    case: {interarrival: constant(8h), mix: {severity: low}}
run: {days: 0.66}`, map[metrics.Cause]int64{metrics.Capacity: 1, metrics.Work: 1}},

		{"work in progress at the end counts", sla.Resolve, world + `
# The case of 07:59 begins at 08:00, a minute late for want of cover, and would take until the next day.
plans: {standard: {resolve: 1h}}
work: {t1: {handle_time: constant(20h)}}
centres: {main: {pools: {t1: {shifts: {day: {agents: 1, start: "08:00", length: 8h}}}}}}
workload: {mix: {severity: high}, streams: {case: {interarrival: constant(479m)}}}
run: {days: 0.6}`, map[metrics.Cause]int64{metrics.Work: 1}},

		{"the work is longer than the target", sla.Resolve, world + `
plans: {standard: {resolve: 30m}}
work: {t1: {handle_time: constant(1h)}}
centres: {main: {pools: {t1: {agents: 1}}}}
workload: {mix: {severity: high}, streams: {cases: {interarrival: constant(2h)}}}
run: {days: 0.25}`, map[metrics.Cause]int64{metrics.Work: 2}},

		{"the customer takes long", sla.Resolve, world + `
# Arrivals at 03:00 and 06:00. The first is answered after 3 hours more and closed at 06:20; both fall due after an hour.
plans: {standard: {resolve: 1h}}
work: {t1: {handle_time: constant(10m), touches: 1000000, question: 1, answer_after: constant(3h)}}
centres: {main: {pools: {t1: {agents: 2}}}}
workload: {mix: {severity: high}, streams: {cases: {interarrival: constant(3h)}}}
run: {days: 0.375}`, map[metrics.Cause]int64{metrics.Customer: 2}},

		{"handed over at the end of a shift", sla.Resolve, world + `
# The case of 04:00 is left at 04:30 and waits until the one of 04:01 is done at 05:01. It is due at 05:20, done at 05:31.
plans: {standard: {resolve: 80m}}
work: {t1: {handle_time: constant(1h)}}
centres: {main: {pools: {t1: {at_shift_end: hand_over, shifts: {night: {agents: 1, start: "00:00", length: 4h30m}, day: {agents: 1, start: "04:00", length: 8h}}}}}}
workload: {mix: {severity: high}, streams: {first: {interarrival: constant(240m)}, second: {interarrival: constant(241m)}}}
run: {days: 0.3}`, map[metrics.Cause]int64{metrics.HandOver: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := causesOf(t, c.milestone, c.text)
			for cause, n := range got {
				if want := c.want[metrics.Cause(cause)]; n != want {
					t.Errorf("%v: %d, want %d (all: %v)", metrics.Cause(cause), n, want, got)
				}
			}
		})
	}
}

// TestDutyTime compares with a twin that steps through units of several hours.
func TestDutyTime(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		const length, unit = 60, 1 << (chunkBits - 2)
		var on [length]bool
		var duty []stretch
		for range r.IntN(6) {
			from := tick(r.IntN(length))
			d := stretch{from, min(length, from+1+tick(r.IntN(20)))}
			duty = append(duty, stretch{d.from * unit, d.to * unit})
			for at := d.from; at < d.to; at++ {
				on[at] = true
			}
		}
		p := newDutyTime(duty)
		for a := range tick(length) {
			want, end := never, tick(0)
			for b := length - 1; b >= int(a); b-- {
				if on[b] {
					want = tick(b) * unit
				}
			}
			for _, d := range p.spans {
				if d.from < a*unit {
					end = d.to
				}
			}
			if next, at, e := p.next(a*unit), p.at(a*unit), p.end(a*unit); next != want || at != on[a] || e != end {
				t.Fatalf("%v: at %d next %d, on duty %v, end %d, want %d, %v, %d", duty, a*unit, next, at, e, want, on[a], end)
			}
			var time tick
			for b := a; b < length; b++ {
				if got := p.time(a*unit, b*unit); got != time {
					t.Fatalf("%v: time(%d, %d) = %d, want %d", duty, a*unit, b*unit, got, time)
				}
				if on[b] {
					time += unit
				}
			}
		}
	}
}

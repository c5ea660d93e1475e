package scenario

import (
	"fmt"
	"testing"

	"sunrelay/model/calendar"
)

// TestPresence takes the breaks of each wave out of the duty of a shift.
func TestPresence(t *testing.T) {
	iv := func(from, to calendar.Instant) calendar.Interval { return calendar.Interval{From: from, To: to} }
	shift := CompiledShift{
		Agents: 5, Waves: 2, Duty: []calendar.Interval{iv(0, 100), iv(200, 300)},
		Breaks: [][]calendar.Interval{{iv(0, 10), iv(40, 50), iv(290, 300)}, {iv(50, 60), iv(60, 70), iv(200, 300)}},
	}
	for _, test := range []struct {
		agents int
		want   string
	}{
		{5, "[{10 40} {50 100} {200 290} {0 50} {70 100}]"},
		{1, "[{10 40} {50 100} {200 290}]"},
		{0, "[]"},
	} {
		shift.Agents = test.agents
		got := "["
		for i, s := range shift.Presence() {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprintf("{%d %d}", int64(s.From), int64(s.To))
		}
		if got += "]"; got != test.want {
			t.Errorf("%d agents: present in %s, want %s", test.agents, got, test.want)
		}
	}
}

// TestBreaksOfShiftsThatTouch has a shift of 24 hours from 08:00 to 08:00, with a break over midnight on every day.
func TestBreaksOfShiftsThatTouch(t *testing.T) {
	c := compile(t, `
severities: [normal]
regions: [world]
plans: [standard]
centres: {main: {zone: Europe/Berlin, pools: {t1: {shifts: {day: {agents: 1, days: mon-wed, start: "08:00", length: 24h, breaks: {night: {after: 15h30m, length: 1h}}}}}}}}
work: {t1: {handle_time: constant(1m)}}
workload: {streams: {cases: {rate: 1/day}}}
run: {start: 2026-01-05, days: 7}`)
	shift := &c.Pools[0].Shifts[0]
	if n := len(shift.Duty); n != 1 {
		t.Errorf("%d stretches of duty, want one from Monday to Thursday", n)
	}
	got := ""
	for _, b := range shift.Breaks[0] {
		got += b.From.String() + " " + b.To.String() + "\n"
	}
	want := "2026-01-05T22:30:00Z 2026-01-05T23:30:00Z\n2026-01-06T22:30:00Z 2026-01-06T23:30:00Z\n2026-01-07T22:30:00Z 2026-01-07T23:30:00Z\n"
	if got != want {
		t.Errorf("breaks\n%swant\n%s", got, want)
	}
}

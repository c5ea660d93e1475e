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

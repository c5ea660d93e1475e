package scenario

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"sunrelay/model/calendar"
)

// TestHolidayDuty compares two ways to the duty of a year without holidays: duty and holiday duty together, and the duty of
// shifts that work on holidays or of a calendar without them.
func TestHolidayDuty(t *testing.T) {
	run := []string{"run.days=365", "run.start=2026-01-05T00:00:00Z"}
	all := append([]string{"calendars.europe.holidays=[de, 2026-01-06]", "calendars.europe.dates={2026-01-09: closed, 2026-07-04: 09:00-12:00}"}, run...)
	with := compile(t, relay, all...)
	none := append([]string{"calendars.europe.holidays=[]", "calendars.europe.dates={}"}, run...)
	without := compile(t, relay, none...)
	for pool := range with.Pools {
		var got, want []calendar.Interval
		for i := range with.Pools[pool].Shifts {
			got = append(got, with.Pools[pool].Shifts[i].Duty...)
			want = append(want, without.Pools[pool].Shifts[i].Duty...)
		}
		for _, h := range with.HolidayDuty(pool) {
			if h.To > with.Origin && h.From < with.End {
				got = append(got, h.Interval)
			}
		}
		if got, want := union(got), union(want); !slices.Equal(got, want) {
			t.Errorf("%s: %d stretches of duty with holidays, want %d", with.Pools[pool].Name, len(got), len(want))
		}
	}
}

// union joins intervals that overlap or touch.
func union(intervals []calendar.Interval) []calendar.Interval {
	slices.SortFunc(intervals, func(a, b calendar.Interval) int { return cmp.Compare(a.From, b.From) })
	out := intervals[:0]
	for _, iv := range intervals {
		if n := len(out); n > 0 && iv.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, iv.To)
		} else {
			out = append(out, iv)
		}
	}
	return out
}

func TestHolidayDutyNames(t *testing.T) {
	more := strings.Replace(relay, "holidays: worked}", "holidays: worked}, spare: {agents: 0, start: 00:00, length: 24h}", 1)
	c := compile(t, more, "run.days=10", "calendars.europe.dates={2026-01-10: 09:00-12:00, 2026-01-12: closed}",
		"centres.tokyo.calendar=europe", "centres.tokyo.zone=Europe/Berlin")
	const munichT1, munichT2, tokyo = 0, 1, 2
	text := func(pool int) (out string) {
		for _, h := range c.HolidayDuty(pool) {
			out += h.From.String() + " " + h.To.String() + " " + h.Name + "\n"
		}
		return out
	}
	// Epiphany by its date is a Tuesday; 10 January is a Saturday on which the shift works anyhow; Berlin is an hour ahead.
	if got, want := text(munichT1), "2026-01-06T07:00:00Z 2026-01-06T15:00:00Z closed\n2026-01-12T07:00:00Z 2026-01-12T15:00:00Z closed\n"; got != want {
		t.Errorf("a shift: got\n%swant\n%s", got, want)
	}
	if got := text(munichT2); got != "" {
		t.Errorf("a shift that works on holidays, and one without agents, miss\n%s", got)
	}
	// Without shifts the opening hours count; the calendar has none on Saturdays.
	if got, want := text(tokyo), "2026-01-06T07:00:00Z 2026-01-06T16:00:00Z closed\n2026-01-12T07:00:00Z 2026-01-12T16:00:00Z closed\n"; got != want {
		t.Errorf("opening hours: got\n%swant\n%s", got, want)
	}
}

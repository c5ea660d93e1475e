package calendar

import (
	"errors"
	"sort"
)

// businessDay is a date with open time. Days are disjoint and in order: where a window over midnight reaches into the
// hours of the next day, the time belongs to that next day from its first opening on. Neither end is cut at the horizon.
type businessDay struct {
	date        Date
	open, close Instant
	hours       []Interval // while compiling
}

// businessDays are the business days that touch the horizon, and a few before and after it.
func (d *Definition) businessDays(clock localClock, horizon Interval) []businessDay {
	first := Date(floorDiv(clock.shown(horizon.From), int64(Day))) - 2 // a window lasts up to 24 hours past midnight
	last := Date(floorDiv(clock.shown(horizon.To), int64(Day))) + 1
	days := make([]businessDay, 0, last-first+1)
	intervals := make([]Interval, 0, 2*(last-first+1)) // one backing array for the hours of all days
	latest := Instant(minInstant)
	for date := first; date <= last; date++ {
		begin := len(intervals)
		for _, w := range d.On(date) {
			midnight := date.midnight()
			iv := Interval{clock.opening(midnight + int64(w.From)), clock.closing(midnight + int64(w.To))}
			if iv.From < iv.To {
				intervals = append(intervals, iv)
				latest = max(latest, iv.To)
			}
		}
		if hours := intervals[begin:]; len(hours) > 0 {
			if n := len(days); n > 0 {
				days[n-1].close = min(days[n-1].close, hours[0].From)
			}
			days = append(days, businessDay{date: date, open: hours[0].From, close: latest, hours: hours})
		}
	}
	return days
}

// touching are the days that have a part in the horizon, or open as it ends: a target may be due then.
func touching(days []businessDay, horizon Interval) []businessDay {
	begin := sort.Search(len(days), func(i int) bool { return days[i].close > horizon.From })
	end := sort.Search(len(days), func(i int) bool { return days[i].open > horizon.To })
	return days[begin:max(begin, end)]
}

// openIntervals merges the hours of the days and cuts them at the horizon.
func openIntervals(days []businessDay, horizon Interval) []Interval {
	open := make([]Interval, 0, 2*len(days))
	for i := range days {
		for _, iv := range days[i].hours {
			iv = Interval{max(iv.From, horizon.From), min(iv.To, horizon.To)}
			if n := len(open); n > 0 && iv.From <= open[n-1].To {
				open[n-1].To = max(open[n-1].To, iv.To)
			} else if iv.From < iv.To {
				open = append(open, iv)
			}
		}
	}
	return open
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// errNegativeTarget refuses a count of days or months that reaches back.
var errNegativeTarget = errors.New("negative target, want 0 or more")

// BusinessDays is the instant at which a target of n business days is due: the end of the n-th business day after the day
// on which the clock started, or, under SameTime, the same local time of that day, moved to the nearer end of the day's
// opening hours where it lies outside them. A start outside opening hours counts from the next opening. A window over
// midnight belongs to the day on which it starts. Zero days is the end of the business day of the start under either
// rule. A later start is never due earlier.
func (t *Timeline) BusinessDays(start Instant, n int) (Instant, error) {
	if n < 0 {
		return 0, errNegativeTarget
	}
	if !t.contains(start) {
		return 0, t.outside
	}
	i := sort.Search(len(t.days), func(i int) bool { return t.days[i].close > start })
	if n >= len(t.days)-i {
		return 0, t.past
	}
	due := t.days[i+n].close
	if n > 0 && t.definition.BusinessDay == SameTime {
		started, err := t.RollToOpening(start)
		if err != nil {
			return 0, err
		}
		day := &t.days[i+n]
		due = t.clock.opening(t.clock.shown(started) + (day.date - t.days[i].date).midnight())
		due = min(max(due, day.open), day.close)
	}
	if due > t.horizon.To {
		return 0, t.past
	}
	return due, nil
}

// Months is the instant n calendar months after the start: the same local time of the same day of the month, or, where
// that month is too short to have the day, the end of its last day (as in Regulation (EEC, Euratom) No 1182/71, article
// 3(2)(c)). Opening hours play no part.
func (t *Timeline) Months(start Instant, n int) (Instant, error) {
	if n < 0 {
		return 0, errNegativeTarget
	}
	if !t.contains(start) {
		return 0, t.outside
	}
	if n > maxMonths {
		return 0, t.past
	}
	local := t.clock.shown(start)
	date := Date(floorDiv(local, int64(Day)))
	target, exists := date.addMonths(n)
	clockTime := local - date.midnight()
	if !exists {
		clockTime = 0
	}
	due := t.clock.opening(target.midnight() + clockTime)
	if n == 0 {
		due = start
	}
	if due > t.horizon.To {
		return 0, t.past
	}
	return due, nil
}

// maxMonths is more than any horizon has.
const maxMonths = int(maxHorizon / (28 * Day))

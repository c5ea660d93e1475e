package calendar

import (
	"math"
	"sort"
	"time"
)

// span is a stretch of time in which a zone keeps one offset: local time = instant + offset.
type span struct {
	interval Interval
	offset   int64
	// reached is the latest local time that a clock has shown before the end of this span; ahead is the earliest that a
	// clock shows from its start on. They differ from the span's own ends only near overlaps.
	reached, ahead int64
}

// localClock is a zone over a range of instants, as spans without holes. Local times are milliseconds since the local
// 1970-01-01T00:00. The zone's last offset holds after the range, its first before.
//
// The three conversions below resolve daylight-saving changes explicitly, so that nothing depends on how time.Date picks
// an offset: what falls into a gap happens at the transition, and of the two passes of an overlap an opening takes the
// first and a closing the last.
type localClock []span

func newLocalClock(zone *time.Location, from, to Instant) localClock {
	var clock localClock
	for at := from; at < to; {
		offset, until := offsetAt(zone, at)
		until = min(until, to)
		if n := len(clock); n > 0 && clock[n-1].offset == offset {
			clock[n-1].interval.To = until
		} else {
			clock = append(clock, span{interval: Interval{at, until}, offset: offset})
		}
		at = until
	}
	clock.link()
	return clock
}

// offsetAt is the zone's offset at the instant, and a later instant until which it surely holds. Where a zone goes by a
// rule for all later years, time.Time.ZoneBounds ends each year after 365 days, so that on the last day of a leap year
// its end lies in the past (Go 1.26.8, time.tzset); such a day is taken by itself.
func offsetAt(zone *time.Location, at Instant) (offset int64, until Instant) {
	local := at.Time().In(zone)
	_, seconds := local.Zone()
	_, end := local.ZoneBounds()
	switch until = FromTime(end); {
	case end.IsZero():
		until = math.MaxInt64
	case until <= at:
		until = Instant(floorDiv(int64(at), int64(Day))+1) * Instant(Day)
	}
	return int64(seconds) * int64(Second), until
}

func (c localClock) link() {
	for i := range c {
		c[i].reached = int64(c[i].interval.To) + c[i].offset
		if i > 0 {
			c[i].reached = max(c[i].reached, c[i-1].reached)
		}
	}
	for i := len(c) - 1; i >= 0; i-- {
		c[i].ahead = int64(c[i].interval.From) + c[i].offset
		if i+1 < len(c) {
			c[i].ahead = min(c[i].ahead, c[i+1].ahead)
		}
	}
}

// opening is the first instant at which clocks show the local time or a later one.
func (c localClock) opening(local int64) Instant {
	at, _, _ := c.openingRun(local)
	return at
}

// openingRun is opening with its slope (0 or 1) from the local time on, up to the local time until.
func (c localClock) openingRun(local int64) (at Instant, slope, until int64) {
	i := sort.Search(len(c)-1, func(i int) bool { return c[i].reached > local })
	at, until = Instant(local-c[i].offset), c[i].reached
	if i == len(c)-1 {
		until = math.MaxInt64
	}
	if begin := c[i].interval.From; i > 0 && at < begin {
		return begin, 0, int64(begin) + c[i].offset
	}
	return at, 1, until
}

// closing is the end of the last stretch in which clocks show an earlier time than local.
func (c localClock) closing(local int64) Instant {
	i := sort.Search(len(c)-1, func(i int) bool { return c[i+1].ahead >= local })
	at := Instant(local - c[i].offset)
	if i < len(c)-1 {
		at = min(at, c[i].interval.To)
	}
	return at
}

// shown is the local time of a clock that stands still, rather than going back, while an overlap repeats. So it never
// decreases, and opening is its inverse.
func (c localClock) shown(at Instant) int64 {
	local, _, _ := c.shownRun(at)
	return local
}

// shownRun is shown with its slope (0 or 1) from the instant on, up to the instant until.
func (c localClock) shownRun(at Instant) (local, slope int64, until Instant) {
	i := sort.Search(len(c)-1, func(i int) bool { return c[i].interval.To > at })
	local, until = int64(at)+c[i].offset, c[i].interval.To
	if i == len(c)-1 {
		until = math.MaxInt64
	}
	if i > 0 && local < c[i-1].reached {
		reached := c[i-1].reached
		return reached, 0, min(until, Instant(reached-c[i].offset))
	}
	return local, 1, until
}

// copyDays adds to f, for starts in the interval, the instants at which clocks show the same time so many days later, but
// none before or after the ends of within.
func (c localClock) copyDays(f *function, starts Interval, days Date, within Interval) {
	for at := starts.From; at < starts.To; {
		local, slope, until := c.shownRun(at)
		later := local + days.midnight()
		due, dueSlope, laterUntil := c.openingRun(later)
		if slope == 1 && laterUntil-later < int64(until-at) {
			until = at + Instant(laterUntil-later)
		}
		until = min(until, starts.To)
		f.addWithin(piece{int64(at), int64(due), slope * dueSlope}, int64(until), int64(within.From), int64(within.To))
		at = until
	}
}

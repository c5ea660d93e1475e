package arrivals

import (
	"time"

	"sunrelay/model/calendar"
)

// Profile is the shape of a rate over the local week.
type Profile struct {
	Zone *time.Location
	// Weight is relative to the mean rate, which is 1, for equal slots of the local week from Monday 00:00 on. Its
	// length is 7 times the slots of a day; a slot is a whole number of minutes.
	Weight []float64
}

// NewProfile is the profile with the given weights, scaled to a mean of 1. All weights zero is a flat profile.
func NewProfile(zone *time.Location, weight []float64) Profile {
	sum := 0.0
	for _, w := range weight {
		sum += w
	}
	scaled := make([]float64, len(weight))
	for i, w := range weight {
		scaled[i] = w / sum * float64(len(weight))
	}
	return Profile{Zone: zone, Weight: scaled}
}

// FlatProfile has the same rate at any time. The zone still says where the days begin.
func FlatProfile(zone *time.Location) Profile {
	return Profile{Zone: zone, Weight: []float64{1, 1, 1, 1, 1, 1, 1}}
}

// segment is a stretch of one rate: the profile's slots as they fall on the time line, cut at local midnights.
type segment struct {
	from, to calendar.Instant
	rate     float64 // relative to the mean rate
	day      uint64  // number of the local date since 1970-01-01
}

// Shape is a profile on the time line. It is read-only: processes of the same profile share it.
type Shape []segment

// On lays the profile on [from, to). A slot in a gap of the local clock vanishes, one in an overlap counts twice, as it
// does for the customers.
func (p Profile) On(from, to calendar.Instant) Shape {
	slot := calendar.Week / calendar.Duration(len(p.Weight))
	var out Shape
	for at := from; at < to; {
		local := localClock(at, p.Zone)
		end := at.Add(slot - local.sinceMonday%slot)
		end = min(cutAtTransition(at, end, p.Zone), to)
		s := segment{from: at, to: end, rate: p.Weight[local.sinceMonday/slot], day: local.day}
		if n := len(out); n > 0 && out[n-1].rate == s.rate && out[n-1].day == s.day {
			out[n-1].to = end
		} else {
			out = append(out, s)
		}
		at = end
	}
	return out
}

// clock is what the wall shows.
type clock struct {
	sinceMonday calendar.Duration
	day         uint64
}

func localClock(at calendar.Instant, zone *time.Location) clock {
	t := at.Time().In(zone)
	_, offset := t.Zone()
	local := int64(at) + int64(offset)*1000
	const week, mondayOffset = int64(calendar.Week), 3 * int64(calendar.Day) // 1970-01-01 was a Thursday
	return clock{
		sinceMonday: calendar.Duration(floorMod(local+mondayOffset, week)),
		day:         uint64((local - floorMod(local, int64(calendar.Day))) / int64(calendar.Day)),
	}
}

func floorMod(a, m int64) int64 { return (a%m + m) % m }

// cutAtTransition is the first change of the zone's offset in (from, to), or to. On the last day of a leap year Go 1.26
// gives zones that follow a rule an end that is past; nothing changes then.
func cutAtTransition(from, to calendar.Instant, zone *time.Location) calendar.Instant {
	_, end := from.Time().In(zone).ZoneBounds()
	if cut := calendar.FromTime(end); !end.IsZero() && cut > from {
		return min(to, cut)
	}
	return to
}

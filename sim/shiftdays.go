package sim

import (
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/org"
	"sunrelay/model/scenario"
)

// shiftDay is duty within one shift day.
type shiftDay struct {
	from, to calendar.Instant
	day      int64 // number of the local date since 1970-01-01
}

// byShiftDay is the duty with its local date, by which absence is drawn. Duty longer than a day, as of a pool that never
// closes, is cut every 24 hours at local midnight if absence matters (an hour beside it on a day of a clock change).
func byShiftDay(duty calendar.Interval, zone *time.Location, absence bool) []shiftDay {
	if !absence || duty.Length() <= calendar.Day {
		return []shiftDay{{duty.From, duty.To, localDay(duty.From, zone)}}
	}
	var out []shiftDay
	for at := duty.From; at < duty.To; {
		piece := shiftDay{at, min(at.Add(calendar.Day-sinceMidnight(at, zone)), duty.To), localDay(at, zone)}
		out = append(out, piece)
		at = piece.to
	}
	return out
}

// sinceMidnight is what the wall clock shows.
func sinceMidnight(at calendar.Instant, zone *time.Location) calendar.Duration {
	t := at.Time().In(zone)
	h, m, s := t.Clock()
	return calendar.Duration(h)*calendar.Hour + calendar.Duration(m)*calendar.Minute +
		calendar.Duration(s)*calendar.Second + calendar.Duration(t.Nanosecond()/1e6)
}

func localDay(at calendar.Instant, zone *time.Location) int64 {
	y, m, d := at.Time().In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// overtime is how long a touch in progress may go on after the end of a shift; 0 means that it is handed over at once.
func overtime(p *scenario.CompiledPool) tick {
	if p.AtShiftEnd == org.HandOver {
		return 0
	}
	return min(tick(p.MaxOvertime), never)
}

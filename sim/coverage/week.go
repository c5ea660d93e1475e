package coverage

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"sunrelay/model/calendar"
)

// HoursOfWeek are counted from Monday 00:00 on local clocks.
const HoursOfWeek = 168

// Week is time by local hour of the week. Where an hour repeats or is left out, since clocks change, it has more time or
// less.
type Week [HoursOfWeek]HourTime

// HourTime is the time of all occurrences of an hour of the week.
type HourTime struct {
	Measured calendar.Duration // in the measured time; 0 where the run is shorter than a week and lacks the hour
	Broken   calendar.Duration // of it, from which the promise cannot be kept
}

// Span is the half-open stretch [From, To) of the local week, counted from Monday 00:00 on local clocks.
type Span struct{ From, To calendar.Duration }

// Exception is a local date on which more is broken than in regular weeks.
type Exception struct {
	Date calendar.Date
	// Extra is the time of the date, outside the regular spans, from which the promise cannot be kept.
	Extra calendar.Duration
	// Names are those of the holidays without which somebody would have been on duty in time; empty where the reason is
	// another one, such as clocks that change elsewhere.
	Names []string
}

// localWeeks is the measured time as clocks of a zone show it. Local times count from epochMonday, 00:00.
type localWeeks struct {
	segments []segment
	measured Week   // Broken is 0
	edges    []edge // of the measured time in the week
}

// segment is a stretch in which clocks run evenly.
type segment struct {
	calendar.Interval
	ahead calendar.Duration // local time less the instant
}

// epochMonday is 1969-12-29, the Monday before instant 0.
const epochMonday = calendar.Date(-3)

func newLocalWeeks(zone *time.Location, span calendar.Interval) *localWeeks {
	w := &localWeeks{}
	for at := span.From; at < span.To; {
		local := at.Time().In(zone)
		_, offset := local.Zone()
		to := min(span.To, nextChange(local))
		ahead := calendar.Duration(offset)*calendar.Second - calendar.Duration(epochMonday)*calendar.Day
		w.segments = append(w.segments, segment{calendar.Interval{From: at, To: to}, ahead})
		at = to
	}
	whole := []calendar.Interval{span}
	for piece := range w.pieces(whole, calendar.Hour) {
		w.measured[piece.hour()].Measured += piece.length()
	}
	w.edges = w.edgesOf(whole, edge{measured: 1})
	return w
}

// nextChange is an instant after t up to which the zone's offset stays the same. On the last day of a leap year Go 1.26
// says that the offset of zones that follow a rule held up to an instant that is past; then it holds for a day.
func nextChange(t time.Time) calendar.Instant {
	now := calendar.FromTime(t)
	_, end := t.ZoneBounds()
	if cut := calendar.FromTime(end); !end.IsZero() && cut > now {
		return cut
	}
	return now.Add(calendar.Day)
}

// piece is a stretch of time within one local hour, day or week.
type piece struct {
	from  calendar.Instant
	local Span // counted from epochMonday
}

func (p piece) length() calendar.Duration { return p.local.To - p.local.From }

func (p piece) hour() int { return int(floorMod(p.local.From/calendar.Hour, HoursOfWeek)) }

func (p piece) date() calendar.Date {
	return epochMonday + calendar.Date(floorDiv(p.local.From, calendar.Day))
}

// inWeek is the piece as a part of the local week.
func (p piece) inWeek() Span {
	from := floorMod(p.local.From, calendar.Week)
	return Span{from, from + p.length()}
}

// pieces cuts intervals, which are in order, where clocks change and at each full step of local time.
func (w *localWeeks) pieces(intervals []calendar.Interval, step calendar.Duration) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		s := 0
		for _, iv := range intervals {
			for at := iv.From; at < iv.To; {
				for w.segments[s].To <= at {
					s++
				}
				ahead := w.segments[s].ahead
				local := calendar.Duration(at) + ahead
				left := min(step-floorMod(local, step), min(iv.To, w.segments[s].To).Sub(at))
				if !yield(piece{at, Span{local, local + left}}) {
					return
				}
				at = at.Add(left)
			}
		}
	}
}

func floorDiv(a, b calendar.Duration) calendar.Duration { return (a - floorMod(a, b)) / b }

func floorMod(a, b calendar.Duration) calendar.Duration { return (a%b + b) % b }

// hours is the broken and the measured time by hour of the week.
func (w *localWeeks) hours(broken []calendar.Interval) Week {
	week := w.measured
	for p := range w.pieces(broken, calendar.Hour) {
		week[p.hour()].Broken += p.length()
	}
	return week
}

// edge is a point of the local week at which so many more weeks are measured, or broken, than just before.
type edge struct {
	at               calendar.Duration
	measured, broken int
}

// edgesOf are the edges of intervals: each counts as one at its beginning and as one less at its end.
func (w *localWeeks) edgesOf(intervals []calendar.Interval, one edge) []edge {
	var edges []edge
	for p := range w.pieces(intervals, calendar.Week) {
		span := p.inWeek()
		edges = append(edges, edge{span.From, one.measured, one.broken}, edge{span.To, -one.measured, -one.broken})
	}
	return edges
}

// regular are the stretches of the local week that are broken in more than half of the weeks that were measured.
func (w *localWeeks) regular(broken []calendar.Interval) []Span {
	edges := append(w.edgesOf(broken, edge{broken: 1}), w.edges...)
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var out []Span
	var now edge
	for i, e := range edges {
		now.measured += e.measured
		now.broken += e.broken
		if i+1 == len(edges) || edges[i+1].at == e.at || 2*now.broken <= now.measured {
			continue
		}
		span := Span{e.at, edges[i+1].at}
		if n := len(out); n > 0 && out[n-1].To == span.From {
			out[n-1].To = span.To
		} else {
			out = append(out, span)
		}
	}
	return out
}

// exceptions are the dates on which more is broken than the regular spans. Names says which holidays explain arrivals
// that are broken beyond them.
func (w *localWeeks) exceptions(broken []calendar.Interval, regular []Span, names func(calendar.Interval) []string) []Exception {
	var out []Exception
	for p := range w.pieces(broken, calendar.Day) {
		within := p.inWeek()
		for _, extra := range without(within, regular) {
			if n := len(out); n == 0 || out[n-1].Date != p.date() {
				out = append(out, Exception{Date: p.date()})
			}
			e := &out[len(out)-1]
			e.Extra += extra.To - extra.From
			from := p.from.Add(extra.From - within.From)
			for _, name := range names(calendar.Interval{From: from, To: from.Add(extra.To - extra.From)}) {
				if !slices.Contains(e.Names, name) {
					e.Names = append(e.Names, name)
				}
			}
		}
	}
	return out
}

// without is what is left of the span outside the regular ones.
func without(span Span, regular []Span) []Span {
	var out []Span
	at := span.From
	for _, r := range regular {
		if to := min(r.From, span.To); to > at {
			out = append(out, Span{at, to})
		}
		at = max(at, r.To)
	}
	if at < span.To {
		out = append(out, Span{at, span.To})
	}
	return out
}

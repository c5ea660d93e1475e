package calendar

import (
	"math/rand/v2"
	"time"
)

// twin is the slow, obvious calendar: one flag for each step (a minute, say) of the horizon, found by asking the standard
// library which local time the clocks show. It is right as long as all edges of the calendar lie on steps.
type twin struct {
	from  Instant
	step  Duration
	open  []bool  // of the step that begins at from + i*step
	local []int64 // what clocks show at the start of the step
	days  []twinDay
}

// twinDay is a date with open steps, from its first opening to its last closing.
type twinDay struct {
	date        Date
	open, close int // steps
}

// newTwin covers the horizon; steps outside it are closed.
func newTwin(d Definition, from, to Instant, step Duration) *twin {
	margin := 4 * Day / step * step
	w := &twin{from: from.Add(-margin), step: step}
	n := int((to.Sub(from) + 2*margin) / step)
	w.open, w.local = make([]bool, n), make([]int64, n)
	for i := range w.local {
		t := w.at(i).Time().In(d.Zone)
		_, offset := t.Zone()
		w.local[i] = int64(w.at(i)) + int64(offset)*1000
	}
	for date := DateOf(from, d.Zone) - 2; date <= DateOf(to, d.Zone)+2; date++ {
		w.addDay(date, d.On(date))
	}
	w.settleDays()
	for i := range w.open {
		if w.at(i) < from || w.at(i) >= to {
			w.open[i] = false
		}
	}
	return w
}

// addDay opens the steps of the windows: from the first that shows the opening time or later to the last that shows a time
// before the closing time.
func (w *twin) addDay(date Date, windows Windows) {
	day := twinDay{date: date, open: -1}
	for _, window := range windows {
		from, to := date.midnight()+int64(window.From), date.midnight()+int64(window.To)
		begin, end := -1, -1
		for i, local := range w.local {
			if begin < 0 && local >= from {
				begin = i
			}
			if local < to {
				end = i + 1
			}
		}
		if begin < 0 || begin >= end {
			continue
		}
		for i := begin; i < end; i++ {
			w.open[i] = true
		}
		if day.open < 0 || begin < day.open {
			day.open = begin
		}
		day.close = max(day.close, end)
	}
	if day.open >= 0 {
		w.days = append(w.days, day)
	}
}

// settleDays gives time that belongs to two days to the later one from its first opening on.
func (w *twin) settleDays() {
	for i := 1; i < len(w.days); i++ {
		w.days[i].close = max(w.days[i].close, w.days[i-1].close)
		w.days[i-1].close = min(w.days[i-1].close, w.days[i].open)
	}
}

func (w *twin) at(i int) Instant { return w.from.Add(Duration(i) * w.step) }

func (w *twin) index(at Instant) int { return int(at.Sub(w.from) / w.step) }

// deadline walks step by step until d of open time without pauses is used.
func (w *twin) deadline(start Instant, d Duration, pauses ...Interval) (Instant, bool) {
	if d == 0 {
		return start, true
	}
	for at := start; w.index(at) < len(w.open); {
		end := w.at(w.index(at) + 1)
		for _, p := range pauses { // stop at each end of a pause
			if p.From < p.To && p.From > at {
				end = min(end, p.From)
			}
			if p.From < p.To && p.To > at {
				end = min(end, p.To)
			}
		}
		if w.open[w.index(at)] && !paused(at, pauses) {
			if end.Sub(at) >= d {
				return at.Add(d), true
			}
			d -= end.Sub(at)
		}
		at = end
	}
	return 0, false
}

func paused(at Instant, pauses []Interval) bool {
	for _, p := range pauses {
		if p.From <= at && at < p.To {
			return true
		}
	}
	return false
}

// backwards walks step by step into the past until d of open time is used.
func (w *twin) backwards(start Instant, d Duration) (Instant, bool) {
	for at := start; at > w.from; {
		i := w.index(at - 1)
		if w.open[i] {
			if at.Sub(w.at(i)) >= d {
				return at.Add(-d), true
			}
			d -= at.Sub(w.at(i))
		}
		at = w.at(i)
	}
	return 0, false
}

// openTime walks step by step from a to b.
func (w *twin) openTime(a, b Instant) (total Duration) {
	for at := a; at < b; {
		end := min(w.at(w.index(at)+1), b)
		if w.open[w.index(at)] {
			total += end.Sub(at)
		}
		at = end
	}
	return total
}

// businessDays counts days from the one that is open or opens next.
func (w *twin) businessDays(start Instant, n int, rule BusinessDayRule) (Instant, bool) {
	for i, day := range w.days {
		if w.at(day.close) <= start {
			continue
		}
		if i+n >= len(w.days) {
			return 0, false
		}
		target := w.days[i+n]
		if rule == EndOfDay || n == 0 {
			return w.at(target.close), true
		}
		at := w.index(start)
		inside := start.Sub(w.at(at))
		for !w.open[at] {
			at, inside = at+1, 0
			if at == len(w.open) {
				return 0, false
			}
		}
		due := w.sameTime(at, inside, target.date-day.date)
		return min(max(due, w.at(target.open)), w.at(target.close)), true
	}
	return 0, false
}

// sameTime is the first instant, so many days later, at which clocks show the time of step at plus inside.
func (w *twin) sameTime(at int, inside Duration, days Date) Instant {
	return w.firstShowing(w.shown(at, inside) + days.midnight())
}

// shown is what clocks show, but while an hour repeats the clock stands.
func (w *twin) shown(at int, inside Duration) int64 {
	shown := w.local[at] + int64(inside)
	for i := 1; i <= int(30*Hour/w.step) && i <= at; i++ {
		shown = max(shown, w.local[at-i]+int64(w.step))
	}
	return shown
}

// sameTimeMonths is the same local time n months later, or the end of a month that is too short.
func (w *twin) sameTimeMonths(start Instant, n int) Instant {
	i := w.index(start)
	shown := w.shown(i, start.Sub(w.at(i)))
	date := Date(floorDiv(shown, int64(Day)))
	year, month, day := date.Civil()
	last := NewDate(year, month+time.Month(n)+1, 1) - 1 // of the month
	if _, _, days := last.Civil(); day > days {
		return w.firstShowing((last + 1).midnight())
	}
	return w.firstShowing(NewDate(year, month+time.Month(n), day).midnight() + shown - date.midnight())
}

// firstShowing is the first instant at which clocks show the local time or a later one.
func (w *twin) firstShowing(local int64) Instant {
	for i := range w.local {
		if w.local[i] >= local {
			return w.at(i)
		}
		if w.local[i]+int64(w.step) > local {
			return w.at(i).Add(Duration(local - w.local[i]))
		}
	}
	return Never
}

// randomDefinition has hours on steps: split shifts, breaks, windows over midnight, closed days, special dates.
func randomDefinition(r *rand.Rand, zones []string, near Date, step Duration) Definition {
	zone, err := EmbeddedZones().Location(zones[r.IntN(len(zones))])
	if err != nil {
		panic(err)
	}
	d := Definition{Zone: zone, Dates: map[Date]Windows{}, BusinessDay: BusinessDayRule(r.IntN(2))}
	office := Windows{{TimeOfDay(8 * Hour), TimeOfDay(12 * Hour)}, {TimeOfDay(13 * Hour), TimeOfDay(17 * Hour)}}
	for i := range d.Hours {
		switch r.IntN(5) {
		case 0:
		case 1, 2:
			d.Hours[i] = office
		default:
			d.Hours[i] = randomWindows(r, step)
		}
	}
	if r.IntN(8) == 0 {
		d.Hours = RoundTheClock()
	}
	for range r.IntN(5) {
		d.Holidays = append(d.Holidays, near+Date(r.IntN(30)))
	}
	for range r.IntN(3) {
		d.Dates[near+Date(r.IntN(30))] = randomWindows(r, step)
	}
	if r.IntN(4) == 0 {
		d.Dates[near+Date(r.IntN(30))] = nil
	}
	return *d.clone()
}

func randomWindows(r *rand.Rand, step Duration) (ws Windows) {
	steps := int(Day / step)
	for range 1 + r.IntN(3) {
		from := r.IntN(steps)
		length := 1 + r.IntN((steps-1)/(1+r.IntN(12)))
		ws = append(ws, Window{TimeOfDay(Duration(from) * step), TimeOfDay(Duration(from+length) * step)})
	}
	return ws
}

package calendar

import (
	"sort"
	"time"
)

// Step is one stretch on the way from a start to its due.
type Step struct {
	Interval Interval
	Open     bool
	Reason   string // why the stretch is closed or counts, such as "weekend", "holiday: Christmas Day" or "open"
	Used     int64  // of the target in this stretch, in its unit
	Left     int64  // of the target at the end of the stretch, in its unit
}

// Explain is the way from the start to the due of the target, for people: stretches in order that touch one another and
// end with the due. Open time and business days step through opening hours, and say of closed time why it is closed;
// elapsed time and months are a single step.
func (t *Timeline) Explain(start Instant, target Target) ([]Step, error) {
	due, err := t.Due(start, target)
	if err != nil {
		return nil, err
	}
	switch target.Unit {
	case Open:
		return t.explainOpen(start, due, target.Amount), nil
	case BusinessDays:
		return t.explainDays(start, due, target.Amount), nil
	}
	return []Step{{Interval: Interval{start, due}, Open: true, Reason: "counts round the clock", Used: target.Amount}}, nil
}

func (t *Timeline) explainOpen(start, due Instant, left int64) (steps []Step) {
	at := start
	for i := t.next(start); i < len(t.open) && at < due; i++ {
		from, to := max(at, t.open[i].From), min(t.open[i].To, due)
		steps = t.explainClosed(steps, at, min(from, due), left)
		used := int64(to.Sub(from))
		left -= used
		steps = append(steps, Step{Interval{from, to}, true, "open", used, left})
		at = to
	}
	return steps
}

func (t *Timeline) explainDays(start, due Instant, left int64) (steps []Step) {
	at := start
	day := sort.Search(len(t.days), func(i int) bool { return t.days[i].close > start })
	for i, d := range t.days[day : day+int(left)+1] {
		from, to := max(at, d.open), min(d.close, due)
		steps = t.explainClosed(steps, at, from, left)
		step := Step{Interval: Interval{from, to}, Open: true, Reason: "business day 0, the day of the start"}
		if i > 0 {
			left--
			step.Used, step.Reason = 1, "business day"
		}
		step.Left = left
		steps = append(steps, step)
		at = to
	}
	return steps
}

// explainClosed appends the closed stretch, cut where its reason changes.
func (t *Timeline) explainClosed(steps []Step, from, to Instant, left int64) []Step {
	for at := from; at < to; {
		date := Date(floorDiv(t.clock.shown(at), int64(Day)))
		end := min(t.clock.opening((date + 1).midnight()), to)
		reason := t.reasonClosed(date, at)
		if n := len(steps); n > 0 && at > from && steps[n-1].Reason == reason {
			steps[n-1].Interval.To = end
		} else {
			steps = append(steps, Step{Interval: Interval{at, end}, Reason: reason, Left: left})
		}
		at = end
	}
	return steps
}

// reasonClosed says why the calendar is closed at an instant of the date.
func (t *Timeline) reasonClosed(date Date, at Instant) string {
	d := t.definition
	name := ""
	if d.Names[date] != "" {
		name = ": " + d.Names[date]
	}
	windows := d.On(date)
	special, isSpecial := d.Dates[date]
	weekday := date.Weekday()
	switch {
	case isSpecial && len(special) == 0:
		return "closed on this date" + name
	case isSpecial && !t.isBreak(date, windows, at):
		return "outside the special hours of this date" + name
	case len(windows) == 0 && len(d.Hours.On(weekday)) > 0:
		return "holiday" + name
	case len(windows) == 0 && (weekday == time.Saturday || weekday == time.Sunday):
		return "weekend"
	case len(windows) == 0:
		return "closed on " + weekday.String() + "s"
	case t.isBreak(date, windows, at):
		return "break"
	}
	return "outside opening hours"
}

// isBreak reports whether the closed instant lies between two windows of its date.
func (t *Timeline) isBreak(date Date, windows Windows, at Instant) bool {
	before, after := false, false
	for _, w := range windows {
		before = before || t.clock.closing(date.midnight()+int64(w.To)) <= at
		after = after || t.clock.opening(date.midnight()+int64(w.From)) > at
	}
	return before && after
}

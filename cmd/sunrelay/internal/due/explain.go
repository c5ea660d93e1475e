package due

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"sunrelay/model/calendar"
)

// Paused is the reason of a step in which the clock stands still by order and not by opening hours.
const Paused = "paused"

// ExplainDue is when the target is due for a clock that starts at start and stands still during the pauses, and the steps
// on the way, whose last one ends there. Pauses need a target in open time.
func (h *Hours) ExplainDue(start calendar.Instant, target calendar.Target, pauses []calendar.Interval) (due calendar.Instant, steps []calendar.Step, err error) {
	if len(pauses) > 0 && target.Unit != calendar.Open {
		return 0, nil, errors.New("pauses stop a clock of hours or minutes, want a target such as 30m or 8bh")
	}
	pauses = merged(pauses)
	err = h.Ask(start, start, func(t *calendar.Timeline) error {
		if len(pauses) == 0 {
			if due, err = t.Due(start, target); err != nil {
				return err
			}
			steps, err = t.Explain(start, target)
			return err
		}
		due, err = t.DeadlinePaused(start, calendar.Duration(target.Amount), pauses)
		if err != nil {
			return err
		}
		steps, err = stretches(t, start, due)
		return err
	})
	if err == nil && len(pauses) > 0 {
		steps = counted(overlaid(steps, pauses), target.Amount)
	}
	return due, steps, err
}

// ExplainOpen is the open time from start to end that lies in no pause, and the steps on the way. The Left of a step is
// what remains of the open time.
func (h *Hours) ExplainOpen(start, end calendar.Instant, pauses []calendar.Interval) (open calendar.Duration, steps []calendar.Step, err error) {
	if end < start {
		return 0, nil, fmt.Errorf("the end %v lies before the start %v", end, start)
	}
	pauses = merged(pauses)
	err = h.Ask(start, end, func(t *calendar.Timeline) error {
		if open, err = t.OpenTimePaused(start, end, pauses); err != nil {
			return err
		}
		steps, err = stretches(t, start, end)
		return err
	})
	return open, counted(overlaid(steps, pauses), int64(open)), err
}

// merged are the pauses by their start, those that overlap or touch as one and the empty ones left out.
func merged(pauses []calendar.Interval) []calendar.Interval {
	sorted := slices.SortedFunc(slices.Values(pauses), func(a, b calendar.Interval) int { return cmp.Compare(a.From, b.From) })
	var out []calendar.Interval
	for _, p := range sorted {
		switch n := len(out); {
		case p.To <= p.From:
		case n > 0 && p.From <= out[n-1].To:
			out[n-1].To = max(out[n-1].To, p.To)
		default:
			out = append(out, p)
		}
	}
	return out
}

// stretches are the open and closed stretches between two instants: the way of a target that is a millisecond longer than
// their open time, and so ends behind them, cut at until.
func stretches(t *calendar.Timeline, from, until calendar.Instant) ([]calendar.Step, error) {
	open, err := t.OpenTime(from, until)
	if err != nil {
		return nil, err
	}
	steps, err := t.Explain(from, calendar.Target{Amount: int64(open) + 1, Unit: calendar.Open})
	if err != nil {
		return nil, err
	}
	for i := range steps {
		if steps[i].Interval.To >= until {
			steps[i].Interval.To = until
			if steps[i].Interval.From >= until {
				return steps[:i], nil
			}
			return steps[:i+1], nil
		}
	}
	return steps, nil
}

// overlaid are the steps with the pauses laid over them; a pause that goes over several steps is one.
func overlaid(steps []calendar.Step, pauses []calendar.Interval) []calendar.Step {
	var out []calendar.Step
	add := func(s calendar.Step, from, to calendar.Instant) {
		if from >= to {
			return
		}
		s.Interval = calendar.Interval{From: from, To: to}
		if n := len(out); n > 0 && s.Reason == Paused && out[n-1].Reason == Paused {
			out[n-1].Interval.To = to
			return
		}
		out = append(out, s)
	}
	for _, s := range steps {
		at := s.Interval.From
		for _, p := range pauses {
			from, to := max(p.From, at), min(p.To, s.Interval.To)
			if from >= to {
				continue
			}
			add(s, at, from)
			add(calendar.Step{Reason: Paused}, from, to)
			at = to
		}
		add(s, at, s.Interval.To)
	}
	return out
}

// counted are the steps with what each uses of an amount of open time.
func counted(steps []calendar.Step, left int64) []calendar.Step {
	for i := range steps {
		steps[i].Used = 0
		if steps[i].Open {
			steps[i].Used = int64(steps[i].Interval.Length())
		}
		left -= steps[i].Used
		steps[i].Left = left
	}
	return steps
}

// ParseTime reads a time as Batch does, and says how it was read.
func (h *Hours) ParseTime(text string) (calendar.Instant, Reading, error) {
	w, ok := parseWritten([]byte(text))
	if !ok {
		return 0, 0, fmt.Errorf("%q is not a time, want one such as 2026-03-06T16:30, local to the calendar, or 2026-03-06T16:30:00Z", text)
	}
	at, reading := w.in(h.Zone)
	return at, reading, nil
}

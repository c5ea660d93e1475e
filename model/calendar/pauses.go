package calendar

import "errors"

var errUnsortedPauses = errors.New("pauses are not sorted by their start")

// DeadlinePaused is Deadline for a clock that stands still during the pauses: the earliest instant at which d of open,
// unpaused time has been used. The pauses are sorted by their start; where they overlap they count once, and those that
// end before they begin count nothing. A negative d is an error.
func (t *Timeline) DeadlinePaused(start Instant, d Duration, pauses []Interval) (Instant, error) {
	if d < 0 {
		return 0, errNegativeTarget
	}
	due, err := t.Deadline(start, d)
	if err != nil || d == 0 {
		return due, err
	}
	used, _ := t.usedBefore(start)
	counted := start // pauses up to here are in d
	for i, pause := range pauses {
		if i > 0 && pause.From < pauses[i-1].From {
			return 0, errUnsortedPauses
		}
		from := max(pause.From, counted)
		if from >= due || from >= pause.To {
			continue
		}
		paused, err := t.OpenTime(from, pause.To)
		if err != nil {
			return 0, t.past
		}
		if d += paused; d > Duration(t.dueSlow.limit) {
			return 0, t.past
		}
		if due, err = t.instantOf(used, d); err != nil {
			return 0, err
		}
		counted = pause.To
	}
	return due, nil
}

// OpenTimePaused is the open time from a to b that lies in no pause, for a not after b. The pauses are sorted by their
// start; where they overlap they count once.
func (t *Timeline) OpenTimePaused(a, b Instant, pauses []Interval) (Duration, error) {
	total, err := t.OpenTime(a, b)
	if err != nil {
		return 0, err
	}
	if a > b {
		return 0, errors.New("end of the span lies before its start")
	}
	counted := a
	for i, pause := range pauses {
		if i > 0 && pause.From < pauses[i-1].From {
			return 0, errUnsortedPauses
		}
		from, to := max(pause.From, counted), min(pause.To, b)
		if from >= to {
			continue
		}
		paused, err := t.OpenTime(from, to)
		if err != nil {
			return 0, err
		}
		total -= paused
		counted = to
	}
	return total, nil
}

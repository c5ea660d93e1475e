package calendar

import "fmt"

// NeverOpenError says that a calendar has no open time between the ends of its horizon.
type NeverOpenError struct{ Horizon Interval }

// Error names the horizon.
func (e *NeverOpenError) Error() string {
	return fmt.Sprintf("calendar has no open time from %v to %v, want opening hours on at least one day", e.Horizon.From, e.Horizon.To)
}

// OutsideHorizonError says that a question begins or ends outside the time for which the calendar was compiled.
type OutsideHorizonError struct{ Horizon Interval }

// Error names the horizon.
func (e *OutsideHorizonError) Error() string {
	return fmt.Sprintf("instant is outside the calendar's horizon, want one from %v to before %v", e.Horizon.From, e.Horizon.To)
}

// PastHorizonError says that the answer lies outside the time for which the calendar was compiled.
type PastHorizonError struct{ Horizon Interval }

// Error names the horizon.
func (e *PastHorizonError) Error() string {
	return fmt.Sprintf("answer lies outside the calendar's horizon, which reaches from %v to %v", e.Horizon.From, e.Horizon.To)
}

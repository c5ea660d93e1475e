package org

import "fmt"

// ShiftEnd says what becomes of a touch that is in progress when its agent's shift ends.
type ShiftEnd uint8

// The ways to end a shift. Finish is the default.
const (
	Finish   ShiftEnd = iota // the agent finishes it in overtime
	HandOver                 // it waits again, for an agent on duty here or elsewhere
)

// UnmarshalText reads finish or hand_over.
func (e *ShiftEnd) UnmarshalText(text []byte) error {
	switch string(text) {
	case "finish":
		*e = Finish
	case "hand_over":
		*e = HandOver
	default:
		return fmt.Errorf("%q is not a way to end a shift, want finish or hand_over", text)
	}
	return nil
}

// HandsOver reports whether the touch is left to another agent at once.
func (e ShiftEnd) HandsOver() bool { return e == HandOver }

// String is the word that UnmarshalText reads.
func (e ShiftEnd) String() string {
	if e == HandOver {
		return "hand_over"
	}
	return "finish"
}

// HolidayWork says whether a shift is on duty on the holidays of its centre.
type HolidayWork uint8

// The ways to treat holidays. Observed is the default.
const (
	Observed HolidayWork = iota // nobody of the shift works on a holiday
	Worked                      // the shift works as on other days
)

// UnmarshalText reads observed or worked.
func (h *HolidayWork) UnmarshalText(text []byte) error {
	switch string(text) {
	case "observed":
		*h = Observed
	case "worked":
		*h = Worked
	default:
		return fmt.Errorf("%q does not say what happens on holidays, want observed or worked", text)
	}
	return nil
}

// Works reports whether the shift is on duty on holidays.
func (h HolidayWork) Works() bool { return h == Worked }

// String is the word that UnmarshalText reads.
func (h HolidayWork) String() string {
	if h == Worked {
		return "worked"
	}
	return "observed"
}

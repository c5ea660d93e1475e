package calendar

import "fmt"

// Unit says what the amount of a Target counts.
type Unit uint8

// The units of targets.
const (
	Elapsed      Unit = iota // milliseconds, round the clock
	Open                     // milliseconds of open time
	BusinessDays             // business days: see Timeline.BusinessDays
	Months                   // months of the civil calendar: see Timeline.Months
)

// Target is the length of a promise. The amount is not negative.
type Target struct {
	Amount int64
	Unit   Unit
}

// String is the target as 2h, 2h of open time, 3 business days or 1 month.
func (t Target) String() string {
	switch t.Unit {
	case Open:
		return Duration(t.Amount).String() + " of open time"
	case BusinessDays:
		return fmt.Sprintf("%d business days", t.Amount)
	case Months:
		return fmt.Sprintf("%d months", t.Amount)
	}
	return Duration(t.Amount).String()
}

func (t Target) check() error {
	if t.Unit > Months {
		return fmt.Errorf("unit %d of a target, want elapsed time, open time, business days or months", t.Unit)
	}
	if t.Amount < 0 {
		return errNegativeTarget
	}
	return nil
}

// Due is the instant at which the target is due: that of Deadline for open time, of BusinessDays, of Months, or the
// elapsed time later. Where one target serves many starts, a Policy is faster.
func (t *Timeline) Due(start Instant, target Target) (Instant, error) {
	if err := target.check(); err != nil {
		return 0, err
	}
	switch target.Unit {
	case Open:
		return t.Deadline(start, Duration(target.Amount))
	case BusinessDays:
		return t.BusinessDays(start, int(target.Amount))
	case Months:
		return t.Months(start, int(target.Amount))
	}
	if !t.contains(start) {
		return 0, t.outside
	}
	if Duration(target.Amount) > t.horizon.To.Sub(start) {
		return 0, t.past
	}
	return start.Add(Duration(target.Amount)), nil
}

package calendar

import (
	"fmt"
	"time"
)

// Date is a day of the proleptic Gregorian calendar without a zone, as the number of days since 1970-01-01, which is
// also the zero value. Dates compare and subtract like numbers.
type Date int32

// NewDate is the date of a year, month and day; days past the end of the month run into the next one.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsADay)
}

const secondsADay = 24 * 60 * 60

// ParseDate reads an ISO 8601 date such as 2026-12-25.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("date %q, want a date such as 2026-12-25", text)
	}
	return NewDate(t.Date()), nil
}

// DateOf is the date that clocks in zone show at the instant.
func DateOf(at Instant, zone *time.Location) Date {
	return NewDate(at.Time().In(zone).Date())
}

// Civil is the date as year, month and day of the month.
func (d Date) Civil() (year int, month time.Month, day int) { return d.time().Date() }

// Weekday is the day of the week; the standard library counts from Sunday = 0.
func (d Date) Weekday() time.Weekday { return time.Weekday((((int64(d) + 4) % 7) + 7) % 7) }

// String is the date in ISO 8601.
func (d Date) String() string { return d.time().Format(time.DateOnly) }

// MarshalText is the date in ISO 8601.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads an ISO 8601 date.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// addMonths is the same day of the month n months later. Exists is false where that month is too short; the date is
// then the first one of the month after it.
func (d Date) addMonths(n int) (later Date, exists bool) {
	year, month, day := d.Civil()
	first := NewDate(year, month+time.Month(n), 1)
	next := NewDate(year, month+time.Month(n)+1, 1)
	if later = first + Date(day) - 1; later < next {
		return later, true
	}
	return next, false
}

// midnight is the local time at the start of the date, in milliseconds since the local 1970-01-01T00:00.
func (d Date) midnight() int64 { return int64(d) * int64(Day) }

func (d Date) time() time.Time { return time.Unix(int64(d)*secondsADay, 0).UTC() }

package calendar

import "time"

// Instant is a point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
type Instant int64

// Duration is a length of time in milliseconds.
type Duration int64

// Lengths of elapsed time. A Day is 24 hours, whatever the local clock does.
const (
	Millisecond Duration = 1
	Second               = 1000 * Millisecond
	Minute               = 60 * Second
	Hour                 = 60 * Minute
	Day                  = 24 * Hour
	Week                 = 7 * Day
)

// Interval is the half-open span [From, To).
type Interval struct{ From, To Instant }

// Length is the elapsed time of the interval.
func (iv Interval) Length() Duration { return Duration(iv.To - iv.From) }

// FromTime is the instant of t, rounded down to the millisecond.
func FromTime(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time is the instant as a time in UTC.
func (t Instant) Time() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Add is the instant d later.
func (t Instant) Add(d Duration) Instant { return t + Instant(d) }

// Sub is the elapsed time from u to t.
func (t Instant) Sub(u Instant) Duration { return Duration(t - u) }

// String is the instant in RFC 3339, UTC, with milliseconds where it has any.
func (t Instant) String() string { return t.Time().Format("2006-01-02T15:04:05.999Z07:00") }

// Std is the duration in the standard library's type.
func (d Duration) Std() time.Duration { return time.Duration(d) * time.Millisecond }

// Seconds is the duration in seconds.
func (d Duration) Seconds() float64 { return float64(d) / 1000 }

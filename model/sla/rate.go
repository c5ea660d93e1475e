package sla

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"sunrelay/model/calendar"
)

// Rate is a mean number of events in a stretch of time. The zero value is a rate that was not given.
type Rate struct {
	Count float64
	Unit  string // s, min, h, day, week or year, as written
}

// rateUnits are the stretches that a Rate can be written with. A year has 365 days.
var rateUnits = map[string]calendar.Duration{
	"s": calendar.Second, "sec": calendar.Second, "min": calendar.Minute, "h": calendar.Hour, "day": calendar.Day,
	"week": calendar.Week, "year": 365 * calendar.Day,
}

// UnmarshalText reads a count and a unit, such as 90/min or 1,200/week. Units are s (or sec), min, h, day, week and year
// (365 days).
func (r *Rate) UnmarshalText(text []byte) error {
	amount, unit, _ := strings.Cut(string(text), "/")
	unit = strings.TrimSpace(unit)
	if _, known := rateUnits[unit]; !known {
		return fmt.Errorf("%q is not a rate, want a number and one of /s, /min, /h, /day, /week, /year, such as 1200/week", text)
	}
	count, err := strconv.ParseFloat(strings.NewReplacer(",", "", "_", "").Replace(strings.TrimSpace(amount)), 64)
	if err != nil || math.IsNaN(count) || math.IsInf(count, 0) || count < 0 {
		return fmt.Errorf("%q is not a rate: %q is not a number of at least 0", text, amount)
	}
	*r = Rate{Count: count, Unit: unit}
	return nil
}

// Given reports whether the rate was given.
func (r Rate) Given() bool { return r.Unit != "" }

// Per is the mean number of events in d.
func (r Rate) Per(d calendar.Duration) float64 {
	if !r.Given() {
		return 0
	}
	return r.Count * float64(d) / float64(rateUnits[r.Unit])
}

// PerMillisecond is the mean number of events in a millisecond, the unit of instants.
func (r Rate) PerMillisecond() float64 { return r.Per(calendar.Millisecond) }

// String is the text that UnmarshalText reads; empty for a rate that was not given.
func (r Rate) String() string {
	if !r.Given() {
		return ""
	}
	return strconv.FormatFloat(r.Count, 'f', -1, 64) + "/" + r.Unit
}

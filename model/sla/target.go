package sla

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"sunrelay/model/calendar"
)

// TargetKind says in what a Target is counted, or that there is none.
type TargetKind uint8

// The kinds of targets. NotGiven is the zero value: the file says nothing.
const (
	NotGiven          TargetKind = iota
	Elapsed                      // milliseconds, round the clock
	OpenTime                     // milliseconds during which the calendar is open
	BusinessDays                 // business days of the calendar; 0 = the same business day
	Months                       // calendar months
	TimesAWeek                   // a frequency
	TimesABusinessDay            // a frequency
	None                         // nothing is promised
	BestEffort                   // nothing is promised, work is done as capacity allows
	OnStatusChange               // updates only: whenever the case takes a turn, without a limit of time
)

// Target is the limit of a milestone. The zero value is a target that was not given.
type Target struct {
	Kind   TargetKind
	Amount int64 // milliseconds, days, months or times, by Kind
}

var (
	errTargetForm = errors.New("want a time (30m, 2h, 3d, 2w), open time (4bh, 90bm), business days (2bd, next_bd, 0bd), " +
		"months (1mo), a frequency (2/week, 1/bd), on_status_change, none or best_effort")
	openForm  = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)(bh|bm)$`)
	countForm = regexp.MustCompile(`^([0-9]{1,4})(bd|mo|/week|/bd)$`)
)

// countKinds are the kinds that are written as a whole number and a unit.
var countKinds = map[string]TargetKind{"bd": BusinessDays, "mo": Months, "/week": TimesAWeek, "/bd": TimesABusinessDay}

// UnmarshalText reads elapsed time (30m 2h 3d 2w), open time of the calendar (4bh 90bm), business days (2bd, next_bd =
// 1bd, 0bd), months (1mo), frequencies (2/week 1/bd), on_status_change, none and best_effort.
func (t *Target) UnmarshalText(text []byte) error {
	parsed, err := parseTarget(strings.TrimSpace(string(text)))
	if err != nil {
		return fmt.Errorf("%q is not a target: %w", text, err)
	}
	*t = parsed
	return nil
}

func parseTarget(text string) (Target, error) {
	switch text {
	case "none":
		return Target{Kind: None}, nil
	case "best_effort":
		return Target{Kind: BestEffort}, nil
	case "on_status_change":
		return Target{Kind: OnStatusChange}, nil
	case "next_bd":
		return Target{Kind: BusinessDays, Amount: 1}, nil
	}
	if part := openForm.FindStringSubmatch(text); part != nil {
		return openTarget(part[1], part[2])
	}
	if part := countForm.FindStringSubmatch(text); part != nil {
		return countTarget(part[1], part[2])
	}
	elapsed, err := calendar.ParseDuration(text)
	if err != nil {
		return Target{}, errTargetForm
	}
	return Target{Kind: Elapsed, Amount: int64(elapsed)}, nil
}

// openTarget is amount in hours (bh) or minutes (bm) of open time, rounded to the millisecond.
func openTarget(amount, unit string) (Target, error) {
	length := calendar.Hour
	if unit == "bm" {
		length = calendar.Minute
	}
	n, err := strconv.ParseFloat(amount, 64)
	if err != nil || n*float64(length) > float64(calendar.LongestDuration) {
		return Target{}, errors.New("it is too long")
	}
	return Target{Kind: OpenTime, Amount: int64(math.Round(n * float64(length)))}, nil
}

func countTarget(amount, unit string) (Target, error) {
	n, err := strconv.ParseInt(amount, 10, 64)
	if err != nil {
		return Target{}, errTargetForm
	}
	kind := countKinds[unit]
	if n == 0 && kind != BusinessDays {
		return Target{}, errors.New("it is zero")
	}
	return Target{Kind: kind, Amount: n}, nil
}

// Promises reports whether the target promises anything: a limit, a frequency or word of every turn of the case.
func (t Target) Promises() bool { return t.Kind != NotGiven && t.Kind != None && t.Kind != BestEffort }

// IsFrequency reports whether the target is a number of times in a week or a business day.
func (t Target) IsFrequency() bool { return t.Kind == TimesAWeek || t.Kind == TimesABusinessDay }

// Limit is the target as the calendar counts it; false where nothing is promised, where the target was not given, and
// for frequencies, whose limits depend on the calendar.
func (t Target) Limit() (calendar.Target, bool) {
	switch t.Kind {
	case Elapsed:
		return calendar.Target{Amount: t.Amount, Unit: calendar.Elapsed}, true
	case OpenTime:
		return calendar.Target{Amount: t.Amount, Unit: calendar.Open}, true
	case BusinessDays:
		return calendar.Target{Amount: t.Amount, Unit: calendar.BusinessDays}, true
	case Months:
		return calendar.Target{Amount: t.Amount, Unit: calendar.Months}, true
	}
	return calendar.Target{}, false
}

// String is the text that UnmarshalText reads; empty for a target that was not given.
func (t Target) String() string {
	switch t.Kind {
	case Elapsed:
		return calendar.Duration(t.Amount).String()
	case OpenTime:
		return openText(t.Amount)
	case BusinessDays:
		return strconv.FormatInt(t.Amount, 10) + "bd"
	case Months:
		return strconv.FormatInt(t.Amount, 10) + "mo"
	case TimesAWeek:
		return strconv.FormatInt(t.Amount, 10) + "/week"
	case TimesABusinessDay:
		return strconv.FormatInt(t.Amount, 10) + "/bd"
	case None:
		return "none"
	case BestEffort:
		return "best_effort"
	case OnStatusChange:
		return "on_status_change"
	}
	return ""
}

// openText is open time in whole hours where it is that, else in minutes.
func openText(milliseconds int64) string {
	if milliseconds%int64(calendar.Hour) == 0 {
		return strconv.FormatInt(milliseconds/int64(calendar.Hour), 10) + "bh"
	}
	return strconv.FormatFloat(float64(milliseconds)/float64(calendar.Minute), 'f', -1, 64) + "bm"
}

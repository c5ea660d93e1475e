package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Weekdays is a set of days of the week: bit 0 is Monday, bit 6 is Sunday. The zero value is the empty set.
type Weekdays uint8

// Daily is every day of the week.
const Daily Weekdays = 1<<7 - 1

// weekdayNames is indexed like Hours: Monday first.
var weekdayNames = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// mondayFirst is the index of a day of the week in Hours: Monday is 0, Sunday is 6.
func mondayFirst(day time.Weekday) int { return (int(day) + 6) % 7 }

// OnWeekday is the set of one day.
func OnWeekday(day time.Weekday) Weekdays { return 1 << mondayFirst(day) }

// Contains reports whether the day is in the set.
func (w Weekdays) Contains(day time.Weekday) bool { return w&OnWeekday(day) != 0 }

// ParseWeekdays reads a set of days: names, ranges and lists of them, such as mon-fri, sat,sun or mon,wed-fri, or the
// word daily. A range may run over the end of the week, as fri-mon does.
func ParseWeekdays(text string) (Weekdays, error) {
	if strings.TrimSpace(text) == "daily" {
		return Daily, nil
	}
	var set Weekdays
	for part := range strings.SplitSeq(text, ",") {
		days, err := parseWeekdayRange(part)
		if err != nil {
			return 0, err
		}
		set |= days
	}
	return set, nil
}

func parseWeekdayRange(text string) (Weekdays, error) {
	first, last, isRange := strings.Cut(text, "-")
	from, err := parseWeekday(first)
	if err != nil {
		return 0, err
	}
	to := from
	if isRange {
		if to, err = parseWeekday(last); err != nil {
			return 0, err
		}
	}
	set := Weekdays(1) << to
	for day := from; day != to; day = (day + 1) % 7 {
		set |= 1 << day
	}
	return set, nil
}

func parseWeekday(text string) (index int, err error) {
	name := strings.TrimSpace(text)
	for i, known := range weekdayNames {
		if name == known {
			return i, nil
		}
	}
	return 0, fmt.Errorf("day %q, want mon, tue, wed, thu, fri, sat or sun, ranges such as mon-fri, lists of them, or daily", name)
}

// String lists the days in the form that ParseWeekdays reads; runs of three days and more become ranges.
func (w Weekdays) String() string {
	if w == Daily {
		return "daily"
	}
	var parts []string
	for day := 0; day < 7; day++ {
		last := day
		for last < 7 && w&(1<<last) != 0 {
			last++
		}
		switch run := last - day; {
		case run >= 3:
			parts = append(parts, weekdayNames[day]+"-"+weekdayNames[last-1])
		case run > 0:
			parts = append(parts, weekdayNames[day:last]...)
		}
		day = max(day, last)
	}
	return strings.Join(parts, ",")
}

// MarshalText is the set in the form that UnmarshalText reads.
func (w Weekdays) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what ParseWeekdays reads.
func (w *Weekdays) UnmarshalText(text []byte) (err error) {
	*w, err = ParseWeekdays(string(text))
	return err
}

package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// yearlyRule is a recurrence rule with FREQ=YEARLY.
type yearlyRule struct {
	interval  int
	count     int // 0 = without end
	until     Date
	hasUntil  bool
	months    []int
	monthDays []int // negative ones count from the end of the month
	weekdays  []nthWeekday
}

// nthWeekday is a day of the week in a month: the n-th, from the end if negative, each one if 0.
type nthWeekday struct {
	n   int
	day time.Weekday
}

var icsWeekdays = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func parseYearlyRule(l *icsLine) (*yearlyRule, error) {
	rule := &yearlyRule{interval: 1}
	frequency := ""
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSpace(l.value)), ";") {
		key, value, _ := strings.Cut(part, "=")
		var err error
		switch key {
		case "FREQ":
			frequency = value
		case "INTERVAL":
			rule.interval, err = l.count(key, value, 1, 1000)
		case "COUNT":
			rule.count, err = l.count(key, value, 1, 100_000)
		case "UNTIL":
			day, _, _ := strings.Cut(value, "T")
			rule.hasUntil = true
			rule.until, err = l.date(day)
		case "BYMONTH":
			rule.months, err = l.numbers(key, value, 1, 12)
		case "BYMONTHDAY":
			rule.monthDays, err = l.numbers(key, value, -31, 31)
		case "BYDAY":
			rule.weekdays, err = l.nthWeekdays(value)
		case "WKST", "":
		default:
			err = l.errorf("%s is not supported, want INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY or BYDAY", key)
		}
		if err != nil {
			return nil, err
		}
	}
	if frequency != "YEARLY" {
		return nil, l.errorf("FREQ=%s is not supported, want FREQ=YEARLY", frequency)
	}
	if len(rule.weekdays) > 0 && len(rule.months) == 0 {
		return nil, l.errorf("BYDAY without BYMONTH is not supported, want both")
	}
	return rule, nil
}

func (l *icsLine) count(key, text string, low, high int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, l.errorf("%s=%s, want a number from %d to %d", key, text, low, high)
	}
	return n, nil
}

func (l *icsLine) numbers(key, text string, low, high int) ([]int, error) {
	var all []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := l.count(key, part, low, high)
		if err == nil && n == 0 {
			err = l.errorf("%s=0, want another number", key)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (l *icsLine) nthWeekdays(text string) ([]nthWeekday, error) {
	var all []nthWeekday
	for part := range strings.SplitSeq(text, ",") {
		day := slices.Index(icsWeekdays[:], part[max(0, len(part)-2):])
		n, err := 0, error(nil)
		if len(part) > 2 {
			n, err = strconv.Atoi(part[:len(part)-2])
		}
		if day < 0 || err != nil || n < -5 || n > 5 || len(all) >= 16 {
			return nil, l.errorf("BYDAY=%s, want up to 16 days such as MO, 1MO or -1FR", part)
		}
		all = append(all, nthWeekday{n, time.Weekday(day)})
	}
	return all, nil
}

// dates are the occurrences from start on, up to last. The start counts as the first one whether or not it fits the rule
// (RFC 5545, section 3.8.5.3).
func (r *yearlyRule) dates(start, last Date) []Date {
	if r.hasUntil {
		last = min(last, r.until)
	}
	dates := []Date{start}
	startYear, _, _ := start.Civil()
	lastYear, _, _ := last.Civil()
	for year := startYear; year <= lastYear; year += r.interval {
		for _, date := range r.year(year, start) {
			if date > last || r.count > 0 && len(dates) >= r.count {
				return dates
			}
			if date > start {
				dates = append(dates, date)
			}
		}
	}
	return dates
}

// year are the occurrences in one year, in order.
func (r *yearlyRule) year(year int, start Date) []Date {
	_, startMonth, startDay := start.Civil()
	months, monthDays := r.months, r.monthDays
	if len(months) == 0 && len(monthDays) == 0 {
		months = []int{int(startMonth)}
	} else if len(months) == 0 {
		months = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	}
	if len(monthDays) == 0 && len(r.weekdays) == 0 {
		monthDays = []int{startDay}
	}
	var dates []Date
	for _, month := range months {
		first := NewDate(year, time.Month(month), 1)
		end := NewDate(year, time.Month(month)+1, 1)
		for date := first; date < end; date++ {
			if fitsMonthDays(monthDays, first, date, end) && fitsWeekdays(r.weekdays, first, date, end) {
				dates = append(dates, date)
			}
		}
	}
	return dates
}

// fitsMonthDays reports whether the date is one of the days of its month [first, end), of which none means any.
func fitsMonthDays(days []int, first, date, end Date) bool {
	return len(days) == 0 || slices.Contains(days, int(date-first)+1) || slices.Contains(days, -int(end-date))
}

// fitsWeekdays reports whether the date is one of the weekdays of its month [first, end), of which none means any.
func fitsWeekdays(weekdays []nthWeekday, first, date, end Date) bool {
	fits := func(w nthWeekday) bool {
		return w.day == date.Weekday() &&
			(w.n == 0 || w.n == int(date-first)/7+1 || w.n == -(int(end-1-date)/7+1))
	}
	return len(weekdays) == 0 || slices.ContainsFunc(weekdays, fits)
}

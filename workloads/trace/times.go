package trace

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"sunrelay/model/calendar"
)

// Dates is the order in which dates are written.
type Dates string

// The orders. FindDates takes the one that the contents show.
const (
	FindDates    Dates = ""
	YearFirst    Dates = "y-m-d"
	DayFirst     Dates = "d/m/y"
	MonthFirst   Dates = "m/d/y"
	UnixSeconds  Dates = "unix"
	Milliseconds Dates = "unix-ms"
)

// DateOrders are those that can be asked for.
var DateOrders = []Dates{YearFirst, DayFirst, MonthFirst, UnixSeconds, Milliseconds}

// ErrDayOrMonth says that nothing in the log tells days from months.
var ErrDayOrMonth = errors.New("the day or the month may come first")

// stamp is a time as written: local milliseconds since 1970-01-01T00:00, and where it carries one the offset from UTC.
type stamp struct {
	local, offset int64
	zoned         bool
}

// numbers are the three numbers of a date in the order of the text.
type numbers struct {
	a, b, c   int
	separator byte
}

// parseStamp reads a time of the order: a date with -, / or . between its numbers, and after a space or T hours, minutes, where
// given seconds and a fraction, AM or PM, and Z or an offset such as +02:00.
func parseStamp(text []byte, order Dates) (s stamp, ok bool) {
	if order == YearFirst {
		if s, ok = parseISO(text); ok {
			return s, true
		}
	}
	return parseAny(text, order)
}

// parseISO is the fast path for 2016-02-29T01:16:00 and the same with a space; false for all else.
func parseISO(text []byte) (s stamp, ok bool) {
	if len(text) != 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' && text[10] != ' ' || text[13] != ':' || text[16] != ':' {
		return s, false
	}
	century, year, month, day := pair(text[0:]), pair(text[2:]), pair(text[5:]), pair(text[8:])
	hour, minute, second := pair(text[11:]), pair(text[14:]), pair(text[17:])
	if century|year|month|day|hour|minute|second < 0 {
		return s, false
	}
	year += 100 * century
	if year < 1900 || year > 2999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return s, false
	}
	s.local = daysSince1970(year, month, day)*int64(calendar.Day) + int64((hour*60+minute)*60+second)*1000
	return s, true
}

// pair is a number of two digits, or negative.
func pair(text []byte) int {
	tens, ones := text[0]-'0', text[1]-'0'
	if tens > 9 || ones > 9 {
		return -1
	}
	return int(tens)*10 + int(ones)
}

func parseAny(text []byte, order Dates) (s stamp, ok bool) {
	text = bytes.TrimSpace(text)
	if order == UnixSeconds || order == Milliseconds {
		return parseUnix(text, order)
	}
	n, rest, ok := parseNumbers(text)
	if !ok {
		return s, false
	}
	year, month, day := n.a, n.b, n.c
	switch order {
	case DayFirst:
		day, month, year = n.a, n.b, n.c
	case MonthFirst:
		month, day, year = n.a, n.b, n.c
	}
	if year < 1900 || year > 2999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return s, false
	}
	s.local = daysSince1970(year, month, day) * int64(calendar.Day)
	return s, len(rest) == 0 || s.addTime(rest)
}

func parseUnix(text []byte, order Dates) (s stamp, ok bool) {
	value, rest := digits(text)
	whole, _, _ := bytes.Cut(rest, []byte("."))
	if len(whole) > 0 || len(rest) == len(text) || len(text) > 19 {
		return s, false
	}
	if order == UnixSeconds {
		value *= 1000
	}
	const last = 32503680000000 // the year 3000
	return stamp{local: int64(value), zoned: true}, int64(value) < last
}

// parseNumbers reads the numbers of a date.
func parseNumbers(text []byte) (n numbers, rest []byte, ok bool) {
	n.a, rest = digits(text)
	if len(rest) < 4 || len(rest) == len(text) || len(text)-len(rest) > 4 {
		return n, rest, false
	}
	if n.separator = rest[0]; n.separator != '-' && n.separator != '/' && n.separator != '.' {
		return n, rest, false
	}
	after := rest[1:]
	n.b, rest = digits(after)
	if len(rest) < 2 || len(rest) == len(after) || rest[0] != n.separator {
		return n, rest, false
	}
	after = rest[1:]
	n.c, rest = digits(after)
	if len(after)-len(rest) > 4 || len(rest) == len(after) {
		return n, rest, false
	}
	return n, rest, true
}

// digits reads a whole number; beyond 18 digits its value is void.
func digits(text []byte) (value int, rest []byte) {
	i := 0
	for i < len(text) && text[i]-'0' <= 9 {
		value = value*10 + int(text[i]-'0')
		i++
	}
	return value, text[i:]
}

// addTime adds the time of day after a date.
func (s *stamp) addTime(text []byte) bool {
	if text[0] != 'T' && text[0] != ' ' && text[0] != 't' {
		return false
	}
	hour, rest := digits(bytes.TrimLeft(text[1:], " "))
	if len(rest) < 3 || rest[0] != ':' {
		return false
	}
	minute, rest := digits(rest[1:])
	second, thousandths := 0, 0
	if len(rest) > 0 && rest[0] == ':' {
		second, rest = digits(rest[1:])
		thousandths, rest = fraction(rest)
	}
	hour, rest, ok := halfDay(hour, rest)
	if !ok || hour > 23 || minute > 59 || second > 59 {
		return false
	}
	s.local += int64((hour*60+minute)*60+second)*1000 + int64(thousandths)
	return s.setOffset(rest)
}

// fraction reads a fraction of a second, to the millisecond.
func fraction(text []byte) (thousandths int, rest []byte) {
	if len(text) == 0 || text[0] != '.' && text[0] != ',' {
		return 0, text
	}
	_, rest = digits(text[1:])
	for i, weight := 1, 100; i < len(text)-len(rest) && weight > 0; i, weight = i+1, weight/10 {
		thousandths += int(text[i]-'0') * weight
	}
	return thousandths, rest
}

// halfDay reads AM or PM.
func halfDay(hour int, text []byte) (int, []byte, bool) {
	word := bytes.TrimLeft(text, " ")
	if len(word) < 2 || word[1]|0x20 != 'm' {
		return hour, text, true
	}
	if hour < 1 || hour > 12 {
		return 0, nil, false
	}
	switch word[0] | 0x20 {
	case 'a':
		return hour % 12, word[2:], true
	case 'p':
		return hour%12 + 12, word[2:], true
	}
	return 0, nil, false
}

// setOffset reads Z, UTC or an offset, which must end the text.
func (s *stamp) setOffset(text []byte) bool {
	text = bytes.TrimSpace(text)
	switch {
	case len(text) == 0:
		return true
	case len(text) == 1 && text[0]|0x20 == 'z', string(text) == "UTC":
		s.zoned = true
		return true
	case text[0] != '+' && text[0] != '-':
		return false
	}
	hours, rest := digits(text[1:])
	minutes := 0
	switch width := len(text) - 1 - len(rest); {
	case width == 4 && len(rest) == 0:
		hours, minutes = hours/100, hours%100
	case width == 2 && len(rest) == 3 && rest[0] == ':':
		minutes, rest = digits(rest[1:])
	case width != 2:
		return false
	}
	if len(rest) > 0 || hours > 15 || minutes > 59 {
		return false
	}
	s.zoned, s.offset = true, int64(hours*60+minutes)*int64(calendar.Minute)
	if text[0] == '-' {
		s.offset = -s.offset
	}
	return true
}

// daysSince1970 counts days of the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
func daysSince1970(year, month, day int) int64 {
	if month <= 2 {
		year--
	}
	era := year / 400
	ofEra := year - era*400
	ofYear := (153*((month+9)%12)+2)/5 + day - 1
	return int64(era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468)
}

func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

// shownDates are what the texts of a column of times show of the order of their dates.
type shownDates struct {
	texts, times       int // not null; dates with a time of day or not
	fits               map[Dates]int
	dayFirst, dayAfter bool // a first number above 12; a second one
	dotted             bool
	example            string
}

// add takes one text that is not null.
func (d *shownDates) add(text []byte) {
	d.texts++
	matched := false
	for _, order := range DateOrders {
		s, ok := parseStamp(text, order)
		const since2000 = 946684800000 // smaller numbers are rather counts
		if ok && (order == UnixSeconds || order == Milliseconds) {
			ok = s.local > since2000
		}
		if ok {
			d.fits[order]++
			matched = true
		}
	}
	if !matched {
		return
	}
	d.times++
	if d.example == "" {
		d.example = string(text)
	}
	if n, _, ok := parseNumbers(bytes.TrimSpace(text)); ok && n.a <= 31 {
		d.dayFirst = d.dayFirst || n.a > 12
		d.dayAfter = d.dayAfter || n.b > 12
		d.dotted = d.dotted || n.separator == '.'
	}
}

// isTime reports whether the texts are times.
func (d *shownDates) isTime() bool { return d.times > 0 && d.times*10 >= d.texts*9 }

// order is that of the dates. It is ErrDayOrMonth where the texts leave it open.
func (d *shownDates) order() (Dates, error) {
	best := YearFirst
	for _, order := range DateOrders {
		if d.fits[order] > d.fits[best] {
			best = order
		}
	}
	if best != DayFirst && best != MonthFirst || d.dayFirst != d.dayAfter {
		return best, nil
	}
	if d.dotted {
		return DayFirst, nil
	}
	return "", fmt.Errorf("%w in dates such as %q, want --dates %s or %s", ErrDayOrMonth, d.example, DayFirst, MonthFirst)
}

// wallClock turns local times of a zone into instants. It remembers days without a change of the clock.
type wallClock struct {
	zone *time.Location
	days [1 << 10]clockDay // by local day
}

// clockDay is a local day since 1970-01-01 with its offset from UTC; 0 = none.
type clockDay struct{ day, offset int64 }

// instant is that of a stamp. Of a local time that a change of the clock skips or repeats it is one of the two.
func (w *wallClock) instant(s stamp) calendar.Instant {
	if s.zoned {
		return calendar.Instant(s.local - s.offset)
	}
	day := s.local / int64(calendar.Day)
	if known := &w.days[day&(1<<10-1)]; known.day == day && day != 0 {
		return calendar.Instant(s.local - known.offset)
	}
	return w.look(s.local, day)
}

func (w *wallClock) look(local, day int64) calendar.Instant {
	offset := func(local int64) int64 {
		t := time.UnixMilli(local).UTC()
		_, seconds := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, w.zone).Zone()
		return int64(seconds) * 1000
	}
	here := offset(local)
	if before, after := (day-1)*int64(calendar.Day), (day+2)*int64(calendar.Day); offset(before) == here && offset(after) == here {
		w.days[day&(1<<10-1)] = clockDay{day, here}
	}
	return calendar.Instant(local - here)
}

// Local is the wall clock of a zone at an instant: milliseconds since 1970-01-01T00:00 local.
func Local(at calendar.Instant, zone *time.Location) int64 {
	_, seconds := at.Time().In(zone).Zone()
	return int64(at) + int64(seconds)*1000
}

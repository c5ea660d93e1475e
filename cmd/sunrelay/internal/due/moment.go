package due

import (
	"time"

	"sunrelay/model/calendar"
)

// written is a time as it stands in a file: local milliseconds since 1970-01-01T00:00, and the offset from UTC if it
// carries one.
type written struct {
	local  int64
	offset int64 // milliseconds east of UTC
	zoned  bool  // the text carries an offset
}

// dayMs is a day in milliseconds.
const dayMs = int64(calendar.Day)

// parseWritten reads a time of RFC 3339, with seconds and offset optional and a space allowed for the T, or a date, which
// means its midnight. Fractions of a second are cut at the millisecond. Years have four digits.
func parseWritten(text []byte) (w written, ok bool) {
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return w, false
	}
	century, year, month, day := two(text[0:]), two(text[2:]), two(text[5:]), two(text[8:])
	if century|year|month|day < 0 {
		return w, false
	}
	year += century * 100
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return w, false
	}
	w.local = int64(civilDays(year, month, day)) * dayMs
	if len(text) == 10 {
		return w, true
	}
	if text[10] != 'T' && text[10] != ' ' && text[10] != 't' {
		return w, false
	}
	rest, ok := w.addTime(text[11:])
	if !ok {
		return w, false
	}
	return w, w.setOffset(rest)
}

// addTime reads HH:MM, HH:MM:SS or HH:MM:SS.fraction from the front of the text.
func (w *written) addTime(text []byte) (rest []byte, ok bool) {
	if len(text) < 5 || text[2] != ':' {
		return nil, false
	}
	hour, minute, second, ms := two(text), two(text[3:]), 0, 0
	rest = text[5:]
	if len(rest) >= 3 && rest[0] == ':' {
		second, rest = two(rest[1:]), rest[3:]
		if len(rest) >= 2 && rest[0] == '.' && isDigit(rest[1]) {
			ms, rest = milliseconds(rest[1:])
		}
	}
	if hour|minute|second < 0 || hour > 23 || minute > 59 || second > 59 {
		return nil, false
	}
	w.local += int64(((hour*60+minute)*60+second)*1000 + ms)
	return rest, true
}

// setOffset reads Z, +HH:MM, -HH:MM or nothing.
func (w *written) setOffset(text []byte) bool {
	switch {
	case len(text) == 0:
		return true
	case len(text) == 1 && (text[0] == 'Z' || text[0] == 'z'):
		w.zoned = true
		return true
	case len(text) != 6 || text[0] != '+' && text[0] != '-' || text[3] != ':':
		return false
	}
	hours, minutes := two(text[1:]), two(text[4:])
	if hours|minutes < 0 || hours > 23 || minutes > 59 {
		return false
	}
	w.zoned, w.offset = true, int64(hours*60+minutes)*int64(calendar.Minute)
	if text[0] == '-' {
		w.offset = -w.offset
	}
	return true
}

// milliseconds reads the digits of a fraction of a second.
func milliseconds(text []byte) (ms int, rest []byte) {
	place := 100
	for len(text) > 0 && isDigit(text[0]) {
		ms += int(text[0]-'0') * place
		place /= 10
		text = text[1:]
	}
	return ms, text
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// two is the number of two digits, or below 0.
func two(text []byte) int {
	tens, ones := text[0]-'0', text[1]-'0'
	if tens > 9 || ones > 9 {
		return -1
	}
	return int(tens)*10 + int(ones)
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// civilDays is the number of days from 1970-01-01 to a date of the proleptic Gregorian calendar. Years are counted from
// March on, so that the leap day is the last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
// days_from_civil).
func civilDays(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

// civilDate is the inverse of civilDays (the same source, civil_from_days).
func civilDate(days int) (year, month, day int) {
	days += 719468
	era := floorDiv(days, 146097)
	dayOfEra := days - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*shifted+2)/5 + 1
	month = shifted + 3
	if month > 12 {
		month -= 12
		yearOfEra++
	}
	return era*400 + yearOfEra, month, day
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// appendInstant appends the instant in RFC 3339, UTC, with milliseconds where it has any, as Instant.String does. The year
// is between 0 and 9999.
func appendInstant(dst []byte, at calendar.Instant) []byte {
	days := floorDiv(int(at), int(dayMs))
	ms := int(at) - days*int(dayMs)
	year, month, day := civilDate(days)
	dst = appendTwo(appendTwo(dst, year/100), year%100)
	dst = appendTwo(append(dst, '-'), month)
	dst = appendTwo(append(dst, '-'), day)
	dst = appendTwo(append(dst, 'T'), ms/3_600_000)
	dst = appendTwo(append(dst, ':'), ms/60_000%60)
	dst = appendTwo(append(dst, ':'), ms/1000%60)
	return append(appendFraction(dst, ms%1000), 'Z')
}

// appendFraction appends thousandths as a decimal fraction without zeros at its end.
func appendFraction(dst []byte, thousandths int) []byte {
	if thousandths == 0 {
		return dst
	}
	dst = append(dst, '.', byte('0'+thousandths/100), byte('0'+thousandths/10%10), byte('0'+thousandths%10))
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

func appendTwo(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }

// Reading says how a time without offset was understood.
type Reading uint8

// The readings of a time.
const (
	AsWritten Reading = iota // it carries its offset
	Local                    // as the local time of the calendar
	First                    // local, and shown twice since clocks went back: the first time
	Skipped                  // local, and never shown since clocks went forward: the instant of the change
)

// in is the instant of a written time; one without offset is local to the zone. The passage of clocks through a change of
// the zone is resolved here, not by the silent choice of time.Date.
func (w written) in(zone *time.Location) (calendar.Instant, Reading) {
	if w.zoned {
		return calendar.Instant(w.local - w.offset), AsWritten
	}
	// Clocks differ from UTC by less than 16 hours, and no two changes lie within 32 hours of each other.
	const reach = 16 * int64(calendar.Hour)
	before, after := offsetAt(w.local-reach, zone), offsetAt(w.local+reach, zone)
	if before == after {
		return calendar.Instant(w.local - before), Local
	}
	early, late := w.local-before, w.local-after
	switch isEarly, isLate := offsetAt(early, zone) == before, offsetAt(late, zone) == after; {
	case isEarly && isLate:
		return calendar.Instant(early), First
	case isEarly:
		return calendar.Instant(early), Local
	case isLate:
		return calendar.Instant(late), Local
	}
	change, _ := time.UnixMilli(early).In(zone).ZoneBounds()
	return calendar.FromTime(change), Skipped
}

// offsetAt is how far clocks of the zone are ahead of UTC at an instant, in milliseconds.
func offsetAt(at int64, zone *time.Location) int64 {
	_, offset := time.UnixMilli(at).In(zone).Zone()
	return int64(offset) * 1000
}

package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds on the work of ReadICS.
const (
	maxICSBytes    = 8 << 20
	maxICSEvents   = 20_000
	maxICSRules    = 1_000
	firstICSYear   = 1900 // of an event that repeats
	maxICSDays     = 200_000
	longestHoliday = 366
)

// ReadICS reads the holidays between the years fromYear and toYear, both included, from an iCalendar file (RFC 5545):
// events of whole days, which are dates or date-times from midnight to midnight by their own clock. An event may last
// several days (its end is exclusive), repeat yearly (RRULE with INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY and BYDAY),
// and have further or missing dates (RDATE, EXDATE). Cancelled events are left out. The result is in the order of dates,
// each date once. Errors name the line.
//
// The package reads the format itself: of the Go libraries one panics on cut-off parameters and the other neither expands
// rules nor names the lines of a file; and holidays need little of the format.
func ReadICS(data []byte, fromYear, toYear int) ([]Holiday, error) {
	if fromYear > toYear || fromYear < firstHolidayYear || toYear > lastHolidayYear {
		return nil, fmt.Errorf("holidays of the years %d to %d, want years from %d to %d in order",
			fromYear, toYear, firstHolidayYear, lastHolidayYear)
	}
	if len(data) > maxICSBytes {
		return nil, fmt.Errorf("calendar is %d bytes, want at most %d", len(data), maxICSBytes)
	}
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("calendar is not UTF-8 text")
	}
	events, err := icsEvents(icsLines(string(data)))
	if err != nil {
		return nil, err
	}
	r := &icsReader{first: NewDate(fromYear, 1, 1), last: NewDate(toYear, 12, 31)}
	for _, e := range events {
		if err := r.add(e); err != nil {
			return nil, err
		}
	}
	return mergeHolidays(r.holidays), nil
}

// icsLine is a content line after unfolding. Number counts the lines of the file from 1.
type icsLine struct {
	number int
	name   string
	params string // with leading semicolons
	value  string
}

func (l *icsLine) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: %s: "+format, append([]any{l.number, l.name}, args...)...)
}

// icsLines unfolds the text: a line that begins with a space or tab continues the one before it.
func icsLines(text string) []icsLine {
	var lines []icsLine
	number, begin := 0, 0
	var folded strings.Builder
	flush := func() {
		if folded.Len() > 0 {
			lines = append(lines, splitICSLine(begin, folded.String()))
		}
		folded.Reset()
	}
	for raw := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		raw = strings.TrimRight(raw, "\r\n")
		if raw != "" && (raw[0] == ' ' || raw[0] == '\t') && folded.Len() > 0 {
			folded.WriteString(raw[1:])
			continue
		}
		flush()
		begin = number
		folded.WriteString(raw)
	}
	flush()
	return lines
}

// splitICSLine cuts NAME;PARAMETERS:VALUE. A colon inside double quotes belongs to a parameter.
func splitICSLine(number int, text string) icsLine {
	quoted := false
	nameEnd := -1
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ';' && nameEnd < 0:
			nameEnd = i
		case c == ':':
			if nameEnd < 0 {
				nameEnd = i
			}
			return icsLine{number, strings.ToUpper(text[:nameEnd]), text[nameEnd:i], text[i+1:]}
		}
	}
	return icsLine{number: number, name: strings.ToUpper(text)}
}

// icsEvent is one VEVENT. The properties are nil where it lacks them.
type icsEvent struct {
	begin                              icsLine
	start, end, duration, rule, status *icsLine
	summary                            string
	added, removed                     []*icsLine
}

// icsEvents collects the events; what stands in other components, or inside those of an event, is left out.
func icsEvents(lines []icsLine) ([]*icsEvent, error) {
	var events []*icsEvent
	var open []string
	for i := range lines {
		l := &lines[i]
		switch component := strings.ToUpper(strings.TrimSpace(l.value)); {
		case len(open) == 0 && (l.name != "BEGIN" || component != "VCALENDAR"):
			return nil, l.errorf("not an iCalendar file, want BEGIN:VCALENDAR")
		case l.name == "BEGIN":
			if len(open) > 8 {
				return nil, l.errorf("more than 8 components inside each other")
			}
			open = append(open, component)
			if component == "VEVENT" {
				events = append(events, &icsEvent{begin: *l})
			}
		case l.name == "END":
			if component != open[len(open)-1] {
				return nil, l.errorf("%s, want %s", component, open[len(open)-1])
			}
			open = open[:len(open)-1]
		case open[len(open)-1] == "VEVENT":
			if err := events[len(events)-1].set(l); err != nil {
				return nil, err
			}
		}
		if len(events) > maxICSEvents {
			return nil, l.errorf("more than %d events", maxICSEvents)
		}
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("line 1: file is empty, want BEGIN:VCALENDAR")
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("line %d: file ends inside %s", lines[len(lines)-1].number, open[len(open)-1])
	}
	return events, nil
}

func (e *icsEvent) set(l *icsLine) error {
	single := map[string]**icsLine{
		"DTSTART": &e.start, "DTEND": &e.end, "DURATION": &e.duration, "RRULE": &e.rule, "STATUS": &e.status,
	}
	if field, found := single[l.name]; found {
		if *field != nil {
			return l.errorf("given twice in one event")
		}
		*field = l
		return nil
	}
	switch l.name {
	case "SUMMARY":
		e.summary = unescapeICS(l.value)
	case "RDATE":
		e.added = append(e.added, l)
	case "EXDATE":
		e.removed = append(e.removed, l)
	case "RECURRENCE-ID", "EXRULE":
		return l.errorf("not supported, want events without it")
	}
	return nil
}

func unescapeICS(text string) string {
	return strings.TrimSpace(strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(text))
}

// date is the whole day of the line's value: a date, or a date-time at midnight.
func (l *icsLine) date(text string) (Date, error) {
	day, clock, timed := strings.Cut(text, "T")
	if timed && strings.TrimSuffix(clock, "Z") != "000000" {
		return 0, l.errorf("%q is not midnight, want an event of whole days; partial days are dates with hours in the scenario", text)
	}
	if len(day) != 8 {
		return 0, l.errorf("%q, want a date such as 20261225", text)
	}
	date, err := ParseDate(day[:4] + "-" + day[4:6] + "-" + day[6:])
	if err != nil {
		return 0, l.errorf("%q, want a date such as 20261225", text)
	}
	return date, nil
}

// icsReader gathers the days of events.
type icsReader struct {
	first, last Date
	rules       int // events that repeat, so far
	holidays    []Holiday
}

func (r *icsReader) add(e *icsEvent) error {
	if e.status != nil && strings.EqualFold(strings.TrimSpace(e.status.value), "CANCELLED") {
		return nil
	}
	if e.start == nil {
		return e.begin.errorf("event has no DTSTART")
	}
	start, err := e.start.date(e.start.value)
	if err != nil {
		return err
	}
	length, err := e.length(start)
	if err != nil {
		return err
	}
	if e.rule != nil {
		if r.rules++; r.rules > maxICSRules {
			return e.rule.errorf("more than %d events repeat", maxICSRules)
		}
	}
	starts, err := e.starts(start, r.last)
	if err != nil {
		return err
	}
	for _, s := range starts {
		for date := max(s, r.first); date < s+length && date <= r.last; date++ {
			r.holidays = append(r.holidays, Holiday{date, e.summary})
		}
		if len(r.holidays) > maxICSDays {
			return e.begin.errorf("more than %d days of holidays", maxICSDays)
		}
	}
	return nil
}

// length is the number of days of the event.
func (e *icsEvent) length(start Date) (Date, error) {
	days := Date(1)
	line := e.start
	switch {
	case e.end != nil:
		end, err := e.end.date(e.end.value)
		if err != nil {
			return 0, err
		}
		line, days = e.end, end-start
		if days == 0 && !strings.Contains(e.end.value, "T") { // some programs write the last day
			days = 1
		}
	case e.duration != nil:
		n, err := e.duration.days()
		if err != nil {
			return 0, err
		}
		line, days = e.duration, n
	case strings.Contains(e.start.value, "T"):
		return 0, e.start.errorf("a date-time without DTEND takes no time, want whole days")
	}
	if days < 1 || days > longestHoliday {
		return 0, line.errorf("event lasts %d days, want 1 to %d", days, longestHoliday)
	}
	return days, nil
}

// days is a duration in whole days or weeks.
func (l *icsLine) days() (Date, error) {
	text := strings.TrimPrefix(l.value, "+")
	unit := Date(1)
	if strings.HasSuffix(text, "W") {
		unit = 7
	}
	digits := strings.TrimRight(strings.TrimPrefix(text, "P"), "DW")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > longestHoliday || (text != "P"+digits+"D" && text != "P"+digits+"W") {
		return 0, l.errorf("%q, want whole days such as P1D", l.value)
	}
	return Date(n) * unit, nil
}

// starts are the first days of the event's occurrences up to last.
func (e *icsEvent) starts(start, last Date) ([]Date, error) {
	starts := []Date{start}
	if year, _, _ := start.Civil(); e.rule != nil && year < firstICSYear {
		return nil, e.start.errorf("event repeats since %d, want %d or later", year, firstICSYear)
	}
	if e.rule != nil {
		rule, err := parseYearlyRule(e.rule)
		if err != nil {
			return nil, err
		}
		starts = rule.dates(start, last)
	}
	added, err := icsDates(e.added)
	if err != nil {
		return nil, err
	}
	removed, err := icsDates(e.removed)
	if err != nil {
		return nil, err
	}
	starts = append(starts, added...)
	slices.Sort(starts)
	slices.Sort(removed)
	return slices.DeleteFunc(slices.Compact(starts), func(d Date) bool {
		_, found := slices.BinarySearch(removed, d)
		return found
	}), nil
}

func icsDates(lines []*icsLine) ([]Date, error) {
	var dates []Date
	for _, l := range lines {
		for text := range strings.SplitSeq(l.value, ",") {
			date, err := l.date(strings.TrimSpace(text))
			if err != nil {
				return nil, err
			}
			dates = append(dates, date)
		}
		if len(dates) > maxICSDays {
			return nil, l.errorf("more than %d dates", maxICSDays)
		}
	}
	return dates, nil
}

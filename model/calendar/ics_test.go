package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// event is a calendar of one event with these lines.
func event(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

func TestReadICS(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a date":            {event("SUMMARY:Founders' day", "DTSTART;VALUE=DATE:20260302"), "2026-03-02 Founders' day"},
		"an exclusive end":  {event("SUMMARY:Shutdown", "DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270102"), "2026-12-30 Shutdown; 2026-12-31 Shutdown; 2027-01-01 Shutdown"},
		"an inclusive end":  {event("SUMMARY:One day", "DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20261230"), "2026-12-30 One day"},
		"a duration":        {event("SUMMARY:Week", "DTSTART;VALUE=DATE:20260302", "DURATION:P2D"), "2026-03-02 Week; 2026-03-03 Week"},
		"midnights":         {event("SUMMARY:Local", "DTSTART;TZID=\"Europe/Berlin:x\":20260302T000000", "DTEND;TZID=Europe/Berlin:20260303T000000"), "2026-03-02 Local"},
		"folded and quoted": {event("SUMMARY:Long\\, wi", " th comma", "DTSTART;VALUE=DATE:2026", "\t0302"), "2026-03-02 Long, with comma"},
		"yearly":            {event("SUMMARY:Y", "DTSTART;VALUE=DATE:20200229", "RRULE:FREQ=YEARLY"), "2028-02-29 Y"},
		"yearly by weekday": {event("SUMMARY:Y", "DTSTART;VALUE=DATE:20200907", "RRULE:FREQ=YEARLY;BYMONTH=9;BYDAY=1MO;UNTIL=20270906"), "2026-09-07 Y; 2027-09-06 Y"},
		"last Friday":       {event("SUMMARY:Y", "DTSTART;VALUE=DATE:20261127", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR;COUNT=2"), "2026-11-27 Y; 2027-11-26 Y"},
		"last of months":    {event("SUMMARY:Y", "DTSTART;VALUE=DATE:20270331", "RRULE:FREQ=YEARLY;BYMONTH=3,6;BYMONTHDAY=-1"), "2027-03-31 Y; 2027-06-30 Y; 2028-03-31 Y; 2028-06-30 Y"},
		"every second year": {event("SUMMARY:Y", "DTSTART;VALUE=DATE:20250501", "RRULE:FREQ=YEARLY;INTERVAL=2;WKST=MO"), "2027-05-01 Y"},
		"without and with":  {event("SUMMARY:Y", "DTSTART;VALUE=DATE:20260501", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20270501", "RDATE;VALUE=DATE:20270502"), "2026-05-01 Y; 2027-05-02 Y; 2028-05-01 Y"},
		"cancelled":         {event("SUMMARY:Y", "DTSTART;VALUE=DATE:20260501", "STATUS:CANCELLED"), ""},
		"an alarm inside":   {event("SUMMARY:Y", "DTSTART;VALUE=DATE:20260501", "BEGIN:VALARM", "SUMMARY:no", "DTSTART:never", "END:VALARM"), "2026-05-01 Y"},
		"twice a date": {strings.Replace(event("SUMMARY:A", "DTSTART;VALUE=DATE:20260501"), "END:VCALENDAR",
			"BEGIN:VEVENT\nSUMMARY:B\nDTSTART;VALUE=DATE:20260501\nEND:VEVENT\nEND:VCALENDAR", 1), "2026-05-01 A, B"},
		"no events": {"\ufeffBEGIN:VCALENDAR\nEND:VCALENDAR\n", ""},
	} {
		holidays, err := ReadICS([]byte(c.text), 2026, 2028)
		var got []string
		for _, h := range holidays {
			got = append(got, h.Date.String()+" "+h.Name)
		}
		if text := strings.Join(got, "; "); err != nil || text != c.want {
			t.Errorf("%s: %q, %v; want %q", name, text, err, c.want)
		}
	}
}

func TestReadICSErrors(t *testing.T) {
	for want, text := range map[string]string{
		"line 1: file is empty":                       "",
		"line 1: HELLO: not an iCalendar file":        "hello\n",
		"line 3: BEGIN: event has no DTSTART":         event("SUMMARY:x"),
		"line 4: DTSTART: \"2026\", want a date":      event("DTSTART;VALUE=DATE:2026"),
		"line 4: DTSTART: \"20260230\", want a date":  event("DTSTART;VALUE=DATE:20260230"),
		"is not midnight, want an event of whole":     event("DTSTART:20260302T090000Z", "DTEND:20260302T100000Z"),
		"line 5: DTEND: event lasts -1 days":          event("DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260301"),
		"line 5: DTEND: event lasts 400 days":         event("DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20270205"),
		"line 4: DTSTART: a date-time without DTEND":  event("DTSTART:20260302T000000"),
		"line 5: DTSTART: given twice":                event("DTSTART;VALUE=DATE:20260302", "DTSTART;VALUE=DATE:20260303"),
		"line 5: RRULE: FREQ=DAILY is not supported":  event("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=DAILY"),
		"line 5: RRULE: BYSETPOS is not supported":    event("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=YEARLY;BYSETPOS=1"),
		"line 5: RRULE: BYDAY without BYMONTH":        event("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=YEARLY;BYDAY=MO"),
		"line 5: RRULE: BYMONTH=13, want a number":    event("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=YEARLY;BYMONTH=13"),
		"line 5: RRULE: BYMONTHDAY=0, want another":   event("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=YEARLY;BYMONTHDAY=0"),
		"line 5: RRULE: BYDAY=6MO, want up to":        event("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=6MO"),
		"line 5: RRULE: COUNT=0, want a number":       event("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=YEARLY;COUNT=0"),
		"line 5: DURATION: \"PT8H\", want whole days": event("DTSTART;VALUE=DATE:20260302", "DURATION:PT8H"),
		"line 4: DTSTART: event repeats since 1066":   event("DTSTART;VALUE=DATE:10661014", "RRULE:FREQ=YEARLY"),
		"line 5: RECURRENCE-ID: not supported":        event("DTSTART;VALUE=DATE:20260302", "RECURRENCE-ID:20260302"),
		"line 3: file ends inside VEVENT":             "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\n",
		"line 3: END: VCALENDAR, want VEVENT":         "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
		"not UTF-8":                                   "BEGIN:VCALENDAR\n\xff",
	} {
		if holidays, err := ReadICS([]byte(text), 2026, 2028); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, %v; want %q", text, holidays, err, want)
		}
	}
	if _, err := ReadICS([]byte(event("DTSTART;VALUE=DATE:20260302")), 2028, 2026); err == nil {
		t.Error("years out of order are accepted")
	}
}

// TestICSBounds reads hostile files: many events that repeat, and one that is too long.
func TestICSBounds(t *testing.T) {
	many := strings.Repeat("BEGIN:VEVENT\nDTSTART;VALUE=DATE:19000101\nRRULE:FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12\nEND:VEVENT\n", maxICSRules+1)
	if _, err := ReadICS([]byte("BEGIN:VCALENDAR\n"+many+"END:VCALENDAR\n"), 2026, 2026); err == nil || !strings.Contains(err.Error(), "events repeat") {
		t.Errorf("%d rules give %v", maxICSRules+1, err)
	}
	if _, err := ReadICS(make([]byte, maxICSBytes+1), 2026, 2026); err == nil {
		t.Error("a file over the limit is read")
	}
}

// TestYearlyRuleAgainstDays compares rules with looking at every day of twenty years.
func TestYearlyRuleAgainstDays(t *testing.T) {
	for month := 1; month <= 12; month++ {
		for n := -5; n <= 5; n++ {
			rule := fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%dTU", month, n)
			if n == 0 {
				rule = fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=TU", month)
			}
			parsed, err := parseYearlyRule(&icsLine{value: rule})
			if err != nil {
				t.Fatal(err)
			}
			start, last := NewDate(2019, 12, 31), NewDate(2039, 12, 31) // the start is a Tuesday
			got := parsed.dates(start, last)
			want := []Date{start}
			for date := start + 1; date <= last; date++ {
				_, m, _ := date.Civil()
				if int(m) == month && date.Weekday() == time.Tuesday && isNth(date, n) {
					want = append(want, date)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%s: %v, want %v", rule, got, want)
			}
		}
	}
}

// isNth counts the same weekdays of the month before or after the date.
func isNth(date Date, n int) bool {
	_, month, _ := date.Civil()
	count, step := 0, Date(-7)
	if n < 0 {
		step = 7
	}
	for d := date; ; d += step {
		if _, m, _ := d.Civil(); m != month {
			break
		}
		count++
	}
	return n == 0 || count == max(n, -n)
}

func FuzzReadICS(f *testing.F) {
	f.Add(event("SUMMARY:x", "DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260303"))
	f.Add(event("DTSTART;TZID=Europe/Berlin:20260302T000000", "DURATION:P1D", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1FR;COUNT=9"))
	f.Add(event("DTSTART;VALUE=DATE:20260302", "EXDATE:20260302", "RDATE:20270302,20280302", "RRULE:FREQ=YEARLY;UNTIL=20300101T000000Z"))
	f.Add("BEGIN:VCALENDAR\n A;B=\"C\n")
	f.Fuzz(func(t *testing.T, text string) {
		holidays, err := ReadICS([]byte(text), 2026, 2027)
		if err != nil && (len(holidays) > 0 || !strings.Contains(err.Error(), "line ") && !strings.Contains(err.Error(), "UTF-8")) {
			t.Fatalf("%d holidays beside %v", len(holidays), err)
		}
		for i, h := range holidays {
			if year, _, _ := h.Date.Civil(); year < 2026 || year > 2027 || i > 0 && holidays[i-1].Date >= h.Date {
				t.Fatalf("%v is out of place", h.Date)
			}
		}
	})
}

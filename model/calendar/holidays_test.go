package calendar

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestKnownHolidays checks dates on which offices are known to be closed (or open). Weekdays are named so that a reader
// can check them.
func TestKnownHolidays(t *testing.T) {
	for _, c := range []struct {
		code, day string
		weekday   time.Weekday
		name      string // "" = a working day
	}{
		{"us", "2026-07-03", time.Friday, "Independence Day (observed)"}, // the 4th is a Saturday
		{"us", "2026-07-04", time.Saturday, "Independence Day"},
		{"us", "2026-11-26", time.Thursday, "Thanksgiving Day"},
		{"us", "2027-12-24", time.Friday, "Christmas Day (observed)"},
		{"us", "2027-12-31", time.Friday, "New Year's Day (observed)"}, // of 2028
		{"us", "2026-07-06", time.Monday, ""},
		{"gb", "2026-12-28", time.Monday, "Boxing Day (observed)"},
		{"gb", "2026-05-25", time.Monday, "Spring Bank Holiday"},
		{"gb", "2026-04-06", time.Monday, "Easter Monday"},
		{"ie", "2026-02-02", time.Monday, "Saint Brigid’s Day"},
		{"de", "2026-06-04", time.Thursday, ""},
		{"de-by", "2026-06-04", time.Thursday, "Fronleichnam"},
		{"fr", "2026-07-14", time.Tuesday, "Fête Nationale"},
		{"jp", "2026-05-06", time.Wednesday, "Constitution Memorial Day (observed)"}, // the 3rd is a Sunday, the 4th and 5th are holidays
		{"jp", "2026-09-22", time.Tuesday, "National holiday between"},               // between two holidays
		{"au-nsw", "2026-10-05", time.Monday, "Labour Day"},
		{"br", "2026-11-20", time.Friday, "Consciência Negra"},
		{"sg", "2026-11-09", time.Monday, "Deepavali (observed)"},
		{"sg", "2027-10-28", time.Thursday, "Deepavali (predicted)"},
		{"in", "2026-10-20", time.Tuesday, "Dussehra"},
		{"cn", "2026-02-23", time.Monday, "Spring Festival"},
		{"kr", "2026-07-17", time.Friday, "Constitution Day"},
		{"hk", "2027-02-09", time.Tuesday, "The fourth day of Lunar New Year"},
	} {
		date, err := ParseDate(c.day)
		if err != nil || date.Weekday() != c.weekday {
			t.Errorf("%s is a %v, %v; want %v", c.day, date.Weekday(), err, c.weekday)
		}
		holidays, err := Holidays(c.code, 2026, 2027)
		if err != nil {
			t.Errorf("%s: %v", c.code, err)
			continue
		}
		name := ""
		if i := slices.IndexFunc(holidays, func(h Holiday) bool { return h.Date == date }); i >= 0 {
			name = holidays[i].Name
		}
		if c.name == "" && name != "" || c.name != "" && !strings.Contains(name, c.name) {
			t.Errorf("%s on %s: %q, want %q", c.code, c.day, name, c.name)
		}
	}
}

// TestEveryCountry holds for each code: dates in order and once each, within the years, and a sensible number of them.
func TestEveryCountry(t *testing.T) {
	for _, code := range HolidayCodes() {
		holidays, err := Holidays(code, 2025, 2027)
		if err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		first, last := NewDate(2025, 1, 1), NewDate(2027, 12, 31)
		for i, h := range holidays {
			if h.Date < first || h.Date > last || h.Name == "" || i > 0 && holidays[i-1].Date >= h.Date {
				t.Errorf("%s: %v %q is out of place", code, h.Date, h.Name)
			}
		}
		if n := len(holidays); n < 3*6 || n > 3*40 {
			t.Errorf("%s: %d holidays in three years", code, n)
		}
	}
}

// TestHolidayLists holds for each dated list: a code for each file and a file for each code.
func TestHolidayLists(t *testing.T) {
	files, err := filepath.Glob("lists/*.txt")
	if err != nil || len(files) != len(holidayLists()) {
		t.Errorf("%d files of lists, %v; want %d", len(files), err, len(holidayLists()))
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(holidayLists(), strings.TrimSuffix(filepath.Base(file), ".txt")) {
			t.Errorf("%s is not among the codes", file)
		}
		if _, err := parseHolidayList(string(text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for text, want := range map[string]string{
		"# nothing\n":                                  "no holidays",
		"2025-01-01 official\n":                        "line 1: want a date",
		"2025-01-01 rumoured New Year\n":               "line 1: want a date",
		"2025-02-30 official Never\n":                  "line 1: date",
		"2025-01-02 official A\n2025-01-02 official B": "line 2: 2025-01-02 does not come after",
	} {
		if _, err := parseHolidayList(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("list %q gives %v, want %q", text, err, want)
		}
	}
}

func TestHolidayErrors(t *testing.T) {
	for _, c := range []struct {
		code     string
		from, to int
		want     string
	}{
		{"xx", 2026, 2026, ".ics file"},
		{"mx", 2026, 2026, ".ics file"},
		{"ca", 2026, 2026, "differ by region"},
		{"au", 2026, 2026, "au-nsw"},
		{"GB", 2026, 2026, "lower case: gb"},
		{"sg", 2026, 2031, "known for 2025 to 2027 only"},
		{"sg", 2024, 2026, "known for 2025 to 2027 only"},
		{"us", 2027, 2026, "in order"},
		{"us", 1900, 2026, "1990"},
	} {
		if _, err := Holidays(c.code, c.from, c.to); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %d to %d gives %v, want %q", c.code, c.from, c.to, err, c.want)
		}
	}
	for _, refused := range []string{"mx", "nz", "lu", "ar", "ru", "ua", "th", "ke", "rs", "sk", "ca", "ch"} {
		if holidays, err := Holidays(refused, 2026, 2026); err == nil {
			t.Errorf("%s, which is not verified, gives %d holidays", refused, len(holidays))
		}
	}
}

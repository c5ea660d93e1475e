package calendar

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestDateAgainstTime walks every day of four centuries.
func TestDateAgainstTime(t *testing.T) {
	at := time.Date(1800, 1, 1, 12, 0, 0, 0, time.UTC)
	for date := NewDate(1800, 1, 1); at.Year() < 2200; date, at = date+1, at.AddDate(0, 0, 1) {
		year, month, day := date.Civil()
		if y, m, d := at.Date(); y != year || m != month || d != day || at.Weekday() != date.Weekday() {
			t.Fatalf("%v is %v, want %v", date, date.Weekday(), at)
		}
		if again, err := ParseDate(date.String()); err != nil || again != date {
			t.Fatalf("%v reads back as %v, %v", date, again, err)
		}
	}
	for _, text := range []string{"", "2026-02-30", "2026-2-3", "20260203", "2026-02-03T00:00"} {
		if date, err := ParseDate(text); err == nil {
			t.Errorf("%q is %v, want an error", text, date)
		}
	}
}

func TestParseWeekdays(t *testing.T) {
	for text, want := range map[string]string{
		"mon-fri": "mon-fri", "sat,sun": "sat,sun", "daily": "daily", "mon,wed-fri": "mon,wed-fri", "mon-sun": "daily",
		"sun": "sun", "fri-mon": "mon,fri-sun", "tue-tue": "tue", "sun,mon": "mon,sun", " mon - wed , fri": "mon-wed,fri",
	} {
		if days, err := ParseWeekdays(text); err != nil || days.String() != want {
			t.Errorf("%q is %v, %v; want %s", text, days, err, want)
		}
	}
	for _, text := range []string{"", "mon-", "-fri", "monday", "mon;tue", "MON", "mon--fri", "mon-fri-sun"} {
		if days, err := ParseWeekdays(text); err == nil {
			t.Errorf("%q is %v, want an error", text, days)
		}
	}
	for set := range Weekdays(1 << 7) {
		if again, err := ParseWeekdays(set.String()); set != 0 && (err != nil || again != set) {
			t.Errorf("%07b is written %q and read %07b, %v", set, set, again, err)
		}
	}
}

func TestParseHours(t *testing.T) {
	for text, want := range map[string]string{
		"24x7":                                 "24x7",
		"daily 00:00-24:00":                    "24x7",
		"mon-fri 08:00-17:00; sat 09:00-12:00": "mon-fri 08:00-17:00; sat 09:00-12:00",
		"sun 13:00-17:00, 08:00-12:00":         "sun 08:00-12:00, 13:00-17:00",
		"mon, wed 22:00-06:00":                 "mon 22:00-06:00; wed 22:00-06:00",
		"mon - fri 08:30:15-17:00":             "mon-fri 08:30:15-17:00",
		"daily closed":                         "daily closed",
		"sat 08:00-24:00; sun closed":          "sat 08:00-24:00",
	} {
		if hours, err := ParseHours(text); err != nil || hours.String() != want {
			t.Errorf("%q is %v, %v; want %s", text, hours, err, want)
		}
	}
	for _, text := range []string{"", "mon-fri", "08:00-17:00", "mon 8:00-17:00", "mon 08:00", "mon 08:00-25:00", "mon 24:00-08:00",
		"mon 08:00-17:00;", "mon,", "mon, ", "24x7; sun closed", "mon +8:00-17:00", "mon 08:00-17:60", "mon 08:00-24:01"} {
		if hours, err := ParseHours(text); err == nil {
			t.Errorf("%q is %v, want an error", text, hours)
		}
	}
	hours := RoundTheClock()
	if hours.Set(OnWeekday(time.Sunday), nil); len(hours.On(time.Sunday)) != 0 || len(hours.On(time.Monday)) != 1 || len(hours[6]) != 0 {
		t.Errorf("closing Sundays gives %v", hours)
	}
}

// TestHoursReadBack writes and reads random hours.
func TestHoursReadBack(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 9))
		d := randomDefinition(r, []string{"UTC"}, 0, 15*Minute)
		if again, err := ParseHours(d.Hours.String()); err != nil || again.String() != d.Hours.String() || !sameHours(again, d.Hours) {
			t.Fatalf("seed %d: %v reads back as %v, %v", seed, d.Hours, again, err)
		}
	}
}

func sameHours(a, b Hours) bool {
	for i := range a {
		if len(a[i])+len(b[i]) > 0 && !reflect.DeepEqual(a[i], b[i]) {
			return false
		}
	}
	return true
}

func FuzzParseHours(f *testing.F) {
	for _, text := range []string{"24x7", "mon-fri 08:00-17:00; sat 09:00-12:00", "daily closed", "fri-mon 22:00-06:00, 07:00-08:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		hours, err := ParseHours(text)
		if err != nil {
			return
		}
		if again, err := ParseHours(hours.String()); err != nil || again.String() != hours.String() {
			t.Fatalf("%q is %q, which reads back as %q, %v", text, hours, again, err)
		}
	})
}

func TestDefinitionErrors(t *testing.T) {
	window := Windows{{TimeOfDay(9 * Hour), TimeOfDay(17 * Hour)}}
	good := Definition{Zone: time.UTC, Hours: Hours{window}}
	for want, spoil := range map[string]func(*Definition) (from, to Instant){
		"no zone":           func(d *Definition) (Instant, Instant) { d.Zone = nil; return 0, Instant(Week) },
		"is empty":          func(d *Definition) (Instant, Instant) { return 5, 5 },
		"at most 200 years": func(d *Definition) (Instant, Instant) { return 0, Instant(80_000 * Day) },
		"tue: window opens": func(d *Definition) (Instant, Instant) {
			d.Hours[1] = Windows{{TimeOfDay(Day), TimeOfDay(25 * Hour)}}
			return 0, Instant(Week)
		},
		"1970-01-03: window from": func(d *Definition) (Instant, Instant) {
			d.Dates = map[Date]Windows{2: {{TimeOfDay(Hour), TimeOfDay(26 * Hour)}}}
			return 0, Instant(Week)
		},
		"business day rule 9": func(d *Definition) (Instant, Instant) { d.BusinessDay = 9; return 0, Instant(Week) },
	} {
		d := good
		from, to := spoil(&d)
		if _, err := d.Compile(from, to); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestDefinitionIsCopied changes the definition after compiling it.
func TestDefinitionIsCopied(t *testing.T) {
	d := Definition{Zone: time.UTC, Hours: RoundTheClock(), Dates: map[Date]Windows{3: nil}, Names: map[Date]string{3: "closed"}}
	tl, err := d.Compile(0, Instant(Week))
	if err != nil {
		t.Fatal(err)
	}
	d.Dates[3], d.Names[3], d.Hours[0][0].To = RoundTheClock()[0], "open", 1
	if tl.IsOpen(Instant(Date(3).midnight())) || tl.definition.Names[3] != "closed" || tl.definition.Hours[0][0].To != endOfDay {
		t.Error("a change of the definition reaches the timeline")
	}
}

func TestBusinessDayRule(t *testing.T) {
	for _, rule := range []BusinessDayRule{EndOfDay, SameTime} {
		var again BusinessDayRule
		if err := again.UnmarshalText([]byte(rule.String())); err != nil || again != rule {
			t.Errorf("%v reads back as %v, %v", rule, again, err)
		}
	}
	var rule BusinessDayRule
	if err := rule.UnmarshalText([]byte("noon")); err == nil || !strings.Contains(err.Error(), "end_of_day or same_time") {
		t.Errorf("noon gives %v", err)
	}
}

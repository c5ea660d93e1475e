package calendar

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sunrelay/model/sharedtest"
)

// The nine tests below each pin one reading on which calendars differ between programs.

func TestSemantics1DueAtClosing(t *testing.T) {
	tl := compile(t, "Europe/Dublin", "mon-fri 09:00-17:00", "2026-01-01", "2026-03-01")
	start := local(t, tl, "2026-01-08 09:00") // Thursday
	wantDue(t, tl, start, 8*Hour, local(t, tl, "2026-01-08 17:00"))
	wantDue(t, tl, start, 8*Hour+1, local(t, tl, "2026-01-09 09:00")+1)
	due, err := tl.Deadline(start, 8*Hour)
	if err != nil {
		t.Fatal(err)
	}
	rolled, err := tl.RollToOpening(due)
	if want := local(t, tl, "2026-01-09 09:00"); err != nil || rolled != want {
		t.Errorf("closing rolls to %v, %v; want %v", rolled, err, want)
	}
}

func TestSemantics2PhysicalTime(t *testing.T) {
	tl := compile(t, "America/New_York", "24x7", "2026-01-01", "2027-01-01")
	for day, want := range map[string]Duration{"2026-03-08": 23 * Hour, "2026-11-01": 25 * Hour, "2026-11-02": Day} {
		date, err := ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		open, err := tl.OpenTime(local(t, tl, day+" 00:00"), local(t, tl, (date+1).String()+" 00:00"))
		if err != nil || open != want {
			t.Errorf("%s has %v, %v; want %v", day, open, err, want)
		}
	}
	tl = compile(t, "America/New_York", "mon 09:00-17:00", "2026-01-01", "2027-01-01")
	if closing := local(t, tl, "2026-11-02 17:00"); tl.IsOpen(closing) || !tl.IsOpen(closing-1) || tl.IsOpen(local(t, tl, "2026-11-02 09:00")-1) {
		t.Errorf("hours are not half-open")
	}
}

func TestSemantics3ZeroAndNegative(t *testing.T) {
	tl := compile(t, "Asia/Tokyo", "mon-fri 09:30-17:30", "2026-01-01", "2026-03-01")
	saturday := local(t, tl, "2026-01-17 12:00")
	wantDue(t, tl, saturday, 0, saturday)
	wantDue(t, tl, saturday, -8*Hour, local(t, tl, "2026-01-16 09:30"))
	// The latest such instant: from Thursday's closing to Friday's opening nothing is used.
	wantDue(t, tl, local(t, tl, "2026-01-16 10:30"), -Hour-1, local(t, tl, "2026-01-15 17:30")-1)
	wantDue(t, tl, local(t, tl, "2026-01-16 10:30"), -Hour, local(t, tl, "2026-01-16 09:30"))
}

func TestSemantics4DaylightSaving(t *testing.T) {
	gap := compile(t, "Europe/Berlin", "sun 02:30-04:00", "2026-03-01", "2026-04-30")
	if at, err := gap.NextOpening(local(t, gap, "2026-03-29 00:00")); err != nil || at != local(t, gap, "2026-03-29 03:00") {
		t.Errorf("an opening in the gap is at %v, %v; want the transition", at, err)
	}
	overlap := compile(t, "Europe/Berlin", "sun 02:15-02:45", "2026-10-01", "2026-11-30")
	open, err := overlap.OpenTime(local(t, overlap, "2026-10-25 00:00"), local(t, overlap, "2026-10-25 12:00"))
	if err != nil || open != 90*Minute {
		t.Errorf("hours in the overlap last %v, %v; want 1h30m from the first opening to the last closing", open, err)
	}
	lordHowe := compile(t, "Australia/Lord_Howe", "24x7", "2026-01-01", "2026-12-01")
	open, err = lordHowe.OpenTime(local(t, lordHowe, "2026-04-05 00:00"), local(t, lordHowe, "2026-04-06 00:00"))
	if err != nil || open != 24*Hour+30*Minute {
		t.Errorf("Lord Howe's long day has %v, %v; want 24h30m", open, err)
	}
}

func TestSemantics5TypedErrors(t *testing.T) {
	from, to := Instant(0), Instant(30*Day)
	_, err := Definition{Zone: time.UTC}.Compile(from, to)
	var never *NeverOpenError
	if !errors.As(err, &never) || never.Horizon != (Interval{from, to}) {
		t.Errorf("a calendar without hours gives %v, want NeverOpenError with the horizon", err)
	}
	tl := compile(t, "UTC", "mon 09:00-17:00", "2026-01-01", "2026-02-01")
	var past *PastHorizonError
	if _, err := tl.Deadline(local(t, tl, "2026-01-30 09:00"), 1); !errors.As(err, &past) {
		t.Errorf("a due after the last opening gives %v, want PastHorizonError", err)
	}
	var outside *OutsideHorizonError
	if _, err := tl.Deadline(local(t, tl, "2026-02-01 00:00"), 1); !errors.As(err, &outside) {
		t.Errorf("a start at the end of the horizon gives %v, want OutsideHorizonError", err)
	}
	if _, err := tl.Deadline(local(t, tl, "2026-01-01 00:00")-1, 1); !errors.As(err, &outside) {
		t.Errorf("a start before the horizon gives %v, want OutsideHorizonError", err)
	}
	if _, err := tl.Policy(Target{int64(1000 * Hour), Open}); !errors.As(err, &past) {
		t.Errorf("a target that never fits gives %v, want PastHorizonError", err)
	}
}

func TestSemantics6MidnightHolidaysAndDates(t *testing.T) {
	hours, err := ParseHours("mon-thu 22:00-06:00; fri 09:00-12:00, 11:00-15:00")
	if err != nil {
		t.Fatal(err)
	}
	wednesday, friday := NewDate(2026, time.January, 14), NewDate(2026, time.January, 16)
	d := Definition{Zone: time.UTC, Hours: hours, Holidays: []Date{wednesday},
		Dates: map[Date]Windows{friday: {{TimeOfDay(9 * Hour), TimeOfDay(10 * Hour)}}, friday + 1: {{TimeOfDay(8 * Hour), TimeOfDay(9 * Hour)}}}}
	tl := compileDefinition(t, d, "2026-01-12", "2026-01-24")
	var got []Interval
	for iv := range tl.Intervals() {
		got = append(got, iv)
	}
	want := []string{
		"2026-01-12 22:00", "2026-01-13 06:00", "2026-01-13 22:00", "2026-01-14 06:00", // Tuesday's night runs into the holiday
		"2026-01-15 22:00", "2026-01-16 06:00", "2026-01-16 09:00", "2026-01-16 10:00", // a partial day
		"2026-01-17 08:00", "2026-01-17 09:00", // a special open day
		"2026-01-19 22:00", "2026-01-20 06:00", "2026-01-20 22:00", "2026-01-21 06:00", "2026-01-21 22:00", "2026-01-22 06:00",
		"2026-01-22 22:00", "2026-01-23 06:00", "2026-01-23 09:00", "2026-01-23 15:00", // overlapping windows merge
	}
	if len(got)*2 != len(want) {
		t.Fatalf("open %v, want %v", got, want)
	}
	for i, iv := range got {
		if iv.From != local(t, tl, want[2*i]) || iv.To != local(t, tl, want[2*i+1]) {
			t.Errorf("interval %d is %v to %v, want %s to %s", i, iv.From, iv.To, want[2*i], want[2*i+1])
		}
	}
}

func TestSemantics7BusinessDays(t *testing.T) {
	tl := compile(t, "Europe/Dublin", "mon-thu 09:00-17:00; fri 09:00-13:00", "2026-01-01", "2026-03-01")
	thursday := local(t, tl, "2026-01-15 16:00")
	for n, want := range []string{"2026-01-15 17:00", "2026-01-16 13:00", "2026-01-19 17:00"} {
		if due, err := tl.BusinessDays(thursday, n); err != nil || due != local(t, tl, want) {
			t.Errorf("%d business days end at %v, %v; want %s", n, due, err, want)
		}
	}
	if due, err := tl.BusinessDays(local(t, tl, "2026-01-15 17:00"), 1); err != nil || due != local(t, tl, "2026-01-19 17:00") {
		t.Errorf("a start at closing counts from %v, %v; want the next opening", due, err)
	}
	// Eight hours are less than a business day after Thursday 16:00, whose Friday has four.
	wantDue(t, tl, thursday, 8*Hour, local(t, tl, "2026-01-19 12:00"))
}

func TestSemantics8Pauses(t *testing.T) {
	tl := compile(t, "Europe/Dublin", "mon-fri 09:00-17:00", "2026-01-01", "2026-03-01")
	start := local(t, tl, "2026-01-15 09:00")
	pauses := []Interval{
		{start.Add(Hour), start.Add(2*Hour + 1)}, {start.Add(90 * Minute), start.Add(3 * Hour)}, // overlap
		{start.Add(9 * Hour), start.Add(20 * Hour)}, // at night
	}
	due, err := tl.DeadlinePaused(start, 3*Hour, pauses)
	if want := start.Add(5 * Hour); err != nil || due != want {
		t.Errorf("due %v, %v; want %v", due, err, want)
	}
	due, err = tl.DeadlinePaused(start, 3*Hour, pauses[:1])
	if want := start.Add(4*Hour + 1); err != nil || due != want {
		t.Errorf("due %v, %v; want %v, to the millisecond", due, err, want)
	}
}

func TestSemantics9ZoneData(t *testing.T) {
	if embeddedVersion != EmbeddedZones().Version() {
		t.Errorf("version %s, but the embedded zones say %s", embeddedVersion, EmbeddedZones().Version())
	}
	dir := t.TempDir()
	data, err := EmbeddedZones().read("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	// A newer database in which London keeps Tokyo's time.
	for name, content := range map[string][]byte{"Europe/London": data, "+VERSION": []byte("2031a\n")} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	zones, err := LoadZones(dir)
	if err != nil {
		t.Fatal(err)
	}
	london, err := zones.Location("Europe/London")
	if err != nil || zones.Version() != "2031a" {
		t.Fatalf("London of version %s: %v", zones.Version(), err)
	}
	if _, offset := time.Date(2026, 6, 1, 0, 0, 0, 0, london).Zone(); offset != 9*3600 {
		t.Errorf("offset %d, want that of the named file", offset)
	}
}

func wantDue(t *testing.T, tl *Timeline, start Instant, d Duration, want Instant) {
	t.Helper()
	if due, err := tl.Deadline(start, d); err != nil || due != want {
		t.Errorf("from %v, %v is due at %v, %v; want %v", start, d, due, err, want)
	}
}

// clockCase is a deadline of validation.json, computed elsewhere by stepping through minutes.
type clockCase struct {
	ID     string
	Group  string
	Params struct {
		Start         string
		TargetMinutes int64 `json:"target_minutes"`
		Calendar      json.RawMessage
		Pauses        [][2]string
	}
	Metrics struct{ Due struct{ Value string } }
}

// TestValidationCases runs the deadlines of the shared validation cases where they are at hand.
func TestValidationCases(t *testing.T) {
	ran := 0
	for _, raw := range sharedtest.Cases[json.RawMessage](t) {
		var head struct{ Group, Model string }
		if err := json.Unmarshal(raw, &head); err != nil {
			t.Fatal(err)
		}
		if head.Group != "sla_clock" || head.Model != "SLA deadline" {
			continue
		}
		var c clockCase
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.ID, func(t *testing.T) { c.run(t) })
		ran++
	}
	if ran < 10 {
		t.Errorf("only %d deadlines found", ran)
	}
}

func (c *clockCase) run(t *testing.T) {
	at := func(text string) Instant {
		parsed, err := time.Parse("2006-01-02T15:04Z07:00", text)
		if err != nil {
			t.Fatal(err)
		}
		return FromTime(parsed)
	}
	start := at(c.Params.Start)
	tl, err := c.definition(t).Compile(start.Add(-30*Day), start.Add(60*Day))
	if err != nil {
		t.Fatal(err)
	}
	var pauses []Interval
	for _, p := range c.Params.Pauses {
		pauses = append(pauses, Interval{at(p[0]), at(p[1])})
	}
	length := Duration(c.Params.TargetMinutes) * Minute
	if due, err := tl.DeadlinePaused(start, length, pauses); err != nil || due != at(c.Metrics.Due.Value) {
		t.Errorf("due %v, %v; want %s", due, err, c.Metrics.Due.Value)
	}
}

// definition reads {"tz": ..., "windows": [[[days from 1 = Monday], from minute, to minute]], "holidays": [...]} or "24x7".
func (c *clockCase) definition(t *testing.T) Definition {
	var name string
	if json.Unmarshal(c.Params.Calendar, &name) == nil {
		hours, err := ParseHours(name)
		if err != nil {
			t.Fatal(err)
		}
		return Definition{Zone: time.UTC, Hours: hours}
	}
	var given struct {
		TZ       string
		Windows  [][3]json.RawMessage
		Holidays []Date
	}
	if err := json.Unmarshal(c.Params.Calendar, &given); err != nil {
		t.Fatal(err)
	}
	zone, err := EmbeddedZones().Location(given.TZ)
	if err != nil {
		t.Fatal(err)
	}
	d := Definition{Zone: zone, Holidays: given.Holidays}
	for _, w := range given.Windows {
		var days []int
		var from, to int64
		if err := errors.Join(json.Unmarshal(w[0], &days), json.Unmarshal(w[1], &from), json.Unmarshal(w[2], &to)); err != nil {
			t.Fatal(err)
		}
		for _, day := range days {
			d.Hours[day-1] = append(d.Hours[day-1], Window{TimeOfDay(Duration(from) * Minute), TimeOfDay(Duration(to) * Minute)})
		}
	}
	return d
}

package due

import (
	"math/rand/v2"
	"testing"
	"time"

	"sunrelay/model/calendar"
)

// layouts are what parseWritten reads, for the standard library, which also takes hours of one digit and offsets of 24 hours.
var layouts = []string{
	"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05",
	"2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02 15:04:05Z07:00",
}

// parseSlow is the twin of parseWritten.
func parseSlow(text string) (written, bool) {
	for _, layout := range layouts {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		_, offset := t.Zone()
		return written{
			local: t.UnixMilli() + int64(offset)*1000, offset: int64(offset) * 1000, zoned: len(layout) > 19,
		}, true
	}
	return written{}, false
}

func TestParseWrittenAgainstTwin(t *testing.T) {
	for _, text := range []string{
		"2026-03-06", "2026-03-06T16:30", "2026-03-06T16:30:15", "2026-03-06 16:30:15.25", "2026-03-06T16:30:15.1239Z",
		"2026-03-06T16:30Z", "2026-03-06T16:30:15+05:45", "2026-03-06T16:30:15-03:30", "2024-02-29", "2100-02-29", "2000-02-29",
		"1900-02-29", "0000-01-01", "9999-12-31T23:59:59.999Z", "2026-13-01", "2026-00-01", "2026-04-31", "2026-04-00",
		"2026-03-06T24:00", "2026-03-06T23:60", "2026-03-06T23:59:60", "2026-03-06T", "2026-03-06T16:30:",
		"2026-03-06T16:30:15.", "2026-03-06T16:30:15.Z", "2026-03-06T16:30+5:45", "2026-03-06T16:30+0545", "2026-3-6", "", "x",
		"2026-03-06x16:30", "2026-03-06T16:30 ", " 2026-03-06", "20260306", "2026-03-06T16:3a",
	} {
		got, ok := parseWritten([]byte(text))
		want, wantOK := parseSlow(text)
		if ok != wantOK || ok && got != want {
			t.Errorf("%q: got %+v %v, want %+v %v", text, got, ok, want, wantOK)
		}
	}
}

func FuzzParseWritten(f *testing.F) {
	f.Add("2026-03-06T16:30:15.123+05:45")
	f.Add("2026-03-06 16:30Z")
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := parseWritten([]byte(text))
		if !ok {
			return
		}
		// The standard library knows neither a small t and z nor a fraction without end; what it reads, it reads alike.
		if want, known := parseSlow(text); known && got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	})
}

func TestAppendInstantAgainstTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	first, last := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC).UnixMilli()
	check := func(at calendar.Instant) {
		if got := string(appendInstant(nil, at)); got != at.String() {
			t.Fatalf("%d: got %s, want %s", at, got, at)
		}
	}
	for range 50_000 {
		at := calendar.Instant(first + random.Int64N(last-first+1))
		check(at)
		check(at - at%1000)
	}
	for day := range 146097 { // each date of the cycle of the calendar
		check(calendar.Instant(first + int64(day)*dayMs))
	}
}

// readSlow is the twin of written.in: it looks at every minute around the local time.
func readSlow(local int64, zone *time.Location) (calendar.Instant, Reading) {
	const minute = int64(calendar.Minute)
	var shown []int64
	for at := local - 30*int64(calendar.Hour); at <= local+30*int64(calendar.Hour); at += minute {
		if at+offsetAt(at, zone) == local {
			shown = append(shown, at)
		}
	}
	switch len(shown) {
	case 1:
		return calendar.Instant(shown[0]), Local
	case 0: // the first instant at which clocks show a later time
		for at := local - 30*int64(calendar.Hour); ; at += minute {
			if at+offsetAt(at, zone) > local {
				return calendar.Instant(at), Skipped
			}
		}
	}
	return calendar.Instant(shown[0]), First
}

func TestLocalTimesAgainstTwin(t *testing.T) {
	zones := calendar.EmbeddedZones()
	random := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		zone string
		near string // a change of the zone
	}{
		{"Europe/Dublin", "2026-03-29T01:00:00Z"},       // Sunday: clocks go forward
		{"Europe/Dublin", "2026-10-25T01:00:00Z"},       // Sunday: clocks go back
		{"America/New_York", "2026-11-01T06:00:00Z"},    // Sunday: clocks go back
		{"Australia/Lord_Howe", "2026-04-04T15:00:00Z"}, // Sunday, local: half an hour back
		{"Asia/Kathmandu", "2026-03-06T00:00:00Z"},      // no change
		{"Pacific/Apia", "2011-12-30T10:00:00Z"},        // Friday 30 December is left out
	} {
		zone, err := zones.Location(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		change, err := time.Parse(time.RFC3339, c.near)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			local := change.UnixMilli() + (random.Int64N(60*60)-30*60)*int64(calendar.Minute)
			got, reading := written{local: local}.in(zone)
			want, wantReading := readSlow(local, zone)
			if got != want || reading != wantReading {
				t.Errorf("%s: local %v: got %v %d, want %v %d", c.zone, time.UnixMilli(local).UTC(), got, reading, want, wantReading)
			}
		}
	}
}

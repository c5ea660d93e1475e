package due

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
)

const hoursFile = `
calendars:
  dublin:
    zone: Europe/Dublin
    hours: mon-fri 08:00-12:00, 13:00-17:00
    holidays: [ie, 2026-12-24]
  tokyo:
    zone: Asia/Tokyo
    hours: {mon-fri: "09:30-17:30"}
    holidays: jp
    business_day: same_time
  nights:
    zone: America/New_York
    hours: daily 22:00-06:00
    holidays: us
  singapore:
    zone: Asia/Singapore
    hours: mon-fri 08:00-17:30
    holidays: sg
  once:
    zone: UTC
    hours: daily closed
    dates: {2026-03-06: "08:00-12:00"}
`

// testCalendars are those of hoursFile.
func testCalendars(t testing.TB) *Calendars {
	t.Helper()
	zones := calendar.EmbeddedZones()
	file, err := scenario.LoadCalendars(scenario.Source{Name: "hours.yaml", Data: []byte(hoursFile), Zone: zones.Location}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return NewCalendars(file)
}

// batchSlow is the twin of Batch: the standard library's CSV and times, and calendars compiled for a century.
func batchSlow(in string, file *scenario.Calendars) ([][]string, error) {
	records, err := csv.NewReader(strings.NewReader(in)).ReadAll()
	if err != nil {
		return nil, err
	}
	timelines := map[string]*calendar.Timeline{}
	for i, record := range records {
		if i == 0 {
			records[i] = append(record, map[bool]string{true: "due", false: "open_seconds"}[record[3] == "target"])
			continue
		}
		if timelines[record[1]] == nil {
			if timelines[record[1]], err = file.Compile(record[1], 1995, 2050); err != nil {
				return nil, err
			}
		}
		timeline := timelines[record[1]]
		zone, err := file.Zone(record[1])
		if err != nil {
			return nil, err
		}
		start := slowInstant(record[2], zone)
		if records[0][3] == "target" {
			target, err := ParseTarget(record[3])
			if err != nil {
				return nil, err
			}
			due, err := timeline.Due(start, target)
			if err != nil {
				return nil, err
			}
			records[i] = append(record, due.String())
			continue
		}
		open, err := timeline.OpenTime(start, slowInstant(record[3], zone))
		if err != nil {
			return nil, err
		}
		records[i] = append(record, strconv.FormatFloat(open.Seconds(), 'f', -1, 64))
	}
	return records, nil
}

func slowInstant(text string, zone *time.Location) calendar.Instant {
	w, _ := parseSlow(text)
	if w.zoned {
		return calendar.Instant(w.local - w.offset)
	}
	at, _ := readSlow(w.local, zone)
	return at
}

func TestBatchAgainstTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	moment := func() string {
		at := time.Date(2018+random.IntN(15), 1, 1, 0, random.IntN(366*24*60), 0, 0, time.UTC)
		return at.Format([]string{"2006-01-02T15:04", "2006-01-02 15:04:05", time.RFC3339, "2006-01-02"}[random.IntN(4)])
	}
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	for _, last := range []string{"target", "end"} {
		var in strings.Builder
		in.WriteString("note,calendar,start," + last + ",n\n")
		for i := range 200 {
			answerTo := moment()
			if last == "target" {
				answerTo = pick("8bh", "2bd", "next_bd", "0bd", "30m", "3d", "90bm", "1mo", "400bh")
			}
			fmt.Fprintf(&in, "%s,%s,%s,%s,%d\n", pick("a", `"x, ""y"""`, "\"two\nlines\"", ""),
				pick("dublin", "tokyo", "nights", "always"), moment(), answerTo, i)
		}
		calendars := testCalendars(t)
		var out bytes.Buffer
		if err := Batch("in.csv", strings.NewReader(in.String()), &out, calendars); err != nil {
			t.Fatal(err)
		}
		got, err := csv.NewReader(&out).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want, err := batchSlow(in.String(), calendars.file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if strings.Join(got[i], "|") != strings.Join(want[i], "|") {
				t.Fatalf("row %d: got %q, want %q", i, got[i], want[i])
			}
		}
	}
}

// TestBatchKeepsText checks that everything but the new column is written as it was read.
func TestBatchKeepsText(t *testing.T) {
	const in = "\ufeffcalendar,start,target,note\r\n\r\n" +
		"dublin,2026-03-06T16:30,8bh,\"a \"\"b\"\"\r\nc\"\r\n" +
		"\"dublin\",2026-03-06,\"0bd\","
	const want = "\ufeffcalendar,start,target,note,due\r\n\r\n" +
		"dublin,2026-03-06T16:30,8bh,\"a \"\"b\"\"\r\nc\",2026-03-09T16:30:00Z\r\n" +
		"\"dublin\",2026-03-06,\"0bd\",,2026-03-06T17:00:00Z"
	var out bytes.Buffer
	if err := Batch("in.csv", strings.NewReader(in), &out, testCalendars(t)); err != nil {
		t.Fatal(err)
	}
	if out.String() != want {
		t.Errorf("got %q\nwant %q", out.String(), want)
	}
}

func TestBatchProblems(t *testing.T) {
	const head = "calendar,start,target\n"
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", "in.csv:1:1: is empty"},
		{"no calendar", "start,target\n", "in.csv:1:1: has no column calendar"},
		{"no start", "calendar,target\n", "has no column start; it has calendar, target"},
		{"no target", "calendar,start\n", "has neither a column target nor a column end"},
		{"both", "calendar,start,target,end\n", "has both"},
		{"due", "calendar,start,target,due\n", "has a column due already"},
		{"open", "calendar,start,end,open_seconds\n", "has a column open_seconds already"},
		{"unknown calendar", head + "dublinn,2026-03-06,8bh\n", "in.csv:2:1: calendar: \"dublinn\" is not a calendar of hours.yaml, did you mean dublin?"},
		{"time", head + "dublin,06.03.2026,8bh\n", "in.csv:2:8: start: \"06.03.2026\" is not a time"},
		{"target", head + "dublin,2026-03-06,8hh\n", "in.csv:2:19: target: \"8hh\" is not a target"},
		{"no due", head + "dublin,2026-03-06,none\n", "in.csv:2:19: target: \"none\" has no due"},
		{"end", "calendar,start,end\ndublin,2026-03-06,soon\n", "in.csv:2:19: end: \"soon\" is not a time"},
		{"fields", head + "dublin,2026-03-06\n", "in.csv:2:1: has 2 fields, want 3"},
		{"quote", head + "dublin,2026\"-03-06,8bh\n", "in.csv:2:1: quotation mark inside a field"},
		{"open quote", head + "\"dublin,2026-03-06,8bh\n", "in.csv:2:1: quoted field does not end"},
		{"after lines", head + "\"dublin\",2026-03-06,\"8bh\"\n\n\"x\ny\",2026-03-06,8bh\n", "in.csv:4:1: calendar: \"x\\ny\""},
		{"too early", head + "dublin,1850-03-06,8bh\n", "in.csv:2:8: start: lies in the year 1850"},
		{"before holidays are known", head + "dublin,1980-03-06,8bh\n", "want years from 1990"},
		{"list of holidays ends", head + "singapore,2027-12-30T16:30,80bh\n", "are known for"},
		{"never open again", head + "once,2026-03-06T10:00,80bh\n", "in.csv:2:6: start: needs the time after 2099"},
		{"too many", head + strings.Repeat("x,2026-03-06,8bh\n", 100), "the rest after 20 bad rows was not read"},
	} {
		var out bytes.Buffer
		err := Batch("in.csv", strings.NewReader(c.in), &out, testCalendars(t))
		var problems scenario.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		if out.Len() > 0 {
			t.Errorf("%s: wrote %q beside problems", c.name, out.String())
		}
	}
}

// TestYearsGrow asks for years around the first question, in both directions.
func TestYearsGrow(t *testing.T) {
	calendars := testCalendars(t)
	hours, err := calendars.Find("dublin")
	if err != nil {
		t.Fatal(err)
	}
	for _, year := range []int{2026, 2030, 2020, 2090, 1991, 2026} {
		friday := calendar.FromTime(time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC))
		due, err := hours.Due(friday, calendar.Target{Amount: int64(calendar.Hour), Unit: calendar.Open})
		if err != nil {
			t.Fatal(year, err)
		}
		timeline, err := calendars.file.Compile("dublin", year, year)
		if err != nil {
			t.Fatal(err)
		}
		if want, err := timeline.Deadline(friday, calendar.Hour); err != nil || due != want {
			t.Errorf("%d: got %v, want %v, %v", year, due, want, err)
		}
	}
	if _, err := hours.OpenTime(calendar.FromTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), calendar.FromTime(time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC))); err != nil {
		t.Error(err)
	}
}

// TestHolidaysOfTheYearBefore has a window over midnight that begins on a holiday of the year before.
func TestHolidaysOfTheYearBefore(t *testing.T) {
	hours, err := testCalendars(t).Find("nights")
	if err != nil {
		t.Fatal(err)
	}
	// Monday 2026-01-05 is far from holidays; Thursday 2026-01-01 is one, so that its night to Friday is closed.
	for _, c := range []struct{ from, to, want string }{
		{"2026-01-01T00:00", "2026-01-01T12:00", "6h"}, // the night that began on 2025-12-31
		{"2026-01-02T00:00", "2026-01-02T12:00", "0"},
	} {
		from, _, _ := hours.ParseTime(c.from)
		to, _, _ := hours.ParseTime(c.to)
		if open, err := hours.OpenTime(from, to); err != nil || open.String() != c.want {
			t.Errorf("%s to %s: got %v, %v, want %s", c.from, c.to, open, err, c.want)
		}
	}
}

func TestExplain(t *testing.T) {
	hours, err := testCalendars(t).Find("dublin")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(9, 10))
	first := calendar.FromTime(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC))
	at := func() calendar.Instant { return first.Add(calendar.Duration(random.IntN(30*24*60)) * calendar.Minute) }
	for range 300 {
		var pauses []calendar.Interval
		for range random.IntN(4) {
			from := at()
			pauses = append(pauses, calendar.Interval{From: from, To: from.Add(calendar.Duration(random.IntN(3000)) * calendar.Minute)})
		}
		start, target := at(), calendar.Target{Amount: int64(calendar.Minute) * (1 + random.Int64N(3000)), Unit: calendar.Open}
		due, steps, err := hours.ExplainDue(start, target, pauses)
		if err != nil {
			t.Fatal(err)
		}
		checkSteps(t, steps, start, due, target.Amount)
		open, steps, err := hours.ExplainOpen(start, due, pauses)
		if err != nil || int64(open) != target.Amount {
			t.Fatalf("open time up to the due is %v, %v, want %v", open, err, target)
		}
		checkSteps(t, steps, start, due, target.Amount)
		end := at()
		if open, steps, err = hours.ExplainOpen(min(start, end), max(start, end), pauses); err != nil {
			t.Fatal(err)
		}
		checkSteps(t, steps, min(start, end), max(start, end), int64(open))
	}
}

// checkSteps checks that steps lead from start to end without holes and use up the amount.
func checkSteps(t *testing.T, steps []calendar.Step, start, end calendar.Instant, amount int64) {
	t.Helper()
	at, left := start, amount
	for _, s := range steps {
		left -= s.Used
		if s.Interval.From != at || s.Interval.To <= at || s.Left != left || s.Used < 0 || s.Reason == Paused && s.Used > 0 {
			t.Fatalf("step %+v at %v with %d left: %+v", s, at, left, steps)
		}
		at = s.Interval.To
	}
	if at != end || left != 0 {
		t.Fatalf("steps end at %v with %d left, want %v: %+v", at, left, end, steps)
	}
}

// FuzzBatch feeds files of any bytes: an answer or problems, never a panic.
func FuzzBatch(f *testing.F) {
	f.Add([]byte("calendar,start,target\ndublin,2026-03-06,8bh\n"))
	f.Add([]byte("calendar,start,end\nnights,2026-03-06T10:00,\"2026-03-07\"\n"))
	calendars := testCalendars(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		var problems scenario.Problems
		if err := Batch("in.csv", bytes.NewReader(in), io.Discard, calendars); err != nil && !errors.As(err, &problems) {
			t.Errorf("got %v", err)
		}
	})
}

func BenchmarkBatch(b *testing.B) {
	var in strings.Builder
	in.WriteString("id,calendar,start,target\n")
	random := rand.New(rand.NewPCG(11, 12))
	const rows = 100_000
	for i := range rows {
		at := time.Date(2024, 1, 1, 0, 0, random.IntN(1000*24*3600), 0, time.UTC)
		fmt.Fprintf(&in, "%d,%s,%s,%s\n", i, []string{"dublin", "tokyo", "nights"}[i%3], at.Format(time.RFC3339), []string{"8bh", "2bd", "30m"}[i/3%3])
	}
	calendars := testCalendars(b)
	for b.Loop() {
		if err := Batch("in.csv", strings.NewReader(in.String()), io.Discard, calendars); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}

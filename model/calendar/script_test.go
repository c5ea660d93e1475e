package calendar

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata/*.deadline")

// TestScripts runs testdata/*.deadline. A script is a list of blocks: a question of one or more lines, a line ----, and
// the answer up to an empty line. Lines that begin with # are comments. Questions:
//
//	calendar            followed by lines: zone NAME, hours TEXT, holidays CODE or DATES, date DATE WINDOWS,
//	                    name DATE TEXT, business_day RULE, horizon DATE DATE
//	due START TARGET [pause FROM TO]...
//	explain START TARGET
//	open FROM TO [pause FROM TO]...
//	next_open AT, previous_close AT
//
// A target is open 2h, elapsed 2h, days 2 or months 1; open may be negative, as in open -2h. Times are local, as in
// 2026-03-27T16:30, or of UTC, as in 2026-03-27T15:30Z.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.deadline")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { runScriptFile(t, file) })
	}
}

func runScriptFile(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &script{}
	var rewritten strings.Builder
	for i, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		question, want, asks := strings.Cut(block, "\n----")
		if !asks {
			fmt.Fprintf(&rewritten, "%s\n\n", block)
			continue
		}
		got := strings.TrimSpace(s.answer(question))
		if want = strings.TrimSpace(want); got != want && !*update {
			t.Errorf("%s, block %d:\n%s\ngot:\n%s\nwant:\n%s", file, i+1, question, got, want)
		}
		fmt.Fprintf(&rewritten, "%s\n----\n%s\n\n", question, got)
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.TrimSpace(rewritten.String())+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// script is the state of a running script.
type script struct {
	timeline *Timeline
	zone     *time.Location
}

func (s *script) answer(question string) string {
	var lines [][]string
	for line := range strings.Lines(question) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0][0] != '#' {
			lines = append(lines, fields)
		}
	}
	var answer string
	var err error
	switch command, args := lines[0][0], lines[0][1:]; command {
	case "calendar":
		answer, err = s.calendar(lines[1:])
	case "due":
		answer, err = s.due(args)
	case "explain":
		answer, err = s.explain(args)
	case "open":
		answer, err = s.open(args)
	case "next_open":
		answer, err = s.edge(args, (*Timeline).NextOpening)
	case "previous_close":
		answer, err = s.edge(args, (*Timeline).PreviousClosing)
	default:
		err = fmt.Errorf("unknown question %q", command)
	}
	if err != nil {
		return "error: " + err.Error()
	}
	return answer
}

func (s *script) calendar(lines [][]string) (string, error) {
	d := Definition{Zone: time.UTC, Dates: map[Date]Windows{}, Names: map[Date]string{}}
	from, to := NewDate(2024, 1, 1), NewDate(2028, 1, 1)
	var err error
	for _, line := range lines {
		rest := strings.Join(line[1:], " ")
		switch line[0] {
		case "zone":
			d.Zone, err = EmbeddedZones().Location(rest)
		case "hours":
			err = d.Hours.UnmarshalText([]byte(rest))
		case "business_day":
			err = d.BusinessDay.UnmarshalText([]byte(rest))
		case "holidays":
			err = addScriptHolidays(&d, line[1:])
		case "date":
			err = setScriptDate(&d, line[1], strings.Join(line[2:], " "))
		case "name":
			var date Date
			date, err = ParseDate(line[1])
			d.Names[date] = strings.Join(line[2:], " ")
		case "horizon":
			if from, err = ParseDate(line[1]); err == nil {
				to, err = ParseDate(line[2])
			}
		default:
			err = fmt.Errorf("unknown line %q", line[0])
		}
		if err != nil {
			return "", err
		}
	}
	s.zone = d.Zone
	s.timeline, err = d.Compile(Instant(from.midnight()), Instant(to.midnight()))
	return "ok", err
}

func addScriptHolidays(d *Definition, words []string) error {
	for _, word := range words {
		date, err := ParseDate(word)
		if err == nil {
			d.Holidays = append(d.Holidays, date)
			continue
		}
		holidays, err := Holidays(word, 2025, 2027)
		if err != nil {
			return err
		}
		d.AddHolidays(holidays)
	}
	return nil
}

func setScriptDate(d *Definition, word, windows string) error {
	date, err := ParseDate(word)
	if err != nil {
		return err
	}
	d.Dates[date], err = ParseWindows(windows)
	return err
}

func (s *script) due(args []string) (string, error) {
	start, target, rest, err := s.question(args)
	if err != nil {
		return "", err
	}
	pauses, err := s.pauses(rest)
	if err != nil {
		return "", err
	}
	var due Instant
	switch {
	case len(pauses) > 0:
		due, err = s.timeline.DeadlinePaused(start, Duration(target.Amount), pauses)
	case target.Unit == Open:
		due, err = s.timeline.Deadline(start, Duration(target.Amount))
	default:
		due, err = s.timeline.Due(start, target)
	}
	if err != nil {
		return "", err
	}
	return s.show(due) + " = " + due.String(), nil
}

func (s *script) explain(args []string) (string, error) {
	start, target, _, err := s.question(args)
	if err != nil {
		return "", err
	}
	steps, err := s.timeline.Explain(start, target)
	if err != nil {
		return "", err
	}
	amount := func(n int64) string {
		if target.Unit == BusinessDays || target.Unit == Months {
			return strconv.FormatInt(n, 10)
		}
		return Duration(n).String()
	}
	var b strings.Builder
	for _, step := range steps {
		fmt.Fprintf(&b, "%s to %s: %s", s.show(step.Interval.From), s.show(step.Interval.To), step.Reason)
		if step.Open {
			fmt.Fprintf(&b, ", used %s, left %s", amount(step.Used), amount(step.Left))
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

func (s *script) open(args []string) (string, error) {
	from, err := s.parse(args[0])
	if err != nil {
		return "", err
	}
	to, err := s.parse(args[1])
	if err != nil {
		return "", err
	}
	pauses, err := s.pauses(args[2:])
	if err != nil {
		return "", err
	}
	length, err := s.timeline.OpenTimePaused(from, to, pauses)
	return length.String(), err
}

func (s *script) edge(args []string, edge func(*Timeline, Instant) (Instant, error)) (string, error) {
	at, err := s.parse(args[0])
	if err != nil {
		return "", err
	}
	if at, err = edge(s.timeline, at); err != nil {
		return "", err
	}
	return s.show(at), nil
}

// question is START UNIT AMOUNT and what follows.
func (s *script) question(args []string) (start Instant, target Target, rest []string, err error) {
	if len(args) < 3 {
		return 0, target, nil, fmt.Errorf("want START UNIT AMOUNT")
	}
	if start, err = s.parse(args[0]); err != nil {
		return 0, target, nil, err
	}
	switch unit := args[1]; unit {
	case "open", "elapsed":
		d, err := ParseDuration(strings.TrimPrefix(args[2], "-"))
		if err != nil {
			return 0, target, nil, err
		}
		target = Target{int64(d), Elapsed}
		if unit == "open" {
			target.Unit = Open
		}
		if args[2][0] == '-' {
			target.Amount = -target.Amount
		}
	case "days", "months":
		target.Amount, err = strconv.ParseInt(args[2], 10, 64)
		target.Unit = BusinessDays
		if unit == "months" {
			target.Unit = Months
		}
	default:
		err = fmt.Errorf("unknown unit %q", unit)
	}
	return start, target, args[3:], err
}

func (s *script) pauses(args []string) (pauses []Interval, err error) {
	for ; len(args) >= 3 && args[0] == "pause"; args = args[3:] {
		var p Interval
		if p.From, err = s.parse(args[1]); err != nil {
			return nil, err
		}
		if p.To, err = s.parse(args[2]); err != nil {
			return nil, err
		}
		pauses = append(pauses, p)
	}
	if len(args) > 0 {
		return nil, fmt.Errorf("want pause FROM TO, not %q", args)
	}
	return pauses, nil
}

func (s *script) parse(text string) (Instant, error) {
	layout := "2006-01-02T15:04"
	if len(strings.TrimSuffix(text, "Z")) > len(layout) {
		layout = "2006-01-02T15:04:05"
	}
	zone := s.zone
	if cut, utc := strings.CutSuffix(text, "Z"); utc {
		text, zone = cut, time.UTC
	}
	t, err := time.ParseInLocation(layout, text, zone)
	return FromTime(t), err
}

func (s *script) show(at Instant) string {
	return at.Time().In(s.zone).Format("Mon 2006-01-02 15:04:05.999 -0700")
}

package trace

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"sunrelay/model/calendar"
	"sunrelay/model/sharedtest"
)

// read reads a text and returns its cases.
func read(t *testing.T, text string, o Options) (*Log, []Case, error) {
	t.Helper()
	var cases []Case
	log, err := Read(context.Background(), strings.NewReader(text), o, func(c *Case) error {
		cases = append(cases, *c)
		return nil
	})
	return log, cases, err
}

func at(text string) calendar.Instant {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return calendar.FromTime(t)
}

const small = `id;opened at;Priority;closed_at;made_sla
1;13/4/2016 01:16;high;13/4/2016 02:00;true
2;14/4/2016 9:05;"low; really";?;false
`

func TestRead(t *testing.T) {
	log, cases, err := read(t, small, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if log.Delimiter != ";" || log.Events || log.ZoneGiven || log.Rows != 2 {
		t.Errorf("found %+v", log)
	}
	if cases[0].Opened != at("2016-04-13T01:16:00Z") || cases[0].Ended() != at("2016-04-13T02:00:00Z") || cases[0].Met != 1 {
		t.Errorf("first case is %+v", cases[0])
	}
	if cases[1].Opened != at("2016-04-14T09:05:00Z") || cases[1].Closed != NoTime || log.Values[Severity][cases[1].Words[Severity]] != "low; really" {
		t.Errorf("second case is %+v", cases[1])
	}
}

func TestReadPacked(t *testing.T) {
	_, want, err := read(t, small, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var zipped, squeezed bytes.Buffer
	g := gzip.NewWriter(&zipped)
	g.Write([]byte(small))
	g.Close()
	z, _ := zstd.NewWriter(&squeezed)
	z.Write([]byte(small))
	z.Close()
	for _, packed := range []string{zipped.String(), squeezed.String(), "\ufeff" + small, strings.ReplaceAll(small, "\n", "\r\n")} {
		_, got, err := read(t, packed, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			got[i].ID = want[i].ID // hashes are of a process
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	if _, _, err := read(t, zipped.String()[:zipped.Len()-9], Options{}); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("a gzip file that is cut off: %v", err)
	}
}

func TestFindDelimiter(t *testing.T) {
	for text, want := range map[string]byte{
		"opened;a,b\n2016-01-01;1,5\n2016-01-02;1\n": ';', "opened^a\n2016-01-01^b\n": '^', "opened\n2016-01-01\n": ',',
		"opened|a\n2016-01-01|b, c; d\n": '|', "opened\x1fa\n2016-01-01\x1fb\n": 0x1f, "a\topened\n\"x\ty\"\t2016-01-01\n": '\t',
	} {
		if got := findDelimiter([]byte(text)); got != want {
			t.Errorf("%q is cut at %q, want %q", text, got, want)
		}
	}
}

func TestReadZone(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	text := "opened\n2016-01-04T10:00\n2016-07-04 10:00:00\n2016-03-27 01:30\n2016-03-27 03:30\n2016-07-04T10:00:00.250+05:30\n"
	_, cases, err := read(t, text, Options{Zone: rome})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"2016-01-04T09:00:00Z", "2016-07-04T08:00:00Z", "2016-03-27T00:30:00Z", "2016-03-27T01:30:00Z", "2016-07-04T04:30:00.25Z"} {
		if cases[i].Opened != at(want) {
			t.Errorf("case %d opened %s, want %s", i, cases[i].Opened, want)
		}
	}
}

func TestReadEvents(t *testing.T) {
	text := `CaseID,ActivityID,CompleteTimestamp
2,1,2012-04-03 16:55:38
2,8,2012-04-03 16:55:53
3,1,2012-04-03 17:00:00
2,6,2012-04-05 17:15:52
3,6,2012-04-03 18:00:00
`
	log, cases, err := read(t, text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !log.Events || len(cases) != 2 {
		t.Fatalf("found %d cases, %+v", len(cases), log)
	}
	c := cases[0]
	if c.Opened != at("2012-04-03T16:55:38Z") || c.Response != at("2012-04-03T16:55:53Z") || c.Resolved != at("2012-04-05T17:15:52Z") || c.Touches != 3 || c.HandOffs != -1 {
		t.Errorf("first case is %+v", c)
	}
}

func TestReadRejects(t *testing.T) {
	text := "opened,priority\n2016-01-01,a\n2016-01-32,b\n,c\n2016-01-02\n2016-01-03,d\n2016-13-03,e\n" + strings.Repeat("2016-01-04,d\n", 40)
	var lines []int
	log, cases, err := read(t, text, Options{Reject: func(line int, reason string, fields [][]byte) error {
		lines = append(lines, line)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Reason{{"no time of the form y-m-d in column opened", 2}, {"no time in column opened", 1}, {"another number of fields than the first row", 1}}
	if len(cases) != 42 || !slices.Equal(log.Bad, want) || !slices.Equal(lines, []int{3, 4, 5, 7}) {
		t.Errorf("%d cases, rejects %v in lines %v", len(cases), log.Bad, lines)
	}
}

func TestReadProblems(t *testing.T) {
	for _, test := range []struct {
		text, want string
		options    Options
	}{
		{"", "is empty", Options{}},
		{"opened\n", "no row after", Options{}},
		{"\x7fELF\x00\x00", "binary", Options{}},
		{"\xff\xfeo\x00", "UTF-16", Options{}},
		{"opened,a\n3/4/2016,1\n5/6/2016,2\n", "--dates d/m/y or m/d/y", Options{}},
		{"opened,a\n2016-01-01,1\n", "';' does not occur in the first row, ',' makes 2 fields of it", Options{Delimiter: ';'}},
		{"opened,a;b,c\n" + strings.Repeat("2016-01-01,x,y\n2016-01-01,x;z;t,y\n", 9), "';' makes 2 fields of the first row and as many of 0 of the 18", Options{Delimiter: ';'}},
		{"opened\n2016-01-01\n", "';' does not occur in the first row", Options{Delimiter: ';'}},
		{"a,b\n1,2\n", "want --map opened=COLUMN", Options{}},
		{"a,b\n1,2\n", `"colour" is not a role`, Options{Map: map[string]string{"colour": "a"}}},
		{"a,b\n1,2\n", `no such column as "c"`, Options{Map: map[string]string{"opened": "c"}}},
		{"opened\nyesterday\n", "no column says", Options{}},
		{"a,opened\n" + strings.Repeat("1,2016-01-01\n", 20) + "2,\"" + strings.Repeat("x\n", 3<<20), "a quote is not closed", Options{}},
		{"PAR1", "damaged", Options{}},
		{"ARROW1", "damaged", Options{}},
	} {
		if _, _, err := read(t, test.text, test.options); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.20q: %v, want %s", test.text, err, test.want)
		}
	}
	failure := errors.New("stop")
	if _, err := Read(context.Background(), strings.NewReader(small), Options{}, func(*Case) error { return failure }); !errors.Is(err, failure) {
		t.Errorf("error of the reader's user: %v", err)
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"2016-02-29T01:16:00": "2016-02-29T01:16:00Z", "2016/2/29 1:16": "2016-02-29T01:16:00Z", "2016-02-29": "2016-02-29T00:00:00Z",
		"2016-02-29 01:16:00.1239": "2016-02-29T01:16:00.123Z", "2022-01-02 11:12:51+00:00": "2022-01-02T11:12:51Z",
		"2022-01-02T11:12:51-0330": "2022-01-02T14:42:51Z", "2022-01-02 11:12:51 PM": "2022-01-02T23:12:51Z", "2022-01-02 12:12 am": "2022-01-02T00:12:00Z",
	} {
		s, ok := parseStamp([]byte(text), YearFirst)
		if got := calendar.Instant(s.local - s.offset); !ok || got != at(want) {
			t.Errorf("%s is %s (%v), want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "2016", "2016-02-30", "2016-02-29T", "2016-02-29T25:00", "2016-02-29T01:60", "2016-02-29 13:00 PM", "2016-02-29x01:00", "29-02-2016", "2016-02-29T01:00+16"} {
		if s, ok := parseStamp([]byte(text), YearFirst); ok {
			t.Errorf("%q was read as %d", text, s.local)
		}
	}
}

// FuzzISO compares the fast path of times with the general one.
func FuzzISO(f *testing.F) {
	for _, text := range []string{"2016-02-29T01:16:00", "2015-02-29 01:16:00", "1899-12-31T00:00:00", "2016-02-29T24:00:00", "2016-02-29T01:16:6x"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fast, ok := parseISO(text)
		slow, slowOK := parseAny(text, YearFirst)
		if ok && (!slowOK || fast != slow) {
			t.Errorf("%q is %+v, want %+v (%v)", text, fast, slow, slowOK)
		}
	})
}

// TestFigures compares the fast path of numbers of one digit with the general one.
func TestFigures(t *testing.T) {
	var texts []string
	for c := range 256 {
		texts = append(texts, string([]byte{byte(c)}))
	}
	for _, text := range append(texts, "", "12", "-1", "1.5", "1e12", "1e13", "NaN", "Inf", "x1", "007") {
		want, err := strconv.ParseFloat(text, 64)
		wantOK := err == nil && want >= 0 && want <= 1e12
		if got, ok := parseFigure([]byte(text)); ok != wantOK || ok && got != want {
			t.Errorf("%q is %g, %v, want %g, %v", text, got, ok, want, wantOK)
		}
	}
}

// TestManyWords reads more words than are met lately and than are told apart, in a mixed order, and compares with a map.
func TestManyWords(t *testing.T) {
	var text strings.Builder
	text.WriteString("opened,priority\n")
	var words []string
	for i := range 3 * (mostValues + 300) {
		words = append(words, fmt.Sprintf("w%d", i*7919%(mostValues+300)))
		fmt.Fprintf(&text, "2016-02-29 01:16,%s\n", words[i])
	}
	log, cases, err := read(t, text.String(), Options{})
	if err != nil || len(cases) != len(words) {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	index := map[string]int32{}
	for i, w := range words {
		want, known := index[w]
		if !known {
			if want = int32(len(index)); want >= mostValues {
				want = -1
			} else {
				index[w] = want
			}
		}
		if got := cases[i].Words[Severity]; got != want || got >= 0 && log.Values[Severity][got] != w {
			t.Fatalf("row %d: %s is %d, want %d", i, w, got, want)
		}
	}
}

// TestRepeatedEvents: a row that repeats an event is no touch, but what else it tells of the case counts.
func TestRepeatedEvents(t *testing.T) {
	log, cases, err := read(t, `number,event_time,opened_at,state,resolved_at
1,2016-02-29 01:20,2016-02-29 01:16,new,
1,2016-02-29 02:00,2016-02-29 01:16,active,
1,2016-02-29 02:00,2016-02-29 01:16,active,2016-02-29 03:00
2,2016-02-29 05:00,2016-02-29 04:00,new,
2,2016-02-29 06:00,2016-02-29 04:00,new,
`, Options{})
	if err != nil || len(cases) != 2 || log.Repeated != 1 {
		t.Fatalf("%d cases, %d repeated, %v", len(cases), log.Repeated, err)
	}
	if c := cases[0]; c.Touches != 2 || c.Resolved != at("2016-02-29T03:00:00Z") || c.Response != at("2016-02-29T02:00:00Z") {
		t.Errorf("%+v", c)
	}
	if c := cases[1]; c.Touches != 2 || c.Resolved != at("2016-02-29T06:00:00Z") {
		t.Errorf("%+v", c)
	}
}

// readAll is all rows, or the error.
func readAll(r rows) (out [][]string, err error) {
	for {
		fields, err := r.next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		row := make([]string, len(fields))
		for i, f := range fields {
			row[i] = string(f)
		}
		out = append(out, row)
	}
}

// slowRows is the twin: encoding/csv.
func slowRows(text []byte, delimiter rune) ([][]string, error) {
	twin := csv.NewReader(bytes.NewReader(text))
	twin.Comma, twin.LazyQuotes, twin.FieldsPerRecord = delimiter, true, -1
	return twin.ReadAll()
}

// FuzzRows compares with encoding/csv. Carriage returns are left out: the twin drops those within quotes.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a,\"b,\n\"\"c\"\"\"\nd", "\"\"", "\"a\" b,c\n", "\n\n,\n", "a\"b,c\n\"x", "\"a\"\"", ",\n\"\n"} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, text []byte, chunk int) {
		if bytes.ContainsAny(text, "\r") {
			return
		}
		want, err := slowRows(text, ',')
		if err != nil {
			return
		}
		in := io.Reader(bytes.NewReader(text))
		if chunk > 0 {
			in = &chunked{in, chunk%7 + 1}
		}
		got, err := readAll(newCSVRows(in, ','))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	})
}

// chunked reads a few bytes at a time.
type chunked struct {
	io.Reader
	size int
}

func (c *chunked) Read(p []byte) (int, error) { return c.Reader.Read(p[:min(len(p), c.size)]) }

// FuzzRead reads anything without a panic and counts every row.
func FuzzRead(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("opened,id\n2016-01-01,\"\n"))
	f.Add([]byte("id,event\n1,2016-01-01\n1,2016-01-02\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.HasPrefix(text, parquetMagic) || bytes.HasPrefix(text, arrowMagic) || bytes.HasPrefix(text, streamMagic) {
			return // the library's own
		}
		checkCounts(t, text)
	})
}

// checkCounts reads a file, which may be an error, and checks that each row is a case or bad.
func checkCounts(t *testing.T, text []byte) {
	t.Helper()
	n := 0
	log, err := Read(context.Background(), bytes.NewReader(text), Options{}, func(c *Case) error {
		n++
		return nil
	})
	if err == nil && (n != log.Cases || !log.Events && n+log.BadRows() != log.Rows) {
		t.Errorf("%d cases and %d bad rows of %d", n, log.BadRows(), log.Rows)
	}
}

// BenchmarkRead reads a log like that of a large desk.
func BenchmarkRead(b *testing.B) {
	var text bytes.Buffer
	text.WriteString("number,opened_at,first_work_at,resolved_at,closed_at,priority,contact_type,category,location,assignment_group,reassignment_count,reopen_count,made_sla\n")
	for i := range 200_000 {
		fmt.Fprintf(&text, "INC%07d,2016-02-%02dT01:16:00,2016-02-29T08:53:00,2016-02-29T11:29:00,2016-03-05T12:00:00,3 - Moderate,Phone,Category %d,Location %d,Group 56,%d,0,true\n",
			i, i%28+1, i%55, i%143, i%3)
	}
	for _, part := range []string{"rows", "cases"} {
		b.Run("part="+part, func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if part == "rows" {
					r := newCSVRows(bytes.NewReader(text.Bytes()), ',')
					for {
						if _, err := r.next(); err != nil {
							break
						}
					}
					continue
				}
				if _, err := Read(context.Background(), bytes.NewReader(text.Bytes()), Options{}, func(*Case) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestRealLogs reads the logs that lie beside the repository, where they do.
func TestRealLogs(t *testing.T) {
	for name, cases := range map[string]int{
		"uci_incident_cases_2016-03_04.csv.gz": 17136, "uci_incident_cases_2016-03_04.parquet": 17136, "uci_incident_events_2016-03_04.csv.gz": 17136,
		"boston311_cases_2011Q3.csv.gz": 31828, "boston311_cases_2011Q3.parquet": 31828,
		"helpdesk_events_mit.csv.gz": 3804, "mendeley_hd_turns.csv.gz": 360, "mendeley_hd_comments_notext.csv.gz": 360,
	} {
		file, err := os.Open(sharedtest.Path(t, filepath.Join("data", name)))
		if err != nil {
			t.Fatal(err)
		}
		log, err := Read(context.Background(), file, Options{}, func(*Case) error { return nil })
		file.Close()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if log.Cases != cases {
			t.Errorf("%s: %d cases, want %d", name, log.Cases, cases)
		}
		t.Log(name, log.Format, log.Events, log.Columns, log.Bad, log.Zone, log.ZoneGiven)
	}
}

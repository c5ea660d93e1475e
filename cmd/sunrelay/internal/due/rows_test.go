package due

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// split reads all records with rows: the fields of those that are not empty, and the text put together again.
func split(in io.Reader) (records [][]string, text string, err error) {
	s := newRows(in)
	var r row
	var written bytes.Buffer
	for {
		switch err := s.next(&r); {
		case err == io.EOF:
			return records, written.String(), nil
		case err != nil:
			return records, written.String(), err
		}
		written.Write(r.raw)
		written.Write(r.ending)
		if len(r.fields) > 0 {
			records = append(records, strings.Split(string(bytes.Join(r.fields, []byte{0})), "\x00"))
		}
	}
}

// splitSlow is the twin of split.
func splitSlow(in io.Reader) (records [][]string, err error) {
	reader := csv.NewReader(in)
	reader.FieldsPerRecord = -1
	return reader.ReadAll()
}

// compare reports where rows and encoding/csv disagree on a text.
func compare(t *testing.T, text string) {
	t.Helper()
	records, again, err := split(iotest.HalfReader(strings.NewReader(text)))
	want, wantErr := splitSlow(strings.NewReader(text))
	if (err != nil) != (wantErr != nil) {
		t.Fatalf("%q: got error %v, want %v", text, err, wantErr)
	}
	if err != nil {
		return
	}
	if !slices.EqualFunc(records, want, slices.Equal) {
		t.Fatalf("%q: got %q, want %q", text, records, want)
	}
	if again != text {
		t.Fatalf("%q: written again as %q", text, again)
	}
}

func TestRowsAgainstTwin(t *testing.T) {
	for _, text := range []string{
		"", "\n", "a", "a,b", "a,b\n", "a,b\r\nc,d\r\n", "\n\na\n\n", ",\n,", `"a"`, `"a,b",c`, "\"a\nb\",c\nd", "\"a\r\nb\"\r\nc",
		`"a""b"`, `""`, `"",""`, `a"b`, `"a"b`, `"a`, "\"a\n", `"a" ,b`, "a\rb", "a\r", "\r", "\r\n", "\"a\"\r", "\"a\"\r\nb",
		`a,"b"c,d`, "x,\"y\n\nz\"\n\"\"\n", "\"\"\"\"", `"a"""`,
	} {
		compare(t, text)
	}
	random := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		var text strings.Builder
		for range random.IntN(24) {
			text.WriteByte("ab,,\"\"\n\r"[random.IntN(8)])
		}
		compare(t, text.String())
	}
}

func FuzzRows(f *testing.F) {
	f.Add("calendar,start,target\n\"a\nb\",2026-03-06,8bh\r\n")
	f.Add("\"a\"\"b\",c\n\n,,\r\n\"x")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsRune(text, 0) || len(text) > longestRow {
			return
		}
		compare(t, text)
	})
}

func TestRowTooLong(t *testing.T) {
	for _, text := range []string{strings.Repeat("a", longestRow+1), `"` + strings.Repeat("a\n", longestRow)} {
		if _, _, err := split(strings.NewReader(text)); !errors.Is(err, errTooLong) {
			t.Errorf("got %v, want %v", err, errTooLong)
		}
	}
}

func TestReadErrorIsReturned(t *testing.T) {
	broken := errors.New("disk gone")
	in := io.MultiReader(strings.NewReader("a,b\nc"), iotest.ErrReader(broken))
	if _, _, err := split(in); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

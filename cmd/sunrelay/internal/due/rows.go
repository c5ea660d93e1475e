package due

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// rows splits CSV into records, like encoding/csv in its strict mode, but keeps the text of each record so that it can be
// written as it was. Most records hold no quotation mark and take the short way.
type rows struct {
	in         io.Reader
	buffer     []byte
	begin, end int // of what is not yet split
	done       bool
	line       int // of the next record
	scratch    []byte
}

// row is one record. Its slices are good until the next one is read.
type row struct {
	raw    []byte   // as written, without the line ending
	ending []byte   // of the line; empty at the end of a file that lacks it
	fields [][]byte // unquoted; none in an empty line
	starts []int    // where each field begins in raw
	line   int      // from 1
}

// longestRow bounds the memory; the buffer begins with less.
const (
	longestRow  = 1 << 20
	firstBuffer = 1 << 16
)

func newRows(in io.Reader) *rows { return &rows{in: in, line: 1} }

var (
	errBareQuote = errors.New(`quotation mark inside a field that does not begin with one, want it doubled and the field quoted`)
	errQuote     = errors.New(`quoted field does not end before a comma or the end of the line, want quotation marks in it doubled`)
	errTooLong   = fmt.Errorf("row is longer than %d bytes", longestRow)
)

// next reads a record into r, whose slices it uses again. The end is io.EOF. After an error of the text, the place of it is
// r.line and the offset in r.raw.
func (s *rows) next(r *row) error {
	r.fields, r.starts, r.line = r.fields[:0], r.starts[:0], s.line
	newline, err := s.find('\n', 0)
	if err != nil {
		return err
	}
	text := s.buffer[s.begin : s.begin+newline]
	if bytes.IndexByte(text, '"') >= 0 {
		return s.nextQuoted(r)
	}
	s.take(r, newline)
	r.splitPlain()
	return nil
}

// take makes the next n bytes the record and steps over the line feed behind them.
func (s *rows) take(r *row, n int) {
	text := s.buffer[s.begin : s.begin+n]
	after := s.begin + n
	r.raw = bytes.TrimSuffix(text, []byte{'\r'})
	s.line += 1 + bytes.Count(r.raw, []byte{'\n'})
	if after < s.end {
		after++
	}
	r.ending = s.buffer[s.begin+len(r.raw) : after]
	s.begin = after
}

// splitPlain splits a record without quotation marks.
func (r *row) splitPlain() {
	if len(r.raw) == 0 {
		return
	}
	for at := 0; ; {
		r.starts = append(r.starts, at)
		comma := bytes.IndexByte(r.raw[at:], ',')
		if comma < 0 {
			r.fields = append(r.fields, r.raw[at:])
			return
		}
		r.fields = append(r.fields, r.raw[at:at+comma])
		at += comma + 1
	}
}

// find is the distance from the beginning of the unread text, itself at least from, to the next c, or to the end of the
// input if there is none. The end of an input that has nothing left is io.EOF.
func (s *rows) find(c byte, from int) (int, error) {
	for {
		if i := bytes.IndexByte(s.buffer[s.begin+from:s.end], c); i >= 0 {
			return from + i, nil
		}
		from = s.end - s.begin
		switch {
		case s.done && from == 0:
			return 0, io.EOF
		case s.done:
			return from, nil
		case from == longestRow:
			return 0, errTooLong
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// fill reads more. The unread text moves to the front of the buffer, or of a larger one if it is all unread.
func (s *rows) fill() error {
	buffer := s.buffer
	if unread := s.end - s.begin; unread == len(buffer) {
		buffer = make([]byte, max(firstBuffer, min(2*unread, longestRow)))
	}
	s.end = copy(buffer, s.buffer[s.begin:s.end])
	s.begin, s.buffer = 0, buffer
	n, err := s.in.Read(s.buffer[s.end:])
	s.end += n
	if err == io.EOF {
		s.done = true
		return nil
	}
	return err
}

// nextQuoted reads a record with quotation marks, which may go over several lines.
func (s *rows) nextQuoted(r *row) error {
	length, err := s.quotedLength()
	if err != nil {
		return err
	}
	s.take(r, length)
	s.scratch = s.scratch[:0]
	for at := 0; ; {
		r.starts = append(r.starts, at)
		field, next, err := s.field(r.raw, at)
		if err != nil {
			return err
		}
		r.fields = append(r.fields, field)
		if next > len(r.raw) {
			return nil
		}
		at = next
	}
}

// quotedLength is the length of the record: up to the first line feed outside quoted fields, or, where the quotation
// marks are wrong, up to the end of the line of the mistake.
func (s *rows) quotedLength() (int, error) {
	quoted := false
	for at := 0; ; {
		newline, err := s.find('\n', at)
		if err != nil {
			return 0, err
		}
		line := s.buffer[s.begin+at : s.begin+newline]
		if quoted = stillQuoted(line, quoted); !quoted || s.begin+newline >= s.end {
			return newline, nil
		}
		at = newline + 1
	}
}

// stillQuoted reports whether a quoted field goes on after the line, for a line that begins inside one or not. A mistake in
// the line ends the record.
func stillQuoted(line []byte, quoted bool) bool {
	fresh := !quoted // at the beginning of a field
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '"' && i+1 < len(line) && line[i+1] == '"':
			i++
		case quoted && c == '"':
			quoted, fresh = false, false
			if rest := line[i+1:]; len(rest) > 0 && rest[0] != ',' && !(len(rest) == 1 && rest[0] == '\r') {
				return false
			}
		case quoted:
		case c == ',':
			fresh = true
		case c == '"' && fresh:
			quoted = true
		case c == '"':
			return false
		default:
			fresh = false
		}
	}
	return quoted
}

// field is the field that begins at an offset of the record, and the offset behind its comma; one past the end of the
// record for the last field.
func (s *rows) field(raw []byte, at int) (field []byte, next int, err error) {
	if at == len(raw) || raw[at] != '"' {
		end := bytes.IndexByte(raw[at:], ',')
		if end < 0 {
			end = len(raw) - at
		}
		field = raw[at : at+end]
		if bytes.IndexByte(field, '"') >= 0 {
			return nil, 0, errBareQuote
		}
		return field, at + end + 1, nil
	}
	begin := len(s.scratch)
	for at++; ; {
		end := bytes.IndexByte(raw[at:], '"')
		if end < 0 {
			return nil, 0, errQuote
		}
		s.scratch = append(s.scratch, raw[at:at+end]...)
		at += end + 1
		switch {
		case at == len(raw) || raw[at] == ',':
			unified := bytes.ReplaceAll(s.scratch[begin:], []byte("\r\n"), []byte("\n"))
			return unified, at + 1, nil
		case raw[at] != '"':
			return nil, 0, errQuote
		}
		s.scratch = append(s.scratch, '"')
		at++
	}
}

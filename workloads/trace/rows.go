package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// rows is a table that is read row by row.
type rows interface {
	// next is the next row, void at the call after it; io.EOF ends the table.
	next() ([][]byte, error)
	// line is where the last row began, from 1: the line of a text, the row of another table.
	line() int
}

// longestRow is the most bytes of one row of CSV. More mean a quote that nobody closed.
const longestRow = 4 << 20

var errLongRow = errors.New("a row is longer than 4 MiB: a quote is not closed, or this is not a CSV file")

// csvRows splits CSV into fields without an allocation a row. A field that begins with a quote ends with the next single one, two
// stand for one, and it may hold delimiters and ends of lines; quotes elsewhere are letters. Empty lines are skipped.
type csvRows struct {
	in        io.Reader
	delimiter byte
	buffer    []byte
	at, end   int // what is not read yet
	ended     bool
	began     int // line of the last row
	lines     int // read
	fields    [][]byte
	unquoted  []byte
}

func newCSVRows(in io.Reader, delimiter byte) *csvRows {
	return &csvRows{in: in, delimiter: delimiter, buffer: make([]byte, 1<<18)}
}

// textRows are the rows of a text that is there as a whole.
func textRows(text []byte, delimiter byte) *csvRows {
	return &csvRows{delimiter: delimiter, buffer: text, end: len(text), ended: true}
}

func (r *csvRows) line() int { return r.began }

func (r *csvRows) next() ([][]byte, error) {
	for {
		line, err := r.readLine()
		if err != nil {
			return nil, err
		}
		r.began = r.lines + 1
		if bytes.IndexByte(line, '"') >= 0 {
			return r.quoted()
		}
		r.at += len(line)
		r.lines++
		if line = trimEnd(line); len(line) > 0 {
			r.split(line)
			return r.fields, nil
		}
	}
}

// readLine is the next line with its end, which stays unread.
func (r *csvRows) readLine() ([]byte, error) {
	searched := 0
	for {
		if i := bytes.IndexByte(r.buffer[r.at+searched:r.end], '\n'); i >= 0 {
			return r.buffer[r.at : r.at+searched+i+1], nil
		}
		if r.ended {
			if r.at == r.end {
				return nil, io.EOF
			}
			return r.buffer[r.at:r.end], nil
		}
		searched = r.end - r.at
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// fill reads more behind what is not read yet.
func (r *csvRows) fill() error {
	if r.at > 0 {
		copy(r.buffer, r.buffer[r.at:r.end])
		r.at, r.end = 0, r.end-r.at
	}
	if r.end == len(r.buffer) {
		if len(r.buffer) >= longestRow {
			return fmt.Errorf("line %d: %w", r.lines+1, errLongRow)
		}
		r.buffer = append(r.buffer, make([]byte, len(r.buffer))...)
	}
	n, err := r.in.Read(r.buffer[r.end:])
	r.end += n
	if err == io.EOF {
		r.ended, err = true, nil
	}
	return err
}

// trimEnd takes the end of a line away.
func trimEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// split cuts a line without quotes.
func (r *csvRows) split(line []byte) {
	r.fields = r.fields[:0]
	for {
		i := bytes.IndexByte(line, r.delimiter)
		if i < 0 {
			r.fields = append(r.fields, line)
			return
		}
		r.fields = append(r.fields, line[:i])
		line = line[i+1:]
	}
}

// quoted cuts a row that has quotes, which may go on over several lines.
func (r *csvRows) quoted() ([][]byte, error) {
	for {
		used, lines, complete := r.cut(r.buffer[r.at:r.end])
		if complete || r.ended {
			r.at += used
			r.lines += lines
			return r.fields, nil
		}
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// cut cuts the row at the beginning of text; complete is false where text ends before it does.
func (r *csvRows) cut(text []byte) (used, lines int, complete bool) {
	r.fields, r.unquoted = r.fields[:0], r.unquoted[:0]
	if cap(r.unquoted) < len(text) { // fields point into it
		r.unquoted = make([]byte, 0, len(text))
	}
	at := 0
	for {
		begin := len(r.unquoted)
		if at < len(text) && text[at] == '"' {
			after, breaks, closed := r.unquote(text[at+1:])
			at, lines = at+1+after, lines+breaks
			if !closed {
				r.fields = append(r.fields, r.unquoted[begin:])
				return len(text), lines, false
			}
			r.fields = append(r.fields, r.unquoted[begin:len(r.unquoted):len(r.unquoted)])
		} else {
			stop := bytes.IndexAny(text[at:], string([]byte{r.delimiter, '\n'}))
			if stop < 0 {
				r.fields = append(r.fields, trimEnd(text[at:]))
				return len(text), lines + 1, false
			}
			field := text[at : at+stop]
			if at += stop; text[at] == '\n' {
				field = trimEnd(field)
			}
			r.fields = append(r.fields, field)
		}
		switch {
		case at == len(text):
			return at, lines + 1, false
		case text[at] == '\n':
			return at + 1, lines + 1, true
		}
		at++
	}
}

// unquote appends the rest of a quoted field to unquoted: up to a quote before a delimiter or the end of a line. A quote before
// anything else is a letter. after is the offset of what follows the field.
func (r *csvRows) unquote(text []byte) (after, lines int, closed bool) {
	at := 0
	for {
		i := bytes.IndexByte(text[at:], '"')
		if i < 0 {
			r.unquoted = append(r.unquoted, text[at:]...)
			return len(text), lines, false
		}
		lines += bytes.Count(text[at:at+i], []byte{'\n'})
		r.unquoted = append(r.unquoted, text[at:at+i]...)
		at += i + 1
		rest := text[at:]
		switch {
		case len(rest) == 0 || rest[0] == '\n' || rest[0] == r.delimiter:
			return at, lines, true
		case len(rest) == 1 && rest[0] == '\r', len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
			return at + 1, lines, true
		case rest[0] == '"':
			at++
		}
		r.unquoted = append(r.unquoted, '"')
	}
}

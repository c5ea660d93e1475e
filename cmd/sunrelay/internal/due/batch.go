package due

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
)

// The columns of a file of questions. It has start and target, or start and end; others are passed through.
const (
	calendarColumn = "calendar"
	startColumn    = "start"
	targetColumn   = "target"
	endColumn      = "end"
	dueColumn      = "due"
	openColumn     = "open_seconds"
)

// mostProblems is after how many bad rows the rest of a file is not read.
const mostProblems = 20

// Batch answers a CSV file: its first row names the columns. Each row gets one more column: due, for rows of calendar,
// start and target, as an instant of UTC in RFC 3339; or open_seconds, for rows of calendar, start and end. All else stays
// as it is written. Times without offset are local to the row's calendar.
//
// What is wrong with the rows is returned as scenario.Problems, at most a screen of them, each with its place in the file
// called name. The memory does not depend on the number of rows.
func Batch(name string, in io.Reader, out io.Writer, calendars *Calendars) error {
	b := &batch{file: name, rows: newRows(in), out: out, calendars: calendars, targets: map[string]calendar.Target{}}
	if err := b.header(); err != nil {
		return err
	}
	for {
		switch err := b.next(); {
		case err == io.EOF:
			if len(b.problems) > 0 {
				return b.problems
			}
			return b.flush()
		case err != nil:
			return err
		}
	}
}

// batch is a file while it is answered.
type batch struct {
	file      string
	rows      *rows
	row       row
	out       io.Writer
	buffer    []byte
	calendars *Calendars
	targets   map[string]calendar.Target

	columns                 int
	calendar, start, target int // columns; target is that of the end where byEnd
	byEnd                   bool
	hours                   *Hours // of the last row
	hoursName               []byte
	problems                scenario.Problems
}

// bufferSize is how much is written at a time.
const bufferSize = 1 << 18

// header reads the names of the columns.
func (b *batch) header() error {
	err := b.rows.next(&b.row)
	if err == io.EOF || err == nil && len(b.row.fields) == 0 {
		b.refuse(-1, "is empty, want a row with the columns calendar, start and target, or calendar, start and end")
		return b.problems
	}
	if err != nil {
		return b.malformed(err)
	}
	names := make([]string, len(b.row.fields))
	for i, field := range b.row.fields {
		names[i] = string(bytes.TrimPrefix(field, []byte("\ufeff")))
	}
	if err := b.findColumns(names); err != nil {
		b.refuse(-1, "%s; it has %s", err, strings.Join(names, ", "))
		return b.problems
	}
	answer := dueColumn
	if b.byEnd {
		answer = openColumn
	}
	b.append([]byte(answer))
	return nil
}

func (b *batch) findColumns(names []string) error {
	b.columns = len(names)
	find := func(name string) int { return slices.Index(names, name) }
	b.calendar, b.start, b.target = find(calendarColumn), find(startColumn), find(targetColumn)
	end := find(endColumn)
	b.byEnd = b.target < 0
	switch {
	case b.calendar < 0:
		return errors.New("has no column calendar")
	case b.start < 0:
		return errors.New("has no column start")
	case b.byEnd && end < 0:
		return errors.New("has neither a column target nor a column end")
	case !b.byEnd && end >= 0:
		return errors.New("has both a column target and a column end, want one of them")
	case !b.byEnd && find(dueColumn) >= 0:
		return errors.New("has a column due already, which is the one to be added")
	case b.byEnd && find(openColumn) >= 0:
		return errors.New("has a column open_seconds already, which is the one to be added")
	}
	if b.byEnd {
		b.target = end
	}
	return nil
}

// next answers one row. A bad row is a problem and not an error; io.EOF ends the file.
func (b *batch) next() error {
	err := b.rows.next(&b.row)
	switch {
	case err == io.EOF:
		return err
	case err != nil:
		return b.malformed(err)
	case len(b.row.fields) == 0:
		b.write(b.row.ending)
	case len(b.row.fields) != b.columns:
		b.refuse(-1, "has %d fields, want %d as in the first row", len(b.row.fields), b.columns)
	default:
		b.answer()
	}
	if len(b.problems) >= mostProblems {
		b.problems = append(b.problems, scenario.Problem{
			Position: scenario.Position{File: b.file},
			Text:     fmt.Sprintf("the rest after %d bad rows was not read", mostProblems),
		})
		return b.problems
	}
	if len(b.buffer) >= bufferSize {
		return b.flush()
	}
	return nil
}

func (b *batch) answer() {
	fields := b.row.fields
	if b.hours == nil || !bytes.Equal(b.hoursName, fields[b.calendar]) {
		hours, err := b.calendars.Find(string(fields[b.calendar]))
		if err != nil {
			b.refuse(b.calendar, "%s", err)
			return
		}
		b.hours, b.hoursName = hours, append(b.hoursName[:0], fields[b.calendar]...)
	}
	start, ok := b.instant(b.start)
	if !ok {
		return
	}
	var scratch [32]byte
	if b.byEnd {
		if end, ok := b.instant(b.target); ok {
			b.answerOpen(scratch[:0], start, end)
		}
		return
	}
	target, err := b.targetOf(fields[b.target])
	if err != nil {
		b.refuse(b.target, "%s", err)
		return
	}
	due, err := b.hours.Due(start, target)
	if err != nil {
		b.refuse(b.start, "%s", err)
		return
	}
	b.append(appendInstant(scratch[:0], due))
}

func (b *batch) answerOpen(scratch []byte, start, end calendar.Instant) {
	open, err := b.hours.OpenTime(start, end)
	if err != nil {
		b.refuse(b.start, "%s", err)
		return
	}
	if open < 0 {
		scratch, open = append(scratch, '-'), -open
	}
	scratch = strconv.AppendInt(scratch, int64(open/calendar.Second), 10)
	b.append(appendFraction(scratch, int(open%calendar.Second)))
}

// instant reads the time in a column.
func (b *batch) instant(column int) (calendar.Instant, bool) {
	w, ok := parseWritten(b.row.fields[column])
	if !ok {
		b.refuse(column, "%q is not a time, want one such as 2026-03-06T16:30, local to the calendar, or 2026-03-06T16:30:00Z",
			b.row.fields[column])
		return 0, false
	}
	at, _ := w.in(b.hours.Zone)
	return at, true
}

// mostTargets bounds the memory for targets that were read before.
const mostTargets = 1 << 12

func (b *batch) targetOf(text []byte) (calendar.Target, error) {
	if target, known := b.targets[string(text)]; known {
		return target, nil
	}
	target, err := ParseTarget(string(text))
	if err == nil && len(b.targets) < mostTargets {
		b.targets[string(text)] = target
	}
	return target, err
}

// ParseTarget reads a target that has a due.
func ParseTarget(text string) (calendar.Target, error) {
	var target sla.Target
	if err := target.UnmarshalText([]byte(text)); err != nil {
		return calendar.Target{}, err
	}
	limit, isLimit := target.Limit()
	if !isLimit {
		return calendar.Target{}, fmt.Errorf("%q has no due, want a time such as 30m, 8bh or 2bd", text)
	}
	return limit, nil
}

// append writes the row with one more field.
func (b *batch) append(field []byte) {
	b.write(b.row.raw)
	b.buffer = append(b.buffer, ',')
	b.write(field)
	b.write(b.row.ending)
}

func (b *batch) write(text []byte) {
	if len(b.problems) == 0 { // nothing will be kept
		b.buffer = append(b.buffer, text...)
	}
}

func (b *batch) flush() error {
	_, err := b.out.Write(b.buffer)
	b.buffer = b.buffer[:0]
	return err
}

// malformed is the end of a file that cannot be split further.
func (b *batch) malformed(err error) error {
	if !errors.Is(err, errBareQuote) && !errors.Is(err, errQuote) && !errors.Is(err, errTooLong) {
		return err
	}
	b.refuse(-1, "%s; the rest was not read", err)
	return b.problems
}

// refuse notes what is wrong with a field of the row, or with all of it for column -1.
func (b *batch) refuse(column int, format string, args ...any) {
	at := scenario.Position{File: b.file, Line: b.row.line, Column: 1}
	if column >= 0 {
		before := b.row.raw[:b.row.starts[column]]
		at.Line += bytes.Count(before, []byte{'\n'})
		at.Column = len(before) - bytes.LastIndexByte(before, '\n')
		at.Path = [...]string{calendarColumn, startColumn, targetColumn}[slices.Index([]int{b.calendar, b.start, b.target}, column)]
		if b.byEnd && column == b.target {
			at.Path = endColumn
		}
	}
	b.problems = append(b.problems, scenario.Problem{Position: at, Text: fmt.Sprintf(format, args...)})
}

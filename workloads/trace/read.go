package trace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strconv"
	"time"
	"unicode/utf8"
)

// Options say how a log is read. The zero value finds everything out.
type Options struct {
	Delimiter byte              // of CSV; 0 = found
	Map       map[string]string // column by role; an empty column drops the role
	Dates     Dates             // of the columns of times
	Zone      *time.Location    // of times without offset; nil = UTC, assumed
	Reject    func(line int, reason string, fields [][]byte) error
}

// Log is what was found out about a log, complete once it is read.
type Log struct {
	Format    string // such as csv, gzip; parquet; arrow
	Delimiter string // of CSV
	Encoding  string // UTF-8 or Latin-1
	Header    []string
	Columns   []Column
	Events    bool // one row an event, not a case
	Zone      *time.Location
	ZoneGiven bool               // by the options, or by the times themselves
	Values    [Plan + 1][]string // by role: the values of a column of words, in the order of their appearance

	Rows, Cases int
	Repeated    int      // rows that repeat an event of the same case at the same time
	Bad         []Reason // why rows were left out, in the order of their appearance
}

// Column is a column that is used.
type Column struct {
	Role  Role
	Name  string
	Dates Dates // of times
}

// Reason is why rows were left out.
type Reason struct {
	Text string
	Rows int
}

// BadRows is the number of rows that were left out.
func (l *Log) BadRows() int {
	sum := 0
	for _, r := range l.Bad {
		sum += r.Rows
	}
	return sum
}

// reader is a log while it is read.
type reader struct {
	Log
	options Options
	columns columns
	dates   [roles]Dates
	clock   wallClock
	table   rows
	seed    maphash.Seed
	index   [Plan + 1]map[string]int32
	recent  [Plan + 1]recent
	entry   entry     // the last row
	gather  *gatherer // of a log with one row an event
	yield   func(*Case) error
	zoned   bool // some time has an offset
	local   bool // some has none
}

// Read reads a log and yields its cases in the order of the file; the case is void after the call. An error of yield ends it. Other
// errors say what is wrong with the file. A cancelled context ends it with the context's error.
func Read(ctx context.Context, in io.Reader, o Options, yield func(*Case) error) (*Log, error) {
	r := &reader{options: o, yield: yield, seed: maphash.MakeSeed()}
	done, err := r.open(in)
	if done != nil {
		defer done()
	}
	if err != nil {
		return nil, err
	}
	if err := r.all(ctx); err != nil {
		return nil, err
	}
	r.ZoneGiven = r.ZoneGiven || r.zoned && !r.local
	if r.Cases == 0 {
		return nil, fmt.Errorf("has no case that can be used: %s", r.whyNone())
	}
	log := r.Log // without the reader, which holds what was gathered
	return &log, nil
}

func (r *reader) whyNone() string {
	return fmt.Sprintf("%d rows, %s", r.Rows, r.Bad[0].Text)
}

// open unpacks the file, finds its columns and stands before the first row.
func (r *reader) open(in io.Reader) (done func(), err error) {
	unpacked, err := unpack(in)
	if err != nil {
		return nil, err
	}
	start, err := unpacked.sample()
	if err != nil {
		return unpacked.close, err
	}
	r.Format = unpacked.packing
	switch {
	case bytes.HasPrefix(start, parquetMagic), bytes.HasPrefix(start, arrowMagic):
		done, err = r.openColumnar(unpacked)
	case bytes.HasPrefix(start, streamMagic):
		table, err := openArrow(unpacked)
		if err != nil {
			return unpacked.close, err
		}
		return unpacked.close, r.prepareColumnar(table)
	default:
		return unpacked.close, r.openCSV(unpacked, start)
	}
	return done, err
}

func (r *reader) openColumnar(unpacked *input) (func(), error) {
	table, done, err := openFile(unpacked)
	if err != nil {
		return unpacked.close, err
	}
	return func() { done(); unpacked.close() }, r.prepareColumnar(table)
}

func (r *reader) prepareColumnar(table *columnarRows) error {
	ahead := &peeked{rows: table}
	r.Format = table.format
	r.Header, r.table = table.header(), ahead
	return r.prepare(peekRows{ahead})
}

func (r *reader) openCSV(unpacked *input, start []byte) error {
	if err := refuseBinary(start); err != nil {
		return err
	}
	if bytes.HasPrefix(start, []byte("\ufeff")) {
		start = start[3:]
		if _, err := unpacked.Discard(3); err != nil {
			return err
		}
	}
	delimiter := r.options.Delimiter
	if delimiter == 0 {
		delimiter = findDelimiter(start)
	} else if err := checkDelimiter(start, delimiter); err != nil {
		return err
	}
	r.Encoding = "UTF-8"
	if !utf8.Valid(start[:max(0, len(start)-utf8.UTFMax)]) {
		r.Encoding = "Latin-1"
	}
	r.Delimiter = string(rune(delimiter))
	if r.Format != "" {
		r.Format = ", " + r.Format
	}
	r.Format = "csv" + r.Format
	r.table = newCSVRows(explained{unpacked}, delimiter)
	fields, err := r.table.next()
	if err != nil {
		return err
	}
	for _, f := range fields {
		r.Header = append(r.Header, text(f))
	}
	if len(start) >= sampleSize-3 { // the last row is cut off
		start = start[:bytes.LastIndexByte(start, '\n')+1]
	}
	first := textRows(start, delimiter)
	if _, err := first.next(); err != nil {
		return err
	}
	return r.prepare(first)
}

// explained reads a file and says what its errors mean.
type explained struct{ *input }

func (e explained) Read(p []byte) (int, error) {
	n, err := e.input.Read(p)
	if err != nil && err != io.EOF {
		err = e.explain(err)
	}
	return n, err
}

// peeked are rows whose first ones are looked at before they are read.
type peeked struct {
	rows
	kept  [][][]byte
	lines []int
	at    int
	last  int
}

// peek reads a row and keeps it for later.
func (p *peeked) peek() ([][]byte, error) {
	fields, err := p.rows.next()
	if err != nil {
		return nil, err
	}
	row := make([][]byte, len(fields))
	for i, f := range fields {
		row[i] = bytes.Clone(f)
	}
	p.kept, p.lines = append(p.kept, row), append(p.lines, p.rows.line())
	return row, nil
}

func (p *peeked) next() ([][]byte, error) {
	if p.at == len(p.kept) {
		p.kept, p.lines, p.at = nil, nil, 0
		fields, err := p.rows.next()
		p.last = p.rows.line()
		return fields, err
	}
	p.at++
	p.last = p.lines[p.at-1]
	return p.kept[p.at-1], nil
}

func (p *peeked) line() int { return p.last }

// peekRows reads ahead as rows.
type peekRows struct{ *peeked }

func (p peekRows) next() ([][]byte, error) { return p.peek() }

// prepare settles columns, dates and zone by what the first rows show.
func (r *reader) prepare(first rows) (err error) {
	s, err := newSample(r.Header, first)
	if err != nil {
		return err
	}
	if s.rows == 0 {
		return errors.New("has no row after the names of the columns")
	}
	if r.columns, err = s.look(r.options.Map); err != nil {
		return err
	}
	for role, column := range r.columns {
		if column < 0 {
			continue
		}
		if kinds[role].isA == moment {
			if r.dates[role] = r.options.Dates; r.dates[role] == FindDates {
				if r.dates[role], err = s.dates[column].order(); err != nil {
					return fmt.Errorf("column %s: %w", r.Header[column], err)
				}
			}
		}
		r.Columns = append(r.Columns, Column{Role(role), r.Header[column], r.dates[role]})
	}
	r.Zone, r.ZoneGiven = r.options.Zone, r.options.Zone != nil
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	r.clock.zone = r.Zone
	for role := range r.index {
		r.index[role] = map[string]int32{}
	}
	if r.Events = r.columns[Event] >= 0; r.Events {
		r.gather = newGatherer()
	}
	return nil
}

// all reads the rows.
func (r *reader) all(ctx context.Context) error {
	for {
		fields, err := r.table.next()
		if err == io.EOF {
			return r.finish()
		}
		if err != nil {
			return err
		}
		r.Rows++
		if r.Rows&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := r.row(fields); err != nil {
			return err
		}
	}
}

// finish yields what was gathered from events.
func (r *reader) finish() error {
	if r.gather == nil {
		return nil
	}
	r.Repeated = r.gather.repeated
	for _, c := range r.gather.all {
		r.Cases++
		if err := r.yield(c.made()); err != nil {
			return err
		}
	}
	return nil
}

// badRow is why a row cannot be used; empty = it can.
type badRow string

func (r *reader) row(fields [][]byte) error {
	if bad := r.parse(fields); bad != "" {
		return r.reject(string(bad), fields)
	}
	e := &r.entry
	if r.gather != nil {
		r.gather.add(&e.Case, e.event, e.activity, e.assignee)
		return nil
	}
	r.Cases++
	return r.yield(&e.Case)
}

func (r *reader) reject(reason string, fields [][]byte) error {
	known := false
	for i := range r.Bad {
		if r.Bad[i].Text == reason {
			r.Bad[i].Rows++
			known = true
		}
	}
	if !known {
		r.Bad = append(r.Bad, Reason{reason, 1})
	}
	if r.options.Reject == nil {
		return nil
	}
	return r.options.Reject(r.table.line(), reason, fields)
}

// entry is one row.
type entry struct {
	Case
	event              int64 // instant; of a log with one row an event
	activity, assignee uint64
}

// parse reads a row into the entry.
func (r *reader) parse(fields [][]byte) badRow {
	r.entry = entry{Case: blank()}
	e := &r.entry
	if len(fields) != len(r.Header) {
		return "another number of fields than the first row"
	}
	if id := r.field(fields, ID); !isNull(id) {
		e.ID = maphash.Bytes(r.seed, id) | 1
	}
	if bad := r.moments(e, fields); bad != "" {
		return bad
	}
	if bad := r.figures(&e.Case, fields); bad != "" {
		return bad
	}
	for role := Severity; role <= Plan; role++ {
		if word := r.field(fields, role); !isNull(word) {
			e.Words[role] = r.intern(role, word)
		}
	}
	if met := r.field(fields, Met); !isNull(met) {
		e.Met = truthOf(met)
	}
	if r.gather == nil {
		return ""
	}
	e.activity = maphash.Bytes(r.seed, r.field(fields, Activity))
	if assignee := r.field(fields, Assignee); !isNull(assignee) {
		e.assignee = maphash.Bytes(r.seed, assignee) | 1
	}
	return ""
}

// field is the field of a role; empty where no column has it.
func (r *reader) field(fields [][]byte, role Role) []byte {
	if c := r.columns[role]; c >= 0 {
		return fields[c]
	}
	return nil
}

// moments reads the times of a row.
func (r *reader) moments(e *entry, fields [][]byte) badRow {
	for role := Event; role <= Due; role++ {
		field := r.field(fields, role)
		if isNull(field) {
			if role == Opened && r.gather == nil || role == Event && r.gather != nil {
				return badRow("no time in column " + r.Header[r.columns[role]])
			}
			continue
		}
		s, ok := parseStamp(field, r.dates[role])
		if !ok {
			return badRow("no time of the form " + string(r.dates[role]) + " in column " + r.Header[r.columns[role]])
		}
		r.zoned, r.local = r.zoned || s.zoned, r.local || !s.zoned
		at := r.clock.instant(s)
		switch role {
		case Event:
			e.event = int64(at)
		case Opened:
			e.Opened = at
		case Response:
			e.Response = at
		case Resolved:
			e.Resolved = at
		case Closed:
			e.Closed = at
		case Due:
			e.Due = at
		}
	}
	return ""
}

// figures reads the numbers of a row.
func (r *reader) figures(c *Case, fields [][]byte) badRow {
	for _, f := range []struct {
		role Role
		to   *float64
	}{{HandleTime, &c.HandleTime}, {CustomerWait, &c.CustomerWait}, {Touches, &c.Touches}, {HandOffs, &c.HandOffs}, {Reopened, &c.Reopened}} {
		field := r.field(fields, f.role)
		if isNull(field) {
			continue
		}
		value, ok := parseFigure(field)
		if !ok {
			return badRow("no number of at least 0 in column " + r.Header[r.columns[f.role]])
		}
		*f.to = value
	}
	return ""
}

// parseFigure reads a number from 0 to 1e12.
func parseFigure(field []byte) (value float64, ok bool) {
	if len(field) == 1 { // as counts mostly are
		digit := field[0] - '0'
		return float64(digit), digit <= 9
	}
	value, err := strconv.ParseFloat(string(field), 64)
	return value, err == nil && value >= 0 && value <= 1e12
}

// mostValues is how many values of a column of words are told apart; the rest have none.
const mostValues = 1 << 12

// recent are words that were met lately, by a quick hash of them.
type recent [256]struct {
	word  string
	index int32
}

// intern is the index of a word, which is not empty; -1 beyond mostValues.
func (r *reader) intern(role Role, word []byte) int32 {
	last := len(word) - 1
	met := &r.recent[role][(word[last]+31*word[last/2]+7*word[max(last-1, 0)])^byte(last)]
	if met.word == string(word) {
		return met.index
	}
	n, known := r.index[role][string(word)]
	if !known {
		if n = int32(len(r.Values[role])); n == mostValues {
			return -1
		}
		r.index[role][string(word)] = n
		r.Values[role] = append(r.Values[role], text(word))
	}
	met.word, met.index = string(word), n
	return n
}

// text is a field as a string: what is not UTF-8 is taken for Latin-1.
func text(field []byte) string {
	if utf8.Valid(field) {
		return string(field)
	}
	runes := make([]rune, len(field))
	for i, b := range field {
		runes[i] = rune(b)
	}
	return string(runes)
}

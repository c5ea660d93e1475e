package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
)

// records are batches of columns, one after the other.
type records interface {
	Next() bool
	Record() arrow.Record
	Err() error
	Schema() *arrow.Schema
}

// columnarRows is a Parquet or Arrow file read row by row: cells become the texts that CSV would hold.
type columnarRows struct {
	records
	format string // parquet or arrow
	cells  []cell
	height int64 // of the batch
	at     int64 // in the batch
	number int
	text   []byte
	ends   []int
	fields [][]byte
}

// cell appends the text of a row of the batch.
type cell func(text []byte, row int) []byte

func (r *columnarRows) line() int { return r.number }

func (r *columnarRows) next() (fields [][]byte, err error) {
	defer rescue(&err)
	for r.at == r.height {
		if !r.Next() {
			if err := r.Err(); err != nil && err != io.EOF {
				return nil, err
			}
			return nil, io.EOF
		}
		if err := r.bind(r.Record()); err != nil {
			return nil, err
		}
	}
	r.text, r.ends, r.fields = r.text[:0], r.ends[:0], r.fields[:0]
	for _, c := range r.cells {
		r.text = c(r.text, int(r.at))
		r.ends = append(r.ends, len(r.text))
	}
	from := 0
	for _, end := range r.ends {
		r.fields = append(r.fields, r.text[from:end:end])
		from = end
	}
	r.at++
	r.number++
	return r.fields, nil
}

// rescue turns a panic of the Arrow library, which damaged files cause in it, into an error.
func rescue(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("the Parquet or Arrow file is damaged: %v", cause)
	}
}

// bind finds out how the cells of a batch become text.
func (r *columnarRows) bind(batch arrow.Record) error {
	r.height, r.at, r.cells = batch.NumRows(), 0, r.cells[:0]
	for i, column := range batch.Columns() {
		c, err := cellOf(column)
		if err != nil {
			return fmt.Errorf("column %s: %w", batch.ColumnName(i), err)
		}
		r.cells = append(r.cells, c)
	}
	return nil
}

// cellOf is how the cells of a column become text; nulls are empty.
func cellOf(column arrow.Array) (cell, error) {
	write, err := valueOf(column)
	if err != nil || column.NullN() == 0 {
		return write, err
	}
	return func(text []byte, row int) []byte {
		if column.IsNull(row) {
			return text
		}
		return write(text, row)
	}, nil
}

func valueOf(column arrow.Array) (cell, error) {
	switch c := column.(type) {
	case *array.String:
		return func(text []byte, row int) []byte { return append(text, c.Value(row)...) }, nil
	case *array.LargeString:
		return func(text []byte, row int) []byte { return append(text, c.Value(row)...) }, nil
	case *array.Binary:
		return func(text []byte, row int) []byte { return append(text, c.Value(row)...) }, nil
	case *array.Timestamp:
		return stampOf(c), nil
	case *array.Float64:
		return func(text []byte, row int) []byte { return strconv.AppendFloat(text, c.Value(row), 'g', -1, 64) }, nil
	case *array.Int64:
		return func(text []byte, row int) []byte { return strconv.AppendInt(text, c.Value(row), 10) }, nil
	case *array.Int32:
		return func(text []byte, row int) []byte { return strconv.AppendInt(text, int64(c.Value(row)), 10) }, nil
	case *array.Boolean:
		return func(text []byte, row int) []byte { return strconv.AppendBool(text, c.Value(row)) }, nil
	case *array.Null:
		return func(text []byte, row int) []byte { return text }, nil
	case *array.Struct, *array.List, *array.Map:
		return nil, fmt.Errorf("has the type %s, want text, numbers, truths or times", column.DataType())
	}
	return func(text []byte, row int) []byte { return append(text, column.ValueStr(row)...) }, nil
}

// stampOf writes times in RFC 3339; those with a zone are in UTC and say so.
func stampOf(c *array.Timestamp) cell {
	kind := c.DataType().(*arrow.TimestampType)
	layout := "2006-01-02T15:04:05.000"
	if kind.TimeZone != "" {
		layout += "Z"
	}
	return func(text []byte, row int) []byte { return c.Value(row).ToTime(kind.Unit).AppendFormat(text, layout) }
}

// openArrow opens an Arrow stream.
func openArrow(in io.Reader) (table *columnarRows, err error) {
	defer rescue(&err)
	r, err := ipc.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("is no Arrow stream: %w", err)
	}
	return &columnarRows{records: r, format: "arrow"}, nil
}

// arrowFile reads the batches of an Arrow file.
type arrowFile struct {
	*ipc.FileReader
	at   int
	last arrow.Record
	err  error
}

func (f *arrowFile) Next() bool {
	if f.at == f.NumRecords() {
		return false
	}
	f.last, f.err = f.FileReader.Record(f.at)
	f.at++
	return f.err == nil
}

func (f *arrowFile) Record() arrow.Record { return f.last }
func (f *arrowFile) Err() error           { return f.err }

// openFile opens a Parquet or Arrow file, whose end must be read first: it goes through a temporary file.
func openFile(in io.Reader) (table *columnarRows, done func(), err error) {
	spool, err := os.CreateTemp("", "sunrelay-*")
	if err != nil {
		return nil, nil, err
	}
	done = func() { _ = errors.Join(spool.Close(), os.Remove(spool.Name())) }
	if _, err = io.Copy(spool, in); err == nil {
		table, err = openSpool(spool)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return table, done, nil
}

func openSpool(spool *os.File) (table *columnarRows, err error) {
	defer rescue(&err)
	magic := make([]byte, len(parquetMagic))
	if _, err := spool.ReadAt(magic, 0); err != nil {
		return nil, err
	}
	if bytes.Equal(magic, parquetMagic) {
		table, err = openParquet(spool)
	} else {
		var reader *ipc.FileReader
		if reader, err = ipc.NewFileReader(spool); err == nil {
			table = &columnarRows{records: &arrowFile{FileReader: reader}, format: "arrow"}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the Parquet or Arrow file is damaged: %w", err)
	}
	return table, nil
}

var (
	parquetMagic = []byte("PAR1")
	arrowMagic   = []byte("ARROW1")
	streamMagic  = []byte{0xff, 0xff, 0xff, 0xff}
)

// header are the names of the columns.
func (r *columnarRows) header() []string {
	var names []string
	for _, field := range r.Schema().Fields() {
		names = append(names, field.Name)
	}
	return names
}

package trace

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"
)

// batch is a small table with a null in every column but the first.
func batch() arrow.Record {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "opened_at", Type: arrow.FixedWidthTypes.Timestamp_us},
		{Name: "closed_at", Type: &arrow.TimestampType{Unit: arrow.Millisecond}, Nullable: true},
		{Name: "priority", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "reopens", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "pending_hours", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "on_time", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	opened := time.Date(2016, 2, 29, 1, 16, 0, 0, time.UTC)
	for i := range 3 {
		b.Field(0).(*array.TimestampBuilder).Append(arrow.Timestamp(opened.Add(time.Duration(i) * time.Hour).UnixMicro()))
	}
	b.Field(1).(*array.TimestampBuilder).AppendValues([]arrow.Timestamp{arrow.Timestamp(opened.UnixMilli() + 60_250), 0, 0}, []bool{true, false, false})
	b.Field(2).(*array.StringBuilder).AppendValues([]string{"high", "", "low"}, []bool{true, false, true})
	b.Field(3).(*array.Int64Builder).AppendValues([]int64{2, 0, 0}, []bool{true, false, true})
	b.Field(4).(*array.Float64Builder).AppendValues([]float64{1.5, 0, 0}, []bool{true, false, true})
	b.Field(5).(*array.BooleanBuilder).AppendValues([]bool{true, false, false}, []bool{true, false, true})
	return b.NewRecord()
}

const sameAsText = `opened_at,closed_at,priority,reopens,pending_hours,on_time
2016-02-29T01:16:00Z,2016-02-29T01:17:00.250,high,2,1.5,true
2016-02-29T02:16:00Z,,,,,
2016-02-29T03:16:00Z,,low,0,0,false
`

// columnarFiles are the batch as an Arrow stream, an Arrow file and a Parquet file.
func columnarFiles(t testing.TB) map[string]string {
	t.Helper()
	record := batch()
	var stream, parquetFile bytes.Buffer
	arrowFile, err := os.Create(filepath.Join(t.TempDir(), "log.arrow"))
	if err != nil {
		t.Fatal(err)
	}
	defer arrowFile.Close()
	w := ipc.NewWriter(&stream, ipc.WithSchema(record.Schema()))
	f, err := ipc.NewFileWriter(arrowFile, ipc.WithSchema(record.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	p, err := pqarrow.NewFileWriter(record.Schema(), &parquetFile, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{w.Write(record), w.Close(), f.Write(record), f.Close(), p.Write(record), p.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	arrowText, err := os.ReadFile(arrowFile.Name())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"stream": stream.String(), "arrow": string(arrowText), "parquet": parquetFile.String()}
}

func TestReadColumnar(t *testing.T) {
	_, want, err := read(t, sameAsText, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range columnarFiles(t) {
		_, got, err := read(t, text, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestReadParquetOfManyKinds reads columns as other programs write them, in several batches and row groups, and compares
// their texts with those of another reader.
func TestReadParquetOfManyKinds(t *testing.T) {
	record := manyKinds(3 * batchRows / 2)
	var file bytes.Buffer
	p, err := pqarrow.NewFileWriter(record.Schema(), &file, parquet.NewWriterProperties(parquet.WithMaxRowGroupLength(int64(batchRows+5))), pqarrow.NewArrowWriterProperties())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(p.Write(record), p.Close()); err != nil {
		t.Fatal(err)
	}
	rows, done, err := openFile(&file)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if d := cmp.Diff([]string{"text", "small", "large", "day", "time", "stamp", "real", "money", "true"}, rows.header()); d != "" {
		t.Error(d)
	}
	for row := range int(record.NumRows()) {
		fields, err := rows.next()
		if err != nil {
			t.Fatalf("row %d: %v", row, err)
		}
		for i, c := range record.Columns() {
			want := ""
			if c.IsValid(row) {
				want = c.ValueStr(row)
			}
			if stamp, is := c.(*array.Timestamp); is && want != "" {
				want = stamp.Value(row).ToTime(arrow.Microsecond).Format("2006-01-02T15:04:05.000")
			}
			if string(fields[i]) != want {
				t.Fatalf("row %d, column %s: %q, want %q", row, record.ColumnName(i), fields[i], want)
			}
		}
	}
	if _, err := rows.next(); err != io.EOF {
		t.Errorf("after the last row: %v, want the end", err)
	}
}

// manyKinds are rows of columns of many types, a seventh of them null.
func manyKinds(rows int) arrow.Record {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "text", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "small", Type: arrow.PrimitiveTypes.Uint8, Nullable: true},
		{Name: "large", Type: arrow.PrimitiveTypes.Uint64, Nullable: true},
		{Name: "day", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		{Name: "time", Type: arrow.FixedWidthTypes.Time32ms, Nullable: true},
		{Name: "stamp", Type: &arrow.TimestampType{Unit: arrow.Microsecond}, Nullable: true},
		{Name: "real", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "money", Type: &arrow.Decimal128Type{Precision: 20, Scale: 2}, Nullable: true},
		{Name: "true", Type: arrow.FixedWidthTypes.Boolean},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i := range rows {
		b.Field(8).(*array.BooleanBuilder).Append(i%3 == 0)
		if i%7 == 0 {
			for column := range 8 {
				b.Field(column).AppendNull()
			}
			continue
		}
		b.Field(0).(*array.StringBuilder).Append(strconv.Itoa(i * i))
		b.Field(1).(*array.Uint8Builder).Append(uint8(i))
		b.Field(2).(*array.Uint64Builder).Append(1<<63 + uint64(i))
		b.Field(3).(*array.Date32Builder).Append(arrow.Date32(i))
		b.Field(4).(*array.Time32Builder).Append(arrow.Time32(i * 1000))
		b.Field(5).(*array.TimestampBuilder).Append(arrow.Timestamp(int64(i) * 1e9))
		b.Field(6).(*array.Float64Builder).Append(float64(i) / 8)
		b.Field(7).(*array.Decimal128Builder).Append(decimal128.FromI64(10*int64(i-5000) + 3))
	}
	return b.NewRecord()
}

// TestDamagedParquet cuts a file short and overwrites parts of it: that is an error, and never more than that.
func TestDamagedParquet(t *testing.T) {
	var file bytes.Buffer
	record := manyKinds(100)
	p, err := pqarrow.NewFileWriter(record.Schema(), &file, parquet.NewWriterProperties(), pqarrow.NewArrowWriterProperties())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(p.Write(record), p.Close()); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	read := func(damaged []byte) error {
		rows, done, err := openFile(bytes.NewReader(damaged))
		if err != nil {
			return err
		}
		defer done()
		for {
			if _, err := rows.next(); err != nil {
				return err
			}
		}
	}
	for size := 4; size < len(whole); size += 37 {
		if err := read(whole[:size]); err == nil || err == io.EOF {
			t.Errorf("the first %d of %d bytes read as a whole file", size, len(whole))
		}
	}
	for at := 4; at+8 < len(whole); at += 13 {
		damaged := bytes.Clone(whole)
		copy(damaged[at:], "\xff\x07\xaa\x00\x80\x11\xee\x55")
		if err := read(damaged); err == nil {
			t.Error("a file without end")
		}
	}
}

// TestReadCutOff: files that are cut off anywhere are errors and no panics. A stream may end after any batch.
func TestReadCutOff(t *testing.T) {
	for name, text := range columnarFiles(t) {
		for end := 8; end < len(text); end += 7 {
			if _, _, err := read(t, text[:end], Options{}); err == nil && name != "stream" {
				t.Errorf("%s, cut off after %d of %d bytes, is read", name, end, len(text))
			}
		}
	}
}

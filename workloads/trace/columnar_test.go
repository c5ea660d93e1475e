package trace

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
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

func TestReadColumnar(t *testing.T) {
	_, want, err := read(t, sameAsText, Options{})
	if err != nil {
		t.Fatal(err)
	}
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
	for name, text := range map[string]string{"stream": stream.String(), "arrow": string(arrowText), "parquet": parquetFile.String()} {
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

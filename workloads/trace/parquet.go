package trace

import (
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// batchRows is how many rows of Parquet are in memory at a time.
const batchRows = 1 << 14

// parquetRecords are the rows of a Parquet file in batches.
type parquetRecords struct {
	file    *file.Reader
	schema  *arrow.Schema
	columns []file.RecordReader
	group   int   // the next row group
	left    int64 // rows of the last one
	last    arrow.Record
	err     error
}

func openParquet(spool *os.File) (*columnarRows, error) {
	reader, err := file.NewParquetReader(spool)
	if err != nil {
		return nil, err
	}
	r := &parquetRecords{file: reader}
	root := reader.MetaData().Schema.Root()
	pool := &sync.Pool{New: func() any { return memory.NewResizableBuffer(memory.DefaultAllocator) }}
	var fields []arrow.Field
	for i := range root.NumFields() {
		node := root.Field(i)
		if node.Type() == schema.Group || node.RepetitionType() == parquet.Repetitions.Repeated {
			return nil, fmt.Errorf("column %s: is nested, want text, numbers, truths or times", node.Name())
		}
		column := reader.MetaData().Schema.Column(i)
		field := arrow.Field{Name: node.Name(), Type: arrowType(column), Nullable: true}
		fields = append(fields, field)
		levels := file.LevelInfo{NullSlotUsage: 1, DefLevel: column.MaxDefinitionLevel()}
		r.columns = append(r.columns, file.NewRecordReader(column, levels, field.Type, memory.DefaultAllocator, pool))
	}
	r.schema = arrow.NewSchema(fields, nil)
	return &columnarRows{records: r, format: "parquet"}, nil
}

func (r *parquetRecords) Schema() *arrow.Schema { return r.schema }
func (r *parquetRecords) Record() arrow.Record  { return r.last }
func (r *parquetRecords) Err() error            { return r.err }

// Next reads a batch, which ends with its row group at the latest.
func (r *parquetRecords) Next() bool {
	r.err = r.read()
	return r.err == nil
}

func (r *parquetRecords) read() (err error) {
	for r.left == 0 {
		if r.group == r.file.NumRowGroups() {
			return io.EOF
		}
		if err := r.open(r.file.RowGroup(r.group)); err != nil {
			return err
		}
		r.group++
	}
	rows := min(r.left, batchRows)
	r.left -= rows
	arrays := make([]arrow.Array, len(r.columns))
	for i, c := range r.columns {
		if arrays[i], err = readColumn(c, r.file.MetaData().Schema.Column(i), r.schema.Field(i).Type, rows); err != nil {
			return fmt.Errorf("column %s: %w", r.schema.Field(i).Name, err)
		}
	}
	r.last = array.NewRecord(r.schema, arrays, rows)
	return nil
}

// open goes on with a row group.
func (r *parquetRecords) open(group *file.RowGroupReader) error {
	r.left = group.NumRows()
	for i, c := range r.columns {
		pages, err := group.GetColumnPageReader(i)
		if err != nil {
			return err
		}
		c.SetPageReader(pages)
	}
	return nil
}

// readColumn reads the next rows of a column.
func readColumn(c file.RecordReader, column *schema.Column, as arrow.DataType, rows int64) (arrow.Array, error) {
	c.Reset()
	if err := c.Reserve(rows); err != nil {
		return nil, err
	}
	for left := rows; left > 0; {
		n, err := c.ReadRecords(left)
		switch {
		case err != nil:
			return nil, err
		case n == 0:
			return nil, fmt.Errorf("ends %d rows too early", left)
		}
		left -= n
	}
	var stored arrow.Array
	if binary, is := c.(file.BinaryRecordReader); is {
		chunks := binary.GetBuilderChunks()
		if len(chunks) != 1 {
			return nil, fmt.Errorf("has too much text in %d rows", rows)
		}
		stored = chunks[0]
	}
	valid, nulls := c.ReleaseValidBits(), int(c.NullCount())
	if write := textIn(column, c.Values(), stored); write != nil {
		return written(write, int(rows), valid), nil
	}
	if stored != nil {
		return stored, nil
	}
	return array.MakeFromData(array.NewData(as, int(rows), []*memory.Buffer{valid, c.ReleaseValues()}, nil, nulls, 0)), nil
}

// written are rows as texts.
func written(write func(row int) string, rows int, valid *memory.Buffer) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	for row := range rows {
		if valid != nil && !bitutil.BitIsSet(valid.Bytes(), row) {
			b.AppendNull()
		} else {
			b.Append(write(row))
		}
	}
	return b.NewArray()
}

// arrowType is the type of Arrow under which a column is held; what has none with the same bytes becomes text.
func arrowType(c *schema.Column) arrow.DataType {
	switch c.PhysicalType() {
	case parquet.Types.Int32:
		return wholeType(c, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Uint32)
	case parquet.Types.Int64:
		return wholeType(c, arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Uint64)
	case parquet.Types.Float:
		return arrow.PrimitiveTypes.Float32
	case parquet.Types.Double:
		return arrow.PrimitiveTypes.Float64
	case parquet.Types.FixedLenByteArray:
		if !isText(c) {
			return &arrow.FixedSizeBinaryType{ByteWidth: c.TypeLength()}
		}
	}
	return arrow.BinaryTypes.String
}

// wholeType is the type of a column of whole numbers, which may stand for times.
func wholeType(c *schema.Column, signed, unsigned arrow.DataType) arrow.DataType {
	switch l := c.LogicalType().(type) {
	case *schema.DecimalLogicalType:
		return arrow.BinaryTypes.String
	case schema.DateLogicalType:
		return arrow.FixedWidthTypes.Date32
	case *schema.IntLogicalType:
		if !l.IsSigned() {
			return unsigned
		}
	case *schema.TimestampLogicalType:
		t := &arrow.TimestampType{Unit: units[l.TimeUnit()]}
		if l.IsAdjustedToUTC() {
			t.TimeZone = "UTC"
		}
		return t
	case *schema.TimeLogicalType:
		if l.TimeUnit() == schema.TimeUnitMillis {
			return arrow.FixedWidthTypes.Time32ms
		}
		return &arrow.Time64Type{Unit: units[l.TimeUnit()]}
	}
	return signed
}

var units = map[schema.TimeUnitType]arrow.TimeUnit{
	schema.TimeUnitMillis: arrow.Millisecond, schema.TimeUnitMicros: arrow.Microsecond, schema.TimeUnitNanos: arrow.Nanosecond,
}

// isText reports whether a column of bytes has a form as text.
func isText(c *schema.Column) bool { return textIn(c, nil, nil) != nil }

// textIn writes the rows of a column that have no type in Arrow with the same bytes; nil for others. The values are those of
// fixed length, stored those of bytes.
func textIn(c *schema.Column, values []byte, stored arrow.Array) func(row int) string {
	decimal, isDecimal := c.LogicalType().(*schema.DecimalLogicalType)
	_, isUUID := c.LogicalType().(schema.UUIDLogicalType)
	switch physical := c.PhysicalType(); {
	case physical == parquet.Types.Boolean:
		return func(row int) string { return strconv.FormatBool(values[row] != 0) }
	case physical == parquet.Types.Int96:
		return func(row int) string {
			return parquet.Int96Traits.CastFromBytes(values)[row].ToTime().UTC().Format(time.RFC3339Nano)
		}
	case isUUID:
		return func(row int) string {
			id := hex.EncodeToString(bytesAt(stored, row))
			return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
		}
	case isDecimal && physical == parquet.Types.Int32:
		return func(row int) string {
			return decimalText(big.NewInt(int64(arrow.Int32Traits.CastFromBytes(values)[row])), decimal.Scale())
		}
	case isDecimal && physical == parquet.Types.Int64:
		return func(row int) string {
			return decimalText(big.NewInt(arrow.Int64Traits.CastFromBytes(values)[row]), decimal.Scale())
		}
	case isDecimal:
		return func(row int) string { return decimalText(signed(bytesAt(stored, row)), decimal.Scale()) }
	}
	return nil
}

func bytesAt(stored arrow.Array, row int) []byte {
	if fixed, is := stored.(*array.FixedSizeBinary); is {
		return fixed.Value(row)
	}
	return stored.(*array.Binary).Value(row)
}

// signed is a whole number in two's complement, the highest byte first.
func signed(b []byte) *big.Int {
	x := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return x
}

// decimalText is a whole number over a power of ten.
func decimalText(unscaled *big.Int, scale int32) string {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	return new(big.Rat).SetFrac(unscaled, power).FloatString(int(scale))
}

package arrow

import (
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// column is a field of the rows R of a table.
type column[R any] struct {
	name  string
	kind  *kind
	about string   // for the documentation
	names []string // of kind name: what the values are indices of
	value func(*R) int64
	// nullable says that value may be null; truths never are.
	nullable bool
	// main says that the column belongs to the few that tell the most.
	main bool
}

// null is the value of a column where there is none. Instants, counts and times are never as small; of keys one in 2^64;
// of numbers with a fraction the negative zero, which is not used.
const null = math.MinInt64

// kind is how the values of a column are stored.
type kind struct {
	arrow   arrow.DataType
	parquet parquet.Type
	logical schema.LogicalType
	unit    string // empty = none
	width   int    // bytes of a value; 0 = a bit
	about   string
}

// The kinds of columns.
var (
	instant = &kind{&arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}, parquet.Types.Int64, schema.NewTimestampLogicalType(true, schema.TimeUnitMillis),
		"ms since 1970-01-01T00:00:00Z", 8, "timestamp in ms, UTC"}
	length  = &kind{arrow.PrimitiveTypes.Int64, parquet.Types.Int64, schema.NewIntLogicalType(64, true), "ms", 8, "int64, ms"}
	key     = &kind{arrow.PrimitiveTypes.Uint64, parquet.Types.Int64, schema.NewIntLogicalType(64, false), "", 8, "uint64"}
	count   = &kind{arrow.PrimitiveTypes.Int32, parquet.Types.Int32, schema.NewIntLogicalType(32, true), "", 4, "int32"}
	name    = &kind{&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}, parquet.Types.ByteArray, schema.StringLogicalType{}, "", 4, "string"}
	whole   = &kind{arrow.PrimitiveTypes.Int64, parquet.Types.Int64, schema.NewIntLogicalType(64, true), "", 8, "int64"}
	boolean = &kind{arrow.FixedWidthTypes.Boolean, parquet.Types.Boolean, schema.NoLogicalType{}, "", 0, "boolean"}
)

// realIn are numbers with a fraction in a unit; their values are the bits of a float64.
func realIn(unit string) *kind {
	return &kind{arrow.PrimitiveTypes.Float64, parquet.Types.Double, schema.NoLogicalType{}, unit, 8, "float64"}
}

// values are those of a column in some rows, in the layout of Arrow.
type values struct {
	data  []byte
	valid []byte // bits; nil where the column is not nullable
	nulls int
}

// size makes room for n values.
func (v *values) size(n int, k *kind, nullable bool) {
	v.data, v.nulls = resized(v.data, max(n*k.width, (n+7)/8)), 0
	if k.width == 0 {
		clear(v.data)
	}
	if nullable {
		v.valid = resized(v.valid, (n+7)/8)
		clear(v.valid)
	}
}

// fill sets the values from the i-th on to those of the column in a block of rows.
func (c *column[R]) fill(v *values, i int, block []R) {
	switch c.kind.width {
	case 8:
		fillWords(c, v, arrow.Int64Traits.CastFromBytes(v.data), i, block)
	case 4:
		fillWords(c, v, arrow.Int32Traits.CastFromBytes(v.data), i, block)
	default:
		for r := range block {
			v.data[(i+r)>>3] |= byte(c.value(&block[r])) << ((i + r) & 7)
		}
	}
}

// fillWords is fill of values that are not mere bits.
func fillWords[R any, T int32 | int64](c *column[R], v *values, words []T, i int, block []R) {
	words = words[i:][:len(block)]
	for r := range words {
		x := c.value(&block[r])
		switch {
		case !c.nullable:
		case x == null:
			x = 0
			v.nulls++
		default:
			v.valid[(i+r)>>3] |= 1 << ((i + r) & 7)
		}
		words[r] = T(x)
	}
}

// resized is a slice of n bytes, b if there is room in it.
func resized(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// bit is the value of a boolean column.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

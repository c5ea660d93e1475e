package arrow

import (
	"bytes"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// encoder makes a record of a group of rows, and a Parquet file of the record. Its memory is used again.
type encoder[R any] struct {
	table  *table[R]
	rows   int
	blocks [][]R
	values []values // by column
	buffer bytes.Buffer
	group
	encoded chan error
}

func newEncoder[R any](t *table[R]) *encoder[R] {
	return &encoder[R]{table: t, values: make([]values, len(t.columns)), encoded: make(chan error, 1)}
}

// take adds a block. It reports true if the block is free again, since its few rows were copied behind others.
func (e *encoder[R]) take(block []R) (free bool) {
	e.rows += len(block)
	if last := len(e.blocks) - 1; last >= 0 && len(e.blocks[last])+len(block) <= cap(e.blocks[last]) {
		e.blocks[last] = append(e.blocks[last], block...)
		return true
	}
	e.blocks = append(e.blocks, block)
	return false
}

// encode encodes the rows and tells when it is done.
func (e *encoder[R]) encode() {
	e.record = e.table.record(e.values, e.blocks, e.rows)
	var err error
	if e.table.properties != nil {
		e.buffer.Reset()
		err = e.table.encode(&e.buffer, e.record)
		e.parquet = e.buffer.Bytes()
	}
	e.encoded <- err
}

func (e *encoder[R]) reset() {
	e.record.Release()
	clear(e.blocks)
	e.rows, e.blocks = 0, e.blocks[:0]
}

// record makes an Arrow record of rows, which lives in the memory of v.
func (t *table[R]) record(v []values, blocks [][]R, rows int) arrow.Record {
	columns := make([]arrow.Array, len(t.columns))
	for i := range t.columns {
		t.columns[i].fill(&v[i], blocks, rows)
		columns[i] = t.array(i, &v[i], rows)
	}
	record := array.NewRecord(t.schema, columns, int64(rows))
	for _, c := range columns {
		c.Release()
	}
	return record
}

// array is a column as an Arrow array.
func (t *table[R]) array(column int, v *values, rows int) arrow.Array {
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(v.data)}
	if t.columns[column].nullable {
		buffers[0] = memory.NewBufferBytes(v.valid)
	}
	stored := t.schema.Field(column).Type
	words, isDictionary := stored.(*arrow.DictionaryType)
	if isDictionary {
		stored = words.IndexType
	}
	data := array.NewData(stored, rows, buffers, nil, v.nulls, 0)
	defer data.Release()
	a := array.MakeFromData(data)
	if !isDictionary {
		return a
	}
	defer a.Release()
	return array.NewDictionaryArray(words, a, t.words[column])
}

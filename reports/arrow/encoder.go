package arrow

import (
	"bytes"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// encoder makes columns of a group of rows, and an Arrow record, a row group of Parquet or both of them. Its memory is used
// again.
type encoder[R any] struct {
	table  *table[R]
	blocks [][]R
	values []values // by column
	levels levels
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
	e.fill()
	if e.table.streamed {
		e.record = e.table.record(e.values, e.rows)
	}
	var err error
	if e.table.properties != nil {
		e.buffer.Reset()
		err = e.table.encode(&e.buffer, e.values, &e.levels, e.rows)
		e.parquet = e.buffer.Bytes()
	}
	e.encoded <- err
}

// fill sets the values to those of the rows.
func (e *encoder[R]) fill() {
	for i := range e.values {
		c := &e.table.columns[i]
		e.values[i].size(e.rows, c.kind, c.nullable)
	}
	row := 0
	for _, block := range e.blocks {
		for i := range e.values {
			e.table.columns[i].fill(&e.values[i], row, block)
		}
		row += len(block)
	}
}

func (e *encoder[R]) reset() {
	if e.record != nil {
		e.record.Release()
	}
	clear(e.blocks)
	e.group, e.blocks = group{}, e.blocks[:0]
}

// record makes an Arrow record of values, in whose memory it lives.
func (t *table[R]) record(v []values, rows int) arrow.Record {
	columns := make([]arrow.Array, len(t.columns))
	for i := range t.columns {
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
	words, isDictionary := t.columns[column].kind.arrow.(*arrow.DictionaryType)
	if !isDictionary {
		return v.array(t.columns[column].kind.arrow, rows)
	}
	indices := v.array(words.IndexType, rows)
	defer indices.Release()
	return array.NewDictionaryArray(words, indices, t.words[column])
}

// array is an Arrow array of values of the type.
func (v *values) array(of arrow.DataType, rows int) arrow.Array {
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(v.data)}
	if v.valid != nil {
		buffers[0] = memory.NewBufferBytes(v.valid)
	}
	data := array.NewData(of, rows, buffers, nil, v.nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

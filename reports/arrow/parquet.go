package arrow

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// magic is how a Parquet file begins and ends; before the end stands the length of the footer.
const (
	magic     = "PAR1"
	footerEnd = 4 + len(magic)
)

// properties are how the columns are encoded: names by dictionary, instants, times and counts by their differences, which
// leave Snappy little to do but cost little too, and keys, which are random, as they are. Statistics, by which readers skip
// row groups, are kept where they tell something.
func propertiesOf[R any](columns []column[R]) *parquet.WriterProperties {
	p := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(false), parquet.WithStats(false),
		parquet.WithBatchSize(2 * groupRows),
	}
	for _, c := range columns {
		switch c.kind {
		case name:
			p = append(p, parquet.WithDictionaryFor(c.name, true))
		case key:
			p = append(p, parquet.WithCompressionFor(c.name, compress.Codecs.Uncompressed))
		case instant, count:
			p = append(p, parquet.WithEncodingFor(c.name, parquet.Encodings.DeltaBinaryPacked), parquet.WithStatsFor(c.name, true))
		case length:
			p = append(p, parquet.WithEncodingFor(c.name, parquet.Encodings.DeltaBinaryPacked))
		}
	}
	return parquet.NewWriterProperties(p...)
}

// layout is the schema of the Parquet files of a table.
func layoutOf[R any](columns []column[R]) (*schema.GroupNode, error) {
	var nodes schema.FieldList
	for _, c := range columns {
		repetition := parquet.Repetitions.Required
		if c.nullable {
			repetition = parquet.Repetitions.Optional
		}
		node, err := schema.NewPrimitiveNodeLogical(c.name, repetition, c.kind.logical, c.kind.parquet, 0, -1)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, node)
	}
	return schema.NewGroupNode("schema", parquet.Repetitions.Repeated, nodes, -1)
}

// encode writes rows as a Parquet file of one row group; without rows there is none.
func (t *table[R]) encode(to *bytes.Buffer, v []values, l *levels, rows int) error {
	w := file.NewParquetWriter(to, t.layout, file.WithWriterProps(t.properties))
	if rows > 0 {
		group := w.AppendRowGroup()
		for i := range t.columns {
			chunk, err := group.NextColumn()
			if err == nil {
				err = l.write(chunk, &v[i], rows, t.words[i])
			}
			if err != nil {
				return fmt.Errorf("column %s: %w", t.columns[i].name, err)
			}
		}
	}
	return w.Close()
}

// levels are how Parquet has values that may be null: those that are there, and for each row 1 where there is one. It is
// memory that is used again.
type levels struct {
	there   []int16
	present []byte
}

// write writes the values of a column; words are what names are indices of.
func (l *levels) write(chunk file.ColumnChunkWriter, v *values, rows int, words arrow.Array) (err error) {
	there := l.of(v, rows)
	switch w := chunk.(type) {
	case *file.Int64ColumnChunkWriter:
		_, err = w.WriteBatch(present(arrow.Int64Traits.CastFromBytes(l.room(v)), arrow.Int64Traits.CastFromBytes(v.data), there), there, nil)
	case *file.Int32ColumnChunkWriter:
		_, err = w.WriteBatch(present(arrow.Int32Traits.CastFromBytes(l.room(v)), arrow.Int32Traits.CastFromBytes(v.data), there), there, nil)
	case *file.Float64ColumnChunkWriter:
		_, err = w.WriteBatch(present(arrow.Float64Traits.CastFromBytes(l.room(v)), arrow.Float64Traits.CastFromBytes(v.data), there), there, nil)
	case *file.BooleanColumnChunkWriter:
		_, err = w.WriteBatch(v.booleans(rows), nil, nil)
	case *file.ByteArrayColumnChunkWriter:
		indices := v.array(arrow.PrimitiveTypes.Int32, rows)
		defer indices.Release()
		if err = w.CurrentEncoder().(dictionary).PutDictionary(words); err == nil {
			err = w.WriteDictIndices(indices, there, nil)
		}
	}
	return err
}

// dictionary is the encoder of a column of names.
type dictionary interface{ PutDictionary(words arrow.Array) error }

// of are the levels of values; nil where they are never null.
func (l *levels) of(v *values, rows int) []int16 {
	if v.valid == nil {
		return nil
	}
	if cap(l.there) < rows {
		l.there = make([]int16, rows)
	}
	there := l.there[:rows]
	for i := range there {
		there[i] = int16(v.valid[i>>3] >> (i & 7) & 1)
	}
	return there
}

// room is for as many values as there are.
func (l *levels) room(v *values) []byte {
	l.present = resized(l.present, len(v.data))
	return l.present
}

// present are the values that are there: all, or those copied to the beginning of room.
func present[T any](room, all []T, there []int16) []T {
	if there == nil {
		return all
	}
	n := 0
	for i, is := range there {
		room[n] = all[i]
		n += int(is)
	}
	return room[:n]
}

// booleans are the values of a column of truths.
func (v *values) booleans(rows int) []bool {
	truths := make([]bool, rows)
	for i := range truths {
		truths[i] = v.data[i>>3]>>(i&7)&1 == 1
	}
	return truths
}

// empty is a Parquet file of the table without rows.
func (t *table[R]) empty() ([]byte, error) {
	var b bytes.Buffer
	w := file.NewParquetWriter(&b, t.layout, file.WithWriterProps(t.properties), file.WithWriteMetadata(t.about))
	err := w.Close()
	return b.Bytes(), err
}

// parquetFile joins Parquet files that are encoded one by one: their row groups follow one another, and the footer names
// all of them.
type parquetFile struct {
	sink   io.WriteCloser
	size   int64
	footer *metadata.FileMetaData
}

// begin begins the file with the columns and the metadata of an empty one.
func (f *parquetFile) begin(empty []byte, err error) error {
	if err == nil {
		_, f.footer, err = split(empty)
	}
	if err == nil {
		err = f.append([]byte(magic))
	}
	return err
}

// split parts a file of one row group into the row group and the footer.
func split(file []byte) (body []byte, footer *metadata.FileMetaData, err error) {
	end := len(file) - footerEnd
	begin := end - int(binary.LittleEndian.Uint32(file[end:]))
	footer, err = metadata.NewFileMetaData(file[begin:end], nil)
	return file[len(magic):begin], footer, err
}

func (f *parquetFile) write(g *group) error {
	body, part, err := split(g.parquet)
	if err != nil {
		return err
	}
	if part.NumRows != int64(g.rows) {
		return fmt.Errorf("a row group has %d rows, want %d", part.NumRows, g.rows)
	}
	shift := f.size - int64(len(magic))
	for _, rowGroup := range part.RowGroups {
		rowGroup.FileOffset, rowGroup.Ordinal = nil, nil
		for _, c := range rowGroup.Columns {
			c.FileOffset = 0 // of a second copy of the metadata, which nobody reads
			c.MetaData.DataPageOffset += shift
			if c.MetaData.DictionaryPageOffset != nil {
				*c.MetaData.DictionaryPageOffset += shift
			}
		}
	}
	if err := f.footer.AppendRowGroups(part); err != nil {
		return err
	}
	return f.append(body)
}

func (f *parquetFile) append(p []byte) error {
	n, err := f.sink.Write(p)
	f.size += int64(n)
	return err
}

// finish writes the footer.
func (f *parquetFile) finish() error {
	var b bytes.Buffer
	if _, err := f.footer.WriteTo(&b, nil); err != nil {
		return err
	}
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(b.Len())))
	b.WriteString(magic)
	return f.append(b.Bytes())
}

func (f *parquetFile) close() error { return f.sink.Close() }

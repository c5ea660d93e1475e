package arrow

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
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
		parquet.WithMaxRowGroupLength(1 << 62),
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

// encode writes a record as a Parquet file of one row group; without rows there is none. It is only for memory: pqarrow
// ignores some errors of its sink.
func (t *table[R]) encode(buffer *bytes.Buffer, record arrow.Record) error {
	w, err := pqarrow.NewFileWriter(t.schema, buffer, t.properties, pqarrow.NewArrowWriterProperties())
	if err != nil {
		return err
	}
	if record != nil {
		if err := w.WriteBuffered(record); err != nil {
			return err
		}
	}
	return w.Close()
}

// empty is a Parquet file of the table without rows.
func (t *table[R]) empty() ([]byte, error) {
	var b bytes.Buffer
	err := t.encode(&b, nil)
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
	if part.NumRows != g.record.NumRows() {
		return fmt.Errorf("a row group has %d rows, want %d", part.NumRows, g.record.NumRows())
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

package trace

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	kgzip "github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// sampleSize is how much of a file is looked at to find out how it is written.
const sampleSize = 1 << 20

// input is a file after unpacking.
type input struct {
	*bufio.Reader
	packing string // gzip, zstd or empty
	close   func()
}

// unpack finds out how the file is packed and returns its contents.
func unpack(in io.Reader) (*input, error) {
	raw := bufio.NewReaderSize(in, 1<<16)
	magic, _ := raw.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		unpacked, err := kgzip.NewReader(raw)
		if err != nil {
			return nil, fmt.Errorf("the gzip file is damaged: %w", err)
		}
		return &input{bufio.NewReaderSize(unpacked, sampleSize), "gzip", func() {}}, nil
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		unpacked, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<28))
		if err != nil {
			return nil, fmt.Errorf("the zstd file is damaged: %w", err)
		}
		return &input{bufio.NewReaderSize(unpacked, sampleSize), "zstd", unpacked.Close}, nil
	}
	return &input{bufio.NewReaderSize(raw, sampleSize), "", func() {}}, nil
}

// sample is the beginning of the contents, which stays unread.
func (in *input) sample() ([]byte, error) {
	text, err := in.Peek(sampleSize)
	if err != nil && err != io.EOF {
		return nil, in.explain(err)
	}
	return text, nil
}

// explain says what a reading error means.
func (in *input) explain(err error) error {
	switch {
	case in.packing != "" && errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the %s file is cut off: its end is missing", in.packing)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, kgzip.ErrChecksum), errors.Is(err, zstd.ErrCRCMismatch):
		return fmt.Errorf("the %s file is damaged: its checksum is wrong", in.packing)
	case in.packing != "":
		return fmt.Errorf("the %s file is damaged: %w", in.packing, err)
	}
	return err
}

// delimiters are those that are recognised, the likeliest first.
var delimiters = []byte{',', ';', '\t', '|', '^', '~', 0x1f, 0x01}

// cutting is what a delimiter makes of the first rows of a text.
type cutting struct {
	columns int // of the first row
	rows    int // after it
	fit     int // of those, with as many fields
}

// cut looks at a hundred rows.
func cut(sample []byte, delimiter byte) (c cutting) {
	r := textRows(sample, delimiter)
	head, err := r.next()
	if err != nil {
		return c
	}
	for c.columns = len(head); c.rows < 100; c.rows++ {
		fields, err := r.next()
		if err != nil {
			break
		}
		if len(fields) == c.columns {
			c.fit++
		}
	}
	return c
}

// even reports whether nearly all rows have as many fields as the first; the last one may be cut off.
func (c cutting) even() bool { return c.columns > 1 && c.fit >= c.rows-1-c.rows/10 }

// findDelimiter is the delimiter that cuts the first rows into the most fields of an equal number, or the most rows.
func findDelimiter(sample []byte) byte {
	best, most := delimiters[0], cutting{columns: 1}
	for _, d := range delimiters {
		if c := cut(sample, d); c.even() && (c.columns > most.columns || c.columns == most.columns && c.fit > most.fit) {
			best, most = d, c
		}
	}
	return best
}

// checkDelimiter refuses a delimiter that was asked for and is another than that of the text.
func checkDelimiter(sample []byte, delimiter byte) error {
	c := cut(sample, delimiter)
	if c.even() {
		return nil
	}
	absent := fmt.Errorf("the delimiter %q does not occur in the first row", delimiter)
	if other := findDelimiter(sample); other != delimiter {
		switch o := cut(sample, other); {
		case o.even() && c.columns == 1:
			return fmt.Errorf("%w, %q makes %d fields of it", absent, other, o.columns)
		case o.even():
			return fmt.Errorf("the delimiter %q makes %d fields of the first row and as many of %d of the %d rows after it, %q makes %d of the first and as many of %d",
				delimiter, c.columns, c.fit, c.rows, other, o.columns, o.fit)
		}
	}
	if c.columns == 1 {
		return absent
	}
	return nil
}

// refuseBinary says that a sample is not text.
func refuseBinary(sample []byte) error {
	switch {
	case len(sample) == 0:
		return errors.New("is empty, want a row with the names of the columns and one row for each case")
	case bytes.HasPrefix(sample, []byte{0xff, 0xfe}), bytes.HasPrefix(sample, []byte{0xfe, 0xff}):
		return errors.New("is UTF-16, want UTF-8 or Latin-1; convert it by: iconv -f UTF-16 -t UTF-8")
	case bytes.IndexByte(sample, 0) >= 0:
		return errors.New("is a binary file, want CSV (also packed with gzip or zstd), Parquet or Arrow")
	}
	return nil
}

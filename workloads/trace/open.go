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
var delimiters = []byte{',', ';', '\t', '|'}

// findDelimiter is the delimiter that cuts the first lines into the most fields of an equal number.
func findDelimiter(sample []byte) byte {
	best, most := delimiters[0], 1
	for _, d := range delimiters {
		r := newCSVRows(bytes.NewReader(sample), d)
		head, err := r.next()
		if err != nil || len(head) <= most {
			continue
		}
		columns, rows, fit := len(head), 0, 0
		for rows < 100 {
			fields, err := r.next()
			if err != nil {
				break
			}
			if rows++; len(fields) == columns {
				fit++
			}
		}
		if fit >= rows-1-rows/10 {
			best, most = d, columns
		}
	}
	return best
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

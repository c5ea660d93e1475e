package arrow

import (
	"bufio"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
)

// stream is an Arrow IPC stream: its batches can be read while more are written. The words of its dictionaries are all
// there before the first batch.
type stream struct {
	sink   io.WriteCloser
	buffer *bufio.Writer
	writer *ipc.Writer
}

func newStream(sink io.WriteCloser, schema *arrow.Schema) *stream {
	const buffered = 1 << 18
	b := bufio.NewWriterSize(sink, buffered)
	return &stream{sink: sink, buffer: b, writer: ipc.NewWriter(b, ipc.WithSchema(schema))}
}

func (s *stream) write(g *group) error {
	if err := s.writer.Write(g.record); err != nil {
		return err
	}
	return s.buffer.Flush()
}

func (s *stream) finish() error {
	if err := s.writer.Close(); err != nil {
		return err
	}
	return s.buffer.Flush()
}

func (s *stream) close() error { return s.sink.Close() }

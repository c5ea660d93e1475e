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
	return s.flush(s.writer.Write(g.record))
}

func (s *stream) finish() error {
	return s.flush(s.writer.Close())
}

// flush returns the error of the sink, if there is one, rather than what the encoding says of it.
func (s *stream) flush(err error) error {
	if sinkErr := s.buffer.Flush(); sinkErr != nil {
		return sinkErr
	}
	return err
}

func (s *stream) close() error { return s.sink.Close() }

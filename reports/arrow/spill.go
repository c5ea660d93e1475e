package arrow

import (
	"fmt"
	"io"
	"os"
	"unsafe"
)

// spill is a temporary file of blocks of rows, which hold no pointers. The zero value has none. One goroutine writes and
// another one reads; the sequence keeps the sizes.
type spill[R any] struct {
	file  *os.File
	size  int64 // bytes written
	sizes []int // rows of each block
	read  int   // blocks
	at    int64 // bytes read
}

// unread is the number of blocks that are still to be read.
func (s *spill[R]) unread() int { return len(s.sizes) - s.read }

// write adds a block. Where that fails the spill is as it was.
func (s *spill[R]) write(folder string, block []R) error {
	if s.file == nil {
		file, err := os.CreateTemp(folder, "rows-*.tmp")
		if err != nil {
			return err
		}
		os.Remove(file.Name()) // as long as it is open it is there all the same; where that is not so, close removes it
		s.file = file
	}
	n, err := s.file.WriteAt(asBytes(block), s.size)
	if err != nil {
		return err
	}
	s.size += int64(n)
	return nil
}

// next is the next block, in the memory of the given one.
func (s *spill[R]) next(block []R) ([]R, error) {
	block = block[:s.sizes[s.read]]
	n, err := io.ReadFull(io.NewSectionReader(s.file, s.at, bytesOf(block)), asBytes(block))
	if err != nil {
		return nil, fmt.Errorf("rows that were put down: %w", err)
	}
	s.at += int64(n)
	s.read++
	return block, nil
}

func (s *spill[R]) close() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
		s.file = nil
	}
}

// bytesOf is the size of a block that is not empty.
func bytesOf[R any](block []R) int64 { return int64(len(block)) * int64(unsafe.Sizeof(block[0])) }

func asBytes[R any](block []R) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&block[0])), bytesOf(block))
}

package arrow

import (
	"errors"
	"sync"
)

// How rows are held: a lane fills one block after the other and has few of them waiting in memory. What comes before its
// turn is spilled to a file, as long as all of it together is not too much; then its lane waits.
const (
	blockRows   = 4096
	mostQueued  = 4       // blocks, by lane
	mostSpilled = 8 << 30 // bytes, by table
)

var errAborted = errors.New("the writing was given up")

// sequence takes blocks of rows that several shards bring at the same time and gives them out in the order of the shards.
type sequence[R any] struct {
	folder string // for spills; empty = that of the system
	mutex  sync.Mutex
	moved  sync.Cond // something changed
	lanes  map[int]*lane[R]
	turn   int // the shard whose blocks are given out
	closed bool
	err    error // once set nothing is taken or given out any more

	spilled int64 // bytes in the spills of all lanes
	noSpill bool  // there is no room for more
	free    [][]R // blocks to be used again
}

// lane is the way of one shard into the sequence. It is for one goroutine. A nil lane takes nothing.
type lane[R any] struct {
	sequence *sequence[R]
	shard    int
	block    []R // that is being filled
	queue    [][]R
	spill    spill[R] // comes after the queue
	ended    bool
}

func newSequence[R any](folder string) *sequence[R] {
	s := &sequence[R]{folder: folder, lanes: map[int]*lane[R]{}}
	s.moved.L = &s.mutex
	return s
}

// lane opens the lane of a shard.
func (s *sequence[R]) lane(shard int) *lane[R] {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	l := &lane[R]{sequence: s, shard: shard}
	s.lanes[shard] = l
	s.moved.Broadcast()
	return l
}

// add takes a row.
func (l *lane[R]) add(row R) {
	if l == nil {
		return
	}
	if l.block == nil {
		l.block = l.sequence.fresh()
	}
	l.block = append(l.block, row)
	if len(l.block) == blockRows {
		l.put()
	}
}

// end says that the shard has no more rows.
func (l *lane[R]) end() {
	if l == nil {
		return
	}
	if len(l.block) > 0 {
		l.put()
	}
	s := l.sequence
	s.mutex.Lock()
	defer s.mutex.Unlock()
	l.ended = true
	s.moved.Broadcast()
}

// put passes the block on, and waits where there is no room for it.
func (l *lane[R]) put() {
	s, block := l.sequence, l.block
	l.block = nil
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for {
		for s.err == nil && l.mustWait() {
			s.moved.Wait()
		}
		switch {
		case s.err != nil:
			return
		case l.queues():
			l.queue = append(l.queue, block)
			s.moved.Broadcast()
			return
		case s.spill(l, block):
			s.moved.Broadcast()
			return
		}
	}
}

// queues reports whether the next block goes into the queue.
func (l *lane[R]) queues() bool { return l.spill.unread() == 0 && len(l.queue) < mostQueued }

func (l *lane[R]) mustWait() bool {
	return !l.queues() && (l.shard == l.sequence.turn || l.sequence.noSpill)
}

// spill puts a block of a lane down in its file. It reports false where there is no room: the lane then waits for its turn.
func (s *sequence[R]) spill(l *lane[R], block []R) bool {
	if s.spilled >= mostSpilled {
		s.noSpill = true
		return false
	}
	s.mutex.Unlock()
	err := l.spill.write(s.folder, block)
	s.mutex.Lock()
	if err != nil {
		s.noSpill = true
		return false
	}
	l.spill.sizes = append(l.spill.sizes, len(block))
	s.spilled += bytesOf(block)
	s.free = append(s.free, block[:0])
	return true
}

// next is the next block, and whether there is one: there is none after the end or a failure.
func (s *sequence[R]) next() ([]R, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for {
		l := s.lanes[s.turn]
		switch {
		case s.err != nil || l == nil && s.closed:
			return nil, false
		case l == nil:
			s.moved.Wait()
		case len(l.queue) > 0:
			block := l.queue[0]
			l.queue = l.queue[1:]
			s.moved.Broadcast()
			return block, true
		case l.spill.unread() > 0:
			if block, ok := s.unspill(l); ok {
				return block, true
			}
		case l.ended:
			s.passTurn(l)
		default:
			s.moved.Wait()
		}
	}
}

// unspill reads the next block of a lane's spill.
func (s *sequence[R]) unspill(l *lane[R]) ([]R, bool) {
	block := s.take()
	s.mutex.Unlock()
	block, err := l.spill.next(block)
	s.mutex.Lock()
	if err != nil {
		s.stop(err)
	}
	s.moved.Broadcast()
	return block, err == nil
}

// passTurn goes on with the next shard.
func (s *sequence[R]) passTurn(l *lane[R]) {
	s.spilled -= l.spill.size
	s.noSpill = false
	l.spill.close()
	delete(s.lanes, s.turn)
	s.turn++
	s.moved.Broadcast()
}

// fresh is an empty block.
func (s *sequence[R]) fresh() []R {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.take()
}

func (s *sequence[R]) take() []R {
	last := len(s.free) - 1
	if last < 0 {
		return make([]R, 0, blockRows)
	}
	block := s.free[last]
	s.free = s.free[:last]
	return block
}

// recycle takes blocks back that were given out.
func (s *sequence[R]) recycle(blocks ...[]R) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, b := range blocks {
		s.free = append(s.free, b[:0])
	}
}

// close says that no more lanes are opened.
func (s *sequence[R]) close() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.closed = true
	s.moved.Broadcast()
}

// fail ends the sequence because of an error; the first one counts.
func (s *sequence[R]) fail(err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.stop(err)
}

func (s *sequence[R]) stop(err error) {
	if s.err == nil {
		s.err = err
	}
	s.moved.Broadcast()
}

// failure is why the sequence ended, or nil.
func (s *sequence[R]) failure() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.err
}

// clear removes the spills of lanes whose turn has not come; nobody uses them any more.
func (s *sequence[R]) clear() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, l := range s.lanes {
		l.spill.close()
	}
}

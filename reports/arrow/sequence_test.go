package arrow

import (
	"slices"
	"sync"
	"testing"
)

// order brings the rows of some shards at the same time, the last ones first, and returns them as the sequence gives them
// out. A row is shard × 1,000,000 + number.
func order(t *testing.T, folder string, rows []int) []int64 {
	t.Helper()
	s := newSequence[int64](folder)
	var group sync.WaitGroup
	var begun sync.WaitGroup
	begun.Add(len(rows) - 1)
	for shard, n := range slices.Backward(rows) {
		group.Go(func() {
			l := s.lane(shard)
			if shard == 0 {
				begun.Wait() // the first shard is the slowest
			}
			for i := range n {
				if i == n/2 && shard > 0 {
					begun.Done()
				}
				l.add(int64(shard*1_000_000 + i))
			}
			if n == 0 && shard > 0 {
				begun.Done()
			}
			l.end()
		})
	}
	go func() { group.Wait(); s.close() }()
	var out []int64
	for {
		block, more := s.next()
		if !more {
			break
		}
		out = append(out, block...)
		s.recycle(block)
	}
	if err := s.failure(); err != nil {
		t.Fatal(err)
	}
	if s.spilled != 0 {
		t.Errorf("%d bytes are left in spills", s.spilled)
	}
	return out
}

// inOrder is what order is to return, made the plain way.
func inOrder(rows []int) (want []int64) {
	for shard, n := range rows {
		for i := range n {
			want = append(want, int64(shard*1_000_000+i))
		}
	}
	return want
}

// TestSequenceIsInTheOrderOfTheShards has shards without rows, with a few, and with more than memory takes.
func TestSequenceIsInTheOrderOfTheShards(t *testing.T) {
	const few, many = 3, 12*blockRows + 5
	for _, rows := range [][]int{{many, many, many, many}, {few, many, 0, few, many}, {0, 0, 0}, {many, few, few, few}} {
		folder := t.TempDir()
		if got := order(t, folder, rows); !slices.Equal(got, inOrder(rows)) {
			t.Errorf("shards of %v rows: %d rows in another order", rows, len(got))
		}
	}
}

// TestSequenceWithoutRoomForSpills lets lanes wait for their turn.
func TestSequenceWithoutRoomForSpills(t *testing.T) {
	rows := []int{5, 3 * mostQueued * blockRows / 2, 3 * mostQueued * blockRows / 2}
	if got := order(t, t.TempDir()+"/missing", rows); !slices.Equal(got, inOrder(rows)) {
		t.Errorf("%d rows in another order", len(got))
	}
}

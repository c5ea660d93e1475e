package sim

import "math/bits"

// item is a piece of work that waits for an agent: a touch, or what is left of one.
type item struct {
	score      uint64 // of the routing rule; smaller is served first
	since      tick   // when the touch began to wait, interruptions included
	entered    tick   // when it came into this queue
	work       tick   // still needed
	kase       int32
	kind       Work
	next, prev int32 // neighbours in a FIFO queue
	queue      int32
	fresh      bool // nobody has begun it yet
	passed     tick // an agent first took work that had begun to wait later; 0 = never
}

// queue holds waiting items of equal eligibility. Items whose scores rise in the order of entry stand in a list; a heap
// queue takes what comes out of order. Either way head is its best.
type queue struct {
	head, tail int32 // first and last of a FIFO queue
	heap       heap
	overflow   int32 // the heap queue of the same eligibility
	line       int32
	unpassed   int32 // first of the list that was not passed over, or none: those before it were
	passedAt   tick  // the latest pass over a heap
}

// line is all queues of equal eligibility, the heap first, as one: agents compare lines, of which few have work, and not
// queues, of which many have.
type line struct {
	work     uint64 // bit set of the queues that are not empty
	best     ranked // the head of the best of them: its score, when it began to wait, and the queue
	unpassed tick   // the least of them
	lo       int32  // the first of the queues
}

// mostQueues is how many queues a line has at most. Work of further kinds goes to the heap, which keeps any order.
const mostQueues = 64

// queues are all queues of an engine with their items.
type queues struct {
	items  []item
	free   []int32
	place  []int32 // of the items that stand in a heap
	all    []queue
	lines  []line
	filled []uint64 // bit set of the lines that have work
	scores []uint64 // of the heads, by queue; meaningless where it is empty
	// unpassed is, by queue, when the first unpassed item of a list began to wait, or never; of a heap, when the work began
	// to wait that passed it last.
	unpassed []tick
}

// newQueues are the queues of lines with the given numbers of queues. The lines from the first multiple of 64 on are those
// of n agents, with a heap each.
func newQueues(sizes []int32, n int) queues {
	var q queues
	add := func(size int32) {
		lo := int32(len(q.all))
		for range size {
			q.all = append(q.all, queue{overflow: lo, line: int32(len(q.lines))})
		}
		q.lines = append(q.lines, line{lo: lo})
	}
	for _, size := range sizes {
		add(size)
	}
	q.lines = append(q.lines, make([]line, wholeWords(len(sizes))-len(sizes))...)
	for range n {
		add(1)
	}
	q.filled = make([]uint64, wholeWords(len(q.lines))/64)
	q.scores, q.unpassed = make([]uint64, len(q.all)), make([]tick, len(q.all))
	return q
}

// wholeWords is the least multiple of 64 that is not below n.
func wholeWords(n int) int { return (n + 63) &^ 63 }

func (q *queues) reset() {
	q.items, q.free, q.place = q.items[:0], q.free[:0], q.place[:0]
	for i := range q.all {
		u := &q.all[i]
		u.head, u.tail, u.unpassed, u.heap = none, none, none, u.heap[:0]
		u.passedAt, q.unpassed[i] = 0, never
		if u.overflow == int32(i) {
			q.unpassed[i] = 0
		}
	}
	for i := range q.lines {
		q.lines[i].work = 0
	}
	clear(q.filled)
}

// hasWork reports whether work waits in a line.
func (q *queues) hasWork(line int32) bool { return q.filled[line>>6]>>(line&63)&1 == 1 }

// review finds the best head of a line anew, and what of it is unpassed.
func (q *queues) review(id int32) {
	l := &q.lines[id]
	if l.work == 0 {
		q.filled[id>>6] &^= 1 << (id & 63)
		return
	}
	best, score, unpassed := none, noScore, never
	for m := l.work; m != 0; m &= m - 1 {
		i := l.lo + int32(bits.TrailingZeros64(m))
		unpassed = min(unpassed, q.unpassed[i])
		if s := q.scores[i]; s < score || s == score && q.since(i) < q.since(best) {
			best, score = i, s
		}
	}
	l.best, l.unpassed = ranked{score, q.since(best), best}, unpassed
}

// noScore is greater than all scores.
const noScore = ^uint64(0)

// noteHead takes note of work that has come into a queue.
func (q *queues) noteHead(id int32) {
	u := &q.all[id]
	l := &q.lines[u.line]
	head := ranked{q.scores[id], q.since(id), id}
	if l.work == 0 {
		q.filled[u.line>>6] |= 1 << (u.line & 63)
		l.best, l.unpassed = head, q.unpassed[id]
	} else {
		l.unpassed = min(l.unpassed, q.unpassed[id])
		if head.before(l.best) {
			l.best = head
		}
	}
	l.work |= 1 << ((id - l.lo) & 63)
}

// push adds an item to queue id, or to its overflow if it would break the order there, and returns the item's index.
func (q *queues) push(id int32, it *item) int32 {
	u := &q.all[id]
	if u.tail != none && it.before(&q.items[u.tail]) {
		id = u.overflow
	}
	it.queue = id
	i := q.allocate(it)
	u = &q.all[id]
	switch {
	case u.overflow == id:
		u.heap.push(ranked{it.score, it.since, i}, q.place)
		q.scores[id] = u.heap[0].key
	case u.tail == none:
		u.head, u.tail, q.scores[id] = i, i, it.score
		q.setUnpassed(u, id, i)
	default:
		q.items[u.tail].next = i
		u.tail = i
		if u.unpassed == none {
			q.setUnpassed(u, id, i)
		}
	}
	q.noteHead(id)
	return i
}

// before reports whether the item is to be served before o, which came into the same list earlier.
func (it *item) before(o *item) bool {
	return it.score < o.score || it.score == o.score && it.since < o.since
}

func (q *queues) allocate(it *item) int32 {
	var i int32
	if n := len(q.free); n > 0 {
		i = q.free[n-1]
		q.free = q.free[:n-1]
	} else {
		i = int32(len(q.items))
		q.items = append(q.items, item{})
		q.place = append(q.place, 0)
	}
	u := &q.all[it.queue]
	it.next, it.prev = none, u.tail
	q.items[i] = *it
	return i
}

// first is the best item of queue id, which is not empty.
func (q *queues) first(id int32) int32 {
	if u := &q.all[id]; u.overflow != id {
		return u.head
	}
	return q.all[id].heap[0].id
}

// since is when the best item of queue id began to wait.
func (q *queues) since(id int32) tick { return q.items[q.first(id)].since }

// take removes the best item of queue id; see remove.
func (q *queues) take(id int32) *item { return q.remove(q.first(id)) }

// remove takes the item out of its queue, wherever it stands. What it returns is good until the next push.
func (q *queues) remove(i int32) *item {
	it := &q.items[i]
	u := &q.all[it.queue]
	if u.overflow == it.queue {
		it.passed = q.passed(i)
		u.heap.remove(int(q.place[i]), q.place)
		if len(u.heap) > 0 {
			q.scores[it.queue] = u.heap[0].key
		}
	} else {
		q.unlink(u, i, it)
	}
	if u.head == none && len(u.heap) == 0 {
		l := &q.lines[u.line]
		l.work &^= 1 << ((it.queue - l.lo) & 63)
	}
	q.review(u.line)
	q.free = append(q.free, i)
	return it
}

// passed is when the waiting item was passed over; 0 = never.
func (q *queues) passed(i int32) tick {
	it := &q.items[i]
	u := &q.all[it.queue]
	if u.overflow == it.queue && it.since < q.unpassed[it.queue] && it.entered < u.passedAt {
		return u.passedAt
	}
	return it.passed
}

// before counts the items of queue id with no greater score.
func (q *queues) before(id int32, score uint64) (count int) {
	u := &q.all[id]
	for i := u.head; i != none && q.items[i].score <= score; i = q.items[i].next {
		count++
	}
	for _, r := range u.heap {
		if r.key <= score {
			count++
		}
	}
	return count
}

// setUnpassed makes i, which may be none, the first unpassed item of a list.
func (q *queues) setUnpassed(u *queue, id, i int32) {
	u.unpassed, q.unpassed[id] = i, never
	if i != none {
		q.unpassed[id] = q.items[i].since
	}
}

// passOver notes that an agent took work that began to wait at since, before what has waited longer in a line.
func (q *queues) passOver(id int32, since, now tick) {
	l := &q.lines[id]
	l.unpassed = never
	for m := l.work; m != 0; m &= m - 1 {
		i := l.lo + int32(bits.TrailingZeros64(m))
		if q.unpassed[i] < since {
			q.passOverQueue(i, since, now)
		}
		l.unpassed = min(l.unpassed, q.unpassed[i])
	}
}

// passOverQueue does so for one of the line's queues: in a list each is marked once, since it is in the order of waiting; for a heap the latest pass is kept, and stands for the
// first.
func (q *queues) passOverQueue(id int32, since, now tick) {
	u := &q.all[id]
	if u.overflow == id {
		q.unpassed[id], u.passedAt = since, now
		return
	}
	i := u.unpassed
	for i != none && q.items[i].since < since {
		q.items[i].passed = now
		i = q.items[i].next
	}
	q.setUnpassed(u, id, i)
}

func (q *queues) unlink(u *queue, i int32, it *item) {
	if u.unpassed == i {
		q.setUnpassed(u, it.queue, it.next)
	}
	if it.next != none {
		q.items[it.next].prev = it.prev
	} else {
		u.tail = it.prev
	}
	if it.prev != none {
		q.items[it.prev].next = it.next
		return
	}
	u.head = it.next
	if it.next != none {
		q.scores[it.queue] = q.items[it.next].score
	}
}

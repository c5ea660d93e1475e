package sim

// item is a piece of work that waits for an agent: a touch, or what is left of one.
type item struct {
	score      uint64 // of the routing rule; smaller is served first
	since      tick   // when the touch began to wait, interruptions included
	entered    tick   // when it came into this queue
	work       tick   // handle time still needed
	kase       int32
	next, prev int32 // neighbours in a FIFO queue
	queue      int32
	fresh      bool // nobody has begun it yet
}

// queue holds waiting items of equal eligibility. Items whose scores rise in the order of entry stand in a list; a heap
// queue takes what comes out of order. Either way head is its best.
type queue struct {
	score      uint64 // of the head; meaningless when empty
	head, tail int32  // first and last of a FIFO queue
	heap       heap
	overflow   int32 // the heap queue of the same eligibility
}

// queues are all queues of an engine with their items.
type queues struct {
	items  []item
	free   []int32
	place  []int32 // of the items that stand in a heap
	all    []queue
	filled []uint64 // bit set of the queues that are not empty
}

func newQueues(lists []list) queues {
	q := queues{all: make([]queue, len(lists)), filled: make([]uint64, (len(lists)+63)/64)}
	for i := range q.all {
		q.all[i].overflow = lists[i].overflow
	}
	return q
}

func (q *queues) reset() {
	q.items, q.free, q.place = q.items[:0], q.free[:0], q.place[:0]
	for i := range q.all {
		u := &q.all[i]
		u.head, u.tail, u.heap = none, none, u.heap[:0]
	}
	clear(q.filled)
}

// push adds an item to queue id, or to its overflow if it would break the order there, and returns the item's index.
func (q *queues) push(id int32, it item) int32 {
	u := &q.all[id]
	if u.tail != none && it.score < q.items[u.tail].score {
		id = u.overflow
	}
	it.queue = id
	i := q.allocate(it)
	u = &q.all[id]
	switch {
	case u.overflow == id:
		u.heap.push(ranked{it.score, i}, q.place)
		u.score = u.heap[0].key
	case u.tail == none:
		u.head, u.tail, u.score = i, i, it.score
	default:
		q.items[u.tail].next = i
		u.tail = i
	}
	q.filled[id>>6] |= 1 << (id & 63)
	return i
}

func (q *queues) allocate(it item) int32 {
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
	q.items[i] = it
	return i
}

// take removes the best item of queue id.
func (q *queues) take(id int32) item {
	u := &q.all[id]
	i := u.head
	if u.overflow == id {
		i = u.heap[0].id
	}
	return q.remove(i)
}

// remove takes the item out of its queue, wherever it stands.
func (q *queues) remove(i int32) item {
	it := q.items[i]
	u := &q.all[it.queue]
	if u.overflow == it.queue {
		u.heap.remove(int(q.place[i]), q.place)
		if len(u.heap) > 0 {
			u.score = u.heap[0].key
		}
	} else {
		q.unlink(u, &it)
	}
	if u.head == none && len(u.heap) == 0 {
		q.filled[it.queue>>6] &^= 1 << (it.queue & 63)
	}
	q.free = append(q.free, i)
	return it
}

func (q *queues) unlink(u *queue, it *item) {
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
		u.score = q.items[it.next].score
	}
}

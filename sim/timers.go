package sim

import "math/bits"

// timers is an intrusive calendar queue for the timers of cases: many are pending, few are due soon. A bucket holds the
// timers of one span, about a minute, linked through the records themselves; the span that has begun is kept in a heap. Timers
// whose span lies more than one lap of the buckets ahead stay in their bucket until their lap comes.
type timers struct {
	links   []timer // by timer id: timersPerCase for each case record
	bucket  []int32 // first timer of each span, or none
	filled  []uint64
	opened  tick    // spans before this one have been moved to the heap
	current heap    // timers of opened spans, earliest first
	place   []int32 // of the timers in the heap
}

// A case has three timers: the next step of its life, such as the customer's answer; the next update that it is owed; and,
// one after the other, the end of a caller's patience and the request for a manager.
const (
	lifeTimer = iota
	updateTimer
	sideTimer
	timersPerCase
)

// timer is one pending timer of a case. The zero value is not pending.
type timer struct {
	at         tick // 0 = not pending
	next, prev int32
}

const (
	none = int32(-1)
	// spanBits gives spans of 2^16 milliseconds.
	spanBits = 16
	// bucketBits gives laps of 2^15 spans, about 25 days.
	bucketBits = 15
	buckets    = 1 << bucketBits
)

// inHeap in prev marks a timer that has left its bucket for the heap.
const inHeap = int32(-2)

func newTimers() timers {
	q := timers{bucket: make([]int32, buckets), filled: make([]uint64, buckets/64)}
	for i := range q.bucket {
		q.bucket[i] = none
	}
	return q
}

// reset forgets all timers.
func (q *timers) reset() {
	for i := range q.bucket {
		q.bucket[i] = none
	}
	clear(q.filled)
	clear(q.links)
	q.opened, q.current = 0, q.current[:0]
}

// start makes timer id pending. It must not be pending; at is positive.
func (q *timers) start(id int32, at tick) {
	t := &q.links[id]
	t.at = at
	if at>>spanBits < q.opened {
		q.pushCurrent(id)
		return
	}
	b := at >> spanBits & (buckets - 1)
	head := q.bucket[b]
	t.next, t.prev = head, none
	if head != none {
		q.links[head].prev = id
	}
	q.bucket[b] = id
	q.filled[b>>6] |= 1 << (b & 63)
}

// stop cancels timer id if it is pending.
func (q *timers) stop(id int32) {
	t := &q.links[id]
	switch {
	case t.at == 0:
		return
	case t.prev == inHeap:
		q.current.remove(int(q.place[id]), q.place)
	default:
		q.unlink(id)
	}
	t.at = 0
}

func (q *timers) unlink(id int32) {
	t := q.links[id]
	if t.next != none {
		q.links[t.next].prev = t.prev
	}
	if t.prev != none {
		q.links[t.prev].next = t.next
		return
	}
	b := t.at >> spanBits & (buckets - 1)
	q.bucket[b] = t.next
	if t.next == none {
		q.filled[b>>6] &^= 1 << (b & 63)
	}
}

// due is the instant at which the queue wants to be called: of the earliest timer, or of the beginning of the next
// span that has some, or never.
func (q *timers) due() tick {
	if len(q.current) > 0 {
		return tick(q.current[0].key)
	}
	if s := q.nextFilled(); s >= 0 {
		return s << spanBits
	}
	return never
}

// wakesFor is when a timer that is due at the given instant wants the queue to be called.
func (q *timers) wakesFor(at tick) tick {
	if at>>spanBits < q.opened {
		return at
	}
	return at &^ (1<<spanBits - 1)
}

// nextFilled is the first span from opened on whose bucket is not empty, or -1.
func (q *timers) nextFilled() tick {
	from := q.opened & (buckets - 1)
	word := from >> 6
	mask := ^uint64(0) << (from & 63)
	for range len(q.filled) + 1 {
		if w := q.filled[word] & mask; w != 0 {
			b := word<<6 + tick(bits.TrailingZeros64(w))
			return q.opened + (b-from)&(buckets-1)
		}
		word, mask = (word+1)&(buckets/64-1), ^uint64(0)
	}
	return -1
}

// expire takes the earliest timer that is due at now, or none when only a span began.
func (q *timers) expire(now tick) int32 {
	if len(q.current) == 0 {
		q.open(now >> spanBits)
	}
	if len(q.current) == 0 || tick(q.current[0].key) > now {
		return none
	}
	id := q.current[0].id
	q.current.remove(0, q.place)
	q.links[id].at = 0
	return id
}

// open moves the timers of the given span to the heap. No earlier span holds any.
func (q *timers) open(span tick) {
	q.opened = span + 1
	for id := q.bucket[span&(buckets-1)]; id != none; {
		next := q.links[id].next
		if q.links[id].at>>spanBits == span {
			q.unlink(id)
			q.pushCurrent(id)
		}
		id = next
	}
}

func (q *timers) pushCurrent(id int32) {
	q.links[id].prev = inHeap
	q.current.push(ranked{key: uint64(q.links[id].at), id: id}, q.place)
}

// grow makes room for the timers of n case records.
func (q *timers) grow(n int) {
	for len(q.links) < timersPerCase*n {
		q.links = append(q.links, timer{})
		q.place = append(q.place, 0)
	}
}

// expect sets a timer of a case. What lies behind the end of the run is not awaited.
func (e *Engine) expect(id int32, c *kase, which int32, at tick) {
	if at < e.end {
		c.pending |= 1 << which
		e.timers.start(id*timersPerCase+which, at)
		if begins := max(e.timers.wakesFor(at), e.now); begins < e.tree.at(e.slots.timers) {
			e.tree.set(e.slots.timers, begins)
		}
	}
}

// stopTimer forgets a timer of a case, if it runs. That the timers may then be looked at for nothing costs less than
// finding the next.
func (e *Engine) stopTimer(id int32, c *kase, which int32) {
	if c.pending>>which&1 == 1 {
		c.pending &^= 1 << which
		e.timers.stop(id*timersPerCase + which)
	}
}

// stopTimers forgets all timers of a case.
func (e *Engine) stopTimers(id int32, c *kase) {
	for which := range int32(timersPerCase) {
		e.stopTimer(id, c, which)
	}
}

// expire handles the earliest timer of a case, if one is due now.
func (e *Engine) expire() {
	timer := e.timers.expire(e.now)
	e.scheduleTimers()
	if timer == none {
		return
	}
	id, which := timer/timersPerCase, timer%timersPerCase
	e.cases.at(id).pending &^= 1 << which
	switch which {
	case lifeTimer:
		e.live(id)
	case updateTimer:
		e.owe(id)
	default:
		e.interject(id)
	}
}

func (e *Engine) scheduleTimers() {
	// A span that has begun but was not opened yet is due now, not in the past.
	e.tree.set(e.slots.timers, max(e.timers.due(), e.now))
}

package calendar

import "math"

// Never stands in batches for the due that a start does not have.
const Never Instant = math.MaxInt64

// Unknown stands in batches for the open time of a span outside the horizon.
const Unknown Duration = math.MinInt64

// block is how many starts a batch takes at a time, so that what lies between its passes stays in the level-1 cache.
//
// The passes are leaves: a call in the loop would keep its variables in memory. So what the tables cannot say is marked
// with misfit, gathered in one word, and repaired afterwards.
const block = 1024

// Deadlines sets dst[i] to the Deadline of starts[i], or to Never where Deadline gives an error, and returns how many
// those are. dst must not be shorter than starts, nor overlap it.
func (t *Timeline) Deadlines(dst, starts []Instant, d Duration) (failed int) {
	var used [block]uint64
	dst = dst[:len(starts)]
	for len(starts) > 0 {
		n := min(block, len(starts))
		unsure := uint64(misfit)
		if d > 0 {
			t.used.fill(used[:n], starts[:n])
			unsure = t.due.fill(dst[:n], used[:n], uint64(d)-1)
		}
		if unsure&misfit != 0 {
			failed += t.repair(dst[:n], starts[:n], d)
		}
		dst, starts = dst[n:], starts[n:]
	}
	return failed
}

// fill sets dst[i] to the open time used before starts[i], or to misfit or more.
func (u *usedTable) fill(dst []uint64, starts []Instant) {
	cells, base, shift, mask := u.cells, u.base, u.shift&63, u.mask
	dst = dst[:len(starts)]
	for i, start := range starts {
		r := uint64(start - base)
		used := uint64(misfit)
		if b := r >> shift; b < uint64(len(cells)) {
			c := &cells[b]
			used = uint64(c.offset) + uint64(min(max(uint32(r)&mask, c.lo), c.hi))
		}
		dst[i] = used
	}
}

// fill sets dst[i] to the instant at which used[i]+more is used, or to misfit or more, and returns all of them together
// by or.
func (u *dueTable) fill(dst []Instant, used []uint64, more uint64) (all uint64) {
	cells, shift, mask := u.cells, u.shift&63, u.mask
	dst = dst[:len(used)]
	for i, v := range used {
		v += more
		due := Instant(misfit)
		if q := v >> shift; q < uint64(len(cells)) {
			due = cells[q].at(uint32(v) & mask)
		}
		dst[i] = due
		all |= uint64(due)
	}
	return all
}

func (t *Timeline) repair(dst, starts []Instant, d Duration) (failed int) {
	for i, due := range dst {
		if d > 0 && due <= t.due.last {
			continue
		}
		due, err := t.deadlineSlow(starts[i], d)
		if err != nil {
			due = Never
			failed++
		}
		dst[i] = due
	}
	return failed
}

// OpenTimes sets dst[i] to the OpenTime from as[i] to bs[i], or to Unknown where OpenTime gives an error, and returns how
// many those are. dst and bs must not be shorter than as.
func (t *Timeline) OpenTimes(dst []Duration, as, bs []Instant) (failed int) {
	var used [block]uint64
	for len(as) > 0 {
		n := min(block, len(as))
		t.used.fill(used[:n], as[:n])
		if t.used.since(dst[:n], used[:n], bs[:n]) >= misfit {
			failed += t.repairOpenTimes(dst[:n], as, bs)
		}
		dst, as, bs = dst[n:], as[n:], bs[n:]
	}
	return failed
}

// since sets dst[i] to the open time used before ends[i] less used[i], and returns all open times used together by or:
// misfit or more where one of them is.
func (u *usedTable) since(dst []Duration, used []uint64, ends []Instant) (all uint64) {
	cells, base, shift, mask := u.cells, u.base, u.shift&63, u.mask
	dst, used = dst[:len(ends)], used[:len(ends)]
	for i, end := range ends {
		r := uint64(end - base)
		until := uint64(misfit)
		if b := r >> shift; b < uint64(len(cells)) {
			c := &cells[b]
			until = uint64(c.offset) + uint64(min(max(uint32(r)&mask, c.lo), c.hi))
		}
		dst[i] = Duration(until - used[i])
		all |= until | used[i]
	}
	return all
}

func (t *Timeline) repairOpenTimes(dst []Duration, as, bs []Instant) (failed int) {
	for i := range dst {
		length, err := t.OpenTime(as[i], bs[i])
		if err != nil {
			length = Unknown
			failed++
		}
		dst[i] = length
	}
	return failed
}

// Dues sets dst[i] to the Due of starts[i], or to Never where there is none, and returns how many those are. dst must not
// be shorter than starts, nor overlap it.
func (p *Policy) Dues(dst, starts []Instant) (failed int) {
	dst = dst[:len(starts)]
	for len(starts) > 0 {
		n := min(block, len(starts))
		if p.fill(dst[:n], starts[:n])&misfit != 0 {
			failed += p.repair(dst[:n], starts[:n])
		}
		dst, starts = dst[n:], starts[n:]
	}
	return failed
}

// fill sets dst[i] to the due of starts[i], or to misfit or more, and returns all of them together by or.
func (p *Policy) fill(dst, starts []Instant) (all uint64) {
	cells, base, shift, mask := p.cells, p.base, p.shift&63, p.mask
	dst = dst[:len(starts)]
	for i, start := range starts {
		r := uint64(start - base)
		due := Instant(misfit)
		if b := r >> shift; b < uint64(len(cells)) {
			due = cells[b].at(uint32(r) & mask)
		}
		dst[i] = due
		all |= uint64(due)
	}
	return all
}

func (p *Policy) repair(dst, starts []Instant) (failed int) {
	for i, due := range dst {
		if due <= p.last {
			continue
		}
		due, ok := p.dueSlow(starts[i])
		if !ok {
			due = Never
			failed++
		}
		dst[i] = due
	}
	return failed
}

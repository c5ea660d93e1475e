package calendar

import "math"

// Never stands in batches for the due that a start does not have.
const Never Instant = math.MaxInt64

// Unknown stands in batches for the open time of a span outside the horizon.
const Unknown Duration = math.MinInt64

// block is how many starts a batch takes at a time: the open time used of a block stays in the level-1 cache.
const block = 1024

// Deadlines sets dst[i] to the Deadline of starts[i], or to Never where Deadline gives an error, and returns how many
// those are. dst may be starts itself, and must not be shorter.
func (t *Timeline) Deadlines(dst, starts []Instant, d Duration) (failed int) {
	var used [block]uint64
	dst = dst[:len(starts)]
	for len(starts) > 0 {
		n := min(block, len(starts))
		if d > 0 {
			t.used.fill(&used, starts[:n], uint64(d)-1)
		} else {
			fillMisfit(&used)
		}
		failed += t.fillDeadlines(dst[:n], starts[:n], &used, d)
		dst, starts = dst[n:], starts[n:]
	}
	return failed
}

// fill writes the open time used at each start, plus more. Two passes keep the clamps free of branches: their result
// becomes no address here.
func (u *usedTable) fill(used *[block]uint64, starts []Instant, more uint64) {
	cells, base, shift, mask := u.cells, u.base, u.shift&63, u.mask
	for i, start := range starts {
		r := uint64(start - base)
		b := r >> shift
		if b >= uint64(len(cells)) {
			used[i&(block-1)] = misfit
			continue
		}
		c := &cells[b]
		used[i&(block-1)] = uint64(c.offset) + uint64(min(max(uint32(r)&mask, c.lo), c.hi)) + more
	}
}

func fillMisfit(used *[block]uint64) {
	for i := range used {
		used[i] = misfit
	}
}

func (t *Timeline) fillDeadlines(dst, starts []Instant, used *[block]uint64, d Duration) (failed int) {
	cells, shift, mask, last := t.due.cells, t.due.shift&63, t.due.mask, t.due.last
	for i := range dst {
		v := used[i&(block-1)]
		if q := v >> shift; q < uint64(len(cells)) {
			if due := cells[q].at(uint32(v) & mask); due <= last {
				dst[i] = due
				continue
			}
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
	dst, bs = dst[:len(as)], bs[:len(as)]
	for i, a := range as {
		length, err := t.OpenTime(a, bs[i])
		if err != nil {
			length = Unknown
			failed++
		}
		dst[i] = length
	}
	return failed
}

// Dues sets dst[i] to the Due of starts[i], or to Never where there is none, and returns how many those are. dst may be
// starts itself, and must not be shorter.
func (p *Policy) Dues(dst, starts []Instant) (failed int) {
	dst = dst[:len(starts)]
	cells, base, shift, mask, last := p.cells, p.base, p.shift&63, p.mask, p.last
	for i, start := range starts {
		r := uint64(start - base)
		if b := r >> shift; b < uint64(len(cells)) {
			if due := cells[b].at(uint32(r) & mask); due <= last {
				dst[i] = due
				continue
			}
		}
		due, ok := p.dueSlow(start)
		if !ok {
			due = Never
			failed++
		}
		dst[i] = due
	}
	return failed
}

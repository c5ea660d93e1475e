package calendar

import "math"

// Never stands in batches for the due that a start does not have.
const Never Instant = math.MaxInt64

// Unknown stands in batches for the open time of a span outside the horizon.
const Unknown Duration = math.MinInt64

// block is how many starts a batch takes at a time, so that what lies between its passes stays in the level-1 cache.
//
// What the tables cannot say the passes mark with misfit, and gather in one word; it is repaired afterwards.
const block = 1024

// Deadlines sets dst[i] to the Deadline of starts[i], or to Never where Deadline gives an error, and returns how many
// those are. dst must not be shorter than starts, nor overlap it.
func (t *Timeline) Deadlines(dst, starts []Instant, d Duration) (failed int) {
	var used [block]Duration
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
	for len(as) > 0 {
		n := min(block, len(as))
		t.used.fill(dst[:n], as[:n])
		if t.used.since(dst[:n], bs[:n]) >= misfit {
			failed += t.repairOpenTimes(dst[:n], as, bs)
		}
		dst, as, bs = dst[n:], as[n:], bs[n:]
	}
	return failed
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

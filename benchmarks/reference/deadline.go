package reference

// DeadlineTable adds one length of open time to an instant with one load: the floor for deadline arithmetic. It counts in
// seconds, checks no horizon, and fits only calendars without short breaks.
type DeadlineTable struct {
	base  uint32
	cells []deadlineCell
}

// deadlineCell is one bucket of starts: with x = the start's place in the bucket, between lo and hi, the due is x + due,
// and gap more where x exceeds jump.
type deadlineCell struct {
	lo, hi, jump uint16
	due, gap     uint32
}

const deadlineShift = 15 // buckets of 2^15 seconds, shorter than any night

// NewDeadlineTable tabulates due, which gives the due of a start in seconds, for the starts in [from, to). due rises as
// fast as the start or stands still, but for jumps of more than a minute, at most one a bucket.
func NewDeadlineTable(from, to uint32, due func(start uint32) uint32) *DeadlineTable {
	t := &DeadlineTable{base: from}
	for start := from; start < to; start += 1 << deadlineShift {
		t.cells = append(t.cells, newDeadlineCell(start, due))
	}
	return t
}

func newDeadlineCell(start uint32, due func(uint32) uint32) deadlineCell {
	const width = 1 << deadlineShift
	c := deadlineCell{jump: 1<<16 - 1}
	first, rising := due(start), false
	last := first
	rises := uint32(0)
	for r := uint32(1); r < width; r++ {
		step := due(start+r) - last
		last += step
		if step > 60 {
			c.jump, c.gap = uint16(r-1), step
			step = 0
			if rising { // the start rose by a second as well
				c.gap--
				step = 1
			}
		}
		if step == 1 && !rising {
			c.lo, rising = uint16(r-1), true
		}
		if rising && step == 0 {
			rising = false
		}
		rises += step
	}
	c.hi = c.lo + uint16(rises)
	c.due = first - uint32(c.lo)
	return c
}

// Fill sets dst[i] to the due of starts[i].
func (t *DeadlineTable) Fill(dst, starts []uint32) {
	cells, base := t.cells, t.base
	dst = dst[:len(starts)]
	for i, start := range starts {
		r := start - base
		c := &cells[r>>deadlineShift]
		x := min(max(r&(1<<deadlineShift-1), uint32(c.lo)), uint32(c.hi))
		dst[i] = x + c.due + c.gap&uint32(int32(uint32(c.jump)-x)>>31)
	}
}

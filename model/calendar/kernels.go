package calendar

// The kernels are the loops of batches. They are leaves: a call in the loop would keep its variables in memory. Where
// they are faster, a build with GOEXPERIMENT=simd puts vector instructions in their place (kernels_simd_amd64.go); these
// are the ones for all other machines, and for the last few of a batch.

// fillPortable sets dst[i] to the open time used before starts[i], or to misfit or more.
func (u *usedTable) fillPortable(dst []Duration, starts []Instant) {
	cells, base, shift, mask := u.cells, u.base, u.shift&63, u.mask
	dst = dst[:len(starts)]
	for i, start := range starts {
		r := uint64(start - base)
		used := uint64(misfit)
		if b := r >> shift; b < uint64(len(cells)) {
			c := &cells[b]
			used = uint64(c.offset) + uint64(min(max(uint32(r)&mask, c.lo), c.hi))
		}
		dst[i] = Duration(used)
	}
}

// fillPortable sets dst[i] to the instant at which used[i]+more is used, or to misfit or more, and returns all of them together
// by or.
func (u *dueTable) fillPortable(dst []Instant, used []Duration, more uint64) (all uint64) {
	cells, shift, mask := u.cells, u.shift&63, u.mask
	dst = dst[:len(used)]
	for i, before := range used {
		v := uint64(before) + more
		due := Instant(misfit)
		if q := v >> shift; q < uint64(len(cells)) {
			due = cells[q].at(uint32(v) & mask)
		}
		dst[i] = due
		all |= uint64(due)
	}
	return all
}

// sincePortable takes dst[i] from the open time used before ends[i], and returns all open times used together by or:
// misfit or more where one of them is.
func (u *usedTable) sincePortable(dst []Duration, ends []Instant) (all uint64) {
	cells, base, shift, mask := u.cells, u.base, u.shift&63, u.mask
	dst = dst[:len(ends)]
	for i, end := range ends {
		r := uint64(end - base)
		until := uint64(misfit)
		if b := r >> shift; b < uint64(len(cells)) {
			c := &cells[b]
			until = uint64(c.offset) + uint64(min(max(uint32(r)&mask, c.lo), c.hi))
		}
		before := uint64(dst[i])
		dst[i] = Duration(until - before)
		all |= until | before
	}
	return all
}

// fillPortable sets dst[i] to the due of starts[i], or to misfit or more, and returns all of them together by or.
func (p *Policy) fillPortable(dst, starts []Instant) (all uint64) {
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

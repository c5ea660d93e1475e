//go:build goexperiment.simd

package calendar

import (
	"simd/archsimd"
	"unsafe"
)

// These kernels take four instants at a time, each in 64 bits of a vector of AVX2. There is no instruction for the
// look-up of four cells that would be faster than four loads, so the cells are loaded one by one and turned around, that
// the first words of all four lie in one vector, the second words in the next. A load takes 32 bytes, which is more than
// a cell; so the last cell of a table is not theirs. Four instants of which one has no cell go to the portable kernel.

// Kernels names the kernels of batches that this program runs on this machine.
func Kernels() string {
	if archsimd.X86.AVX2() {
		return "AVX2"
	}
	return "portable (no AVX2 here)"
}

const lanes = 4

type vector = archsimd.Uint64x4

// four is where a vector's worth of numbers begins.
func four[T ~int64](s []T, i int) *[lanes]uint64 {
	return (*[lanes]uint64)(unsafe.Pointer(unsafe.SliceData(s[i : i+lanes : i+lanes])))
}

// same is x in each lane. It goes through memory, since the compiler's broadcast begins with an instruction of SSE, which
// is slow while vectors of AVX are in use.
func same(x uint64) vector {
	words := [lanes]uint64{x, x, x, x}
	return archsimd.LoadUint64x4(&words)
}

// load is 32 bytes from so many bytes after p on.
func load(p unsafe.Pointer, at uint64) vector {
	return archsimd.LoadUint64x4((*[lanes]uint64)(unsafe.Add(p, at)))
}

// pairs are the words of four cells of 16 bytes, which begin at such distances from p.
func pairs(p unsafe.Pointer, at *[lanes]uint64) (first, second vector) {
	ac := load(p, at[0]).Select128FromPair(0, 2, load(p, at[2]))
	bd := load(p, at[1]).Select128FromPair(0, 2, load(p, at[3]))
	return ac.InterleaveLoGrouped(bd), ac.InterleaveHiGrouped(bd)
}

// triples are the words of four cells of 24 bytes.
func triples(p unsafe.Pointer, at *[lanes]uint64) (first, second, third vector) {
	a, b, c, d := load(p, at[0]), load(p, at[1]), load(p, at[2]), load(p, at[3])
	ab, cd := a.InterleaveLoGrouped(b), c.InterleaveLoGrouped(d) // words one and three
	first, third = ab.Select128FromPair(0, 2, cd), ab.Select128FromPair(1, 3, cd)
	second = a.InterleaveHiGrouped(b).Select128FromPair(0, 2, c.InterleaveHiGrouped(d))
	return first, second, third
}

// anyAbove reports whether a number of x, below 2^63 as those of limit, is above its limit.
func anyAbove(x, limit vector) bool {
	return !x.AsInt64x4().Greater(limit.AsInt64x4()).ToInt64x4().IsZero()
}

// within is min(max(r, lo), hi) for numbers below 2^32, with lo in the lower halves of bounds and hi in the upper ones.
func within(r, bounds, half vector) vector {
	raised := r.AsUint32x8().Max(bounds.AsUint32x8())
	return raised.Min(bounds.ShiftRight(half).AsUint32x8()).AsUint64x4()
}

// gap is the gap in the upper half of each jump where r is above its lower half, else zero. Both are below 2^31.
func gap(r, jump, half vector) vector {
	above := jump.AsInt32x8().Sub(r.AsInt32x8()).ShiftAllRight(31).AsUint64x4()
	return jump.ShiftRight(half).And(above)
}

// anyOf is all numbers of x together by or.
func anyOf(x vector) uint64 {
	var words [lanes]uint64
	x.Store(&words)
	return words[0] | words[1] | words[2] | words[3]
}

func (u *usedTable) fill(dst []Duration, starts []Instant) {
	if !archsimd.X86.AVX2() || len(u.cells) < 2 {
		u.fillPortable(dst, starts)
		return
	}
	var at [lanes]uint64 // cleared by an instruction of SSE, so before there are vectors
	cells, base := unsafe.Pointer(unsafe.SliceData(u.cells)), same(uint64(u.base))
	shift, mask := same(uint64(u.shift)), same(uint64(u.mask))
	last := same(uint64(len(u.cells) - 2))
	half := same(32)
	dst = dst[:len(starts)]
	i := 0
	for ; i+lanes <= len(starts); i += lanes {
		r := archsimd.LoadUint64x4(four(starts, i)).Sub(base)
		b := r.ShiftRight(shift)
		if anyAbove(b, last) {
			u.fillPortable(dst[i:i+lanes], starts[i:i+lanes])
			continue
		}
		b.ShiftAllLeft(4).Store(&at)
		offset, bounds := pairs(cells, &at)
		offset.Add(within(r.And(mask), bounds, half)).Store(four(dst, i))
	}
	archsimd.ClearAVXUpperBits()
	u.fillPortable(dst[i:], starts[i:])
}

func (u *usedTable) since(dst []Duration, ends []Instant) (all uint64) {
	if !archsimd.X86.AVX2() || len(u.cells) < 2 {
		return u.sincePortable(dst, ends)
	}
	var at [lanes]uint64
	cells, base := unsafe.Pointer(unsafe.SliceData(u.cells)), same(uint64(u.base))
	shift, mask := same(uint64(u.shift)), same(uint64(u.mask))
	last := same(uint64(len(u.cells) - 2))
	half := same(32)
	dst = dst[:len(ends)]
	i := 0
	var together vector
	for ; i+lanes <= len(ends); i += lanes {
		r := archsimd.LoadUint64x4(four(ends, i)).Sub(base)
		b := r.ShiftRight(shift)
		if anyAbove(b, last) {
			all |= u.sincePortable(dst[i:i+lanes], ends[i:i+lanes])
			continue
		}
		b.ShiftAllLeft(4).Store(&at)
		offset, bounds := pairs(cells, &at)
		before := archsimd.LoadUint64x4(four(dst, i))
		until := offset.Add(within(r.And(mask), bounds, half))
		until.Sub(before).Store(four(dst, i))
		together = together.Or(until).Or(before)
	}
	all |= anyOf(together)
	archsimd.ClearAVXUpperBits()
	return all | u.sincePortable(dst[i:], ends[i:])
}

func (u *dueTable) fill(dst []Instant, used []Duration, more uint64) (all uint64) {
	if !archsimd.X86.AVX2() || len(u.cells) < 2 {
		return u.fillPortable(dst, used, more)
	}
	var at [lanes]uint64
	cells, add := unsafe.Pointer(unsafe.SliceData(u.cells)), same(more)
	shift, mask := same(uint64(u.shift)), same(uint64(u.mask))
	last := same(uint64(len(u.cells) - 2))
	half := same(32)
	dst = dst[:len(used)]
	i := 0
	var together vector
	for ; i+lanes <= len(used); i += lanes {
		v := archsimd.LoadUint64x4(four(used, i)).Add(add)
		q := v.ShiftRight(shift)
		if anyAbove(q, last) {
			all |= u.fillPortable(dst[i:i+lanes], used[i:i+lanes], more)
			continue
		}
		q.ShiftAllLeft(4).Store(&at)
		offset, jump := pairs(cells, &at)
		r := v.And(mask)
		due := offset.Add(r).Add(gap(r, jump, half))
		due.Store(four(dst, i))
		together = together.Or(due)
	}
	all |= anyOf(together)
	archsimd.ClearAVXUpperBits()
	return all | u.fillPortable(dst[i:], used[i:], more)
}

// scattered is how many starts are looked up one by one before the next attempt to find several in one cell.
const scattered = 64

// fill takes the starts that lie in one cell together: many do where starts are sorted.
func (p *Policy) fill(dst, starts []Instant) (all uint64) {
	if !archsimd.X86.AVX2() || len(p.cells) < 2 {
		return p.fillPortable(dst, starts)
	}
	for len(starts) > 0 {
		n, part := p.fillRun(dst, starts)
		if n == 0 {
			n = min(scattered, len(starts))
			part = p.fillScattered(dst[:n], starts[:n])
		}
		all |= part
		dst, starts = dst[n:], starts[n:]
	}
	return all
}

// fillRun is fill for the first n starts, as many as lie in one cell, by fours.
func (p *Policy) fillRun(dst, starts []Instant) (n int, all uint64) {
	b := uint64(starts[0]-p.base) >> (p.shift & 63)
	end := min(scattered, len(starts)) - 1
	if b >= uint64(len(p.cells)) || uint64(starts[end]-p.base)>>(p.shift&63) != b {
		return 0, 0
	}
	c := &p.cells[b]
	base, shift := same(uint64(p.base)+b<<(p.shift&63)), same(uint64(p.shift))
	offset, half := same(uint64(c.offset)), same(32)
	bounds := same(uint64(c.hi)<<32 | uint64(c.lo))
	jump := same(uint64(c.gap)<<32 | uint64(c.jump))
	dst = dst[:len(starts)]
	var together vector
	for ; n+lanes <= len(starts); n += lanes {
		r := archsimd.LoadUint64x4(four(starts, n)).Sub(base)
		if !r.ShiftRight(shift).IsZero() {
			break
		}
		due := offset.Add(within(r, bounds, half)).Add(gap(r, jump, half))
		due.Store(four(dst, n))
		together = together.Or(due)
	}
	all = anyOf(together)
	archsimd.ClearAVXUpperBits()
	return n, all
}

// fillScattered is fill for starts each in a cell of its own.
func (p *Policy) fillScattered(dst, starts []Instant) (all uint64) {
	var at [lanes]uint64
	cells, base := unsafe.Pointer(unsafe.SliceData(p.cells)), same(uint64(p.base))
	shift, mask := same(uint64(p.shift)), same(uint64(p.mask))
	last := same(uint64(len(p.cells) - 2))
	half := same(32)
	dst = dst[:len(starts)]
	i := 0
	var together vector
	for ; i+lanes <= len(starts); i += lanes {
		r := archsimd.LoadUint64x4(four(starts, i)).Sub(base)
		b := r.ShiftRight(shift)
		if anyAbove(b, last) {
			all |= p.fillPortable(dst[i:i+lanes], starts[i:i+lanes])
			continue
		}
		b.ShiftAllLeft(4).Add(b.ShiftAllLeft(3)).Store(&at)
		offset, bounds, jump := triples(cells, &at)
		r = r.And(mask)
		due := offset.Add(within(r, bounds, half)).Add(gap(r, jump, half))
		due.Store(four(dst, i))
		together = together.Or(due)
	}
	all |= anyOf(together)
	archsimd.ClearAVXUpperBits()
	return all | p.fillPortable(dst[i:], starts[i:])
}

package calendar

import "sort"

// piece is one straight part of a function of integers: from at on, up to the next piece, the value is
// value + slope*(x-at). The slope is 0 or 1.
type piece struct{ at, value, slope int64 }

// function is a non-decreasing, piecewise linear function on [first piece, limit).
type function struct {
	pieces []piece
	limit  int64
}

// at is the value at x; ok is false outside the domain.
func (f *function) at(x int64) (value int64, ok bool) {
	if len(f.pieces) == 0 || x < f.pieces[0].at || x >= f.limit {
		return 0, false
	}
	i := sort.Search(len(f.pieces), func(i int) bool { return f.pieces[i].at > x }) - 1
	return f.pieces[i].valueAt(x), true
}

func (p *piece) valueAt(x int64) int64 { return p.value + p.slope*(x-p.at) }

// add appends a piece; one that begins where the last does replaces it, one that continues it is left out.
func (f *function) add(p piece) {
	n := len(f.pieces)
	if n > 0 && f.pieces[n-1].at == p.at {
		f.pieces[n-1] = p
		return
	}
	if n > 0 && f.pieces[n-1].slope == p.slope && f.pieces[n-1].valueAt(p.at) == p.value {
		return
	}
	f.pieces = append(f.pieces, p)
}

// addWithin is add for a piece that ends at until, with values below low raised to low and those above high lowered.
func (f *function) addWithin(p piece, until, low, high int64) {
	switch last := p.valueAt(until); {
	case last <= low:
		f.add(piece{at: p.at, value: low})
	case p.value >= high:
		f.add(piece{at: p.at, value: high})
	case p.value < low: // and rising
		f.add(piece{at: p.at, value: low})
		f.addWithin(piece{p.at + low - p.value, low, 1}, until, low, high)
	default:
		f.add(p)
		if last > high {
			f.add(piece{at: p.at + high - p.value, value: high})
		}
	}
}

// cell is a function over one bucket, with r the distance from the bucket's start:
//
//	offset + clamp(r, lo, hi) + (gap where r > jump)
//
// that is, at most one rising stretch and at most one jump.
type cell struct {
	offset       int64
	lo, hi, jump uint32
	gap          uint32
}

// misfit is the offset of a cell whose function is more complicated, or not defined throughout. It is larger than any
// value, so that a check of the result against the largest value finds it.
const misfit = 1 << 62

// Bucket widths are powers of two milliseconds. The widest keeps r and its bounds in 31 bits.
const (
	narrowestShift = 10
	widestShift    = 30
)

// maxCells keeps a table within a level-2 cache: 1.5 MiB of cells.
const maxCells = 1 << 16

// cells tabulates f from base on, in buckets of 1<<shift. It takes the widest buckets of which at most one in 64 is a
// misfit: calendars with short breaks need finer ones, and a cell for each would waste the cache.
func (f *function) cells(base int64) (cells []cell, shift uint) {
	for shift = widestShift; ; shift-- {
		buckets := int((f.limit-base-1)>>shift) + 1
		finest := shift == narrowestShift || 2*buckets > maxCells
		allowed := buckets / 64
		if finest {
			allowed = buckets
		}
		if cells = f.fill(cells[:0], base, shift, buckets, allowed); len(cells) == buckets {
			return cells, shift
		}
	}
}

// fill appends the cells of the buckets. It stops early when more than allowed are misfits.
func (f *function) fill(cells []cell, base int64, shift uint, buckets, allowed int) []cell {
	misfits := 0
	first := 0 // piece that holds the start of the bucket
	for b := range buckets {
		start := base + int64(b)<<shift
		for first+1 < len(f.pieces) && f.pieces[first+1].at <= start {
			first++
		}
		c := cell{offset: misfit}
		if start+1<<shift <= f.limit && start >= f.pieces[0].at {
			c = f.fit(first, start, 1<<shift)
		}
		if c.offset == misfit {
			if misfits++; misfits > allowed {
				return cells
			}
		}
		cells = append(cells, c)
	}
	return cells
}

// fit is the cell of the bucket [start, start+width), which begins inside the first piece.
func (f *function) fit(first int, start, width int64) cell {
	pieces := f.pieces[first:]
	end := 1
	for end < len(pieces) && pieces[end].at < start+width {
		end++
	}
	if end > maxPiecesOfCell {
		return cell{offset: misfit}
	}
	pieces = pieces[:end]
	lo, hi, straight := rise(pieces, start, width)
	c := cell{offset: pieces[0].valueAt(start) - lo, lo: uint32(lo), hi: uint32(hi), jump: uint32(width)}
	jumped := int64(0)
	for i := range pieces {
		r := max(pieces[i].at-start, 0)
		ahead := pieces[i].valueAt(start+r) - c.offset - min(max(r, lo), hi) - jumped
		if ahead == 0 {
			continue
		}
		if jumped != 0 || ahead < 0 || ahead >= 1<<32 {
			return cell{offset: misfit}
		}
		jumped, c.jump, c.gap = ahead, uint32(r-1), uint32(ahead)
	}
	if !straight {
		return cell{offset: misfit}
	}
	return c
}

// maxPiecesOfCell is the largest number of pieces that one rise and one jump can have.
const maxPiecesOfCell = 5

// rise is the stretch of the bucket in which the pieces rise, and whether it is a single one.
func rise(pieces []piece, start, width int64) (lo, hi int64, single bool) {
	single = true
	rising := false
	for i, p := range pieces {
		from, to := max(p.at-start, 0), width
		if i+1 < len(pieces) {
			to = pieces[i+1].at - start
		}
		switch {
		case p.slope == 0:
			continue
		case !rising:
			lo, rising = from, true
		case from != hi:
			single = false
		}
		hi = to
	}
	return lo, hi, single
}

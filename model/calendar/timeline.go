package calendar

import (
	"iter"
	"sort"
)

// Timeline is a compiled calendar: what a Definition says, as open intervals of UTC and two tables. Open time since the
// start of the horizon is a function of the instant; its inverse gives the instant at which so much open time is used.
// Both are piecewise linear, so one bucket of either table needs a few adds and compares and no search.
//
// A Timeline is read-only and may be shared by goroutines. No method but Explain, Policy and Intervals allocates.
type Timeline struct {
	used usedTable
	due  dueTable

	open       []Interval // sorted, not overlapping and not touching
	usedSlow   function   // instant -> open time used since the start of the horizon
	dueSlow    function   // open time used -> earliest such instant
	days       []businessDay
	horizon    Interval
	clock      localClock
	definition *Definition
	outside    *OutsideHorizonError
	past       *PastHorizonError
}

// usedTable holds open time used, by instant. Its cells have no jumps.
type usedTable struct {
	base  Instant
	shift uint
	mask  uint32
	cells []usedCell
}

type usedCell struct {
	offset int64
	lo, hi uint32
}

// dueTable holds instants, by open time used. Its cells rise everywhere.
type dueTable struct {
	shift uint
	mask  uint32
	last  Instant // the largest good result
	cells []dueCell
}

type dueCell struct {
	offset    int64
	jump, gap uint32
}

func newTimeline(d *Definition, clock localClock, horizon Interval, open []Interval, days []businessDay) *Timeline {
	t := &Timeline{
		open: open, days: days, horizon: horizon, clock: clock, definition: d,
		outside: &OutsideHorizonError{horizon}, past: &PastHorizonError{horizon},
	}
	t.usedSlow = function{pieces: make([]piece, 0, 2*len(open)+1), limit: int64(horizon.To)}
	t.dueSlow = function{pieces: make([]piece, 0, len(open)+1)}
	t.usedSlow.add(piece{at: int64(horizon.From)})
	used := int64(0)
	for _, iv := range open {
		t.usedSlow.add(piece{at: int64(iv.From), value: used, slope: 1})
		t.dueSlow.add(piece{at: used + 1, value: int64(iv.From) + 1, slope: 1})
		used += int64(iv.Length())
		if iv.To < horizon.To {
			t.usedSlow.add(piece{at: int64(iv.To), value: used})
		}
	}
	t.dueSlow.limit = used + 1
	t.used.compile(&t.usedSlow, horizon.From)
	t.due.compile(&t.dueSlow)
	return t
}

func (u *usedTable) compile(f *function, base Instant) {
	cells, shift := f.cells(int64(base))
	u.base, u.shift, u.mask, u.cells = base, shift, 1<<shift-1, make([]usedCell, len(cells))
	for i, c := range cells {
		u.cells[i] = usedCell{c.offset, c.lo, c.hi}
	}
}

func (u *dueTable) compile(f *function) {
	cells, shift := f.cells(1)
	last, _ := f.at(f.limit - 1)
	u.shift, u.mask, u.last, u.cells = shift, 1<<shift-1, Instant(last), make([]dueCell, len(cells))
	for i, c := range cells {
		u.cells[i] = dueCell{c.offset, c.jump, c.gap}
	}
}

// Horizon is the time for which the calendar was compiled.
func (t *Timeline) Horizon() Interval { return t.horizon }

// Definition is what the timeline was compiled from, with the windows of each day and the holidays sorted. The caller
// must not change it.
func (t *Timeline) Definition() *Definition { return t.definition }

func (t *Timeline) contains(at Instant) bool { return at >= t.horizon.From && at < t.horizon.To }

// Deadline is the earliest instant at which d of open time has been used since the start. A target that ends with the
// opening hours is due at closing, not at the next opening. Zero returns the start. A negative d works exactly
// backwards: the latest instant from which -d of open time is left until the start. A start outside the horizon is an
// *OutsideHorizonError, a result outside a *PastHorizonError; neither allocates.
func (t *Timeline) Deadline(start Instant, d Duration) (Instant, error) {
	r := uint64(start - t.used.base)
	b := r >> (t.used.shift & 63)
	if b < uint64(len(t.used.cells)) && d > 0 {
		c := &t.used.cells[b]
		used := uint64(c.offset) + uint64(clamp(uint32(r)&t.used.mask, c.lo, c.hi)) + uint64(d) - 1
		if q := used >> (t.due.shift & 63); q < uint64(len(t.due.cells)) {
			if due := t.due.cells[q].at(uint32(used) & t.due.mask); due <= t.due.last {
				return due, nil
			}
		}
	}
	return t.deadlineSlow(start, d)
}

// at is the instant at r milliseconds of open time after the start of the cell.
func (c *dueCell) at(r uint32) Instant {
	return Instant(c.offset + int64(r) + int64(c.gap&uint32(int32(c.jump-r)>>31)))
}

// clamp is min(max(x, lo), hi) for values below 2^31 and lo <= hi, by arithmetic: the compiler makes branches of min and
// max whose result becomes an address, and those mispredict on scattered instants.
func clamp(x, lo, hi uint32) uint32 {
	above := int32(x - lo)
	x = lo + uint32(above&^(above>>31))
	below := int32(x - hi)
	return hi + uint32(below&(below>>31))
}

func (t *Timeline) deadlineSlow(start Instant, d Duration) (Instant, error) {
	used, ok := t.usedSlow.at(int64(start))
	switch {
	case !ok:
		return 0, t.outside
	case d == 0:
		return start, nil
	case d > 0:
		return t.instantOf(used, d)
	case used+int64(d) < 0:
		return 0, t.past
	}
	due, err := t.instantOf(used+int64(d), 1) // open time is used just after the latest instant that precedes it
	return due - 1, err
}

// instantOf is the earliest instant at which used+more open time is used; more is positive.
func (t *Timeline) instantOf(used int64, more Duration) (Instant, error) {
	if int64(more) > t.dueSlow.limit {
		return 0, t.past
	}
	due, ok := t.dueSlow.at(used + int64(more))
	if !ok {
		return 0, t.past
	}
	return Instant(due), nil
}

// OpenTime is the open time from a to b, negative where b is before a. Both lie in the horizon; its end counts as inside.
func (t *Timeline) OpenTime(a, b Instant) (Duration, error) {
	usedA, usedB := t.used.at(a), t.used.at(b)
	if usedA|usedB < misfit {
		return Duration(usedB - usedA), nil
	}
	return t.openTimeSlow(a, b)
}

// at is the open time used before the instant, or misfit or more.
func (u *usedTable) at(at Instant) uint64 {
	r := uint64(at - u.base)
	b := r >> (u.shift & 63)
	if b >= uint64(len(u.cells)) {
		return misfit
	}
	c := &u.cells[b]
	return uint64(c.offset) + uint64(min(max(uint32(r)&u.mask, c.lo), c.hi))
}

func (t *Timeline) openTimeSlow(a, b Instant) (Duration, error) {
	usedA, okA := t.usedBefore(a)
	usedB, okB := t.usedBefore(b)
	if !okA || !okB {
		return 0, t.outside
	}
	return Duration(usedB - usedA), nil
}

// usedBefore is the open time of the horizon before the instant, which may be the horizon's end.
func (t *Timeline) usedBefore(at Instant) (int64, bool) {
	if at == t.horizon.To {
		return t.dueSlow.limit - 1, true
	}
	return t.usedSlow.at(int64(at))
}

// next is the index of the first open interval that ends after the instant.
func (t *Timeline) next(at Instant) int {
	return sort.Search(len(t.open), func(i int) bool { return t.open[i].To > at })
}

// IsOpen reports whether the calendar is open at the instant; outside the horizon it is not.
func (t *Timeline) IsOpen(at Instant) bool {
	i := t.next(at)
	return i < len(t.open) && t.open[i].From <= at
}

// NextOpening is the first instant, not before at, at which opening hours begin.
func (t *Timeline) NextOpening(at Instant) (Instant, error) {
	if !t.contains(at) {
		return 0, t.outside
	}
	i := sort.Search(len(t.open), func(i int) bool { return t.open[i].From >= at })
	if i == len(t.open) {
		return 0, t.past
	}
	return t.open[i].From, nil
}

// PreviousClosing is the last instant, not after at, at which opening hours end. The end of the horizon is no closing.
func (t *Timeline) PreviousClosing(at Instant) (Instant, error) {
	if !t.contains(at) {
		return 0, t.outside
	}
	i := t.next(at)
	if i == 0 {
		return 0, t.past
	}
	return t.open[i-1].To, nil
}

// RollToOpening is at itself while the calendar is open, else the next opening. Deadline never rolls; those who read a
// target that ends with the opening hours as due at the next opening roll its result.
func (t *Timeline) RollToOpening(at Instant) (Instant, error) {
	if !t.contains(at) {
		return 0, t.outside
	}
	i := t.next(at)
	if i == len(t.open) {
		return 0, t.past
	}
	return max(at, t.open[i].From), nil
}

// Intervals are the open intervals in order. They do not touch one another; the first and the last are cut at the
// horizon.
func (t *Timeline) Intervals() iter.Seq[Interval] {
	return func(yield func(Interval) bool) {
		for _, iv := range t.open {
			if !yield(iv) {
				return
			}
		}
	}
}

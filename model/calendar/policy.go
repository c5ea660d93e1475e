package calendar

import (
	"iter"
	"math"
	"slices"
	"sort"
)

// Policy is one target on one Timeline: a single table from start to due, the same for every unit. It is read-only and
// may be shared by goroutines.
type Policy struct {
	base  Instant
	shift uint
	mask  uint32
	last  Instant // the largest good result
	cells []cell

	slow     function // start -> due
	target   Target
	timeline *Timeline
}

// Policy tabulates the target. It is an error where no start in the horizon has its due in the horizon.
func (t *Timeline) Policy(target Target) (*Policy, error) { return t.PolicyFrom(t.horizon, target) }

// PolicyFrom is Policy for clocks that start in a part of the horizon only, which takes less memory.
func (t *Timeline) PolicyFrom(starts Interval, target Target) (*Policy, error) {
	if err := target.check(); err != nil {
		return nil, err
	}
	f := t.dues(target)
	f.cut(int64(t.horizon.To))
	f.restrict(int64(starts.From), int64(starts.To))
	if len(f.pieces) == 0 {
		return nil, t.past
	}
	p := &Policy{base: Instant(f.pieces[0].at), last: t.horizon.To, slow: f, target: target, timeline: t}
	p.cells, p.shift = f.cells(int64(p.base))
	p.mask = 1<<p.shift - 1
	return p, nil
}

// Target is what the policy promises.
func (p *Policy) Target() Target { return p.target }

// Timeline is the calendar on which the policy counts.
func (p *Policy) Timeline() *Timeline { return p.timeline }

// Stretch is a stretch of starts in which the due stands still or rises with the start.
type Stretch struct {
	Interval         // of the starts
	Due      Instant // of the first one
	Rises    bool
}

// Stretches are those of all starts that have a due, in order and touching.
func (p *Policy) Stretches() iter.Seq[Stretch] {
	return func(yield func(Stretch) bool) {
		for i, at := range p.slow.pieces {
			to := p.slow.limit
			if i+1 < len(p.slow.pieces) {
				to = p.slow.pieces[i+1].at
			}
			if !yield(Stretch{Interval{Instant(at.at), Instant(to)}, Instant(at.value), at.slope == 1}) {
				return
			}
		}
	}
}

// Due is the instant at which the target is due for a clock that starts at start. It is false where the start lies
// outside the horizon, or the part of it that the policy is for, or the due past the horizon.
func (p *Policy) Due(start Instant) (Instant, bool) {
	r := uint64(start - p.base)
	if b := r >> (p.shift & 63); b < uint64(len(p.cells)) {
		if due := p.cells[b].at(uint32(r) & p.mask); due <= p.last {
			return due, true
		}
	}
	return p.dueSlow(start)
}

func (p *Policy) dueSlow(start Instant) (Instant, bool) {
	due, ok := p.slow.at(int64(start))
	return Instant(due), ok
}

// at is the value at r milliseconds after the start of the cell, or misfit.
func (c *cell) at(r uint32) Instant {
	x := min(max(r, c.lo), c.hi)
	return Instant(c.offset + int64(x) + int64(c.gap&uint32(int32(c.jump-r)>>31)))
}

// dues is the function from start to due, not yet cut at the horizon.
func (t *Timeline) dues(target Target) function {
	switch {
	case target.Unit == BusinessDays && target.Amount > 0 && t.definition.BusinessDay == SameTime:
		return t.sameTimes(target.Amount)
	case target.Unit == BusinessDays:
		return t.endsOfDays(target.Amount)
	case target.Unit == Months && target.Amount > 0:
		return t.months(target.Amount)
	case target.Unit == Open && target.Amount > 0:
		return t.deadlines(target.Amount)
	}
	from := int64(t.horizon.From)
	if target.Amount > int64(t.horizon.Length()) {
		return function{}
	}
	return function{pieces: []piece{{from, from + target.Amount, 1}}, limit: int64(t.horizon.To)}
}

// dueCursor walks along the open intervals with growing open time used.
type dueCursor struct {
	open []Interval // those from the current one on
	used int64      // before the current one
}

// at is the earliest instant at which so much open time is used, and how much may be added until the next closing.
func (c *dueCursor) at(used int64) (due Instant, left int64, ok bool) {
	for len(c.open) > 0 && c.used+int64(c.open[0].Length()) < used {
		c.used += int64(c.open[0].Length())
		c.open = c.open[1:]
	}
	if len(c.open) == 0 {
		return 0, 0, false
	}
	due = c.open[0].From + Instant(used-c.used)
	return due, int64(c.open[0].To - due), true
}

// deadlines is Deadline with a fixed length: it rises while the start is in open hours, and jumps where the due crosses a
// closing.
func (t *Timeline) deadlines(length int64) function {
	f := function{pieces: make([]piece, 0, 4*len(t.open)), limit: int64(t.horizon.To)}
	if length >= t.dueSlow.limit {
		return function{}
	}
	cursor := dueCursor{open: t.open}
	first, _, _ := cursor.at(length)
	f.add(piece{int64(t.horizon.From), int64(first), 0})
	used := int64(0)
	for _, iv := range t.open {
		for at := iv.From; at < iv.To; {
			due, left, ok := cursor.at(used + int64(at-iv.From) + length)
			if !ok {
				f.limit = int64(at)
				return f
			}
			f.add(piece{int64(at), int64(due), 1})
			at += Instant(left) + 1
		}
		used += int64(iv.Length())
		due, _, ok := cursor.at(used + length)
		if !ok {
			f.limit = int64(iv.To)
			return f
		}
		f.add(piece{int64(iv.To), int64(due), 0})
	}
	return f
}

// endsOfDays is BusinessDays under EndOfDay.
func (t *Timeline) endsOfDays(n int64) function {
	var f function
	at := t.horizon.From
	for i := range t.days {
		if n >= int64(len(t.days)-i) {
			break
		}
		f.add(piece{int64(at), int64(t.days[i+int(n)].close), 0})
		at = t.days[i].close
		f.limit = int64(min(at, t.horizon.To))
	}
	return f
}

// sameTimes is BusinessDays under SameTime.
func (t *Timeline) sameTimes(n int64) function {
	var f function
	at := t.horizon.From
	open := t.open
	for i := range t.days {
		if n >= int64(len(t.days)-i) {
			break
		}
		target := &t.days[i+int(n)]
		shift := target.date - t.days[i].date
		within := Interval{target.open, target.close}
		end := min(t.days[i].close, t.horizon.To)
		for at < end {
			for open[0].To <= at {
				open = open[1:]
			}
			if opening := open[0].From; at < opening {
				due := t.clock.opening(t.clock.shown(opening) + shift.midnight())
				f.addWithin(piece{int64(at), int64(due), 0}, int64(opening), int64(within.From), int64(within.To))
				at = opening
			}
			until := min(open[0].To, end)
			t.clock.copyDays(&f, Interval{at, until}, shift, within)
			at = until
		}
		f.limit = int64(at)
	}
	return f
}

// months is Months with a fixed number.
func (t *Timeline) months(n int64) function {
	var f function
	if n > int64(maxMonths) {
		return f
	}
	for at := t.horizon.From; at < t.horizon.To; {
		date := Date(floorDiv(t.clock.shown(at), int64(Day)))
		end := min(t.clock.opening((date + 1).midnight()), t.horizon.To)
		target, exists := date.addMonths(int(n))
		if exists {
			t.clock.copyDays(&f, Interval{at, end}, target-date, Interval{-math.MaxInt64, math.MaxInt64})
		} else {
			f.add(piece{int64(at), int64(t.clock.opening(target.midnight())), 0})
		}
		at = end
		f.limit = int64(at)
	}
	return f
}

// restrict leaves the function on [from, to) alone.
func (f *function) restrict(from, to int64) {
	f.limit = min(f.limit, to)
	first := max(0, sort.Search(len(f.pieces), func(i int) bool { return f.pieces[i].at > from })-1)
	end := sort.Search(len(f.pieces), func(i int) bool { return f.pieces[i].at >= f.limit })
	if first >= end {
		f.pieces = nil
		return
	}
	f.pieces = slices.Clone(f.pieces[first:end])
	if p := &f.pieces[0]; p.at < from {
		*p = piece{from, p.valueAt(from), p.slope}
	}
}

// cut ends the function where it first exceeds the largest value.
func (f *function) cut(largest int64) {
	n := sort.Search(len(f.pieces), func(i int) bool { return f.pieces[i].value > largest })
	if n < len(f.pieces) {
		f.limit = min(f.limit, f.pieces[n].at)
		f.pieces = f.pieces[:n]
	}
	if n > 0 && f.pieces[n-1].slope == 1 {
		f.limit = min(f.limit, f.pieces[n-1].at+largest-f.pieces[n-1].value+1)
	}
}

package sim

import (
	"cmp"
	"slices"
	"sort"
)

// dutyTime is when at least one agent is scheduled, absence left aside: sorted intervals that do not touch.
type dutyTime struct {
	from, to []tick
	before   []tick // duty before each interval
}

// stretch is the half-open span [from, to).
type stretch struct{ from, to tick }

// newDutyTime is the union of the stretches.
func newDutyTime(duty []stretch) dutyTime {
	slices.SortFunc(duty, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	var p dutyTime
	sum := tick(0)
	for _, d := range duty {
		from, to := d.from, d.to
		last := len(p.to) - 1
		if last >= 0 && from <= p.to[last] {
			sum += max(0, to-p.to[last])
			p.to[last] = max(p.to[last], to)
			continue
		}
		p.from, p.to, p.before = append(p.from, from), append(p.to, to), append(p.before, sum)
		sum += to - from
	}
	return p
}

// next is the first instant from at on with somebody on duty, or never.
func (p *dutyTime) next(at tick) tick {
	i := p.after(at)
	if i == len(p.to) {
		return never
	}
	return max(at, p.from[i])
}

// end is the end of the last stretch of duty that begins before at, or 0.
func (p *dutyTime) end(at tick) tick {
	i := sort.Search(len(p.from), func(i int) bool { return p.from[i] >= at })
	if i == 0 {
		return 0
	}
	return p.to[i-1]
}

// at reports whether somebody is on duty.
func (p *dutyTime) at(at tick) bool { return p.next(at) == at }

// time is how long somebody is on duty from a to b.
func (p *dutyTime) time(a, b tick) tick { return p.until(b) - p.until(a) }

// until is the duty before at.
func (p *dutyTime) until(at tick) tick {
	i := p.after(at)
	if i == len(p.to) {
		if i == 0 {
			return 0
		}
		return p.before[i-1] + p.to[i-1] - p.from[i-1]
	}
	return p.before[i] + max(0, at-p.from[i])
}

// after is the index of the first interval that ends after at.
func (p *dutyTime) after(at tick) int {
	return sort.Search(len(p.to), func(i int) bool { return p.to[i] > at })
}

package sim

import (
	"cmp"
	"slices"
)

// dutyTime is when at least one agent is scheduled, absence left aside.
type dutyTime struct {
	spans []dutySpan // sorted, and they do not touch
	first []int32    // by chunk of time: the first span that ends after the beginning of the chunk
}

// dutySpan is a stretch of duty with the duty before it.
type dutySpan struct {
	stretch
	before tick
}

// stretch is the half-open span [from, to).
type stretch struct{ from, to tick }

// chunkBits gives chunks of 2^26 milliseconds, about 19 hours: few spans end in one.
const chunkBits = 26

// newDutyTime is the union of the stretches.
func newDutyTime(duty []stretch) dutyTime {
	slices.SortFunc(duty, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	var p dutyTime
	for _, d := range duty {
		if n := len(p.spans); n > 0 && d.from <= p.spans[n-1].to {
			p.spans[n-1].to = max(p.spans[n-1].to, d.to)
			continue
		}
		p.spans = append(p.spans, dutySpan{stretch: d})
	}
	before := tick(0)
	for i := range p.spans {
		s := &p.spans[i]
		s.before = before
		before += s.to - s.from
		for tick(len(p.first))<<chunkBits < s.to {
			p.first = append(p.first, int32(i))
		}
	}
	return p
}

// after is the index of the first span that ends after at.
func (p *dutyTime) after(at tick) int {
	chunk := max(at, 0) >> chunkBits
	if chunk >= tick(len(p.first)) {
		return len(p.spans)
	}
	i := int(p.first[chunk])
	for i < len(p.spans) && p.spans[i].to <= at {
		i++
	}
	return i
}

// next is the first instant from at on with somebody on duty, or never.
func (p *dutyTime) next(at tick) tick {
	i := p.after(at)
	if i == len(p.spans) {
		return never
	}
	return max(at, p.spans[i].from)
}

// end is the end of the last stretch of duty that begins before at, or 0.
func (p *dutyTime) end(at tick) tick {
	i := p.after(at)
	switch {
	case i < len(p.spans) && p.spans[i].from < at:
		return p.spans[i].to
	case i == 0:
		return 0
	}
	return p.spans[i-1].to
}

// at reports whether somebody is on duty.
func (p *dutyTime) at(at tick) bool { return p.next(at) == at }

// time is how long somebody is on duty from a to b.
func (p *dutyTime) time(a, b tick) tick { return p.until(b) - p.until(a) }

// until is the duty before at.
func (p *dutyTime) until(at tick) tick {
	i := p.after(at)
	switch {
	case i < len(p.spans):
		return p.spans[i].before + max(0, at-p.spans[i].from)
	case i == 0:
		return 0
	}
	last := &p.spans[i-1]
	return last.before + last.to - last.from
}

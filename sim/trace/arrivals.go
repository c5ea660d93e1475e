package trace

import (
	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/workloads"
)

// arrivals are the cases of one replication in the order in which they arrive, of several at one instant those of the
// first stream first. The order does not depend on who works them.
type arrivals struct {
	end     calendar.Instant
	streams []arrivalStream
}

type arrivalStream struct {
	source *workloads.Source
	block  []workloads.Case // those to come
	room   [workloads.BlockSize]workloads.Case
}

func newArrivals(m *sim.Model, replication int) *arrivals {
	a := &arrivals{end: m.Scenario.End, streams: make([]arrivalStream, m.Workload.Streams())}
	for i := range a.streams {
		a.streams[i].source = m.Workload.Source(i, replication)
		a.streams[i].fill()
	}
	return a
}

func (s *arrivalStream) fill() { s.block = s.room[:s.source.Fill(s.room[:])] }

// next is the next case that arrives before the end of the run; false where there is none.
func (a *arrivals) next() (workloads.Case, bool) {
	var first *arrivalStream
	for i := range a.streams {
		s := &a.streams[i]
		if len(s.block) > 0 && (first == nil || s.block[0].At < first.block[0].At) {
			first = s
		}
	}
	if first == nil || first.block[0].At >= a.end {
		return workloads.Case{}, false
	}
	c := first.block[0]
	if first.block = first.block[1:]; len(first.block) == 0 {
		first.fill()
	}
	return c, true
}

// find is the first case that is wanted, with its number counted from 1; false where there is none, with the number of
// all cases.
func (a *arrivals) find(wanted func(number int64, c *workloads.Case) bool) (found workloads.Case, number int64, ok bool) {
	for {
		c, more := a.next()
		if !more {
			return workloads.Case{}, number, false
		}
		if number++; wanted(number, &c) {
			return c, number, true
		}
	}
}

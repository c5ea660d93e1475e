package arrivals

import (
	"math"

	"sunrelay/model/calendar"
	"sunrelay/workloads/dist"
	"sunrelay/workloads/rng"
)

// Poisson describes a Poisson process whose rate varies in time; Start makes a process of it. It is read-only and may be
// shared by goroutines.
type Poisson struct {
	segments []segment
	rate     float64   // mean rate (arrivals a millisecond), that of a segment is relative to it
	busyDay  dist.Dist // factor of each local day, mean 1; nil = none
}

// NewPoisson is the process of the mean rate (arrivals a millisecond) with a shape. A busyDay distribution (mean 1), where
// not nil, multiplies each local day's rate.
func NewPoisson(shape Shape, rate float64, busyDay dist.Dist) *Poisson {
	return &Poisson{segments: shape, rate: rate, busyDay: busyDay}
}

// Growth is the process that comes on top of p when its rate grows by the share g a year (of 365 days, compound) from
// base on: rate·((1+g)^years − 1). Being a process of its own, it leaves the arrivals of p where they are.
func (p *Poisson) Growth(g float64, base calendar.Instant) *Poisson {
	grown := &Poisson{rate: p.rate, busyDay: p.busyDay}
	for _, s := range p.segments {
		for at := s.from; at < s.to; {
			piece := segment{from: at, to: min(s.to, at.Add(calendar.Day)), day: s.day}
			years := max(0, at.Sub(base).Seconds()/(365*86400))
			piece.rate = s.rate * (math.Pow(1+g, years) - 1)
			grown.segments = append(grown.segments, piece)
			at = piece.to
		}
	}
	return grown
}

// Start is the process in the state before its first arrival. The key is the stream's in one replication; days is the
// key of the busy-day factors, which streams share if they are to be busy together.
func (p *Poisson) Start(key, days rng.Key) *PoissonRun {
	run := &PoissonRun{process: p, key: key, days: days}
	run.enter(0)
	return run
}

// PoissonRun is a Poisson process in progress.
type PoissonRun struct {
	process   *Poisson
	key, days rng.Key
	ordinal   uint32  // of the next arrival
	segment   int     // the current one
	at, to    float64 // the present and the end of the segment
	rate      float64 // of the segment, busyness included
	perRate   float64 // 1/rate
}

var (
	gap      = rng.Of("interarrival")
	busyness = rng.Of("busy_day")
)

// Fill writes the next arrivals to dst, in order of time, and returns how many; less than len(dst) means that the process
// has ended. The k-th gap is the k-th unit exponential of the stream stretched by the rate: inverting the cumulated rate
// moves arrivals as little as possible when the rate changes (Çinlar 1975, chapter 4.7).
func (r *PoissonRun) Fill(dst []calendar.Instant) int {
	at, ordinal := r.at, r.ordinal
	for i := range dst {
		work := dist.UnitExponential(r.key.Bits(gap, ordinal))
		for work >= (r.to-at)*r.rate {
			work -= (r.to - at) * r.rate
			if !r.enter(r.segment + 1) {
				r.at, r.ordinal = r.to, ordinal // it stays ended
				return i
			}
			at = r.at
		}
		at += work * r.perRate
		ordinal++
		dst[i] = calendar.Instant(at)
	}
	r.at, r.ordinal = at, ordinal
	return len(dst)
}

// enter moves to the beginning of segment i; false past the last.
func (r *PoissonRun) enter(i int) bool {
	if i >= len(r.process.segments) {
		return false
	}
	s := &r.process.segments[i]
	r.segment, r.at, r.to, r.rate = i, float64(s.from), float64(s.to), r.process.rate*s.rate
	if r.process.busyDay != nil {
		r.rate *= r.process.busyDay.Sample(r.days.At(s.day).Bits(busyness, 0))
	}
	r.perRate = 1 / r.rate
	return true
}

package arrivals

import (
	"sunrelay/model/calendar"
	"sunrelay/workloads/dist"
	"sunrelay/workloads/rng"
)

// Renewal describes a process whose gaps are independent draws of one distribution. It is read-only and may be shared by
// goroutines.
type Renewal struct {
	gap      dist.Dist // milliseconds
	from, to calendar.Instant
}

// NewRenewal is the process on [from, to) with the given gaps in milliseconds; the first arrival is one gap after from.
func NewRenewal(gap dist.Dist, from, to calendar.Instant) *Renewal {
	return &Renewal{gap: gap, from: from, to: to}
}

// Start is the process in the state before its first arrival.
func (p *Renewal) Start(key rng.Key) *RenewalRun {
	return &RenewalRun{process: p, key: key, at: float64(p.from)}
}

// RenewalRun is a renewal process in progress.
type RenewalRun struct {
	process *Renewal
	key     rng.Key
	ordinal uint64
	at      float64
}

// Fill writes the next arrivals to dst, in order of time, and returns how many; less than len(dst) means that the process
// has ended.
func (r *RenewalRun) Fill(dst []calendar.Instant) int {
	for i := range dst {
		at := r.at + r.process.gap.Sample(r.key.Bits(gap, uint32(r.ordinal)))
		if at >= float64(r.process.to) {
			return i
		}
		r.at = at
		r.ordinal++
		dst[i] = calendar.Instant(at)
	}
	return len(dst)
}

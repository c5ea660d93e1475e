package arrivals

import (
	"cmp"
	"math"
	"sort"

	"gonum.org/v1/gonum/mathext"

	"sunrelay/model/calendar"
	"sunrelay/workloads/dist"
	"sunrelay/workloads/rng"
)

// Outages describes failures that many customers report: they begin in a Poisson process, and each has a Poisson number
// of cases. It is read-only and may be shared by goroutines.
type Outages struct {
	rate     float64   // outages a millisecond
	cases    float64   // mean number of an outage
	reported dist.Dist // from the beginning of the outage to the arrival of a case, milliseconds
	lasts    dist.Dist // from its beginning to its end, milliseconds
	from, to calendar.Instant
}

// NewOutages is the process on [from, to) with the mean rate (outages a millisecond) and the mean number of cases an
// outage. Cases that would arrive later than that do not.
func NewOutages(rate, cases float64, reported, lasts dist.Dist, from, to calendar.Instant) *Outages {
	return &Outages{rate: rate, cases: cases, reported: reported, lasts: lasts, from: from, to: to}
}

// Start is the process in the state before its first arrival.
func (p *Outages) Start(key rng.Key) *OutagesRun {
	r := &OutagesRun{process: p, key: key.Named("outage"), begin: float64(p.from)}
	r.await()
	return r
}

// Reported is a case of an outage.
type Reported struct {
	At  calendar.Instant
	Key rng.Key
	End calendar.Instant // of the outage, later than At; 0 for a case that comes too late to be part of it
}

// OutagesRun is a process of outages in progress. It holds the cases of those outages that have begun.
type OutagesRun struct {
	process *Outages
	key     rng.Key // of which outage k has the member k, and its case i the member i of that
	ordinal uint64  // of the next outage
	begin   float64 // of the next outage
	pending pendingCases
}

var (
	outageCases = rng.Of("cases")
	outageLasts = rng.Of("lasts")
	reportedAt  = rng.Of("reported")
)

// Fill writes the next cases to dst, in order of time, and returns how many; less than len(dst) means that the process has
// ended.
func (r *OutagesRun) Fill(dst []Reported) int {
	for i := range dst {
		for r.begin < float64(r.process.to) && (len(r.pending) == 0 || r.begin <= float64(r.pending[0].At)) {
			r.breakOut()
		}
		if len(r.pending) == 0 {
			return i
		}
		dst[i] = r.pending.pop().Reported
	}
	return len(dst)
}

// await draws when the next outage begins.
func (r *OutagesRun) await() {
	r.begin += dist.UnitExponential(r.key.At(r.ordinal).Bits(gap, 0)) / r.process.rate
}

// breakOut adds the cases of the outage that begins now.
func (r *OutagesRun) breakOut() {
	p, key := r.process, r.key.At(r.ordinal)
	begin := calendar.Instant(r.begin)
	end := begin.Add(max(calendar.Millisecond, milliseconds(p.lasts.Sample(key.Bits(outageLasts, 0)))))
	for i := range poissonQuantile(p.cases, rng.Uniform(key.Bits(outageCases, 0))) {
		c := pendingCase{Reported: Reported{Key: key.At(i), End: end}, outage: r.ordinal, ordinal: i}
		c.At = begin.Add(milliseconds(p.reported.Sample(c.Key.Bits(reportedAt, 0))))
		if c.At >= end {
			c.End = 0
		}
		if c.At < p.to {
			r.pending.push(c)
		}
	}
	r.ordinal++
	r.await()
}

// milliseconds is a drawn time, rounded and no longer than any run.
func milliseconds(drawn float64) calendar.Duration {
	return calendar.Duration(min(drawn, float64(calendar.LongestDuration)) + 0.5)
}

// poissonQuantile is the least number whose cumulated probability of the Poisson distribution exceeds u, for u in [0, 1):
// P(N <= n) is the regularised upper incomplete gamma function of n+1 and the mean (Abramowitz and Stegun 26.4.21). The
// chance of more than 9 deviations and 40 above the mean is below 2^-53.
func poissonQuantile(mean, u float64) uint64 {
	most := int(mean+9*math.Sqrt(mean)) + 40
	return uint64(sort.Search(most, func(n int) bool { return mathext.GammaIncRegComp(float64(n+1), mean) > u }))
}

// pendingCase is a case that will arrive.
type pendingCase struct {
	Reported
	outage, ordinal uint64
}

// before orders cases by time, then by outage and ordinal.
func (c *pendingCase) before(d *pendingCase) bool {
	return cmp.Or(cmp.Compare(c.At, d.At), cmp.Compare(c.outage, d.outage), cmp.Compare(c.ordinal, d.ordinal)) < 0
}

// pendingCases is a binary heap, the next case first.
type pendingCases []pendingCase

func (h *pendingCases) push(c pendingCase) {
	*h = append(*h, c)
	for at := len(*h) - 1; at > 0; {
		above := (at - 1) / 2
		if !(*h)[at].before(&(*h)[above]) {
			return
		}
		(*h)[at], (*h)[above] = (*h)[above], (*h)[at]
		at = above
	}
}

func (h *pendingCases) pop() pendingCase {
	all := *h
	first, last := all[0], len(all)-1
	all[0] = all[last]
	all = all[:last]
	for at := 0; ; {
		least := at
		for below := 2*at + 1; below <= min(2*at+2, last-1); below++ {
			if all[below].before(&all[least]) {
				least = below
			}
		}
		if least == at {
			*h = all
			return first
		}
		all[at], all[least] = all[least], all[at]
		at = least
	}
}

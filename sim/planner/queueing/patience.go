package queueing

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// Abandonment is the queue M/M/c+M (Erlang A): waiting arrivals leave after an exponential patience. It is stable whatever
// the load. C. Palm (1946); formulas for waits by O. Garnett, A. Mandelbaum, M. Reiman, "Designing a call center with
// impatient customers", Manufacturing & Service Operations Management 4 (2002).
type Abandonment struct {
	Delay
	Impatience float64 // rate at which one waiting arrival leaves, > 0
}

// Figures are what is known of the queue in its steady state.
type Figures struct {
	Waits        float64 // probability that an arrival waits
	Abandons     float64 // probability that it leaves before service
	MeanWait     float64 // of all arrivals, those that leave included
	MeanQueue    float64
	ServedWithin float64 // probability that it is served after a wait of at most the given time
	LeftWithin   float64 // probability that it leaves before the given time
}

// Figures are those of waits up to t.
func (q Abandonment) Figures(t float64) Figures {
	allBusyLess, queued, waits := q.law()
	// The wait that an arrival with endless patience would have has the density λ·π(c-1)·exp(-cμx + λ/θ·(1-exp(-θx))).
	density := func(x float64) float64 {
		return q.Arrivals * allBusyLess *
			math.Exp(-float64(q.Servers)*q.Service*x+q.Arrivals/q.Impatience*(-math.Expm1(-q.Impatience*x)))
	}
	stays := func(x float64) float64 { return math.Exp(-q.Impatience * x) }
	const points = 200
	served := quad.Fixed(func(x float64) float64 { return density(x) * stays(x) }, 0, t, points, quad.Legendre{}, 0)
	late := waits - quad.Fixed(density, 0, t, points, quad.Legendre{}, 0)
	leftWithin := quad.Fixed(func(x float64) float64 { return density(x) * (1 - stays(x)) }, 0, t, points, quad.Legendre{}, 0) +
		late*(1-stays(t))
	return Figures{
		Waits: waits, MeanQueue: queued, MeanWait: queued / q.Arrivals, Abandons: q.Impatience * queued / q.Arrivals,
		ServedWithin: 1 - waits + served, LeftWithin: leftWithin,
	}
}

// law sums the stationary distribution of the number in the system: the probability of c-1, the mean queue, and the
// probability that all servers are busy. Weights are relative to the state c, so that none overflows.
func (q Abandonment) law() (allBusyLess, queue, waits float64) {
	const negligible = 1e-18
	c := q.Servers
	below, last := 0.0, 0.0
	weight := 1.0
	for n := c; n > 0; n-- {
		weight *= float64(n) * q.Service / q.Arrivals
		if n == c {
			last = weight
		}
		below += weight
		if weight < negligible*below {
			break
		}
	}
	above, queued := 1.0, 0.0
	weight = 1
	for k := 1; ; k++ {
		weight *= q.Arrivals / (float64(c)*q.Service + float64(k)*q.Impatience)
		above += weight
		queued += float64(k) * weight
		if float64(k)*weight < negligible*(above+queued) {
			break
		}
	}
	total := below + above
	return last / total, queued / total, above / total
}

// MostWithin is the largest share of Poisson arrivals that any policy can begin to serve within t: that of M/M/c in which
// who would wait longer is turned away at once, since serving the late takes servers from those who may still be in time.
// Work is exponential, not known in advance. L. V. Green and others use the same queue, M/M/c+D; F. Baccelli and
// G. Hebuterne, "On queues with impatient customers" (1981), give its law.
func (q Delay) MostWithin(t float64) float64 {
	c := float64(q.Servers)
	if q.Servers == 0 {
		return 0
	}
	// Relative to the probability of c-1: fewer busy, then the mass of waits up to t, then of those beyond.
	below, weight := 1.0, 1.0
	for n := q.Servers - 1; n > 0; n-- {
		weight *= float64(n) / q.Load()
		below += weight
	}
	within, atT := q.Arrivals*t, q.Arrivals
	if d := q.drain(); d*t != 0 {
		atT = q.Arrivals * math.Exp(-d*t)
		within = -q.Arrivals * math.Expm1(-d*t) / d
	}
	beyond := atT / (c * q.Service)
	return 1 - beyond/(below+within+beyond)
}

package fit

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"sunrelay/model/calendar"
)

// work is how a scenario makes the recorded times to resolve: touches of known or assumed work, with delays between them.
type work struct {
	recordedMiss float64 // the miss with the recorded number of touches, where another is used; 0 = it is used
	touches      float64 // a case, of all its tiers
	stage        float64 // touches of a tier, geometric
	escalation   float64 // share of the cases that go on to the second tier
	touchesFrom  string
	handleTime   string // expression, of a touch
	handleMean   float64
	assumed      bool    // the handle time
	delay        string  // expression, between touches; empty = not known
	miss         float64 // greatest difference of the CDF of what comes out from the 30th to the 95th percentile
}

// WorkMiss is how far, as a probability, the CDF of simulated times to resolve is from the recorded one, from the 30th to the 95th
// percentile; NaN where the scenario has no time between touches.
func (r *Result) WorkMiss() float64 {
	if r.work.delay == "" {
		return math.NaN()
	}
	return r.work.miss
}

// assumedMean is what a touch takes where the log does not say, with the coefficient of variation assumedVariation.
const (
	assumedMean      = 12 * float64(calendar.Minute)
	assumedVariation = 1.2
)

// notGeometric is the miss from which another number of touches than the recorded one is tried, up to mostTouches.
const (
	notGeometric = 0.1
	mostTouches  = 5
)

// planWork chooses touches, handle times and delays.
func (r *Result) planWork(handling []observation) {
	touches, from := 1.0, "assumed: there is nothing to tell more"
	recorded := !math.IsNaN(r.Touches.Value) && r.Touches.Value >= 1
	switch {
	case recorded:
		touches, from = r.Touches.Value, fmt.Sprintf("recorded: %.3g ± %.2g touches a case", r.Touches.Value, r.Touches.Error)
	case r.Resolution != nil:
		soon := r.Resolution.shareBelow(2 * assumedMean)
		touches = touchesFor(min(max(soon, 0.2), 0.9), r.escalates(math.Inf(1)))
		from = fmt.Sprintf("assumed: so that one touch is enough for the %s of the cases that end within two of these (20 to 90 %%)", percent(soon))
	}
	r.work = r.workOf(touches, touches, handling)
	for more := math.Floor(touches) + 1; recorded && r.work.miss > notGeometric && more <= mostTouches; more++ {
		if w := r.workOf(more, touches, handling); w.miss < r.work.miss {
			w.recordedMiss = max(r.work.recordedMiss, r.work.miss)
			r.work = w
		}
	}
	if r.work.touchesFrom = from; r.work.recordedMiss > 0 {
		r.work.touchesFrom += fmt.Sprintf(". A scenario's number of touches is geometric, so that %s of the cases would end with the first one and times to resolve be off by %.2g of "+
			"their CDF. There are more and shorter touches instead, with the same work in all", percent(1/touches), r.work.recordedMiss)
	}
}

// workOf is the work in so many touches, which together are as much as that of the recorded ones.
func (r *Result) workOf(touches, recorded float64, handling []observation) work {
	w := work{escalation: math.Round(r.escalates(touches)*1e4) / 1e4, assumed: r.HandleTime == nil}
	w.stage = math.Round(touches/(1+w.escalation)*100) / 100
	w.touches = w.stage * (1 + w.escalation)
	if w.assumed {
		w.handleMean = assumedMean * recorded / touches
		w.handleTime = fmt.Sprintf("lognormal(mean %s, cv %g)", length(w.handleMean), assumedVariation)
	} else {
		each := slices.Clone(handling)
		for i := range each {
			each[i].value /= w.touches
		}
		d := fitDuration(each)
		w.handleTime, w.handleMean = d.Law, d.Mean.Value
	}
	if r.Resolution != nil && w.touches > 1 {
		w.delay, w.miss = w.delays(r.Resolution)
	}
	return w
}

// mostHandedOff is the share of the cases that are handed off from which this is rather a conversation than an escalation.
const mostHandedOff = 0.9

// escalates is the share of the cases that go on to a second tier: those that were handed off, where there are touches enough for both
// tiers.
func (r *Result) escalates(touches float64) float64 {
	if p := r.HandedOff.Value; p > 0 && p <= mostHandedOff && touches >= 1+p {
		return p
	}
	return 0
}

// touchesFor is the number of touches of a case with which a given share of the cases has one touch in each tier, so that they end without
// a delay. With x as the chance that a tier needs no further touch this share is x(1-p) + x*x*p.
func touchesFor(share, p float64) float64 {
	if p == 0 {
		return 1 / share
	}
	x := (math.Sqrt((1-p)*(1-p)+4*p*share) - (1 - p)) / (2 * p)
	return (1 + p) / x
}

// shareBelow is the share of recorded times below a limit.
func (d *Duration) shareBelow(limit float64) float64 {
	n := 0
	for _, v := range d.values {
		if v < limit {
			n++
		}
	}
	return float64(n) / float64(d.Cases)
}

// delayLevels is the number of stretches between the quantiles of a delay.
const delayLevels = 50

// delays finds the distribution of the delay between two touches of a tier such that touches and delays together take as long as
// recorded. It draws cases, gives each the recorded time of its rank, stretches its delays to fit,
// and takes the delays of all as the next distribution, until nothing changes. miss is how far off the quantiles stay.
func (w *work) delays(d *Duration) (expression string, miss float64) {
	wanted := slices.Clone(d.values)
	for range d.Open { // longer than nearly all; how long nobody knows
		wanted = append(wanted, slices.Max(d.values))
	}
	slices.Sort(wanted)
	delay := make([]float64, delayLevels+1)
	for i := range delay {
		delay[i] = at(wanted, float64(i)/delayLevels)
	}
	best := slices.Clone(delay)
	miss = math.Inf(1)
	for range 20 {
		sums := w.drawSums(delay)
		if off := farthest(sums, wanted); off < miss {
			miss = off
			copy(best, delay)
		}
		var all []float64
		for rank, s := range sums {
			work := s.sum - s.delayed()
			stretch := max(at(wanted, (float64(rank)+0.5)/float64(len(sums)))-work, 1) / max(s.delayed(), 1)
			for _, v := range s.delays {
				all = append(all, v*stretch)
			}
		}
		slices.Sort(all)
		for i := range delay {
			delay[i] = at(all, float64(i)/delayLevels)
		}
	}
	expression = "empirical("
	for i, v := range best {
		if i > 0 {
			expression += ", "
		}
		expression += fmt.Sprintf("p%d %s", i*100/delayLevels, length(v))
	}
	return expression + ")", miss
}

// at is the quantile of sorted values.
func at(sorted []float64, p float64) float64 {
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

// sumOf are the delays of a case, and how long it takes with its touches.
type sumOf struct {
	sum    float64
	delays []float64
}

func (s *sumOf) delayed() (sum float64) {
	for _, v := range s.delays {
		sum += v
	}
	return sum
}

// drawSums draws many cases, sorted by how long they take; the same for the same distribution.
func (w *work) drawSums(delay []float64) []sumOf {
	random := rand.New(rand.NewPCG(1, 1))
	out := make([]sumOf, 8_000)
	for i := range out {
		tiers := 1
		if w.escalation > 0 && random.Float64() < w.escalation {
			tiers = 2
		}
		for range tiers {
			out[i].sum += w.handleMean
			for random.Float64() >= 1/w.stage {
				p := random.Float64() * delayLevels
				lower := int(p)
				v := delay[lower] + (delay[lower+1]-delay[lower])*(p-float64(lower))
				out[i].delays = append(out[i].delays, v)
				out[i].sum += v + w.handleMean
			}
		}
	}
	slices.SortFunc(out, func(a, b sumOf) int { return cmp.Compare(a.sum, b.sum) })
	return out
}

// farthest is the greatest distance, as a probability, of the sums from the wanted times, from the 30th to the 95th percentile.
func farthest(sums []sumOf, wanted []float64) (most float64) {
	below := 0
	for rank, s := range sums {
		for below < len(wanted) && wanted[below] <= s.sum {
			below++
		}
		if p := float64(rank) / float64(len(sums)); p > 0.3 && p < 0.95 {
			most = max(most, math.Abs(p-float64(below)/float64(len(wanted))))
		}
	}
	return most
}

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
	touches     float64 // a case, geometric
	touchesFrom string
	handleTime  string // expression, of a touch
	handleMean  float64
	assumed     bool    // the handle time
	delay       string  // expression, between touches; empty = not known
	miss        float64 // greatest difference of the CDF of what comes out from the 30th to the 95th percentile
}

// WorkMiss is how far, as a probability, the CDF of simulated times to resolve is from the recorded one, from the 30th to the 95th
// percentile; NaN where the scenario has no time between touches.
func (r *Result) WorkMiss() float64 {
	if r.work.delay == "" {
		return math.NaN()
	}
	return r.work.miss
}

// assumedHandleTime is what a touch takes where the log does not say.
const assumedHandleTime, assumedHandleMean = "lognormal(mean 12m, cv 1.2)", 12 * float64(calendar.Minute)

// planWork chooses touches, handle times and delays.
func (r *Result) planWork(handling []observation) {
	w := &r.work
	w.touches, w.touchesFrom = 1, "assumed: there is nothing to tell more"
	switch {
	case !math.IsNaN(r.Touches.Value) && r.Touches.Value >= 1:
		w.touches, w.touchesFrom = r.Touches.Value, fmt.Sprintf("recorded: %.3g ± %.2g touches a case", r.Touches.Value, r.Touches.Error)
	case r.Resolution != nil:
		soon := r.Resolution.shareBelow(2 * assumedHandleMean)
		w.touches = 1 / min(max(soon, 0.2), 0.9)
		w.touchesFrom = fmt.Sprintf("assumed: so that one touch is enough for the %s of the cases that end within two of these (20 to 90 %%)", percent(soon))
	}
	w.touches = math.Round(w.touches*100) / 100
	w.handleTime, w.handleMean, w.assumed = assumedHandleTime, assumedHandleMean, true
	if r.HandleTime != nil {
		each := slices.Clone(handling)
		for i := range each {
			each[i].value /= w.touches
		}
		d := fitDuration(each)
		w.handleTime, w.handleMean, w.assumed = d.Law, d.Mean.Value, false
	}
	if r.Resolution != nil && w.touches > 1 {
		w.delay, w.miss = delays(r.Resolution, w.touches, w.handleMean)
	}
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

// delays finds the distribution of the delay between two touches such that their sum, over a geometric number of touches with the mean,
// is distributed as recorded. It draws sums, gives each the recorded time of its rank, stretches its delays to fit, and takes the
// delays of all as the next distribution, until nothing changes. miss is how far off the sums' quantiles stay.
func delays(d *Duration, touches, handling float64) (expression string, miss float64) {
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
		sums := drawSums(delay, touches)
		if off := farthest(sums, wanted, handling); off < miss {
			miss = off
			copy(best, delay)
		}
		var all []float64
		for rank, s := range sums {
			stretch := at(wanted, (float64(rank)+0.5)/float64(len(sums))) / max(s.sum, 1)
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

// sumOf are the delays of a case.
type sumOf struct {
	sum    float64
	delays []float64
}

// drawSums draws the delays of many cases, sorted by their sum; the same for the same distribution.
func drawSums(delay []float64, touches float64) []sumOf {
	random := rand.New(rand.NewPCG(1, 1))
	out := make([]sumOf, 8_000)
	for i := range out {
		for random.Float64() >= 1/touches {
			p := random.Float64() * delayLevels
			lower := int(p)
			v := delay[lower] + (delay[lower+1]-delay[lower])*(p-float64(lower))
			out[i].delays = append(out[i].delays, v)
			out[i].sum += v
		}
	}
	slices.SortFunc(out, func(a, b sumOf) int { return cmp.Compare(a.sum, b.sum) })
	return out
}

// farthest is the greatest distance, as a probability, of the sums and one handle time from the wanted times, from the 30th to the 95th percentile.
func farthest(sums []sumOf, wanted []float64, handling float64) (most float64) {
	below := 0
	for rank, s := range sums {
		for below < len(wanted) && wanted[below] <= s.sum+handling {
			below++
		}
		if p := float64(rank) / float64(len(sums)); p > 0.3 && p < 0.95 {
			most = max(most, math.Abs(p-float64(below)/float64(len(wanted))))
		}
	}
	return most
}

package fit

import (
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
	miss        float64 // greatest relative difference of the quantiles from 30 % to 90 % of what comes out
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
		soon := r.Resolution.shareBelow(float64(calendar.Hour))
		w.touches = 1 / min(max(soon, 0.2), 0.9)
		w.touchesFrom = fmt.Sprintf("assumed: so that one touch is enough for the %s of the cases that end within an hour (20 to 90 %%)", percent(soon))
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
		w.delay, w.miss = delays(r.Resolution, w.touches)
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

// delayLevels are the probabilities at which a delay is found.
const delayLevels = 24

// delays finds the distribution of the delay between two touches such that their sum, over a geometric number of touches with the mean,
// has the quantiles recorded: it starts from these and scales each until what comes out is right. miss is how far off that stays.
func delays(d *Duration, touches float64) (expression string, miss float64) {
	kept := slices.Clone(d.values)
	for range d.Open { // at least as long as the longest tenth
		kept = append(kept, d.Quantiles[len(d.Quantiles)-2])
	}
	kept = slices.DeleteFunc(kept, math.IsNaN)
	slices.Sort(kept)
	one := 1 / touches // share of the cases without a delay
	delay := make([]float64, delayLevels+1)
	wanted := make([]float64, delayLevels+1)
	for i := range delay {
		wanted[i] = at(kept, one+(1-one)*float64(i)/delayLevels)
		delay[i] = wanted[i]
	}
	for range 25 {
		got := sums(delay, touches)
		miss = 0
		for i := range delay {
			is := at(got, float64(i)/delayLevels)
			if share := one + (1-one)*float64(i)/delayLevels; share > 0.3 && share < 0.9 && wanted[i] > 0 {
				miss = max(miss, math.Abs(is/wanted[i]-1))
			}
			delay[i] *= math.Pow(max(wanted[i], 1000)/max(is, 1000), 0.6)
		}
		slices.Sort(delay)
	}
	expression = "empirical("
	for i, v := range delay {
		if i > 0 {
			expression += ", "
		}
		expression += fmt.Sprintf("p%.4g %s", 100*float64(i)/delayLevels, length(v))
	}
	return expression + ")", miss
}

// at is the quantile of sorted values.
func at(sorted []float64, p float64) float64 {
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

// sums draws sums of at least one delay, sorted; the same for the same delays.
func sums(delay []float64, touches float64) []float64 {
	random := rand.New(rand.NewPCG(1, 1))
	out := make([]float64, 20_000)
	for i := range out {
		for {
			p := random.Float64() * delayLevels
			lower := int(p)
			out[i] += delay[lower] + (delay[lower+1]-delay[lower])*(p-float64(lower))
			if random.Float64() < 1/touches {
				break
			}
		}
	}
	slices.Sort(out)
	return out
}

package experiment

import (
	"math"
	"slices"

	"sunrelay/sim/stats"
)

// Comparison is what another result has differently from a base, on the same replications and random numbers.
type Comparison struct {
	Base, Other *Result
	Differences []Difference // of every figure that either has: those of the base first
}

// Difference is one figure of two results. An estimate of a figure that a result does not have has no observations.
type Difference struct {
	Figure                       // its estimate is that of the base
	Other         stats.Estimate // of the same figure
	Estimate      stats.Estimate // other less base, paired by replication
	VarianceRatio float64        // see stats.VarianceRatio
	Certainty     Certainty
	chance        float64 // p-value
}

// Certainty says whether a difference is more than noise.
type Certainty uint8

// The certainties. Open is the zero value.
const (
	Open    Certainty = iota
	Likely            // the p-value of this difference alone is at most 1 - Confidence: so is one in twenty where nothing differs
	Certain           // with all differences of all comparisons together, some is wrong with a probability of at most 1 - Confidence
)

// Compare compares results that RunTogether made with the first of them. Certain are those differences that Holm's
// procedure marks among all figures of all comparisons.
func Compare(results []*Result) []Comparison {
	base := results[0].Figures()
	var comparisons []Comparison
	var chances []float64
	for _, other := range results[1:] {
		c := Comparison{Base: results[0], Other: other, Differences: differences(base, other.Figures())}
		for i := range c.Differences {
			chances = append(chances, c.Differences[i].chance)
		}
		comparisons = append(comparisons, c)
	}
	certain := stats.Holm(chances, 1-Confidence)
	for _, c := range comparisons {
		for i := range c.Differences {
			c.Differences[i].judge(certain[i])
		}
		certain = certain[len(c.Differences):]
	}
	return comparisons
}

func (d *Difference) judge(certain bool) {
	switch {
	case certain:
		d.Certainty = Certain
	case d.chance <= 1-Confidence:
		d.Certainty = Likely
	}
}

// differences pairs the figures of two results by name.
func differences(base, other []Figure) []Difference {
	byName := map[string]int{}
	for i := range other {
		byName[other[i].Name()] = i
	}
	var all []Difference
	for _, f := range base {
		d := Difference{Figure: f, Other: unknown(0)}
		if i, has := byName[f.Name()]; has {
			d.Other = other[i].Estimate
			delete(byName, f.Name())
		}
		all = append(all, d)
	}
	for _, f := range other {
		if _, left := byName[f.Name()]; left {
			d := Difference{Figure: f, Other: f.Estimate}
			d.Figure.Estimate = unknown(0)
			all = append(all, d)
		}
	}
	for i := range all {
		d := &all[i]
		d.Estimate = estimator.Difference(d.Other, d.Figure.Estimate)
		d.dropRounding()
		d.widen()
		d.VarianceRatio = stats.VarianceRatio(d.Other, d.Figure.Estimate)
		if d.chance = estimator.ChanceOf(d.Estimate); d.Given && d.Estimate.HalfWidth == 0 && d.Estimate.Mean != 0 {
			d.chance = 0
		}
	}
	return all
}

// widen gives a difference of shares that is the same in all replications the half-widths of both, which count the cases: all of few
// cases against none of few is no proof.
func (d *Difference) widen() {
	if d.Unit == Share && d.Estimate.Mean != 0 && d.Estimate.HalfWidth == 0 {
		d.Estimate.HalfWidth = math.Hypot(d.Figure.Estimate.HalfWidth, d.Other.HalfWidth)
	}
}

// dropRounding makes a difference 0 that is no more than the rounding of the figures.
func (d *Difference) dropRounding() {
	const digits = 1e-12 // of a float64, some lost by sums
	rounding := digits * max(math.Abs(d.Figure.Estimate.Mean), math.Abs(d.Other.Mean))
	if math.Abs(d.Estimate.Mean) <= rounding {
		d.Estimate.Mean = 0
	}
	if d.Estimate.HalfWidth <= rounding {
		d.Estimate.HalfWidth = 0
	}
}

// Welcome reports whether the difference is for the better: 1, for the worse: -1, or neither: 0.
func (d *Difference) Welcome() int {
	switch {
	case d.Estimate.Mean > 0:
		return int(d.Better)
	case d.Estimate.Mean < 0:
		return -int(d.Better)
	}
	return 0
}

// MedianVarianceRatio is the median of the ratios of the figures that differ at all: how much common random numbers help.
// It is NaN where there is none.
func (c *Comparison) MedianVarianceRatio() float64 {
	var ratios []float64
	for i := range c.Differences {
		if r := c.Differences[i].VarianceRatio; r > 0 {
			ratios = append(ratios, r)
		}
	}
	if len(ratios) == 0 {
		return math.NaN()
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

package dist

import (
	"fmt"
	"math"
	"strings"

	"sunrelay/workloads/rng"
)

// Mixture is a distribution that is one of several by chance: quick and hard cases, customers who answer at once and
// after the weekend. A mixture of exponentials is the hyperexponential distribution.
type Mixture struct {
	parts []part
}

// part is one component of a mixture.
type part struct {
	weight float64 // as stated
	upTo   float64 // share of the weights up to this part, 1 for the last
	dist   described
}

// described is a distribution that says everything of itself, as those of Kinds do.
type described interface {
	Dist
	Spread
	Law
	fmt.Stringer
}

// weightSlack is by how much the sum of weights may miss 1, for thirds written as 0.3333. The weights are then scaled.
const weightSlack = 1.5e-4

var mixtureKind = Kind{
	Name:     "mixture",
	Examples: []string{"mixture(0.3 exponential(mean 5m), 0.7 lognormal(mean 2h, cv 1))"},
	bind:     bindMixture,
}

func bindMixture(c *call) (Dist, error) {
	d := &Mixture{}
	var sum float64
	for _, a := range c.arguments {
		p, err := bindPart(a)
		if err != nil {
			return nil, err
		}
		sum += p.weight
		p.upTo = sum
		d.parts = append(d.parts, p)
	}
	if !(math.Abs(sum-1) <= weightSlack) {
		return nil, misfitAt(c.offset, "the weights of the mixture add up to %.6g, want 1", sum)
	}
	for i := range d.parts {
		d.parts[i].upTo /= sum
	}
	d.parts[len(d.parts)-1].upTo = 1
	return d, nil
}

func bindPart(a argument) (part, error) {
	weight, isNumber := plainNumber(a[0])
	if len(a) != 2 || !isNumber {
		return part{}, misfitAt(a.offset(), "want a weight and a distribution such as 0.3 %s", exponentialKind.Examples[0])
	}
	if !(weight > 0 && weight <= 1) {
		return part{}, misfitAt(a.offset(), "weight %s, want more than 0 and at most 1", a[0].word)
	}
	if a[1].call != nil {
		return part{weight: weight, dist: a[1].dist.(described)}, nil
	}
	length, err := anyTime("constant", a[1])
	return part{weight: weight, dist: Constant(length)}, err
}

// Sample chooses a component by inversion and samples it with further bits.
func (d *Mixture) Sample(bits uint64) float64 {
	u := rng.Uniform(bits)
	i := 0
	for u >= d.parts[i].upTo { // ends, since the last upTo is 1
		i++
	}
	return d.parts[i].dist.Sample(rng.Next(bits))
}

// Mean is the weighted mean of the components' means.
func (d *Mixture) Mean() float64 {
	return d.sum(func(c described) float64 { return c.Mean() })
}

// Variance is that within the components plus that of their means.
func (d *Mixture) Variance() float64 {
	mean := d.Mean()
	return d.sum(func(c described) float64 {
		e := c.Mean() - mean
		return c.Variance() + e*e
	})
}

// CDF is the weighted mean of the components' CDFs.
func (d *Mixture) CDF(x float64) float64 {
	return d.sum(func(c described) float64 { return c.CDF(x) })
}

// sum is the weighted mean of f over the components. The weights are as they are drawn, so they add up to 1.
func (d *Mixture) sum(f func(described) float64) float64 {
	var sum, from float64
	for _, p := range d.parts {
		sum += (p.upTo - from) * f(p.dist)
		from = p.upTo
	}
	return sum
}

// Quantile is the inverse of CDF, found by bisection between the quantiles of the components.
func (d *Mixture) Quantile(p float64) float64 {
	low, high := math.Inf(1), 0.0
	for _, c := range d.parts {
		q := c.dist.Quantile(p)
		low, high = min(low, q), max(high, q)
	}
	return invert(d, p, low, high)
}

// String is the expression.
func (d *Mixture) String() string {
	texts := make([]string, len(d.parts))
	for i, p := range d.parts {
		texts[i] = formatNumber(p.weight) + " " + p.dist.String()
	}
	return "mixture(" + strings.Join(texts, ", ") + ")"
}

package dist

import (
	"sort"
	"strings"

	"sunrelay/workloads/rng"
)

// Empirical is given by quantiles, as a report or a log states them, and linear between these: p0 1m, p50 10m, p90 1h,
// p100 8h puts half of the times between one and ten minutes. Equal neighbours are a value with a probability of its own.
type Empirical struct {
	points []point // rising, the first at probability 0, the last at 1
}

// point is a quantile. The percentage is kept as it was stated.
type point struct{ percent, probability, value float64 }

var empiricalKind = Kind{
	Name:     "empirical",
	Examples: []string{"empirical(p0 1m, p50 10m, p90 1h, p100 8h)", "empirical(p0 0, p20 0, p60 30m, p80 30m, p99.9 1d, p100 1w)"},
	bind:     bindEmpirical,
}

func bindEmpirical(c *call) (Dist, error) {
	d := &Empirical{}
	for _, a := range c.arguments {
		p, err := bindPoint(a)
		if err != nil {
			return nil, err
		}
		if n := len(d.points); n > 0 {
			last := d.points[n-1]
			if p.probability <= last.probability {
				return nil, misfitAt(a.offset(), "%s after %s, want the quantiles in rising order", a[0].word, last)
			}
			if p.value < last.value {
				return nil, misfitAt(a[1].offset, "%s %s, want at least the %s of %s", a[0].word, a[1].word, formatTime(last.value), last)
			}
		}
		d.points = append(d.points, p)
	}
	if n := len(d.points); n < 2 || d.points[0].probability != 0 || d.points[n-1].probability != 1 {
		return nil, misfitAt(c.offset, "empirical wants quantiles from p0, the least, to p100, the greatest")
	}
	return d, nil
}

// bindPoint reads a quantile such as "p99.9 8h".
func bindPoint(a argument) (point, error) {
	name, isPercentile := strings.CutPrefix(a[0].word, "p")
	percent, ok := plainNumber(expression{word: name, call: a[0].call})
	if len(a) != 2 || !isPercentile || !ok {
		return point{}, misfitAt(a.offset(), "want a quantile such as p50 10m")
	}
	if !(percent >= 0 && percent <= 100) {
		return point{}, misfitAt(a.offset(), "%s, want p0 to p100", a[0].word)
	}
	value, err := anyTime(a[0].word, a[1])
	return point{percent, percent / 100, value}, err
}

// String is the name, such as p99.9.
func (p point) String() string { return "p" + formatNumber(p.percent) }

// Sample is by inversion.
func (d *Empirical) Sample(bits uint64) float64 { return d.Quantile(rng.Uniform(bits)) }

// Quantile interpolates between the points.
func (d *Empirical) Quantile(p float64) float64 {
	i := 1
	for i < len(d.points)-1 && p > d.points[i].probability {
		i++
	}
	a, b := d.points[i-1], d.points[i]
	return a.value + (b.value-a.value)*((p-a.probability)/(b.probability-a.probability))
}

// CDF is the inverse of Quantile; at a value with a probability of its own it is the upper one.
func (d *Empirical) CDF(x float64) float64 {
	i := sort.Search(len(d.points), func(i int) bool { return d.points[i].value > x })
	switch i {
	case 0:
		return 0
	case len(d.points):
		return 1
	}
	a, b := d.points[i-1], d.points[i]
	return a.probability + (b.probability-a.probability)*((x-a.value)/(b.value-a.value))
}

// Mean is that of the middles of the spans between points.
func (d *Empirical) Mean() float64 {
	var sum float64
	for i, b := range d.points[1:] {
		a := d.points[i]
		sum += (b.probability - a.probability) * (a.value + b.value) / 2
	}
	return sum
}

// Variance is that within the spans, (b-a)²/12 each, plus that of their middles.
func (d *Empirical) Variance() float64 {
	mean := d.Mean()
	var sum float64
	for i, b := range d.points[1:] {
		a := d.points[i]
		width, off := b.value-a.value, (a.value+b.value)/2-mean
		sum += (b.probability - a.probability) * (width*width/12 + off*off)
	}
	return sum
}

// String is the expression.
func (d *Empirical) String() string {
	texts := make([]string, len(d.points))
	for i, p := range d.points {
		texts[i] = p.String() + " " + formatTime(p.value)
	}
	return "empirical(" + strings.Join(texts, ", ") + ")"
}

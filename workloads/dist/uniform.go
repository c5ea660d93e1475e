package dist

import "sunrelay/workloads/rng"

// Uniform has every number of [from, to) with the same density.
type Uniform struct{ from, to float64 }

var uniformKind = Kind{
	Name:     "uniform",
	Examples: []string{"uniform(5m, 15m)", "uniform(from 0, to 15m)"},
	bind:     bindUniform,
}

func bindUniform(c *call) (Dist, error) {
	_, v, err := c.choose(form{bare: true, parameters: []parameter{{"from", anyTime}, {"to", positiveTime}}})
	if err != nil {
		return nil, err
	}
	if v[1] <= v[0] {
		return nil, misfitAt(c.offset, "to %s, want more than from %s", formatTime(v[1]), formatTime(v[0]))
	}
	return &Uniform{from: v[0], to: v[1]}, nil
}

// Sample is by inversion.
func (d *Uniform) Sample(bits uint64) float64 { return d.from + (d.to-d.from)*rng.Uniform(bits) }

// Mean is the middle.
func (d *Uniform) Mean() float64 { return (d.from + d.to) / 2 }

// Variance is (to - from)²/12.
func (d *Uniform) Variance() float64 { return (d.to - d.from) * (d.to - d.from) / 12 }

// CDF rises evenly from 0 to 1.
func (d *Uniform) CDF(x float64) float64 { return min(1, max(0, (x-d.from)/(d.to-d.from))) }

// Quantile is linear.
func (d *Uniform) Quantile(p float64) float64 { return d.from + (d.to-d.from)*p }

// String is the expression.
func (d *Uniform) String() string {
	return "uniform(from " + formatTime(d.from) + ", to " + formatTime(d.to) + ")"
}

package dist

import "math"

// Exponential is the distribution of the time to the next event of a kind that has no memory.
type Exponential struct{ mean float64 }

var exponentialKind = Kind{
	Name:     "exponential",
	Examples: []string{"exponential(mean 20m)"},
	bind: func(c *call) (Dist, error) {
		_, v, err := c.choose(form{parameters: []parameter{meanTime}})
		if err != nil {
			return nil, err
		}
		return &Exponential{mean: v[0]}, nil
	},
}

// Sample is by the ziggurat, see UnitExponential.
func (d *Exponential) Sample(bits uint64) float64 { return d.mean * UnitExponential(bits) }

// Mean is the parameter.
func (d *Exponential) Mean() float64 { return d.mean }

// Variance is the square of the mean.
func (d *Exponential) Variance() float64 { return d.mean * d.mean }

// CDF is 1 - exp(-x/mean).
func (d *Exponential) CDF(x float64) float64 { return -math.Expm1(-math.Max(0, x) / d.mean) }

// Quantile is -mean·log(1-p).
func (d *Exponential) Quantile(p float64) float64 { return -d.mean * math.Log1p(-p) }

// String is the expression.
func (d *Exponential) String() string { return "exponential(mean " + formatTime(d.mean) + ")" }

package dist

import "math"

// Weibull is the distribution of times whose hazard rises (shape above 1) or falls (shape below 1) with age: patience of
// callers, fixes that get less likely the longer they take.
type Weibull struct{ shape, scale, mean float64 }

var weibullKind = Kind{
	Name:     "weibull",
	Examples: []string{"weibull(shape 1.5, mean 1h)", "weibull(shape 0.5, mean 1h)"},
	bind: func(c *call) (Dist, error) {
		_, v, err := c.choose(form{parameters: []parameter{{"shape", numberWithin(0.1, 100)}, meanTime}})
		if err != nil {
			return nil, err
		}
		return &Weibull{shape: v[0], scale: v[1] / math.Gamma(1+1/v[0]), mean: v[1]}, nil
	},
}

// Sample is scale·E^(1/shape) for a unit exponential E, which is what inversion comes to. The power is by logarithms,
// half the time of math.Pow and off by less than 1e-13 for the shapes that are accepted.
func (d *Weibull) Sample(bits uint64) float64 {
	return d.scale * math.Exp(math.Log(UnitExponential(bits))/d.shape)
}

// Mean is scale·Γ(1 + 1/shape).
func (d *Weibull) Mean() float64 { return d.mean }

// Variance is scale²·Γ(1 + 2/shape) - mean².
func (d *Weibull) Variance() float64 {
	return d.scale*d.scale*math.Gamma(1+2/d.shape) - d.mean*d.mean
}

// CDF is 1 - exp(-(x/scale)^shape).
func (d *Weibull) CDF(x float64) float64 {
	return -math.Expm1(-math.Pow(math.Max(0, x)/d.scale, d.shape))
}

// Quantile is scale·(-log(1-p))^(1/shape).
func (d *Weibull) Quantile(p float64) float64 {
	return d.scale * math.Pow(-math.Log1p(-p), 1/d.shape)
}

// String is the expression.
func (d *Weibull) String() string {
	return "weibull(shape " + formatNumber(d.shape) + ", mean " + formatTime(d.mean) + ")"
}

package dist

// Constant is always the same number, which is not negative.
type Constant float64

var constantKind = Kind{
	Name:     "constant",
	Examples: []string{"constant(12m)", "12m"},
	bind: func(c *call) (Dist, error) {
		_, v, err := c.choose(form{bare: true, parameters: []parameter{{"value", anyTime}}})
		if err != nil {
			return nil, err
		}
		return Constant(v[0]), nil
	},
}

// Sample is the constant.
func (d Constant) Sample(uint64) float64 { return float64(d) }

// Mean is the constant.
func (d Constant) Mean() float64 { return float64(d) }

// Variance is 0.
func (d Constant) Variance() float64 { return 0 }

// CDF is a step from 0 to 1 at the constant.
func (d Constant) CDF(x float64) float64 {
	if x < float64(d) {
		return 0
	}
	return 1
}

// Quantile is the constant.
func (d Constant) Quantile(float64) float64 { return float64(d) }

// String is the expression.
func (d Constant) String() string { return "constant(" + formatTime(float64(d)) + ")" }

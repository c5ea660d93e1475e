package dist

import "math"

// Lognormal is the distribution of exp(X) for a normal X: many short, few very long times, as handle times and the
// delays of customers are.
type Lognormal struct {
	mu, sigma float64 // of the logarithm
	mean      float64
	stated    string // the parameters, as in "mean 25m, cv 1.2"
}

var lognormalKind = Kind{
	Name:     "lognormal",
	Examples: []string{"lognormal(mean 25m, cv 1.2)", "lognormal(median 26h, mean 110h)"},
	bind:     bindLognormal,
}

func bindLognormal(c *call) (Dist, error) {
	which, v, err := c.choose(
		form{parameters: []parameter{meanTime, cvNumber}},
		form{parameters: []parameter{{"median", positiveTime}, meanTime}},
	)
	if err != nil {
		return nil, err
	}
	if which == 0 {
		return lognormalOfCV(v[0], v[1]), nil
	}
	if v[1] <= v[0] {
		return nil, misfitAt(c.offset, "mean %s, want more than the median %s", formatTime(v[1]), formatTime(v[0]))
	}
	return lognormalOfMedian(v[0], v[1]), nil
}

// lognormalOfCV has the given mean and coefficient of variation: σ² = log(1+cv²), μ = log(mean) - σ²/2.
func lognormalOfCV(mean, cv float64) *Lognormal {
	variance := math.Log1p(cv * cv)
	return &Lognormal{
		mu: math.Log(mean) - variance/2, sigma: math.Sqrt(variance), mean: mean,
		stated: "mean " + formatTime(mean) + ", cv " + formatNumber(cv),
	}
}

// lognormalOfMedian has the given median and mean: μ = log(median), σ² = 2·log(mean/median).
func lognormalOfMedian(median, mean float64) *Lognormal {
	return &Lognormal{
		mu: math.Log(median), sigma: math.Sqrt(2 * math.Log(mean/median)), mean: mean,
		stated: "median " + formatTime(median) + ", mean " + formatTime(mean),
	}
}

// Sample is exp(μ + σ·Z) with Z by the ziggurat, see UnitNormal.
func (d *Lognormal) Sample(bits uint64) float64 { return exp(d.mu + d.sigma*UnitNormal(bits)) }

// Mean is the parameter.
func (d *Lognormal) Mean() float64 { return d.mean }

// Variance is mean²·(exp(σ²) - 1).
func (d *Lognormal) Variance() float64 { return d.mean * d.mean * math.Expm1(d.sigma*d.sigma) }

// CDF is Φ((log(x) - μ)/σ).
func (d *Lognormal) CDF(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return math.Erfc(-(math.Log(x)-d.mu)/(d.sigma*math.Sqrt2)) / 2
}

// Quantile is exp(μ + σ·Φ⁻¹(p)).
func (d *Lognormal) Quantile(p float64) float64 {
	return math.Exp(d.mu - d.sigma*math.Sqrt2*math.Erfcinv(2*p))
}

// String is the expression.
func (d *Lognormal) String() string { return "lognormal(" + d.stated + ")" }

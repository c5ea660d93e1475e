package dist

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"sunrelay/workloads/rng"
)

// Gamma is the distribution with density proportional to x^(shape-1)·exp(-x/scale): work of several steps for a shape
// above 1, bursts for one below; with mean 1 it is the factor by which a day is busy.
type Gamma struct {
	shape, scale float64
	mean         float64
	stated       string // the parameters, as in "mean 10m, cv 0.5"; "" = by shape and mean
}

// The shapes that are accepted. The lower one has a variance of 1000 squared means.
const leastShape, greatestShape = 1e-3, 1e6

var gammaKind = Kind{
	Name:     "gamma",
	Examples: []string{"gamma(mean 10m, cv 0.5)", "gamma(shape 2, mean 1h)"},
	bind:     bindGamma,
}

func bindGamma(c *call) (Dist, error) {
	which, v, err := c.choose(
		form{parameters: []parameter{meanTime, {"cv", numberWithin(1e-3, 31)}}},
		form{parameters: []parameter{{"shape", numberWithin(leastShape, greatestShape)}, meanTime}},
	)
	if err != nil {
		return nil, err
	}
	if which == 1 {
		return gammaOfMean(v[0], v[1]), nil
	}
	mean, cv := v[0], v[1]
	d := gammaOfMean(1/(cv*cv), mean)
	d.stated = "mean " + formatTime(mean) + ", cv " + formatNumber(cv)
	return d, nil
}

// GammaOf is the distribution with the given shape and scale, which are positive; its mean is their product and its
// variance the mean times the scale.
func GammaOf(shape, scale float64) *Gamma {
	if !(shape > 0 && scale > 0) {
		panic(fmt.Sprintf("dist: gamma of shape %v and scale %v", shape, scale))
	}
	return &Gamma{shape: shape, scale: scale, mean: shape * scale}
}

func gammaOfMean(shape, mean float64) *Gamma {
	return &Gamma{shape: shape, scale: mean / shape, mean: mean}
}

// Sample is by G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM Transactions on
// Mathematical Software 26 (2000), 363-372; shapes below 1 are boosted as in their section 6.
func (d *Gamma) Sample(bits uint64) float64 {
	if d.shape >= 1 {
		return d.scale * unitGamma(d.shape, bits)
	}
	x := unitGamma(d.shape+1, bits)
	u := rng.UniformPositive(rng.Next(^bits))
	return d.scale * x * math.Exp(math.Log(u)/d.shape)
}

// unitGamma is a number of the gamma distribution with scale 1 and a shape of at least 1.
func unitGamma(shape float64, bits uint64) float64 {
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := UnitNormal(bits)
		bits = rng.Next(bits)
		v := 1 + c*x
		if v <= 0 {
			bits = rng.Next(bits)
			continue
		}
		v = v * v * v
		u := rng.UniformPositive(bits)
		if u < 1-0.0331*x*x*x*x || math.Log(u) < x*x/2+d*(1-v+math.Log(v)) {
			return d * v
		}
		bits = rng.Next(bits)
	}
}

// law is the same distribution in gonum, for functions that do not sample and so need no source.
func (d *Gamma) law() distuv.Gamma { return distuv.Gamma{Alpha: d.shape, Beta: 1 / d.scale} }

// Mean is shape times scale.
func (d *Gamma) Mean() float64 { return d.mean }

// Variance is the mean times the scale.
func (d *Gamma) Variance() float64 { return d.shape * d.scale * d.scale }

// CDF is the regularised lower incomplete gamma function.
func (d *Gamma) CDF(x float64) float64 { return d.law().CDF(math.Max(0, x)) }

// Quantile is the inverse of CDF.
func (d *Gamma) Quantile(p float64) float64 { return invert(d, p, 0, math.Inf(1)) }

// String is the expression.
func (d *Gamma) String() string {
	if d.stated != "" {
		return "gamma(" + d.stated + ")"
	}
	return "gamma(shape " + formatNumber(d.shape) + ", mean " + formatTime(d.mean) + ")"
}

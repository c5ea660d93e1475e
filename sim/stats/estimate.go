package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Estimate is a figure with its uncertainty. The true value lies in [Low, High] with the confidence of the Estimator
// that made it.
type Estimate struct {
	Mean      float64 // NaN if there were no observations
	HalfWidth float64 // of the confidence interval; +Inf if it is unknown
	N         int     // observations, such as replications
	// Terms are what each observation has beyond the mean, in their order: of ratios by linearisation. Their sum is 0 unless Mean
	// is not the mean of the observations, as a quantile of all of them together. They say how far two estimates of the same
	// replications move together; see Estimator.Difference. Nil where an observation is missing.
	Terms    []float64
	Warnings []string // what a reader must know, each one clause without a full stop
}

// Low is the lower end of the confidence interval.
func (e Estimate) Low() float64 { return e.Mean - e.HalfWidth }

// High is the upper end of the confidence interval.
func (e Estimate) High() float64 { return e.Mean + e.HalfWidth }

// DefaultConfidence is the confidence of the zero Estimator.
const DefaultConfidence = 0.95

// Estimator makes estimates of a confidence. The zero value is ready for use.
type Estimator struct {
	Confidence float64 // in (0, 1); 0 means DefaultConfidence
}

// fewest is the number of observations below which an estimate carries a warning: the coverage of Student's interval
// for a skewed quantity is then visibly off (A. M. Law, Simulation Modeling and Analysis, chapter 4).
const fewest = 10

// MeanOf estimates the expectation of independent observations: their mean ± t·s/√n, with the quantile t of Student's
// distribution with n-1 degrees of freedom (Law, chapter 4).
func (e Estimator) MeanOf(values []float64) Estimate {
	mean, _ := meanVariance(values)
	terms := make([]float64, len(values))
	for i, v := range values {
		terms[i] = v - mean
	}
	return e.estimate(mean, terms)
}

// estimate is the interval for a mean of which each observation has the given influence.
func (e Estimator) estimate(mean float64, terms []float64) Estimate {
	n := len(terms)
	result := Estimate{Mean: mean, HalfWidth: math.Inf(1), N: n, Terms: terms}
	if n >= 2 {
		result.HalfWidth = e.t(n-1) * math.Sqrt(varianceAround(terms)/float64(n))
	}
	if n < fewest {
		result.Warnings = append(result.Warnings, fewWarning(n))
	}
	return result
}

func fewWarning(n int) string {
	switch n {
	case 0:
		return "there are no replications"
	case 1:
		return fmt.Sprintf("1 replication has no half-width, want at least %d", fewest)
	}
	return fmt.Sprintf("the half-width rests on %d replications, want at least %d", n, fewest)
}

// t is the factor of the two-sided interval for the given degrees of freedom.
func (e Estimator) t(degrees int) float64 { return TwoSidedT(e.confidence(), degrees) }

func (e Estimator) confidence() float64 {
	if e.Confidence == 0 {
		return DefaultConfidence
	}
	return e.Confidence
}

// TwoSidedT is the number that the absolute value of a Student variable with the given degrees of freedom (at least 1)
// stays below with probability confidence, in (0, 1). For a one-sided bound that errs with probability α, take the
// confidence 1 - 2α.
func TwoSidedT(confidence float64, degrees int) float64 {
	if !(confidence > 0 && confidence < 1) || degrees < 1 {
		panic(fmt.Sprintf("stats: t quantile of confidence %v and %d degrees of freedom", confidence, degrees))
	}
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(degrees)} // no Src: it is not sampled
	return student.Quantile((1 + confidence) / 2)
}

// meanVariance is the mean and the unbiased variance; NaN and 0 where they do not exist.
func meanVariance(values []float64) (mean, variance float64) {
	switch len(values) {
	case 0:
		return math.NaN(), 0
	case 1:
		return values[0], 0
	}
	return stat.MeanVariance(values, nil)
}

// varianceAround is the variance of terms.
func varianceAround(terms []float64) float64 {
	_, variance := meanVariance(terms)
	return variance
}

func mustMatch(a, b int) {
	if a != b {
		panic(fmt.Sprintf("stats: %d observations against %d", a, b))
	}
}

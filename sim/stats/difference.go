package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Difference estimates the expectation of a - b, two estimates from the same replications on common random numbers: each
// may be a mean, a ratio of means or a quantile. Its half-width is that of the differences of the terms, so that what the two
// have in common cancels; for two means that is the paired-t interval (Law, chapter 10). Of quantiles it is the mean of the
// replications' differences, which may differ a little from a.Mean - b.Mean. Without terms, or with another number of
// replications, the half-width is unknown.
func (e Estimator) Difference(a, b Estimate) Estimate {
	if a.Terms == nil || len(a.Terms) != len(b.Terms) {
		return Estimate{Mean: a.Mean - b.Mean, HalfWidth: math.Inf(1), N: min(a.N, b.N), Warnings: []string{"there are no pairs of replications"}}
	}
	terms := differences(a, b)
	beyond, _ := meanVariance(terms)
	for i := range terms {
		terms[i] -= beyond
	}
	return e.estimate(a.Mean-b.Mean+beyond, terms)
}

// differences are those of the terms.
func differences(a, b Estimate) []float64 {
	terms := make([]float64, len(a.Terms))
	for i := range terms {
		terms[i] = a.Terms[i] - b.Terms[i]
	}
	return terms
}

// VarianceRatio is the variance of the paired difference of a and b over that of a difference of unpaired runs, estimated
// from the same replications: 1 where common random numbers do not help, 0 where they take all noise away. It is NaN where
// neither varies.
func VarianceRatio(a, b Estimate) float64 {
	if a.Terms == nil || len(a.Terms) != len(b.Terms) {
		return math.NaN()
	}
	return varianceAround(differences(a, b)) / (varianceAround(a.Terms) + varianceAround(b.Terms))
}

// ChanceOf is the probability of an estimate at least so far from 0, on either side, if the expectation is 0: the p-value of
// Student's test. Where all observations agree it is 0, or 1 for the estimate 0; it is NaN where the estimate or its
// half-width is unknown.
func (e Estimator) ChanceOf(estimate Estimate) float64 {
	switch {
	case math.IsNaN(estimate.Mean) || math.IsInf(estimate.HalfWidth, 1) || estimate.N < 2:
		return math.NaN()
	case estimate.Mean == 0:
		return 1
	case estimate.HalfWidth == 0:
		return 0
	}
	t := math.Abs(estimate.Mean) / estimate.HalfWidth * e.t(estimate.N-1)
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(estimate.N - 1)}.Survival(t)
}

// Holm tells which of many hypotheses to reject so that the probability of rejecting any that is true is at most alpha,
// however they depend on each other. It takes their p-values; NaN is never rejected and does not count (S. Holm, "A simple
// sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979), 65-70).
func Holm(p []float64, alpha float64) []bool {
	var order []int
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	rejected := make([]bool, len(p))
	for rank, i := range order {
		if p[i] > alpha/float64(len(order)-rank) {
			break
		}
		rejected[i] = true
	}
	return rejected
}

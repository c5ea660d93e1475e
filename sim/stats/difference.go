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
// Student's test, and of the sign test where the observations repeat each other and that is larger. Student's test takes
// observations for about normal. Small whole numbers are not, and that a few of them agree does not prove that all would: the sign
// test asks only how many lie on either side of 0, so that n that agree have the p-value 2^(1-n) (W. J. Conover, Practical
// Nonparametric Statistics, section 3.4). It is left out where the half-width is larger than the spread of the observations, as ShareOf
// makes it: then it holds what they do not show. The p-value of the estimate 0 is 1; it is NaN where the estimate or its half-width
// is unknown.
func (e Estimator) ChanceOf(estimate Estimate) float64 {
	switch {
	case math.IsNaN(estimate.Mean) || math.IsInf(estimate.HalfWidth, 1) || estimate.N < 2:
		return math.NaN()
	case estimate.Mean == 0:
		return 1
	}
	p := 0.0
	if estimate.HalfWidth > 0 {
		t := math.Abs(estimate.Mean) / estimate.HalfWidth * e.t(estimate.N-1)
		p = 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(estimate.N - 1)}.Survival(t)
	}
	const rounding = 1e-9
	spread := e.t(estimate.N-1) * math.Sqrt(varianceAround(estimate.Terms)/float64(estimate.N))
	if estimate.Terms == nil || estimate.HalfWidth > spread+rounding*math.Abs(estimate.Mean) {
		return p
	}
	return max(p, estimate.signChance())
}

// signChance is the p-value of the sign test, two-sided, where no more than half of the observations are distinct; else 0.
// Observations of 0 do not count.
func (e Estimate) signChance() float64 {
	values := make([]float64, len(e.Terms))
	largest := 0.0
	for i, term := range e.Terms {
		values[i] = e.Mean + term
		largest = max(largest, math.Abs(values[i]))
	}
	slices.Sort(values)
	const rounding = 1e-12 // of a float64, some lost by sums
	distinct, above, below := 0, 0, 0
	for i, v := range values {
		if i == 0 || v-values[i-1] > rounding*largest {
			distinct++
		}
		switch {
		case v > rounding*largest:
			above++
		case v < -rounding*largest:
			below++
		}
	}
	if 2*distinct > len(values) {
		return 0
	}
	return min(1, 2*distuv.Binomial{N: float64(above + below), P: 0.5}.CDF(float64(min(above, below))))
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

package stats

import (
	"fmt"
	"math"
)

// Ratio is a rate by replication, such as clocks met over clocks decided: Num[i]/Den[i] belong together. The slices have
// the same length.
type Ratio struct{ Num, Den []float64 }

// uncertainDenominator is the relative half-width of the mean denominator above which the linearisation behind RatioOf
// is called rough. Fieller's exact interval for normal observations differs from the linear one by a factor of about
// 1/(1-g) with g its square, here 1 % (E. C. Fieller, "Some problems in interval estimation", Journal of the Royal
// Statistical Society B 16 (1954), 175-185).
const uncertainDenominator = 0.1

// RatioOf estimates E[num]/E[den] by the ratio of the means, ± t·s/(x̄·√n) by the delta method, where s is the standard
// deviation of num[i] - ratio·den[i] and x̄ the mean of den (Law, chapter 9 on the regenerative method, which has the
// same form; W. G. Cochran, Sampling Techniques, section 6.4). The bias is of the order of 1/n, far inside the half-width.
// Replications without any denominator are fine, but not all of them: then the ratio is NaN and its half-width +Inf.
func (e Estimator) RatioOf(num, den []float64) Estimate {
	r := Ratio{num, den}
	ratio, terms := r.linearised()
	return e.judge(e.estimate(ratio, terms), r)
}

// ShareOf is RatioOf for counts that are part of a larger count. That something was never seen, or always, is no proof
// that it never happens: the half-width is at least 3/n for n observations in all, the bound of 95 % for an event that did
// not occur, and at most 1 (J. A. Hanley and A. Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 249 (1983)).
func (e Estimator) ShareOf(part, whole []float64) Estimate {
	r := Ratio{part, whole}
	ratio, terms := r.linearised()
	result := e.estimate(ratio, terms)
	n := 0.0
	for _, w := range whole {
		n += w
	}
	if n > 0 && result.N >= 2 {
		result.HalfWidth = min(max(result.HalfWidth, 3/n), 1)
	}
	return e.judge(result, r)
}

// linearised is the ratio of the means and the influence of each replication on it: (num - ratio·den)/mean(den). The
// influences add up to 0.
func (r Ratio) linearised() (ratio float64, terms []float64) {
	mustMatch(len(r.Num), len(r.Den))
	var num, den float64
	for i := range r.Num {
		num += r.Num[i]
		den += r.Den[i]
	}
	ratio = num / den
	mean := den / float64(len(r.Den))
	terms = make([]float64, len(r.Num))
	for i := range terms {
		terms[i] = (r.Num[i] - ratio*r.Den[i]) / mean
	}
	return ratio, terms
}

// judge adds the warnings of a ratio to its estimate.
func (e Estimator) judge(result Estimate, r Ratio) Estimate {
	if result.N == 0 {
		return result
	}
	den := e.MeanOf(r.Den)
	if den.Mean == 0 {
		return Estimate{Mean: math.NaN(), HalfWidth: math.Inf(1), N: result.N, Warnings: append(result.Warnings, "nothing was counted that the ratio could refer to")}
	}
	if relative := den.HalfWidth / math.Abs(den.Mean); result.N >= 2 && relative > uncertainDenominator {
		result.Warnings = append(result.Warnings, fmt.Sprintf("the half-width is rough, since what the ratio refers to is itself known to ± %.0f %% only", 100*relative))
	}
	if result.N >= 2 && result.HalfWidth == 0 {
		result.Warnings = append(result.Warnings, "all replications agree, so the half-width of 0 does not say how rare an exception is")
	}
	return result
}

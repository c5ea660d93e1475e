package stats

import (
	"fmt"
	"math"
	"slices"
)

// Quantile is the p-quantile of values, for p in [0, 1], with linear interpolation between neighbours: the h-th value in
// rising order, counted from 0, for h = (n-1)·p (type 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical
// packages", The American Statistician 50 (1996), 361-365). The slice stays as it is. NaN if it is empty.
func Quantile(values []float64, p float64) float64 {
	if !(p >= 0 && p <= 1) {
		panic(fmt.Sprintf("stats: quantile of %v", p))
	}
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	whole, part := math.Modf(p * float64(len(sorted)-1))
	i := int(whole)
	if part == 0 {
		return sorted[i]
	}
	return sorted[i] + part*(sorted[i+1]-sorted[i])
}

package dist

import "math"

// invert is the least x of [low, high] at which the CDF reaches p, or high if it does not before, for 0 <= low. It
// halves the interval of the bit patterns of non-negative numbers, which are in the order of the numbers, so it is exact
// for any monotone CDF and takes at most 63 steps.
func invert(d Law, p, low, high float64) float64 {
	from, to := math.Float64bits(low), math.Float64bits(high)
	for from < to {
		middle := from + (to-from)/2
		if d.CDF(math.Float64frombits(middle)) >= p {
			to = middle
		} else {
			from = middle + 1
		}
	}
	return math.Float64frombits(from)
}

package dist

import "math"

// invert is the least float64 x >= 0 at which the CDF reaches p, or +Inf. It halves the interval of the bit patterns of
// non-negative numbers, which are in the order of the numbers, so it is exact for any monotone CDF and takes 63 steps.
func invert(d Law, p float64) float64 {
	low, high := uint64(0), math.Float64bits(math.Inf(1))
	for low < high {
		middle := low + (high-low)/2
		if d.CDF(math.Float64frombits(middle)) >= p {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return math.Float64frombits(low)
}

package queueing

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// HalfinWhitt is the limit of the probability to wait in M/M/c with c = a + β·√a servers for large loads a, β > 0
// (S. Halfin and W. Whitt, "Heavy-traffic limits for queues with many exponential servers", Operations Research 29 (1981)).
func HalfinWhitt(beta float64) float64 {
	return 1 / (1 + beta*distuv.UnitNormal.CDF(beta)/distuv.UnitNormal.Prob(beta))
}

// Garnett is the same limit with abandonment, for any β; ratio is the rate of impatience over that of service (Garnett,
// Mandelbaum and Reiman, 2002).
func Garnett(beta, ratio float64) float64 {
	return 1 / (1 + math.Sqrt(ratio)*hazard(beta/math.Sqrt(ratio))/hazard(-beta))
}

// hazard is that of the standard normal distribution.
func hazard(x float64) float64 { return distuv.UnitNormal.Prob(x) / distuv.UnitNormal.Survival(x) }

// SquareRoot is the number of servers a + β·√(z·a), rounded up, for a load a whose number in service has the variance z·a:
// z is 1 for Poisson arrivals and more where days are busy by turns (peakedness).
func SquareRoot(load, peakedness, beta float64) int {
	return max(0, int(math.Ceil(load+beta*math.Sqrt(peakedness*load)-1e-9)))
}

// Beta is the square-root safety at which M/M/c of a large load keeps the share goal of the arrivals within t service
// times: the root of α(β)·exp(-β·√a·t) = 1 - goal.
func Beta(load, t, goal float64) float64 {
	low, high := 1e-6, 20.0
	for range 60 {
		middle := (low + high) / 2
		if HalfinWhitt(middle)*math.Exp(-middle*math.Sqrt(load)*t) > 1-goal {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// Least is the least number of servers, from and up to most, that satisfies a condition which more servers never break;
// most + 1 if none does.
func Least(from, most int, enough func(servers int) bool) int {
	step := 1
	low, high := from-1, from
	for high <= most && !enough(high) {
		low = high
		high += step
		step *= 2
	}
	if high > most {
		high = most + 1
	}
	for high-low > 1 {
		middle := (low + high) / 2
		if enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

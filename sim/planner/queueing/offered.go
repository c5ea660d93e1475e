package queueing

import "gonum.org/v1/gonum/integrate/quad"

// Periodic is a quantity by equal steps of a period that repeats for ever, such as the arrival rate in the quarters of an
// hour of a week.
type Periodic struct {
	Values []float64 // constant within a step
	Step   float64   // length of a step
}

// Convolved is the same quantity delayed: its value at the middle of each step is ∫ value(t-u) dF(u), for the distribution
// function of a delay. An arrival stream that comes back after a delay with probability p adds p times this.
func (p Periodic) Convolved(cdf func(u float64) float64) Periodic {
	return p.spread(func(from, to float64) float64 { return cdf(to) - cdf(from) })
}

// OfferedLoad is the mean number in service with ample servers, the modified offered load, at the middle of each step:
// m(t) = ∫ λ(t-u)·P(S > u) du, for the survival function of the time in service (S. G. Eick, W. A. Massey, W. Whitt, "The
// physics of the Mt/G/∞ queue", Operations Research 41 (1993)). Where λ is constant within steps it is exact.
func (p Periodic) OfferedLoad(survival func(u float64) float64) Periodic {
	return p.spread(func(from, to float64) float64 { return quad.Fixed(survival, from, to, 16, quad.Legendre{}, 0) })
}

// Returning is the stream with all its returns: r = p + probability · (r delayed). The probability is below 1.
func (p Periodic) Returning(probability float64, cdf func(u float64) float64) Periodic {
	total, again := p, p
	for size := probability; size > 1e-12; size *= probability {
		again = again.Convolved(cdf).times(probability)
		total = total.plus(again)
	}
	return total
}

// spread is Σ value(t - u)·weight of the u for which that is constant.
func (p Periodic) spread(weight func(from, to float64) float64) Periodic {
	n := len(p.Values)
	// By lag: the step itself is left after half of it, so lags end at (k + 1/2)·Step.
	kernel := make([]float64, n)
	const negligible, most = 1e-15, 1_000_000
	for k := 0; k < most; k++ {
		w := weight(max(0, (float64(k)-0.5)*p.Step), (float64(k)+0.5)*p.Step)
		kernel[k%n] += w
		if k > n && w < negligible {
			break
		}
	}
	out := Periodic{Values: make([]float64, n), Step: p.Step}
	for t := range out.Values {
		for lag, w := range kernel {
			out.Values[t] += w * p.Values[((t-lag)%n+n)%n]
		}
	}
	return out
}

func (p Periodic) times(factor float64) Periodic {
	out := Periodic{Values: make([]float64, len(p.Values)), Step: p.Step}
	for i, v := range p.Values {
		out.Values[i] = factor * v
	}
	return out
}

func (p Periodic) plus(q Periodic) Periodic {
	out := Periodic{Values: make([]float64, len(p.Values)), Step: p.Step}
	for i := range p.Values {
		out.Values[i] = p.Values[i] + q.Values[i]
	}
	return out
}

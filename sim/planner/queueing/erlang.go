package queueing

import "math"

// ErlangB is the probability that all of so many servers are busy in M/M/c/c, which is the share of lost arrivals; it holds
// for any distribution of service with the mean. The recursion is B(k) = a·B(k-1) / (k + a·B(k-1)) (A. K. Erlang, 1917).
func ErlangB(load float64, servers int) float64 {
	b := 1.0
	for k := 1; k <= servers; k++ {
		b = load * b / (float64(k) + load*b)
	}
	return b
}

// ErlangC is the probability that an arrival waits in M/M/c. It is 1 where the servers cannot do the load.
func ErlangC(load float64, servers int) float64 {
	c := float64(servers)
	if load >= c {
		return 1
	}
	b := ErlangB(load, servers)
	return c * b / (c - load*(1-b))
}

// Delay is the queue M/M/c, first come, first served.
type Delay struct {
	Arrivals float64 // rate
	Service  float64 // rate of one server
	Servers  int
}

// Load is the offered load in erlangs.
func (q Delay) Load() float64 { return q.Arrivals / q.Service }

// drain is the rate at which a wait shrinks: c·μ - λ.
func (q Delay) drain() float64 { return float64(q.Servers)*q.Service - q.Arrivals }

// Stable reports whether the servers can do the load.
func (q Delay) Stable() bool { return q.drain() > 0 }

// Waits is the probability that an arrival waits.
func (q Delay) Waits() float64 { return ErlangC(q.Load(), q.Servers) }

// Within is the probability that an arrival waits no longer than t: 1 - C·exp(-(cμ-λ)t), and 0 where the queue is not
// stable.
func (q Delay) Within(t float64) float64 {
	if !q.Stable() {
		return 0
	}
	return 1 - q.Waits()*math.Exp(-q.drain()*t)
}

// MeanWait is the mean over all arrivals; +Inf where the queue is not stable.
func (q Delay) MeanWait() float64 {
	if !q.Stable() {
		return math.Inf(1)
	}
	return q.Waits() / q.drain()
}

// Quantile is the wait that a share p of the arrivals do not exceed, for p in [0, 1).
func (q Delay) Quantile(p float64) float64 {
	if !q.Stable() {
		return math.Inf(1)
	}
	return max(0, math.Log(q.Waits()/(1-p))/q.drain())
}

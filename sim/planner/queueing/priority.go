package queueing

import "math"

// Priority is the queue M/M/c with classes of which the first goes before the second and so on, without interruption, and
// first come, first served within a class. All have the same rate of service.
type Priority struct {
	Arrivals []float64 // rates, by class
	Service  float64
	Servers  int
}

// MeanWait is that of a class (A. Cobham, "Priority assignment in waiting line problems", Operations Research 2 (1954), with
// the delay probability of M/M/c in place of the load; O. Kella and U. Yechiali, 1985). It is +Inf for classes that the
// servers cannot do.
func (q Priority) MeanWait(class int) float64 {
	higher, through := q.loads(class)
	if through >= 1 {
		return math.Inf(1)
	}
	return q.waits() / (float64(q.Servers) * q.Service * (1 - higher) * (1 - through))
}

// waits is the probability that an arrival of any class waits.
func (q Priority) waits() float64 {
	sum := 0.0
	for _, rate := range q.Arrivals {
		sum += rate
	}
	return ErlangC(sum/q.Service, q.Servers)
}

// loads are the shares of the servers' time that classes above the given one take, and those with it.
func (q Priority) loads(class int) (higher, through float64) {
	all := float64(q.Servers) * q.Service
	for i, rate := range q.Arrivals[:class+1] {
		through += rate / all
		if i < class {
			higher += rate / all
		}
	}
	return higher, through
}

// Within is the probability that an arrival of the class waits no longer than t. Who has to wait finds a geometric number
// of equal or higher rank ahead, and each of these and the arrival itself stands for a busy period of the higher
// classes: the number of them falls with rate cμ and rises with the rate of the higher classes until it is 0.
func (q Priority) Within(class int, t float64) float64 {
	higher, through := q.loads(class)
	if through >= 1 {
		return 0
	}
	drain := float64(q.Servers) * q.Service
	if class == 0 {
		return 1 - q.waits()*math.Exp(-(drain-q.Arrivals[0])*t)
	}
	up := higher * drain
	return 1 - q.waits()*stillPositive(through, up, drain, t)
}

// stillPositive is the probability that a walk that begins at 1 + a geometric number with the given ratio, rises with rate
// up and falls with rate down, has not come to 0 by t. The walk is looked at when a Poisson clock of rate up + down
// strikes.
func stillPositive(ratio, up, down, t float64) float64 {
	const negligible = 1e-13
	size := 2 + int(math.Log(negligible)/math.Log(ratio))
	strikes := (up + down) * t
	last := int(strikes + 10*math.Sqrt(strikes) + 40)
	state := make([]float64, size+last+2)
	state[1] = 1 - ratio
	for i := 2; i <= size; i++ {
		state[i] = state[i-1] * ratio
	}
	next := make([]float64, len(state))
	rise := up / (up + down)
	alive, sum := 1.0, 0.0
	for k := 0; k <= last; k++ {
		sum += alive * poisson(k, strikes)
		high := min(size+k+1, len(state)-2)
		alive = 0
		for i := 1; i <= high; i++ {
			next[i] = state[i-1]*rise + state[i+1]*(1-rise)
			if i == 1 {
				next[i] = state[2] * (1 - rise)
			}
			alive += next[i]
		}
		state, next = next, state
	}
	return sum
}

// poisson is the probability of k events where mean are expected.
func poisson(k int, mean float64) float64 {
	if mean == 0 {
		if k == 0 {
			return 1
		}
		return 0
	}
	lg, _ := math.Lgamma(float64(k) + 1)
	return math.Exp(float64(k)*math.Log(mean) - mean - lg)
}

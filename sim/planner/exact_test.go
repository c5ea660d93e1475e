package planner

import (
	"context"
	"math"
	"slices"
	"testing"

	"sunrelay/sim/planner/queueing"
)

// exact is an Evaluator whose figures are known without simulation: the same for every sample.
type exact struct {
	goals []float64
	at    func(heads []int) []float64 // attainments
	teams [][]float64                 // by objective and choice: who may help; nil = everybody
	seen  map[string]*Evaluation
}

func (e *exact) Evaluate(_ context.Context, heads []int, _ Sample) (*Evaluation, error) {
	if e.seen == nil {
		e.seen = map[string]*Evaluation{}
	}
	if ev := e.seen[key(heads)]; ev != nil {
		return ev, nil
	}
	const cases = 1e4
	ev := &Evaluation{}
	at := e.at(heads)
	for k, value := range at {
		slack := value - e.goals[k]
		ev.Scores = append(ev.Scores, Score{Value: value, Slack: slack, Met: slack >= 0, Missed: slack < 0, Decided: cases})
		late := Lateness{Team: slices.Repeat([]float64{1}, len(heads)), Count: make([]float64, len(at))}
		if e.teams != nil {
			late.Team = e.teams[k]
		}
		late.Count[k] = cases * (1 - value)
		ev.Late = append(ev.Late, late)
	}
	e.seen[key(heads)] = ev
	return ev, nil
}

// mDesign is two classes with a dedicated pool each and a flexible pool, which takes class 1 first: arrivals go to their
// dedicated pool if somebody is free there, else to the flexible one. All have the rate of service mu.
type mDesign struct {
	lambda1, lambda2, mu, t1, t2 float64
	rough                        bool // a hundred-thousandth is precise enough
}

// within are the exact probabilities to wait no longer than t1 and t2: the stationary law of the Markov chain by
// Gauss-Seidel iteration, then the wait of a tagged arrival. Queues are cut where they are as good as empty.
func (m mDesign) within(n1, n2, nF int) []float64 {
	n := float64(n1+n2+nF) * m.mu
	if m.lambda1 >= float64(n1+nF)*m.mu || m.lambda2 >= float64(n2+nF)*m.mu || m.lambda1+m.lambda2 >= n {
		return []float64{0, 0}
	}
	precision := 1e-9
	if m.rough {
		precision = 1e-5
	}
	q1 := queueCut(m.lambda1/(float64(n1+nF)*m.mu), precision)
	q2 := queueCut((m.lambda1+m.lambda2)/n, precision)
	c := chain{mDesign: m, n1: n1, n2: n2, nF: nF, high1: n1 + q1, high2: n2 + q2}
	law := c.stationary(precision / 100)
	return []float64{c.within1(law), c.within2(law)}
}

func queueCut(load, precision float64) int {
	return min(400, 10+int(math.Log(precision)/math.Log(load)))
}

// chain is the Markov chain: z1 and z2 are those of each class in its dedicated pool or its queue, f those busy in the
// flexible pool. Somebody waits only if both pools are full.
type chain struct {
	mDesign
	n1, n2, nF, high1, high2 int
}

func (c *chain) index(z1, z2, f int) int { return (f*(c.high2+1)+z2)*(c.high1+1) + z1 }

func (c *chain) valid(z1, z2, f int) bool {
	return z1 >= 0 && z2 >= 0 && f >= 0 && z1 <= c.high1 && z2 <= c.high2 && f <= c.nF && (f == c.nF || z1 <= c.n1 && z2 <= c.n2)
}

// each calls do with every transition from a state.
func (c *chain) each(z1, z2, f int, do func(z1, z2, f int, rate float64)) {
	switch {
	case z1 < c.n1 || f == c.nF:
		if z1 < c.high1 {
			do(z1+1, z2, f, c.lambda1)
		}
	default:
		do(z1, z2, f+1, c.lambda1)
	}
	switch {
	case z2 < c.n2 || f == c.nF:
		if z2 < c.high2 {
			do(z1, z2+1, f, c.lambda2)
		}
	default:
		do(z1, z2, f+1, c.lambda2)
	}
	if busy := min(z1, c.n1); busy > 0 {
		do(z1-1, z2, f, float64(busy)*c.mu)
	}
	if busy := min(z2, c.n2); busy > 0 {
		do(z1, z2-1, f, float64(busy)*c.mu)
	}
	if f > 0 {
		rate := float64(f) * c.mu
		switch {
		case z1 > c.n1:
			do(z1-1, z2, f, rate)
		case z2 > c.n2:
			do(z1, z2-1, f, rate)
		default:
			do(z1, z2, f-1, rate)
		}
	}
}

func (c *chain) stationary(precision float64) []float64 {
	size := (c.nF + 1) * (c.high2 + 1) * (c.high1 + 1)
	type arc struct {
		from int
		rate float64
	}
	into := make([][]arc, size)
	out := make([]float64, size)
	var states []int
	for f := range c.nF + 1 {
		for z2 := range c.high2 + 1 {
			for z1 := range c.high1 + 1 {
				if !c.valid(z1, z2, f) {
					continue
				}
				from := c.index(z1, z2, f)
				states = append(states, from)
				c.each(z1, z2, f, func(a, b, g int, rate float64) {
					into[c.index(a, b, g)] = append(into[c.index(a, b, g)], arc{from, rate})
					out[from] += rate
				})
			}
		}
	}
	p := make([]float64, size)
	for _, i := range states {
		p[i] = 1 / float64(len(states))
	}
	for sweep := 0; sweep < 4000; sweep++ {
		change, sum := 0.0, 0.0
		for n := range states {
			i := states[n]
			if sweep%2 == 1 {
				i = states[len(states)-1-n]
			}
			v := 0.0
			for _, a := range into[i] {
				v += p[a.from] * a.rate
			}
			v /= out[i]
			change += math.Abs(v - p[i])
			sum += v
			p[i] = v
		}
		for _, i := range states {
			p[i] /= sum
		}
		if change < precision*sum {
			break
		}
	}
	return p
}

// within1: who finds k waiting begins after k+1 ends of service in the two pools, all of which are busy until then.
func (c *chain) within1(law []float64) float64 {
	mean := float64(c.n1+c.nF) * c.mu * c.t1
	late := 0.0
	for z1 := c.n1; z1 <= c.high1; z1++ {
		fewer, term := 0.0, math.Exp(-mean) // of at most z1 - n1 ends by t1
		for k := 0; k <= z1-c.n1; k++ {
			fewer += term
			term *= mean / float64(k+1)
		}
		for z2 := range c.high2 + 1 {
			late += law[c.index(z1, z2, c.nF)] * fewer
		}
	}
	return 1 - late
}

// within2: the place of a tagged arrival of class 2 falls whenever somebody of its dedicated pool is free, or one of the flexible pool
// while no class 1 waits. The probability not to have begun by t2, by place and z1, from the end backwards (uniformisation).
func (c *chain) within2(law []float64) float64 {
	all := c.lambda1 + float64(c.n1+c.n2+c.nF)*c.mu
	places, width := c.high2-c.n2+1, c.high1+1
	waits := make([]float64, (places+1)*width)
	for i := width; i < len(waits); i++ {
		waits[i] = 1
	}
	sum := make([]float64, len(waits))
	mean := all * c.t2
	weight := math.Exp(-mean)
	next := make([]float64, len(waits))
	for k := 0; k < int(mean+12*math.Sqrt(mean)+40); k++ {
		for i := range sum {
			sum[i] += weight * waits[i]
		}
		weight *= mean / float64(k+1)
		for place := 1; place <= places; place++ {
			for z1 := range width {
				at := place*width + z1
				up := at
				if z1 < c.high1 {
					up++
				}
				v := c.lambda1 * waits[up]
				busy := min(z1, c.n1)
				v += float64(c.n1-busy) * c.mu * waits[at]
				if busy > 0 {
					v += float64(busy) * c.mu * waits[at-1]
				}
				v += float64(c.n2) * c.mu * waits[at-width]
				if z1 > c.n1 {
					v += float64(c.nF) * c.mu * waits[at-1]
				} else {
					v += float64(c.nF) * c.mu * waits[at-width]
				}
				next[at] = v / all
			}
		}
		waits, next = next, waits
	}
	late := 0.0
	for z2 := c.n2; z2 <= c.high2; z2++ {
		for z1 := range width {
			late += law[c.index(z1, z2, c.nF)] * sum[min(z2-c.n2+1, places)*width+z1]
		}
	}
	return 1 - late
}

// TestMDesign compares the evaluator itself with figures computed elsewhere (multiskill of shared/validation.json).
func TestMDesign(t *testing.T) {
	for _, c := range []struct {
		m          mDesign
		n1, n2, nF int
		want       []float64
	}{
		{mDesign{lambda1: 2, lambda2: 4, mu: 1, t1: 0.1, t2: 0.5}, 2, 4, 2, []float64{0.68330300192573645, 0.76831362789484225}},
		{mDesign{lambda1: 5, lambda2: 10, mu: 0.5, t1: 0.25, t2: 1}, 10, 19, 6, []float64{0.87987036856430856, 0.91350852277280781}},
		{mDesign{lambda1: 4, lambda2: 6, mu: 1, t1: 0.1, t2: 0.5}, 0, 7, 6, []float64{0.59031303890177622, 0.9311157106349631}},
		{mDesign{lambda1: 1, lambda2: 9, mu: 1, t1: 0.1, t2: 1}, 1, 9, 2, []float64{0.65380442387002491, 0.88879305269667708}},
	} {
		got := c.m.within(c.n1, c.n2, c.nF)
		for k := range got {
			if math.Abs(got[k]-c.want[k]) > 1e-5 {
				t.Errorf("%+v with %d, %d, %d: class %d %.9f, want %.9f", c.m, c.n1, c.n2, c.nF, k+1, got[k], c.want[k])
			}
		}
	}
}

// problem is the decision about its three pools: bounds of each class alone and of both together, which hold for any
// policy, and as guides what one pool for all would need by priority, and what dedicated pools would.
func (m mDesign) problem(g1, g2 float64, costs [3]float64) *Problem {
	p := &Problem{Objectives: []string{"class 1", "class 2"}}
	for i, name := range []string{"first", "second", "flexible"} {
		p.Choices = append(p.Choices, Choice{Name: name, Most: 60, Step: 1, Cost: costs[i]})
	}
	alone := func(lambda, wait, goal float64) float64 {
		return float64(queueing.Least(0, 60, func(n int) bool {
			return queueing.Delay{Arrivals: lambda, Service: m.mu, Servers: n}.MostWithin(wait) >= goal && float64(n)*m.mu > lambda
		}))
	}
	fifo := func(lambda, wait, goal float64) float64 {
		return float64(queueing.Least(0, 60, func(n int) bool {
			return queueing.Delay{Arrivals: lambda, Service: m.mu, Servers: n}.Within(wait) >= goal
		}))
	}
	all := m.lambda1 + m.lambda2
	p.Rules = []Row{
		{"class 1 alone", []float64{1, 0, 1}, fifo(m.lambda1, m.t1, g1)},
		{"class 2 alone", []float64{0, 1, 1}, fifo(m.lambda2, m.t2, g2)},
		{"both, any policy", []float64{1, 1, 1}, alone(all, max(m.t1, m.t2), (m.lambda1*g1+m.lambda2*g2)/all)},
	}
	pooled := queueing.Least(0, 60, func(n int) bool {
		q := queueing.Priority{Arrivals: []float64{m.lambda1, m.lambda2}, Service: m.mu, Servers: n}
		return q.Within(0, m.t1) >= g1 && q.Within(1, m.t2) >= g2
	})
	p.Guides = []Row{{"one pool by priority", []float64{1, 1, 1}, float64(pooled)}}
	return p
}

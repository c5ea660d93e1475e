package reference

import "math"

// W1 is the queue M/M/100 with 90 arrivals and one service a minute and agent. Exact is its mean wait in minutes
// (Erlang C).
type W1 struct {
	rng  Xoshiro
	tree *slots
	line *ring
	idle stack
}

// Parameters and exact result of W1.
const (
	W1Agents   = 100
	W1Rate     = 90.0
	W1MeanWait = 0.021694048091
)

const w1Source = slotMask // slot of the arrivals

// NewW1 is the kernel, empty, with a seed of its own.
func NewW1(seed uint64) *W1 {
	w := &W1{rng: NewXoshiro(seed), tree: newSlots(), line: new(ring)}
	for a := range uint8(W1Agents) {
		w.idle.push(a)
	}
	w.tree.at(w1Source, w.rng.Exponential()/W1Rate)
	return w
}

// Run goes on until the given number of further customers is served, and returns their mean wait.
func (w *W1) Run(customers int) float64 {
	x, tree, line, idle := w.rng, w.tree, w.line, w.idle
	sum, started := 0.0, 0
	for started < customers {
		first := tree.node[1]
		now := math.Float64frombits(first &^ slotMask)
		slot := uint8(first & slotMask)
		switch {
		case slot == w1Source:
			if idle.n > 0 {
				started++
				tree.at(idle.pop(), now+x.Exponential())
			} else {
				line.push(now)
			}
			tree.at(w1Source, now+x.Exponential()*(1/W1Rate))
		case line.empty():
			idle.push(slot)
			tree.never(slot)
		default:
			sum += now - line.pop()
			started++
			tree.at(slot, now+x.Exponential())
		}
	}
	w.rng, w.idle = x, idle
	return sum / float64(started)
}

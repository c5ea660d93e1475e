package reference

import "math"

// W1 is the queue M/M/100 with 90 arrivals and one service a minute and agent. Exact is its mean wait in minutes
// (Erlang C).
type W1 struct{ rng Xoshiro }

// Parameters and exact result of W1.
const (
	W1Agents   = 100
	W1Rate     = 90.0
	W1MeanWait = 0.021694048091
)

// NewW1 is the kernel with a seed of its own.
func NewW1(seed uint64) *W1 { return &W1{rng: NewXoshiro(seed)} }

// Run serves the given number of customers and returns their mean wait.
func (w *W1) Run(customers int) float64 {
	const source = slotMask
	x, tree, line := w.rng, newSlots(), new(ring)
	var idle stack
	for a := range uint8(W1Agents) {
		idle.push(a)
	}
	tree.at(source, x.Exponential()/W1Rate)
	sum, started := 0.0, 0
	for started < customers {
		first := tree.node[1]
		now := math.Float64frombits(first &^ slotMask)
		slot := uint8(first & slotMask)
		switch {
		case slot == source:
			if idle.n > 0 {
				started++
				tree.at(idle.pop(), now+x.Exponential())
			} else {
				line.push(now)
			}
			tree.at(source, now+x.Exponential()*(1/W1Rate))
		case line.empty():
			idle.push(slot)
			tree.never(slot)
		default:
			sum += now - line.pop()
			started++
			tree.at(slot, now+x.Exponential())
		}
	}
	w.rng = x
	return sum / float64(started)
}

package reference

import (
	"math"
	"math/bits"
)

// W2 are two tiers with four classes by priority: 54 cases a minute, of which 10, 20, 30 and 40 % are of the classes 0 to
// 3; tier 1 has 60 agents and takes one minute, a quarter of the cases goes on to tier 2, which has 30 agents and takes
// two.
type W2 struct {
	rng     Xoshiro
	tree    *slots
	idle    [2]stack
	lines   [2][4]ring
	filled  [2]uint8 // bit set of the classes that wait
	class   [128]uint8
	wait    [2]float64
	started [2]int
}

// Parameters and exact results of W2, in minutes (M/M/c with priorities; Kella and Yechiali 1985).
const (
	W2Agents1   = 60
	W2Agents2   = 30
	W2Rate      = 54.0
	W2MeanWait1 = 0.0540934822
	W2MeanWait2 = 0.3142722466
)

// W2Waits are the exact mean waits in tier 1 by class.
var W2Waits = [4]float64{0.005944, 0.008143, 0.016109, 0.117595}

const w2Source = slotMask // slot of the arrivals

// NewW2 is the kernel, empty, with a seed of its own.
func NewW2(seed uint64) *W2 {
	w := &W2{rng: NewXoshiro(seed), tree: newSlots()}
	for a := range uint8(W2Agents1 + W2Agents2) {
		w.idle[tierOf(a)].push(a)
	}
	w.tree.at(w2Source, w.rng.Exponential()/W2Rate)
	return w
}

// Run goes on until the given number of further cases is served in tier 1, and returns the mean waits in both tiers.
func (w *W2) Run(cases int) (tier1, tier2 float64) {
	w.wait, w.started = [2]float64{}, [2]int{}
	for w.started[0] < cases {
		first := w.tree.node[1]
		now := math.Float64frombits(first &^ slotMask)
		if slot := uint8(first & slotMask); slot == w2Source {
			w.enter(0, classOf(w.rng.Bits()), now)
			w.tree.at(w2Source, now+w.rng.Exponential()*(1/W2Rate))
		} else {
			w.finish(slot, now)
		}
	}
	return w.wait[0] / float64(w.started[0]), w.wait[1] / float64(w.started[1])
}

func tierOf(agent uint8) int {
	if agent < W2Agents1 {
		return 0
	}
	return 1
}

func classOf(bits uint64) uint8 {
	switch u := uint32(bits >> 32); {
	case u < 429496730: // 10 % of 2^32
		return 0
	case u < 1288490189: // 30 %
		return 1
	case u < 2576980378: // 60 %
		return 2
	}
	return 3
}

var w2Means = [2]float64{1, 2}

func (w *W2) enter(tier int, class uint8, now float64) {
	if w.idle[tier].n == 0 {
		w.lines[tier][class&3].push(now)
		w.filled[tier] |= 1 << class
		return
	}
	w.begin(w.idle[tier].pop(), tier, class, now)
}

func (w *W2) begin(agent uint8, tier int, class uint8, now float64) {
	w.started[tier]++
	w.class[agent&slotMask] = class
	w.tree.at(agent, now+w2Means[tier]*w.rng.Exponential())
}

func (w *W2) finish(agent uint8, now float64) {
	tier := tierOf(agent)
	if tier == 0 && w.rng.Bits()>>62 == 0 {
		w.enter(1, w.class[agent&slotMask], now)
	}
	if w.filled[tier] == 0 {
		w.idle[tier].push(agent)
		w.tree.never(agent)
		return
	}
	class := uint8(bits.TrailingZeros8(w.filled[tier])) & 3
	line := &w.lines[tier][class]
	w.wait[tier] += now - line.pop()
	if line.empty() {
		w.filled[tier] &^= 1 << class
	}
	w.begin(agent, tier, class, now)
}

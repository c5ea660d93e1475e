package reference

import (
	"math"
	"math/bits"
)

// Hold is the hold model of event lists on a winner tree: the earliest of so many events is taken out and put back later,
// by an exponential time with mean 1, again and again.
type Hold struct {
	node  []uint64 // a key is the bits of the time with the slot in the lowest places
	delay [holdDelays]float64
	drawn int
}

// holdDelays are drawn ahead, so that drawing is not measured.
const holdDelays = 1 << 12

// NewHold is the model with so many events, a power of two.
func NewHold(slots int) *Hold {
	h := &Hold{node: make([]uint64, 2*slots)}
	x := NewXoshiro(1)
	for i := range h.delay {
		h.delay[i] = x.Exponential()
	}
	for s := range slots {
		h.node[slots+s] = h.key(x.Exponential(), s)
	}
	for i := slots - 1; i > 0; i-- {
		h.node[i] = min(h.node[2*i], h.node[2*i+1])
	}
	return h
}

func (h *Hold) key(time float64, slot int) uint64 {
	mask := uint64(len(h.node)/2 - 1)
	return math.Float64bits(time)&^mask | uint64(slot)
}

// Run takes out and puts back so many events.
func (h *Hold) Run(events int) {
	size := uint32(len(h.node) / 2)
	mask := uint64(size - 1)
	levels := bits.Len32(size) - 1
	node := h.node
	for range events {
		first := node[1]
		time := keyTime(first, mask) + h.delay[h.drawn%holdDelays]
		h.drawn++
		key := math.Float64bits(time)&^mask | first&mask
		p := size + uint32(first&mask)
		node[p] = key
		for range levels {
			key = min(key, node[p^1])
			p >>= 1
			node[p] = key
		}
	}
}

// Now is the time of the earliest event.
func (h *Hold) Now() float64 { return keyTime(h.node[1], uint64(len(h.node)/2-1)) }

// keyTime is the time of a key whose slot has the places of the mask.
func keyTime(key, mask uint64) float64 { return math.Float64frombits(key &^ mask) }

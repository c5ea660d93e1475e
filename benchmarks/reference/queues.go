package reference

import "math"

// slots is a winner tree over 128 events: a key is the bits of the time with the slot in the lowest seven.
type slots struct{ node [256]uint64 }

const slotMask = 127

var idleKey = math.Float64bits(math.Inf(1)) &^ slotMask

func newSlots() *slots {
	t := new(slots)
	for s := range uint64(128) {
		t.node[128+s] = idleKey | s
	}
	for i := 127; i > 0; i-- {
		t.node[i] = min(t.node[2*i], t.node[2*i+1])
	}
	return t
}

func (t *slots) at(slot uint8, time float64) {
	t.put(slot, math.Float64bits(time)&^slotMask|uint64(slot))
}

func (t *slots) never(slot uint8) { t.put(slot, idleKey|uint64(slot)) }

func (t *slots) put(slot uint8, key uint64) {
	p := 128 + slot
	t.node[p] = key
	for range 7 {
		key = min(key, t.node[p^1])
		p >>= 1
		t.node[p] = key
	}
}

// ringSize is far beyond the longest queue of the kernels.
const ringSize = 1 << 12

// ring is a queue of instants.
type ring struct {
	at         [ringSize]float64
	head, tail uint32
}

func (r *ring) push(t float64) { r.at[r.tail%ringSize] = t; r.tail++ }
func (r *ring) pop() float64   { t := r.at[r.head%ringSize]; r.head++; return t }
func (r *ring) empty() bool    { return r.head == r.tail }

// stack holds the idle agents of a pool.
type stack struct {
	agent [128]uint8
	n     uint8
}

func (s *stack) push(a uint8) { s.agent[s.n&slotMask] = a; s.n++ }
func (s *stack) pop() uint8   { s.n--; return s.agent[s.n&slotMask] }

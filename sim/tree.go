package sim

import (
	"math/bits"
	"unsafe"
)

// tick is an instant or a length of the simulation: milliseconds, instants counted from the run's origin.
type tick = int64

// never is later than any event.
const never tick = 1 << 42

// tree is the event list: a winner tree over a fixed number of slots, each due at one instant. A node holds
// instant<<bits | slot, so that the smallest key is the earliest event and ties go to the lower slot. The root is node 1,
// the leaf of slot s is node size+s. Four nodes, half a line of cache, have one parent: p, p^1, p^2 and p^3 have p>>2; only
// the root has the two nodes 2 and 3 where the slots call for that.
type tree struct {
	node []uint64
	size uint32 // a power of two
	bits uint8
}

// maxSlots keeps an instant below never and its slot within a key.
const maxSlots = 1 << 21

func newTree(slots int) tree {
	size := uint32(1) << bits.Len(uint(max(slots, 2)-1))
	t := tree{node: make([]uint64, 2*size), size: size, bits: uint8(bits.Len32(size) - 1)}
	t.clear()
	return t
}

// clear sets every slot to never.
func (t *tree) clear() {
	for s := range t.size {
		t.node[t.size+s] = uint64(never)<<t.bits | uint64(s)
	}
	for p := 2*t.size - 4; p > 3; p -= 4 {
		t.node[p>>2] = min(t.node[p], t.node[p^1], t.node[p^2], t.node[p^3])
	}
	if t.bits&1 == 1 {
		t.node[1] = min(t.node[2], t.node[3])
	}
}

// first is the earliest event.
func (t *tree) first() (at tick, slot uint32) {
	k := t.node[1]
	return tick(k >> (t.bits & 63)), uint32(k) & (t.size - 1)
}

// at is the instant at which the slot is due.
func (t *tree) at(slot uint32) tick { return tick(t.node[t.size+slot] >> (t.bits & 63)) }

// set makes the slot due at the given instant. The path to the root is walked without looking at the outcome of a
// comparison: a conditional move costs less than a branch that is taken at random. The nodes are reached without bounds
// checks, which would take a third of the loop: every index lies below that of the leaf, and that of the leaf is
// checked.
func (t *tree) set(slot uint32, at tick) {
	k := uint64(at)<<(t.bits&63) | uint64(slot)
	p := uintptr(t.size + slot)
	t.node[p] = k
	root := unsafe.Pointer(unsafe.SliceData(t.node))
	for p > 3 {
		k = min(k, *(*uint64)(unsafe.Add(root, (p^1)*8)))
		k = min(k, min(*(*uint64)(unsafe.Add(root, (p^2)*8)), *(*uint64)(unsafe.Add(root, (p^3)*8))))
		p >>= 2
		*(*uint64)(unsafe.Add(root, p*8)) = k
	}
	if p > 1 {
		*(*uint64)(unsafe.Add(root, 8)) = min(k, *(*uint64)(unsafe.Add(root, (p^1)*8)))
	}
}

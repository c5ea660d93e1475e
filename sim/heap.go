package sim

// ranked is an id with the key that orders it; equal keys are ordered by since, then by id.
type ranked struct {
	key   uint64
	since tick
	id    int32
}

func (a ranked) before(b ranked) bool {
	if a.key != b.key {
		return a.key < b.key
	}
	return a.since < b.since || a.since == b.since && a.id < b.id
}

// heap is a binary heap of ids, first at index 0. Its methods note in place[id] where each id stands, so that any of them
// can be removed.
type heap []ranked

func (h *heap) push(r ranked, place []int32) {
	*h = append(*h, r)
	h.up(len(*h)-1, r, place)
}

// remove takes out what stands at index at.
func (h *heap) remove(at int, place []int32) {
	last := len(*h) - 1
	moved := (*h)[last]
	*h = (*h)[:last]
	if at == last {
		return
	}
	h.up(h.down(at, moved, place), moved, place)
}

func (h *heap) put(at int, r ranked, place []int32) {
	(*h)[at] = r
	place[r.id] = int32(at)
}

func (h *heap) up(at int, r ranked, place []int32) {
	for at > 0 {
		parent := (at - 1) / 2
		if !r.before((*h)[parent]) {
			break
		}
		h.put(at, (*h)[parent], place)
		at = parent
	}
	h.put(at, r, place)
}

// down moves r from index at towards the leaves and returns where it came to stand.
func (h *heap) down(at int, r ranked, place []int32) int {
	for {
		child := 2*at + 1
		if child >= len(*h) {
			break
		}
		if child+1 < len(*h) && (*h)[child+1].before((*h)[child]) {
			child++
		}
		if !(*h)[child].before(r) {
			break
		}
		h.put(at, (*h)[child], place)
		at = child
	}
	h.put(at, r, place)
	return at
}

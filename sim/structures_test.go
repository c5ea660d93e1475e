package sim

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestTreeIsASortedSlice sets random slots to few different instants, never among them, and compares the earliest event
// with the first of all slots sorted by instant and number.
func TestTreeIsASortedSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slots := rapid.IntRange(1, 70).Draw(t, "slots")
		tree := newTree(slots)
		due := slices.Repeat([]tick{never}, slots)
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			slot := rapid.IntRange(0, slots-1).Draw(t, "slot")
			at := rapid.SampledFrom([]tick{0, 1, 2, 1000, never - 1, never}).Draw(t, "at")
			tree.set(uint32(slot), at)
			due[slot] = at
			if got := tree.at(uint32(slot)); got != at {
				t.Fatalf("slot %d is due at %d, want %d", slot, got, at)
			}
			first := slices.Index(due, slices.Min(due))
			if gotAt, got := tree.first(); gotAt != due[first] || gotAt < never && int(got) != first {
				t.Fatalf("slot %d at %d comes first, want %d at %d", got, gotAt, first, due[first])
			}
		}
		tree.clear()
		if at, _ := tree.first(); at != never {
			t.Fatalf("after clear something is due at %d", at)
		}
	})
}

// TestTreeOfManySlots has room for the latest instant in the last of the most slots.
func TestTreeOfManySlots(t *testing.T) {
	tree := newTree(maxSlots)
	tree.set(maxSlots-1, never-1)
	if at, slot := tree.first(); at != never-1 || slot != maxSlots-1 {
		t.Errorf("slot %d at %d, want %d at %d", slot, at, maxSlots-1, never-1)
	}
}

// pendingTimer is a timer of the slow twin.
type pendingTimer struct {
	at tick
	id int32
}

// TestTimersAreASortedSlice starts, stops and expires timers at random, some beyond several laps of the buckets.
func TestTimersAreASortedSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const count = 39
		q := newTimers()
		q.grow(count / timersPerCase)
		var twin []pendingTimer
		now := tick(0)
		for range rapid.IntRange(0, 120).Draw(t, "steps") {
			id := int32(rapid.IntRange(0, count-1).Draw(t, "id"))
			pending := slices.IndexFunc(twin, func(p pendingTimer) bool { return p.id == id })
			switch rapid.SampledFrom([]string{"start", "start", "stop", "advance"}).Draw(t, "what") {
			case "start":
				if pending < 0 {
					at := now + drawDelay(t)
					q.start(id, at)
					twin = append(twin, pendingTimer{at, id})
				}
			case "stop":
				q.stop(id)
				if pending >= 0 {
					twin = slices.Delete(twin, pending, pending+1)
				}
			default:
				now += drawDelay(t)
				twin = advance(t, &q, twin, now)
			}
		}
		advance(t, &q, twin, now+10*buckets<<spanBits)
		if at := q.due(); at != never {
			t.Fatalf("no timer is left, but the queue wants to be called at %d", at)
		}
	})
}

// drawDelay is a millisecond, around a span, or up to three laps of the buckets.
func drawDelay(t *rapid.T) tick {
	most := rapid.SampledFrom([]tick{1, 1 << spanBits, 3 << spanBits, 3 * buckets << spanBits}).Draw(t, "scale")
	return tick(rapid.Int64Range(1, most).Draw(t, "delay"))
}

// advance calls the queue whenever it wants to be called until now, as the event loop does, and checks that every timer
// expires at its instant, in order, and no other.
func advance(t *rapid.T, q *timers, twin []pendingTimer, now tick) []pendingTimer {
	slices.SortFunc(twin, func(a, b pendingTimer) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) })
	for idle := 0; q.due() <= now; {
		at := q.due()
		id := q.expire(at)
		if id == none {
			if idle++; idle > 10*buckets {
				t.Fatalf("the queue is called again and again at %d", at)
			}
			continue
		}
		if len(twin) == 0 || twin[0] != (pendingTimer{at, id}) {
			t.Fatalf("timer %d expires at %d, want %v", id, at, twin[:min(1, len(twin))])
		}
		twin = twin[1:]
	}
	if len(twin) > 0 && twin[0].at <= now {
		t.Fatalf("timer %d of %d has not expired by %d", twin[0].id, twin[0].at, now)
	}
	return twin
}

// waitingItem is an item of the slow twin.
type waitingItem struct {
	index  int32
	score  uint64
	serial tick // tells items apart; the engine's since
}

// TestQueuesAreASortedSlice pushes items to two lists with a common overflow, takes the best and removes others from
// anywhere. The order of equal scores is that of entry as long as they stand in one list.
func TestQueuesAreASortedSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newQueues([]int32{3}, 0)
		q.reset()
		var twin []waitingItem
		serial := tick(0)
		for range rapid.IntRange(0, 150).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"push", "push", "take", "remove"}).Draw(t, "what") {
			case "push":
				serial++
				w := waitingItem{score: rapid.Uint64Range(0, 20).Draw(t, "score"), serial: serial}
				w.index = q.push(int32(rapid.IntRange(1, 2).Draw(t, "queue")), &item{score: w.score, since: serial})
				twin = append(twin, w)
			case "take":
				twin = takeBest(t, &q, twin)
			default:
				if len(twin) > 0 {
					i := rapid.IntRange(0, len(twin)-1).Draw(t, "item")
					if it := q.remove(twin[i].index); it.score != twin[i].score || it.since != twin[i].serial {
						t.Fatalf("removed %+v, want %+v", it, twin[i])
					}
					twin = slices.Delete(twin, i, i+1)
				}
			}
		}
		for len(twin) > 0 {
			twin = takeBest(t, &q, twin)
		}
		if q.hasWork(0) {
			t.Fatalf("all items are taken, but the line has work in the queues %b", q.lines[0].work)
		}
	})
}

// takeBest takes the item with the smallest score of all queues, as an agent does who may serve them all.
func takeBest(t *rapid.T, q *queues, twin []waitingItem) []waitingItem {
	if !q.hasWork(0) {
		if len(twin) > 0 {
			t.Fatalf("all queues are empty, but %d items wait", len(twin))
		}
		return twin
	}
	it := q.take(q.lines[0].best.id)
	least := slices.MinFunc(twin, func(a, b waitingItem) int { return cmp.Compare(a.score, b.score) }).score
	if it.score != least {
		t.Fatalf("took the score %d, want %d", it.score, least)
	}
	i := slices.IndexFunc(twin, func(w waitingItem) bool { return w.score == it.score && w.serial == it.since })
	if i < 0 {
		t.Fatalf("took %+v, which does not wait", it)
	}
	return slices.Delete(twin, i, i+1)
}

// TestListKeepsOrderOfEntry takes items of equal scores from one list.
func TestListKeepsOrderOfEntry(t *testing.T) {
	q := newQueues([]int32{2}, 0)
	q.reset()
	for i := range int32(5) {
		q.push(1, &item{score: 7, kase: i})
	}
	q.remove(2)
	for _, want := range []int32{0, 1, 3, 4} {
		if it := q.take(1); it.kase != want {
			t.Errorf("took %d, want %d", it.kase, want)
		}
	}
}

// TestHeapIsASortedSlice pushes and removes ids with few different keys.
func TestHeapIsASortedSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const ids = 30
		var h heap
		place := make([]int32, ids)
		var twin []ranked
		for range rapid.IntRange(0, 150).Draw(t, "steps") {
			id := int32(rapid.IntRange(0, ids-1).Draw(t, "id"))
			i := slices.IndexFunc(twin, func(r ranked) bool { return r.id == id })
			if i < 0 {
				r := ranked{rapid.Uint64Range(0, 9).Draw(t, "key"), rapid.Int64Range(0, 3).Draw(t, "since"), id}
				h.push(r, place)
				twin = append(twin, r)
			} else {
				h.remove(int(place[id]), place)
				twin = slices.Delete(twin, i, i+1)
			}
			slices.SortFunc(twin, func(a, b ranked) int {
				return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.since, b.since), cmp.Compare(a.id, b.id))
			})
			if len(h) != len(twin) || len(h) > 0 && h[0] != twin[0] {
				t.Fatalf("the heap has %d ids and begins with %v, want %d and %v", len(h), h[:min(1, len(h))], len(twin), twin[:min(1, len(twin))])
			}
		}
	})
}

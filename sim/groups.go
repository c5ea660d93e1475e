package sim

import "slices"

// Groups are the sets of pools that may do the same work, each in rising order; sets may occur twice, when the pools are
// nearer to some of the work than to other.
func (m *Model) Groups() [][]int {
	all := make([][]int, len(m.groups))
	for g := range m.groups {
		for _, p := range m.groups[g].pools {
			all[g] = append(all[g], int(p))
		}
		slices.Sort(all[g])
	}
	return all
}

// CountWaiting counts the work that waits for agents of a group, up to a limit. What is kept for one agent alone is left out.
func (e *Engine) CountWaiting(group, limit int) (count int) {
	for i, l := range e.lines {
		if int(l.group) != group || !e.queues.hasWork(int32(i)) {
			continue
		}
		lo := e.queues.lines[i].lo
		for q := lo; q < lo+l.size && count < limit; q++ {
			count += e.queues.count(q, limit-count)
		}
	}
	return min(count, limit)
}

// count is how many items queue id has, up to a limit.
func (q *queues) count(id int32, limit int) int {
	u := &q.all[id]
	n := len(u.heap)
	for i := u.head; i != none && n < limit; i = q.items[i].next {
		n++
	}
	return min(n, limit)
}

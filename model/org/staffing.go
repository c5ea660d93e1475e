package org

import "slices"

// Staffing is how many agents are scheduled in each shift of each pool: what a staffing plan decides. Heads are indexed
// by pool, then by shift of the pool, in the order of the scenario.
type Staffing struct {
	Heads [][]int
}

// Total is the number of agents in all shifts of all pools.
func (s Staffing) Total() int {
	total := 0
	for _, shifts := range s.Heads {
		for _, heads := range shifts {
			total += heads
		}
	}
	return total
}

// Equal reports whether both schedule the same heads in the same shifts.
func (s Staffing) Equal(other Staffing) bool {
	return slices.EqualFunc(s.Heads, other.Heads, slices.Equal[[]int])
}

// Clone is a copy that shares nothing with s.
func (s Staffing) Clone() Staffing {
	heads := make([][]int, len(s.Heads))
	for i, shifts := range s.Heads {
		heads[i] = slices.Clone(shifts)
	}
	return Staffing{Heads: heads}
}

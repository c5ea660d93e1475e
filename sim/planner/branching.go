package planner

import (
	"context"
	"errors"
	"math"
	"slices"
)

// Branching is the embedded solver: branch and bound over the linear relaxation, with rounding. It looks at a limited number of
// nodes and then returns the best that it has with the bound that it has proved.
type Branching struct{}

// mostNodes limits a search, that of cbc too.
const mostNodes, mostRoughNodes = 3000, 30

// errGaveUp is not a proof that there is nothing.
var errGaveUp = errors.New("the embedded solver found no head counts within its limit; the program cbc, once it is installed, searches further")

// Name is what output calls the solver.
func (Branching) Name() string { return "embedded branch and bound" }

// node is a part of the program: bounds of each x.
type node struct {
	least, most []int
	bound       float64
}

// Solve searches depth first, the better half of each node first.
func (Branching) Solve(ctx context.Context, p *Program) (*Solution, error) {
	q := p.inLots()
	b := branching{program: q, best: math.Inf(1)}
	open := []node{{slices.Clone(q.Least), slices.Clone(q.Most), math.Inf(-1)}}
	most := mostNodes
	if p.Rough {
		most = mostRoughNodes
	}
	for n := 0; len(open) > 0 && n < most; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		last := open[len(open)-1]
		open = append(open[:len(open)-1], b.split(last)...)
	}
	switch {
	case b.heads == nil && len(open) == 0:
		return nil, ErrNone
	case b.heads == nil:
		return nil, errGaveUp
	}
	bound := b.best
	for _, left := range open {
		bound = min(bound, left.bound)
	}
	return p.solution(b.heads, bound), nil
}

type branching struct {
	program *Program
	heads   []int
	best    float64 // cost of heads
}

// split solves the relaxation of a node and returns its parts, the one to look at first last; none where the node cannot
// have a better solution.
func (b *branching) split(n node) []node {
	x, value, ok := b.relaxed(n)
	if !ok {
		return nil
	}
	if n.bound = b.program.rounded(value); !b.improves(n.bound) {
		return nil
	}
	b.offer(b.roundUp(x, n))
	at, part := mostFractional(x)
	if at < 0 {
		whole := make([]int, len(x))
		for i := range x {
			whole[i] = int(math.Round(x[i]))
		}
		b.offer(whole)
		return nil
	}
	if !b.improves(n.bound) {
		return nil
	}
	up, down := n, n
	up.least, down.most = slices.Clone(n.least), slices.Clone(n.most)
	up.least[at], down.most[at] = int(math.Ceil(x[at])), int(math.Floor(x[at]))
	if part >= 0.5 {
		return []node{down, up}
	}
	return []node{up, down}
}

// improves reports whether a cost is below that of the best solution by more than rounding.
func (b *branching) improves(cost float64) bool {
	return math.IsInf(b.best, 1) || cost < b.best-1e-9*max(1, math.Abs(b.best))
}

// relaxed is the relaxation within the bounds of the node: x counts from least.
func (b *branching) relaxed(n node) (x []float64, value float64, ok bool) {
	p := b.program
	var rows []Row
	for _, r := range p.Rows {
		least := r.Least
		for i, w := range r.Weight {
			least -= w * float64(n.least[i])
		}
		rows = append(rows, Row{Weight: r.Weight, Least: least})
	}
	for i := range n.most {
		if n.most[i] < n.least[i] {
			return nil, 0, false
		}
		weight := make([]float64, len(n.most))
		weight[i] = -1
		rows = append(rows, Row{Weight: weight, Least: -float64(n.most[i] - n.least[i])})
	}
	x, value, ok = relax(p.Cost, rows)
	if !ok {
		return nil, 0, false
	}
	for i := range x {
		x[i] += float64(n.least[i])
		value += p.Cost[i] * float64(n.least[i])
	}
	return x, value, true
}

// roundUp makes whole heads of x: all up, then as many of the dearest away again as the rows allow.
func (b *branching) roundUp(x []float64, n node) []int {
	heads := make([]int, len(x))
	order := make([]int, len(x))
	for i := range x {
		heads[i] = min(int(math.Ceil(x[i]-1e-7)), n.most[i])
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if b.program.Cost[i] > b.program.Cost[j] {
			return -1
		}
		return 1
	})
	if !b.keeps(heads) {
		return nil
	}
	for _, i := range order {
		for heads[i] > n.least[i] {
			heads[i]--
			if !b.keeps(heads) {
				heads[i]++
				break
			}
		}
	}
	return heads
}

func (b *branching) keeps(heads []int) bool {
	return !slices.ContainsFunc(b.program.Rows, func(r Row) bool { return r.lacks(heads) })
}

// offer takes a solution if it is the best so far.
func (b *branching) offer(heads []int) {
	if heads == nil || !b.keeps(heads) {
		return
	}
	cost := 0.0
	for i, n := range heads {
		cost += b.program.Cost[i] * float64(n)
	}
	if b.improves(cost) {
		b.heads, b.best = heads, cost
	}
}

// mostFractional is the x farthest from whole, with its part above the whole below; -1 where all are whole.
func mostFractional(x []float64) (at int, part float64) {
	at = -1
	farthest := 1e-6
	for i, v := range x {
		f := v - math.Floor(v)
		if d := min(f, 1-f); d > farthest {
			at, part, farthest = i, f, d
		}
	}
	return at, part
}

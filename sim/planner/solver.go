package planner

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Solver finds heads of least cost.
type Solver interface {
	Name() string
	// Solve returns ErrNone where no heads satisfy the program.
	Solve(ctx context.Context, p *Program) (*Solution, error)
}

// ErrNone says that no heads satisfy all rules and bounds together.
var ErrNone = errors.New("no head counts satisfy all rules and bounds together")

// Program is an integer program: least Σ Cost·x with x between Least and Most, a multiple of Step, and all rows kept.
// Costs are not negative.
type Program struct {
	Cost              []float64
	Least, Most, Step []int
	Rows              []Row
	Rough             bool // a solution within about a hundredth of the best will do
}

// Solution is the best that was found.
type Solution struct {
	Heads []int
	Cost  float64
	Bound float64 // no solution costs less; equal to Cost where that is proved to be the least
}

// Solvers are the program cbc, where it is on the PATH, and the embedded branch and bound; the first is the default.
func Solvers() []Solver {
	if c, found := findCBC(); found {
		return []Solver{&Fallback{First: c, Second: Branching{}}, Branching{}}
	}
	return []Solver{Branching{}}
}

// Fallback solves with the First solver as long as that works, and from its first failure on with the Second. It is for one
// goroutine.
type Fallback struct {
	First, Second Solver
	// Failed is why the First does not work; nil = it does.
	Failed error
}

// Name is that of the solver in use, with what is wrong with the other.
func (f *Fallback) Name() string {
	if f.Failed != nil {
		return fmt.Sprintf("%s, since %v", f.Second.Name(), f.Failed)
	}
	return f.First.Name()
}

// Solve asks the solver in use. That nothing satisfies a program, and that the context ended, are answers and no failures.
func (f *Fallback) Solve(ctx context.Context, p *Program) (*Solution, error) {
	if f.Failed == nil {
		s, err := f.First.Solve(ctx, p)
		if err == nil || errors.Is(err, ErrNone) || ctx.Err() != nil {
			return s, err
		}
		f.Failed = err
	}
	return f.Second.Solve(ctx, p)
}

// inLots is the program in lots of Step heads each.
func (p *Program) inLots() *Program {
	q := &Program{Rough: p.Rough}
	for i := range p.Cost {
		step := p.Step[i]
		q.Cost = append(q.Cost, p.Cost[i]*float64(step))
		q.Least = append(q.Least, (p.Least[i]+step-1)/step)
		q.Most = append(q.Most, p.Most[i]/step)
		q.Step = append(q.Step, 1)
	}
	for _, r := range p.Rows {
		weight := slices.Clone(r.Weight)
		for i := range weight {
			weight[i] *= float64(p.Step[i])
		}
		q.Rows = append(q.Rows, Row{r.Name, weight, r.Least})
	}
	q.Rows = undominated(q.Rows)
	return q
}

// undominated are the rows that no other of the same weights makes superfluous, in their order.
func undominated(rows []Row) []Row {
	var kept []Row
	at := map[string]int{}
	for _, r := range rows {
		var weights []byte
		for _, w := range r.Weight {
			weights = binary.LittleEndian.AppendUint64(weights, math.Float64bits(w))
		}
		same, known := at[string(weights)]
		switch {
		case !known:
			at[string(weights)] = len(kept)
			kept = append(kept, r)
		case r.Least > kept[same].Least:
			kept[same] = r
		}
	}
	return kept
}

// solution is that of lots, in heads.
func (p *Program) solution(lots []int, bound float64) *Solution {
	s := &Solution{Bound: bound}
	for i, n := range lots {
		s.Heads = append(s.Heads, n*p.Step[i])
		s.Cost += p.Cost[i] * float64(n*p.Step[i])
	}
	s.Bound = min(bound, s.Cost)
	return s
}

// rounded is a bound raised to a whole number where all costs are whole.
func (p *Program) rounded(bound float64) float64 {
	if slices.ContainsFunc(p.Cost, func(c float64) bool { return c != math.Trunc(c) }) {
		return bound
	}
	return math.Ceil(bound - 1e-6)
}

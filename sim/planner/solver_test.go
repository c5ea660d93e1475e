package planner

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// TestShiftCover solves the set covers of shared/validation.json (shift_milp), whose optima another solver found.
func TestShiftCover(t *testing.T) {
	loose := []float64{68, 76, 83, 89, 94, 97, 98, 98, 97, 94, 89, 83, 75, 67, 59, 52, 46, 41, 38, 38, 41, 46, 52, 60}
	tight := []float64{74, 82, 90, 97, 102, 105, 106, 106, 105, 101, 96, 90, 82, 74, 65, 58, 51, 46, 42, 43, 46, 51, 58, 66}
	for _, c := range []struct {
		required           []float64
		every, length, min int
	}{{loose, 1, 8, 211}, {loose, 8, 8, 255}, {loose, 4, 10, 217}, {tight, 2, 8, 238}} {
		p := cover(c.required, c.every, c.length)
		for _, solver := range Solvers() {
			s, err := solver.Solve(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if s.Cost != float64(c.min) || s.Bound != s.Cost {
				t.Errorf("%s: shifts of %d h every %d h: %v with bound %v, want %d", solver.Name(), c.length, c.every, s.Cost, s.Bound, c.min)
			}
		}
	}
}

// cover is the program of shifts that begin every so many hours and must cover a daily requirement.
func cover(required []float64, every, length int) *Program {
	p := &Program{}
	for start := 0; start < 24; start += every {
		p.Cost, p.Least, p.Most, p.Step = append(p.Cost, 1), append(p.Least, 0), append(p.Most, 1000), append(p.Step, 1)
	}
	for h := range 24 {
		r := Row{Weight: make([]float64, len(p.Cost)), Least: required[h]}
		for i := range r.Weight {
			if (h-i*every+24)%24 < length {
				r.Weight[i] = 1
			}
		}
		p.Rows = append(p.Rows, r)
	}
	return p
}

// TestSolversAgree compares the solvers with trying everything, on small programs with lots, bounds and money.
func TestSolversAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	none := 0
	for trial := range 60 {
		p := &Program{}
		for range 3 {
			p.Cost = append(p.Cost, 1+math.Round(100*random.Float64())/10)
			p.Least = append(p.Least, random.IntN(3))
			p.Most = append(p.Most, 4+random.IntN(5))
			p.Step = append(p.Step, 1+random.IntN(2))
		}
		for range 4 {
			r := Row{Least: float64(random.IntN(20))}
			for range 3 {
				r.Weight = append(r.Weight, float64(random.IntN(3)))
			}
			p.Rows = append(p.Rows, r)
		}
		want := everything(p)
		if math.IsInf(want, 1) {
			none++
		}
		for _, solver := range Solvers() {
			s, err := solver.Solve(t.Context(), p)
			switch {
			case math.IsInf(want, 1):
				if !errors.Is(err, ErrNone) {
					t.Errorf("trial %d: %s finds %+v, %v where nothing fits", trial, solver.Name(), s, err)
				}
			case err != nil:
				t.Errorf("trial %d: %s: %v, want %v", trial, solver.Name(), err, want)
			case math.Abs(s.Cost-want) > 1e-6 || math.Abs(s.Bound-want) > 1e-6:
				t.Errorf("trial %d: %s: %v with bound %v, want %v", trial, solver.Name(), s.Cost, s.Bound, want)
			}
		}
	}
	if none == 0 || none > 50 {
		t.Errorf("%d of 60 programs have no solution: the test says little", none)
	}
}

// everything is the least cost of three choices by trying all.
func everything(p *Program) float64 {
	best := math.Inf(1)
	within := func(i, n int) bool { return n >= p.Least[i] && n <= p.Most[i] && n%p.Step[i] == 0 }
	for a := range 9 {
		for b := range 9 {
			for c := range 9 {
				heads := []int{a, b, c}
				fits := within(0, a) && within(1, b) && within(2, c)
				cost := 0.0
				for i := range heads {
					cost += p.Cost[i] * float64(heads[i])
				}
				for j := range p.Rows {
					fits = fits && !p.Rows[j].lacks(heads)
				}
				if fits {
					best = min(best, cost)
				}
			}
		}
	}
	return best
}

package planner

import "math"

// tolerance is what counts as zero in the tableau.
const tolerance = 1e-9

// relax is the linear relaxation: least Σ cost·x with A·x >= b and x >= 0. Costs are not negative, so the dual problem, most
// b·y with Aᵀ·y <= cost, has a first solution, y = 0; it is solved by the simplex method in a tableau with one row for each
// x, of which there are few, however many rows the program has. It reports false where no x satisfies the rows.
func relax(cost []float64, rows []Row) (x []float64, value float64, ok bool) {
	n, m := len(cost), len(rows)
	width := m + n + 1
	t := make([][]float64, n+1) // the last row is the objective, the last column the right-hand side
	basis := make([]int, n)
	for i := range t {
		t[i] = make([]float64, width)
	}
	for i := range n {
		for j := range rows {
			t[i][j] = rows[j].Weight[i]
		}
		t[i][m+i], t[i][width-1] = 1, cost[i]
		basis[i] = m + i
	}
	for j := range rows {
		t[n][j] = -rows[j].Least
	}
	for pivots := 0; ; pivots++ {
		column := entering(t[n][:width-1], pivots > 50*(n+1))
		if column < 0 {
			break
		}
		row := leaving(t[:n], basis, column)
		if row < 0 {
			return nil, 0, false
		}
		pivot(t, row, column)
		basis[row] = column
	}
	return t[n][m : m+n], t[n][width-1], true
}

// entering is the column that gains most, or, with careful set, the first that gains: that cannot go round in circles
// (R. G. Bland, "New finite pivoting rules for the simplex method", 1977). It is -1 where none gains.
func entering(objective []float64, careful bool) int {
	best := -1
	for j, v := range objective {
		if v >= -tolerance || best >= 0 && v >= objective[best] {
			continue
		}
		best = j
		if careful {
			return j
		}
	}
	return best
}

// leaving is the row that first becomes 0 when the column enters, or -1 where none does.
func leaving(rows [][]float64, basis []int, column int) int {
	best, least := -1, math.Inf(1)
	for i, r := range rows {
		if r[column] <= tolerance {
			continue
		}
		ratio := r[len(r)-1] / r[column]
		if ratio < least-tolerance || ratio < least+tolerance && best >= 0 && basis[i] < basis[best] {
			best, least = i, ratio
		}
	}
	return best
}

func pivot(t [][]float64, row, column int) {
	p := t[row]
	scale := 1 / p[column]
	for j := range p {
		p[j] *= scale
	}
	for i, r := range t {
		factor := r[column]
		if i == row || factor == 0 {
			continue
		}
		for j := range r {
			r[j] -= factor * p[j]
		}
	}
}

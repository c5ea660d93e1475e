package fit

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// curve is the CDF that observations show (Kaplan and Meier 1958).
type curve struct {
	value []float64 // rising
	upTo  []float64 // probability of at most that
	n     int
}

func newCurve(all []observation) *curve {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b observation) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	c := &curve{n: len(sorted)}
	left := 1.0
	for i := 0; i < len(sorted); {
		at, ended, j := sorted[i].value, 0, i
		for ; j < len(sorted) && sorted[j].value == at; j++ {
			if !sorted[j].open {
				ended++
			}
		}
		if ended > 0 {
			left *= 1 - float64(ended)/float64(len(sorted)-i)
			c.value, c.upTo = append(c.value, at), append(c.upTo, 1-left)
		}
		i = j
	}
	return c
}

// quantile is NaN where too many are open.
func (c *curve) quantile(p float64) float64 {
	i := sort.Search(len(c.upTo), func(i int) bool { return c.upTo[i] >= p-1e-12 })
	if i == len(c.upTo) {
		return math.NaN()
	}
	return c.value[i]
}

func (c *curve) quantiles(levels []float64) []float64 {
	out := make([]float64, len(levels))
	for i, p := range levels {
		out[i] = c.quantile(p)
	}
	return out
}

// median has half the distance of the order statistics one standard error away as its error.
func (c *curve) median() Estimate {
	e := 0.5 / math.Sqrt(float64(c.n))
	return Estimate{c.quantile(0.5), (c.quantile(0.5+e) - c.quantile(0.5-e)) / 2}
}

func (c *curve) mean() float64 {
	sum, before := 0.0, 0.0
	for i, v := range c.value {
		sum += v * (c.upTo[i] - before)
		before = c.upTo[i]
	}
	return sum / before
}

// expression has the quantiles; what is open beyond the last of them is as long as that.
func (c *curve) expression() string {
	text := "empirical("
	last := 0.0
	for i, q := range c.quantiles(Levels) {
		if math.IsNaN(q) {
			q = c.value[len(c.value)-1]
		}
		last = max(last, q)
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("p%g %s", Levels[i]*100, length(last))
	}
	return text + ")"
}

package dist

import (
	"fmt"
	"math"
)

// Erlang is the distribution of the sum of k equal exponential times, k a whole number: a gamma distribution of shape k.
// Its mean is that of the sum.
type Erlang struct{ Gamma }

// greatestK is the greatest number of phases; the coefficient of variation is then 0.1 %.
const greatestK = 1_000_000

var erlangKind = Kind{
	Name:     "erlang",
	Examples: []string{"erlang(k 2, mean 1m)", "erlang(k 1, mean 1m)"},
	bind: func(c *call) (Dist, error) {
		_, v, err := c.choose(form{parameters: []parameter{{"k", wholeNumber}, meanTime}})
		if err != nil {
			return nil, err
		}
		return &Erlang{*gammaOfMean(v[0], v[1])}, nil
	},
}

// wholeNumber reads a whole number of [1, greatestK].
func wholeNumber(name string, value expression) (float64, error) {
	k, ok := plainNumber(value)
	if !ok || k != math.Trunc(k) || k < 1 || k > greatestK {
		return 0, misfitAt(value.offset, "%s %s, want a whole number from 1 to %d", name, value.word, greatestK)
	}
	return k, nil
}

// String is the expression.
func (d *Erlang) String() string {
	return fmt.Sprintf("erlang(k %d, mean %s)", int(d.shape), formatTime(d.mean))
}

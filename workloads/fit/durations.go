package fit

import (
	"fmt"
	"math"
	"slices"

	"sunrelay/model/calendar"
)

// Duration is the distribution of how long something takes.
type Duration struct {
	Law       string     // expression of a scenario, such as lognormal(median 2h, mean 5h)
	Family    string     // its name
	Cases     int        // that were used
	Open      int        // of those: not ended when the log ends, which counts as "longer than"
	Median    Estimate   // milliseconds
	Mean      Estimate   // milliseconds, of the law
	Distance  float64    // greatest difference of its CDF from that of the half that was held out
	Held      []Score    // how the families did on the half that was held out
	Quantiles []float64  // recorded (Kaplan-Meier), milliseconds, at Levels; NaN where too many are open
	Compared  []Compared // the law first; where it is empirical, the family that came nearest follows
	values    []float64
}

// Score is how well a family, fitted on one half of the observations, foretells the other: the mean logarithm of the likelihood.
type Score struct {
	Family   string
	LogScore float64
}

// Compared are the quantiles of what was fitted to one half of the observations beside those of the half that was held out
// (Kaplan-Meier), in milliseconds, at the probabilities of QuantileLevels; NaN where too many are open.
type Compared struct {
	Family         string
	Fitted, Actual []float64
}

// QuantileLevels are the probabilities of Compared: per cents from 1 to 99.
func QuantileLevels() []float64 {
	levels := make([]float64, 99)
	for i := range levels {
		levels[i] = float64(i+1) / 100
	}
	return levels
}

// Levels are the probabilities of Duration.Quantiles.
var Levels = []float64{0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1}

// fewest is the number of observations from which a distribution is fitted.
const fewest = 30

// simple is the number of families with one component.
const simple = 3

// acceptable is the greatest Distance with which a family stands for the observations; else their own quantiles do.
const acceptable = 0.03

// fitDuration chooses the family by what it says of the half that was held out. It is nil for fewer than fewest.
func fitDuration(all []observation) *Duration {
	all = slices.Clone(all)
	d := &Duration{Cases: len(all)}
	for i := range all {
		all[i].value = max(all[i].value, float64(calendar.Second))
		if all[i].open {
			d.Open++
		}
	}
	if d.Cases-d.Open < fewest {
		return nil
	}
	var halves [2][]observation
	for i, o := range thin(all, 8_000) {
		halves[i%2] = append(halves[i%2], o)
	}
	best, scores := d.choose(halves)
	curve, held := newCurve(all), newCurve(halves[1])
	d.summarise(curve, all)
	d.Distance = distance(best, held)
	d.compare(best.family(), func(p float64) float64 { return quantile(best, p) }, held)
	whole := best
	for i := range families {
		if families[i].name == best.family() {
			whole = families[i].fit(all)
		}
	}
	d.Held, d.Family, d.Law = scores, whole.family(), whole.expression()
	d.Mean = Estimate{whole.mean(), meanError(all)}
	if noise := 1.5 / math.Sqrt(float64(len(halves[1]))); d.Distance > max(acceptable, noise) {
		d.Family, d.Law = "empirical", curve.expression()
		d.Mean.Value = curve.mean()
		d.compare(d.Family, newCurve(halves[0]).quantile, held)
	}
	return d
}

// Nearest is the family that foretold the half that was held out best, whether or not it is in use.
func (d *Duration) Nearest() string { return d.Compared[len(d.Compared)-1].Family }

// compare puts what was fitted to one half before what was compared so far.
func (d *Duration) compare(family string, fitted func(p float64) float64, held *curve) {
	c := Compared{Family: family}
	for _, p := range QuantileLevels() {
		c.Fitted, c.Actual = append(c.Fitted, fitted(p)), append(c.Actual, held.quantile(p))
	}
	d.Compared = slices.Insert(d.Compared, 0, c)
}

// quantile is that of a law, by halving.
func quantile(l law, p float64) float64 {
	low, high := 0.0, math.Log(1e6*float64(calendar.Day))
	for high-low > 1e-9 {
		middle := (low + high) / 2
		if -math.Expm1(l.logSurvival(math.Exp(middle))) < p {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Exp(low)
}

// recorded is how long something took without a law of it; nil for fewer than fewest.
func recorded(all []observation) *Duration {
	if len(all) < fewest {
		return nil
	}
	d := &Duration{Cases: len(all), Mean: Estimate{math.NaN(), meanError(all)}, Distance: math.NaN()}
	d.summarise(newCurve(all), all)
	return d
}

// summarise takes what the observations show without a law.
func (d *Duration) summarise(c *curve, all []observation) {
	d.Median, d.Quantiles = c.median(), c.quantiles(Levels)
	for _, o := range all {
		if !o.open {
			d.values = append(d.values, o.value)
		}
	}
}

// choose fits the families on one half and scores them on the other. A mixture must be better than the best of the others by three
// standard errors of the difference.
func (d *Duration) choose(halves [2][]observation) (law, []Score) {
	var scores []Score
	var best law
	var bestScores []float64
	for i := range families {
		l := families[i].fit(halves[0])
		each := make([]float64, len(halves[1]))
		sum := 0.0
		for j, o := range halves[1] {
			each[j] = logLikelihood(l, o)
			sum += each[j]
		}
		scores = append(scores, Score{families[i].name, sum / float64(len(each))})
		better, err := difference(each, bestScores)
		if best == nil || i < simple && better > 0 || i >= simple && better > 3*err {
			best, bestScores = l, each
		}
	}
	return best, scores
}

func logLikelihood(l law, o observation) float64 {
	v := l.logDensity(o.value)
	if o.open {
		v = l.logSurvival(o.value)
	}
	return max(v, -700) // a law may rule something out by underflow
}

// difference is the mean of a-b and its standard error.
func difference(a, b []float64) (mean, err float64) {
	var m moments
	for i := range b {
		m.addAny(a[i] - b[i])
	}
	return m.mean, m.error()
}

// addAny is add for values of any sign.
func (m *moments) addAny(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / float64(m.n)
	m.m2 += d * (x - m.mean)
}

// meanError is the standard error of the mean of what has ended.
func meanError(all []observation) float64 {
	var m moments
	for _, o := range all {
		if !o.open {
			m.addAny(o.value)
		}
	}
	return m.error()
}

// distance is the greatest difference of a law from a curve.
func distance(l law, c *curve) float64 {
	most, before := 0.0, 0.0
	for i, v := range c.value {
		p := -math.Expm1(l.logSurvival(v))
		most = max(most, min(math.Abs(p-c.upTo[i]), math.Abs(p-before)))
		before = c.upTo[i]
	}
	return most
}

// length writes milliseconds as a scenario has them, to about four figures: 26h31m.
func length(milliseconds float64) string {
	unit := math.Pow(10, math.Floor(math.Log10(milliseconds/1000))-3)
	seconds := int64(math.Round(math.Round(milliseconds/1000/max(unit, 1)) * max(unit, 1)))
	if whole := int64(math.Round(milliseconds)); whole < 10_000 && whole%1000 != 0 || whole == 0 {
		return fmt.Sprintf("%dms", whole)
	}
	text := ""
	for _, u := range []struct {
		name    string
		seconds int64
	}{{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}} {
		if n := seconds / u.seconds; n > 0 {
			text += fmt.Sprintf("%d%s", n, u.name)
			seconds -= n * u.seconds
		}
	}
	return text
}

package fit

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/optimize"

	"sunrelay/model/calendar"
)

// Duration is the distribution of how long something takes.
type Duration struct {
	Law       string    // expression of a scenario, such as lognormal(median 2h, mean 5h)
	Family    string    // its name
	Cases     int       // that were used
	Open      int       // of those: not ended when the log ends, which counts as "longer than"
	Median    Estimate  // milliseconds
	Mean      Estimate  // milliseconds, of the law
	Distance  float64   // greatest difference of its CDF from that of the half that was held out
	Held      []Score   // how the families did on the half that was held out
	Quantiles []float64 // recorded (Kaplan-Meier), milliseconds, at Levels; NaN where too many are open
	values    []float64
}

// Score is how well a family, fitted on one half of the observations, foretells the other: the mean logarithm of the likelihood.
type Score struct {
	Family   string
	LogScore float64
}

// Levels are the probabilities of Duration.Quantiles.
var Levels = []float64{0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1}

// fewest is the number of observations from which a distribution is fitted.
const fewest = 30

// law is a fitted distribution of milliseconds.
type law interface {
	family() string
	logDensity(x float64) float64
	logSurvival(x float64) float64
	expression() string
	mean() float64
}

// families are those that are tried, the simple ones first.
var families = []struct {
	name string
	fit  func([]observation) law
}{
	{"lognormal", func(all []observation) law { return fitLognormals(all, 1) }},
	{"gamma", fitGamma},
	{"weibull", fitWeibull},
	{"mixture", func(all []observation) law { return fitLognormals(all, 2) }},
}

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
	curve := newCurve(all)
	d.summarise(curve, all)
	d.Distance = distance(best, newCurve(halves[1]))
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
	}
	return d
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

// component is a lognormal distribution with a weight.
type component struct{ weight, mu, sigma float64 }

// lognormals is a mixture of lognormal distributions.
type lognormals []component

// fitLognormals is maximum likelihood by expectation and maximisation on the logarithms; of open cases the expectation is that of the
// normal distribution beyond what they have lasted (Dempster, Laird, Rubin 1977).
func fitLognormals(all []observation, n int) law {
	logs := make([]float64, len(all))
	for i, o := range all {
		logs[i] = math.Log(o.value)
	}
	sorted := slices.Sorted(slices.Values(logs))
	l := make(lognormals, n)
	for c := range l {
		part := sorted[c*len(sorted)/n : (c+1)*len(sorted)/n]
		var m moments
		for _, x := range part {
			m.addAny(x)
		}
		l[c] = component{1 / float64(n), m.mean, max(math.Sqrt(m.m2/float64(max(m.n, 1))), 1e-3)}
	}
	rounds := 200
	if n == 1 {
		rounds = 60
	}
	for range rounds {
		next := l.improve(all, logs)
		done := l.near(next)
		if l = next; done {
			break
		}
	}
	return l
}

func (l lognormals) near(other lognormals) bool {
	for i := range l {
		if math.Abs(l[i].mu-other[i].mu)+math.Abs(l[i].sigma-other[i].sigma)+math.Abs(l[i].weight-other[i].weight) > 1e-6 {
			return false
		}
	}
	return true
}

// improve is one round.
func (l lognormals) improve(all []observation, logs []float64) lognormals {
	n := len(l)
	weight, first, second := make([]float64, n), make([]float64, n), make([]float64, n)
	share := make([]float64, n)
	for i, x := range logs {
		sum := 0.0
		for c, k := range l {
			z := (x - k.mu) / k.sigma
			if all[i].open {
				share[c] = k.weight * math.Erfc(z/math.Sqrt2) / 2
			} else {
				share[c] = k.weight * math.Exp(-z*z/2) / k.sigma
			}
			sum += share[c]
		}
		if sum == 0 {
			share[n-1], sum = 1, 1
		}
		for c, k := range l {
			r := share[c] / sum
			e, e2 := x, x*x
			if all[i].open {
				z := (x - k.mu) / k.sigma
				h := hazard(z)
				e = k.mu + k.sigma*h
				e2 = k.mu*k.mu + k.sigma*k.sigma*(1+z*h) + 2*k.mu*k.sigma*h
			}
			weight[c], first[c], second[c] = weight[c]+r, first[c]+r*e, second[c]+r*e2
		}
	}
	next := make(lognormals, n)
	for c := range next {
		w := max(weight[c], 1e-9)
		mu := first[c] / w
		next[c] = component{weight[c] / float64(len(logs)), mu, math.Sqrt(max(second[c]/w-mu*mu, 1e-4))}
	}
	return next
}

// hazard is the density of the standard normal distribution at z by the probability beyond.
func hazard(z float64) float64 {
	beyond := math.Erfc(z/math.Sqrt2) / 2
	if z > 30 {
		return z + 1/z
	}
	return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / beyond
}

func (l lognormals) family() string {
	if len(l) == 1 {
		return "lognormal"
	}
	return "mixture"
}

func (l lognormals) logDensity(x float64) float64 {
	sum := 0.0
	for _, k := range l {
		z := (math.Log(x) - k.mu) / k.sigma
		sum += k.weight * math.Exp(-z*z/2) / k.sigma
	}
	return math.Log(sum) - math.Log(x) - math.Log(2*math.Pi)/2
}

func (l lognormals) logSurvival(x float64) float64 {
	sum := 0.0
	for _, k := range l {
		sum += k.weight * math.Erfc((math.Log(x)-k.mu)/k.sigma/math.Sqrt2) / 2
	}
	return math.Log(sum)
}

func (l lognormals) mean() (sum float64) {
	for _, k := range l {
		sum += k.weight * math.Exp(k.mu+k.sigma*k.sigma/2)
	}
	return sum
}

func (l lognormals) expression() string {
	if len(l) == 1 {
		return l[0].expression()
	}
	first := math.Round(l[0].weight*1e4) / 1e4
	return fmt.Sprintf("mixture(%g %s, %g %s)", first, l[0].expression(), math.Round((1-first)*1e4)/1e4, l[1].expression())
}

func (k component) expression() string {
	return fmt.Sprintf("lognormal(mean %s, cv %.4g)", length(math.Exp(k.mu+k.sigma*k.sigma/2)), math.Sqrt(math.Expm1(k.sigma*k.sigma)))
}

// gamma has a shape and a scale.
type gamma struct{ shape, scale float64 }

// fitGamma is maximum likelihood: by Newton's rule where all have ended, else by descent from there.
func fitGamma(all []observation) law {
	mean, logMean, n := 0.0, 0.0, 0.0
	open := false
	for _, o := range all {
		mean, logMean, n = mean+o.value, logMean+math.Log(o.value), n+1
		open = open || o.open
	}
	s := max(math.Log(mean/n)-logMean/n, 1e-6)
	shape := (3 - s + math.Sqrt((s-3)*(s-3)+24*s)) / (12 * s) // Minka 2002, "Estimating a Gamma distribution"
	for range 20 {
		next := 1 / (1/shape + (logMean/n-math.Log(mean/n)+math.Log(shape)-mathext.Digamma(shape))/(shape*shape*(1/shape-trigamma(shape))))
		if !(next > 0) {
			break
		}
		shape = next
	}
	g := gamma{shape, mean / n / shape}
	if !open {
		return g
	}
	return descend(g, thin(all, 4000))
}

// trigamma is the derivative of the digamma function.
func trigamma(x float64) float64 {
	h := 1e-4 * x
	return (mathext.Digamma(x+h) - mathext.Digamma(x-h)) / (2 * h)
}

// thin is a part of the observations, for what takes long.
func thin(all []observation, most int) []observation {
	if len(all) <= most {
		return all
	}
	part := make([]observation, 0, most)
	for i := range most {
		part = append(part, all[i*len(all)/most])
	}
	return part
}

func descend(from gamma, all []observation) law {
	problem := optimize.Problem{Func: func(x []float64) float64 {
		if math.Abs(x[0]) > 20 || math.Abs(x[1]) > 60 {
			return math.Inf(1)
		}
		g, sum := gamma{math.Exp(x[0]), math.Exp(x[1])}, 0.0
		for _, o := range all {
			sum -= logLikelihood(g, o)
		}
		return sum
	}}
	found, err := optimize.Minimize(problem, []float64{math.Log(from.shape), math.Log(from.scale)},
		&optimize.Settings{FuncEvaluations: 200}, &optimize.NelderMead{})
	if err != nil && found == nil {
		return from
	}
	return gamma{math.Exp(found.X[0]), math.Exp(found.X[1])}
}

func (g gamma) family() string { return "gamma" }
func (g gamma) mean() float64  { return g.shape * g.scale }
func (g gamma) logDensity(x float64) float64 {
	top, _ := math.Lgamma(g.shape)
	return (g.shape-1)*math.Log(x) - x/g.scale - top - g.shape*math.Log(g.scale)
}
func (g gamma) logSurvival(x float64) float64 {
	return math.Log(mathext.GammaIncRegComp(g.shape, x/g.scale))
}
func (g gamma) expression() string {
	return fmt.Sprintf("gamma(mean %s, cv %.4g)", length(g.mean()), 1/math.Sqrt(g.shape))
}

// weibull has a shape and a scale.
type weibull struct{ shape, scale float64 }

// fitWeibull is maximum likelihood: the shape is the root of an equation, which open cases enter as others do.
func fitWeibull(all []observation) law {
	logs, ended, n := 0.0, 0.0, 0.0
	for _, o := range all {
		if !o.open {
			logs, ended = logs+math.Log(o.value), ended+1
		}
		n = max(n, o.value)
	}
	sums := func(k float64) (plain, weighted float64) {
		for _, o := range all {
			x := o.value / n
			p := math.Pow(x, k)
			plain, weighted = plain+p, weighted+p*math.Log(x)
		}
		return plain, weighted
	}
	low, high := 0.02, 50.0
	for range 60 {
		k := math.Sqrt(low * high)
		plain, weighted := sums(k)
		if weighted/plain-1/k-(logs/ended-math.Log(n)) > 0 {
			high = k
		} else {
			low = k
		}
	}
	k := math.Sqrt(low * high)
	plain, _ := sums(k)
	return weibull{k, n * math.Pow(plain/ended, 1/k)}
}

func (w weibull) family() string { return "weibull" }
func (w weibull) mean() float64  { return w.scale * math.Gamma(1+1/w.shape) }
func (w weibull) logDensity(x float64) float64 {
	z := x / w.scale
	return math.Log(w.shape/w.scale) + (w.shape-1)*math.Log(z) - math.Pow(z, w.shape)
}
func (w weibull) logSurvival(x float64) float64 { return -math.Pow(x/w.scale, w.shape) }
func (w weibull) expression() string {
	return fmt.Sprintf("weibull(shape %.4g, mean %s)", w.shape, length(w.mean()))
}

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

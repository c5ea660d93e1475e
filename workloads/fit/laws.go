package fit

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/optimize"
)

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

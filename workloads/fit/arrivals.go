package fit

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Estimate is a figure with its standard error, in the same unit.
type Estimate struct {
	Value float64 `json:"value"`
	Error float64 `json:"standard_error"`
}

// Arrivals is when cases arrive.
type Arrivals struct {
	First, Last int          // local dates (days since 1970-01-01), both inclusive
	PerWeek     Estimate     // cases
	Weekdays    [7]float64   // mean cases of a day, Monday first
	Profile     [168]float64 // weights of the hours of the week from Monday 00:00, mean 1
	ProfileErr  [168]float64 // their standard errors
	Recorded    [168]float64 // the weights as recorded, not drawn towards anything
	Shape       Estimate     // of the Gamma factor of a day; +Inf = none
	Ratio       float64      // variance to mean of the daily counts without the weekday effect
	Growth      Estimate     // of the rate in a year, as a share
	Grows       bool         // growth is distinct from 0
	Unusual     []UnusualDay // left out of everything above
	Storms      *Storms      // of the unusual days; nil = none
	DatesOnly   bool         // the log has no times of day: all hours of a day are taken for alike
	Edges       [2]int       // days at the beginning and at the end that are left out
	Correlation float64      // of the factors of neighbouring days
	Daily       []int        // counts from First on
	Expected    []float64    // mean of each day by weekday and growth
	used        []bool
}

// Used reports whether a day, counted from First, is in use: neither unusual nor at an edge that is left out.
func (a *Arrivals) Used(i int) bool { return a.used[i] }

// ProfileMiss is the root mean square of recorded less fitted weights by their standard errors.
func (a *Arrivals) ProfileMiss() float64 {
	sum := 0.0
	for h := range a.Profile {
		z := (a.Recorded[h] - a.Profile[h]) / a.ProfileErr[h]
		sum += z * z / float64(len(a.Profile))
	}
	return math.Sqrt(sum)
}

// UnusualDay is a day that the others do not explain.
type UnusualDay struct {
	Date     int     // days since 1970-01-01
	Cases    int     // that arrived
	Expected float64 // by its weekday
}

// weekday is that of a date, 0 = Monday; 1970-01-01 was a Thursday.
func weekday(date int) int { return ((date+3)%7 + 7) % 7 }

// unlikely is the chance at which some day of an ordinary log is called unusual.
const unlikely = 0.01

// fitArrivals needs two weeks.
func fitArrivals(days map[int]*day, first, last int) *Arrivals {
	a := &Arrivals{First: first, Last: last}
	n := last - first + 1
	a.Daily, a.Expected, a.used = make([]int, n), make([]float64, n), make([]bool, n)
	for i := range n {
		if d := days[first+i]; d != nil {
			a.Daily[i] = d.arrivals()
		}
	}
	a.DatesOnly = datesOnly(days)
	a.findEdges()
	a.findUnusual()
	a.fitGrowth()
	a.expect()
	a.disperse()
	a.fitWeek(days)
	a.Storms = a.fitStorms(days)
	return a
}

// datesOnly reports whether all cases come in the first hour of a day.
func datesOnly(days map[int]*day) bool {
	for _, d := range days {
		if d.hours[0] != d.arrivals() {
			return false
		}
	}
	return true
}

// findUnusual leaves out days that are too unlikely among so many, by the law of the others. It takes one after the other away, the least
// likely first, up to a tenth, and leaves out all up to the last that is unusual without those before it, so that several, at most a dozen, do
// not hide each other (B. Rosner, Technometrics 25 (1983), 165-172).
func (a *Arrivals) findUnusual() {
	const hidden = 12
	var taken []UnusualDay
	unusual := 0
	for range len(a.Daily) / 10 {
		a.expect()
		worst, least := a.leastLikely()
		if least == 0 || len(taken)-unusual == hidden {
			break
		}
		a.used[worst] = false
		a.expect()
		shape, _ := a.shape()
		mean := a.Expected[worst]
		taken = append(taken, UnusualDay{a.First + worst, a.Daily[worst], mean})
		if a.isUnusual(a.Daily[worst], weekday(a.First+worst), mean, shape, len(a.Daily)) {
			unusual = len(taken)
		}
	}
	for _, d := range taken[unusual:] {
		a.used[d.Date-a.First] = true
	}
	a.Unusual = taken[:unusual]
	slices.SortFunc(a.Unusual, func(x, y UnusualDay) int { return cmp.Compare(x.Date, y.Date) })
}

// isUnusual reports whether the cases of a day are too unlikely among so many days: by the negative binomial law with its figures taken
// for true, and by Student's law as well, since mean and variance are estimated. For that the cube root of the cases is as good as normal
// (E. B. Wilson and M. M. Hilferty, Proceedings of the National Academy of Sciences 17 (1931), 684-688).
func (a *Arrivals) isUnusual(cases, weekday int, mean, shape float64, days int) bool {
	degrees := a.Degrees()
	if degrees < 1 || mean == 0 {
		return false
	}
	variance := 1/mean + 1/shape // relative to the mean
	far := 3 * (math.Cbrt((float64(cases)+0.5)/mean) - 1 + variance/9) / math.Sqrt(variance*(1+1/max(a.seen(weekday), 1)))
	level := unlikely / 2 / float64(days)
	return min(tailAbove(cases, mean, shape), tailBelow(cases, mean, shape)) < level &&
		distuv.StudentsT{Sigma: 1, Nu: float64(degrees)}.Survival(math.Abs(far)) < level
}

// IsUnusual reports whether so many cases on a weekday, 0 = Monday, are too unlikely for one of so many days on which the fit expects a
// mean: it would leave such a day out.
func (a *Arrivals) IsUnusual(cases, weekday int, mean float64, days int) bool {
	return a.isUnusual(cases, weekday, mean, min(a.Shape.Value, largestShape), days)
}

// seen is the number of days of a weekday in use.
func (a *Arrivals) seen(w int) (n float64) {
	for i, used := range a.used {
		if used && weekday(a.First+i) == w {
			n++
		}
	}
	return n
}

// leastLikely is the day that is farthest from what is expected, and how far.
func (a *Arrivals) leastLikely() (worst int, least float64) {
	shape, _ := a.shape()
	for i, y := range a.Daily {
		if mean := a.Expected[i]; a.used[i] && mean > 0 {
			far := math.Abs(float64(y)-mean) / math.Sqrt(mean+mean*mean/shape)
			if far > least {
				worst, least = i, far
			}
		}
	}
	return worst, least
}

// tailAbove is the probability of y or more of the negative binomial law with a mean and a shape.
func tailAbove(y int, mean, shape float64) float64 {
	if y == 0 || mean == 0 {
		return 1
	}
	return mathext.RegIncBeta(float64(y), shape, mean/(shape+mean))
}

// tailBelow is the probability of y or fewer.
func tailBelow(y int, mean, shape float64) float64 {
	if mean == 0 {
		return 1
	}
	return mathext.RegIncBeta(shape, float64(y)+1, shape/(shape+mean))
}

// expect sets the mean of every day from its weekday and the growth.
func (a *Arrivals) expect() {
	var sum, weight [7]float64
	for i, y := range a.Daily {
		if a.used[i] {
			sum[weekday(a.First+i)] += float64(y)
			weight[weekday(a.First+i)] += a.level(i)
		}
	}
	for w := range sum {
		a.Weekdays[w] = sum[w] / max(weight[w], 1e-9)
	}
	for i := range a.Daily {
		a.Expected[i] = a.Weekdays[weekday(a.First+i)] * a.level(i)
	}
}

// level is the growth up to a day, 1 in the middle of the log.
func (a *Arrivals) level(i int) float64 {
	if !a.Grows {
		return 1
	}
	return math.Pow(1+a.Growth.Value, (float64(i)-float64(len(a.Daily)-1)/2)/365)
}

// largestShape is that of factors which are 1 for all that can be seen.
const largestShape = 1e5

// shape is the shape of the Gamma factor by maximum likelihood of the negative binomial law, adjusted for the weekday means that were
// estimated from the same days (D. R. Cox and N. Reid, Journal of the Royal Statistical Society B 49 (1987), 1-39), and the second
// derivative of the likelihood by the logarithm of the shape.
func (a *Arrivals) shape() (shape, curvature float64) {
	likelihood := func(logShape float64) (sum float64) {
		k := math.Exp(logShape)
		top, _ := math.Lgamma(k)
		var information [7]float64 // on the logarithms of the weekday means
		for i, y := range a.Daily {
			if mean := a.Expected[i]; a.used[i] && mean > 0 {
				g, _ := math.Lgamma(float64(y) + k)
				sum += g - top + k*math.Log(k/(k+mean)) + float64(y)*math.Log(mean/(k+mean))
				information[weekday(a.First+i)] += mean / (1 + mean/k)
			}
		}
		for _, known := range information {
			if known > 0 {
				sum -= math.Log(known) / 2
			}
		}
		return sum
	}
	at := maximum(likelihood, math.Log(0.05), math.Log(largestShape))
	const h = 0.05
	curvature = (likelihood(at+h) - 2*likelihood(at) + likelihood(at-h)) / (h * h)
	return math.Exp(at), curvature
}

// number is that of the days in use.
func (a *Arrivals) number() (n float64) {
	for _, used := range a.used {
		if used {
			n++
		}
	}
	return n
}

// maximum finds the maximum of a function with one peak by golden section.
func maximum(f func(float64) float64, low, high float64) float64 {
	golden := (math.Sqrt(5) - 1) / 2
	a, b := high-golden*(high-low), low+golden*(high-low)
	fa, fb := f(a), f(b)
	for high-low > 1e-4 {
		if fa > fb {
			high, b, fb = b, a, fa
			a = high - golden*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + golden*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}

// shortestTrend is the fewest weeks from which growth is told.
const shortestTrend = 26

// fitGrowth fits a straight line to the logarithms of weekly totals by least squares. It counts where it is more than three standard
// errors from 0.
func (a *Arrivals) fitGrowth() {
	var x, y []float64
	for from := 0; from+7 <= len(a.Daily); from += 7 {
		sum, expected := 0.0, 0.0
		for i := from; i < from+7; i++ {
			if a.used[i] {
				sum, expected = sum+float64(a.Daily[i]), expected+a.Expected[i]
			}
		}
		if sum > 0 && expected > 0 {
			x, y = append(x, (float64(from)+3)/365), append(y, math.Log(sum/expected))
		}
	}
	if len(x) < shortestTrend {
		return
	}
	slope, err := line(x, y)
	a.Growth = Estimate{math.Expm1(slope), math.Exp(slope) * err}
	a.Grows = math.Abs(slope) > 3*err
}

// line is the slope of the least-squares line and its standard error.
func line(x, y []float64) (slope, err float64) {
	n := float64(len(x))
	var mx, my float64
	for i := range x {
		mx, my = mx+x[i]/n, my+y[i]/n
	}
	var xx, xy, rest float64
	for i := range x {
		xx, xy = xx+(x[i]-mx)*(x[i]-mx), xy+(x[i]-mx)*(y[i]-my)
	}
	slope = xy / xx
	for i := range x {
		e := y[i] - my - slope*(x[i]-mx)
		rest += e * e
	}
	return slope, math.Sqrt(rest / (n - 2) / xx)
}

// disperse measures how wild the days are.
func (a *Arrivals) disperse() {
	shape, curvature := a.shape()
	a.Shape = Estimate{shape, shape / math.Sqrt(max(-curvature, 1e-12))}
	if shape > largestShape/20 {
		a.Shape = Estimate{math.Inf(1), math.NaN()}
	}
	var square, mean, total, variance, product, squares float64
	previous := math.NaN()
	for i, y := range a.Daily {
		m := a.Expected[i]
		if !a.used[i] || m == 0 {
			previous = math.NaN()
			continue
		}
		e := float64(y) - m
		square, mean, total = square+e*e, mean+m, total+m
		variance += m
		if !math.IsInf(a.Shape.Value, 1) {
			variance += m * m / a.Shape.Value
		}
		if !math.IsNaN(previous) {
			product += previous * e / m
		}
		previous = e / m
		squares += previous * previous
	}
	n := a.number()
	a.Ratio = square / mean * n / max(1, n-7)
	a.Correlation = product / squares
	week := 0.0
	for _, w := range a.Weekdays {
		week += w
	}
	a.PerWeek = Estimate{week, week * math.Sqrt(variance) / total}
}

// fitWeek fits the hours of the week. Each is drawn towards what its weekday and its hour of working days or days off say, the more the
// less is known of it (empirical Bayes).
func (a *Arrivals) fitWeek(days map[int]*day) {
	var count [168]float64
	for i, used := range a.used {
		if d := days[a.First+i]; used && d != nil {
			for h, n := range d.hours {
				cases := float64(n)
				if a.DatesOnly {
					cases = float64(d.hours[0]) / 24
				}
				count[weekday(a.First+i)*24+h] += cases
			}
		}
	}
	var seen [7]float64
	total := 0.0
	for w := range seen {
		seen[w] = a.seen(w)
		total += a.Weekdays[w]
	}
	base := a.base(&count, &seen)
	var noise [168]float64 // variance of a count by its mean
	for h := range noise {
		noise[h] = 1 + base[h]/max(seen[h/24], 1)/a.Shape.Value
	}
	trust := trust(&count, &base, &noise)
	for h := range base {
		weight, m := 1.0, base[h]
		if m > 0 {
			b := trust * m / (trust*m + noise[h])
			weight = m * (1 + b*(count[h]/m-1))
		} else {
			weight = count[h]
		}
		scale := 168 / (total * max(seen[h/24], 1))
		a.Profile[h], a.Recorded[h] = weight*scale, count[h]*scale
		a.ProfileErr[h] = math.Sqrt(max(count[h], 1)*noise[h]) * scale
	}
}

// base is what the weekdays and the hours of working days or days off say of the counts by hour of the week, of weekdays that were seen so
// many times.
func (a *Arrivals) base(count *[168]float64, seen *[7]float64) (base [168]float64) {
	kind := [7]int{} // 1 = a day off
	for w, off := range a.daysOff() {
		if off {
			kind[w] = 1
		}
	}
	var shape [2][24]float64
	var sum [2]float64
	for h, n := range count {
		shape[kind[h/24]][h%24] += n
		sum[kind[h/24]] += n
	}
	for h := range base {
		if k := kind[h/24]; sum[k] > 0 {
			base[h] = a.Weekdays[h/24] * seen[h/24] * shape[k][h%24] / sum[k]
		}
	}
	return base
}

// trust is the variance of the true weights about the base, relative to it.
func trust(count, base, noise *[168]float64) float64 {
	var above, below float64
	for h, m := range base {
		above += (count[h]-m)*(count[h]-m) - m*noise[h]
		below += m * m
	}
	return max(0, above/max(below, 1e-9))
}

// Degrees is the number of days in use beyond those that the weekdays' means take: the degrees of freedom of the dispersion.
func (a *Arrivals) Degrees() int { return int(a.number()) - 7 }

// WeekdayError is the standard error of the mean cases of a weekday, 0 = Monday. It takes days for independent.
func (a *Arrivals) WeekdayError(w int) float64 {
	m := a.Weekdays[w]
	return math.Sqrt((m + m*m/a.Shape.Value) / max(a.seen(w), 1))
}

// daysOff are the weekdays with less than half the cases of the middle one.
func (a *Arrivals) daysOff() (off [7]bool) {
	sorted := slices.Sorted(slices.Values(a.Weekdays[:]))
	for w, n := range a.Weekdays {
		off[w] = n < sorted[3]/2
	}
	return off
}

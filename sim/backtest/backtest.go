package backtest

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/workloads"
	"sunrelay/workloads/fit"
	"sunrelay/workloads/trace"
)

// Result is how well a fitted scenario foretold the days that were held back.
type Result struct {
	Days       []Day
	Inside     int // days whose recorded count lies in the interval
	Ordinary   int // days that are not unusual
	InsideOrd  int // of those, inside
	Weekdays   int // days from Monday to Friday
	InsideWeek int // of those, inside

	Recorded, Simulated float64 // cases of all days
	Low, High           float64 // 90 % interval of the simulated ones

	// ProfileDistance is the share of the cases that come in other hours of the week than simulated (half the sum of differences);
	// ProfileUsual is below which it stays in 95 % of the replications.
	ProfileDistance, ProfileUsual float64

	Mixes []Mix

	Resolution         []Quantile
	ResolutionDistance float64 // greatest difference of the two CDFs up to the horizon; NaN = no case has ended
	Promise            Promise
	Met                float64 // recorded share of promises kept, by the log's own column; NaN = not recorded
}

// Day is one day that was held back.
type Day struct {
	Date      int // days since 1970-01-01
	Recorded  int
	Simulated float64 // mean
	Low, High float64 // 90 % interval
	Unusual   bool    // too unlikely, such as a holiday, a burst or a gap: a fit leaves such days out and cannot foretell them
}

// Inside reports whether the recorded count lies in the interval.
func (d *Day) Inside() bool { return float64(d.Recorded) >= d.Low && float64(d.Recorded) <= d.High }

// Horizon is how long cases are followed after the last day, at most: not beyond the last instant of the log.
const Horizon = 60 * calendar.Day

// Replications are how often arrivals are simulated; Runs how often the organisation is.
const (
	Replications = 400
	Runs         = 10
)

// Run simulates what was held back. The model is the fitted scenario whose run starts on the first of the days and ends Horizon after
// the last; it has at least Replications replications. Intervals hold the errors of the fit too.
func Run(ctx context.Context, m *sim.Model, fitted *fit.Result, r *Recorder) (*Result, error) {
	out := &Result{Met: math.NaN()}
	if r.known > 0 {
		out.Met = float64(r.met) / float64(r.known)
	}
	if err := out.arrivals(ctx, m.Workload, fitted.Arrivals, r); err != nil {
		return nil, err
	}
	out.mixes(fitted, r)
	return out, out.resolve(ctx, m, fitted, r)
}

// arrivals compares when cases come.
func (out *Result) arrivals(ctx context.Context, w *workloads.Model, fitted *fit.Arrivals, r *Recorder) error {
	counts, hours, err := drawDays(ctx, w, fitted, r.zone, r.from, r.Days())
	if err != nil {
		return err
	}
	totals := make([]float64, Replications)
	for day, all := range counts {
		for i, n := range all {
			totals[i] += n
		}
		d := Day{Date: r.from + day, Recorded: r.counts[day], Simulated: mean(all)}
		d.Low, d.High = interval(all)
		d.Unusual = !d.Inside() && fitted.IsUnusual(d.Recorded, (d.Date+3)%7, d.Simulated, len(counts))
		out.Days = append(out.Days, d)
		inside := 0
		if d.Inside() {
			inside = 1
		}
		out.Recorded += float64(d.Recorded)
		out.Inside += inside
		if !d.Unusual {
			out.Ordinary++
			out.InsideOrd += inside
		}
		if weekday := (d.Date + 3) % 7; weekday < 5 {
			out.Weekdays++
			out.InsideWeek += inside
		}
	}
	out.Simulated = mean(totals)
	out.Low, out.High = interval(totals)
	out.profile(hours, &r.hours)
	return nil
}

// estimated adds to simulated counts, by day and replication, what is not known of the fit: a replication has weekdays that are off by
// their standard errors, and counts that vary more or less, as a variance that is estimated from so many days may be off. So the
// counts follow Student's law about the fit, as those of a new day do where mean and variance are estimated.
func estimated(counts [][]float64, first int, fitted *fit.Arrivals) {
	degrees := float64(fitted.Degrees())
	if degrees < 1 {
		return
	}
	random := rand.New(rand.NewPCG(1, 2))
	chi := distuv.ChiSquared{K: degrees, Src: random}
	centre := make([]float64, len(counts))
	for day, all := range counts {
		centre[day] = mean(all)
	}
	for replication := range counts[0] {
		wild := math.Sqrt(degrees / chi.Rand())
		var off [7]float64 // relative
		for w := range off {
			off[w] = wild * fitted.WeekdayError(w) / max(fitted.Weekdays[w], 1e-9) * random.NormFloat64()
		}
		for day, all := range counts {
			all[replication] = max(0, all[replication]+centre[day]*off[(first+day+3)%7]+(wild-1)*(all[replication]-centre[day]))
		}
	}
}

// draw adds the arrivals of a replication.
func draw(w *workloads.Model, replication int, to *Recorder) {
	block := make([]workloads.Case, workloads.BlockSize)
	for stream := range w.Streams() {
		source := w.Source(stream, replication)
		for n := source.Fill(block); n > 0; n = source.Fill(block) {
			for _, c := range block[:n] {
				to.Add(&trace.Case{Opened: c.At, Resolved: c.At, Met: -1})
			}
		}
	}
}

// profile compares the hours of the week.
func (out *Result) profile(simulated [][168]float64, recorded *[168]float64) {
	var all [168]float64
	for i := range simulated {
		for h, n := range simulated[i] {
			all[h] += n
		}
	}
	out.ProfileDistance = apart(recorded, &all)
	distances := make([]float64, len(simulated))
	for i := range simulated {
		distances[i] = apart(&simulated[i], &all)
	}
	slices.Sort(distances)
	out.ProfileUsual = distances[len(distances)*95/100]
}

// apart is half the sum of the differences of two shares.
func apart(a, b *[168]float64) (sum float64) {
	var na, nb float64
	for h := range a {
		na, nb = na+a[h], nb+b[h]
	}
	for h := range a {
		sum += math.Abs(a[h]/na-b[h]/nb) / 2
	}
	return sum
}

func mean(values []float64) (sum float64) {
	for _, v := range values {
		sum += v / float64(len(values))
	}
	return sum
}

// interval holds 90 % of the values; it sorts them.
func interval(values []float64) (low, high float64) {
	slices.Sort(values)
	n := len(values)
	return values[n*5/100], values[n-1-n*5/100]
}

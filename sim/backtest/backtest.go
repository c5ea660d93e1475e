package backtest

import (
	"context"
	"math"
	"slices"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
	"sunrelay/workloads/trace"
)

// Result is how well a fitted scenario foretold the days that were held back.
type Result struct {
	Days       []Day
	Inside     int // days whose recorded count lies in the interval
	Weekdays   int // days from Monday to Friday
	InsideWeek int // of those, inside

	Recorded, Simulated float64 // cases of all days
	Low, High           float64 // 90 % interval of the simulated ones

	// ProfileDistance is the share of the cases that come in other hours of the week than simulated (half the sum of differences);
	// ProfileUsual is below which it stays in 95 % of the replications.
	ProfileDistance, ProfileUsual float64

	Resolution         []Quantile
	ResolutionDistance float64 // greatest difference of the two CDFs up to the horizon; NaN = nothing recorded
	Met                float64 // recorded share of promises kept; NaN = not recorded
}

// Day is one day that was held back.
type Day struct {
	Date      int // days since 1970-01-01
	Recorded  int
	Simulated float64 // mean
	Low, High float64 // 90 % interval
}

// Inside reports whether the recorded count lies in the interval.
func (d *Day) Inside() bool { return float64(d.Recorded) >= d.Low && float64(d.Recorded) <= d.High }

// Quantile is a quantile of times to resolve in milliseconds; +Inf where too many are open.
type Quantile struct{ Probability, Recorded, Simulated float64 }

// levels are those of Result.Resolution.
var levels = []float64{0.1, 0.25, 0.5, 0.75, 0.9, 0.95}

// Horizon is how long cases are followed after the last day.
const Horizon = 60 * calendar.Day

// Replications are how often arrivals are simulated; Runs how often the organisation is.
const (
	Replications = 400
	Runs         = 5
)

// Run simulates what was held back. The model is the fitted scenario whose run starts on the first of the days and ends Horizon after
// the last; it has at least Replications replications.
func Run(ctx context.Context, m *sim.Model, r *Recorder) (*Result, error) {
	out := &Result{Met: math.NaN()}
	if r.known > 0 {
		out.Met = float64(r.met) / float64(r.known)
	}
	if err := out.arrivals(ctx, m.Workload, r); err != nil {
		return nil, err
	}
	return out, out.resolve(ctx, m, r)
}

// arrivals compares when cases come.
func (out *Result) arrivals(ctx context.Context, w *workloads.Model, r *Recorder) error {
	counts := make([][]float64, r.Days())
	var totals []float64
	var hours [][168]float64
	for replication := range Replications {
		if err := ctx.Err(); err != nil {
			return err
		}
		drawn := &Recorder{zone: r.zone, from: r.from, most: r.Days(), counts: make([]int, r.Days())}
		draw(w, replication, drawn)
		total := 0.0
		for day, n := range drawn.counts {
			counts[day] = append(counts[day], float64(n))
			total += float64(n)
		}
		totals, hours = append(totals, total), append(hours, drawn.hours)
	}
	for day, all := range counts {
		d := Day{Date: r.from + day, Recorded: r.counts[day], Simulated: mean(all)}
		d.Low, d.High = interval(all)
		out.Days = append(out.Days, d)
		inside := 0
		if d.Inside() {
			inside = 1
		}
		out.Recorded += float64(d.Recorded)
		out.Inside += inside
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

// resolve compares how long cases take.
func (out *Result) resolve(ctx context.Context, m *sim.Model, r *Recorder) error {
	out.ResolutionDistance = math.NaN()
	if len(r.resolution) == 0 {
		return nil
	}
	from := m.Scenario.Start
	watch := &watch{from: from, to: m.Scenario.End.Add(-Horizon)}
	for component := range m.Components() {
		engine := sim.NewEngine(m, component, sim.Options{Observer: watch, Heartbeat: func(int64) error { return ctx.Err() }})
		for replication := range Runs {
			watch.open = map[rng.Key]calendar.Instant{}
			if _, err := engine.Run(replication); err != nil {
				return err
			}
			for range watch.open {
				watch.took = append(watch.took, math.Inf(1))
			}
		}
	}
	simulated, recorded := watch.took, slices.Clone(r.resolution)
	slices.Sort(simulated)
	slices.Sort(recorded)
	if len(simulated) == 0 {
		return nil
	}
	for _, p := range levels {
		out.Resolution = append(out.Resolution, Quantile{p, at(recorded, p), at(simulated, p)})
	}
	out.ResolutionDistance = distance(recorded, simulated, float64(Horizon))
	return nil
}

func at(sorted []float64, p float64) float64 {
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

// distance is the greatest difference of two empirical CDFs up to a limit.
func distance(a, b []float64, limit float64) (most float64) {
	j := 0
	for i, v := range a {
		if v > limit {
			break
		}
		for j < len(b) && b[j] <= v {
			j++
		}
		most = max(most, math.Abs(float64(i+1)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return most
}

// watch notes how long the cases of a time take until they are first closed.
type watch struct {
	from, to calendar.Instant
	open     map[rng.Key]calendar.Instant
	took     []float64
}

// Observe implements sim.Observer.
func (w *watch) Observe(e sim.Event) {
	switch e.Kind {
	case sim.Arrived:
		if e.At >= w.from && e.At < w.to {
			w.open[e.Case] = e.At
		}
	case sim.Closed:
		if since, known := w.open[e.Case]; known && e.Outcome == model.Resolved {
			w.took = append(w.took, float64(e.At-since))
			delete(w.open, e.Case)
		}
	}
}

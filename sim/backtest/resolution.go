package backtest

import (
	"context"
	"math"
	"slices"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/stats"
	"sunrelay/workloads/fit"
	"sunrelay/workloads/rng"
)

// Quantile is a quantile of times to resolve in milliseconds; +Inf where too many are open.
type Quantile struct {
	Probability, Recorded, Simulated float64
	Low, High                        float64 // 90 % interval of the recorded one; NaN = unknown
}

// Inside reports whether the recorded quantile lies in the interval.
func (q *Quantile) Inside() bool { return q.Recorded >= q.Low && q.Recorded <= q.High }

// Promise is the share of the cases that are resolved within the target of the fitted scenario.
type Promise struct {
	Recorded, Simulated float64 // NaN = the scenario has no target, or no case has ended
	Low, High           float64 // 90 % interval of the recorded one
}

// Inside reports whether the recorded share lies in the interval.
func (p *Promise) Inside() bool { return p.Recorded >= p.Low && p.Recorded <= p.High }

// levels are those of Result.Resolution.
var levels = []float64{0.1, 0.25, 0.5, 0.75, 0.9, 0.95}

// resolve compares how long cases take.
func (out *Result) resolve(ctx context.Context, m *sim.Model, fitted *fit.Result, r *Recorder) error {
	unknown := math.NaN()
	out.ResolutionDistance, out.Promise = unknown, Promise{unknown, unknown, unknown, unknown}
	if len(r.resolution) == 0 || math.IsInf(slices.Min(r.resolution), 1) {
		return nil
	}
	runs := make([][]float64, Runs)
	for component := range m.Components() {
		watch := &watch{from: m.Scenario.Start, to: m.Scenario.End.Add(-Horizon), last: r.last}
		engine := sim.NewEngine(m, component, sim.Options{Observer: watch, Heartbeat: func(int64) error { return ctx.Err() }})
		for replication := range runs {
			watch.open, watch.took = map[rng.Key]calendar.Instant{}, nil
			if _, err := engine.Run(replication); err != nil {
				return err
			}
			for range watch.open {
				watch.took = append(watch.took, math.Inf(1))
			}
			runs[replication] = append(runs[replication], watch.took...)
		}
	}
	simulated, recorded := slices.Concat(runs...), slices.Clone(r.resolution)
	slices.Sort(simulated)
	slices.Sort(recorded)
	for _, run := range runs {
		if len(run) == 0 {
			return nil
		}
		slices.Sort(run)
	}
	known := 0
	if fitted.Resolution != nil {
		known = fitted.Resolution.Cases
	}
	for _, p := range levels {
		q := Quantile{Probability: p, Recorded: at(recorded, p), Simulated: at(simulated, p)}
		q.Low, q.High = around(q.Simulated, each(runs, func(run []float64) float64 { return at(run, p) }), errorAt(simulated, p, known))
		out.Resolution = append(out.Resolution, q)
	}
	out.ResolutionDistance = distance(recorded, simulated, float64(Horizon))
	out.promise(m.Scenario, runs, recorded, simulated, known)
	return nil
}

// promise compares how many cases are resolved within the target, where it is elapsed time.
func (out *Result) promise(c *scenario.Compiled, runs [][]float64, recorded, simulated []float64, known int) {
	target := c.Plans[0].ClockOf(sla.Resolve, 0, 0)
	if target == scenario.NoClock {
		return
	}
	due, ok := c.Clocks[target].Due(c.Start)
	if !ok {
		return
	}
	within := func(sorted []float64) float64 { return below(sorted, float64(due.Sub(c.Start))) }
	p := &out.Promise
	p.Recorded, p.Simulated = within(recorded), within(simulated)
	p.Low, p.High = around(p.Simulated, each(runs, within), shareError(p.Simulated, known))
	p.Low, p.High = max(p.Low, 0), min(p.High, 1)
}

// below is the share of sorted values that are at most a limit.
func below(sorted []float64, limit float64) float64 {
	n, _ := slices.BinarySearchFunc(sorted, limit, func(v, limit float64) int {
		if v <= limit {
			return -1
		}
		return 1
	})
	return float64(n) / float64(len(sorted))
}

func each(runs [][]float64, of func([]float64) float64) []float64 {
	values := make([]float64, len(runs))
	for i, run := range runs {
		values[i] = of(run)
	}
	return values
}

// around is the 90 % interval for one more value, by Student's law from those of the runs and by the standard error of the fit.
func around(value float64, runs []float64, fitError float64) (low, high float64) {
	const confidence = 0.9
	centre, square := mean(runs), 0.0
	for _, v := range runs {
		square += (v - centre) * (v - centre)
	}
	n := float64(len(runs))
	half := stats.TwoSidedT(confidence, len(runs)-1) * math.Sqrt(square/(n-1)*(1+1/n)+fitError*fitError)
	if math.IsInf(value, 0) || math.IsInf(half, 0) || math.IsNaN(half) {
		return math.NaN(), math.NaN()
	}
	return max(0, value-half), value + half
}

// errorAt is the standard error of a quantile that was estimated from so many cases: half the distance of the quantiles one standard
// error of the probability away.
func errorAt(sorted []float64, p float64, cases int) float64 {
	e := shareError(p, cases)
	return (at(sorted, min(p+e, 1)) - at(sorted, max(p-e, 0))) / 2
}

// shareError is the standard error of a share of so many cases; 0 where nothing was estimated from cases.
func shareError(p float64, cases int) float64 {
	if cases == 0 {
		return 0
	}
	return math.Sqrt(p * (1 - p) / float64(cases))
}

func at(sorted []float64, p float64) float64 {
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

// distance is the greatest difference of two empirical CDFs up to a limit; a and b are sorted.
func distance(a, b []float64, limit float64) (most float64) {
	i, j := 0, 0
	for {
		next := math.Inf(1)
		if i < len(a) {
			next = a[i]
		}
		if j < len(b) {
			next = min(next, b[j])
		}
		if next > limit || math.IsInf(next, 1) {
			return most
		}
		for i < len(a) && a[i] == next {
			i++
		}
		for j < len(b) && b[j] == next {
			j++
		}
		most = max(most, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
}

// watch notes how long the cases of a time take until they are first closed. Those that are not by the last instant of the log stay
// open, as they do there.
type watch struct {
	from, to calendar.Instant
	last     calendar.Instant
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
		if since, known := w.open[e.Case]; known && e.Outcome == model.Resolved && e.At <= w.last {
			w.took = append(w.took, float64(e.At-since))
			delete(w.open, e.Case)
		}
	}
}

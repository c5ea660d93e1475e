package experiment

import (
	"math"
	"slices"

	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
)

// Margin is how far an objective may be missed: half a point of a share, half a per cent of any other bound. It keeps a
// plan that is as good as the goal from failing by the noise of the simulation.
const Margin = 0.005

// Verdict says whether a result reaches an objective.
type Verdict struct {
	Objective sla.Objective
	// Estimate is of the measure in the unit of the objective (a share, seconds or money a year); of the worst period where
	// the objective must hold in each.
	Estimate stats.Estimate
	// Period is the index of that week, or hour of the week; -1 for the whole run.
	Period int
	// Bound is the one-sided confidence bound on the side of the objective: with all objectives and periods together the
	// true value lies beyond it with a probability of at most 1 - Confidence. NaN: fewer than two replications tell of the
	// measure, and the verdict is open.
	Bound float64
	// Met says that the bound reaches the goal less the margin.
	Met bool
	// Missed says that the opposite bound does not reach it: more replications would not help. Neither Met nor Missed means
	// that more replications may decide.
	Missed bool
}

// Judge tests all objectives of the scenario, in their order. It is the one test of an objective: a plan fails if it does
// not pass here.
func (r *Result) Judge() []Verdict {
	objectives := r.Model.Scenario.Definition.Objectives
	verdicts := make([]Verdict, len(objectives))
	tests := r.tests()
	for i, o := range objectives {
		verdicts[i] = r.judge(o.Value, tests)
	}
	return verdicts
}

// ExpectedReach is how far the bound of Judge is expected to lie from an estimate after so many replications (at least 2),
// infinite where the estimate's own uncertainty is unknown.
func (r *Result) ExpectedReach(e stats.Estimate, replications int) float64 {
	if e.N < 2 || math.IsInf(e.HalfWidth, 1) {
		return math.Inf(1)
	}
	deviation := e.HalfWidth / stats.TwoSidedT(Confidence, e.N-1) * math.Sqrt(float64(e.N)/float64(replications))
	alpha := (1 - Confidence) / float64(r.tests())
	return deviation * stats.TwoSidedT(1-2*alpha, replications-1)
}

// tests are those that hold together at the level Confidence.
func (r *Result) tests() int {
	n := 0
	for _, o := range r.Model.Scenario.Definition.Objectives {
		n += r.periods(o.Value.Period)
	}
	return n
}

func (r *Result) periods(p sla.Period) int {
	switch p {
	case sla.EachWeek:
		return r.Model.Shape.Weeks
	case sla.EachHourOfWeek:
		return metrics.HoursOfWeek
	}
	return 1
}

// judge is the verdict on one objective: that on its worst period that has observations. A period that misses the goal for
// certain is worse than one that may.
func (r *Result) judge(o sla.Objective, tests int) Verdict {
	if o.Period == sla.WholeRun {
		v := verdict(o, r.measure(o), -1, tests)
		v.Met = v.Met && !r.cutShort(o)
		return v
	}
	worst := Verdict{Objective: o, Period: -1, Estimate: stats.Estimate{Mean: math.NaN(), HalfWidth: math.Inf(1)}, Bound: math.NaN()}
	for i := range r.periods(o.Period) {
		e := r.measureIn(o, i)
		if e.N == 0 || math.IsNaN(e.Mean) {
			continue
		}
		v := verdict(o, e, i, tests)
		if worst.Period < 0 || v.Missed && !worst.Missed || v.Missed == worst.Missed && v.slack() < worst.slack() {
			worst = v
		}
	}
	return worst
}

// cutShort reports whether too many cases had not reached the milestone when the run ended: a quantile or a mean of the
// others is then too small, and a longer run may tell.
func (r *Result) cutShort(o sla.Objective) bool {
	allowed := 0.01
	switch o.Measure {
	case sla.Quantile:
		allowed = 1 - o.Quantile
	case sla.Mean:
	default:
		return false
	}
	first, last := r.scope(o.Of)
	return r.OpenShare(o.Milestone, first, last) > allowed
}

// slack is how far the bound lies on the good side of the goal; where there is none, the estimate.
func (v Verdict) slack() float64 {
	at := v.Bound
	if math.IsNaN(at) {
		at = v.Estimate.Mean
	}
	if v.Objective.Comparison == sla.AtMost {
		return v.Objective.Value - at
	}
	return at - v.Objective.Value
}

func verdict(o sla.Objective, e stats.Estimate, period, tests int) Verdict {
	v := Verdict{Objective: o, Estimate: e, Period: period, Bound: math.NaN()}
	if math.IsInf(e.HalfWidth, 1) {
		return v
	}
	reach := e.HalfWidth * oneSided(e.N, tests)
	margin := Margin
	if o.Measure == sla.Quantile || o.Measure == sla.Mean || o.Measure == sla.Cost {
		margin *= o.Value
	}
	if o.Comparison == sla.AtMost {
		v.Bound = e.Mean + reach
		v.Met, v.Missed = v.Bound <= o.Value+margin, e.Mean-reach > o.Value+margin
	} else {
		v.Bound = e.Mean - reach
		v.Met, v.Missed = v.Bound >= o.Value-margin, e.Mean+reach < o.Value-margin
	}
	if o.Measure == sla.Attainment || o.Measure == sla.Occupancy || o.Measure == sla.Abandonment {
		v.Bound = min(max(v.Bound, 0), 1)
	}
	return v
}

// oneSided turns a two-sided half-width at the level Confidence into the reach of a one-sided bound that holds for all
// tests together at that level (Bonferroni).
func oneSided(n, tests int) float64 {
	alpha := (1 - Confidence) / float64(tests)
	return stats.TwoSidedT(1-2*alpha, n-1) / stats.TwoSidedT(Confidence, n-1)
}

// measure is the estimate of what the objective bounds, over the whole run.
func (r *Result) measure(o sla.Objective) stats.Estimate {
	first, last := 0, 0
	if o.Measure != sla.Occupancy && o.Measure != sla.Cost {
		first, last = r.scope(o.Of)
	}
	switch o.Measure {
	case sla.Quantile:
		return scaled(r.ElapsedQuantile(o.Milestone, first, last, o.Quantile), 1e-3)
	case sla.Mean:
		return scaled(r.MeanElapsed(o.Milestone, first, last), 1e-3)
	case sla.Occupancy:
		return r.Occupancy(r.pools(o.Of)...)
	case sla.Abandonment:
		return r.OutcomeShare(model.Abandoned, first, last)
	case sla.Cost:
		return r.CostPerYear()
	}
	return r.Attainment(o.Milestone, first, last)
}

// measureIn is the estimate in one week or hour of the week.
func (r *Result) measureIn(o sla.Objective, period int) stats.Estimate {
	byWeek := o.Period == sla.EachWeek
	if o.Measure == sla.Occupancy {
		if byWeek {
			return r.WeekOccupancy(period, r.pools(o.Of)...)
		}
		return r.HourOccupancy(period, r.pools(o.Of)...)
	}
	first, last := r.scope(o.Of)
	if byWeek {
		return r.WeekAttainment(o.Milestone, first, last, period)
	}
	return r.HourAttainment(o.Milestone, first, last, period)
}

// scaled is the estimate in another unit.
func scaled(e stats.Estimate, factor float64) stats.Estimate {
	e.Mean *= factor
	e.HalfWidth *= factor
	e.Terms = slices.Clone(e.Terms)
	for i := range e.Terms {
		e.Terms[i] *= factor
	}
	return e
}

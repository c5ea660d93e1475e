package experiment

import (
	"math"
	"slices"
	"strings"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
)

// Confidence is the level of all half-widths.
const Confidence = 0.95

var estimator = stats.Estimator{Confidence: Confidence}

// Levels are the quantiles of which every result holds estimates.
var Levels = [...]float64{0.5, 0.9, 0.99}

// Result is what the replications of a model measured. Its methods are the measures: each is declared here once, with
// its formula and estimator. Lengths of time are milliseconds, shares lie in [0, 1].
type Result struct {
	Model *sim.Model
	// Replications are the totals of each, in order; their histograms are dropped.
	Replications []*metrics.Totals
	// Pooled are the totals of all replications together, with histograms.
	Pooled *metrics.Totals
	// Partial says that the run was interrupted: there are fewer replications than the scenario asks for.
	Partial bool

	quantiles map[quantile][]float64 // by replication; NaN where there are no observations
	asked     []quantile             // in order
}

// quantile names a quantile of the time to a milestone, or of the wait for a touch.
type quantile struct {
	of    spread
	level float64
}

// spread names a distribution: every step-th row from first to last of the table of a milestone, or of the waits.
type spread struct {
	table       int // a milestone, or waits
	first, last int // rows, half-open
	step        int
}

const waits = sla.Milestones

// NewResult is the result of replications whose totals were made elsewhere, in their order; see Merge. It takes the totals
// over and drops their histograms.
func NewResult(m *sim.Model, replications ...*metrics.Totals) *Result {
	r := newResult(m)
	for _, t := range replications {
		r.take(t)
	}
	r.Partial = len(replications) < m.Scenario.Replications
	return r
}

func newResult(m *sim.Model) *Result {
	r := &Result{Model: m, Pooled: metrics.NewTotals(m.Shape), quantiles: map[quantile][]float64{}}
	for table := range waits + 1 {
		rows := m.Shape.Rows()
		if table == waits {
			rows = m.Shape.Tiers * m.Shape.Severities
		}
		for row := range rows {
			for _, level := range Levels {
				r.asked = append(r.asked, quantile{spread{table, row, row + 1, 1}, level})
			}
		}
	}
	for _, level := range Levels {
		r.ask(quantile{r.everyCase(sla.FirstResponse), level})
		r.ask(quantile{r.everyCase(sla.Resolve), level})
	}
	for milestone := range sla.Milestone(sla.Milestones) {
		for severity := range m.Shape.Severities {
			for _, level := range Levels {
				r.ask(quantile{r.allPlans(milestone, severity), level})
			}
		}
	}
	for _, o := range m.Scenario.Definition.Objectives {
		if o.Value.Measure == sla.Quantile {
			first, last := r.scope(o.Value.Of)
			r.ask(quantile{spread{int(o.Value.Milestone), first, last, 1}, o.Value.Quantile})
		}
	}
	return r
}

// ask adds a quantile to those that are kept by replication, if it is not among them.
func (r *Result) ask(q quantile) {
	if !slices.Contains(r.asked, q) {
		r.asked = append(r.asked, q)
	}
}

// everyCase is the time to the milestone of all cases; it is kept of first responses and resolutions.
func (r *Result) everyCase(m sla.Milestone) spread {
	return spread{int(m), 0, r.Model.Shape.Rows(), 1}
}

// allPlans is the time to the milestone of one severity.
func (r *Result) allPlans(m sla.Milestone, severity int) spread {
	return spread{int(m), severity, r.Model.Shape.Rows(), r.Model.Shape.Severities}
}

// take adds the totals of the next replication.
func (r *Result) take(t *metrics.Totals) {
	for _, q := range r.asked {
		value := math.NaN()
		if v, ok := q.of.in(t).Quantile(q.level); ok {
			value = float64(v)
		}
		r.quantiles[q] = append(r.quantiles[q], value)
	}
	r.Pooled.Absorb(t)
	r.Replications = append(r.Replications, t)
}

// rows is the table of which the spread names rows.
func (s spread) rows(t *metrics.Totals) []metrics.Waits {
	if s.table < waits {
		return t.Elapsed[s.table]
	}
	return t.Waits
}

// sum adds up a part of its rows.
func (s spread) sum(t *metrics.Totals, part func(*metrics.Waits) int64) int64 {
	table, sum := s.rows(t), int64(0)
	for i := s.first; i < s.last; i += s.step {
		sum += part(&table[i])
	}
	return sum
}

// in is the distribution in the totals of a replication.
func (s spread) in(t *metrics.Totals) *metrics.Waits {
	table := s.rows(t)
	if s.last <= s.first+s.step {
		return &table[s.first]
	}
	var sum metrics.Waits
	for i := s.first; i < s.last; i += s.step {
		sum.Merge(&table[i])
	}
	return &sum
}

// ratio is the ratio of the means of two totals over the replications.
func (r *Result) ratio(numerator, denominator func(*metrics.Totals) int64) stats.Estimate {
	return estimator.RatioOf(r.each(numerator), r.each(denominator))
}

// share is the ratio of a count to the larger count that it is part of.
func (r *Result) share(part, whole func(*metrics.Totals) int64) stats.Estimate {
	return estimator.ShareOf(r.each(part), r.each(whole))
}

// each is a total by replication.
func (r *Result) each(total func(*metrics.Totals) int64) []float64 {
	values := make([]float64, len(r.Replications))
	for i, t := range r.Replications {
		values[i] = float64(total(t))
	}
	return values
}

// rows sums a count over the rows of plan × severity from first to last.
func rows(first, last int, count func(row int) int64) int64 {
	var sum int64
	for row := first; row < last; row++ {
		sum += count(row)
	}
	return sum
}

// Attainment is met / decided clocks of the milestone in the given rows (half-open) of plan × severity.
func (r *Result) Attainment(m sla.Milestone, first, last int) stats.Estimate {
	return r.share(
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 { return t.Clocks[m][i].Total().Met })
		},
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 { return t.Clocks[m][i].Total().Decided })
		})
}

// CauseShare is the share of the breaches of the milestone, in the given rows, that have the cause.
func (r *Result) CauseShare(m sla.Milestone, first, last int, cause metrics.Cause) stats.Estimate {
	return r.share(
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 { return t.Causes[m][i][cause] })
		},
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 {
				total := t.Clocks[m][i].Total()
				return total.Decided - total.Met
			})
		})
}

// WeekAttainment is the attainment of the clocks that started in one week of the measured time.
func (r *Result) WeekAttainment(m sla.Milestone, first, last, week int) stats.Estimate {
	return r.share(
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 { return t.Clocks[m][i].Week(week).Met })
		},
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 { return t.Clocks[m][i].Week(week).Decided })
		})
}

// HourAttainment is the attainment of the clocks that started in one hour of the week (UTC, Monday 00:00 first).
func (r *Result) HourAttainment(m sla.Milestone, first, last, hour int) stats.Estimate {
	return r.share(
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 { return t.Clocks[m][i].Hour(hour).Met })
		},
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 { return t.Clocks[m][i].Hour(hour).Decided })
		})
}

// MeanElapsed is the mean time to the milestone, from what starts its clock on, in the given rows.
func (r *Result) MeanElapsed(m sla.Milestone, first, last int) stats.Estimate {
	return r.mean(spread{int(m), first, last, 1})
}

// SeverityMean is the mean time to the milestone of the cases of all plans in one severity.
func (r *Result) SeverityMean(m sla.Milestone, severity int) stats.Estimate {
	return r.mean(r.allPlans(m, severity))
}

func (r *Result) mean(s spread) stats.Estimate {
	return r.ratio(
		func(t *metrics.Totals) int64 { return s.sum(t, func(w *metrics.Waits) int64 { return w.Sum }) },
		func(t *metrics.Totals) int64 { return s.sum(t, func(w *metrics.Waits) int64 { return w.Count }) })
}

// OpenShare is the share of the measured cases of the rows that had not reached the milestone when the run ended. Times to
// the milestone leave them out; cases that their customers ended count neither way.
func (r *Result) OpenShare(m sla.Milestone, first, last int) float64 {
	var open, all int64
	for row := first; row < last; row++ {
		w := &r.Pooled.Elapsed[m][row]
		open += w.Open
		all += w.Open + w.Count
	}
	return float64(open) / float64(max(all, 1))
}

// ElapsedQuantile is a quantile, one of Levels or of an objective, of the time to the milestone.
func (r *Result) ElapsedQuantile(m sla.Milestone, first, last int, level float64) stats.Estimate {
	return r.quantile(quantile{spread{int(m), first, last, 1}, level})
}

// SeverityQuantile is a quantile, one of Levels, of the time to the milestone of the cases of all plans in one severity.
func (r *Result) SeverityQuantile(m sla.Milestone, severity int, level float64) stats.Estimate {
	return r.quantile(quantile{r.allPlans(m, severity), level})
}

// WaitRow is the row of a tier and severity in the tables of waits.
func (r *Result) WaitRow(tier, severity int) int { return tier*r.Model.Shape.Severities + severity }

// MeanWait is the mean wait of touches for an agent, those that need not wait included.
func (r *Result) MeanWait(row int) stats.Estimate {
	return r.mean(spread{waits, row, row + 1, 1})
}

// WaitShare is the share of touches that wait at all.
func (r *Result) WaitShare(row int) stats.Estimate {
	return r.share(
		func(t *metrics.Totals) int64 { return t.Waits[row].Count - t.Waits[row].Zero },
		func(t *metrics.Totals) int64 { return t.Waits[row].Count })
}

// WaitQuantile is a quantile, one of Levels, of the wait of touches.
func (r *Result) WaitQuantile(row int, level float64) stats.Estimate {
	return r.quantile(quantile{spread{waits, row, row + 1, 1}, level})
}

// quantile is the quantile of all replications together; its half-width is that of the mean of the replications' own,
// where they have one.
func (r *Result) quantile(q quantile) stats.Estimate {
	all := r.quantiles[q]
	known := slices.DeleteFunc(slices.Clone(all), math.IsNaN)
	e := estimator.MeanOf(known)
	if len(known) < len(all) {
		e.Terms = nil
	}
	if pooled, ok := q.of.in(r.Pooled).Quantile(q.level); ok {
		for i := range e.Terms {
			e.Terms[i] += e.Mean - float64(pooled)
		}
		e.Mean = float64(pooled)
	}
	return e
}

// Occupancy is busy / available time of the agents of the pools with the given indices.
func (r *Result) Occupancy(pools ...int) stats.Estimate {
	return r.occupancy(pools, (*metrics.PoolTotals).Total)
}

// HourOccupancy is the occupancy in one hour of the week (UTC).
func (r *Result) HourOccupancy(hour int, pools ...int) stats.Estimate {
	return r.occupancy(pools, func(p *metrics.PoolTotals) metrics.PoolTime { return p.ByHour[hour] })
}

// WeekOccupancy is the occupancy in one week of the measured time.
func (r *Result) WeekOccupancy(week int, pools ...int) stats.Estimate {
	return r.occupancy(pools, func(p *metrics.PoolTotals) metrics.PoolTime { return p.ByWeek[week] })
}

func (r *Result) occupancy(pools []int, time func(*metrics.PoolTotals) metrics.PoolTime) stats.Estimate {
	sum := func(t *metrics.Totals, part func(metrics.PoolTime) int64) int64 {
		var total int64
		for _, p := range pools {
			total += part(time(&t.Pools[p]))
		}
		return total
	}
	return r.ratio(
		func(t *metrics.Totals) int64 { return sum(t, func(u metrics.PoolTime) int64 { return u.Busy }) },
		func(t *metrics.Totals) int64 { return sum(t, func(u metrics.PoolTime) int64 { return u.Available }) })
}

// Utilization is busy / scheduled time of the agents of a pool.
func (r *Result) Utilization(pool int) stats.Estimate {
	return r.ratio(
		func(t *metrics.Totals) int64 { return t.Pools[pool].Total().Busy },
		func(t *metrics.Totals) int64 { return t.Pools[pool].Total().Scheduled })
}

// OutcomeShare is the share of the cases of the given rows that end like this.
func (r *Result) OutcomeShare(o model.Outcome, first, last int) stats.Estimate {
	return r.share(
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 { return t.Outcomes[i][o] })
		},
		func(t *metrics.Totals) int64 { return cases(t, first, last) })
}

// CountPerCase is how often something happens in the measured time, in the given rows, for each case that arrives there.
func (r *Result) CountPerCase(n metrics.Count, first, last int) stats.Estimate {
	return r.ratio(
		func(t *metrics.Totals) int64 {
			return rows(first, last, func(i int) int64 { return t.Counts[i][n] })
		},
		func(t *metrics.Totals) int64 { return cases(t, first, last) })
}

// cases are those of the given rows that arrived in the measured time.
func cases(t *metrics.Totals, first, last int) int64 {
	return rows(first, last, func(i int) int64 {
		var sum int64
		for _, n := range t.Outcomes[i] {
			sum += n
		}
		return sum
	})
}

// MeanOpen is the mean number of open cases over the measured time.
func (r *Result) MeanOpen() stats.Estimate {
	return r.backlog(func(b metrics.BacklogTotal) int64 { return b.Open })
}

// MeanWaiting is the mean number of touches that wait for an agent over the measured time.
func (r *Result) MeanWaiting() stats.Estimate {
	return r.backlog(func(b metrics.BacklogTotal) int64 { return b.Waiting })
}

// BacklogGrowth is the mean number of waiting touches in the last quarter of the measured weeks over that in the first: far
// above 1 the agents do not keep up, and waits depend on how long the run is. It needs four weeks; its N is 0 otherwise.
func (r *Result) BacklogGrowth() stats.Estimate {
	whole := int((r.Model.Scenario.End - r.Model.Scenario.Start) / calendar.Instant(calendar.Week))
	if whole < 4 {
		return stats.Estimate{}
	}
	quarter := func(from int) func(*metrics.Totals) int64 {
		return func(t *metrics.Totals) int64 {
			var sum metrics.BacklogTotal
			for _, w := range t.BacklogByWeek[from : from+whole/4] {
				sum.Add(w)
			}
			return sum.Waiting
		}
	}
	return r.ratio(quarter(whole-whole/4), quarter(0))
}

func (r *Result) backlog(part func(metrics.BacklogTotal) int64) stats.Estimate {
	c := r.Model.Scenario
	return r.ratio(
		func(t *metrics.Totals) int64 {
			var sum int64
			for _, b := range t.Backlog {
				sum += part(b)
			}
			return sum
		},
		func(*metrics.Totals) int64 { return int64(c.End - c.Start) })
}

// scope is the rows that an objective speaks of: nothing, a plan, or a plan and a severity.
func (r *Result) scope(of []string) (first, last int) {
	d, shape := r.Model.Scenario.Definition, r.Model.Shape
	switch len(of) {
	case 0:
		return 0, shape.Rows()
	case 1:
		plan := d.Plans.Index(of[0])
		return shape.Row(plan, 0), shape.Row(plan+1, 0)
	}
	row := shape.Row(d.Plans.Index(of[0]), d.Severities.Index(of[1]))
	return row, row + 1
}

// pools are the pools that an objective of occupancy speaks of: all, or the one of a centre.
func (r *Result) pools(of []string) []int {
	name := strings.Join(of, ".")
	var found []int
	for p := range r.Model.Scenario.Pools {
		if len(of) == 0 || r.Model.Scenario.Pools[p].Name == name {
			found = append(found, p)
		}
	}
	return found
}

package experiment

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
	"sunrelay/workloads"
)

// measure estimates one figure of a trial.
type measure struct {
	kind     measureKind
	estimate func() stats.Estimate
}

// measureKind says how rounding to milliseconds acts on a measure.
type measureKind uint8

const (
	smooth         measureKind = iota // it does not, to the first order
	shareOfWaiting                    // a share of cases that wait, are blocked or abandon, or a mean over such
	shareInTime                       // a share of cases that are served within a time
	quantileOfWaits
)

// measures are the names that lines of exact figures may begin with, with their arguments. Times are in the case's unit.
//
//	wait_share [TIER [SEVERITY]]            touches that wait for an agent at all / touches
//	mean_wait [TIER [SEVERITY]]             of touches that an agent began, those that need not wait included
//	mean_wait_of_waiting [TIER [SEVERITY]]  the same without them
//	mean_wait_of_all                        abandoned cases included: area under the number waiting / cases (Little 1961)
//	wait_share_of_all                       the same; first touches
//	mean_waiting, mean_open                 mean numbers of waiting touches and of open cases
//	mean_at TIER POOL                       mean number of touches that wait for or are with the pool's agents
//	attainment [PLAN [SEVERITY]]            first response in time / decided
//	hour_attainment HOUR PLAN               the same, of cases that arrive in an hour of the day (UTC)
//	served_in_time                          first response in time / cases, abandoned ones included
//	not_in_time                             cases that wait longer than the target, whether or not served / cases
//	response_quantile LEVEL                 of the time to the first response
//	mean_resolve [PLAN SEVERITY]            from arrival to the end of the last touch
//	occupancy [POOL], busy POOL ...            busy / available time; mean number of busy agents
//	mean_with_customer                      mean number of open cases that no agent has to work on now
//	mean_stay                               of cases, however they end: area under the number open / cases (Little 1961)
//	touches POOL ..., work POOL ...         touches and busy time of the pools / cases that arrive
//	touch_rate POOL                         touches in a unit of time
//	blocked, abandoned                      shares of the cases
//	abandonments                            mean number in a replication
//	delayed_at TIME N                       days on which at least N cases are open at that time of day (UTC) / days
//	open_at TIME, queue_at TIME             mean numbers at a time of day
//	open_variance_at TIME                   variance of the number of open cases over the days
//	excess_at TIME N                        mean number of open cases beyond N
//	wait_variance                           of first touches
//	open_share N                            time with at least N open cases / time
//	stay_of_work LENGTH                     of cases with about so much work, in proportion to just that
func (r *trial) measure(f figure) (measure, error) {
	for _, family := range []func(figure) (measure, error){r.waitMeasure, r.clockMeasure, r.poolMeasure, r.caseMeasure, r.instantMeasure} {
		m, err := family(f)
		if err != nil || m.estimate != nil {
			return m, err
		}
	}
	return measure{}, fmt.Errorf("unknown measure %q", f.name)
}

// argument is the i-th argument or "".
func (f figure) argument(i int) string {
	if i < len(f.arguments) {
		return f.arguments[i]
	}
	return ""
}

// scaled is a measure in milliseconds in the unit of the case.
func (r *trial) scaled(kind measureKind, estimate func() stats.Estimate) measure {
	return measure{kind, func() stats.Estimate { return scaled(estimate(), 1/float64(r.unit)) }}
}

var waitMeasures = []string{
	"wait_share", "mean_wait", "mean_wait_of_waiting", "mean_wait_of_all", "wait_share_of_all", "mean_at",
}

func (r *trial) waitMeasure(f figure) (measure, error) {
	if !slices.Contains(waitMeasures, f.name) {
		return measure{}, nil
	}
	waits, err := r.waitRows(f)
	if err != nil {
		return measure{}, err
	}
	sum := func(part func(*metrics.Waits) int64) func(*metrics.Totals) int64 {
		return func(t *metrics.Totals) int64 {
			var total int64
			for _, row := range waits {
				total += part(&t.Waits[row])
			}
			return total
		}
	}
	count := sum(func(w *metrics.Waits) int64 { return w.Count })
	waited := sum(func(w *metrics.Waits) int64 { return w.Count - w.Zero })
	length := sum(func(w *metrics.Waits) int64 { return w.Sum })
	result := r.result
	switch f.name {
	case "wait_share":
		if len(waits) == 1 {
			return measure{shareOfWaiting, func() stats.Estimate { return result.WaitShare(waits[0]) }}, nil
		}
		return measure{shareOfWaiting, func() stats.Estimate { return result.ratio(waited, count) }}, nil
	case "mean_wait":
		if len(waits) == 1 {
			return r.scaled(smooth, func() stats.Estimate { return result.MeanWait(waits[0]) }), nil
		}
		return r.scaled(smooth, func() stats.Estimate { return result.ratio(length, count) }), nil
	case "mean_wait_of_waiting":
		return r.scaled(shareOfWaiting, func() stats.Estimate { return result.ratio(length, waited) }), nil
	case "mean_wait_of_all":
		return r.scaled(smooth, func() stats.Estimate { return result.ratio(waitingArea, r.cases) }), nil
	case "wait_share_of_all":
		waitedOrLeft := func(t *metrics.Totals) int64 { return waited(t) + outcomes(t, model.Abandoned) }
		return measure{shareOfWaiting, func() stats.Estimate { return result.ratio(waitedOrLeft, r.cases) }}, nil
	case "mean_at":
		pool, err := r.pool(f.argument(1))
		if err != nil {
			return measure{}, err
		}
		area := func(t *metrics.Totals) int64 { return length(t) + t.Pools[pool].Total().Busy }
		return measure{smooth, func() stats.Estimate { return result.ratio(area, r.length) }}, nil
	}
	return measure{}, nil
}

// waitRows are the rows of the table of waits for a tier (default the first) and severity (default all).
func (r *trial) waitRows(f figure) ([]int, error) {
	d := r.model.Scenario.Definition
	tier := 0
	if name := f.argument(0); name != "" {
		if tier = d.Work.Index(name); tier < 0 {
			return nil, fmt.Errorf("no tier %q", name)
		}
	}
	if name := f.argument(1); name != "" && f.name != "mean_at" {
		severity := d.Severities.Index(name)
		if severity < 0 {
			return nil, fmt.Errorf("no severity %q", name)
		}
		return []int{r.result.WaitRow(tier, severity)}, nil
	}
	var found []int
	for severity := range d.Severities {
		found = append(found, r.result.WaitRow(tier, severity))
	}
	return found, nil
}

func waitingArea(t *metrics.Totals) int64 {
	var sum int64
	for _, b := range t.Backlog {
		sum += b.Waiting
	}
	return sum
}

func openArea(t *metrics.Totals) int64 {
	var sum int64
	for _, b := range t.Backlog {
		sum += b.Open
	}
	return sum
}

// withCustomerArea is the area under the number of open cases that neither wait for an agent nor are with one.
func (r *trial) withCustomerArea(t *metrics.Totals) int64 {
	area := openArea(t) - waitingArea(t)
	for p := range t.Pools {
		area -= t.Pools[p].Total().Busy
	}
	return area
}

func outcomes(t *metrics.Totals, o model.Outcome) int64 {
	return rows(0, t.Shape.Rows(), func(row int) int64 { return t.Outcomes[row][o] })
}

// cases is the number of cases that arrived in the measured time.
func (r *trial) cases(t *metrics.Totals) int64 {
	var sum int64
	for o := range model.Outcome(model.Outcomes) {
		sum += outcomes(t, o)
	}
	return sum
}

// length is the measured time.
func (r *trial) length(*metrics.Totals) int64 {
	return int64(r.model.Scenario.End - r.model.Scenario.Start)
}

func (r *trial) clockMeasure(f figure) (measure, error) {
	result, shape := r.result, r.model.Shape
	all := func(part func(*metrics.Clocks) int64) func(*metrics.Totals) int64 {
		return func(t *metrics.Totals) int64 {
			return rows(0, shape.Rows(), func(row int) int64 { return part(&t.Clocks[sla.FirstResponse][row]) })
		}
	}
	due := all(func(c *metrics.Clocks) int64 { return c.Total().Decided + c.Cancelled })
	switch f.name {
	case "attainment":
		first, last := result.scope(f.arguments)
		return measure{shareInTime, func() stats.Estimate { return result.Attainment(sla.FirstResponse, first, last) }}, nil
	case "hour_attainment":
		return r.hourAttainment(f)
	case "served_in_time":
		met := all(func(c *metrics.Clocks) int64 { return c.Total().Met })
		return measure{shareInTime, func() stats.Estimate { return result.ratio(met, due) }}, nil
	case "not_in_time":
		late := all(func(c *metrics.Clocks) int64 { return c.Total().Decided - c.Total().Met })
		return measure{shareOfWaiting, func() stats.Estimate { return result.ratio(late, due) }}, nil
	case "response_quantile":
		level, err := strconv.ParseFloat(f.argument(0), 64)
		quantile := func() stats.Estimate {
			return result.ElapsedQuantile(sla.FirstResponse, 0, shape.Rows(), level)
		}
		return r.scaled(quantileOfWaits, quantile), err
	case "mean_resolve":
		first, last := result.scope(f.arguments)
		return r.scaled(smooth, func() stats.Estimate { return result.MeanElapsed(sla.Resolve, first, last) }), nil
	}
	return measure{}, nil
}

// hourAttainment is the attainment of the plan's cases that arrive in an hour of the day.
func (r *trial) hourAttainment(f figure) (measure, error) {
	hour, err := strconv.Atoi(f.argument(0))
	if err != nil || hour < 0 || hour > 23 {
		return measure{}, fmt.Errorf("%q is not an hour of the day", f.argument(0))
	}
	first, last := r.result.scope(f.arguments[1:])
	sum := func(part func(metrics.Decided) int64) func(*metrics.Totals) int64 {
		return func(t *metrics.Totals) int64 {
			return rows(first, last, func(row int) int64 {
				var total int64
				for h := hour; h < metrics.HoursOfWeek; h += 24 {
					total += part(t.Clocks[sla.FirstResponse][row].Hour(h))
				}
				return total
			})
		}
	}
	met := sum(func(d metrics.Decided) int64 { return d.Met })
	decided := sum(func(d metrics.Decided) int64 { return d.Decided })
	return measure{shareInTime, func() stats.Estimate { return r.result.ratio(met, decided) }}, nil
}

func (r *trial) poolMeasure(f figure) (measure, error) {
	result := r.result
	switch f.name {
	case "occupancy":
		found := result.pools(f.arguments)
		if len(found) == 0 {
			return measure{}, fmt.Errorf("no pool %v", f.arguments)
		}
		return measure{smooth, func() stats.Estimate { return result.Occupancy(found...) }}, nil
	case "busy", "touches", "work", "touch_rate":
	default:
		return measure{}, nil
	}
	var pools []int
	for _, name := range f.arguments {
		p, err := r.pool(name)
		if err != nil {
			return measure{}, err
		}
		pools = append(pools, p)
	}
	sum := func(part func(*metrics.PoolTotals) int64) func(*metrics.Totals) int64 {
		return func(t *metrics.Totals) int64 {
			var total int64
			for _, p := range pools {
				total += part(&t.Pools[p])
			}
			return total
		}
	}
	busy := sum(func(p *metrics.PoolTotals) int64 { return p.Total().Busy })
	touches := sum(func(p *metrics.PoolTotals) int64 { return p.Touches })
	switch f.name {
	case "busy":
		return measure{smooth, func() stats.Estimate { return result.ratio(busy, r.length) }}, nil
	case "touches":
		return measure{smooth, func() stats.Estimate { return result.ratio(touches, r.cases) }}, nil
	case "work":
		return r.scaled(smooth, func() stats.Estimate { return result.ratio(busy, r.cases) }), nil
	}
	perUnit := func() stats.Estimate { return scaled(result.ratio(touches, r.length), float64(r.unit)) }
	return measure{smooth, perUnit}, nil
}

// pool is the index of the pool called CENTRE.POOL.
func (r *trial) pool(name string) (int, error) {
	found := r.result.pools([]string{name})
	if len(found) != 1 {
		return 0, fmt.Errorf("no pool %q", name)
	}
	return found[0], nil
}

func (r *trial) caseMeasure(f figure) (measure, error) {
	result, last := r.result, r.model.Shape.Rows()
	switch f.name {
	case "blocked":
		return measure{shareOfWaiting, func() stats.Estimate { return result.OutcomeShare(model.Blocked, 0, last) }}, nil
	case "abandoned":
		return measure{shareOfWaiting, func() stats.Estimate { return result.OutcomeShare(model.Abandoned, 0, last) }}, nil
	case "abandonments":
		return measure{shareOfWaiting, func() stats.Estimate {
			var counts []float64
			for _, t := range result.Replications {
				counts = append(counts, float64(outcomes(t, model.Abandoned)))
			}
			return estimator.MeanOf(counts)
		}}, nil
	case "mean_open":
		return measure{smooth, result.MeanOpen}, nil
	case "mean_waiting":
		return measure{smooth, result.MeanWaiting}, nil
	case "mean_with_customer":
		return measure{smooth, func() stats.Estimate { return result.ratio(r.withCustomerArea, r.length) }}, nil
	case "mean_stay":
		return r.scaled(smooth, func() stats.Estimate { return result.ratio(openArea, r.cases) }), nil
	}
	return measure{}, nil
}

// instantMeasure are the measures that need an observer.
func (r *trial) instantMeasure(f figure) (measure, error) {
	if f.name == "wait_variance" {
		w := r.observe().waits()
		square := float64(r.unit) * float64(r.unit)
		return measure{smooth, func() stats.Estimate { return scaled(w.variance(), 1/square) }}, nil
	}
	if f.name == "open_share" || f.name == "stay_of_work" {
		return r.stayMeasure(f)
	}
	var sample func(n instantNumbers) float64
	threshold := 0
	if f.name == "delayed_at" || f.name == "excess_at" {
		var err error
		if threshold, err = strconv.Atoi(f.argument(1)); err != nil {
			return measure{}, err
		}
	}
	switch f.name {
	case "delayed_at":
		sample = func(n instantNumbers) float64 { return btof(n.open >= threshold) }
	case "excess_at":
		sample = func(n instantNumbers) float64 { return float64(max(0, n.open-threshold)) }
	case "open_at", "open_variance_at":
		sample = func(n instantNumbers) float64 { return float64(n.open) }
	case "queue_at":
		sample = func(n instantNumbers) float64 { return float64(n.open - n.busy) }
	default:
		return measure{}, nil
	}
	at, err := time.Parse("15:04:05.000", f.argument(0))
	if err != nil {
		return measure{}, fmt.Errorf("%q is not a time of day: %w", f.argument(0), err)
	}
	midnight := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	s := r.observe().at(calendar.Duration(at.Sub(midnight).Milliseconds()), sample)
	if f.name == "open_variance_at" {
		return measure{smooth, s.variance}, nil
	}
	return measure{smooth, s.mean}, nil
}

// stayMeasure are those of the time in the system.
func (r *trial) stayMeasure(f figure) (measure, error) {
	x, err := strconv.ParseFloat(f.argument(0), 64)
	if err != nil {
		return measure{}, err
	}
	if f.name == "open_share" {
		l := r.observe().atLeast(int(x))
		length := float64(r.model.Scenario.End - r.model.Scenario.Start)
		share := func() stats.Estimate { return scaled(estimator.MeanOf(l.spent), 1/length) }
		return measure{smooth, share}, nil
	}
	first := func(e sim.Event) float64 { // work of the first touch
		handle := r.model.Workload.Work[e.Tier][0].Handle
		return handle.Sample(e.Case.Bits(workloads.DrawHandle, 0)) / float64(r.unit)
	}
	s := r.observe().staysOf(x, first)
	return r.scaled(smooth, func() stats.Estimate { return estimator.RatioOf(s.sum, s.n) }), nil
}

func btof(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// observe attaches an observer to the trial.
func (r *trial) observe() *watch {
	if r.watch == nil {
		r.watch = newWatch(r.model.Scenario.Start, r.model.Scenario.End)
	}
	return r.watch
}

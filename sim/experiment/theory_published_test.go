package experiment

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
	"sunrelay/workloads/rng"
)

// Simulations that others have published, with confidence intervals. They are no gold: a figure passes if its interval and
// ours, both of 99 %, overlap. Two right simulations miss each other with probability 2.7e-4 where the intervals are
// equally wide and 1 % where one of them is a point: the 10 figures together with 10 % at most, once for all, since the
// seeds are fixed.

// publications are what can be compared, by case.
var publications = map[string]func(*validationCase, *testing.T){
	"cc-mmcab":               (*validationCase).compareCallCentre,
	"cc-callcc":              (*validationCase).compareBusyDays,
	"cc-telethon":            (*validationCase).skipTelethon,
	"pyworkforce-erlangb-17": (*validationCase).comparePositions,
}

var published = stats.Estimator{Confidence: 0.99}

// callDay is what happens to the calls of one day.
type callDay struct {
	arrived, served, inTarget, abandoned, abandonedLate float64
	waited, waitedForAnswer                             float64 // of all and of those served, milliseconds
}

// callDays is an observer of calls by the day on which they arrive.
type callDays struct {
	start  calendar.Instant
	target calendar.Duration
	days   []callDay // of all replications
	first  int       // of this replication
	calls  map[rng.Key]calendar.Instant
}

func (c *callDays) Observe(e sim.Event) {
	at, waits := c.calls[e.Case]
	if e.Kind == sim.Arrived {
		c.calls[e.Case] = e.At
		c.day(e.At).arrived++
		return
	}
	if !waits {
		return
	}
	day, wait := c.day(at), e.At.Sub(at)
	switch {
	case e.Kind == sim.Began:
		day.served++
		day.waitedForAnswer += float64(wait)
		if wait <= c.target {
			day.inTarget++
		}
	case e.Kind == sim.Closed && e.Outcome == model.Abandoned:
		day.abandoned++
		if wait > c.target {
			day.abandonedLate++
		}
	}
	day.waited += float64(wait)
	delete(c.calls, e.Case)
}

func (c *callDays) day(at calendar.Instant) *callDay {
	return &c.days[c.first+int(at.Sub(c.start)/calendar.Day)]
}

// observe simulates the replications of a scenario of so many days and returns the share of time that agents are busy.
func (c *callDays) observe(t *testing.T, text string, replications, days int) stats.Estimate {
	t.Helper()
	m := loadModel(t, text)
	c.start, c.calls = m.Scenario.Start, map[rng.Key]calendar.Instant{}
	engine := sim.NewEngine(m, 0, sim.Options{Observer: c})
	var busy, available []float64
	for n := range replications {
		c.first = len(c.days)
		c.days = append(c.days, make([]callDay, days)...)
		totals, err := engine.Run(n)
		if err != nil {
			t.Fatal(err)
		}
		clear(c.calls)
		time := totals.Pools[0].Total()
		busy, available = append(busy, float64(time.Busy)), append(available, float64(time.Available))
	}
	return published.RatioOf(busy, available)
}

// each is a figure of every day.
func (c *callDays) each(of func(*callDay) float64) []float64 {
	var all []float64
	for i := range c.days {
		all = append(all, of(&c.days[i]))
	}
	return all
}

func (c *callDays) mean(of func(*callDay) float64) stats.Estimate {
	return published.MeanOf(c.each(of))
}

func (c *callDays) ratio(part, whole func(*callDay) float64) stats.Estimate {
	return published.RatioOf(c.each(part), c.each(whole))
}

// overlap compares an estimate with a published one.
func (v *validationCase) overlap(t *testing.T, metric string, e stats.Estimate) {
	t.Helper()
	m := v.Metrics[metric]
	if len(m.CI) != 2 {
		t.Errorf("%s: no interval is published", metric)
		return
	}
	half := (m.CI[1] - m.CI[0]) / 2 * distuv.UnitNormal.Quantile(0.995) / distuv.UnitNormal.Quantile((1+m.Level)/2)
	half += unitOfLastDigit(m.Value) / 2
	centre := (m.CI[0] + m.CI[1]) / 2
	t.Logf("%s: simulated %.5g ± %.2g, published %.5g ± %.2g", metric, e.Mean, e.HalfWidth, centre, half)
	if !(math.Abs(e.Mean-centre) <= e.HalfWidth+half) {
		t.Errorf("%s: simulated %.5g ± %.2g, published %.5g ± %.2g: the intervals do not overlap", metric, e.Mean, e.HalfWidth, centre, half)
	}
	delete(v.Metrics, metric)
}

// unitOfLastDigit is 0.001 for 0.975.
func unitOfLastDigit(number json.RawMessage) float64 {
	_, decimals, _ := strings.Cut(string(number), ".")
	return math.Pow(10, -float64(len(decimals)))
}

// allCompared reports metrics that were not.
func (v *validationCase) allCompared(t *testing.T) {
	t.Helper()
	for metric := range v.Metrics {
		t.Errorf("the metric %s is not compared", metric)
	}
}

// compareCallCentre is a day of eight hours of M/M/12+M from empty.
func (v *validationCase) compareCallCentre(t *testing.T) {
	var p struct {
		Lambda float64 `json:"lambda_per_min"`
		Mu     float64 `json:"mu_per_min"`
		Theta  float64 `json:"theta_per_min"`
		C      int
		Target float64 `json:"awt_min"`
		Day    float64 `json:"day_min"`
	}
	if err := json.Unmarshal(v.Params, &p); err != nil {
		t.Fatal(err)
	}
	c := callDays{target: calendar.Duration(math.Round(p.Target * float64(calendar.Minute)))}
	occupancy := c.observe(t, fmt.Sprintf(`
severities: [normal]
regions: [world]
plans: [standard]
channels: {phone: {patience: exponential(mean %s)}}
centres: {main: {pools: {t1: {agents: %d}}}}
work: {t1: {handle_time: exponential(mean %s)}}
workload: {streams: {calls: {rate: %s/min}}}
run: {days: %s}`, length(1/p.Theta, calendar.Minute), p.C, length(1/p.Mu, calendar.Minute), plain(p.Lambda), plain(p.Day/1440)), 1000, 1)
	inTarget := func(d *callDay) float64 { return d.inTarget }
	served := func(d *callDay) float64 { return d.served }
	v.overlap(t, "abandoned", c.mean(func(d *callDay) float64 { return d.abandoned }))
	v.overlap(t, "in_target", c.mean(inTarget))
	v.overlap(t, "sl_served", c.ratio(inTarget, served))
	v.overlap(t, "sl_with_abandons_after_awt", c.ratio(inTarget, func(d *callDay) float64 { return d.served + d.abandonedLate }))
	wait := c.ratio(func(d *callDay) float64 { return d.waitedForAnswer }, served)
	v.overlap(t, "speed_of_answer_min", scaled(wait, 1/float64(calendar.Minute)))
	v.overlap(t, "occupancy", occupancy)
	v.allCompared(t)
}

// compareBusyDays has days of 13 hours with a Gamma factor, and agents by the hour: who leaves ends the call.
func (v *validationCase) compareBusyDays(t *testing.T) {
	var p struct {
		Open    int       `json:"open_hour"`
		Agents  []int     // by hour
		Lambda  []float64 `json:"lambda_per_hour"`
		Busy    float64   `json:"gamma_busyness_alpha0"`
		None    float64   `json:"p_zero_patience"`
		Nu      float64   `json:"nu_per_s"`
		Shape   float64   `json:"service_gamma_shape"`
		Service float64   `json:"service_rate_per_s"`
		Target  float64   `json:"s_seconds"`
	}
	if err := json.Unmarshal(v.Params, &p); err != nil {
		t.Fatal(err)
	}
	profile := make([]float64, 24)
	expected := 0.0
	for i, rate := range p.Lambda {
		profile[p.Open+i] = rate
		expected += rate
	}
	c := callDays{target: calendar.Duration(p.Target) * calendar.Second}
	const days = 25
	c.observe(t, fmt.Sprintf(`
severities: [normal]
regions: [world]
plans: [standard]
channels: {phone: {patience: "mixture(%g constant(0), %g exponential(mean %s))"}}
centres: {main: {pools: {t1: {shifts: {%s}}}}}
work: {t1: {handle_time: "gamma(shape %g, mean %s)"}}
workload: {streams: {calls: {rate: %s/day, busy_day: %s, profile: {day: %s}}}}
run: {days: %d}`, p.None, 1-p.None, length(1/p.Nu, calendar.Second), layers(p.Open, p.Agents), p.Shape,
		length(p.Shape/p.Service, calendar.Second), plain(expected), plain(p.Busy), values(profile), days), 40, days)
	perExpected := func(of func(*callDay) float64) stats.Estimate { return scaled(c.mean(of), 1/expected) }
	v.overlap(t, "arrivals_per_day", c.mean(func(d *callDay) float64 { return d.arrived }))
	v.overlap(t, "wait_s_per_expected_call", perExpected(func(d *callDay) float64 { return d.waited / float64(calendar.Second) }))
	v.overlap(t, "good_sl_over_expected", perExpected(func(d *callDay) float64 { return d.inTarget }))
	v.overlap(t, "abandoned_over_expected", perExpected(func(d *callDay) float64 { return d.abandoned }))
	v.allCompared(t)
}

// layers are shifts with so many agents in each hour, such that as few as possible change.
func layers(open int, agents []int) string {
	var shifts []string
	for level := 1; ; level++ {
		found := false
		for i := 0; i < len(agents); i++ {
			from := i
			for i < len(agents) && agents[i] >= level {
				i++
			}
			if i > from {
				found = true
				shifts = append(shifts, fmt.Sprintf(`s%d: {agents: 1, start: "%02d:00", length: %dh}`, len(shifts), open+from, i-from))
			}
		}
		if !found {
			return strings.Join(shifts, ", ")
		}
	}
}

// skipTelethon lacks a feature.
func (v *validationCase) skipTelethon(t *testing.T) {
	t.Skip("callers who have held for two minutes leave a message: in the model callers ask to be called back when their patience is over, whenever that is")
}

// comparePositions finds the fewest agents without a queue that block no more than the bound: one fewer blocks more. Both
// are certain at 99 %.
func (v *validationCase) comparePositions(t *testing.T) {
	var p struct {
		A   float64
		Max float64 `json:"max_blocking"`
	}
	if err := json.Unmarshal(v.Params, &p); err != nil {
		t.Fatal(err)
	}
	var positions int
	if err := json.Unmarshal(v.Metrics["raw_positions"].Value, &positions); err != nil {
		t.Fatal(err)
	}
	blocked := func(agents int) stats.Estimate {
		m := loadModel(t, fmt.Sprintf(`
severities: [normal]
regions: [world]
plans: [standard]
channels: {phone: {max_waiting: 0}}
centres: {main: {pools: {t1: {agents: %d}}}}
work: {t1: {handle_time: exponential(mean 1m)}}
workload: {streams: {calls: {rate: %s/min}}}
run: {days: 7, warm_up: 1h, replications: 32}`, agents, plain(p.A)))
		r := mustRun(t, m, 2)
		return published.RatioOf(r.each(func(t *metrics.Totals) int64 { return outcomes(t, model.Blocked) }), r.each((&trial{}).cases))
	}
	if e := blocked(positions); e.High() > p.Max {
		t.Errorf("%d agents block %.4f ± %.4f, want at most %g", positions, e.Mean, e.HalfWidth, p.Max)
	}
	if e := blocked(positions - 1); e.Low() <= p.Max {
		t.Errorf("%d agents block %.4f ± %.4f, want more than %g", positions-1, e.Mean, e.HalfWidth, p.Max)
	}
}

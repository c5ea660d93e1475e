package experiment

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/model/sharedtest"
)

// validationCase is an exact model of shared/validation.json.
type validationCase struct {
	ID      string
	Group   string
	Model   string
	Params  json.RawMessage
	Metrics map[string]struct {
		Value json.RawMessage
		CI    []float64 // of published estimates, with confidence Level
		Level float64
	}
	Tol struct{ Abs float64 }
}

// notChecked are the metrics that no run measures, by group and beginning of the name. Besides them, delays at instants
// with a probability below rareDelay are left out, and the delay of customers' answers, which the model has no queue for.
var notChecked = []struct{ group, prefix, why string }{
	{"gimc", "sigma", "the root of an equation on the way to the answer, not a figure of the queue"},
	{"mgc", "ratio_to_MMc", "the quotient of a figure that is checked and a formula"},
	{"mgc", "lee_longton", "an approximation, given for comparison"},
	{"priority", "conservation_sum", "the sum of the waits by class, which are checked, times constants"},
	{"network", "fte_per_1000", "work for a case, which is checked, times constants"},
	{"network", "T1_share", "the quotient of figures that are checked"},
	{"network", "cases_per_", "a constant by a figure that is checked"},
	{"network", "mean_wait_1", "of customers who answer: 0 by definition"},
	{"network", "lambda_1", "of customers who answer: mean_number_1, which is checked, by the mean delay"},
	{"timevarying", "peak_p_delay_time", "the argument of a maximum; the value there is checked"},
	{"timevarying", "truncation_tail_mass", "the error of the numeric solution"},
}

// long are the cases that would take more than half of the time: most of them are queues with many servers near
// saturation, whose state has a long memory. For them a standard error of 1.5 % has to do.
var long = []string{"erlC-980-1000", "erlC-190-200", "erlC-84-90", "erlB-1000-1000", "erlB-1000-1050", "mH21-0.8"}

// relax lets figures without a goal of their own have a larger standard error.
func (c *theoryCase) relax(to float64) {
	for i := range c.figures {
		if f := &c.figures[i]; f.goal == goal {
			f.goal = to
		}
	}
}

// generator writes a case as a scenario with exact figures, in the form of the archives of testdata/theory.
type generator struct {
	validationCase
	yaml, exact strings.Builder
	used        map[string]bool // metrics
	second      *generator      // the same case in another scenario, for what this one cannot measure; or nil
}

// generators by group.
var generators = map[string]func(*generator) error{
	"erlang_b":    (*generator).erlangB,
	"erlang_c":    (*generator).erlangC,
	"erlang_a":    (*generator).erlangA,
	"mg1":         (*generator).mg1,
	"priority":    (*generator).priority,
	"mgc":         (*generator).mgc,
	"gimc":        (*generator).gimc,
	"mmck":        (*generator).mmck,
	"network":     (*generator).network,
	"timevarying": (*generator).timeVarying,
	"transient":   (*generator).transient,
	"concurrency": (*generator).concurrency,
	"multiskill":  (*generator).multiskill,
}

// elsewhere are the groups that no generator makes a scenario of, and why.
var elsewhere = map[string]string{
	"finite_source":  "the model has no closed populations: arrivals of a stream do not depend on how many cases are open",
	"asymptotic":     "limits for ever larger queues, whose finite ones are checked",
	"staffing_exact": "least numbers of agents are for a planner to find",
	"shift_milp":     "least numbers of shifts are for a planner to find",
	"arrivals":       "checked by workloads, without a queue",
	"distributions":  "checked by workloads/dist",
	"statistics":     "checked by sim/stats; the engine does not use this generator of random numbers",
	"sla_clock":      "checked by TestValidationClocks and TestUpdateCadence, and by model/calendar",
}

// TestValidationCases checks every case of the groups above. They come from a file that is not part of the project; the
// test is skipped where it does not exist, and with -short, since it simulates more than a thousand million cases.
func TestValidationCases(t *testing.T) {
	skipSlowed(t)
	if testing.Short() {
		t.Skip("minutes of simulation")
	}
	t.Parallel()
	cases := sharedtest.Cases[validationCase](t)
	for _, id := range long {
		if !slices.ContainsFunc(cases, func(v validationCase) bool { return v.ID == id }) {
			t.Errorf("there is no case %s to be long", id)
		}
	}
	for _, v := range byLength(cases) {
		generate, known := generators[v.Group]
		why, excused := elsewhere[v.Group]
		switch {
		case excused:
			t.Run(v.ID, func(t *testing.T) { t.Skip(why) })
		case v.Group == "published":
			t.Run(v.ID, func(t *testing.T) {
				t.Parallel()
				compare := publications[v.ID]
				if compare == nil {
					t.Fatal("no comparison of the publication")
				}
				compare(&v, t)
			})
		case !known:
			t.Errorf("%s: no generator for the group %s", v.ID, v.Group)
		case known:
			t.Run(v.ID, func(t *testing.T) {
				t.Parallel()
				g := &generator{validationCase: v, used: map[string]bool{}}
				if err := generate(g); err != nil {
					t.Fatal(err)
				}
				g.checkMetrics(t)
				c := g.theoryCase(t)
				if slices.Contains(long, v.ID) {
					c.relax(0.015)
				}
				c.check(t)
				if g.second != nil {
					g.second.theoryCase(t).check(t)
				}
			})
		}
	}
}

// checkMetrics fails the test if a metric was neither used nor excused.
func (g *generator) checkMetrics(t *testing.T) {
	t.Helper()
	for _, metric := range slices.Sorted(maps.Keys(g.Metrics)) {
		if !g.used[metric] && !g.excused(metric) {
			t.Errorf("the metric %s is not checked", metric)
		}
	}
}

// theoryCase is the finished case.
func (g *generator) theoryCase(t *testing.T) theoryCase {
	t.Helper()
	c, err := parseExact(g.exact.String())
	if err != nil {
		t.Fatal(err)
	}
	c.scenario = g.yaml.String()
	return c
}

func (g *generator) excused(metric string) bool {
	for _, n := range notChecked {
		if n.group == g.Group && strings.HasPrefix(metric, n.prefix) {
			return true
		}
	}
	return false
}

// agents is the number of agents of the case, as far as its parameters state it.
func (v *validationCase) agents() int {
	var p struct{ C, S int }
	if json.Unmarshal(v.Params, &p) != nil {
		return 0
	}
	return max(p.C, p.S)
}

// params decodes the case's parameters.
func (g *generator) params(into any) error { return json.Unmarshal(g.Params, into) }

// line adds a line to the scenario.
func (g *generator) line(format string, arguments ...any) {
	fmt.Fprintf(&g.yaml, format+"\n", arguments...)
}

// figure makes a metric of the case a figure, if the case has it. The measure may end with options.
func (g *generator) figure(metric, measure string, options ...string) {
	m, has := g.Metrics[metric]
	if !has {
		return
	}
	g.used[metric] = true
	fmt.Fprintf(&g.exact, "%s %s", measure, m.Value)
	if g.Tol.Abs > 0 {
		fmt.Fprintf(&g.exact, " within %g", g.Tol.Abs)
	}
	for _, option := range options {
		fmt.Fprintf(&g.exact, " %s", option)
	}
	fmt.Fprintln(&g.exact)
}

// number is the value of a metric.
func (g *generator) number(metric string) float64 {
	x, err := strconv.ParseFloat(string(g.Metrics[metric].Value), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// length is a time of the model as a duration.
func length(units float64, unit calendar.Duration) string {
	return fmt.Sprintf("%.0fms", units*float64(unit))
}

// plain is a number without an exponent.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// queue is one pool with one kind of case.
type queue struct {
	unit       calendar.Duration // 0 = 1 minute
	rate       float64           // arrivals in a unit
	mean       float64           // work of a case, units
	scv        float64           // its squared coefficient of variation, for the length of the run alone
	handle     string            // default exponential
	servers    int
	target     float64 // of the first response; 0 = none
	gap        string  // between arrivals; default exponential
	patience   float64 // mean; 0 = for ever
	room       int     // places to wait; -1 = any number
	percentile bool    // a 95th is asked for
}

// rateUnit is the name of a unit of time in rates.
func rateUnit(unit calendar.Duration) string {
	switch unit {
	case calendar.Second:
		return "s"
	case calendar.Hour:
		return "h"
	}
	return "min"
}

// write adds the queue's scenario.
func (g *generator) write(q queue) {
	if q.unit == 0 {
		q.unit = calendar.Minute
	}
	if q.handle == "" {
		q.handle = fmt.Sprintf("exponential(mean %s)", length(q.mean, q.unit))
		q.scv = 1
	}
	g.line("name: queue\nseverities: [normal]\nregions: [world]")
	if q.target > 0 {
		g.line("plans: {standard: {first_response: %s}}", length(q.target, q.unit))
	} else {
		g.line("plans: [standard]")
	}
	switch {
	case q.patience > 0:
		g.line("channels: {phone: {patience: exponential(mean %s)}}", length(q.patience, q.unit))
	case q.room >= 0:
		g.line("channels: {phone: {max_waiting: %d}}", q.room)
	}
	g.line("centres: {main: {pools: {t1: {agents: %d}}}}", q.servers)
	g.line("work: {t1: {handle_time: %q}}", q.handle)
	if q.gap != "" {
		g.line("workload: {streams: {cases: {interarrival: %q}}}", q.gap)
	} else {
		g.line("workload: {streams: {cases: {rate: %s/%s}}}", plain(q.rate), rateUnit(q.unit))
	}
	days, warmUp := q.span()
	if slices.Contains(long, g.ID) { // of whole hours, so that first come, first served needs no event list; results are the same
		hour := float64(calendar.Hour) / float64(q.unit)
		warmUp = math.Ceil(warmUp/hour) * hour
	}
	g.line("run: {days: %s, warm_up: %s}", plain(days), length(warmUp, q.unit))
	if q.percentile {
		g.line("objectives: [p95 first_response <= 1m]")
	}
	fmt.Fprintf(&g.exact, "unit %s\nfull_rate %g\n", q.unit, float64(q.servers)/q.mean)
}

// span is the length of a replication in days, of whole hours, and its warm-up in units. The warm-up is 20 relaxation times of the
// queue, which by the heavy-traffic approximation are (1+scv)/(c·μ·(1-ρ)²) each, and 20 lengths of work. Where there is room for r to
// wait they are no more than 1/μ + r²/(c·μ), in which the queue goes through all of its lengths many times. A replication lasts at least 500
// of them, so that the figures of replications are about normal.
func (q queue) span() (days, warmUp float64) {
	idle := 1 - q.rate*q.mean/float64(q.servers)
	if q.patience > 0 || q.room >= 0 {
		idle = max(idle, 0.05) // overload cannot last there
	}
	relaxation := (1 + q.scv) * q.mean / float64(q.servers) / (idle * idle)
	if q.patience == 0 && q.room >= 0 {
		relaxation = min(relaxation, q.mean+float64(q.room*q.room)*q.mean/float64(q.servers))
	}
	units := max(leastCases/q.rate, 500*relaxation)
	return math.Ceil(units*float64(q.unit)/float64(calendar.Hour)) / 24, 20*q.mean + 20*relaxation
}

// leastCases is the least number of cases in a replication.
const leastCases = 100_000

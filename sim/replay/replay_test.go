package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sharedtest"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/workloads"
	"sunrelay/workloads/fit"
	"sunrelay/workloads/rng"
	"sunrelay/workloads/trace"
)

const desk = `
severities: {urgent: {title: Everything is down}, normal: {}}
regions: {customers: {zone: Europe/Rome}}
plans: {gold: {first_response: {urgent: 15m, normal: 2h}, resolve: {urgent: 1d, normal: 4d}}, free: {first_response: 8h}}
centres: {desk: {pools: {t1: {agents: 4}}}}
work: {t1: {handle_time: "lognormal(mean 14m, cv 1)", touches: 2.5, question: 1, answer_after: exponential(mean 1d)}}
routing: {rule: severity}
workload:
  mix: {plan: {gold: 0.4, free: 0.6}, severity: {urgent: 0.2, normal: 0.8}}
  streams: {cases: {rate: 780/week, profile: {weekdays: [5, 5, 5, 5, 5, 3, 3]}, busy_day: 15}}
run: {start: 2026-01-05, days: 35, warm_up: 1w, replications: 1000, seed: 11}
`

func load(t *testing.T, text string, sets ...string) *sim.Model {
	t.Helper()
	m, err := sim.Load(scenario.Source{Name: "desk.yaml", Data: []byte(text), Zone: calendar.EmbeddedZones().Location}, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// logger makes a log of a simulation.
type logger struct {
	model *sim.Model
	open  map[rng.Key]*trace.Case
	order []rng.Key
}

func (l *logger) Follows(_ rng.Key, kind sim.EventKind) bool { return kind == sim.Reached }

func (l *logger) Observe(e sim.Event) {
	switch e.Kind {
	case sim.Arrived:
		class := l.model.Workload.Classes[e.Class]
		l.open[e.Case] = &trace.Case{
			Opened: e.At, Response: trace.NoTime, Resolved: trace.NoTime, Closed: trace.NoTime, Due: trace.NoTime, Met: -1, HandleTime: -1, Touches: -1,
		}
		l.open[e.Case].Words = [trace.Plan + 1]int32{trace.Channel: -1, trace.Region: -1, trace.Language: -1, trace.Severity: int32(class.Severity), trace.Plan: int32(class.Plan)}
		l.order = append(l.order, e.Case)
	case sim.Reached:
		switch e.Milestone {
		case sla.FirstResponse:
			l.open[e.Case].Response = e.At
		case sla.Resolve:
			l.open[e.Case].Resolved = e.At
		}
	}
}

var values = [trace.Plan + 1][]string{trace.Severity: {"everything is down", "2 - normal"}, trace.Plan: {"GOLD", "free"}}

// logOf is the log of a replication.
func logOf(t *testing.T, m *sim.Model, replication int) (*Collector, *trace.Log) {
	t.Helper()
	l := &logger{model: m, open: map[rng.Key]*trace.Case{}}
	for component := range m.Components() {
		if _, err := sim.NewEngine(m, component, sim.Options{Observer: l}).Run(replication); err != nil {
			t.Fatal(err)
		}
	}
	c := NewCollector(time.UTC)
	for _, key := range l.order {
		c.Add(l.open[key])
	}
	return c, &trace.Log{Values: values}
}

// play replays a log and returns what it compares.
func play(t *testing.T, m *sim.Model, c *Collector, log *trace.Log, again workloads.Resampling, workers int) []Figure {
	t.Helper()
	matched, err := c.Match(log, m.Scenario, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := c.Recording(matched, again)
	played, err := Bind(m, r)
	if err != nil {
		t.Fatal(err)
	}
	simulated, err := experiment.Run(context.Background(), played, experiment.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := Recorded(context.Background(), played, r, len(simulated.Replications), workers)
	if err != nil {
		t.Fatal(err)
	}
	own, err := Own(context.Background(), m, r)
	if err != nil {
		t.Fatal(err)
	}
	return Compare(own, recorded, simulated)
}

// TestKnownScenario replays logs of a scenario through itself. As recorded, a difference is outside its half-width with the
// chance 5 % by Student's law: of the 16 logs 5 or more are with the chance 0.09 % for each of eight figures, in all at most 0.7 %. Where
// days are drawn again the half-widths are wider.
func TestKnownScenario(t *testing.T) {
	m := load(t, desk)
	again := load(t, desk, "run.replications=10", "run.seed=12")
	for _, way := range []workloads.Resampling{workloads.AsRecorded, workloads.ByDays} {
		outside, told, width := map[string]int{}, map[string]int{}, map[string]float64{}
		for replication := range 16 {
			c, log := logOf(t, m, replication)
			for _, f := range play(t, again, c, log, way, 0) {
				if f.Plan >= 0 || f.Severity >= 0 {
					continue
				}
				name := f.Measure + " " + f.Milestone.String()
				width[name] = math.Max(width[name], f.Difference.HalfWidth)
				told[name]++
				if f.Verdict() != Agrees {
					outside[name]++
				}
			}
		}
		if len(told) != 8 {
			t.Errorf("figures %v", told)
		}
		for name, n := range told {
			if n != 16 || outside[name] >= 5 {
				t.Errorf("resampling %d: %s: %d of %d logs are outside", way, name, outside[name], n)
			}
		}
		if width["attainment resolve"] > 0.08 || width["attainment first_response"] > 0.12 {
			t.Errorf("resampling %d: half-widths of attainment up to %v tell nothing", way, width)
		}
	}
}

// TestWrongScenario replays a log through an organisation with fewer people and slower customers: it is found out.
func TestWrongScenario(t *testing.T) {
	c, log := logOf(t, load(t, desk), 3)
	wrong := load(t, desk, "run.replications=10", "centres.desk.pools.t1.agents=2", "work.t1.answer_after=exponential(mean 36h)")
	for _, f := range play(t, wrong, c, log, workloads.ByDays, 0) {
		if f.Plan < 0 && f.Severity < 0 && f.Measure == "attainment" && f.Verdict() != Differs {
			t.Errorf("%s: recorded %g, simulated %g, difference %g ± %g is not told", f.Milestone, f.Recorded.Mean, f.Simulated.Mean, f.Difference.Mean, f.Difference.HalfWidth)
		}
	}
}

// TestWorkers checks that the number of workers changes nothing.
func TestWorkers(t *testing.T) {
	var outputs [][]byte
	for _, workers := range []int{1, 2} {
		c, log := logOf(t, load(t, desk), 5)
		text, err := json.Marshal(fmt.Sprintf("%v", play(t, load(t, desk, "run.replications=6"), c, log, workloads.ByWeeks, workers)))
		if err != nil {
			t.Fatal(err)
		}
		outputs = append(outputs, text)
	}
	if !bytes.Equal(outputs[0], outputs[1]) {
		t.Errorf("1 and 2 workers differ:\n%s\n%s", outputs[0], outputs[1])
	}
}

// TestPairs checks that two organisations share their cases: the variance of the difference of their resolutions is small.
func TestPairs(t *testing.T) {
	var results []*experiment.Result
	for _, agents := range []string{"8", "9"} {
		c, log := logOf(t, load(t, desk), 5)
		m := load(t, desk, "run.replications=12", "centres.desk.pools.t1.agents="+agents)
		matched, err := c.Match(log, m.Scenario, nil)
		if err != nil {
			t.Fatal(err)
		}
		played, err := Bind(m, c.Recording(matched, workloads.ByDays))
		if err != nil {
			t.Fatal(err)
		}
		result, err := experiment.Run(context.Background(), played, experiment.Options{})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, result)
	}
	for _, d := range experiment.Compare(results)[0].Differences {
		if d.Name() == "resolve" && d.VarianceRatio > 0.1 {
			t.Errorf("the variance of the difference is %g of that of unpaired runs", d.VarianceRatio)
		}
	}
}

// TestLogBlock holds what a scenario may say of a log against what the reader knows.
func TestLogBlock(t *testing.T) {
	if !slices.Equal(scenario.LogRoles, trace.Roles()) {
		t.Errorf("scenarios know the roles %v, the reader %v", scenario.LogRoles, trace.Roles())
	}
	if !slices.EqualFunc(scenario.LogDates, trace.DateOrders, func(a string, b trace.Dates) bool { return a == string(b) }) {
		t.Errorf("scenarios know the orders %v, the reader %v", scenario.LogDates, trace.DateOrders)
	}
}

// TestMove moves a log over a change of the clock: weekdays and times of day stay.
func TestMove(t *testing.T) {
	zone, err := calendar.EmbeddedZones().Location("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	c := NewCollector(zone)
	for _, at := range []time.Time{time.Date(2016, 1, 4, 9, 30, 0, 0, zone), time.Date(2016, 1, 6, 23, 59, 0, 0, zone)} { // a Monday, a Wednesday
		c.Add(&trace.Case{Opened: calendar.FromTime(at), Met: -1})
	}
	for date, want := range map[string]string{"2026-07-06": "2026-07-06", "2026-07-07": "2026-07-13", "2010-01-01": "2010-01-04"} {
		day, _ := time.Parse(time.DateOnly, date)
		c.Move(day)
		first, last := c.cases[0].At.Time().In(zone), c.cases[1].At.Time().In(zone)
		if first.Format("2006-01-02 15:04") != want+" 09:30" || last.Format("Mon 15:04") != "Wed 23:59" || len(c.Days()) != 4 {
			t.Errorf("moved to %s: %s and %s", date, first, last)
		}
	}
}

func TestMatch(t *testing.T) {
	to := load(t, strings.Replace(desk, "{urgent: {title: Everything is down}, normal: {}}", "{sev1: {}, sev2: {title: Broken}, other: {}}", 1),
		"plans.gold.first_response=15m", "plans.gold.resolve=4d", "workload.mix.severity={sev1: 0.1, sev2: 0.5, other: 0.4}").Scenario
	for _, c := range []struct {
		role  trace.Role
		value string
		name  string
		how   How
	}{
		{trace.Severity, "1 - Critical", "sev1", Ranked},
		{trace.Severity, "broken", "sev2", Named},
		{trace.Severity, "SEV1", "sev1", Named},
		{trace.Severity, "strange", "other", Rest},
		{trace.Severity, "P0", "sev2", Given},
		{trace.Plan, "Gold", "gold", Named},
		{trace.Plan, "platinum", "", Drawn},
		{trace.Region, "EMEA", "customers", Only},
		{trace.Language, "en-GB", "en", Named},
		{trace.Channel, "日本", "web", Only},
	} {
		k := NewCollector(nil)
		words := [trace.Plan + 1]int32{}
		for i := range words {
			words[i] = -1
		}
		words[c.role] = 0
		k.Add(&trace.Case{Words: words, Met: -1})
		log := &trace.Log{}
		log.Values[c.role] = []string{c.value}
		known := Meanings{trace.Severity: {}}
		if c.how == Given {
			known[c.role][c.value] = c.name
		}
		got, err := k.Match(log, to, known)
		if err != nil || len(got) != 1 || NameOf(to, c.role, got[0].Name) != c.name || got[0].How != c.how {
			t.Errorf("%s %q: %+v, %v, want %s by %s", c.role, c.value, got, err, c.name, c.how)
		}
	}
	log := &trace.Log{}
	log.Values[trace.Severity] = []string{"a"}
	k := NewCollector(nil)
	k.Add(&trace.Case{Words: [trace.Plan + 1]int32{trace.Channel: -1, trace.Region: -1, trace.Language: -1, trace.Plan: -1}})
	for _, known := range []Meanings{{trace.Severity: {"b": "sev1"}}, {trace.Severity: {"a": "sev9"}}} {
		if _, err := k.Match(log, to, known); err == nil {
			t.Errorf("%v has no error", known)
		}
	}
}

// TestRealLogs fits the logs that lie beside the repository, where they do, and replays them through what was fitted.
func TestRealLogs(t *testing.T) {
	for name, agree := range map[string]float64{ // share of the differences of times to resolve that are within their half-width
		"uci_incident_cases_2016-03_04.csv.gz": 0.6, "boston311_cases_2011Q3.parquet": 0.6, "helpdesk_events_mit.csv.gz": 0.6,
		"mendeley_hd_turns.csv.gz": 0.6,
	} {
		file, err := os.Open(sharedtest.Path(t, filepath.Join("data", name)))
		if err != nil {
			t.Fatal(err)
		}
		cases, collector := fit.NewCollector(nil), NewCollector(nil)
		log, err := trace.Read(context.Background(), file, trace.Options{}, func(k *trace.Case) error {
			cases.Add(k)
			collector.Add(k)
			return nil
		})
		file.Close()
		if err != nil {
			t.Fatal(name, err)
		}
		fitted, err := cases.Fit(log)
		if err != nil {
			t.Fatal(name, err)
		}
		days := collector.Days()
		m := load(t, fitted.Scenario(name), "run.start="+days[7].String(), "run.warm_up=7d", fmt.Sprintf("run.days=%d", len(days)-8), "run.replications=10")
		figures := slices.DeleteFunc(play(t, m, collector, log, workloads.ByDays, 0), func(f Figure) bool { return f.Milestone != sla.Resolve || f.Verdict() == Untold })
		within := 0
		for _, f := range figures {
			if f.Verdict() == Agrees {
				within++
			}
		}
		if len(figures) == 0 || float64(within) < agree*float64(len(figures)) {
			t.Errorf("%s: %d of %d figures agree", name, within, len(figures))
		}
	}
}

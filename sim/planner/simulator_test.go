package planner

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/sim/planner/queueing"
)

// loadText reads a scenario of a test.
func loadText(t *testing.T, text string, sets ...string) *sim.Model {
	t.Helper()
	m, err := sim.Load(scenario.Source{Name: "test.yaml", Data: []byte(text)}, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// newTestSimulator is one that searches in runs of the given length.
func newTestSimulator(t *testing.T, text string, workers int, changes Changes) *Simulator {
	t.Helper()
	full := loadText(t, text)
	var parts []*sim.Model
	for _, run := range SearchRuns(full) {
		parts = append(parts, loadText(t, text, run...))
	}
	s, problems := NewSimulator(Setup{Full: full, Parts: parts, Workers: workers, Changes: changes})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return s
}

func findPlan(t *testing.T, s *Simulator) *Plan {
	t.Helper()
	p, impossible, err := s.Prepare(t.Context(), nil)
	if err != nil || len(impossible) > 0 {
		t.Fatalf("%v, impossible %+v", err, impossible)
	}
	o := Effort(1)
	o.Verdict, o.Enumerate = s.full.Scenario.Replications, 20
	plan, err := Find(t.Context(), p, s, o)
	if err != nil || plan.Stopped != nil || !plan.Confirmed {
		t.Fatalf("%+v, %v", plan, err)
	}
	return plan
}

const queue = `
severities: [normal]
regions: [world]
plans: {standard: {first_response: 30m}}
centres: {main: {pools: {t1: {agents: 4}}}}
work: {t1: {handle_time: exponential(mean 1h)}}
workload: {streams: {cases: {rate: %v/h}}}
run: {days: 40, warm_up: 1d, replications: 10}
objectives: [first_response >= 90%%]
`

// TestQueuePlans finds the least agents of M/M/c. The test of an objective has a margin, so one agent fewer than the minimum of Erlang C is
// as good where that is within the margin; at the seeds of the test no verdict is wrong.
func TestQueuePlans(t *testing.T) {
	for _, rate := range []float64{4, 45} {
		s := newTestSimulator(t, fmt.Sprintf(queue, rate), 2, Changes{})
		plan := findPlan(t, s)
		within := func(n int) float64 { return queueing.Delay{Arrivals: rate, Service: 1, Servers: n}.Within(0.5) }
		least := queueing.Least(0, 1000, func(n int) bool { return within(n) >= 0.9-experiment.Margin })
		most := queueing.Least(0, 1000, func(n int) bool { return within(n) >= 0.9+experiment.Margin })
		if got := plan.Heads[0]; got < least || got > most {
			t.Errorf("rate %v: %d agents, want %d to %d", rate, got, least, most)
		}
		if plan.Bound > float64(most) || plan.Bound < rate*0.9 {
			t.Errorf("rate %v: bound %v", rate, plan.Bound)
		}
		if value, want := plan.Verdict.Scores[0].Value, within(plan.Heads[0]); math.Abs(value-want) > 0.02 {
			t.Errorf("rate %v: attainment %v, want %v", rate, value, want)
		}
		checkCertificate(t, s, plan)
	}
}

// checkCertificate plays all neighbours of the plan on all replications of its verdict: those that are said to fail do, and every lot fewer fails or
// breaks a rule.
func checkCertificate(t *testing.T, s *Simulator, plan *Plan) {
	t.Helper()
	for i := range plan.Certificate {
		n := &plan.Certificate[i]
		if (s.problem.broken(n.of(plan)) != "") != (n.Outcome == Excluded) {
			t.Errorf("%v breaks %q, and is called %v", n.Change, s.problem.broken(n.of(plan)), n.Outcome)
		}
		switch n.Outcome {
		case Excluded:
		case Fails, Dominated, Implied:
			if ev, err := s.Evaluate(t.Context(), n.of(plan), plan.Sample); err != nil || ev.Met() {
				t.Errorf("%v passes, and is called %v: %v", n.Change, n.Outcome, err)
			}
		default:
			if n.single() {
				t.Errorf("%v %v", n.Change, n.Outcome)
			}
		}
	}
}

const desks = `
severities: [urgent, normal]
languages: [en, de]
calendars: {office: {zone: Europe/Dublin, hours: "mon-fri 08:00-18:00"}}
regions: {europe: {calendar: office, languages: {en: 0.7, de: 0.3}}}
pay: {night: 30%, weekend: 60%, overtime: 50%}
plans: {gold: {coverage: region, first_response: {urgent: 30bm, normal: 4bh}}}
centres:
  dublin:
    calendar: office
    pools:
      english: {languages: en, cost_per_hour: 30 EUR, shifts: {early: {days: mon-fri, start: 08:00, length: 6h, agents: 0}, late: {days: mon-fri, start: 12:00, length: 6h, agents: 3}}}
      both: {cost_per_hour: 40 EUR, agents: 5}
work: {t1: {handle_time: "lognormal(mean 20m, cv 1.2)"}}
workload:
  streams:
    web: {rate: 400/week, profile: {weekdays: [5, 5, 5, 5, 5, 1, 1]}, mix: {severity: {urgent: 10%, normal: 90%}}}
run: {days: 56, warm_up: 7d, replications: 10}
objectives: [first_response of gold normal >= 90%, first_response of gold urgent >= 80%]
planning:
  presence: {de: {agents: 2, region: europe}}
  centres: {dublin: {pools: {english: {shifts: {late: {step: 2}}}}}}
`

// TestPlanOfShifts keeps the rules, and is the same for any number of workers.
func TestPlanOfShifts(t *testing.T) {
	s := newTestSimulator(t, desks, 1, Changes{})
	plan := findPlan(t, s)
	for i, want := range []string{"dublin.english.early", "dublin.english.late", "dublin.both"} {
		if s.problem.Choices[i].Name != want {
			t.Errorf("choice %d is %s, want %s", i, s.problem.Choices[i].Name, want)
		}
	}
	if plan.Heads[1]%2 != 0 || plan.Heads[2] < 2 {
		t.Errorf("%v: want an even number in the late shift, and two who speak German", plan.Heads)
	}
	if broken := s.problem.broken(plan.Heads); broken != "" {
		t.Errorf("%v breaks %s", plan.Heads, broken)
	}
	other := findPlan(t, newTestSimulator(t, desks, 3, Changes{}))
	if !slices.Equal(plan.Heads, other.Heads) || plan.Verdict.Scores[0].Value != other.Verdict.Scores[0].Value {
		t.Errorf("one worker finds %v, three %v", plan.Heads, other.Heads)
	}
	// The verdict is on the scenario's own run: with the heads in the file, run --check sees the same figures.
	staffed, err := s.staffed(s.full, plan.Sample.Stream, plan.Heads)
	if err != nil {
		t.Fatal(err)
	}
	result, err := experiment.Run(t.Context(), staffed, experiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if cost, want := plan.Cost+s.problem.Fixed+plan.Verdict.Overtime.Mean, result.CostPerYear().Mean; math.Abs(cost-want) > 1e-9*want || plan.Verdict.Overtime.Mean == 0 {
		t.Errorf("the plan costs %v a year, and %v in a run", cost, want)
	}
	checkRoster(t, s, plan, result)
	checkCertificate(t, s, plan)
	for k, v := range result.Judge() {
		if v.Estimate.Mean != plan.Verdict.Scores[k].Value {
			t.Errorf("%s: %v in the verdict, %v in a run", v.Objective.Text, plan.Verdict.Scores[k].Value, v.Estimate.Mean)
		}
	}
}

// checkRoster compares the hours of a week with those of the shifts, and with those that agents worked in a run.
func checkRoster(t *testing.T, s *Simulator, plan *Plan, result *experiment.Result) {
	t.Helper()
	rosters := s.Rosters(plan)
	if len(rosters) != 1 {
		t.Fatalf("%d rosters, want one for the centre", len(rosters))
	}
	sum := func(values []float64) (total float64) {
		for _, v := range values {
			total += v
		}
		return total
	}
	r := rosters[0]
	if got, want := sum(r.Scheduled), float64(30*plan.Heads[0]+30*plan.Heads[1]+50*plan.Heads[2]); math.Abs(got-want) > 1e-6 {
		t.Errorf("%v hours are scheduled, want %v", got, want)
	}
	busy := 0.0
	for p := range result.Pooled.Pools {
		busy += float64(result.Pooled.Pools[p].Total().Busy) / 3.6e6 / 8 / float64(len(result.Replications)) // a week of eight
	}
	if got := sum(r.Busy); math.Abs(got-busy) > 1e-6*busy || busy == 0 {
		t.Errorf("agents are busy for %v hours a week, in a run for %v", got, busy)
	}
	if required := sum(r.Required); required <= 0 || required > busy {
		t.Errorf("%v hours are required within the hour, of %v", required, busy)
	}
}

// TestChangesOfCentres holds and closes.
func TestChangesOfCentres(t *testing.T) {
	m := loadText(t, desks)
	if _, problems := bind(m, Changes{Hold: []string{"dublin"}}); len(problems) != 1 {
		t.Errorf("all heads held: %v", problems)
	}
	b, problems := bind(m, Changes{Close: []string{"dublin"}})
	if len(problems) > 0 || b.problem.Choices[0].Most != 0 || b.problem.Choices[2].Most != 0 {
		t.Errorf("closed: %+v, %v", b.problem.Choices, problems)
	}
}

// TestCostOfHeads is by hand: thirty hours a week at 30 EUR for a shift of six hours, and more for nights and weekends.
func TestCostOfHeads(t *testing.T) {
	b, _ := bind(loadText(t, desks), Changes{})
	want := 30 * 30 * 365.25 / 7
	if got := b.problem.Choices[0].Cost; math.Abs(got-want) > 1e-6 {
		t.Errorf("a head of the early shift costs %v a year, want %v", got, want)
	}
	night := `centres={dublin: {pools: {english: {languages: en, cost_per_hour: 10 EUR, shifts: {night: {agents: 1, start: 20:00, length: 4h}}}, both: {agents: 5, cost_per_hour: 10 EUR}}}}`
	b, problems := bind(loadText(t, desks, night, "planning={}", "pay={night: 50%, weekend: 100%}"), Changes{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	// Each day two hours plain and two at night: 4·10 + 2·5; on two days of seven 4·10 more.
	want = (7*50 + 2*40) * 365.25 / 7
	if got := b.problem.Choices[0].Cost; math.Abs(got-want) > 1e-6*want {
		t.Errorf("a head of the night costs %v a year, want %v", got, want)
	}
}

// TestPoolWithoutCost is refused where others have a cost.
func TestPoolWithoutCost(t *testing.T) {
	_, problems := bind(loadText(t, desks, "centres.dublin.pools.both={agents: 5}"), Changes{})
	if len(problems) != 1 || problems[0].Path != "centres.dublin.pools.both" {
		t.Errorf("%v, want one problem at the pool", problems)
	}
}

// TestImpossible names the objective that nobody is there for.
func TestImpossible(t *testing.T) {
	full := loadText(t, desks, "plans.gold.coverage=always")
	s, problems := NewSimulator(Setup{Full: full, Workers: 2})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p, impossible, err := s.Prepare(t.Context(), nil)
	if err != nil || p != nil || len(impossible) != 2 || len(impossible[1].Uncovered) == 0 {
		t.Errorf("%v, %+v, %v: want both objectives impossible, with their hours", p, impossible, err)
	}
}

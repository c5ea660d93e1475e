package reports_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/reports"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

// desk is a scenario with one of each: two plans, abandonment, cost, objectives over the run and by week, assumed figures,
// a promise that nobody's cases ask for, and a pool that is too small.
const desk = `
severities: [high, low]
regions: [here]
plans:
  gold: {title: Gold, first_response: {high: 5m, low: 4h}, resolve: {high: 8h, low: 12h}}
  basic: {first_response: {low: 1d}}
  unsold: {first_response: 1h}
channels: {phone: {patience: exponential(mean 10m)}}
centres:
  main:
    pools:
      t1: {agents: 6, cost_per_hour: 50 USD}
      t2: {agents: 1, tiers: t2, cost_per_hour: 80 USD, assumed: true}
work:
  t1: {handle_time: exponential(mean 10m), escalation: 20%}
  t2: {handle_time: exponential(mean 30m)}
workload:
  streams:
    cases: {rate: 25/h, mix: {plan: {gold: 0.5, basic: 0.5}, severity: {high: 0.3, low: 0.7}}}
run: {days: 28, replications: 3, warm_up: 1d}
objectives:
  - first_response of gold high >= 50%
  - resolve of gold each week >= 99%
  - p90 first_response of basic <= 1m
  - occupancy of main.t1 <= 95%
  - cost <= 1,000,000 USD
`

// simulate runs a scenario that stands in a test.
func simulate(t *testing.T, text string, sets ...string) *experiment.Result {
	t.Helper()
	model, err := sim.Load(scenario.Source{Name: "desk.yaml", Data: []byte(text)}, sets...)
	if err != nil {
		t.Fatal(err)
	}
	result, err := experiment.Run(context.Background(), model, experiment.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestRunAgreesWithResult(t *testing.T) {
	result := simulate(t, desk)
	run := reports.NewRun(result, result.Judge())
	if run.Scenario != "desk" || run.Replications != 3 || run.Partial || run.WarmUpSeconds != 86400 || run.Cases != result.Pooled.Arrived {
		t.Errorf("head is %+v", run)
	}
	var names []string
	for _, a := range run.Attainment {
		names = append(names, a.Plan+" "+a.Severity+" "+a.Milestone+" "+a.Target)
		if a.Met > a.Decided || a.Decided > 0 && math.Abs(float64(a.Attainment)-float64(a.Met)/float64(a.Decided)) > 1e-12 {
			t.Errorf("attainment %+v does not fit its counts", a)
		}
	}
	want := "gold high first_response 5m|gold high resolve 8h|gold low first_response 4h|gold low resolve 12h|basic low first_response 1d|" +
		"unsold high first_response 1h|unsold low first_response 1h"
	if got := strings.Join(names, "|"); got != want {
		t.Errorf("promises are %s, want %s", got, want)
	}
	cases := int64(0)
	for _, o := range run.Outcomes {
		cases += o.Open + o.Resolved + o.Unanswered + o.Abandoned + o.Blocked + o.Refused
	}
	if cases == 0 || cases >= run.Cases {
		t.Errorf("%d outcomes of %d cases, want those of the measured time", cases, run.Cases)
	}
	if w := result.MeanWait(result.WaitRow(1, 0)); math.Abs(float64(run.Waits[2].Mean)*1000-w.Mean) > 1e-6 {
		t.Errorf("mean wait of t2 high is %v s, want %v ms", run.Waits[2].Mean, w.Mean)
	}
	// Agents who are always on duty: 6 × 24 h × 28 days × 3 replications.
	if p := run.Pools[0]; p.Centre != "main" || p.Pool != "t1" || p.Agents != 6 || math.Abs(p.ScheduledHours-6*24*28*3) > 1e-6 {
		t.Errorf("pool is %+v", p)
	}
	if c := run.CostPerYear; c == nil || c.Currency != "USD" || float64(c.Amount) < 0.99*(6*50+80)*365.25*24 {
		t.Errorf("cost is %+v", run.CostPerYear)
	}
	if len(run.Assumed) != 1 || run.Assumed[0] != "centres.main.pools.t2" {
		t.Errorf("assumed is %v", run.Assumed)
	}
}

func TestObjectives(t *testing.T) {
	result := simulate(t, desk)
	run := reports.NewRun(result, result.Judge())
	for i, want := range []struct{ unit, verdict string }{
		{"share", reports.Met}, {"share", reports.Missed}, {"seconds", ""}, {"share", reports.Met}, {"USD a year", reports.Missed},
	} {
		o := run.Objectives[i]
		if o.Unit != want.unit || want.verdict != "" && o.Verdict != want.verdict || o.Met != (o.Verdict == reports.Met) {
			t.Errorf("%s: got %+v, want %+v", o.Objective, o, want)
		}
	}
	if p := run.Objectives[1].Period; !strings.HasPrefix(p, "week ") {
		t.Errorf("worst period is %q, want a week", p)
	}
	if run.AllMet() {
		t.Error("all objectives are met, though two are missed")
	}
	each := simulate(t, strings.Replace(desk, "each week", "each hour of week", 1))
	if p := reports.NewRun(each, each.Judge()).Objectives[1].Period; len(p) != len("mon 17:00") {
		t.Errorf("worst period is %q, want an hour of the week", p)
	}
}

// TestObjectivesOfOneReplication have no bound, and say why.
func TestObjectivesOfOneReplication(t *testing.T) {
	result := simulate(t, desk, "run.replications=1")
	run := reports.NewRun(result, result.Judge())
	for _, o := range run.Objectives {
		if o.Bound.Known() || o.Verdict != reports.Uncertain {
			t.Errorf("%s: bound %v and %s", o.Objective, o.Bound, o.Verdict)
		}
	}
	if p := run.Objectives[1].Period; !strings.HasPrefix(p, "week ") {
		t.Errorf("worst period is %q, want a week", p)
	}
	var out bytes.Buffer
	if err := text.Render(&out, run.Document(), text.Page{}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "needs at least two replications"); got != len(run.Objectives) {
		t.Errorf("%d bounds are excused, want %d, in\n%s", got, len(run.Objectives), out.String())
	}
}

// TestJSONHasNoUnknownNumbers encodes a run in which much was never observed: one replication, plans that nobody has.
func TestJSONHasNoUnknownNumbers(t *testing.T) {
	result := simulate(t, desk, "run.replications=1", "centres.main.pools.t2.agents=0")
	run := reports.NewRun(result, result.Judge())
	text, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	var back reports.Run
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(&back)
	if err != nil || string(again) != string(text) {
		t.Errorf("read back and written again: %v\n%s\n%s", err, text, again)
	}
	unsold := run.Attainment[len(run.Attainment)-1]
	if unsold.Plan != "unsold" || unsold.Attainment.Known() || unsold.HalfWidth.Known() || unsold.Decided != 0 {
		t.Errorf("attainment without cases is %+v, want unknown", unsold)
	}
	if run.Pools[1].Occupancy.Known() {
		t.Errorf("occupancy of a pool without agents is %v, want unknown", run.Pools[1].Occupancy)
	}
	if strings.Contains(string(text), "elapsed_seconds") {
		t.Error("a document without a live run has elapsed_seconds")
	}
}

func TestWarnings(t *testing.T) {
	warnings := func(sets ...string) string {
		result := simulate(t, desk, sets...)
		return strings.Join(reports.NewRun(result, result.Judge()).Warnings, "\n")
	}
	for _, c := range []struct {
		name string
		sets []string
		want []string
		not  []string
	}{
		{"t2 drowns", nil, []string{"rest on 3 replications", "overloaded", "main.t2", "work piles up: in the last quarter"}, []string{"main.t1", "undecided"}},
		{"t2 drowns for two weeks", []string{"run.days=14", "run.warm_up=0s"}, []string{"at the end"}, nil},
		{"short", []string{"run.days=1"}, []string{"are undecided (due after the end of the run)", "first_response of basic low"}, nil},
		{"enough people", []string{"run.replications=10", "centres.main.pools.t1.agents=9", "centres.main.pools.t2.agents=6"}, nil,
			[]string{"replications", "overloaded", "piles up"}},
		{"one replication", []string{"run.replications=1"}, []string{"1 replication has no half-widths"}, []string{"rest on"}},
	} {
		got := warnings(c.sets...)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no warning has %q:\n%s", c.name, want, got)
			}
		}
		for _, not := range c.not {
			if strings.Contains(got, not) {
				t.Errorf("%s: a warning has %q:\n%s", c.name, not, got)
			}
		}
	}
}

func TestPartialRun(t *testing.T) {
	result := simulate(t, desk)
	result.Partial = true
	result.Model.Scenario.Replications = 7
	run := reports.NewRun(result, result.Judge())
	if !run.Partial || run.ReplicationsAsked != 7 || !strings.Contains(run.Warnings[0], "3 of 7") {
		t.Errorf("partial run: %v %d %v", run.Partial, run.ReplicationsAsked, run.Warnings)
	}
	if lead := run.Document().Lead[0]; !strings.Contains(lead, "PARTIAL: 3 of 7") {
		t.Errorf("lead %q does not say partial", lead)
	}
}

func TestDocumentLeavesOutEmptyRows(t *testing.T) {
	result := simulate(t, desk)
	run := reports.NewRun(result, result.Judge())
	for _, s := range run.Document().Sections {
		for _, table := range s.Tables {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Errorf("%s: row %v has %d cells, want %d", s.Heading, row, len(row), len(table.Columns))
				}
				if row[0].Text == "unsold" {
					t.Errorf("%s: has the row %v of a plan without cases", s.Heading, row)
				}
			}
		}
	}
	rows := run.AttainmentRows()
	if len(rows) != 1+len(run.Attainment) || rows[len(rows)-1][8] != "" {
		t.Errorf("rows for spreadsheets are %v", rows)
	}
}

// TestResponsesAreThoseOfMilestonesThatMatter: the desk knows two, the whole life of a case all.
func TestResponsesAreThoseOfMilestonesThatMatter(t *testing.T) {
	result := simulate(t, desk)
	run, rows := reports.NewRun(result, nil), result.Model.Shape.Rows()
	if len(run.Responses) != 2*rows || len(run.SeverityResponses) != 2*2 {
		t.Errorf("%d responses, %d by severity, want %d and 4", len(run.Responses), len(run.SeverityResponses), 2*rows)
	}
	if all := lifeOf(t); len(all.Responses) != sla.Milestones*4 || len(all.SeverityResponses) != sla.Milestones*2 {
		t.Errorf("%d responses, %d by severity, want %d and %d", len(all.Responses), len(all.SeverityResponses), sla.Milestones*4, sla.Milestones*2)
	}
}

// TestCausesSumUpToBreaches checks the causes of each promise against its attainment, and the pools that were short
// against the breaches for want of free agents.
func TestCausesSumUpToBreaches(t *testing.T) {
	run := reports.NewRun(simulate(t, desk), nil)
	causes, scarce := map[string]int64{}, int64(0)
	for _, b := range run.BreachCauses {
		causes[b.Plan+" "+b.Severity+" "+b.Milestone] += b.Breaches
		if b.Cause == "rank" || b.Cause == "capacity" {
			scarce += b.Breaches
		}
	}
	for _, a := range run.Attainment {
		if got := causes[a.Plan+" "+a.Severity+" "+a.Milestone]; got != a.Decided-a.Met {
			t.Errorf("%s of %s %s: %d causes of %d breaches", a.Milestone, a.Plan, a.Severity, got, a.Decided-a.Met)
		}
	}
	short := int64(0)
	for i, h := range run.ShortHours {
		short += h.Breaches
		if i > 0 && h.Breaches > run.ShortHours[i-1].Breaches {
			t.Errorf("short hour %+v comes after %+v", h, run.ShortHours[i-1])
		}
	}
	if scarce == 0 || short != scarce { // each tier has one pool, always on duty
		t.Errorf("%d breaches for want of agents, %d blamed on hours", scarce, short)
	}
}

package reports_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/reports"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/sim/metrics"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// life has a year of two plans; the rest of its promises and sums is set by wholeLife.
const life = `
title: The whole life of a case
severities: [high, low]
regions: [here]
plans: {gold: {first_response: {high: 15m, low: 4h}}, free: {}}
centres: {main: {pools: {t1: {agents: 6}, standby: {agents: 2}}}}
work: {t1: {handle_time: 10m}}
workload: {streams: {cases: {rate: 1/h, mix: {plan: {gold: 0.5, free: 0.5}, severity: {high: 0.5, low: 0.5}}}}}
run: {days: 365.25, replications: 2}
`

func target(t *testing.T, s string) scenario.Target {
	t.Helper()
	var made scenario.Target
	if err := made.Target.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return made
}

// each are targets by name, all of them with key:target.
func each(t *testing.T, targets ...string) (by scenario.BySeverity[scenario.Target]) {
	t.Helper()
	for _, word := range targets {
		name, limit, _ := strings.Cut(word, ":")
		by.Named = append(by.Named, scenario.Entry[scenario.Target]{Name: name, Value: target(t, limit)})
	}
	return by
}

// wholeLife is the model of life with a target for every milestone, external parties, ways to ask for a manager, prices,
// credits and agents on call.
func wholeLife(t *testing.T) *sim.Model {
	t.Helper()
	m, err := sim.Load(scenario.Source{Name: "life.yaml", Data: []byte(life)})
	if err != nil {
		t.Fatal(err)
	}
	fix, dispatch, duration := sla.Fix, sla.RMADispatch, scenario.Expr{Text: "1d"}
	d := m.Scenario.Definition
	d.Work = append(d.Work,
		scenario.Entry[scenario.Work]{Name: "engineering", Value: scenario.Work{WorkValues: scenario.WorkValues{Turnaround: duration, Milestone: &fix}}},
		scenario.Entry[scenario.Work]{Name: "vendor", Value: scenario.Work{WorkValues: scenario.WorkValues{Turnaround: duration, Milestone: &fix}}},
		scenario.Entry[scenario.Work]{Name: "depot", Value: scenario.Work{WorkValues: scenario.WorkValues{Turnaround: duration, Milestone: &dispatch, SendBack: duration}}},
	)
	d.Management = scenario.Named[scenario.ManagerRequest]{{Name: "phone"}, {Name: "web"}}
	gold := &d.Plans[0].Value
	gold.NextResponse, gold.Update, gold.UpdateRestored = each(t, "high:2h"), each(t, "high:1h", "low:1bd"), each(t, "high:1d")
	gold.Restore, gold.Resolve = each(t, "high:4h", "low:none"), each(t, "high:best_effort", "low:10bd")
	gold.Fix, gold.RmaDispatch, gold.RmaReturn = each(t, "engineering:3d", "vendor:6d"), each(t, "depot:1bd"), each(t, "depot:10bd")
	gold.ManagerContact = each(t, "phone:1h", "web:1h")

	c := m.Scenario
	c.Currency = "EUR"
	c.Plans[0].Customers, c.Plans[0].PricePerYear = 250, 4000
	c.Plans[0].Credits = []scenario.Credit{{Milestone: sla.Update, Below: 0.9, Rate: 0.05}}
	c.Plans[0].Pauses = sla.SetOf(sla.Resolve)
	c.Pools[0].CostPerHour, c.Pools[1].CostPerHour, c.Pools[1].OnCallCostPerHour = 40, 45, 8
	return m
}

// unpromised are the rows, counted from 1, in which gold makes no promise of a milestone.
var unpromised = map[sla.Milestone]int64{sla.NextResponse: 2, sla.Restore: 2, sla.Resolve: 1}

// replication are totals by hand; n makes replications differ. Rows are gold high, gold low, free high and free low.
func replication(m *sim.Model, n int64) *metrics.Totals {
	t := metrics.NewTotals(m.Shape)
	for row := range int64(4) {
		t.Outcomes[row] = [model.Outcomes]int64{model.Open: 2, model.Resolved: 900 + n, model.Unanswered: 60 + row}
		t.Worked[row*2] = (1000 + n) * int64(calendar.Hour)
	}
	t.Outcomes[2][model.Refused], t.Outcomes[3][model.Refused], t.Outcomes[1][model.Blocked] = 30, 40+n, 5
	t.Counts[0][metrics.Questions], t.Counts[1][metrics.Questions] = 700+10*n, 1200
	t.Counts[1][metrics.Reopened], t.Counts[0][metrics.ManagerContacts] = 55+n, 20
	for milestone := range sla.Milestone(sla.Milestones) {
		for row := range int64(2) {
			if unpromised[milestone] == row+1 {
				continue
			}
			for i := range int64(900) {
				t.Clocks[milestone][row].Decide(0, 0, i < 790+3*n+8*row)
			}
			t.Clocks[milestone][row].Undecided = 10
			t.Causes[milestone][row][metrics.Outside] = 60
			t.Causes[milestone][row][metrics.Engineer] = 50 - 3*n - 8*row
			for i := range int64(900) {
				t.Elapsed[milestone][row].Add(i * (20 + n) * int64(calendar.Second) * int64(milestone+1))
			}
		}
	}
	t.Clocks[sla.Resolve][1].Undecided = 100
	t.Elapsed[sla.Fix][1] = metrics.Waits{}
	t.Pools[0].ByHour[9] = metrics.PoolTime{Busy: 4000 * int64(calendar.Hour), Available: 5000 * int64(calendar.Hour), Scheduled: (5950 + 100*n) * int64(calendar.Hour)}
	t.Pools[1] = metrics.PoolTotals{CallIns: 3, OnCall: 2000 * int64(calendar.Hour), ByWeek: t.Pools[1].ByWeek}
	t.Pools[0].Touches = 20000
	return t
}

func lifeOf(t *testing.T) *reports.Run {
	t.Helper()
	m := wholeLife(t)
	return reports.NewRun(experiment.NewResult(m, replication(m, 0), replication(m, 1)), nil)
}

// TestWholeLifeGolden shows everything that a run has to tell, on a wide and a narrow page.
func TestWholeLifeGolden(t *testing.T) {
	for _, width := range []int{80, 120} {
		var b bytes.Buffer
		if err := text.Render(&b, lifeOf(t).Document(), text.Page{Width: width}); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", fmt.Sprintf("life_%d.golden", width))
		if *update {
			if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

// TestTargetsOfEveryMilestone reads them as a leader would write them.
func TestTargetsOfEveryMilestone(t *testing.T) {
	got := map[string]string{}
	for _, a := range lifeOf(t).Attainment {
		if a.Plan != "gold" {
			t.Errorf("the free plan promises %+v", a)
		}
		got[a.Milestone+" "+a.Severity] = a.Target
	}
	want := map[string]string{
		"first_response high": "15m", "first_response low": "4h", "next_response high": "2h",
		"update high": "1h, restored 1d", "update low": "1bd", "restore high": "4h", "resolve low": "10bd",
		"fix high": "engineering 3d, vendor 6d", "fix low": "engineering 3d, vendor 6d",
		"rma_dispatch high": "1bd", "rma_dispatch low": "1bd", "rma_return high": "10bd", "rma_return low": "10bd",
		"manager_contact high": "1h", "manager_contact low": "1h",
	}
	for m := range sla.Milestone(sla.Milestones) {
		if want[m.String()+" high"]+want[m.String()+" low"] == "" {
			t.Errorf("gold promises nothing of %v", m)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
}

// TestCasesAndMoneyByHand: t1 costs about 6,000 h × 40 = 240,000, standby 2,000 h on call × 8 = 16,000 without work; both plans have
// half of the work. Gold earns 250 × 4,000 and owes 5 % of that, since its updates are kept at 88.2 and 88.6 %.
func TestCasesAndMoneyByHand(t *testing.T) {
	run := lifeOf(t)
	gold, free := run.Money[0], run.Money[1]
	for _, c := range []struct {
		what      string
		got, want reports.Number
	}{
		{"earnings of gold", gold.Earnings, 1e6}, {"cost of gold", gold.Cost, 120_000}, {"credits of gold", gold.Credits, 50_000},
		{"margin of gold", gold.Margin, 830_000}, {"cost of free", free.Cost, 120_000}, {"margin of free", free.Margin, -120_000},
		{"all cost", run.CostPerYear.Amount, 256_000}, {"unallocated cost", run.UnallocatedCost.Amount, 16_000},
		{"margin", run.MoneyTotal.Margin, 1e6 - 256_000 - 50_000},
		{"questions for 100 gold high cases", run.Counts[0].Per100, 100 * 1410 / (962 + 963.)},
		{"questions for 100 cases", run.CountTotals[0].Per100, 100 * 3810 / (4*962.5*2 + 2*6 + 2*70 + 1 + 10.)},
	} {
		if math.Abs(float64(c.got-c.want)) > 1e-6 {
			t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
		}
	}
	if gold.Credited != 2 || gold.Customers != 250 || gold.Currency != "EUR" || free.Credited != 0 {
		t.Errorf("gold is %+v, free %+v", gold, free)
	}
	if o := run.Outcomes[2]; o.Refused != 60 || o.Shares[len(o.Shares)-1].Outcome != "refused" || !o.Shares[0].HalfWidth.Known() {
		t.Errorf("outcomes of free high are %+v", o)
	}
	if p := run.Pools[1]; p.CallIns != 6 || p.OnCallHours != 4000 {
		t.Errorf("the pool on call is %+v", p)
	}
}

// TestLifeWarnings: credits are owed, and clocks that stand still are undecided.
func TestLifeWarnings(t *testing.T) {
	got := strings.Join(lifeOf(t).Warnings, "\n")
	for _, want := range []string{
		"credits are owed for promises broken: gold (in 2 of 2 replications)", "are undecided (due after the end of the run): resolve of gold low;",
		"the undecided clocks of resolve include those that stand still",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no warning has %q:\n%s", want, got)
		}
	}
}

// TestKeysOfLife fixes the JSON keys of what a leader reads by machine.
func TestKeysOfLife(t *testing.T) {
	encoded, err := json.Marshal(lifeOf(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"counts":[{"plan":"gold","severity":"high","kind":"questions","count":1410,"per_100_cases":`,
		`"count_totals":[{"kind":"questions","count":3810,"per_100_cases":`,
		`{"plan":"gold","customers":250,"price_per_year":4000,"replications_with_credits":2,"earnings_per_year":1000000,"cost_per_year":120000,"cost_per_year_half_width":`,
		`"credits_per_year":50000,"credits_per_year_half_width":0,"margin_per_year":830000,"margin_per_year_half_width":`,
		`"cost_per_year":{"amount":256000,"half_width":`, `"unallocated_cost_per_year":{"amount":16000,`,
		`"refused":60,"shares":[{"outcome":"open","share":`, `"call_ins":6,`, `"on_call_hours":4000`,
		`{"plan":"gold","severity":"high","milestone":"update","target":"1h, restored 1d","decided":1800,`,
		`{"plan":"gold","severity":"high","milestone":"first_response","cause":"outside","breaches":120,"share":`,
		`"severity_responses":[{"severity":"high","milestone":"first_response","count":1800,"open":0,"mean_seconds":`,
	} {
		if !strings.Contains(string(encoded), want) {
			t.Errorf("the document has no %s", want)
		}
	}
}

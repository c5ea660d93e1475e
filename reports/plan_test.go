package reports_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"sunrelay/reports"
	"sunrelay/reports/html"
)

// stored is a plan as a folder keeps it.
func stored(t *testing.T) *reports.Plan {
	t.Helper()
	week := make([]reports.Number, 168)
	for h := range week {
		week[h] = reports.Number(h % 24)
	}
	unknown := reports.Number(math.NaN())
	return &reports.Plan{
		Schema: reports.PlanSchema, Scenario: "desk", Confirmed: true, Currency: "EUR", Solver: "cbc", VerdictSeed: 7, VerdictReplications: 20,
		Budget:            &reports.PlanBudget{Amount: 300_000, Use: "goal", Moved: -0.035},
		PlanCost:          reports.PlanCost{CostPerYear: 250_000, Scheduled: 240_000, ScheduledBefore: 280_000, Overtime: 10_000, OvertimeHalfWidth: unknown},
		LowerBoundPerYear: 220_000, Gap: 1 - 220./240,
		Objectives: []reports.Objective{{
			Objective: "first_response of gold >= 95%", Measure: "attainment", Milestone: "first_response", Of: []string{"gold"}, Unit: "share",
			Estimate: 0.93, HalfWidth: 0.01, Bound: 0.92, Goal: 0.95, Period: "run", Verdict: reports.Missed,
		}, {
			Objective: "work is kept up with >= 100%", Measure: "kept_up", Unit: "share", Estimate: 0.999, HalfWidth: 0.001, Bound: 0.998, Goal: 1, Period: "run",
			Met: true, Verdict: reports.Met,
		}},
		Impossible: []reports.PlanImpossible{{Objective: "resolve of gold >= 99%", Unit: "share", Most: 0.7, HalfWidth: 0.01}},
		Staffing:   []reports.PlanShift{{Centre: "dublin", Pool: "t1", Shift: "day", Agents: 6, Before: 7, Present: 5.1, Hours: 240, CostPerYear: 240_000}},
		Roster:     []reports.PlanRoster{{Centre: "dublin", Scheduled: week, Present: week, Busy: week, Required: week}},
		Certificate: []reports.PlanNeighbour{
			{Change: []reports.PlanChange{{Where: "dublin.t1", Agents: -1}}, Saving: 40_000, Outcome: "fails", Objective: "first_response of gold >= 95%", Slack: -0.03, HalfWidth: 0.01},
			{Change: []reports.PlanChange{{Where: "dublin.t1", Agents: -1}, {Where: "cork.t1", Agents: 1}}, Saving: 5_000, Outcome: "not played", Reason: "beyond the effort"},
		},
	}
}

// planSummary is what is kept of a plan.
func planSummary(t *testing.T, p *reports.Plan) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := reports.WritePlanSummary(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestStoredPlan is read as it was written, and its page says what a leader asks.
func TestStoredPlan(t *testing.T) {
	text := planSummary(t, stored(t))
	p, err := reports.ReadPlan(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if again := planSummary(t, p); !bytes.Equal(text, again) {
		t.Errorf("read and written again:\n%s\nnot\n%s", again, text)
	}
	var b bytes.Buffer
	if err := html.Render(&b, p.Report()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"6 agents (7 at present)", "they keep the lowered goals on 20 replications with seed 7", "all goals of attainment lowered by 3.5 points",
		"250,000 EUR a year (10,000 EUR of it overtime)", "40,000 EUR a year less than those of the present heads", "Of all 6, 5.1 are there after shrinkage",
		"as many as 6.0 full-time jobs", "Gold keeps 93.0", "at least 92", "Agents keep up with 99.9", "1 objective cannot be kept", "One fewer anywhere fails",
		"less than 220,000 EUR: the gap that is not proved is 8.3", "required within the hour", "at work", "beyond the effort",
	} {
		if !strings.Contains(strings.ReplaceAll(b.String(), "\u00a0", " "), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(b.String(), "NaN") {
		t.Error("the page shows NaN")
	}
}

func TestReadPlanRefuses(t *testing.T) {
	good := string(planSummary(t, stored(t)))
	for _, c := range []struct{ old, new, want string }{
		{"sunrelay.plan/1", "sunrelay.plan/9", `schema "sunrelay.plan/9", want "sunrelay.plan/1"`},
		{`"milestone":"first_response"`, `"milestone":"lunch"`, `"lunch" is not a milestone`},
		{`"present":[`, `"present":[1,`, "roster of dublin: 169 hours, want 168"},
		{"{", "", "not a staffing plan"},
	} {
		bad := strings.ReplaceAll(good, c.old, c.new)
		if bad == good {
			t.Errorf("the summary has no %s", c.old)
		}
		if _, err := reports.ReadPlan(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.new, err, c.want)
		}
	}
}

// FuzzReadPlan: plans side by side that are read without an error can be shown.
func FuzzReadPlan(f *testing.F) {
	f.Add([]byte(`{"schema":"sunrelay.plan_points/1"}`))
	f.Add([]byte(`{"schema":"sunrelay.plan_points/1","difference_per_year":1e308,"points":[
		{"goal":0.9,"plan":{"confirmed":true,"cost_per_year":1e308,"lower_bound_per_year":-1e308,"objectives":[{"measure":"mean","milestone":"fix","unit":"seconds"}]}},
		{"goal":1e300,"plan":{"confirmed":true,"cost_per_year":null,"certificate":[{"outcome":"fails"},{"change":[{},{}]}]}},{"error":"none"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := reports.ReadPlanPoints(bytes.NewReader(text))
		if err != nil {
			return
		}
		p.Document()
		p.StaffingRows()
		if err := html.Render(&bytes.Buffer{}, p.Report()); err != nil {
			t.Fatal(err)
		}
		for _, point := range p.Points {
			if point.Plan == nil {
				continue
			}
			if err := html.Render(&bytes.Buffer{}, point.Plan.Report()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

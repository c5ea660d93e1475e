package experiment

import (
	"math"
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
)

// A year of two plans and three pools, for totals made by hand.
const (
	gold, silver = 0, 1
	t1, t2, idle = 0, 1, 2
)

func moneyModel(t *testing.T) *sim.Model {
	t.Helper()
	m := loadModel(t, `
severities: [high, low]
regions: [world]
plans: {gold: {first_response: 1h}, silver: {first_response: 4h}}
centres: {main: {pools: {t1: {agents: 1}, t2: {agents: 1}, idle: {agents: 1}}}}
work: {t1: {handle_time: 10m}}
workload: {streams: {cases: {rate: 1/h, mix: {plan: {gold: 0.5, silver: 0.5}, severity: {high: 0.5, low: 0.5}}}}}
run: {days: 365.25, replications: 2}
`)
	c := m.Scenario
	c.Currency = "USD"
	c.Pools[t1].CostPerHour, c.Pools[t2].CostPerHour, c.Pools[idle].CostPerHour = 10, 20, 5
	c.Pools[t2].OnCallCostPerHour = 3
	c.Plans[gold].Customers, c.Plans[gold].PricePerYear = 10, 1000
	c.Plans[gold].Credits = []scenario.Credit{{Milestone: sla.FirstResponse, Below: 0.95, Rate: 0.1}, {Milestone: sla.FirstResponse, Below: 0.9, Rate: 0.25}}
	return m
}

const hours = int64(calendar.Hour)

// staffed are the totals of a replication in which every pool is scheduled for 100 hours, t2 is on call for 40 more, and t1
// works the given hours for each plan.
func staffed(m *sim.Model, goldHours, silverHours int64) *metrics.Totals {
	t := metrics.NewTotals(m.Shape)
	for p := range t.Pools {
		t.Pools[p].ByHour[9].Scheduled = 100 * hours
	}
	t.Pools[t1].ByHour[17].Overtime = 10 * hours
	t.Pools[t2].OnCall = 40 * hours
	work := func(plan, severity, pool int, time int64) {
		t.Worked[m.Shape.Row(plan, severity)*m.Shape.Pools+pool] += time
	}
	work(gold, 0, t1, goldHours*hours/2)
	work(gold, 1, t1, goldHours*hours/2)
	work(silver, 0, t1, silverHours*hours)
	work(gold, 0, t2, 7*hours)
	return t
}

// attain sets the first responses of gold high: met of decided.
func attain(t *metrics.Totals, met, decided int64) {
	for i := range decided {
		t.Clocks[sla.FirstResponse][0].Decide(0, 0, i < met)
	}
}

// wantEstimate compares the mean and, of two replications, the values that they had: their mean ± t·|a-b|/2.
func wantEstimate(t *testing.T, what string, got stats.Estimate, a, b float64) {
	t.Helper()
	halfWidth := stats.TwoSidedT(Confidence, 1) * math.Abs(a-b) / 2
	if math.Abs(got.Mean-(a+b)/2) > 1e-6 || math.Abs(got.HalfWidth-halfWidth) > 1e-6*(1+halfWidth) || got.N != 2 {
		t.Errorf("%s is %v ± %v of %d, want %v ± %v of 2", what, got.Mean, got.HalfWidth, got.N, (a+b)/2, halfWidth)
	}
}

// TestMoneyByHand: t1 costs 110 h × 10 = 1,100, t2 100 h × 20 + 40 h on call × 3 = 2,120, idle 500. Gold has 3/4 of the work
// of t1 in one replication and 1/2 in the other, and all of t2; its first responses are kept at 94 and 80 %.
func TestMoneyByHand(t *testing.T) {
	m := moneyModel(t)
	first, second := staffed(m, 30, 10), staffed(m, 20, 20)
	attain(first, 94, 100)
	attain(second, 80, 100)
	r := NewResult(m, first, second)
	wantEstimate(t, "cost", r.CostPerYear(), 3720, 3720)
	wantEstimate(t, "cost of gold", r.PlanCost(gold), 825+2120, 550+2120)
	wantEstimate(t, "cost of silver", r.PlanCost(silver), 275, 550)
	wantEstimate(t, "unallocated cost", r.UnallocatedCost(), 500, 500)
	if r.Earnings(gold) != 10_000 || r.Earnings(silver) != 0 {
		t.Errorf("earnings are %v and %v, want 10000 and 0", r.Earnings(gold), r.Earnings(silver))
	}
	wantEstimate(t, "credits of gold", r.Credits(gold), 1000, 2500)
	wantEstimate(t, "credits of all", r.Credits(gold, silver), 1000, 2500)
	if r.Credited(gold) != 2 || r.Credited(silver) != 0 {
		t.Errorf("gold and silver owe credits in %d and %d replications, want 2 and 0", r.Credited(gold), r.Credited(silver))
	}
	wantEstimate(t, "margin of gold", r.PlanMargin(gold), 10_000-2945-1000, 10_000-2670-2500)
	wantEstimate(t, "margin of silver", r.PlanMargin(silver), -275, -550)
	wantEstimate(t, "margin", r.MarginPerYear(), 10_000-3720-1000, 10_000-3720-2500)
}

// TestExtraPay: t1 has two heads with 5 h of plain pay more for nights each, and overtime at twice the pay; t2 one on call with
// 8 h more.
func TestExtraPay(t *testing.T) {
	m := moneyModel(t)
	c := m.Scenario
	c.Pools[t1].Shifts[0].Agents, c.Pools[t1].Shifts[0].ExtraPay, c.Pools[t1].OvertimePay = 2, 5*calendar.Hour, 1
	c.Pools[t2].Shifts[0].OnCall, c.Pools[t2].Shifts[0].ExtraPay = calendar.Minute, 8*calendar.Hour
	r := NewResult(m, staffed(m, 30, 10), staffed(m, 20, 20))
	wantEstimate(t, "cost", r.CostPerYear(), 3720+100+100+24, 3720+100+100+24)
	wantEstimate(t, "overtime", r.OvertimePerYear(), 200, 200)
}

// TestMoneyIsThatOfAYear halves the run: the same hours then cost twice as much a year.
func TestMoneyIsThatOfAYear(t *testing.T) {
	m := moneyModel(t)
	m.Scenario.End = m.Scenario.Start + (m.Scenario.End-m.Scenario.Start)/2
	r := NewResult(m, staffed(m, 30, 10), staffed(m, 20, 20))
	wantEstimate(t, "cost", r.CostPerYear(), 7440, 7440)
	wantEstimate(t, "cost of silver", r.PlanCost(silver), 550, 1100)
	wantEstimate(t, "margin of gold", r.PlanMargin(gold), 10_000-2*2945, 10_000-2*2670)
}

// TestNobodyWorks: where no agent works the pay cannot be split.
func TestNobodyWorks(t *testing.T) {
	m := moneyModel(t)
	total := metrics.NewTotals(m.Shape)
	total.Pools[t1].ByHour[0].Scheduled = 5 * hours
	r := NewResult(m, total)
	if cost, margin := r.PlanCost(gold), r.PlanMargin(gold); !math.IsNaN(cost.Mean) || !math.IsNaN(margin.Mean) {
		t.Errorf("cost of gold is %+v, margin %+v, want unknown", cost, margin)
	}
	if cost, rest := r.CostPerYear().Mean, r.UnallocatedCost().Mean; cost != 50 || rest != 50 {
		t.Errorf("cost is %v, unallocated %v, want 50 and 50", cost, rest)
	}
}

// TestCreditRate has two bounds for first responses and one for updates.
func TestCreditRate(t *testing.T) {
	credits := []scenario.Credit{
		{Milestone: sla.FirstResponse, Below: 0.90, Rate: 0.25}, {Milestone: sla.FirstResponse, Below: 0.95, Rate: 0.10},
		{Milestone: sla.Update, Below: 0.99, Rate: 0.05},
	}
	for _, c := range []struct {
		what                               string
		response, responses, update, count int64
		want                               float64
	}{
		{"all kept", 100, 100, 100, 100, 0},
		{"a bound reached is kept", 95, 100, 99, 100, 0},
		{"the upper bound broken", 94, 100, 100, 100, 0.10},
		{"both bounds broken: the lower counts", 89, 100, 100, 100, 0.25},
		{"between the bounds", 90, 100, 100, 100, 0.10},
		{"milestones add up", 89, 100, 98, 100, 0.30},
		{"nothing decided", 0, 0, 0, 0, 0},
	} {
		got := creditRate(credits, func(m sla.Milestone) (met, decided int64) {
			if m == sla.Update {
				return c.update, c.count
			}
			return c.response, c.responses
		})
		if math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v of the price, want %v", c.what, got, c.want)
		}
	}
}

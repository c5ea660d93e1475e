package reports

import (
	"math"

	"sunrelay/model/scenario"
	"sunrelay/sim/experiment"
	"sunrelay/sim/stats"
)

// Cost is a sum of money in 365.25 days.
type Cost struct {
	Amount    Number `json:"amount"`
	HalfWidth Number `json:"half_width"`
	Currency  string `json:"currency"`
}

// PlanMoney is what a plan earns and costs in 365.25 days. Prices and customers are given, and so earnings have no half-width.
type PlanMoney struct {
	Plan         string `json:"plan"`
	Customers    int    `json:"customers"`
	PricePerYear Number `json:"price_per_year"` // of one customer
	Credited     int    `json:"replications_with_credits"`
	Money
}

// Money is earned, spent and owed in 365.25 days. What the scenario gives no figures for is null: earnings and margin where
// no plan has both price and customers, credits where none can be owed, cost and margin where no pool has a cost or, of a
// plan, nobody works.
type Money struct {
	Earnings         Number `json:"earnings_per_year"`
	Cost             Number `json:"cost_per_year"` // of the agents, by the time that they work for the plan
	CostHalfWidth    Number `json:"cost_per_year_half_width"`
	Credits          Number `json:"credits_per_year"` // owed to customers for promises broken
	CreditsHalfWidth Number `json:"credits_per_year_half_width"`
	Margin           Number `json:"margin_per_year"` // earnings less cost and credits
	MarginHalfWidth  Number `json:"margin_per_year_half_width"`
	Currency         string `json:"currency"`
}

// priced says which sums a scenario gives figures for.
type priced struct{ earnings, credits, cost bool }

func pricedIn(c *scenario.Compiled) (is priced) {
	for _, plan := range c.Plans {
		sold := plan.PricePerYear > 0 && plan.Customers > 0
		is.earnings = is.earnings || sold
		is.credits = is.credits || sold && len(plan.Credits) > 0
	}
	for _, pool := range c.Pools {
		is.cost = is.cost || pool.CostPerHour > 0 || pool.OnCallCostPerHour > 0
	}
	return is
}

// addMoney adds the cost of the agents, and what each plan earns and costs.
func (run *Run) addMoney(result *experiment.Result) {
	run.Money = []PlanMoney{}
	c := result.Model.Scenario
	known := pricedIn(c)
	if !known.earnings && !known.cost {
		return
	}
	var all []int
	total := 0.0
	for p, plan := range c.Plans {
		all = append(all, p)
		total += result.Earnings(p)
		run.Money = append(run.Money, PlanMoney{
			Plan: plan.Name, Customers: plan.Customers, PricePerYear: Number(plan.PricePerYear), Credited: result.Credited(p),
			Money: newMoney(c, known, result.Earnings(p), result.PlanCost(p), result.Credits(p), result.PlanMargin(p)),
		})
	}
	sum := newMoney(c, known, total, result.CostPerYear(), result.Credits(all...), result.MarginPerYear())
	run.MoneyTotal = &sum
	if known.cost {
		run.CostPerYear = newCost(result.CostPerYear(), sum.Currency)
		run.UnallocatedCost = newCost(result.UnallocatedCost(), sum.Currency)
	}
}

func newCost(e stats.Estimate, currency string) *Cost {
	return &Cost{Amount: Number(e.Mean), HalfWidth: halfWidth(e), Currency: currency}
}

// newMoney leaves out what is not known.
func newMoney(c *scenario.Compiled, known priced, earnings float64, cost, credits, margin stats.Estimate) Money {
	unknown := Number(math.NaN())
	m := Money{unknown, unknown, unknown, unknown, unknown, unknown, unknown, currency(c)}
	if known.earnings {
		m.Earnings = Number(earnings)
	}
	if known.credits {
		m.Credits, m.CreditsHalfWidth = Number(credits.Mean), halfWidth(credits)
	}
	if known.cost {
		m.Cost, m.CostHalfWidth = Number(cost.Mean), halfWidth(cost)
	}
	if known.earnings && known.cost {
		m.Margin, m.MarginHalfWidth = Number(margin.Mean), halfWidth(margin)
	}
	return m
}

// currency is that of all sums.
func currency(c *scenario.Compiled) string {
	if c.Currency != "" {
		return c.Currency
	}
	for _, centre := range c.Definition.Centres {
		for _, pool := range centre.Value.Pools {
			if pay := pool.Value.CostPerHour; !pay.IsZero() {
				return pay.Currency
			}
		}
	}
	return ""
}

// moneySection tells what plans earn and cost.
func (run *Run) moneySection() Section {
	if run.MoneyTotal == nil {
		return Section{}
	}
	t := Table{Columns: []Column{
		{"plan", Left}, {"customers", Right}, {"earnings", Right}, {"cost of agents", Right}, {"credits", Right}, {"margin", Right},
	}}
	told := false // the only row has all the cost
	for i := range run.Money {
		m := &run.Money[i]
		if m.Earnings > 0 || m.Cost > 0 || m.Credits > 0 {
			told = len(t.Rows) == 0 && (m.Cost == run.MoneyTotal.Cost || !run.MoneyTotal.Cost.Known())
			t.Rows = append(t.Rows, m.row(m.Plan, m.Customers))
		}
	}
	if rest := run.UnallocatedCost; rest != nil && rest.Amount > 0 && len(t.Rows) > 0 {
		nothing := Number(math.NaN())
		unallocated := Money{nothing, rest.Amount, rest.HalfWidth, nothing, nothing, nothing, nothing, rest.Currency}
		t.Rows = append(t.Rows, unallocated.row("(pools without work)", 0))
	}
	if !told {
		t.Rows = append(t.Rows, run.MoneyTotal.row("all", 0))
	}
	return Section{Heading: "Money a year, in " + run.MoneyTotal.Currency, Tables: []Table{t.withoutEmptyColumns()}}
}

// row is a row of the table; a number of customers of 0 is not shown.
func (m *Money) row(name string, customers int) []Cell {
	row := words(name, "")
	if customers > 0 {
		row[1].Text = Count(int64(customers))
	}
	row = append(row, figure(Rounded(m.Earnings, Number(math.NaN()))), figure(Rounded(m.Cost, m.CostHalfWidth)))
	credits := figure(Rounded(m.Credits, m.CreditsHalfWidth))
	switch {
	case m.Credits > 0:
		credits.Tone = Doubtful
	case m.Credits == 0: // ± 0 is noise
		credits.Text = "0"
	}
	margin := figure(Rounded(m.Margin, m.MarginHalfWidth))
	if m.Margin+m.MarginHalfWidth < 0 {
		margin.Tone = Bad
	}
	return append(row, credits, margin)
}

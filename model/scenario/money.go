package scenario

import (
	"regexp"
	"slices"
	"strings"

	"sunrelay/model"
)

// amount is money with the path where it stands.
type amount struct {
	path  string
	money model.Money
}

// amounts are all sums of money that were given.
func (def *Definition) amounts() []amount {
	var all []amount
	add := func(path string, money model.Money) {
		if !money.IsZero() {
			all = append(all, amount{path, money})
		}
	}
	for _, plan := range def.Plans {
		add("plans."+plan.Name+".price_per_year", plan.Value.PricePerYear)
	}
	for _, centre := range def.Centres {
		for _, pool := range centre.Value.Pools {
			path := poolPath(centre.Name, pool.Name)
			add(path+".cost_per_hour", pool.Value.CostPerHour)
			add(path+".on_call_cost_per_hour", pool.Value.OnCallCostPerHour)
		}
	}
	add("planning.budget", def.Planning.Budget)
	return all
}

// firstCurrency is that of the first amount in the file; empty where there is none.
func (def *Definition) firstCurrency() string {
	all := def.amounts()
	if len(all) == 0 {
		return ""
	}
	main := def.At("").File
	return slices.MinFunc(all, func(a, b amount) int {
		return def.At(a.path).compare(def.At(b.path), main)
	}).money.Currency
}

// agentsCost reports whether any pool says what its agents cost.
func (def *Definition) agentsCost() bool {
	return slices.ContainsFunc(def.amounts(), func(a amount) bool { return strings.HasSuffix(a.path, "cost_per_hour") })
}

// currencyForm is what codes of ISO 4217 look like.
var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// checkMoney reports exchange rates that make no sense and amounts that cannot be told in the scenario's currency.
func (v *validation) checkMoney() {
	currency := v.def.Currency
	if currency != "" && !currencyForm.MatchString(currency) {
		v.problem("currency", "is %q, want a code of three capital letters such as USD", currency)
	}
	for _, rate := range v.def.ExchangeRates {
		switch {
		case !currencyForm.MatchString(rate.Name):
			v.problemAt(rate.At, "is no code of a currency, want three capital letters such as EUR")
		case rate.Name == currency:
			v.problemAt(rate.At, "is the currency of the scenario, want others")
		case rate.Value <= 0:
			v.problemAt(rate.At, "is %g, want more than 0", rate.Value)
		}
	}
	for _, amount := range v.def.amounts() {
		if own := amount.money.Currency; own != currency && v.def.ExchangeRates.Index(own) < 0 {
			v.problem(amount.path, "is in %s, want %s or a currency among the exchange_rates", own, currency)
		}
	}
}

// inCurrency is an amount in the scenario's currency.
func (c *compiler) inCurrency(money model.Money) float64 {
	if rate := c.def.ExchangeRates.Find(money.Currency); rate != nil {
		return money.Amount * *rate
	}
	return money.Amount
}

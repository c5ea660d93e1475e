package experiment

import (
	"math"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
)

// All sums of money are those of a year of 365.25 days, in the scenario's currency.
const year = 365.25 * float64(calendar.Day)

// CostPerYear is the pay of all agents.
func (r *Result) CostPerYear() stats.Estimate { return r.ofAllPools(r.poolCost) }

// ofAllPools is the sum of a cost over the pools.
func (r *Result) ofAllPools(cost func(t *metrics.Totals, pool int) float64) stats.Estimate {
	return r.meanOf(func(t *metrics.Totals) float64 {
		sum := 0.0
		for p := range r.Model.Scenario.Pools {
			sum += cost(t, p)
		}
		return sum
	})
}

// PlanCost is the pay of the agents for the cases of a plan. A pool's pay is split by the time that its agents work for
// each plan; their idle and absent time is shared in the same proportion. It is unknown where nobody works at all.
func (r *Result) PlanCost(plan int) stats.Estimate {
	if r.nobodyWorks() {
		return unknown(len(r.Replications))
	}
	return r.meanOf(func(t *metrics.Totals) float64 { return r.planCost(t, plan) })
}

// UnallocatedCost is the pay of the agents of pools that work on no case: what CostPerYear has beyond all plans.
func (r *Result) UnallocatedCost() stats.Estimate {
	return r.meanOf(func(t *metrics.Totals) float64 {
		sum := 0.0
		for p := range r.Model.Scenario.Pools {
			if worked(t, p, 0, t.Shape.Rows()) == 0 {
				sum += r.poolCost(t, p)
			}
		}
		return sum
	})
}

// Earnings are what the customers of a plan pay. They are given, not simulated.
func (r *Result) Earnings(plan int) float64 {
	def := &r.Model.Scenario.Plans[plan]
	return float64(def.Customers) * def.PricePerYear
}

// Credits are what is owed to the customers of the plans for promises broken: for each milestone the credit with the lowest
// bound above the attainment over the run.
func (r *Result) Credits(plans ...int) stats.Estimate {
	return r.meanOf(func(t *metrics.Totals) float64 { return r.credits(t, plans) })
}

// Credited is the number of replications in which a plan owes credits.
func (r *Result) Credited(plan int) int {
	n := 0
	for _, t := range r.Replications {
		if r.credits(t, []int{plan}) > 0 {
			n++
		}
	}
	return n
}

// PlanMargin is a plan's earnings less its cost and credits; unknown where PlanCost is.
func (r *Result) PlanMargin(plan int) stats.Estimate {
	if r.nobodyWorks() {
		return unknown(len(r.Replications))
	}
	return r.meanOf(func(t *metrics.Totals) float64 {
		return r.Earnings(plan) - r.planCost(t, plan) - r.credits(t, []int{plan})
	})
}

// MarginPerYear is what all plans earn less the cost of all agents and all credits.
func (r *Result) MarginPerYear() stats.Estimate {
	var plans []int
	earnings := 0.0
	for p := range r.Model.Scenario.Plans {
		plans = append(plans, p)
		earnings += r.Earnings(p)
	}
	return r.meanOf(func(t *metrics.Totals) float64 {
		sum := earnings - r.credits(t, plans)
		for p := range r.Model.Scenario.Pools {
			sum -= r.poolCost(t, p)
		}
		return sum
	})
}

// meanOf is the mean over the replications of a sum.
func (r *Result) meanOf(sum func(*metrics.Totals) float64) stats.Estimate {
	var sums []float64
	for _, t := range r.Replications {
		sums = append(sums, sum(t))
	}
	return estimator.MeanOf(sums)
}

// unknown is the estimate of what n replications do not tell.
func unknown(n int) stats.Estimate {
	return stats.Estimate{Mean: math.NaN(), HalfWidth: math.Inf(1), N: n}
}

// OvertimePerYear is the part of CostPerYear for work past the end of shifts, and of agents who were called in.
func (r *Result) OvertimePerYear() stats.Estimate { return r.ofAllPools(r.overtimeCost) }

// poolCost is the pay of a pool's agents: scheduled hours × cost an hour and hours on call × their cost, both with what nights
// and weekends add, and overtime.
func (r *Result) poolCost(t *metrics.Totals, pool int) float64 {
	def := &r.Model.Scenario.Pools[pool]
	scheduled, onCall := t.Pools[pool].Total().Scheduled, t.Pools[pool].OnCall
	for _, shift := range def.Shifts {
		extra := int64(shift.Agents) * int64(shift.ExtraPay)
		if shift.OnCall > 0 {
			onCall += extra
		} else {
			scheduled += extra
		}
	}
	return r.perYear(float64(scheduled)*def.CostPerHour+float64(onCall)*def.OnCallCostPerHour) + r.overtimeCost(t, pool)
}

// overtimeCost is the pay of a pool's agents for overtime. Agents on call who are called in work overtime.
func (r *Result) overtimeCost(t *metrics.Totals, pool int) float64 {
	def := &r.Model.Scenario.Pools[pool]
	return r.perYear(float64(t.Pools[pool].Total().Overtime) * def.CostPerHour * (1 + def.OvertimePay))
}

// perYear makes milliseconds × cost an hour in the measured time a cost a year.
func (r *Result) perYear(sum float64) float64 {
	c := r.Model.Scenario
	return sum / float64(calendar.Hour) * year / float64(c.End-c.Start)
}

// planCost is the part of the plan in the pay of all pools.
func (r *Result) planCost(t *metrics.Totals, plan int) float64 {
	first, last := t.Shape.Row(plan, 0), t.Shape.Row(plan+1, 0)
	sum := 0.0
	for p := range r.Model.Scenario.Pools {
		if all := worked(t, p, 0, t.Shape.Rows()); all > 0 {
			sum += float64(worked(t, p, first, last)) / float64(all) * r.poolCost(t, p)
		}
	}
	return sum
}

// worked is the time that a pool's agents work for the given rows.
func worked(t *metrics.Totals, pool, first, last int) int64 {
	return rows(first, last, func(row int) int64 { return t.Worked[row*t.Shape.Pools+pool] })
}

func (r *Result) nobodyWorks() bool {
	for _, time := range r.Pooled.Worked {
		if time > 0 {
			return false
		}
	}
	return true
}

// credits are those of the plans in one replication.
func (r *Result) credits(t *metrics.Totals, plans []int) float64 {
	sum := 0.0
	for _, plan := range plans {
		first, last := t.Shape.Row(plan, 0), t.Shape.Row(plan+1, 0)
		rate := creditRate(r.Model.Scenario.Plans[plan].Credits, func(m sla.Milestone) (met, decided int64) {
			return rows(first, last, func(i int) int64 { return t.Clocks[m][i].Total().Met }),
				rows(first, last, func(i int) int64 { return t.Clocks[m][i].Total().Decided })
		})
		sum += rate * r.Earnings(plan)
	}
	return sum
}

// creditRate is the share of the price that is owed. Of the credits of a milestone whose bound lies above its attainment
// the lowest counts; milestones add up. Where no clock was decided nothing is owed.
func creditRate(credits []scenario.Credit, clocks func(sla.Milestone) (met, decided int64)) float64 {
	var owed [sla.Milestones]scenario.Credit
	for _, credit := range credits {
		lowest := &owed[credit.Milestone]
		met, decided := clocks(credit.Milestone)
		if decided == 0 || float64(met)/float64(decided) >= credit.Below {
			continue
		}
		if lowest.Below == 0 || credit.Below < lowest.Below {
			*lowest = credit
		}
	}
	rate := 0.0
	for _, credit := range owed {
		rate += credit.Rate
	}
	return rate
}

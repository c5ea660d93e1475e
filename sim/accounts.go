package sim

import (
	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// account is a class with the places where its cases are counted in one replication.
type account struct {
	class
	clocks   [sla.Milestones]clock
	elapsed  [sla.Milestones]*metrics.Waits
	waits    []*metrics.Waits // by tier
	outcomes *[model.Outcomes]int64
}

// clock is a target of a class: policy is nil where nothing is promised.
type clock struct {
	policy *calendar.Policy
	counts *metrics.Clocks
}

// openAccounts points the accounts at the tables of a new replication.
func (e *Engine) openAccounts() {
	for i := range e.accounts {
		a := &e.accounts[i]
		for m := range a.clocks {
			a.clocks[m] = clock{policy: a.policies[m], counts: &e.totals.Clocks[m][a.row]}
			a.elapsed[m] = &e.totals.Elapsed[m][a.row]
		}
		for t := range a.waits {
			a.waits[t] = &e.totals.Waits[t*e.Shape.Severities+int(a.severity)]
		}
		a.outcomes = &e.totals.Outcomes[a.row]
	}
}

package sim

import (
	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// account is a class with the places where its cases are counted in one replication.
type account struct {
	class
	counts   [sla.Milestones]*metrics.Clocks
	elapsed  [sla.Milestones]*metrics.Waits
	waits    []*metrics.Waits // by tier
	outcomes *[model.Outcomes]int64
	happened *[metrics.Counts]int64
	worked   []int64 // agents' time, by pool
}

// openAccounts points the accounts at the tables of a new replication.
func (e *Engine) openAccounts() {
	for i := range e.accounts {
		a := &e.accounts[i]
		for m := range a.counts {
			a.counts[m] = &e.totals.Clocks[m][a.row]
			a.elapsed[m] = &e.totals.Elapsed[m][a.row]
		}
		for t := range a.waits {
			a.waits[t] = &e.totals.Waits[t*e.Shape.Severities+int(a.severity)]
		}
		a.outcomes = &e.totals.Outcomes[a.row]
		a.happened = &e.totals.Counts[a.row]
		first := int(a.row) * e.Shape.Pools
		a.worked = e.totals.Worked[first : first+e.Shape.Pools]
	}
}

// count notes that something happened to a case of the class.
func (e *Engine) count(k *account, what metrics.Count) {
	if e.measuring {
		k.happened[what]++
	}
}

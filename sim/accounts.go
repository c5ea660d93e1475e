package sim

import (
	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// account is a class with the places where its cases are counted in one replication.
type account struct {
	class
	*books
}

// books are where the cases of a plan and severity are counted.
type books struct {
	counts   [sla.Milestones]*metrics.Clocks
	elapsed  [sla.Milestones]*metrics.Waits
	waits    []*metrics.Waits // by tier
	outcomes *[model.Outcomes]int64
	happened *[metrics.Counts]int64
	worked   []int64 // agents' time, by pool
}

// newAccounts are the accounts of all classes; those of a plan and severity share their books.
func newAccounts(m *Model) []account {
	all := make([]books, m.Shape.Rows())
	for row := range all {
		all[row].waits = make([]*metrics.Waits, m.Shape.Tiers)
	}
	accounts := make([]account, len(m.classes))
	for i, k := range m.classes {
		accounts[i] = account{class: k, books: &all[k.row]}
	}
	return accounts
}

// openAccounts points the books at the tables of a new replication.
func (e *Engine) openAccounts() {
	for i := range e.accounts {
		k := &e.accounts[i]
		for m := range k.counts {
			k.counts[m] = &e.totals.Clocks[m][k.row]
			k.elapsed[m] = &e.totals.Elapsed[m][k.row]
		}
		for t := range k.waits {
			k.waits[t] = &e.totals.Waits[t*e.Shape.Severities+int(k.severity)]
		}
		k.outcomes = &e.totals.Outcomes[k.row]
		k.happened = &e.totals.Counts[k.row]
		first := int(k.row) * e.Shape.Pools
		k.worked = e.totals.Worked[first : first+e.Shape.Pools]
	}
}

// count notes that something happened to a case of the class.
func (e *Engine) count(k *account, what metrics.Count) {
	if e.measuring {
		k.happened[what]++
	}
}

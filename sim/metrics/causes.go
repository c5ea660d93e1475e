package metrics

// Cause says why a promise was broken. Where several apply, the first of them counts.
type Cause uint8

// The causes of breaches, in the order in which they are looked for.
const (
	// Coverage: nobody who may work the case was scheduled early enough; no number of agents in the present shifts could
	// have kept the promise.
	Coverage Cause = iota
	// Customer: the time until the customer answered.
	Customer
	// Outside: the time until engineering or a depot delivered, or an outage ended.
	Outside
	// HandOver: what is left of a touch waited after the end of a shift or an interruption.
	HandOver
	// Engineer: the touch waited for one engineer alone.
	Engineer
	// Rank: an agent who may work the case took work that had begun to wait later, as the rule of dispatch says.
	Rank
	// Capacity: the agents on duty were all busy with work that had waited longer.
	Capacity
	// Work: the handle times alone were longer than the target.
	Work
	Causes = iota // how many causes there are
)

var causeNames = [Causes]string{"coverage", "customer", "outside", "hand_over", "engineer", "rank", "capacity", "work"}

// String is the cause's name in output.
func (c Cause) String() string { return causeNames[c] }

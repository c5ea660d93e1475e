package metrics

// Count is something that happens to cases and is counted.
type Count uint8

// What is counted.
const (
	Questions Count = iota // put to customers
	Updates                // that agents made beside touches
	Attempts               // further contact attempts to customers who do not answer
	ManagerContacts
	Workarounds         // that restored the service before the solution
	Lowered             // severities
	Raised              // severities
	Orders              // to external parties
	Failures            // deliveries of external parties that did not work
	Linked              // cases linked to an outage
	Reopened            // cases
	CameBackLate        // customers, too late to reopen: they have a new case
	SplitOff            // cases made of further issues
	Callbacks           // that callers asked for instead of holding on
	Counts       = iota // how many there are
)

var countNames = [Counts]string{
	"questions", "updates", "attempts", "manager_contacts", "workarounds", "lowered", "raised", "orders", "failures", "linked",
	"reopened", "came_back_late", "split_off", "callbacks",
}

// String is the count's name in output.
func (c Count) String() string { return countNames[c] }

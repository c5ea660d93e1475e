package trace

import (
	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// Story is the life of a case in one replication.
type Story struct {
	Replication int
	Number      int64 // in the order of arrival of the replication, counted from 1; 0 = it arose in the run
	Key         rng.Key
	Origin      Origin          // of a case that arose in the run
	Class       workloads.Class // on arrival
	Arrived     calendar.Instant
	Measured    bool // it arrived in the measured time
	Clocks      []Clock
	Steps       []Step // in the order of their beginning
	Outcome     model.Outcome
	Ended       calendar.Instant // when it was closed last, or the end of the run
}

// Origin says from what other case a case arose that the workload does not have.
type Origin struct {
	Kind   StepKind // SplitOff or CameBackLate
	Key    rng.Key
	Number int64 // 0 where that case arose in the run too
}

// Clock is a milestone of the case, measured once, with what was promised of it. Some milestones are measured again and
// again, each time with a clock of its own.
type Clock struct {
	Milestone sla.Milestone
	Class     workloads.Class // of the case when the target was set
	By        int             // external party or way of asking for a manager, by which the target goes
	Restored  bool            // the target is that of updates once service is restored
	Calendar  string          // on which the target is counted; empty = nothing was promised
	Started   calendar.Instant
	HasDue    bool // false also where the due lies past all calendars, or the promise was withdrawn
	Due       calendar.Instant
	IsReached bool
	Ended     calendar.Instant // the milestone was reached, the case closed or changed severity, or the run ended
	StoodAt   calendar.Instant // it stands still since then, for the customer is asked; 0 = it runs
	Verdict   Verdict
	Cause     metrics.Cause // of a breach
	running   bool
}

// Late is how long after the due the clock ended, or stood still for good; negative = early. It is false where there is no
// due.
func (c *Clock) Late() (calendar.Duration, bool) {
	if c.StoodAt != 0 && c.StoodAt <= c.Due {
		return c.StoodAt.Sub(c.Due), c.HasDue
	}
	return c.Ended.Sub(c.Due), c.HasDue
}

// Verdict says how a clock counts.
type Verdict uint8

// The verdicts. NotCounted is that of what was not promised or started in the warm-up.
const (
	NotCounted Verdict = iota
	Met
	Breached
	Undecided // the due lies at the end of the run or later
	Cancelled // the customer ended the case before the due
	Withdrawn // nothing is promised for the severity to which the case changed
)

var verdictNames = [...]string{"not_counted", "met", "breached", "undecided", "cancelled", "withdrawn"}

// String is the verdict's name in output.
func (v Verdict) String() string { return verdictNames[v] }

// StepKind says what a step of a life is.
type StepKind uint8

// The kinds of steps: the states of a case, which follow one another; the work beside them, which also lasts; and what
// happens at an instant.
const (
	Waits        StepKind = iota // for an agent
	Worked                       // by an agent
	WithCustomer                 // from a question to the answer, or to the closing for want of one
	WithParty                    // from an order to what an external party sends
	OnItsWay                     // until that arrives
	WithOutage                   // until the outage ends
	Away                         // closed, until the customer comes back

	ContactWaits // for an agent who is to make an update, a contact attempt or a manager's contact
	Contacted    // by an agent

	Arrives
	PassedOver // an agent took work that had begun to wait later
	CalledIn   // an agent who was on call
	CallbackAsked
	Escalated
	ServiceRestored // by a workaround
	SeverityChanged
	ManagerAsked
	PartFailed // what came from an external party
	PartWorks
	SplitOff // a case of its own
	ReachedMilestone
	RanOut  // the due of a milestone passes that is reached later or not at all
	NewDue  // of a clock that stood still, or whose target changed
	Dropped // the promise of a clock
	Ends
	CameBackLate // and has a new case
	Reopened
)

// Step is a part of a life. States and work last from From to To. One state follows the other from arrival to end; work
// beside them may lie anywhere, even after the end. Every other kind happens at From.
type Step struct {
	Kind      StepKind
	From, To  calendar.Instant
	Tier      int           // index
	Work      sim.Work      // of Waits, Worked, ContactWaits, Contacted and PassedOver
	Ahead     int           // of waits: the work that waited with a better place for the same agents when it began
	Kept      bool          // of Waits: for Agent alone
	Agent     sim.Seat      // of work and CalledIn
	Load      int           // of work: the pieces that the agent had in work when it began, this one included
	Touch     int           // of Worked, counted from 1
	Resumed   bool          // of waits and work: what is left of it
	Elsewhere bool          // of Worked: resumed at another centre, where it is read again
	Severity  int           // of Worked and SeverityChanged: that of the case then
	Was       int           // of SeverityChanged: the severity before
	Break     Break         // of work: why it stopped before it was complete
	Open      bool          // it lasts beyond the end of the run
	Silent    bool          // of WithCustomer: no answer came
	Way       int           // of ManagerAsked
	Other     rng.Key       // of SplitOff and CameBackLate: the case that arises
	Outcome   model.Outcome // of Ends
	Clock     int           // of ReachedMilestone to Dropped: index
	Due       calendar.Instant
}

// Break is why an agent stopped in the middle of a touch.
type Break uint8

// NoBreak is the zero value.
const (
	NoBreak     Break = iota
	Interrupted       // by more urgent work
	HandedOver        // the agent's shift was over
)

var breakNames = [...]string{"", "interrupted", "handed_over"}

// String is the reason's name in output; empty for NoBreak.
func (b Break) String() string { return breakNames[b] }

// IsState reports whether the step is a state of the case.
func (k StepKind) IsState() bool { return k <= Away }

// Lasts reports whether the step has a length.
func (k StepKind) Lasts() bool { return k <= Contacted }

// Length is how long the step lasts.
func (s *Step) Length() calendar.Duration { return s.To.Sub(s.From) }

// Sums are what a life consists of: the first five together are the time from arrival to end. Contacts are beside them.
type Sums struct {
	Waited, Worked, WithCustomer, Outside, Away calendar.Duration
	ContactsWaited, Contacts                    calendar.Duration
}

// Sums adds up the steps.
func (s *Story) Sums() (sums Sums) {
	for i := range s.Steps {
		step := &s.Steps[i]
		if sum := sums.of(step.Kind); sum != nil {
			*sum += step.Length()
		}
	}
	return sums
}

// of is the sum to which a kind of steps belongs; nil for those that do not last.
func (s *Sums) of(kind StepKind) *calendar.Duration {
	switch kind {
	case Waits:
		return &s.Waited
	case Worked:
		return &s.Worked
	case WithCustomer:
		return &s.WithCustomer
	case WithParty, OnItsWay, WithOutage:
		return &s.Outside
	case Away:
		return &s.Away
	case ContactWaits:
		return &s.ContactsWaited
	case Contacted:
		return &s.Contacts
	}
	return nil
}

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
	Number      int64 // in the order of arrival of the replication, counted from 1
	Key         rng.Key
	Class       workloads.Class
	Arrived     calendar.Instant
	Measured    bool // it arrived in the measured time
	Clocks      []Clock
	Steps       []Step // in the order of their beginning
	Outcome     model.Outcome
	Ended       calendar.Instant // when it was closed, or the end of the run
}

// Clock is a milestone of the case with what was promised of it.
type Clock struct {
	Milestone sla.Milestone
	Calendar  string // on which the target is counted; empty = nothing was promised
	HasDue    bool   // false also where the due lies past all calendars
	Due       calendar.Instant
	IsReached bool
	Reached   calendar.Instant
	Verdict   Verdict
	Cause     metrics.Cause // of a breach
}

// Late is how long after the due the milestone was reached, or the case ended or stood open at the end of the run without
// it; negative = early. It is false where there is no due.
func (c *Clock) Late(ended calendar.Instant) (calendar.Duration, bool) {
	if c.IsReached {
		ended = c.Reached
	}
	return ended.Sub(c.Due), c.HasDue
}

// Verdict says how a clock counts.
type Verdict uint8

// The verdicts. NotCounted is that of what was not promised or arrived in the warm-up.
const (
	NotCounted Verdict = iota
	Met
	Breached
	Undecided // the due lies at the end of the run or later
	Cancelled // the customer ended the case before the due
)

var verdictNames = [...]string{"not_counted", "met", "breached", "undecided", "cancelled"}

// String is the verdict's name in output.
func (v Verdict) String() string { return verdictNames[v] }

// StepKind says what a step of a life is.
type StepKind uint8

// The kinds of steps: three that last, and what happens between them.
const (
	Waits        StepKind = iota // for an agent
	Worked                       // by an agent
	WithCustomer                 // from a question to the answer, or to the closing for want of one
	Arrives
	PassedOver // an agent took work that had begun to wait later
	Escalated
	ReachedMilestone
	RanOut // the due of a milestone passes that is reached later or not at all
	Ends
)

// Step is a part of a life. Waits, Worked and WithCustomer last from From to To, and one follows the other from arrival to
// end; every other kind happens at From.
type Step struct {
	Kind      StepKind
	From, To  calendar.Instant
	Tier      int           // index
	Ahead     int           // of Waits: the work that waited with a better place for the same agents when it began
	Agent     sim.Seat      // of Worked
	Touch     int           // of Worked, counted from 1
	Resumed   bool          // of Waits and Worked: what is left of a touch
	Elsewhere bool          // of Worked: resumed at another centre, where it is read again
	Break     Break         // of Worked: why it stopped before the touch was complete
	Open      bool          // it lasts beyond the end of the run
	Silent    bool          // of WithCustomer: no answer came
	Milestone sla.Milestone // of ReachedMilestone and RanOut
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

// Length is how long the step lasts.
func (s *Step) Length() calendar.Duration { return s.To.Sub(s.From) }

// Sums are what a life consists of; together they are the time from arrival to end.
type Sums struct{ Waited, Worked, WithCustomer calendar.Duration }

// Sums adds up the steps.
func (s *Story) Sums() (sums Sums) {
	for i := range s.Steps {
		step := &s.Steps[i]
		switch step.Kind {
		case Waits:
			sums.Waited += step.Length()
		case Worked:
			sums.Worked += step.Length()
		case WithCustomer:
			sums.WithCustomer += step.Length()
		}
	}
	return sums
}

// Clock is that of the milestone.
func (s *Story) Clock(m sla.Milestone) *Clock { return &s.Clocks[m] }

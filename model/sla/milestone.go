package sla

import "fmt"

// Milestone is a promised point in the life of a case.
type Milestone uint8

// The milestones that a plan can set targets for. What starts and stops their clocks stands in Transitions.
const (
	FirstResponse  Milestone = iota // somebody takes care of the case
	NextResponse                    // the customer who wrote or called again gets a reply
	Update                          // the customer hears how the case stands
	Restore                         // the service is back, if only by a workaround
	Resolve                         // the case is solved
	Fix                             // engineering delivers
	RMADispatch                     // the depot ships a part
	RMAReturn                       // the customer has sent the defective unit back
	ManagerContact                  // a manager gets in touch with the customer
	Milestones     = iota           // how many milestones there are
)

var milestoneNames = [Milestones]string{
	"first_response", "next_response", "update", "restore", "resolve", "fix", "rma_dispatch", "rma_return", "manager_contact",
}

// String is the milestone's key in scenario files and output.
func (m Milestone) String() string { return milestoneNames[m] }

// UnmarshalText reads the milestone's key.
func (m *Milestone) UnmarshalText(text []byte) error {
	for i, name := range milestoneNames {
		if name == string(text) {
			*m = Milestone(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a milestone, want one of %s", text, listWords(milestoneNames[:]))
}

// MilestoneSet is a set of milestones.
type MilestoneSet uint16

// SetOf is the set of the milestones.
func SetOf(milestones ...Milestone) MilestoneSet {
	var s MilestoneSet
	for _, m := range milestones {
		s |= 1 << m
	}
	return s
}

// Has reports whether the milestone is in the set.
func (s MilestoneSet) Has(m Milestone) bool { return s>>m&1 == 1 }

// Event is something in the life of a case that moves its clocks.
type Event uint8

// The events that move clocks.
const (
	Opened          Event  = iota // the case arrives
	CustomerContact               // the customer answers, or comes back to a closed case
	Replied                       // a touch starts (or ends: see Response); an update or a manager's contact ends
	Contacted                     // a touch, an update, a contact attempt or a manager's contact ends
	Restored                      // a workaround is in place
	Solved                        // the last touch ends
	Ordered                       // an external party is asked for what its milestone names
	Delivered                     // it has sent it
	Installed                     // what it has sent has come to the customer
	SentBack                      // the customer has sent back what was replaced
	ManagerAsked                  // the customer asks for a manager
	ManagerReplied                // the manager's contact ends
	Events          = iota        // how many events there are
)

// Transition says which events start and stop the clock of a milestone. An event that does both decides the clock that
// runs and starts the next.
type Transition struct{ Start, Stop []Event }

// Transitions are those of all milestones. Which clocks stand still while the customer is asked is for the plan to say.
// Fix and RMADispatch run at the parties whose milestone they are.
var Transitions = [Milestones]Transition{
	FirstResponse:  {Start: []Event{Opened}, Stop: []Event{Replied}},
	NextResponse:   {Start: []Event{CustomerContact}, Stop: []Event{Replied}},
	Update:         {Start: []Event{Opened, CustomerContact, Contacted}, Stop: []Event{Replied, Contacted, Solved}},
	Restore:        {Start: []Event{Opened}, Stop: []Event{Restored, Solved}},
	Resolve:        {Start: []Event{Opened}, Stop: []Event{Solved}},
	Fix:            {Start: []Event{Ordered}, Stop: []Event{Delivered}},
	RMADispatch:    {Start: []Event{Ordered}, Stop: []Event{Delivered}},
	RMAReturn:      {Start: []Event{Installed}, Stop: []Event{SentBack}},
	ManagerContact: {Start: []Event{ManagerAsked}, Stop: []Event{ManagerReplied}},
}

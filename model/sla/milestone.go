package sla

// Milestone is a promised point in the life of a case.
type Milestone uint8

// The milestones that a plan can set targets for.
const (
	FirstResponse Milestone = iota // starts at arrival; stops when the first touch starts (or ends: see Channel)
	Resolve                        // starts at arrival; stops when the last touch ends
	Milestones    = iota           // how many milestones there are
)

var milestoneNames = [Milestones]string{"first_response", "resolve"}

// String is the milestone's key in scenario files and output.
func (m Milestone) String() string { return milestoneNames[m] }

package model

// Outcome says how a case stands at the end of a run.
type Outcome uint8

// Every case that arrives has exactly one of these at the end.
const (
	Open       Outcome = iota // still in work, waiting or with the customer
	Resolved                  // the last touch solved it
	Unanswered                // closed because the customer never answered a question
	Abandoned                 // the caller hung up before the first touch
	Blocked                   // the channel's waiting room was full on arrival
	Refused                   // the customer was not entitled to it, or opened it by a channel that the plan does not have
	Outcomes   = iota         // how many outcomes there are
)

var outcomeNames = [Outcomes]string{"open", "resolved", "unanswered", "abandoned", "blocked", "refused"}

// String is the outcome's name in output.
func (o Outcome) String() string { return outcomeNames[o] }

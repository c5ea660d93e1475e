package workloads

import (
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/workloads/arrivals"
	"sunrelay/workloads/dist"
)

// Model is the workload of a scenario, bound: distributions instead of expressions, indices instead of names. It is
// read-only and may be shared by goroutines.
type Model struct {
	Classes    []Class
	Lower      []int32     // by class: the same one severity lower, or -1
	Higher     []int32     // by class: the same one severity higher, or -1
	Work       [][]Work    // by tier and row: plan × severities + severity
	Patience   []dist.Dist // by channel, milliseconds; nil = callers hold for ever
	Management []Manager   // ways in which customers ask for a manager
	streams    []stream
	from, to   calendar.Instant
	seed       uint64
	loosened   int // see Loosened
}

// Class is a combination of attributes that occurs: cases of one class have the same targets and the same agents.
type Class = scenario.Attributes

// Work is what one tier does with a case of one plan and severity. Lengths are in milliseconds.
type Work struct {
	AnotherIssue float64   // probability that there is one more issue: their number is geometric
	Continue     float64   // probability that a touch is not the last of its stage
	Restored     float64   // probability that a touch before the last restores the service
	Lowered      float64   // probability that the case is one severity lower after such a touch; 0 where the plan rules it out
	Raised       float64   // probability that it is one severity higher; 0 where the plan rules it out
	Question     float64   // probability that the customer is asked after such a touch
	Handle       dist.Dist // of one touch; nil at a Party

	EscalateAny float64  // sum of the branches' probabilities
	Escalation  []Branch // where a stage may end instead of in a solution
	Answered    float64  // probability that the customer answers at all
	Answer      Delay    // the customer's; without Length where Question is 0

	Update      dist.Dist // of an update or a contact attempt; nil where nobody owes any
	Reopen      float64   // probability that the customer of a solved case comes back
	ReopenAfter dist.Dist // nil where Reopen is 0
	Party       *Party    // nil at a tier with agents
}

// Party is somebody outside of support for whom cases wait without an agent, such as engineering or a depot.
type Party struct {
	Turnaround Delay
	Releases   Releases
	Fails      float64       // probability that what it delivers does not work
	Milestone  sla.Milestone // whose clock runs; sla.Milestones = none
	Delivery   dist.Dist     // from dispatch until the case goes on; nil = at once
	SendBack   Delay         // of the defective unit, from delivery; without Length where nothing is sent back
}

// Releases are the instants from which what is ready goes out: From and every Every before and after it. The zero value
// releases at once.
type Releases struct {
	From  calendar.Instant
	Every calendar.Duration
}

// Delay is a drawn time that counts in certain hours.
type Delay struct {
	Length dist.Dist
	Hours  []*calendar.Timeline // by region; nil = every hour counts
}

// End is when a delay that begins at from is over, for a customer of the region: the length that belongs to the random
// bits, counted in the delay's hours. It is the end of the calendar where they do not suffice.
func (d *Delay) End(from calendar.Instant, region int, bits uint64) calendar.Instant {
	length := rounded(d.Length.Sample(bits))
	if d.Hours == nil || d.Hours[region] == nil {
		return from.Add(length)
	}
	end, err := d.Hours[region].Deadline(from, length)
	if err != nil {
		return max(from, d.Hours[region].Horizon().To)
	}
	return end
}

// rounded is a drawn time in whole milliseconds, no longer than any run.
func rounded(milliseconds float64) calendar.Duration {
	return calendar.Duration(min(milliseconds, float64(scenario.MaxDuration)) + 0.5)
}

// Next is the first release that is not before at.
func (r Releases) Next(at calendar.Instant) calendar.Instant {
	if r.Every == 0 {
		return at
	}
	since := at.Sub(r.From) % r.Every
	switch {
	case since > 0:
		return at.Add(r.Every - since)
	case since < 0:
		return at.Add(-since)
	}
	return at
}

// Manager is a way in which customers ask for a manager.
type Manager struct {
	Share  float64   // of the cases
	After  dist.Dist // from arrival, milliseconds
	Handle dist.Dist // of the manager's contact, milliseconds
	Tier   int       // who makes the contact; -1 = the case's tier
}

// Branch is an escalation to a tier with a probability.
type Branch struct {
	Tier        int
	Probability float64
}

// stream is one source of cases.
type stream struct {
	name     string
	days     string // name of the key of its busy-day factors: growth shares its stream's busy days
	region   int
	tier     int
	poisson  *arrivals.Poisson // or
	renewal  *arrivals.Renewal // or
	outages  *arrivals.Outages
	check    dist.Dist // of the first touch of a case that is linked to an outage
	mix      mix
	entitled float64 // probability that the customer is entitled to a case
	classes  classTable
	handle   []dist.Dist      // of the first touch, by class that is drawn
	further  []float64        // probability of a touch after the first, likewise
	closed   []bool           // by class that is drawn: the plan does not have the channel
	refuses  bool             // some of its cases
	hours    []channelHours   // by class that is drawn; nil = all channels are open round the clock
	lost     float64          // mean number of cases that it loses because it shrinks; 0 = it does not
	yearly   float64          // share of the cases that a year of shrinking leaves
	base     calendar.Instant // from which on it shrinks

	played   *played // instead of anything drawn; nil = none
	number   int     // of a stream that plays
	expected float64 // cases that it plays
}

// channelHours are when the cases of a class may come by their channel.
type channelHours struct {
	open    *calendar.Timeline // nil = round the clock
	instead int32              // the class of those who come by another channel then; -1 = they are refused
}

// Bind reads the expressions of the scenario's workload. All problems are returned at once.
func Bind(c *scenario.Compiled) (*Model, scenario.Problems) {
	if problems := Check(c.Definition); len(problems) > 0 {
		return nil, problems
	}
	b := binder{compiled: c, definition: c.Definition, parsed: map[string]dist.Dist{}, shapes: map[string]arrivals.Shape{}}
	b.model = &Model{from: c.Origin, to: c.End, seed: c.Seed}
	b.bindWork()
	b.bindManagement()
	b.bindPatience()
	b.bindStreams()
	if problems := tooMany(c.Definition, b.model); len(problems) > 0 {
		return nil, problems
	}
	return b.model, nil
}

// Streams is the number of arrival streams.
func (m *Model) Streams() int { return len(m.streams) }

// StartTier is the tier in which the cases of a stream start.
func (m *Model) StartTier(stream int) int { return m.streams[stream].tier }

// IsOrdinary reports whether no case of a stream is refused or linked to an outage.
func (m *Model) IsOrdinary(stream int) bool {
	return !m.streams[stream].refuses && m.streams[stream].hours == nil && m.streams[stream].outages == nil
}

// StreamClasses are the classes that a stream can draw.
func (m *Model) StreamClasses(stream int) []int32 { return m.streams[stream].classes.occurring() }

// Admits reports whether any case of the class that the stream brings is not refused on arrival.
func (m *Model) Admits(stream int, class int32) bool {
	s := &m.streams[stream]
	return s.entitled > 0 && !s.closed[class]
}

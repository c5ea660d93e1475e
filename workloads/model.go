package workloads

import (
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/workloads/arrivals"
	"sunrelay/workloads/dist"
)

// Model is the workload of a scenario, bound: distributions instead of expressions, indices instead of names. It is
// read-only and may be shared by goroutines.
type Model struct {
	Classes  []Class
	Work     [][]Work    // by tier and severity
	Patience []dist.Dist // by channel, milliseconds; nil = callers hold for ever
	streams  []stream
	from, to calendar.Instant
	seed     uint64
}

// Class is a combination of attributes that occurs: cases of one class have the same targets and the same agents.
type Class struct {
	Region, Plan, Severity, Channel, Language int
}

// Work is what one tier does with a case of one severity.
type Work struct {
	Handle      dist.Dist // of one touch, milliseconds
	Continue    float64   // probability that a touch is not the last of its stage
	Question    float64   // probability that the customer is asked after such a touch
	Answer      dist.Dist // the customer's delay, milliseconds; nil where Question is 0
	Answered    float64   // probability that the customer answers at all
	Escalation  []Branch  // where a stage may end instead of in a solution
	EscalateAny float64   // sum of the branches' probabilities
}

// Branch is an escalation to a tier with a probability.
type Branch struct {
	Tier        int
	Probability float64
}

// stream is one source of cases.
type stream struct {
	name    string
	days    string // name of the key of its busy-day factors: growth shares its stream's busy days
	region  int
	tier    int
	poisson *arrivals.Poisson // or
	renewal *arrivals.Renewal
	mix     mix
	classes classTable
	handle  []dist.Dist // of the first touch, by class
}

// Bind reads the expressions of the scenario's workload. All problems are returned at once.
func Bind(c *scenario.Compiled) (*Model, scenario.Problems) {
	if problems := Check(c.Definition); len(problems) > 0 {
		return nil, problems
	}
	b := binder{compiled: c, definition: c.Definition}
	b.model = &Model{from: c.Origin, to: c.End, seed: c.Seed}
	b.bindWork()
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

// StreamClasses are the classes that a stream can draw.
func (m *Model) StreamClasses(stream int) []int32 { return m.streams[stream].classes.occurring() }

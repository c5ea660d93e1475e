package reports

import (
	"fmt"
	"strings"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/sim/trace"
)

// TraceSchema names the form of the JSON document of a trace. It changes when a key changes its meaning or goes away; keys
// may be added.
const TraceSchema = "sunrelay.trace/1"

// Trace is the life of one case: the JSON document of run --trace-case. Instants are RFC 3339 in UTC, to the millisecond;
// those of keys that end in _local have the offset of the customer's zone.
type Trace struct {
	Schema       string `json:"schema"`
	Scenario     string `json:"scenario"`
	Title        string `json:"title,omitempty"`
	ScenarioHash string `json:"scenario_hash"`
	Seed         uint64 `json:"seed"`
	Replication  int    `json:"replication"` // counted from 0
	Case         int64  `json:"case"`        // in the order of arrival, counted from 1
	Key          string `json:"key"`         // of the stream of random numbers that is the case's fate, 16 hexadecimal digits

	Plan     string `json:"plan"`
	Severity string `json:"severity"`
	Region   string `json:"region"`
	Language string `json:"language"`
	Channel  string `json:"channel"`
	Zone     string `json:"zone"` // of the customer

	Arrived      string `json:"arrived"`
	ArrivedLocal string `json:"arrived_local"`
	Measured     bool   `json:"measured"` // false = it arrived in the warm-up and counts nowhere
	Outcome      string `json:"outcome"`
	Ended        string `json:"ended"` // closed; of an open case, the end of the run

	Clocks []TraceClock `json:"clocks"`
	Steps  []TraceStep  `json:"steps"`

	WaitedSeconds   float64 `json:"waited_seconds"`
	WorkedSeconds   float64 `json:"worked_seconds"`
	CustomerSeconds float64 `json:"with_customer_seconds"`
	LifeSeconds     float64 `json:"life_seconds"` // the sum of the three: from arrival to ended

	zone *time.Location
}

// TraceClock is one milestone and what was promised of it. Without promise, target, calendar and due are left out.
type TraceClock struct {
	Milestone   string   `json:"milestone"`
	Target      string   `json:"target,omitempty"`
	Calendar    string   `json:"calendar,omitempty"`
	Due         string   `json:"due,omitempty"`
	DueLocal    string   `json:"due_local,omitempty"`
	Reached     string   `json:"reached,omitempty"`
	LateSeconds *float64 `json:"late_seconds,omitempty"` // negative = early; where it was not reached, at ended
	Verdict     string   `json:"verdict"`                // met, breached, undecided, cancelled or not_counted
	Cause       string   `json:"cause,omitempty"`        // of a breach
}

// TraceStep is a part of the life. Waits, work and time with the customer have an until; they follow one another without
// gap.
type TraceStep struct {
	Kind      string      `json:"kind"`
	At        string      `json:"at"`
	AtLocal   string      `json:"at_local"`
	Until     string      `json:"until,omitempty"`
	Seconds   *float64    `json:"seconds,omitempty"` // from at to until
	Open      bool        `json:"open_at_end,omitempty"`
	Tier      string      `json:"tier"`
	Ahead     *int        `json:"ahead,omitempty"` // of waits: the work that waited with a better place for the same agents
	Agent     *TraceAgent `json:"agent,omitempty"`
	Touch     int         `json:"touch,omitempty"`             // counted from 1
	Resumed   bool        `json:"resumed,omitempty"`           // what is left of a touch
	Rereading *float64    `json:"rereading_seconds,omitempty"` // work added since the touch was resumed at another centre
	Stopped   string      `json:"stopped,omitempty"`           // before the touch was complete: interrupted or handed_over
	Silent    bool        `json:"unanswered,omitempty"`        // no answer came
	Milestone string      `json:"milestone,omitempty"`
}

// TraceAgent is who worked.
type TraceAgent struct {
	Centre string `json:"centre"`
	Pool   string `json:"pool"`
	Shift  string `json:"shift"`
	Number int    `json:"number"` // in the shift, counted from 1
}

// stepNames are the kinds of steps in JSON.
var stepNames = [...]string{
	trace.Waits: "waits", trace.Worked: "worked", trace.WithCustomer: "with_customer", trace.Arrives: "arrives",
	trace.PassedOver: "passed_over", trace.Escalated: "escalated", trace.ReachedMilestone: "reached",
	trace.RanOut: "ran_out", trace.Ends: "ends",
}

// NewTrace tells the story of a case of the model.
func NewTrace(m *sim.Model, story *trace.Story) *Trace {
	c, class := m.Scenario, story.Class
	sums := story.Sums()
	t := &Trace{
		Schema: TraceSchema, Scenario: c.Definition.Name, Title: c.Definition.Title, ScenarioHash: c.Hash, Seed: c.Seed,
		Replication: story.Replication, Case: story.Number, Key: fmt.Sprintf("%016x", uint64(story.Key)),
		Plan: c.Plans[class.Plan].Name, Severity: c.Severities[class.Severity].Name, Region: c.Regions[class.Region].Name,
		Language: c.Languages[class.Language].Name, Channel: c.Channels[class.Channel].Name,
		Measured: story.Measured, Outcome: story.Outcome.String(),
		Arrived: story.Arrived.String(), Ended: story.Ended.String(),
		WaitedSeconds: sums.Waited.Seconds(), WorkedSeconds: sums.Worked.Seconds(), CustomerSeconds: sums.WithCustomer.Seconds(),
		LifeSeconds: story.Ended.Sub(story.Arrived).Seconds(),
		zone:        c.Regions[class.Region].Zone,
	}
	t.Zone, t.ArrivedLocal = t.zone.String(), t.local(story.Arrived)
	for i := range story.Clocks {
		t.Clocks = append(t.Clocks, t.clock(c.Definition, story, &story.Clocks[i]))
	}
	for i := range story.Steps {
		t.Steps = append(t.Steps, t.step(c, story, &story.Steps[i]))
	}
	return t
}

// local is the instant on the customer's clock.
func (t *Trace) local(at calendar.Instant) string {
	return at.Time().In(t.zone).Format("2006-01-02T15:04:05.999Z07:00")
}

func (t *Trace) clock(d *scenario.Definition, story *trace.Story, c *trace.Clock) TraceClock {
	out := TraceClock{Milestone: c.Milestone.String(), Calendar: c.Calendar, Verdict: c.Verdict.String()}
	if c.Calendar != "" {
		out.Target, _ = targetText(d, c.Milestone, story.Class.Plan, story.Class.Severity)
	}
	if late, isDue := c.Late(story.Ended); isDue {
		seconds := late.Seconds()
		out.LateSeconds, out.Due, out.DueLocal = &seconds, c.Due.String(), t.local(c.Due)
	}
	if c.IsReached {
		out.Reached = c.Reached.String()
	}
	if c.Verdict == trace.Breached {
		out.Cause = c.Cause.String()
	}
	return out
}

func (t *Trace) step(c *scenario.Compiled, story *trace.Story, s *trace.Step) TraceStep {
	out := TraceStep{
		Kind: stepNames[s.Kind], At: s.From.String(), AtLocal: t.local(s.From), Tier: c.Tiers[s.Tier],
		Open: s.Open, Touch: s.Touch, Resumed: s.Resumed, Stopped: s.Break.String(), Silent: s.Silent,
	}
	switch s.Kind {
	case trace.Waits:
		out.Ahead = &s.Ahead
	case trace.Worked:
		out.Agent = agentAt(c, s.Agent)
		if s.Elsewhere {
			out.Rereading = rereading(c.Definition, story.Class.Severity)
		}
	case trace.ReachedMilestone, trace.RanOut:
		out.Milestone = s.Milestone.String()
	}
	if s.Kind <= trace.WithCustomer {
		seconds := s.Length().Seconds()
		out.Until, out.Seconds = s.To.String(), &seconds
	}
	return out
}

func agentAt(c *scenario.Compiled, seat sim.Seat) *TraceAgent {
	pool := &c.Pools[seat.Pool]
	centre := c.Centres[pool.Centre].Name
	return &TraceAgent{
		Centre: centre, Pool: strings.TrimPrefix(pool.Name, centre+"."), Shift: pool.Shifts[seat.Shift].Name,
		Number: seat.Ordinal + 1,
	}
}

// rereading is the work that a hand-over to another centre adds, in seconds; nil = none.
func rereading(d *scenario.Definition, severity int) *float64 {
	added := d.Routing.Rereading.Find(d.Severities[severity].Name)
	if added == nil || *added == 0 {
		return nil
	}
	seconds := added.Seconds()
	return &seconds
}

// find is the clock of the milestone.
func (t *Trace) find(milestone string) *TraceClock {
	for i := range t.Clocks {
		if t.Clocks[i].Milestone == milestone {
			return &t.Clocks[i]
		}
	}
	return &TraceClock{}
}

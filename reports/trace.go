package reports

import (
	"fmt"
	"strings"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/trace"
	"sunrelay/workloads/rng"
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
	Case         int64  `json:"case"`        // in the order of arrival, counted from 1; 0 = it arose in the run
	Key          string `json:"key"`         // of the stream of random numbers that is the case's fate, 16 hexadecimal digits

	Origin *TraceOrigin `json:"origin,omitempty"` // of a case that arose in the run

	Plan     string `json:"plan"`
	Severity string `json:"severity"` // on arrival
	Region   string `json:"region"`
	Language string `json:"language"`
	Channel  string `json:"channel"`
	Zone     string `json:"zone"` // of the customer

	Arrived      string `json:"arrived"`
	ArrivedLocal string `json:"arrived_local"`
	Measured     bool   `json:"measured"` // false = it arrived in the warm-up and is counted nowhere; its clocks count by their start
	Outcome      string `json:"outcome"`
	Ended        string `json:"ended"` // closed for the last time; of an open case, the end of the run

	Clocks []TraceClock `json:"clocks"`
	Steps  []TraceStep  `json:"steps"`

	WaitedSeconds   float64 `json:"waited_seconds"`
	WorkedSeconds   float64 `json:"worked_seconds"` // touches
	CustomerSeconds float64 `json:"with_customer_seconds"`
	OutsideSeconds  float64 `json:"outside_seconds"` // with external parties, on the way from them, and until an outage ended
	ClosedSeconds   float64 `json:"closed_seconds"`  // before it was reopened
	LifeSeconds     float64 `json:"life_seconds"`    // the sum of the five: from arrival to ended

	ContactsWaitedSeconds float64 `json:"contacts_waited_seconds"` // beside the life: updates, contact attempts, managers' contacts
	ContactsSeconds       float64 `json:"contacts_seconds"`

	zone *time.Location
}

// TraceOrigin is the case from which another one arose.
type TraceOrigin struct {
	How  string `json:"how"`  // split_off or came_back_late
	Case int64  `json:"case"` // 0 = it arose in the run too
	Key  string `json:"key"`
}

// TraceClock is one milestone, measured once, and what was promised of it. Without promise, target, calendar and due are
// left out.
type TraceClock struct {
	Milestone    string   `json:"milestone"`
	Target       string   `json:"target,omitempty"` // the last, where the severity changed
	Calendar     string   `json:"calendar,omitempty"`
	Started      string   `json:"started"`
	StartedLocal string   `json:"started_local"`
	Due          string   `json:"due,omitempty"`
	DueLocal     string   `json:"due_local,omitempty"`
	Reached      string   `json:"reached,omitempty"`
	StoodAt      string   `json:"stood_at,omitempty"`     // it was not reached and stood still since then, for the customer was asked
	LateSeconds  *float64 `json:"late_seconds,omitempty"` // negative = early; where it was not reached, when the clock ended or stood still
	Verdict      string   `json:"verdict"`                // met, breached, undecided, cancelled, withdrawn or not_counted
	Cause        string   `json:"cause,omitempty"`        // of a breach
}

// TraceStep is a part of the life. What lasts has an until. The kinds waits, worked, with_customer, with_party, on_its_way,
// with_outage and closed follow one another without gap; contact_waits and contacted lie beside them.
type TraceStep struct {
	Kind      string      `json:"kind"`
	At        string      `json:"at"`
	AtLocal   string      `json:"at_local"`
	Until     string      `json:"until,omitempty"`
	Seconds   *float64    `json:"seconds,omitempty"` // from at to until
	Open      bool        `json:"open_at_end,omitempty"`
	Tier      string      `json:"tier"`
	Contact   string      `json:"contact,omitempty"`           // update, attempt or manager_contact
	Ahead     *int        `json:"ahead,omitempty"`             // of waits: the work that waited with a better place for the same agents
	Agent     *TraceAgent `json:"agent,omitempty"`             // who works or is called in; of waits, for whom alone the touch is kept
	Pieces    int         `json:"pieces,omitempty"`            // that the agent had in work when this began, if more than one
	Touch     int         `json:"touch,omitempty"`             // counted from 1
	Resumed   bool        `json:"resumed,omitempty"`           // what is left of a touch or contact
	Rereading *float64    `json:"rereading_seconds,omitempty"` // work added since the touch was resumed at another centre
	Stopped   string      `json:"stopped,omitempty"`           // before it was complete: interrupted or handed_over
	Silent    bool        `json:"unanswered,omitempty"`        // no answer came
	Milestone string      `json:"milestone,omitempty"`
	Clock     int         `json:"clock,omitempty"` // its number among the clocks, counted from 1
	Due       string      `json:"due,omitempty"`   // of new_due
	DueLocal  string      `json:"due_local,omitempty"`
	Severity  string      `json:"severity,omitempty"` // of severity_changed
	Was       string      `json:"was,omitempty"`      // the severity before
	Way       string      `json:"way,omitempty"`      // of manager_asked
	Other     string      `json:"other,omitempty"`    // of split_off and came_back_late: the key of the case that arises
	Outcome   string      `json:"outcome,omitempty"`  // of ends
}

// TraceAgent is who worked.
type TraceAgent struct {
	Centre string `json:"centre"`
	Pool   string `json:"pool"`
	Shift  string `json:"shift"`
	Number int    `json:"number"` // in the shift, counted from 1
	OnCall bool   `json:"on_call,omitempty"`
}

// stepNames are the kinds of steps in JSON.
var stepNames = [...]string{
	trace.Waits: "waits", trace.Worked: "worked", trace.WithCustomer: "with_customer", trace.WithParty: "with_party",
	trace.OnItsWay: "on_its_way", trace.WithOutage: "with_outage", trace.Away: "closed",
	trace.ContactWaits: "contact_waits", trace.Contacted: "contacted",
	trace.Arrives: "arrives", trace.PassedOver: "passed_over", trace.CalledIn: "called_in", trace.CallbackAsked: "callback_asked",
	trace.Escalated: "escalated", trace.ServiceRestored: "service_restored", trace.SeverityChanged: "severity_changed",
	trace.ManagerAsked: "manager_asked", trace.PartFailed: "part_failed", trace.PartWorks: "part_works",
	trace.SplitOff: "split_off", trace.ReachedMilestone: "reached", trace.RanOut: "ran_out", trace.NewDue: "new_due",
	trace.Dropped: "withdrawn", trace.Ends: "ends", trace.CameBackLate: "came_back_late", trace.Reopened: "reopened",
}

// NewTrace tells the story of a case of the model.
func NewTrace(m *sim.Model, story *trace.Story) *Trace {
	c, class := m.Scenario, story.Class
	sums := story.Sums()
	t := &Trace{
		Schema: TraceSchema, Scenario: c.Definition.Name, Title: c.Definition.Title, ScenarioHash: c.Hash, Seed: c.Seed,
		Replication: story.Replication, Case: story.Number, Key: keyText(story.Key),
		Plan: c.Plans[class.Plan].Name, Severity: c.Severities[class.Severity].Name, Region: c.Regions[class.Region].Name,
		Language: c.Languages[class.Language].Name, Channel: c.Channels[class.Channel].Name,
		Measured: story.Measured, Outcome: story.Outcome.String(),
		Arrived: story.Arrived.String(), Ended: story.Ended.String(),
		WaitedSeconds: sums.Waited.Seconds(), WorkedSeconds: sums.Worked.Seconds(), CustomerSeconds: sums.WithCustomer.Seconds(),
		OutsideSeconds: sums.Outside.Seconds(), ClosedSeconds: sums.Away.Seconds(),
		LifeSeconds:           story.Ended.Sub(story.Arrived).Seconds(),
		ContactsWaitedSeconds: sums.ContactsWaited.Seconds(), ContactsSeconds: sums.Contacts.Seconds(),
		zone: c.Regions[class.Region].Zone,
	}
	if from := story.Origin; from.Key != 0 {
		t.Origin = &TraceOrigin{How: stepNames[from.Kind], Case: from.Number, Key: keyText(from.Key)}
	}
	t.Zone, t.ArrivedLocal = t.zone.String(), t.local(story.Arrived)
	for i := range story.Clocks {
		t.Clocks = append(t.Clocks, t.clock(c.Definition, &story.Clocks[i]))
	}
	for i := range story.Steps {
		t.Steps = append(t.Steps, t.step(m, story, &story.Steps[i]))
	}
	return t
}

func keyText(key rng.Key) string { return fmt.Sprintf("%016x", uint64(key)) }

// local is the instant on the customer's clock.
func (t *Trace) local(at calendar.Instant) string {
	return at.Time().In(t.zone).Format("2006-01-02T15:04:05.999Z07:00")
}

func (t *Trace) clock(d *scenario.Definition, c *trace.Clock) TraceClock {
	out := TraceClock{
		Milestone: c.Milestone.String(), Calendar: c.Calendar, Started: c.Started.String(), StartedLocal: t.local(c.Started),
		Verdict: c.Verdict.String(),
	}
	if c.Calendar != "" {
		out.Target = targetOf(d, c)
	}
	if late, isDue := c.Late(); isDue {
		seconds := late.Seconds()
		out.LateSeconds, out.Due, out.DueLocal = &seconds, c.Due.String(), t.local(c.Due)
	}
	switch {
	case c.IsReached:
		out.Reached = c.Ended.String()
	case c.StoodAt != 0:
		out.StoodAt = c.StoodAt.String()
	}
	if c.Verdict == trace.Breached {
		out.Cause = c.Cause.String()
	}
	return out
}

func (t *Trace) step(m *sim.Model, story *trace.Story, s *trace.Step) TraceStep {
	c := m.Scenario
	out := TraceStep{
		Kind: stepNames[s.Kind], At: s.From.String(), AtLocal: t.local(s.From), Tier: c.Tiers[s.Tier],
		Open: s.Open, Touch: s.Touch, Resumed: s.Resumed, Stopped: s.Break.String(), Silent: s.Silent,
	}
	if s.Work != sim.Touch {
		out.Contact = s.Work.String()
	}
	if s.Kind.Lasts() {
		seconds := s.Length().Seconds()
		out.Until, out.Seconds = s.To.String(), &seconds
	}
	switch s.Kind {
	case trace.Waits, trace.ContactWaits:
		out.Ahead = &s.Ahead
		if s.Kept {
			out.Agent = agentAt(c, s.Agent)
		}
	case trace.Worked, trace.Contacted:
		out.Agent = agentAt(c, s.Agent)
		if s.Load > 1 {
			out.Pieces = s.Load
		}
		if s.Elsewhere {
			out.Rereading = rereading(c.Definition, s.Severity)
		}
	case trace.CalledIn:
		out.Agent = agentAt(c, s.Agent)
	case trace.SeverityChanged:
		out.Severity, out.Was = c.Severities[s.Severity].Name, c.Severities[s.Was].Name
	case trace.ManagerAsked:
		out.Way = c.Definition.Management[s.Way].Name
	case trace.SplitOff, trace.CameBackLate:
		out.Other = keyText(s.Other)
	case trace.Ends:
		out.Outcome = s.Outcome.String()
	case trace.ReachedMilestone, trace.RanOut, trace.NewDue, trace.Dropped:
		t.aboutClock(&out, story, s)
	}
	return out
}

// aboutClock fills in of which clock a step tells.
func (t *Trace) aboutClock(out *TraceStep, story *trace.Story, s *trace.Step) {
	out.Milestone, out.Clock = story.Clocks[s.Clock].Milestone.String(), s.Clock+1
	if s.Kind == trace.NewDue && s.Due != 0 {
		out.Due, out.DueLocal = s.Due.String(), t.local(s.Due)
	}
}

func agentAt(c *scenario.Compiled, seat sim.Seat) *TraceAgent {
	pool := &c.Pools[seat.Pool]
	centre := c.Centres[pool.Centre].Name
	shift := &pool.Shifts[seat.Shift]
	return &TraceAgent{
		Centre: centre, Pool: strings.TrimPrefix(pool.Name, centre+"."), Shift: shift.Name, Number: seat.Ordinal + 1,
		OnCall: shift.OnCall > 0,
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

// targetOf is the target of a clock as the file has it.
func targetOf(d *scenario.Definition, c *trace.Clock) string {
	p := &d.Plans[c.Class.Plan].Value
	names := d.Severities.Names()
	switch c.Milestone {
	case sla.Fix, sla.RMADispatch, sla.RMAReturn:
		names = d.Work.Names()
	case sla.ManagerContact:
		names = d.Management.Names()
	}
	if own := p.UpdateRestored.For(names[c.By]); c.Restored && own != nil {
		return own.Target.String()
	}
	return targets(p, c.Milestone).For(names[c.By]).Target.String()
}

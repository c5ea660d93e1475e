package experiment

import (
	"fmt"
	"math"
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/routing"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// audit is a slow, obvious twin of the engine's bookkeeping. It hears of every event, follows each case by its fate, and
// reports what must not be: an agent with two cases, a case with two agents, a touch that begins off duty or lasts into
// too much overtime, work that waits while somebody could do it, work that is taken before better work, a touch whose
// stretches do not add up to its handle time, a case that does not go where its fate says. It expects a model without
// shrinkage.
type audit struct {
	model  *sim.Model
	rule   routing.Rule
	now    calendar.Instant // of the last event
	cases  map[rng.Key]*audited
	order  []*audited // open cases by arrival
	agents []auditedAgent
	busy   calendar.Duration // of all agents, stretches that have ended

	arrived, closed int
	problems        []string
}

// audited is an open case.
type audited struct {
	key     rng.Key
	arrived calendar.Instant
	class   workloads.Class
	tier    int
	touch   int // begun so far
	agent   int // who works it; -1 = nobody
	began   calendar.Instant
	centre  int               // where it was worked last
	left    calendar.Duration // of the touch in progress
	resumed bool              // the touch was begun before
	since   calendar.Instant  // when the touch began to wait, interruptions included
	entered calendar.Instant  // when it last came into a queue; with the customer until then
	score   uint64
	ends    bool // the customer never answers: it closes when entered comes
}

// auditedAgent is an agent with all duty.
type auditedAgent struct {
	pool     int
	duty     []calendar.Interval
	overtime calendar.Duration
	kase     *audited
}

func newAudit(m *sim.Model, rule routing.Rule) *audit {
	a := &audit{model: m, rule: rule, cases: map[rng.Key]*audited{}}
	for p := range m.Scenario.Pools {
		pool := &m.Scenario.Pools[p]
		overtime := pool.MaxOvertime
		if pool.AtShiftEnd.HandsOver() {
			overtime = 0
		}
		for _, s := range pool.Shifts {
			for range s.Agents {
				a.agents = append(a.agents, auditedAgent{pool: p, duty: s.Duty, overtime: overtime})
			}
		}
	}
	return a
}

func (a *audit) fail(format string, arguments ...any) {
	if len(a.problems) < 5 {
		a.problems = append(a.problems, fmt.Sprintf("%s: ", a.now)+fmt.Sprintf(format, arguments...))
	}
}

// Observe follows one event.
func (a *audit) Observe(e sim.Event) {
	if e.At < a.now {
		a.fail("an event of %s comes late", e.At)
	}
	if e.At > a.now {
		a.lookForIdleness(e.At - 1)
	}
	a.now = e.At
	c := a.cases[e.Case]
	if (c == nil) != (e.Kind == sim.Arrived) {
		a.fail("event %d of the case %x, known: %v", e.Kind, e.Case, c != nil)
		return
	}
	switch e.Kind {
	case sim.Arrived:
		a.arrive(e)
	case sim.Began:
		a.begin(c, e)
	case sim.Suspended, sim.Ended:
		a.leave(c, e)
	case sim.Closed:
		a.close(c)
	}
}

func (a *audit) arrive(e sim.Event) {
	c := &audited{
		key: e.Case, arrived: e.At, class: a.model.Workload.Classes[e.Class], tier: e.Tier, agent: -1, centre: -1,
	}
	a.arrived++
	a.cases[e.Case] = c
	a.order = append(a.order, c)
	a.wait(c, e.At)
}

// wait puts a fresh touch into the queue from the given instant on.
func (a *audit) wait(c *audited, from calendar.Instant) {
	c.resumed, c.since, c.entered = false, from, from
	work := &a.model.Workload.Work[c.tier][c.class.Severity]
	c.left = rounded(work.Handle.Sample(c.key.Bits(workloads.DrawHandle, uint32(c.touch))))
	c.score = a.scoreOf(c)
}

func rounded(milliseconds float64) calendar.Duration { return calendar.Duration(milliseconds + 0.5) }

// scoreOf is the rule's score of work that begins to wait now.
func (a *audit) scoreOf(c *audited) uint64 {
	s := a.model.Scenario
	due := routing.NoDue
	responded := c.touch > 0
	if s.Channels[c.class.Channel].Responds == sla.AtEnd {
		responded = c.touch > 1 || c.touch == 1 && !c.resumed
	}
	for m := range sla.Milestone(sla.Milestones) {
		id := s.Plans[c.class.Plan].ClockOf(m, c.class.Region, c.class.Severity)
		if id == scenario.NoClock || m == sla.FirstResponse && responded {
			continue
		}
		if at, ok := s.Clocks[id].Due(c.arrived); ok {
			due = min(due, int64(at-s.Origin))
		}
	}
	return a.rule.Rank(routing.Waiting{
		Severity: c.class.Severity, Interrupts: s.Severities[c.class.Severity].Interrupts, Since: int64(c.since - s.Origin), Due: due})
}

func (a *audit) begin(c *audited, e sim.Event) {
	agent := &a.agents[e.Agent]
	pool := &a.model.Scenario.Pools[agent.pool]
	switch {
	case agent.kase != nil:
		a.fail("agent %d begins a case while working on another", e.Agent)
	case c.agent >= 0:
		a.fail("agent %d begins a case that agent %d works on", e.Agent, c.agent)
	case !agent.onDuty(e.At):
		a.fail("agent %d begins a touch off duty", e.Agent)
	case !a.eligible(c, agent.pool):
		a.fail("agent %d of %s may not work the case", e.Agent, pool.Name)
	case c.entered > e.At:
		a.fail("agent %d begins a touch while the customer is asked until %s", e.Agent, c.entered)
	case c.tier != e.Tier:
		a.fail("the case is at tier %d, its fate says %d", e.Tier, c.tier)
	}
	a.lookForBetter(c, agent.pool)
	if c.resumed && c.centre != pool.Centre {
		c.left += a.rereading(c)
	}
	if !c.resumed {
		c.touch++
	}
	c.agent, c.began, c.centre = e.Agent, e.At, pool.Centre
	agent.kase = c
}

// rereading is the work of continuing a touch at another centre.
func (a *audit) rereading(c *audited) calendar.Duration {
	d := a.model.Scenario.Definition
	if length := d.Routing.Rereading.Find(d.Severities[c.class.Severity].Name); length != nil {
		return *length
	}
	return 0
}

func (a *audit) leave(c *audited, e sim.Event) {
	agent := &a.agents[e.Agent]
	if agent.kase != c || c.agent != e.Agent {
		a.fail("agent %d stops work on a case of agent %d", e.Agent, c.agent)
		return
	}
	agent.kase, c.agent = nil, -1
	worked := e.At.Sub(c.began)
	a.busy += worked
	c.left -= worked
	if limit := agent.mayWorkUntil(c.began); e.At > limit {
		a.fail("agent %d works until %s, want at most %s", e.Agent, e.At, limit)
	}
	if e.Kind == sim.Suspended {
		if c.left <= 0 {
			a.fail("a touch is suspended with %s left", c.left)
		}
		c.resumed, c.entered = true, e.At
		c.score = a.scoreOf(c)
		return
	}
	if c.left != 0 {
		a.fail("a touch ends with %s left of its handle time", c.left)
	}
	a.goOn(c)
}

// goOn follows the fate of a case after a touch.
func (a *audit) goOn(c *audited) {
	work := &a.model.Workload.Work[c.tier][c.class.Severity]
	n := uint32(c.touch - 1)
	draw := func(p rng.Purpose) float64 { return rng.Uniform(c.key.Bits(p, n)) }
	if draw(workloads.DrawContinue) < work.Continue {
		if draw(workloads.DrawQuestion) >= work.Question {
			a.wait(c, a.now)
			return
		}
		delay := max(1, rounded(work.Answer.Length.Sample(c.key.Bits(workloads.DrawAnswer, n))))
		a.wait(c, a.now.Add(delay))
		c.ends = draw(workloads.DrawAnswered) >= work.Answered
		return
	}
	u := draw(workloads.DrawEscalate)
	for _, b := range work.Escalation {
		if u < b.Probability {
			c.tier = b.Tier
			a.wait(c, a.now)
			return
		}
		u -= b.Probability
	}
	c.ends, c.entered = true, a.now
}

func (a *audit) close(c *audited) {
	gaveUp := c.touch == 0 // blocked or abandoned
	if !gaveUp && (!c.ends || c.entered != a.now) {
		a.fail("a case closes that its fate does not end now")
	}
	if c.agent >= 0 {
		a.fail("a case closes while agent %d works on it", c.agent)
	}
	a.closed++
	delete(a.cases, c.key)
	a.order = slices.DeleteFunc(a.order, func(o *audited) bool { return o == c })
}

// waits reports whether the case waits for an agent at the instant.
func (c *audited) waits(at calendar.Instant) bool { return c.agent < 0 && c.entered <= at && !c.ends }

func (a *audit) eligible(c *audited, pool int) bool {
	k := &c.class
	return a.model.Scenario.Eligible(*k, c.tier, pool)
}

// lookForIdleness reports work that waits at an instant, after all that happened until then, while an eligible agent on
// duty has nothing to do.
func (a *audit) lookForIdleness(at calendar.Instant) {
	for _, c := range a.order {
		if !c.waits(at) {
			continue
		}
		for i := range a.agents {
			g := &a.agents[i]
			if g.kase == nil && g.onDuty(at) && a.eligible(c, g.pool) {
				a.fail("at %s a case waits since %s while agent %d is idle", at, c.entered, i)
				return
			}
		}
	}
}

// lookForBetter reports work that the pool should have taken instead of c: it waited as well before now, and its score is
// smaller, or equal and it waited longer.
func (a *audit) lookForBetter(c *audited, pool int) {
	for _, o := range a.order {
		if o != c && o.waits(a.now-1) && a.eligible(o, pool) && (o.score < c.score || o.score == c.score && o.since < c.since) {
			a.fail("a case with score %d is taken before one with %d", c.score, o.score)
			return
		}
	}
}

func (g *auditedAgent) onDuty(at calendar.Instant) bool {
	return slices.ContainsFunc(g.duty, func(d calendar.Interval) bool { return d.From <= at && at < d.To })
}

// mayWorkUntil is the last instant at which a touch that began on duty may end.
func (g *auditedAgent) mayWorkUntil(began calendar.Instant) calendar.Instant {
	limit := began
	for _, d := range g.duty {
		if d.From <= limit && limit < d.To || d.From > began && d.From <= limit {
			limit = calendar.Instant(min(float64(d.To)+float64(g.overtime), math.MaxInt64/2))
		}
	}
	return limit
}

// finish checks what is left at the end against the totals of the replication.
func (a *audit) finish(end calendar.Instant) {
	a.lookForIdleness(end - 1)
	for i := range a.agents {
		if c := a.agents[i].kase; c != nil {
			a.busy += end.Sub(c.began)
		}
	}
}

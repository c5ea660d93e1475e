package sim

import (
	"fmt"
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/sim/routing"
	"sunrelay/workloads"
	"sunrelay/workloads/dist"
)

// Model is a scenario compiled for the event loop: dense tables only. It is read-only and may be shared by any number of
// engines.
type Model struct {
	Scenario *scenario.Compiled
	Workload *workloads.Model
	Shape    metrics.Shape

	rule       routing.Rule
	classes    []class
	groups     []group
	lines      []lineDef
	pools      []pool
	shifts     []shift
	size       int // how many agents there are
	seats      []place
	firstKept  int32  // the first of the queues of single agents, after those of the lines
	rereading  []tick // by severity
	updateLead float64
	interrupts bool // some class does
	keeps      bool // some class keeps work for an engineer
	activities bool // some pool has them
	calledIn   bool // some pool has shifts on call
	origin     calendar.Instant
	from, end  tick // the measured time
	components int
}

// class is a combination of attributes of cases, with all that follows from them.
type class struct {
	*promises
	row        int32 // plan and severity, of the tables of metrics
	region     int32
	component  int32
	lower      int32 // the class one severity lower, or none
	higher     int32
	maxWaiting int32 // -1 = any number
	severity   uint8
	channel    uint8
	interrupts bool
	callsIn    bool
	atEnd      bool      // a touch answers the customer at its end
	told       bool      // its cases have stories
	managed    bool      // customers may ask for a manager
	stages     []stage   // by tier; empty group where the class never comes
	patience   dist.Dist // nil = holds for ever
	callback   float64
}

// stage is a class at one tier: who may work it and where it waits.
type stage struct {
	work  *workloads.Work
	group int32
	first int32 // queue of the first touch of the case
	later int32 // queue of every other touch
}

// group is a set of pools that may work the same cases, by rank, nearest first; ranks without pools are left out.
type group struct {
	parts []part // of one rank after the other
	all   []part // of all ranks as one
	pools []int32
	only  int32 // the pool, where there is but one; else none
	duty  dutyTime
	calls []callTime // of the shifts on call
}

// callTime is when agents of a shift are on call, and how long they take to come.
type callTime struct {
	dutyTime
	delay tick
}

// has reports whether the pool is one of the group.
func (g *group) has(p int32) bool { return slices.Contains(g.pools, p) }

// answers is the first instant from at on at which somebody of the group may begin work of the class, whatever the load,
// or never.
func (g *group) answers(k *class, at tick) tick {
	next := g.duty.next(at)
	if k.callsIn {
		for i := range g.calls {
			if called := g.calls[i].next(at); called < never {
				next = min(next, called+g.calls[i].delay)
			}
		}
	}
	return next
}

// part is 64 pools of a bit set of pools.
type part struct {
	mask uint64
	word int32
	last bool // of the set
}

// lineDef describes the queues of a line.
type lineDef struct {
	group  int32
	urgent bool  // its work calls agents in
	size   int32 // how many queues
}

// Components is the number of parts of the organisation that share no case: each can be simulated by itself.
func (m *Model) Components() int { return m.components }

// Bind compiles the scenario for the event loop. All problems of its dispatch are returned at once.
func Bind(c *scenario.Compiled, w *workloads.Model) (*Model, scenario.Problems) {
	m := &Model{Scenario: c, Workload: w}
	rule, problems := findRule(c.Definition)
	if len(problems) > 0 {
		return nil, problems
	}
	m.rule = rule
	m.origin = c.Origin
	m.from, m.end = m.tick(c.Start), m.tick(c.End)
	m.Shape = metrics.Shape{
		Plans: len(c.Plans), Severities: len(c.Severities), Tiers: len(c.Tiers), Pools: len(c.Pools),
		Weeks: int((m.end - m.from + tick(calendar.Week) - 1) / tick(calendar.Week)),
	}
	if m.end >= never {
		at := c.Definition.At("run")
		return nil, scenario.Problems{{Position: at, Text: fmt.Sprintf("warm-up and run together last %d days, want less than %d", m.end/tick(calendar.Day), never/tick(calendar.Day))}}
	}
	m.bindPools()
	if slots := len(m.seats) + 2*len(m.shifts) + w.Streams() + 2; slots > maxSlots {
		at := c.Definition.At("centres")
		return nil, scenario.Problems{{Position: at, Text: fmt.Sprintf("%d seats of agents, shifts and streams, want at most %d", slots, maxSlots)}}
	}
	m.bindClasses()
	m.bindComponents()
	m.updateLead = *c.Definition.Routing.UpdateLead
	for _, s := range c.Definition.Severities {
		var work tick
		if d := c.Definition.Routing.Rereading.Find(s.Name); d != nil {
			work = tick(*d)
		}
		m.rereading = append(m.rereading, work)
	}
	return m, nil
}

// Check reads the expressions of a definition, which may have other problems, that this package understands.
func Check(def *scenario.Definition) scenario.Problems {
	_, problems := findRule(def)
	return problems
}

func findRule(def *scenario.Definition) (routing.Rule, scenario.Problems) {
	e := def.Routing.Rule
	if !e.Given() {
		e.Text = routing.Default
	}
	rule, err := routing.Find(e.Text)
	if err != nil {
		return rule, scenario.Problems{e.Problem("%v", err)}
	}
	return rule, nil
}

// tick is the instant counted from the run's origin.
func (m *Model) tick(at calendar.Instant) tick { return tick(at - m.origin) }

// instant is the tick on the calendar.
func (m *Model) instant(at tick) calendar.Instant { return m.origin + calendar.Instant(at) }

func (m *Model) bindClasses() {
	g := grouper{model: m, groups: map[string]int32{}, lines: map[lineKey]int32{}, queues: map[queueKey]int32{}}
	shared := map[promisesKey]*promises{}
	for id := range m.Workload.Classes {
		m.classes = append(m.classes, m.bindClass(id, shared))
	}
	for stream := range m.Workload.Streams() {
		for _, id := range m.Workload.StreamClasses(stream) {
			g.follow(id, m.Workload.StartTier(stream))
		}
	}
	g.numberQueues()
	m.tellAlike()
	m.interrupts = slices.ContainsFunc(m.classes, func(k class) bool { return k.interrupts })
	m.keeps = slices.ContainsFunc(m.classes, func(k class) bool { return k.affinity != sla.Anybody && k.engineerWait > 0 })
	m.bindLines()
}

// tellAlike lets classes that a case may change between have stories if one of them has.
func (m *Model) tellAlike() {
	for changed := true; changed; {
		changed = false
		for i := range m.classes {
			for _, next := range []int32{m.classes[i].lower, m.classes[i].higher} {
				if next != none && m.classes[i].told != m.classes[next].told {
					m.classes[i].told, m.classes[next].told, changed = true, true, true
				}
			}
		}
	}
}

func (m *Model) bindClass(id int, shared map[promisesKey]*promises) class {
	c, def := m.Scenario, m.Workload.Classes[id]
	channel := &c.Channels[def.Channel]
	k := class{
		row: int32(m.Shape.Row(def.Plan, def.Severity)), region: int32(def.Region),
		severity: uint8(def.Severity), channel: uint8(def.Channel),
		interrupts: c.Severities[def.Severity].Interrupts,
		callsIn:    c.Severities[def.Severity].CallsIn,
		atEnd:      channel.Responds == sla.AtEnd,
		patience:   m.Workload.Patience[def.Channel], callback: channel.Callback,
		maxWaiting: int32(channel.MaxWaiting),
		lower:      m.Workload.Lower[id], higher: m.Workload.Higher[id],
		stages: make([]stage, len(c.Tiers)),
	}
	for t := range k.stages {
		k.stages[t] = stage{work: &m.Workload.Work[t][k.row], group: none}
	}
	for _, way := range m.Workload.Management {
		k.managed = k.managed || way.Share > 0
	}
	key := promisesKey{def.Plan, def.Region, def.Severity, c.Plans[def.Plan].Promised[def.Language]}
	if shared[key] == nil {
		shared[key] = m.bindPromises(key)
	}
	k.promises = shared[key]
	k.told = k.policies[sla.Resolve] != nil || k.policies[sla.Restore] != nil || k.atEnd && k.policies[sla.FirstResponse] != nil
	return k
}

// bindLines gives each pool the set of lines that it may serve.
func (m *Model) bindLines() {
	words := wholeWords(len(m.lines)) / 64
	for p := range m.pools {
		m.pools[p].lines, m.pools[p].urgent = make([]uint64, words), make([]uint64, words)
	}
	for i, l := range m.lines {
		for _, p := range m.groups[l.group].pools {
			m.pools[p].lines[i>>6] |= 1 << (i & 63)
			if l.urgent {
				m.pools[p].urgent[i>>6] |= 1 << (i & 63)
			}
		}
	}
}

// lineSizes are the numbers of queues of the lines.
func (m *Model) lineSizes() []int32 {
	sizes := make([]int32, len(m.lines))
	for i, l := range m.lines {
		sizes[i] = l.size
	}
	return sizes
}

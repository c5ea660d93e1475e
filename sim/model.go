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
	lists      []list
	pools      []pool
	shifts     []shift
	agents     int
	poolOf     []int32 // by agent
	rereading  []tick  // by severity
	interrupts bool    // some class does
	origin     calendar.Instant
	from, end  tick // the measured time
	components int
}

// class is a combination of attributes of cases, with all that follows from them.
type class struct {
	row        int32 // plan and severity, of the tables of metrics
	severity   uint8
	channel    uint8
	interrupts bool
	atEnd      bool // the first response is the end of the first touch
	told       bool // its cases have stories
	component  int32
	policies   [sla.Milestones]*calendar.Policy // nil = no target
	patience   dist.Dist                        // nil = holds for ever
	maxWaiting int32                            // -1 = any number
	stages     []stage                          // by tier; empty group where the class never comes
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
	ranks [][]part
	pools []int32
	only  int32 // the pool, where there is but one; else none
	duty  dutyTime
}

// part is 64 pools of a bit set of pools.
type part struct {
	word int32
	mask uint64
}

// list describes one queue.
type list struct {
	group    int32
	overflow int32
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
	if slots := m.agents + len(m.shifts) + w.Streams() + 2; slots > maxSlots {
		at := c.Definition.At("centres")
		return nil, scenario.Problems{{Position: at, Text: fmt.Sprintf("%d agents, shifts and streams, want at most %d", slots, maxSlots)}}
	}
	m.bindClasses()
	m.bindComponents()
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
	g := grouper{model: m, groups: map[string]int32{}, queues: map[queueKey]int32{}}
	for id := range m.Workload.Classes {
		m.classes = append(m.classes, m.bindClass(id))
	}
	for stream := range m.Workload.Streams() {
		for _, id := range m.Workload.StreamClasses(stream) {
			g.follow(id, m.Workload.StartTier(stream))
		}
	}
	m.interrupts = slices.ContainsFunc(m.classes, func(k class) bool { return k.interrupts })
	m.bindQueues()
}

func (m *Model) bindClass(id int) class {
	c, def := m.Scenario, m.Workload.Classes[id]
	channel := &c.Channels[def.Channel]
	k := class{
		row:      int32(m.Shape.Row(def.Plan, def.Severity)),
		severity: uint8(def.Severity), channel: uint8(def.Channel),
		interrupts: c.Severities[def.Severity].Interrupts,
		atEnd:      channel.Responds == sla.AtEnd,
		patience:   m.Workload.Patience[def.Channel],
		maxWaiting: int32(channel.MaxWaiting),
		stages:     make([]stage, len(c.Tiers)),
	}
	for milestone := range k.policies {
		if c.Plans[def.Plan].Clock[milestone] == nil {
			continue
		}
		if id := c.Plans[def.Plan].Clock[milestone][def.Region][def.Severity]; id != scenario.NoClock {
			k.policies[milestone] = c.Clocks[id]
		}
	}
	k.told = k.policies[sla.Resolve] != nil || k.atEnd && k.policies[sla.FirstResponse] != nil
	for t := range k.stages {
		k.stages[t] = stage{work: &m.Workload.Work[t][k.row], group: none}
	}
	return k
}

// bindQueues gives each pool the set of queues that it may serve.
func (m *Model) bindQueues() {
	words := (len(m.lists) + 63) / 64
	for p := range m.pools {
		m.pools[p].queues = make([]uint64, words)
	}
	for q, l := range m.lists {
		for _, p := range m.groups[l.group].pools {
			m.pools[p].queues[q>>6] |= 1 << (q & 63)
		}
	}
}

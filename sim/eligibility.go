package sim

import (
	"fmt"
	"slices"

	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim/routing"
)

// grouper finds the groups and queues of all classes at all tiers that they can reach.
type grouper struct {
	model  *Model
	groups map[string]int32 // by the ranks of their pools
	lines  map[lineKey]int32
	queues map[queueKey]int32 // numbered in the order in which they are met
	lineOf []int32            // by queue
}

// lineKey is what work in one line has in common.
type lineKey struct {
	group  int32
	urgent bool // it calls agents in
}

// queueKey is what work in one queue has in common.
type queueKey struct {
	line     int32
	severity int32
	clock    scenario.ClockID
	kind     queueKind
}

type queueKind uint8

const (
	firstTouches queueKind = iota
	laterTouches
)

// follow prepares the class at the tier and at every tier that it can be escalated to, and the classes that its cases may
// change to on the way. External parties need no agents.
func (g *grouper) follow(id int32, tier int) {
	k := &g.model.classes[id]
	s := &k.stages[tier]
	if s.group != none || s.work.Party != nil {
		return
	}
	s.group = g.group(id, tier)
	s.first = g.queue(id, s.group, firstTouches, sla.FirstResponse)
	s.later = g.queue(id, s.group, laterTouches, sla.Update)
	for _, branch := range s.work.Escalation {
		if branch.Probability > 0 {
			g.follow(id, branch.Tier)
		}
	}
	if s.work.Lowered > 0 && k.lower != none {
		g.follow(k.lower, tier)
	}
	if s.work.Raised > 0 && k.higher != none {
		g.follow(k.higher, tier)
	}
	for _, way := range g.model.Workload.Management {
		if way.Share > 0 && way.Tier >= 0 {
			g.follow(id, way.Tier)
		}
	}
}

// group is the group of the pools that may work the class at the tier.
func (g *grouper) group(id int32, tier int) int32 {
	m := g.model
	var near [routing.Ranks][]int32
	def, c := m.Workload.Classes[id], m.Scenario
	for p := range c.Pools {
		if c.Eligible(def, tier, p) {
			isLocal := c.Centres[c.Pools[p].Centre].LocalTo[def.Region]
			rank := routing.Near(isLocal, c.Pools[p].Speaks[def.Language])
			near[rank] = append(near[rank], int32(p))
		}
	}
	name := fmt.Sprint(near)
	known, ok := g.groups[name]
	if !ok {
		known = int32(len(m.groups))
		g.groups[name] = known
		made := newGroup(near[:])
		made.duty = newDutyTime(m.scheduled(made.pools...))
		made.calls = m.calls(made.pools)
		m.groups = append(m.groups, made)
	}
	return known
}

// calls is when agents of the pools are on call.
func (m *Model) calls(pools []int32) []callTime {
	var all []callTime
	for _, p := range pools {
		for i := range m.Scenario.Pools[p].Shifts {
			s := &m.Scenario.Pools[p].Shifts[i]
			if s.OnCall > 0 {
				all = append(all, callTime{newDutyTime(m.stretches(s.Presence())), tick(s.OnCall)})
			}
		}
	}
	return all
}

func newGroup(ranks [][]int32) group {
	g := group{only: none}
	for _, pools := range ranks {
		if len(pools) > 0 {
			g.parts = append(g.parts, parts(pools)...)
			g.pools = append(g.pools, pools...)
		}
	}
	switch len(g.pools) {
	case 0:
	case 1:
		g.only = g.pools[0]
	default:
		g.all = parts(slices.Sorted(slices.Values(g.pools)))
	}
	return g
}

// parts are pools, in rising order, as a bit set without its empty words.
func parts(pools []int32) []part {
	var out []part
	for _, p := range pools {
		if n := len(out); n == 0 || out[n-1].word != p>>6 {
			out = append(out, part{word: p >> 6})
		}
		out[len(out)-1].mask |= 1 << (p & 63)
	}
	out[len(out)-1].last = true
	return out
}

// queue is the queue of the class's work of one kind: apart from all work that could come out of order in it.
func (g *grouper) queue(id, group int32, kind queueKind, clock sla.Milestone) int32 {
	m := g.model
	def := m.Workload.Classes[id]
	key := queueKey{line: g.line(lineKey{group, m.classes[id].callsIn}), kind: firstTouches, clock: scenario.NoClock}
	if m.rule.BySeverity || m.classes[id].interrupts {
		key.severity = int32(def.Severity) + 1
	}
	if m.rule.ByClock {
		key.kind = kind
		key.clock = m.Scenario.Plans[def.Plan].ClockOf(clock, def.Region, def.Severity)
	}
	known, ok := g.queues[key]
	if !ok {
		known = int32(len(g.lineOf))
		g.queues[key] = known
		g.lineOf = append(g.lineOf, key.line)
		if l := &m.lines[key.line]; l.size < mostQueues {
			l.size++
		}
	}
	return known
}

// line is the index of the line with the given key. It has a heap before all its lists.
func (g *grouper) line(key lineKey) int32 {
	known, ok := g.lines[key]
	if !ok {
		known = int32(len(g.model.lines))
		g.lines[key] = known
		g.model.lines = append(g.model.lines, lineDef{group: key.group, urgent: key.urgent, size: 1})
	}
	return known
}

// numberQueues numbers the queues anew, so that those of a line follow each other, with its heap at the head.
func (g *grouper) numberQueues() {
	m := g.model
	first, next := make([]int32, len(m.lines)), make([]int32, len(m.lines))
	for i, l := range m.lines {
		first[i], next[i] = m.firstKept, m.firstKept+1
		m.firstKept += l.size
	}
	number := make([]int32, len(g.lineOf))
	for q, line := range g.lineOf {
		number[q] = next[line]
		if last := first[line] + m.lines[line].size; next[line] < last {
			next[line]++
		} else {
			number[q] = first[line] // the heap
		}
	}
	for i := range m.classes {
		for t := range m.classes[i].stages {
			if s := &m.classes[i].stages[t]; s.group != none {
				s.first, s.later = number[s.first], number[s.later]
			}
		}
	}
}

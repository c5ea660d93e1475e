package sim

import (
	"fmt"

	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim/routing"
)

// grouper finds the groups and queues of all classes at all tiers that they can reach.
type grouper struct {
	model  *Model
	groups map[string]int32 // by the ranks of their pools
	queues map[queueKey]int32
}

// queueKey is what work in one queue has in common.
type queueKey struct {
	group    int32
	severity int32
	clock    scenario.ClockID
	kind     queueKind
	urgent   bool // it calls agents in
}

type queueKind uint8

const (
	firstTouches queueKind = iota
	laterTouches
	outOfOrder
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
			g.ranks = append(g.ranks, parts(pools))
			g.pools = append(g.pools, pools...)
		}
	}
	if len(g.pools) == 1 {
		g.only = g.pools[0]
	}
	return g
}

// parts are the pools, in rising order, as a bit set without its empty words.
func parts(pools []int32) []part {
	var out []part
	for _, p := range pools {
		if n := len(out); n == 0 || out[n-1].word != p>>6 {
			out = append(out, part{word: p >> 6})
		}
		out[len(out)-1].mask |= 1 << (p & 63)
	}
	return out
}

// queue is the queue of the class's work of one kind: apart from all work that could come out of order in it.
func (g *grouper) queue(id, group int32, kind queueKind, clock sla.Milestone) int32 {
	m := g.model
	def := m.Workload.Classes[id]
	key := queueKey{group: group, kind: firstTouches, clock: scenario.NoClock}
	if m.rule.BySeverity || m.classes[id].interrupts {
		key.severity = int32(def.Severity) + 1
	}
	if m.rule.ByClock {
		key.kind = kind
		key.clock = m.Scenario.Plans[def.Plan].ClockOf(clock, def.Region, def.Severity)
	}
	key.urgent = m.classes[id].callsIn
	overflow := g.number(queueKey{group: group, kind: outOfOrder, urgent: key.urgent}, none)
	return g.number(key, overflow)
}

// number is the index of the queue with the given key. A queue without overflow is its own: it keeps any order.
func (g *grouper) number(key queueKey, overflow int32) int32 {
	known, ok := g.queues[key]
	if !ok {
		known = int32(len(g.model.lists))
		g.queues[key] = known
		if overflow == none {
			overflow = known
		}
		g.model.lists = append(g.model.lists, list{group: key.group, overflow: overflow, urgent: key.urgent})
	}
	return known
}

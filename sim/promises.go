package sim

import (
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
)

// promises are the terms of a plan for a severity in a region. Classes that differ by channel or language share them.
type promises struct {
	moves    [sla.Events]moves
	policies [sla.Milestones]*calendar.Policy   // nil = no target; of milestones that go by plan, severity and region
	parties  [sla.Milestones][]*calendar.Policy // of milestones that go by external party: by tier
	ways     []*calendar.Policy                 // of a manager's contact, by way of asking
	restored *calendar.Policy                   // of updates once service is restored
	pauses   sla.MilestoneSet
	onChange bool // an update is owed whenever a case takes a turn
	splits   bool // further issues become cases of their own
	affinity sla.Affinity

	attempts     int // contacts before a case without answer is closed
	attemptEvery *calendar.Policy
	reopenWithin tick
	engineerWait tick
}

// promisesKey is what equal promises have in common. Where the language is not one of the plan's there are no targets.
type promisesKey struct {
	plan, region, severity int
	inLanguage             bool
}

// bindPromises makes the promises of a plan.
func (m *Model) bindPromises(key promisesKey) *promises {
	plan := &m.Scenario.Plans[key.plan]
	p := &promises{
		onChange: plan.OnChange[key.severity] && key.inLanguage, splits: plan.SplitsIssues,
		affinity: plan.Engineer, engineerWait: tick(plan.EngineerWait),
		attempts: plan.Attempts, reopenWithin: tick(plan.ReopenWithin),
		ways: make([]*calendar.Policy, len(m.Workload.Management)),
	}
	if plan.Attempts > 1 {
		p.attemptEvery = m.policy(plan.Attempt[key.region])
	}
	for _, milestone := range []sla.Milestone{sla.Fix, sla.RMADispatch, sla.RMAReturn} {
		p.parties[milestone] = make([]*calendar.Policy, len(m.Scenario.Tiers))
	}
	if key.inLanguage {
		m.bindTargets(p, plan, key)
	}
	p.moves = movesOf(p.watched(m.restores(key)))
	return p
}

// policy is a compiled target, nil where there is none.
func (m *Model) policy(id scenario.ClockID) *calendar.Policy {
	if id == scenario.NoClock {
		return nil
	}
	return m.Scenario.Clocks[id]
}

func (m *Model) bindTargets(p *promises, plan *scenario.CompiledPlan, key promisesKey) {
	for milestone, table := range plan.Clock {
		if table == nil {
			continue
		}
		for by, id := range table[key.region] {
			switch sla.Milestone(milestone) {
			case sla.Fix, sla.RMADispatch, sla.RMAReturn:
				p.parties[milestone][by] = m.policy(id)
			case sla.ManagerContact:
				p.ways[by] = m.policy(id)
			default:
				if by == key.severity {
					p.policies[milestone] = m.policy(id)
				}
			}
		}
	}
	p.pauses = plan.Pauses
	p.restored = m.policy(plan.Restored[key.region][key.severity])
}

// restores reports whether the clock of Restore runs for cases of the plan in the region from their arrival on: it is
// promised, or work restores service, for a severity that cases may have or come to.
func (m *Model) restores(key promisesKey) bool {
	plan := &m.Scenario.Plans[key.plan]
	for severity := range m.Scenario.Severities {
		if severity != key.severity && plan.SeverityChanges == sla.NeverChanged {
			continue
		}
		if key.inLanguage && plan.ClockOf(sla.Restore, key.region, severity) != scenario.NoClock {
			return true
		}
		row := m.Shape.Row(key.plan, severity)
		for tier := range m.Workload.Work {
			if m.Workload.Work[tier][row].Restored > 0 {
				return true
			}
		}
	}
	return false
}

// watched are the milestones whose clocks run by themselves: those that are promised, and those whose times are of
// interest anyhow.
func (p *promises) watched(restores bool) sla.MilestoneSet {
	set := sla.SetOf(sla.FirstResponse, sla.Resolve)
	for m, policy := range p.policies {
		if policy != nil {
			set |= sla.SetOf(sla.Milestone(m))
		}
	}
	if p.restored != nil {
		set |= sla.SetOf(sla.Update)
	}
	if restores {
		set |= sla.SetOf(sla.Restore)
	}
	return set
}

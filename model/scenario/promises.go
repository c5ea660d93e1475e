package scenario

import (
	"slices"

	"sunrelay/model/sla"
)

// Targets are the plan's targets for a milestone: by severity, by external party or by way of asking for a manager.
func (p *Plan) Targets(milestone sla.Milestone) *BySeverity[Target] {
	return [sla.Milestones]*BySeverity[Target]{
		sla.FirstResponse: &p.FirstResponse, sla.NextResponse: &p.NextResponse, sla.Update: &p.Update,
		sla.Restore: &p.Restore, sla.Resolve: &p.Resolve, sla.Fix: &p.Fix, sla.RMADispatch: &p.RmaDispatch,
		sla.RMAReturn: &p.RmaReturn, sla.ManagerContact: &p.ManagerContact,
	}[milestone]
}

// Promises reports whether the plan has a target with a limit for the milestone of cases of the severity. What goes by
// party or by way of asking for a manager is promised for any severity.
func (p *Plan) Promises(milestone sla.Milestone, severity string) bool {
	hasLimit := func(target *Target) bool {
		return target != nil && target.Target.Promises() && target.Target.Kind != sla.OnStatusChange
	}
	targets := p.Targets(milestone)
	switch milestone {
	case sla.Fix, sla.RMADispatch, sla.RMAReturn, sla.ManagerContact:
		return targets.Default != nil && hasLimit(&targets.Default.Value) ||
			slices.ContainsFunc(targets.Named, func(own Entry[Target]) bool { return hasLimit(&own.Value) })
	case sla.Update:
		return hasLimit(targets.For(severity)) || hasLimit(p.UpdateRestored.For(severity))
	}
	return hasLimit(targets.For(severity))
}

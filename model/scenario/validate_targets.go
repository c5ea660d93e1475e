package scenario

import (
	"slices"

	"sunrelay/model/sla"
)

// checkPromises reports what is wrong with the targets of a plan.
func (v *validation) checkPromises(path string, plan *Plan) {
	for milestone := range sla.Milestone(sla.Milestones) {
		below, targets := path+"."+milestone.String(), plan.targets(milestone)
		switch milestone {
		case sla.Fix, sla.RMADispatch:
			v.checkNamedTargets(below, "party of "+milestone.String(), targets, v.def.partiesOf(milestone),
				"work with a turnaround and milestone: "+milestone.String())
		case sla.RMAReturn:
			v.checkNamedTargets(below, "party of rma_return", targets, v.def.partiesOf(milestone), "work with a turnaround and send_back")
		case sla.ManagerContact:
			v.checkNamedTargets(below, "way in management", targets, v.def.Management.Names(), "management")
		default:
			v.severities(targets.Named.At())
		}
		v.eachTarget(below, targets, func(path string, target *Target) { v.checkTarget(path, milestone, target) })
	}
	v.severities(plan.UpdateRestored.Named.At())
	v.eachTarget(path+".update_restored", &plan.UpdateRestored, func(path string, target *Target) {
		v.checkTarget(path, sla.Update, target)
		if target.Target.Kind == sla.OnStatusChange {
			v.problem(path, "is on_status_change, want it as update, or a limit, a frequency or none here")
		}
	})
}

// checkNamedTargets reports targets that go by a name that cannot have them; want is what makes one that can.
func (v *validation) checkNamedTargets(path, kind string, targets *BySeverity[Target], names []string, want string) {
	if len(names) == 0 && (targets.Default != nil || len(targets.Named) > 0) {
		v.problem(path, "is promised, but there is no %s, want %s", kind, want)
		return
	}
	for _, key := range targets.Named {
		v.reference(key.At, kind, key.Name, names)
	}
}

// eachTarget visits all targets with their paths.
func (v *validation) eachTarget(path string, targets *BySeverity[Target], visit func(path string, target *Target)) {
	for i := range targets.Named {
		visit(path+"."+targets.Named[i].Name, &targets.Named[i].Value)
	}
	if targets.Default != nil {
		visit(targets.Default.At.Path, &targets.Default.Value)
	}
}

// checkTarget reports targets that the milestone cannot have: something that happens once has no frequency, and something
// that starts anew whenever it is over needs time.
func (v *validation) checkTarget(path string, milestone sla.Milestone, target *Target) {
	v.checkTargetClock(path, target.Clock)
	limit, isLimit := target.Target.Limit()
	switch {
	case milestone == sla.Update && isLimit && limit.Amount == 0:
		v.problem(path, "is %s, want more than 0, else updates follow each other at once", target.Target)
	case milestone == sla.Update:
	case target.Target.IsFrequency():
		v.problem(path, "%s is a frequency, want a limit for something that happens once, such as 4bh", target.Target)
	case target.Target.Kind == sla.OnStatusChange:
		v.problem(path, "is on_status_change, which is for update only, want a limit such as 4bh")
	}
}

// checkTargetClock reports that the clock of a target says who may work the case, which is for the coverage to say.
func (v *validation) checkTargetClock(path string, clock *sla.Coverage) {
	if clock != nil {
		v.onlyHours(path + ".clock")
	}
}

// onlyHours reports follow_the_sun where hours alone are asked for.
func (v *validation) onlyHours(path string) {
	if below := path + ".follow_the_sun"; v.def.given(below) {
		v.problem(below, "has no meaning here, since only the hours count")
	}
}

// targets are the plan's targets for a milestone: by severity, by external party or by way of asking for a manager.
func (p *Plan) targets(milestone sla.Milestone) *BySeverity[Target] {
	return [sla.Milestones]*BySeverity[Target]{
		sla.FirstResponse: &p.FirstResponse, sla.NextResponse: &p.NextResponse, sla.Update: &p.Update,
		sla.Restore: &p.Restore, sla.Resolve: &p.Resolve, sla.Fix: &p.Fix, sla.RMADispatch: &p.RmaDispatch,
		sla.RMAReturn: &p.RmaReturn, sla.ManagerContact: &p.ManagerContact,
	}[milestone]
}

// partiesOf are the external parties at which a milestone of parties can happen: those whose milestone it is, and for the
// return of a defective unit those to whom one is sent back.
func (def *Definition) partiesOf(milestone sla.Milestone) []string {
	var names []string
	for i := range def.Work {
		if def.Work[i].Value.has(milestone) {
			names = append(names, def.Work[i].Name)
		}
	}
	return names
}

// has reports whether the milestone of parties can happen at the tier for some plan or severity.
func (w *Work) has(milestone sla.Milestone) bool {
	return slices.ContainsFunc(w.blocks(), func(b *WorkValues) bool {
		if milestone == sla.RMAReturn {
			return b.SendBack.Given()
		}
		return b.Milestone != nil && *b.Milestone == milestone
	})
}

// blocks are the figures of the tier and those that differ by plan and severity.
func (w *Work) blocks() []*WorkValues {
	blocks := []*WorkValues{&w.WorkValues}
	for _, own := range []Named[WorkValues]{w.Plans, w.Severities} {
		for i := range own {
			blocks = append(blocks, &own[i].Value)
		}
	}
	return blocks
}

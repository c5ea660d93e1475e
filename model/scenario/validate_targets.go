package scenario

import "sunrelay/model/sla"

// checkPromises reports what is wrong with the targets of a plan.
func (v *validation) checkPromises(path string, plan *Plan) {
	for milestone := range sla.Milestone(sla.Milestones) {
		below, targets := path+"."+milestone.String(), plan.Targets(milestone)
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

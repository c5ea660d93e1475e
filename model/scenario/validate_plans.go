package scenario

import (
	"slices"

	"sunrelay/model/sla"
)

func (v *validation) checkPlans() {
	v.require("plans", len(v.def.Plans), "at least one thing that customers buy")
	for i := range v.def.Plans {
		plan := &v.def.Plans[i]
		path := "plans." + plan.Name
		v.notReserved(plan.At, plan.Name)
		v.money(path+".price_per_year", plan.Value.PricePerYear)
		v.checkCoverage(path+".coverage", &plan.Value.Coverage)
		v.checkTargets(path+".first_response", &plan.Value.FirstResponse)
		v.checkTargets(path+".resolve", &plan.Value.Resolve)
	}
}

func (v *validation) checkCoverage(path string, coverage *BySeverity[sla.Coverage]) {
	v.severities(coverage.Named.At())
	for _, severity := range v.def.Severities {
		if coverage.For(severity.Name) == nil {
			v.problem(path, "says nothing about %s, want it or default", severity.Name)
		}
	}
}

func (v *validation) checkTargets(path string, targets *BySeverity[Target]) {
	v.severities(targets.Named.At())
	for _, severity := range targets.Named {
		v.checkTarget(severity.At, severity.Value.Target)
	}
	if targets.Default != nil {
		v.checkTarget(targets.Default.At, targets.Default.Value.Target)
	}
}

// checkTarget reports targets that a milestone that happens once cannot have.
func (v *validation) checkTarget(at Position, target sla.Target) {
	if target.Kind == sla.TimesAWeek || target.Kind == sla.TimesABusinessDay {
		v.problemAt(at, "%s is a frequency, want a limit for something that happens once, such as 4bh", target)
	}
}

// severities reports keys that are no severity.
func (v *validation) severities(keys []Located[string]) {
	for _, key := range keys {
		v.reference(key.At, "severity", key.Value, v.def.Severities.Names())
	}
}

func (v *validation) checkObjectives() {
	for _, objective := range v.def.Objectives {
		switch objective.Value.Measure {
		case sla.Occupancy:
			v.checkPoolObjective(objective)
		case sla.Cost:
			v.checkCostObjective(objective)
		default:
			v.checkPlanObjective(objective)
		}
	}
}

func (v *validation) checkPoolObjective(objective Located[sla.Objective]) {
	if len(objective.Value.Of) == 0 {
		return
	}
	centre, pool := objective.Value.Of[0], objective.Value.Of[1]
	v.reference(objective.At, "centre", centre, v.def.Centres.Names())
	if found := v.def.Centres.Find(centre); found != nil {
		v.reference(objective.At, "pool of "+centre, pool, found.Pools.Names())
	}
}

func (v *validation) checkCostObjective(objective Located[sla.Objective]) {
	switch {
	case v.currency == "":
		v.problemAt(objective.At, "bounds the cost, but no pool has cost_per_hour")
	case v.currency != objective.Value.Currency:
		v.problemAt(objective.At, "is in %s, want %s as elsewhere in the scenario", objective.Value.Currency, v.currency)
	}
}

// checkPlanObjective reports unknown plans and severities, and attainment where nothing is promised.
func (v *validation) checkPlanObjective(objective Located[sla.Objective]) {
	of := objective.Value.Of
	if len(of) > 1 {
		v.reference(objective.At, "severity", of[1], v.def.Severities.Names())
	}
	if len(of) > 0 {
		v.reference(objective.At, "plan", of[0], v.def.Plans.Names())
	}
	if objective.Value.Measure != sla.Attainment || v.promised(objective.Value.Milestone, of) {
		return
	}
	v.problemAt(objective.At, "bounds the attainment of %s, but no such target is set there", objective.Value.Milestone)
}

// promised reports whether a plan and severity (all where they are not named) has a target for the milestone. It is true
// for unknown names, which are reported as such.
func (v *validation) promised(milestone sla.Milestone, of []string) bool {
	plans, severities := v.def.Plans.Names(), v.def.Severities.Names()
	if len(of) > 0 {
		plans = of[:1]
	}
	if len(of) > 1 {
		severities = of[1:]
	}
	for _, name := range plans {
		plan := v.def.Plans.Find(name)
		if plan == nil {
			return true
		}
		targets := plan.targets(milestone)
		for _, severity := range severities {
			target := targets.For(severity)
			if v.def.Severities.Index(severity) < 0 {
				return true
			}
			if target == nil {
				continue
			}
			if _, isLimit := target.Target.Limit(); isLimit {
				return true
			}
		}
	}
	return false
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

package scenario

import (
	"fmt"
	"slices"

	"sunrelay/model/sla"
)

// mostAttempts bounds the contacts before a case without answer is closed.
const mostAttempts = 1000

func (v *validation) checkPlans() {
	v.require("plans", len(v.def.Plans), "at least one thing that customers buy")
	for i := range v.def.Plans {
		plan := &v.def.Plans[i]
		path := "plans." + plan.Name
		v.notReserved(plan.At, plan.Name)
		v.checkCoverage(path+".coverage", &plan.Value.Coverage)
		v.checkIntake(path, &plan.Value)
		v.checkPromises(path, &plan.Value)
		v.checkContacts(path, &plan.Value)
		v.checkSold(path, plan)
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

// checkIntake reports what is wrong with the channels by which cases are opened and with the promised languages.
func (v *validation) checkIntake(path string, plan *Plan) {
	v.severities(plan.Channels.Named.At())
	for _, own := range plan.Channels.Named {
		v.chosen(path+".channels."+own.Name, own.Value, "channel", v.def.Channels.Names())
	}
	if all := plan.Channels.Default; all != nil {
		v.chosen(all.At.Path, all.Value, "channel", v.def.Channels.Names())
	}
	v.chosen(path+".promised_languages", plan.PromisedLanguages, "language", v.def.Languages.Names())
}

// chosen reports names that are not known or stand twice, and a list without any.
func (v *validation) chosen(path string, names []Located[string], kind string, known []string) {
	if len(names) == 0 && v.def.given(path) {
		v.problem(path, "names no %s, want at least one of %s", kind, listNames(known))
	}
	v.namesOnce(names, kind, known)
}

// checkContacts reports what is wrong with contact attempts, pauses and engineers.
func (v *validation) checkContacts(path string, plan *Plan) {
	for i, pause := range plan.Pauses {
		isSame := func(earlier Located[sla.Milestone]) bool { return earlier.Value == pause.Value }
		if slices.ContainsFunc(plan.Pauses[:i], isSame) {
			v.problemAt(pause.At, "names the milestone %s twice", pause.Value)
		}
	}
	if n := plan.ContactAttempts; n < 1 || n > mostAttempts {
		v.problem(path+".contact_attempts", "is %d, want 1 to %d", n, mostAttempts)
	}
	every := path + ".attempt_every"
	v.checkTargetClock(every, plan.AttemptEvery.Clock)
	if limit, isLimit := plan.AttemptEvery.Target.Limit(); !isLimit || limit.Amount == 0 {
		v.problem(every, "is %s, want a limit of more than 0, such as 1bd", plan.AttemptEvery.Target)
	}
	if plan.Engineer.Wait > 0 && plan.Engineer.Who == sla.Anybody {
		v.problem(path+".engineer.wait", "stands without who, want who: last or who: named beside it")
	}
}

// checkSold reports what is wrong with the customers of a plan, their service days and the credits that they are owed.
func (v *validation) checkSold(path string, plan *Entry[Plan]) {
	v.atLeast(path+".customers", float64(plan.Value.Customers), 0)
	v.atLeast(path+".service_days", plan.Value.ServiceDays, 0)
	if plan.Value.ServiceDays > 0 && plan.Value.Customers > 0 && len(v.def.giversOf(plan.Name)) == 0 {
		v.problem(path+".service_days", "is given, but no pool gives them: want %s among the service_plans of one", plan.Name)
	}
	for i := range plan.Value.Credits {
		credit, at := &plan.Value.Credits[i], fmt.Sprintf("%s.credits.%d", path, i)
		v.needed(at, "milestone", "one that the plan promises")
		v.needed(at, "below", "the attainment below which it is owed, such as 95%")
		v.needed(at, "rate", "the share of the price that is owed, such as 10%")
		v.share(at+".below", credit.Below)
		v.share(at+".rate", credit.Rate)
		if v.def.given(at+".milestone") && !v.promised(credit.Milestone, []string{plan.Name}) {
			v.problem(at+".milestone", "is %s, but the plan has no such target", credit.Milestone)
		}
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
	case !v.def.agentsCost():
		v.problemAt(objective.At, "bounds the cost, but no pool has cost_per_hour")
	case v.def.Currency != objective.Value.Currency:
		v.problemAt(objective.At, "is in %s, want %s, the currency of the scenario", objective.Value.Currency, v.def.Currency)
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
		for _, severity := range severities {
			if v.def.Severities.Index(severity) < 0 || plan.Promises(milestone, severity) {
				return true
			}
		}
	}
	return false
}

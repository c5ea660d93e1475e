package scenario

import (
	"slices"

	"sunrelay/model/calendar"
)

func (v *validation) checkCentres() {
	v.require("centres", len(v.def.Centres), "at least one place where agents work")
	for i := range v.def.Centres {
		centre := &v.def.Centres[i]
		path := "centres." + centre.Name
		v.zone(path+".zone", centre.Value.Zone)
		v.reference(v.def.At(path+".calendar"), "calendar", centre.Value.Calendar, v.calendarNames())
		v.namesOnce(centre.Value.Region, "region", v.def.Regions.Names())
		v.require(path+".pools", len(centre.Value.Pools), "at least one group of agents")
		for j := range centre.Value.Pools {
			v.checkPool(path+".pools."+centre.Value.Pools[j].Name, &centre.Value.Pools[j].Value)
		}
	}
}

func (v *validation) checkPool(path string, pool *Pool) {
	v.namesOnce(pool.Tiers, "tier", v.def.Work.Names())
	v.namesOnce(pool.Languages, "language", v.def.Languages.Names())
	if pool.Shrinkage < 0 || pool.Shrinkage >= 1 {
		v.problem(path+".shrinkage", "is %g, want at least 0 and less than 1", pool.Shrinkage)
	}
	v.money(path+".cost_per_hour", pool.CostPerHour)
	switch {
	case pool.Agents == nil && len(pool.Shifts) == 0:
		v.problem(path, "has neither agents nor shifts, want one of them")
	case pool.Agents != nil && len(pool.Shifts) > 0:
		v.problem(path+".agents", "stands beside shifts, want one of them")
	case pool.Agents != nil:
		v.agents(path+".agents", *pool.Agents)
	}
	for i := range pool.Shifts {
		v.checkShift(path+".shifts."+pool.Shifts[i].Name, &pool.Shifts[i].Value)
	}
}

// namesOnce reports names that are not known or stand twice.
func (v *validation) namesOnce(names []Located[string], kind string, known []string) {
	for i, name := range names {
		v.reference(name.At, kind, name.Value, known)
		if slices.ContainsFunc(names[:i], func(earlier Located[string]) bool { return earlier.Value == name.Value }) {
			v.problemAt(name.At, "names the %s %s twice", kind, name.Value)
		}
	}
}

// agents reports a number of heads that makes no sense; none is allowed.
func (v *validation) agents(path string, agents int) {
	if agents < 0 || agents > mostAgents {
		v.problem(path, "is %d, want 0 to %d", agents, mostAgents)
	}
}

func (v *validation) checkShift(path string, shift *Shift) {
	v.agents(path+".agents", shift.Agents)
	if !v.def.given(path + ".agents") {
		v.problem(path, "has no agents, want the heads scheduled each day (0 is allowed)")
	}
	switch {
	case !v.def.given(path + ".start"):
		v.problem(path, "has no start, want a local time such as 08:00")
	case shift.Start >= calendar.TimeOfDay(calendar.Day):
		v.problem(path+".start", "is %s, want a time before 24:00", shift.Start)
	}
	if shift.Length <= 0 || shift.Length > calendar.Day {
		v.problem(path+".length", "is %s, want more than 0 and at most 24h", shift.Length)
	}
}

func (v *validation) checkWork() {
	v.require("work", len(v.def.Work), "at least one tier with its handle_time")
	for i := range v.def.Work {
		work := &v.def.Work[i]
		path := "work." + work.Name
		if !work.Value.HandleTime.Given() {
			v.problem(path, "has no handle_time, want the distribution of one touch, such as exponential(mean 20m)")
		}
		v.checkFigures(path, &work.Value.WorkValues)
		for j := range work.Value.Severities {
			own := &work.Value.Severities[j]
			v.reference(own.At, "severity", own.Name, v.def.Severities.Names())
			v.checkFigures(path+".severities."+own.Name, &own.Value)
		}
		v.checkQuestions(path, work)
	}
	v.checkEscalationEnds()
}

func (v *validation) checkFigures(path string, figures *WorkValues) {
	if figures.Touches != nil {
		v.atLeast(path+".touches", *figures.Touches, 1)
	}
	if figures.Question != nil {
		v.share(path+".question", *figures.Question)
	}
	if figures.Answered != nil {
		v.share(path+".answered", *figures.Answered)
	}
	sum := 0.0
	for _, next := range figures.Escalation {
		if next.Name == nextTier {
			v.problem(path+".escalation", "is a bare number, but this is the last tier: want a mapping by tier")
			continue
		}
		v.reference(next.At, "tier", next.Name, v.def.Work.Names())
		if next.Value < 0 {
			v.problemAt(next.At, "is %g, want a share from 0 to 1", next.Value)
		}
		sum += next.Value
	}
	if sum > 1+shareTolerance {
		v.problem(path+".escalation", "shares sum to %.6g, want at most 1", sum)
	}
}

// checkQuestions reports severities whose customers are asked but have no time to answer in.
func (v *validation) checkQuestions(path string, work *Entry[Work]) {
	for _, severity := range v.def.Severities {
		if figures := work.Value.For("", severity.Name); *figures.Question > 0 && !figures.AnswerAfter.Given() {
			v.problem(path, "asks questions of %s without answer_after, want the distribution of the customer's delay", severity.Name)
			return
		}
	}
}

// checkEscalationEnds reports tiers from which a case can never get out: every stage ends in another one of them, and no
// question stays without answer.
func (v *validation) checkEscalationEnds() {
	stuck := make([][]string, len(v.def.Work)) // severities by tier
	for _, severity := range v.def.Severities {
		for i, doesEnd := range v.endingTiers(severity.Name) {
			if !doesEnd {
				stuck[i] = append(stuck[i], severity.Name)
			}
		}
	}
	for i, severities := range stuck {
		if len(severities) > 0 {
			v.problem("work."+v.def.Work[i].Name+".escalation", "never ends for %s: every stage goes on to another tier in a circle, "+
				"want shares that sum to less than 1 in one of them", listNames(severities))
		}
	}
}

// endingTiers says of each tier whether a case of the severity gets out of it at last.
func (v *validation) endingTiers(severity string) []bool {
	ends := make([]bool, len(v.def.Work))
	for changed := true; changed; {
		changed = false
		for i := range ends {
			if !ends[i] && v.canEnd(i, severity, ends) {
				ends[i], changed = true, true
			}
		}
	}
	return ends
}

// canEnd reports whether a stage at the tier may end the case or lead to a tier that may.
func (v *validation) canEnd(tier int, severity string, ends []bool) bool {
	figures := v.def.Work[tier].Value.For("", severity)
	if *figures.Touches > 1 && *figures.Question > 0 && *figures.Answered < 1 {
		return true
	}
	sum := 0.0
	for _, next := range figures.Escalation {
		sum += next.Value
		if i := v.def.Work.Index(next.Name); next.Value > 0 && (i < 0 || ends[i]) {
			return true
		}
	}
	return sum < 1-shareTolerance
}

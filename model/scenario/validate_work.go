package scenario

import (
	"slices"

	"sunrelay/model/sla"
)

func (v *validation) checkWork() {
	v.require("work", len(v.def.Work), "at least one tier with its handle_time")
	for i := range v.def.Work {
		work := &v.def.Work[i]
		path := "work." + work.Name
		switch {
		case work.Value.IsParty():
			v.notReserved(work.At, work.Name)
		case !work.Value.HandleTime.Given():
			v.problem(path, "has no handle_time, want the distribution of one touch, such as exponential(mean 20m)")
		}
		v.checkFigures(path, work, &work.Value.WorkValues)
		for j := range work.Value.Plans {
			own := &work.Value.Plans[j]
			v.reference(own.At, "plan", own.Name, v.def.Plans.Names())
			v.checkFigures(path+".plans."+own.Name, work, &own.Value)
			v.checkNeighbours(path+".plans."+own.Name, &own.Value, 0, len(v.def.Severities)-1)
		}
		for j := range work.Value.Severities {
			own := &work.Value.Severities[j]
			v.reference(own.At, "severity", own.Name, v.def.Severities.Names())
			v.checkFigures(path+".severities."+own.Name, work, &own.Value)
			rank := v.def.Severities.Index(own.Name)
			v.checkNeighbours(path+".severities."+own.Name, &own.Value, rank, rank)
		}
		v.checkNeighbours(path, &work.Value.WorkValues, 0, len(v.def.Severities)-1)
	}
	if n := len(v.def.Work) * len(v.def.Plans) * len(v.def.Severities); n > mostFigures {
		v.problem("work", "has %d combinations of tier, plan and severity, want at most %d", n, mostFigures)
		return
	}
	for i := range v.def.Work {
		v.checkTogether("work."+v.def.Work[i].Name, &v.def.Work[i].Value)
	}
	v.checkEscalationEnds()
}

// Keys of work that belong to one sort of tier alone.
var (
	agentKeys = []string{
		"handle_time", "touches", "question", "answer_after", "answered", "answer_clock", "escalation", "update_time",
		"restored", "lowered", "raised", "issues", "reopen", "reopen_after",
	}
	partyKeys = []string{
		"turnaround", "turnaround_clock", "releases", "fails", "milestone", "delivery", "send_back", "send_back_clock",
	}
)

// checkFigures reports what is wrong with the figures at path, which are those of a tier or differ from them.
func (v *validation) checkFigures(path string, work *Entry[Work], figures *WorkValues) {
	if work.Value.IsParty() {
		v.notAmong(path, agentKeys, work.Name+" is an external party, since it has a turnaround")
	} else {
		v.notAmong(path, partyKeys, work.Name+" has agents; an external party has a turnaround instead of a handle_time")
	}
	for _, mean := range []figure{{"touches", figures.Touches}, {"issues", figures.Issues}} {
		if mean.value != nil {
			v.atLeast(path+"."+mean.key, *mean.value, 1)
		}
	}
	for _, share := range figures.shares() {
		if share.value != nil {
			v.share(path+"."+share.key, *share.value)
		}
	}
	if figures.Fails != nil { // all of it would fail for ever
		v.lessThanOne(path+".fails", *figures.Fails)
	}
	if m := figures.Milestone; m != nil && *m != sla.Fix && *m != sla.RMADispatch {
		v.problem(path+".milestone", "is %s, want %s or %s", m, sla.Fix, sla.RMADispatch)
	}
	v.checkReleases(path+".releases", figures.Releases)
	v.checkWorkClocks(path, figures)
	v.checkEscalation(path+".escalation", figures.Escalation)
}

// notAmong reports keys that are given though they do not belong there, and why.
func (v *validation) notAmong(path string, keys []string, why string) {
	for _, key := range keys {
		if v.def.given(path + "." + key) {
			v.problem(path+"."+key, "does not belong here: %s", why)
		}
	}
}

func (v *validation) checkReleases(path string, releases *Releases) {
	if releases == nil {
		return
	}
	v.needed(path, "from", "the date of one of them, such as 2026-01-05")
	if releases.Every <= 0 {
		v.problem(path+".every", "is %s, want more than 0, such as 6w", releases.Every)
	}
}

// checkWorkClocks reports hours other than those of customers.
func (v *validation) checkWorkClocks(path string, figures *WorkValues) {
	for _, hours := range figures.hours() {
		if hours.coverage == nil {
			continue
		}
		if hours.coverage.Clock == sla.HomeCentre {
			v.problem(path+"."+hours.key, "is centre, want always, region or region.ROLE")
		}
		v.onlyHours(path + "." + hours.key)
	}
}

func (v *validation) checkEscalation(path string, escalation Named[float64]) {
	sum := 0.0
	for _, next := range escalation {
		if next.Name == nextTier {
			v.problem(path, "is a bare number, but this is the last tier: want a mapping by tier")
			continue
		}
		v.reference(next.At, "tier", next.Name, v.def.Work.Names())
		if next.Value < 0 {
			v.problemAt(next.At, "is %g, want a share from 0 to 1", next.Value)
		}
		sum += next.Value
	}
	if sum > 1+shareTolerance {
		v.problem(path, "shares sum to %.6g, want at most 1", sum)
	}
}

// checkNeighbours reports changes of severity where there is no severity to change to, for ranks first to last.
func (v *validation) checkNeighbours(path string, figures *WorkValues, first, last int) {
	if figures.Lowered != nil && *figures.Lowered > 0 && first == len(v.def.Severities)-1 {
		v.problem(path+".lowered", "lowers the least severe cases, want it for others only")
	}
	if figures.Raised != nil && *figures.Raised > 0 && last == 0 {
		v.problem(path+".raised", "raises the most severe cases, want it for others only")
	}
}

// checkTogether reports figures that need another one, for the first plan and severity of which that is so.
func (v *validation) checkTogether(path string, work *Work) {
	reported := map[string]bool{}
	report := func(what, format string, args ...any) {
		if !reported[what] {
			reported[what] = true
			v.problem(path, format, args...)
		}
	}
	for _, plan := range v.def.Plans {
		for _, severity := range v.def.Severities {
			figures := work.For(plan.Name, severity.Name)
			if *figures.Question > 0 && !figures.AnswerAfter.Given() {
				report("answer_after", "asks questions of %s without answer_after, want the distribution of the customer's delay", severity.Name)
			}
			if *figures.Reopen > 0 && !figures.ReopenAfter.Given() {
				report("reopen_after", "has cases of %s reopened (reopen) without reopen_after, want the distribution of the time from the solution", severity.Name)
			}
			if sum := *figures.Lowered + *figures.Raised; sum > 1+shareTolerance {
				report("lowered", "has shares lowered and raised that sum to %.6g for %s, want at most 1", sum, severity.Name)
			}
		}
	}
}

// checkEscalationEnds reports tiers from which a case can never get out: every stage ends in another one of them, no
// question stays without answer, and no other severity helps. A party returns the case to where it came from.
func (v *validation) checkEscalationEnds() {
	stuck := make([][]string, len(v.def.Work)) // severities by tier
	works := v.def.works()
	for plan := range v.def.Plans {
		for tier, severities := range v.endingPlaces(plan, works) {
			for severity, doesEnd := range severities {
				if name := v.caseName(plan, severity); !doesEnd && !slices.Contains(stuck[tier], name) {
					stuck[tier] = append(stuck[tier], name)
				}
			}
		}
	}
	for i, cases := range stuck {
		if len(cases) > 0 {
			v.problem("work."+v.def.Work[i].Name+".escalation", "never ends for %s: every stage goes on to another tier in a circle, "+
				"want shares that sum to less than 1 in one of them", listNames(cases))
		}
	}
}

// caseName is the severity, after the plan where some figures of work differ by plan.
func (v *validation) caseName(plan, severity int) string {
	name := v.def.Severities[severity].Name
	if slices.ContainsFunc(v.def.Work, func(work Entry[Work]) bool { return len(work.Value.Plans) > 0 }) {
		return v.def.Plans[plan].Name + " " + name
	}
	return name
}

// endingPlaces says by tier and severity whether a case of the plan gets out of there at last.
func (v *validation) endingPlaces(plan int, works [][][]WorkValues) [][]bool {
	ends := make([][]bool, len(works))
	for tier := range ends {
		ends[tier] = make([]bool, len(v.def.Severities))
	}
	for changed := true; changed; {
		changed = false
		for tier := range ends {
			for severity := range ends[tier] {
				if !ends[tier][severity] && v.canEnd(plan, place{severity, tier}, works, ends) {
					ends[tier][severity], changed = true, true
				}
			}
		}
	}
	return ends
}

// canEnd reports whether a stage may end the case or lead to a place that may.
func (v *validation) canEnd(plan int, at place, works [][][]WorkValues, ends [][]bool) bool {
	figures, rule := &works[at.tier][plan][at.severity], v.def.Plans[plan].Value.SeverityChanges
	if v.def.Work[at.tier].Value.IsParty() {
		return true
	}
	if goesOn := *figures.Touches > 1; goesOn {
		neighbours := ends[at.tier]
		switch {
		case *figures.Question > 0 && *figures.Answered < 1,
			*figures.Lowered > 0 && rule.Lowers() && at.severity+1 < len(neighbours) && neighbours[at.severity+1],
			*figures.Raised > 0 && rule.Raises() && at.severity > 0 && neighbours[at.severity-1]:
			return true
		}
	}
	sum := 0.0
	for _, next := range figures.Escalation {
		sum += next.Value
		i := v.def.Work.Index(next.Name)
		if next.Value > 0 && (i < 0 || ends[i][at.severity] && !v.def.Work[i].Value.IsParty()) {
			return true
		}
	}
	return sum < 1-shareTolerance
}

// checkManagement reports what is wrong with the ways in which customers ask for a manager.
func (v *validation) checkManagement() {
	sum := 0.0
	for i := range v.def.Management {
		way := &v.def.Management[i]
		path := "management." + way.Name
		v.notReserved(way.At, way.Name)
		v.share(path+".share", way.Value.Share)
		v.needed(path, "share", "the share of the cases, such as 2%")
		v.needed(path, "after", "the distribution of the time from arrival, such as exponential(mean 1d)")
		v.needed(path, "handle_time", "the distribution of the manager's contact, such as exponential(mean 20m)")
		if tier := way.Value.Tier; tier != "" {
			v.reference(v.def.At(path+".tier"), "tier", tier, v.def.Work.Names())
			v.hasAgents(v.def.At(path+".tier"), tier)
		}
		sum += way.Value.Share
	}
	if sum > 1+shareTolerance {
		v.problem("management", "shares sum to %.6g, want at most 1", sum)
	}
}

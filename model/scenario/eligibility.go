package scenario

import "slices"

// Eligible reports whether the pool may work cases with the attributes at the tier: it has the tier, it takes the
// channel, its agents speak the language or the one in which such cases are also served, and its centre serves the
// region, or every region, or the plan's coverage for the severity follows the sun and its targets hold in the language.
// How many agents are scheduled, and when, does not matter.
func (c *Compiled) Eligible(a Attributes, tier, pool int) bool {
	p, plan := &c.Pools[pool], &c.Plans[a.Plan]
	if !slices.Contains(p.Tiers, tier) || !p.Takes[a.Channel] {
		return false
	}
	fallback := c.Languages[a.Language].Fallback
	if !p.Speaks[a.Language] && (fallback < 0 || !p.Speaks[fallback]) {
		return false
	}
	return c.Centres[p.Centre].LocalTo[a.Region] || plan.FollowsTheSun[a.Severity] && plan.Promised[a.Language]
}

// caseKind is what decides who may work a case, together with the tier where it starts.
type caseKind struct {
	Attributes
	tier int
}

// findCases collects every kind of case that arrives with positive probability, and the parts of the plans' tables that
// eligibility needs.
func (c *compiler) findCases() {
	for i := range c.def.Plans {
		made := CompiledPlan{Name: c.def.Plans[i].Name, Promised: make([]bool, len(c.def.Languages))}
		for language := range made.Promised {
			made.Promised[language] = true
		}
		for _, severity := range c.def.Severities {
			made.FollowsTheSun = append(made.FollowsTheSun, c.def.Plans[i].Value.Coverage.For(severity.Name).FollowTheSun)
		}
		c.out.Plans = append(c.out.Plans, made)
	}
	seen := map[caseKind]bool{}
	for i := range c.def.Workload.Streams {
		stream := &c.def.Workload.Streams[i].Value
		if !stream.Interarrival.Given() && stream.Rate.Count == 0 {
			continue
		}
		for kind := range c.kindsOf(stream) {
			if !seen[kind] {
				seen[kind] = true
				c.occurs = append(c.occurs, kind)
			}
		}
	}
}

// kindsOf are the kinds of cases of a stream.
func (c *compiler) kindsOf(stream *Stream) func(yield func(caseKind) bool) {
	kind := caseKind{Attributes: Attributes{Region: c.def.Regions.Index(stream.Region)}, tier: c.def.Work.Index(stream.Tier)}
	return func(yield func(caseKind) bool) {
		for _, plan := range stream.Mix.Plan {
			for _, severity := range stream.Mix.Severity.For(plan.Name, "") {
				for language, share := range c.out.Regions[kind.Region].Languages {
					if plan.Value <= 0 || severity.Value <= 0 || share <= 0 {
						continue
					}
					kind.Plan = c.def.Plans.Index(plan.Name)
					kind.Severity = c.def.Severities.Index(severity.Name)
					kind.Language = language
					if !yield(kind) {
						return
					}
				}
			}
		}
	}
}

// buys reports whether customers of the region have cases of the plan and severity.
func (c *compiler) buys(plan, region, severity int) bool {
	return slices.ContainsFunc(c.occurs, func(kind caseKind) bool {
		return kind.Plan == plan && kind.Region == region && kind.Severity == severity
	})
}

// checkReach reports kinds of cases that no pool may work at a tier that they reach (one plan and severity for each
// region, language and tier), and pools that no case reaches.
func (c *compiler) checkReach() {
	used := make([]bool, len(c.out.Pools))
	reported := map[caseKind]bool{}
	for _, kind := range c.occurs {
		for _, tier := range c.tiersOf(kind) {
			at := kind
			at.tier = tier
			if c.markEligible(at, used) {
				continue
			}
			alike := caseKind{Attributes: Attributes{Region: at.Region, Language: at.Language}, tier: at.tier}
			if !reported[alike] {
				reported[alike] = true
				c.reportUnserved(at)
			}
		}
	}
	for i, isUsed := range used {
		if !isUsed && len(c.occurs) > 0 {
			c.problem(c.poolPath(i), "is reached by no case: nobody asks for its tiers in its languages and region")
		}
	}
}

// tiersOf are the tiers that a case reaches by escalation from the one where it starts, which comes first.
func (c *compiler) tiersOf(kind caseKind) []int {
	tiers := []int{kind.tier}
	for i := 0; i < len(tiers); i++ {
		values := c.def.Work[tiers[i]].Value.For(c.def.Severities[kind.Severity].Name)
		for _, next := range values.Escalation {
			if tier := c.def.Work.Index(next.Name); next.Value > 0 && !slices.Contains(tiers, tier) {
				tiers = append(tiers, tier)
			}
		}
	}
	return tiers
}

// markEligible marks the pools that may work the kind of case at its tier and reports whether there are any.
func (c *compiler) markEligible(kind caseKind, used []bool) bool {
	served := false
	for pool := range c.out.Pools {
		if c.out.Eligible(kind.Attributes, kind.tier, pool) {
			used[pool], served = true, true
		}
	}
	return served
}

func (c *compiler) reportUnserved(kind caseKind) {
	region, language := c.out.Regions[kind.Region].Name, c.out.Languages[kind.Language].Name
	plan := &c.out.Plans[kind.Plan]
	reach := "in region " + region
	if plan.FollowsTheSun[kind.Severity] {
		reach = "anywhere"
	}
	c.problem("plans."+plan.Name, "its %s cases in %s from %s have no pool at tier %s: want one %s that speaks %s (or its fallback)",
		c.def.Severities[kind.Severity].Name, language, region, c.out.Tiers[kind.tier], reach, language)
}

// poolPath is where a pool stands in the file.
func (c *compiler) poolPath(pool int) string {
	p := &c.out.Pools[pool]
	centre := c.out.Centres[p.Centre].Name
	return "centres." + centre + ".pools." + p.Name[len(centre)+1:]
}

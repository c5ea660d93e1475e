package scenario

import "slices"

// Eligible reports whether the pool may work cases with the attributes at the tier: it has the tier, it takes the
// channel, its agents speak the language or the one in which such cases are also served, and its centre serves the
// region, or every region, or the plan's coverage for the severity follows the sun and its targets hold in the language.
// How many agents are scheduled, and when, does not matter.
func (c *Compiled) Eligible(a Attributes, tier, pool int) bool {
	return c.Pools[pool].Takes[a.Channel] && c.eligibleByAnyChannel(a, tier, pool)
}

// eligibleByAnyChannel is Eligible for the channels that the pool takes.
func (c *Compiled) eligibleByAnyChannel(a Attributes, tier, pool int) bool {
	p, plan := &c.Pools[pool], &c.Plans[a.Plan]
	if !slices.Contains(p.Tiers, tier) {
		return false
	}
	fallback := c.Languages[a.Language].Fallback
	if !p.Speaks[a.Language] && (fallback < 0 || !p.Speaks[fallback]) {
		return false
	}
	return c.Centres[p.Centre].LocalTo[a.Region] || plan.FollowsTheSun[a.Severity] && plan.Promised[a.Language]
}

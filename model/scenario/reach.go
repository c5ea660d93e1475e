package scenario

import (
	"fmt"
	"slices"

	"sunrelay/model/sla"
)

// reach goes through everything that cases come to be.
type reach struct {
	*compiler
	seen     map[caseKind]bool
	used     []bool            // by pool
	reported map[caseKind]bool // alike but for plan and severity
	updates  []bool            // by tier: the lack of update_time is reported
}

// checkReach reports kinds of cases that no pool may work at a tier that they reach (one plan and severity for each
// region, language and tier), work that lacks figures for them, and pools that no case reaches.
func (c *compiler) checkReach() {
	r := reach{
		compiler: c, seen: map[caseKind]bool{}, used: make([]bool, len(c.out.Pools)),
		reported: map[caseKind]bool{}, updates: make([]bool, len(c.def.Work)),
	}
	for _, kind := range c.arrive {
		for _, at := range c.placesOf(kind) {
			kind.Severity, kind.tier = at.severity, at.tier
			r.visit(kind)
			for _, way := range c.def.Management {
				if way.Value.Share > 0 && way.Value.Tier != "" {
					kind.tier = c.def.Work.Index(way.Value.Tier)
					r.checkPools(kind)
				}
			}
		}
	}
	for i, isUsed := range r.used {
		if !isUsed && len(c.arrive) > 0 {
			c.problem(c.poolPath(i), "is reached by no case: nobody asks for its tiers in its languages, channels and region")
		}
	}
}

// visit looks at a kind of case at one tier, the first time.
func (r *reach) visit(kind caseKind) {
	if r.seen[kind] {
		return
	}
	r.seen[kind] = true
	r.checkWorkHours(kind)
	if r.def.Work[kind.tier].Value.IsParty() {
		return
	}
	r.checkUpdates(kind)
	r.checkPools(kind)
}

// checkPools marks the pools that may work the kind of case and reports that there is none.
func (r *reach) checkPools(kind caseKind) {
	served, byOthers := false, false
	for pool := range r.out.Pools {
		switch {
		case r.out.Eligible(kind.Attributes, kind.tier, pool):
			r.used[pool], served = true, true
		case r.out.eligibleByAnyChannel(kind.Attributes, kind.tier, pool):
			byOthers = true
		}
	}
	alike := caseKind{Attributes: Attributes{Region: kind.Region, Language: kind.Language}, tier: kind.tier}
	if byOthers {
		alike.Channel = kind.Channel + 1
	}
	if !served && !r.reported[alike] {
		r.reported[alike] = true
		r.reportUnserved(kind, byOthers)
	}
}

// reportUnserved reports a kind of case that no pool may work, if for nothing but its channel.
func (r *reach) reportUnserved(kind caseKind, byOthers bool) {
	region, language := r.out.Regions[kind.Region].Name, r.out.Languages[kind.Language].Name
	plan := &r.out.Plans[kind.Plan]
	within := "in region " + region
	if plan.FollowsTheSun[kind.Severity] && plan.Promised[kind.Language] {
		within = "anywhere"
	}
	want := fmt.Sprintf("want one %s that speaks %s (or its fallback)", within, language)
	if byOthers {
		want = fmt.Sprintf("those who could do not take the channel %s", r.out.Channels[kind.Channel].Name)
	}
	r.problem("plans."+plan.Name, "its %s cases in %s from %s have no pool at tier %s: %s",
		r.def.Severities[kind.Severity].Name, language, region, r.out.Tiers[kind.tier], want)
}

// checkUpdates reports a tier whose agents owe updates or contact attempts but have no time for them.
func (r *reach) checkUpdates(kind caseKind) {
	plan, figures := &r.out.Plans[kind.Plan], &r.works[kind.tier][kind.Plan][kind.Severity]
	why := ""
	switch {
	case figures.UpdateTime.Given() || r.updates[kind.tier]:
		return
	case plan.OnChange[kind.Severity], plan.Restored[kind.Region][kind.Severity] != NoClock,
		plan.ClockOf(sla.Update, kind.Region, kind.Severity) != NoClock:
		why = "promises updates"
	case plan.Attempts > 1 && *figures.Question > 0 && *figures.Touches > 1:
		why = fmt.Sprintf("makes %d contact attempts", plan.Attempts)
	default:
		return
	}
	r.updates[kind.tier] = true
	r.problem("work."+r.out.Tiers[kind.tier], "has no update_time, but %s %s for %s: want the distribution of one, such as exponential(mean 5m)",
		plan.Name, why, r.def.Severities[kind.Severity].Name)
}

// checkWorkHours reports hours of work by role that the region lacks.
func (r *reach) checkWorkHours(kind caseKind) {
	figures, path := &r.works[kind.tier][kind.Plan][kind.Severity], "work."+r.out.Tiers[kind.tier]
	for _, hours := range figures.hours() {
		if hours.coverage == nil {
			continue
		}
		if _, known := r.def.calendarOf(kind.Region, *hours.coverage); !known {
			r.lacksRole(path+"."+hours.key, "is "+hours.coverage.String(), kind.Region, hours.coverage.Role)
		}
	}
}

// checkCoverages reports plans whose coverage names a role that a region of their customers lacks.
func (c *compiler) checkCoverages() {
	for i, plan := range c.def.Plans {
		for region := range c.def.Regions {
			for j, severity := range c.def.Severities {
				coverage := plan.Value.Coverage.For(severity.Name)
				if _, known := c.def.calendarOf(region, *coverage); !known && c.out.occurs[i][region][j] {
					what := fmt.Sprintf("is %s for %s", coverage, severity.Name)
					c.lacksRole("plans."+plan.Name+".coverage", what, region, coverage.Role)
				}
			}
		}
	}
}

// lacksRole reports, once, that a region has no calendar for the role that something at path asks for.
func (c *compiler) lacksRole(path, what string, region int, role string) {
	home := &c.def.Regions[region]
	roles := home.Value.Calendars.Names()
	text := fmt.Sprintf("%s, but region %s has no calendar for the role %s (it has %s)%s",
		what, home.Name, role, listNames(roles), nearest(role, roles))
	known := func(p Problem) bool { return p.Path == path && p.Text == text }
	if !slices.ContainsFunc(c.problems, known) {
		c.problem(path, "%s", text)
	}
}

// poolPath is where a pool stands in the file.
func (c *compiler) poolPath(pool int) string {
	p := &c.out.Pools[pool]
	centre := c.out.Centres[p.Centre].Name
	return poolPath(centre, p.Name[len(centre)+1:])
}

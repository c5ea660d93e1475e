package scenario

import (
	"fmt"
	"slices"

	"sunrelay/model/sla"
)

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

// caseKind is what decides who may work a case, together with the tier where it starts or is.
type caseKind struct {
	Attributes
	tier int
}

// findCases collects every kind of case that arrives with positive probability, and what becomes of them. Cases that are
// refused on arrival do not count.
func (c *compiler) findCases() {
	c.routes = map[route][]place{}
	c.out.occurs = make([][][]bool, len(c.def.Plans))
	for plan := range c.out.occurs {
		c.out.occurs[plan] = make([][]bool, len(c.def.Regions))
		for region := range c.out.occurs[plan] {
			c.out.occurs[plan][region] = make([]bool, len(c.def.Severities))
		}
	}
	seen := map[caseKind]bool{}
	for i := range c.def.Workload.Streams {
		stream := &c.def.Workload.Streams[i].Value
		if !stream.flows() || *stream.Mix.Entitled == 0 {
			continue
		}
		for kind := range c.kindsOf(stream) {
			if !seen[kind] {
				seen[kind] = true
				c.arrive = append(c.arrive, kind)
				c.markOccurring(kind)
			}
		}
	}
}

// flows reports whether any case arrives in the stream.
func (s *Stream) flows() bool {
	return s.Interarrival.Given() || s.Rate.Count > 0 || s.Outages != nil && s.Outages.Rate.Count > 0
}

// markOccurring marks the severities that cases of the kind have or come to have.
func (c *compiler) markOccurring(kind caseKind) {
	for _, at := range c.placesOf(kind) {
		c.out.occurs[kind.Plan][kind.Region][at.severity] = true
	}
}

// kindsOf are the kinds of cases of a stream.
func (c *compiler) kindsOf(stream *Stream) func(yield func(caseKind) bool) {
	region, tier := c.def.Regions.Index(stream.Region), c.def.Work.Index(stream.Tier)
	return func(yield func(caseKind) bool) {
		for _, plan := range positive(stream.Mix.Plan) {
			for _, severity := range positive(stream.Mix.Severity.For(plan, "")) {
				for _, channel := range positive(stream.Mix.Channel.For(plan, severity)) {
					kind := caseKind{tier: tier, Attributes: Attributes{
						Region: region, Plan: c.def.Plans.Index(plan),
						Severity: c.def.Severities.Index(severity), Channel: c.def.Channels.Index(channel),
					}}
					if c.out.Plans[kind.Plan].Opens[kind.Severity][kind.Channel] && !c.eachLanguage(kind, yield) {
						return
					}
				}
			}
		}
	}
}

// eachLanguage yields the kind in every language of its region; false where that was enough.
func (c *compiler) eachLanguage(kind caseKind, yield func(caseKind) bool) bool {
	for language, share := range c.out.Regions[kind.Region].Languages {
		if kind.Language = language; share > 0 && !yield(kind) {
			return false
		}
	}
	return true
}

// positive are the names whose shares are positive.
func positive(shares Named[float64]) []string {
	var names []string
	for _, share := range shares {
		if share.Value > 0 {
			names = append(names, share.Name)
		}
	}
	return names
}

// route is where cases of a plan start.
type route struct{ plan, severity, tier int }

// place is a tier with the severity that a case has there.
type place struct{ severity, tier int }

// placesOf are the places that a case reaches by escalation and changes of severity; where it starts comes first.
func (c *compiler) placesOf(kind caseKind) []place {
	start := route{kind.Plan, kind.Severity, kind.tier}
	places, known := c.routes[start]
	if known {
		return places
	}
	places = []place{{start.severity, start.tier}}
	for i := 0; i < len(places); i++ {
		for _, next := range c.placesAfter(start.plan, places[i]) {
			if !slices.Contains(places, next) {
				places = append(places, next)
			}
		}
	}
	c.routes[start] = places
	return places
}

// placesAfter are those to which a stage leads. A party has none: it returns the case to where it came from.
func (c *compiler) placesAfter(plan int, at place) []place {
	figures, rule := &c.works[at.tier][plan][at.severity], c.out.Plans[plan].SeverityChanges
	var next []place
	for _, branch := range figures.Escalation {
		if branch.Value > 0 {
			next = append(next, place{at.severity, c.def.Work.Index(branch.Name)})
		}
	}
	if *figures.Lowered > 0 && *figures.Touches > 1 && rule.Lowers() && at.severity+1 < len(c.def.Severities) {
		next = append(next, place{at.severity + 1, at.tier})
	}
	if *figures.Raised > 0 && *figures.Touches > 1 && rule.Raises() && at.severity > 0 {
		next = append(next, place{at.severity - 1, at.tier})
	}
	return next
}

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

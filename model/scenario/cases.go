package scenario

import "slices"

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
				for _, channel := range c.withInstead(positive(stream.Mix.Channel.For(plan, severity))) {
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

// withInstead adds to the names of channels those by which customers come outside the hours of these.
func (c *compiler) withInstead(channels []string) []string {
	all := slices.Clone(channels)
	for _, name := range channels {
		if instead := c.def.Channels.Find(name).Instead; instead != "" && !slices.Contains(all, instead) {
			all = append(all, instead)
		}
	}
	return all
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

package scenario

import (
	"errors"
	"fmt"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

// Compile makes the dense tables of a definition that Load returned without problems. An error is always Problems: what
// only shows when the whole is put together, such as cases that no pool may work.
func Compile(def *Definition) (*Compiled, error) {
	if problems := inOrder(def.validate(), def.At("").File); len(problems) > 0 {
		return nil, problems
	}
	c := &compiler{def: def, out: &Compiled{Definition: def, Hash: def.Hash}, clocks: map[clockKey]ClockID{}}
	c.out.Origin, c.out.Start, c.out.End = def.span()
	c.out.Replications, c.out.Seed = def.Run.Replications, def.Run.Seed
	c.out.Tiers = def.Work.Names()
	c.lines = c.timelines()
	c.compileNames()
	c.compileRegions()
	c.compileCentres()
	c.findCases()
	c.compilePlans()
	c.checkReach()
	if problems := inOrder(c.problems, def.At("").File); len(problems) > 0 {
		return nil, problems
	}
	return c.out, nil
}

// compiler is a Compiled in the making.
type compiler struct {
	def      *Definition
	out      *Compiled
	lines    map[string]*calendar.Timeline // by calendar
	clocks   map[clockKey]ClockID
	occurs   []caseKind
	problems Problems
}

// clockKey is what equal clocks have in common.
type clockKey struct {
	calendar string
	target   calendar.Target
}

func (c *compiler) problem(path, format string, args ...any) {
	c.problems = append(c.problems, Problem{c.def.At(path), fmt.Sprintf(format, args...)})
}

// compileNames are the severities, languages and channels.
func (c *compiler) compileNames() {
	for _, severity := range c.def.Severities {
		c.out.Severities = append(c.out.Severities, CompiledSeverity{severity.Name, severity.Value})
	}
	for _, language := range c.def.Languages {
		fallback := c.def.Languages.Index(language.Value.Fallback)
		c.out.Languages = append(c.out.Languages, CompiledLanguage{Name: language.Name, Fallback: fallback})
	}
	for _, channel := range c.def.Channels {
		made := CompiledChannel{Name: channel.Name, MaxWaiting: -1, Responds: channel.Value.Responds}
		if most := channel.Value.MaxWaiting; most != nil {
			made.MaxWaiting = *most
		}
		c.out.Channels = append(c.out.Channels, made)
	}
}

func (c *compiler) compileRegions() {
	for _, region := range c.def.Regions {
		made := CompiledRegion{Name: region.Name, Languages: make([]float64, len(c.def.Languages))}
		made.Zone = c.zone("regions."+region.Name, region.Value.Zone)
		sum := 0.0
		for _, share := range region.Value.Languages {
			sum += share.Value
		}
		for _, share := range region.Value.Languages {
			made.Languages[c.def.Languages.Index(share.Name)] = share.Value / sum
		}
		c.out.Regions = append(c.out.Regions, made)
	}
}

// zone is the time zone that a region or centre names.
func (c *compiler) zone(path, name string) *time.Location {
	zone, err := c.def.zoneNamed(name)
	if err != nil {
		c.problem(path+".zone", "%s", zoneError(name))
	}
	return zone
}

func (c *compiler) compileCentres() {
	for i := range c.def.Centres {
		centre := &c.def.Centres[i]
		made := CompiledCentre{Name: centre.Name, LocalTo: c.localTo(centre.Value.Region)}
		made.Zone = c.zone("centres."+centre.Name, centre.Value.Zone)
		c.out.Centres = append(c.out.Centres, made)
		for j := range centre.Value.Pools {
			c.compilePool(i, &centre.Value.Pools[j])
		}
	}
}

// localTo marks the regions that are named, or all where none is.
func (c *compiler) localTo(names []Located[string]) []bool {
	local := make([]bool, len(c.def.Regions))
	for i := range local {
		local[i] = len(names) == 0
	}
	for _, name := range names {
		local[c.def.Regions.Index(name.Value)] = true
	}
	return local
}

func (c *compiler) compilePool(centre int, pool *Entry[Pool]) {
	def := &pool.Value
	made := CompiledPool{
		Name: c.out.Centres[centre].Name + "." + pool.Name, Centre: centre, Speaks: make([]bool, len(c.def.Languages)),
		Shrinkage: def.Shrinkage, AtShiftEnd: def.AtShiftEnd, MaxOvertime: MaxDuration, CostPerHour: def.CostPerHour.Amount,
		Takes: make([]bool, len(c.def.Channels)), Concurrency: []float64{1},
	}
	for channel := range made.Takes {
		made.Takes[channel] = true
	}
	for _, tier := range def.Tiers {
		made.Tiers = append(made.Tiers, c.def.Work.Index(tier.Value))
	}
	for _, language := range def.Languages {
		made.Speaks[c.def.Languages.Index(language.Value)] = true
	}
	if def.MaxOvertime != nil {
		made.MaxOvertime = *def.MaxOvertime
	}
	made.Shifts = c.compileShifts(centre, pool)
	c.out.Pools = append(c.out.Pools, made)
}

// compileShifts are the shifts of a pool, or the opening hours of its centre where it has none.
func (c *compiler) compileShifts(centre int, pool *Entry[Pool]) []CompiledShift {
	owner := &c.def.Centres[centre].Value
	path := "centres." + c.def.Centres[centre].Name + ".pools." + pool.Name
	if len(pool.Value.Shifts) == 0 {
		duty := c.inRun(c.lines[owner.Calendar])
		return []CompiledShift{{Name: owner.Calendar, Agents: *pool.Value.Agents, Duty: duty, Waves: 1, Breaks: make([][]calendar.Interval, 1)}}
	}
	shifts := make([]CompiledShift, 0, len(pool.Value.Shifts))
	for i := range pool.Value.Shifts {
		shift := &pool.Value.Shifts[i]
		made := CompiledShift{Name: shift.Name, Agents: shift.Value.Agents, Waves: 1, Breaks: make([][]calendar.Interval, 1)}
		made.Duty = c.duty(owner, &shift.Value, c.out.Centres[centre].Zone)
		if len(made.Duty) == 0 {
			c.problem(path+".shifts."+shift.Name, "is never on duty from %s to %s, the time of the run", c.out.Origin, c.out.End)
		}
		shifts = append(shifts, made)
	}
	return shifts
}

// compilePlans fills the tables of clocks.
func (c *compiler) compilePlans() {
	for i := range c.def.Plans {
		plan := &c.def.Plans[i]
		made := c.out.Plans[i]
		targets := [sla.Milestones]*BySeverity[Target]{
			sla.FirstResponse: &plan.Value.FirstResponse, sla.Resolve: &plan.Value.Resolve,
		}
		for milestone, target := range targets {
			if target == nil {
				continue
			}
			made.Clock[milestone] = make([][]ClockID, len(c.def.Regions))
			path := "plans." + plan.Name + "." + sla.Milestone(milestone).String()
			for region := range c.def.Regions {
				made.Clock[milestone][region] = c.clocksOf(i, region, path, target)
			}
		}
		c.out.Plans[i] = made
	}
}

// clocksOf are the clocks of a plan's target, given at path, in a region, by severity.
func (c *compiler) clocksOf(plan, region int, path string, target *BySeverity[Target]) []ClockID {
	clocks := make([]ClockID, len(c.def.Severities))
	for severity := range clocks {
		clocks[severity] = NoClock
		given := target.For(c.def.Severities[severity].Name)
		if given == nil {
			continue
		}
		limit, isLimit := given.Target.Limit()
		if !isLimit {
			continue
		}
		if name, known := c.covering(plan, region, severity); known {
			clocks[severity] = c.clock(clockKey{name, limit}, path)
		}
	}
	return clocks
}

// covering is the calendar that counts for a plan's cases of a region and severity. A region that lacks the calendar of
// a role is a problem if it has such cases.
func (c *compiler) covering(plan, region, severity int) (name string, known bool) {
	def := &c.def.Plans[plan]
	severityName := c.def.Severities[severity].Name
	coverage := def.Value.Coverage.For(severityName)
	home := &c.def.Regions[region]
	switch {
	case coverage.Clock == sla.RoundTheClock:
		return alwaysOpen, true
	case coverage.Clock == sla.HomeCentre:
		return c.def.Centres.Find(home.Value.Home).Calendar, true
	case coverage.Role == "":
		return home.Value.Calendar, true
	}
	if inRole := home.Value.Calendars.Find(coverage.Role); inRole != nil {
		return *inRole, true
	}
	if c.buys(plan, region, severity) {
		c.problem("plans."+def.Name+".coverage", "is %s for %s, but region %s has no calendar for the role %s (it has %s)%s",
			coverage, severityName, home.Name, coverage.Role, listNames(home.Value.Calendars.Names()),
			nearest(coverage.Role, home.Value.Calendars.Names()))
	}
	return "", false
}

// clock is the compiled target that is given at path, made at its first use.
func (c *compiler) clock(key clockKey, path string) ClockID {
	if id, made := c.clocks[key]; made {
		return id
	}
	line := c.lines[key.calendar]
	var late *calendar.PastHorizonError
	if _, err := line.Due(c.out.Start, key.target); errors.As(err, &late) {
		c.problem(path, "is never due: %s on the calendar %s are not over %d days after the run, want a shorter target",
			key.target, key.calendar, horizonAfter/calendar.Day)
		return NoClock
	}
	policy, err := line.Policy(key.target)
	if err != nil {
		c.problem(path, "cannot be counted on the calendar %s: %s", key.calendar, err)
		return NoClock
	}
	id := ClockID(len(c.out.Clocks))
	c.out.Clocks = append(c.out.Clocks, policy)
	c.out.ClockCalendars = append(c.out.ClockCalendars, key.calendar)
	c.clocks[key] = id
	return id
}

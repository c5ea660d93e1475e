package scenario

import (
	"errors"
	"slices"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

// compilePlans fills everything but the clocks of the plans, which need to know the cases.
func (c *compiler) compilePlans() {
	for i := range c.def.Plans {
		def := &c.def.Plans[i].Value
		made := CompiledPlan{
			Name: c.def.Plans[i].Name, Promised: marked(def.PromisedLanguages, c.def.Languages.Names()),
			Attempts: def.ContactAttempts, SeverityChanges: def.SeverityChanges, ReopenWithin: def.ReopenWithin,
			SplitsIssues: def.SplitsIssues, Engineer: def.Engineer.Who, EngineerWait: def.Engineer.Wait,
			Customers: def.Customers, PricePerYear: c.inCurrency(def.PricePerYear), Credits: def.Credits,
		}
		for _, milestone := range def.Pauses {
			made.Pauses |= sla.SetOf(milestone.Value)
		}
		for _, severity := range c.def.Severities {
			var opened []Located[string]
			if channels := def.Channels.For(severity.Name); channels != nil {
				opened = *channels
			}
			update := def.Update.For(severity.Name)
			made.Opens = append(made.Opens, marked(opened, c.def.Channels.Names()))
			made.FollowsTheSun = append(made.FollowsTheSun, def.Coverage.For(severity.Name).FollowTheSun)
			made.OnChange = append(made.OnChange, update != nil && update.Target.Kind == sla.OnStatusChange)
		}
		c.out.Plans = append(c.out.Plans, made)
	}
}

// marked says of each of all names whether it is chosen; where none is, all are.
func marked(chosen []Located[string], all []string) []bool {
	marks := make([]bool, len(all))
	for i, name := range all {
		isThis := func(c Located[string]) bool { return c.Value == name }
		marks[i] = len(chosen) == 0 || slices.ContainsFunc(chosen, isThis)
	}
	return marks
}

// compileClocks fills the tables of clocks, with those only that some case can have.
func (c *compiler) compileClocks() {
	for i := range c.def.Plans {
		def, made := &c.def.Plans[i].Value, &c.out.Plans[i]
		for milestone := range sla.Milestone(sla.Milestones) {
			made.Clock[milestone] = c.clockTable(i, milestone)
		}
		made.Restored = c.bySeverity(i, func(severity string) (*Target, string) {
			if own := def.UpdateRestored.For(severity); own != nil {
				return own, "update_restored"
			}
			return def.Update.For(severity), "update"
		})
		if made.Clock[sla.Update] == nil && promises(made.Restored) {
			made.Clock[sla.Update] = c.emptyTable(len(c.def.Severities))
		}
		made.Attempt = c.attempts(i)
	}
}

// clockTable are the clocks of a plan's milestone by region and what the milestone goes by; nil where there are none.
func (c *compiler) clockTable(plan int, milestone sla.Milestone) [][]ClockID {
	targets := c.def.Plans[plan].Value.Targets(milestone)
	var table [][]ClockID
	switch milestone {
	case sla.Fix, sla.RMADispatch, sla.RMAReturn:
		table = c.byName(plan, milestone, c.def.Work.Names(), c.def.partiesOf(milestone))
	case sla.ManagerContact:
		table = c.byName(plan, milestone, c.def.Management.Names(), c.def.Management.Names())
	default:
		table = c.bySeverity(plan, func(severity string) (*Target, string) { return targets.For(severity), milestone.String() })
	}
	if !promises(table) {
		return nil
	}
	return table
}

// emptyTable has no clock for any region.
func (c *compiler) emptyTable(columns int) [][]ClockID {
	table := make([][]ClockID, len(c.def.Regions))
	for region := range table {
		table[region] = slices.Repeat([]ClockID{NoClock}, columns)
	}
	return table
}

// promises reports whether there is any clock in the table.
func promises(table [][]ClockID) bool {
	return slices.ContainsFunc(table, func(row []ClockID) bool {
		return slices.ContainsFunc(row, func(id ClockID) bool { return id != NoClock })
	})
}

// bySeverity are the clocks of a plan's targets, each with its key, by region and severity. The plan's coverage counts.
func (c *compiler) bySeverity(plan int, targetOf func(severity string) (target *Target, key string)) [][]ClockID {
	def := &c.def.Plans[plan]
	table := c.emptyTable(len(c.def.Severities))
	for region := range table {
		for i, severity := range c.def.Severities {
			if c.out.occurs[plan][region][i] {
				target, key := targetOf(severity.Name)
				coverage := *def.Value.Coverage.For(severity.Name)
				table[region][i] = c.clockOf(region, "plans."+def.Name+"."+key, target, coverage)
			}
		}
	}
	return table
}

// byName are the clocks of a plan's target by region and name, for those of all names that can have it. The region's
// business hours count.
func (c *compiler) byName(plan int, milestone sla.Milestone, all, possible []string) [][]ClockID {
	def := &c.def.Plans[plan]
	targets := def.Value.Targets(milestone)
	table := c.emptyTable(len(all))
	for region := range table {
		for i, name := range all {
			if slices.Contains(possible, name) && slices.Contains(c.out.occurs[plan][region], true) {
				path := "plans." + def.Name + "." + milestone.String()
				table[region][i] = c.clockOf(region, path, targets.For(name), sla.Coverage{Clock: sla.CustomerRegion})
			}
		}
	}
	return table
}

// attempts are the clocks from one contact attempt to the next by region, where there is more than one.
func (c *compiler) attempts(plan int) []ClockID {
	def := &c.def.Plans[plan]
	clocks := slices.Repeat([]ClockID{NoClock}, len(c.def.Regions))
	for region := range clocks {
		if def.Value.ContactAttempts > 1 && slices.Contains(c.out.occurs[plan][region], true) {
			path := "plans." + def.Name + ".attempt_every"
			clocks[region] = c.clockOf(region, path, &def.Value.AttemptEvery, sla.Coverage{Clock: sla.CustomerRegion})
		}
	}
	return clocks
}

// clockOf is the clock of a target, given at path, in a region: on its own hours or else on those of the coverage, which
// checkCoverages looks at.
func (c *compiler) clockOf(region int, path string, target *Target, coverage sla.Coverage) ClockID {
	if target == nil || !target.Target.Promises() || target.Target.Kind == sla.OnStatusChange {
		return NoClock
	}
	if target.Clock != nil {
		coverage = *target.Clock
	}
	name, known := c.def.calendarOf(region, coverage)
	if !known {
		if target.Clock != nil {
			c.lacksRole(path, "counts on "+coverage.String(), region, coverage.Role)
		}
		return NoClock
	}
	limit := limitOn(c.out.lines[name], target.Target)
	if limit.Amount == 0 && target.Target.IsFrequency() {
		c.problem(path, "is %s, but the calendar %s is open on no day of the week, want a time such as 2d", target.Target, name)
		return NoClock
	}
	return c.clock(clockKey{name, limit}, path)
}

// limitOn is the target as the calendar counts it. So many times a week is every so much of seven days of elapsed time,
// whatever the calendar. Once a business day is within one business day; n times, within the n-th part of the open time of
// a mean business day, which is 0 where there is none.
func limitOn(line *calendar.Timeline, target sla.Target) calendar.Target {
	switch {
	case target.Kind == sla.TimesAWeek:
		return calendar.Target{Amount: int64(calendar.Week) / target.Amount, Unit: calendar.Elapsed}
	case target.Kind == sla.TimesABusinessDay && target.Amount == 1:
		return calendar.Target{Amount: 1, Unit: calendar.BusinessDays}
	case target.Kind == sla.TimesABusinessDay:
		return calendar.Target{Amount: int64(openDay(line.Definition().Hours)) / target.Amount, Unit: calendar.Open}
	}
	limit, _ := target.Limit()
	return limit
}

// openDay is the open time of the mean business day of a week without holidays; 0 where there is none.
func openDay(hours calendar.Hours) calendar.Duration {
	days := calendar.Duration(0)
	for weekday := range time.Weekday(7) {
		if len(hours.On(weekday)) > 0 {
			days++
		}
	}
	if days == 0 {
		return 0
	}
	week := calendar.Instant(calendar.Week)
	line, err := calendar.Definition{Zone: time.UTC, Hours: hours}.Compile(0, 3*week)
	if err != nil {
		return 0
	}
	open, err := line.OpenTime(week, 2*week)
	if err != nil {
		return 0
	}
	return open / days
}

// calendarOf is the name of the calendar that a coverage means in a region; false where the region lacks the role.
func (def *Definition) calendarOf(region int, coverage sla.Coverage) (name string, known bool) {
	home := &def.Regions[region].Value
	switch {
	case coverage.Clock == sla.RoundTheClock:
		return alwaysOpen, true
	case coverage.Clock == sla.HomeCentre:
		return def.Centres.Find(home.Home).Calendar, true
	case coverage.Role == "":
		return home.Calendar, true
	}
	if inRole := home.Calendars.Find(coverage.Role); inRole != nil {
		return *inRole, true
	}
	return "", false
}

// clock is the compiled target that is given at path, made at its first use.
func (c *compiler) clock(key clockKey, path string) ClockID {
	if id, made := c.clocks[key]; made {
		return id
	}
	line := c.out.lines[key.calendar]
	var late *calendar.PastHorizonError
	if _, err := line.Due(c.out.Start, key.target); errors.As(err, &late) {
		c.problem(path, "is never due: %s on the calendar %s are not over %d days after the run, want a shorter target",
			key.target, key.calendar, horizonAfter/calendar.Day)
		return NoClock
	}
	starts := calendar.Interval{From: c.out.Origin.Add(-calendar.Day), To: c.out.End.Add(calendar.Day)}
	policy, err := line.PolicyFrom(starts, key.target)
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

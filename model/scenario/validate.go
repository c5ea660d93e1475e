package scenario

import (
	"fmt"
	"math"
	"slices"

	"sunrelay/model/sla"
)

// shareTolerance is how far a sum of shares may be from 1.
const shareTolerance = 1e-6

// Bounds that keep slips of the pen from filling the memory.
const (
	mostAgents       = 1_000_000
	mostDays         = 40_000 // a bit more than a century
	mostReplications = 1_000_000
	mostFigures      = 100_000   // of work: combinations of tier, plan and severity
	mostLinked       = 1_000_000 // cases of an outage
)

// validation collects what is wrong with a definition after defaults.
type validation struct {
	def        *Definition
	problems   Problems
	runIsSound bool // the run has a time to compile calendars for
}

// validate is everything that is wrong with the definition that shows without compiling the whole.
func (def *Definition) validate() Problems {
	v := &validation{def: def}
	v.checkRun()
	v.checkMoney()
	v.checkCalendars()
	v.checkSeverities()
	v.checkLanguages()
	v.checkChannels()
	v.checkRegions()
	v.checkPlans()
	v.checkPay("pay", &v.def.Pay)
	v.checkCentres()
	v.checkWork()
	v.checkManagement()
	v.checkRouting()
	v.checkWorkload()
	v.checkObjectives()
	v.checkPlanning()
	v.checkLog()
	return v.problems
}

func (v *validation) problem(path, format string, args ...any) {
	v.problems = append(v.problems, Problem{v.def.At(path), fmt.Sprintf(format, args...)})
}

func (v *validation) problemAt(at Position, format string, args ...any) {
	v.problems = append(v.problems, Problem{at, fmt.Sprintf(format, args...)})
}

// require reports a part without which there is nothing to simulate.
func (v *validation) require(path string, count int, want string) {
	if count == 0 {
		v.problem(path, "is missing, want %s", want)
	}
}

// reference reports a name that is not among those of its kind.
func (v *validation) reference(at Position, kind, name string, names []string) {
	if !slices.Contains(names, name) {
		v.problemAt(at, "%q is not a %s%s want one of %s", name, kind, suggestion(name, names), listNames(names))
	}
}

// calendarNames are the calendars that can be named.
func (v *validation) calendarNames() []string { return append(v.def.Calendars.Names(), alwaysOpen) }

// atLeast reports a number below its bound.
func (v *validation) atLeast(path string, number, least float64) {
	if number < least {
		v.problem(path, "is %g, want at least %g", number, least)
	}
}

// share reports a number outside [0, 1].
func (v *validation) share(path string, number float64) {
	if number < 0 || number > 1 {
		v.problem(path, "is %g, want a share from 0 to 1", number)
	}
}

// shares reports shares of unknown names, negative ones, and those that do not sum to 1.
func (v *validation) shares(at Position, kind string, shares Named[float64], names []string) {
	sum := 0.0
	for _, share := range shares {
		v.reference(share.At, kind, share.Name, names)
		if share.Value < 0 {
			v.problemAt(share.At, "is %g, want a share from 0 to 1", share.Value)
		}
		sum += share.Value
	}
	if math.Abs(sum-1) > shareTolerance {
		v.problemAt(at, "shares sum to %.6g, want 1", sum)
	}
}

// moreThan reports a number that is not above its bound.
func (v *validation) moreThan(path string, number, bound float64) {
	if number <= bound {
		v.problem(path, "is %g, want more than %g", number, bound)
	}
}

// lessThanOne reports a share outside [0, 1).
func (v *validation) lessThanOne(path string, number float64) {
	if number < 0 || number >= 1 {
		v.problem(path, "is %g, want at least 0 and less than 1", number)
	}
}

// needed reports a key that is missing.
func (v *validation) needed(path, key, want string) {
	if !v.def.given(path + "." + key) {
		v.problem(path, "has no %s, want %s", key, want)
	}
}

func (v *validation) checkRun() {
	run := &v.def.Run
	sound := len(v.problems)
	switch {
	case run.Days <= 0:
		v.problem("run.days", "is %g, want more than 0", run.Days)
	case run.Days > mostDays:
		v.problem("run.days", "is %g, want at most %d", run.Days, mostDays)
	}
	if run.WarmUp.Seconds() > mostDays*86400 {
		v.problem("run.warm_up", "is %s, want at most %d days", run.WarmUp, mostDays)
	}
	if year := run.Start.Time().Year(); year < 1900 || year > 2200 {
		v.problem("run.start", "is in the year %d, want 1900 to 2200", year)
	}
	v.runIsSound = len(v.problems) == sound
	if run.Replications < 1 || run.Replications > mostReplications {
		v.problem("run.replications", "is %d, want 1 to %d", run.Replications, mostReplications)
	}
}

// reservedNames cannot name severities, plans and whatever else targets go by, since they have a meaning beside them.
var reservedNames = []string{assumedKey, defaultKey, "by", "clock", "follow_the_sun", "target"}

// notReserved reports names that have another meaning in the same place.
func (v *validation) notReserved(at Position, name string) {
	if slices.Contains(reservedNames, name) {
		v.problemAt(at, "is a name with a meaning of its own, want another than %s", listNames(reservedNames))
	}
}

func (v *validation) checkSeverities() {
	v.require("severities", len(v.def.Severities), "at least one, the most severe first, such as severities: [normal]")
	for _, severity := range v.def.Severities {
		v.notReserved(severity.At, severity.Name)
	}
}

func (v *validation) checkLanguages() {
	names := v.def.Languages.Names()
	for _, language := range v.def.Languages {
		fallback := language.Value.Fallback
		path := "languages." + language.Name + ".fallback"
		switch {
		case fallback == "":
		case fallback == language.Name:
			v.problem(path, "is the language itself, want another one")
		default:
			v.reference(v.def.At(path), "language", fallback, names)
		}
	}
}

func (v *validation) checkChannels() {
	for _, channel := range v.def.Channels {
		path := "channels." + channel.Name
		if most := channel.Value.MaxWaiting; most != nil {
			v.atLeast(path+".max_waiting", float64(*most), 0)
		}
		v.share(path+".callback", channel.Value.Callback)
		if channel.Value.Callback > 0 && !channel.Value.Patience.Given() {
			v.problem(path+".callback", "stands without patience, but only those who lose it are called back: want both")
		}
		v.checkChannelHours(path, channel.Name, &channel.Value)
	}
}

// checkChannelHours reports hours that a channel cannot have, and a channel for the other hours that is none.
func (v *validation) checkChannelHours(path, name string, channel *Channel) {
	if channel.Hours.Clock == sla.HomeCentre {
		v.problem(path+".hours", "is centre, want always, region or region.ROLE")
	}
	v.onlyHours(path + ".hours")
	for i, region := range v.def.Regions {
		if _, known := v.def.calendarOf(i, channel.Hours); !known && channel.Hours.Clock != sla.HomeCentre {
			v.problem(path+".hours", "means calendars.%s of each region, but %s has none", channel.Hours.Role, region.Name)
		}
	}
	switch {
	case channel.Instead == "":
	case channel.Hours.Clock == sla.RoundTheClock:
		v.problem(path+".instead", "stands without hours, but is about the time outside them: want both")
	case channel.Instead == name:
		v.problem(path+".instead", "is the channel itself, want another one")
	default:
		v.reference(v.def.At(path+".instead"), "channel", channel.Instead, v.def.Channels.Names())
	}
}

func (v *validation) checkRegions() {
	v.require("regions", len(v.def.Regions), "at least one group of customers, such as regions: [world]")
	for _, region := range v.def.Regions {
		path := "regions." + region.Name
		v.zone(path+".zone", region.Value.Zone)
		v.reference(v.def.At(path+".calendar"), "calendar", region.Value.Calendar, v.calendarNames())
		for _, role := range region.Value.Calendars {
			v.reference(role.At, "calendar", role.Value, v.calendarNames())
		}
		v.shares(v.def.At(path+".languages"), "language", region.Value.Languages, v.def.Languages.Names())
		if len(v.def.Centres) > 0 {
			v.reference(v.def.At(path+".home"), "centre", region.Value.Home, v.def.Centres.Names())
		}
	}
}

// zone reports a zone that is not known.
func (v *validation) zone(path, name string) {
	if _, err := v.def.zoneNamed(name); err != nil {
		v.problem(path, "%s", zoneError(name))
	}
}

func (v *validation) checkRouting() {
	for _, rereading := range v.def.Routing.Rereading {
		v.reference(rereading.At, "severity", rereading.Name, v.def.Severities.Names())
	}
	if lead := *v.def.Routing.UpdateLead; lead <= 0 || lead > 1 {
		v.problem("routing.update_lead", "is %g, want more than 0 and at most 1", lead)
	}
}

package scenario

import (
	"fmt"
	"slices"
	"time"

	"sunrelay/model/calendar"
)

// Calendars are the opening hours of a file, for questions about deadlines that need no organisation around them.
type Calendars struct{ def *Definition }

// LoadCalendars reads the calendars of a scenario, or of a file that holds nothing but a calendars block. Everything in the
// file must be a key of a scenario, but only the calendars are looked at further. An error is always Problems.
func LoadCalendars(source Source, sets []string) (*Calendars, error) {
	def, _, problems := read(source, sets)
	if def == nil {
		return nil, problems
	}
	def.Run = Run{Start: defaultStart, Days: defaultDays}
	v := validation{def: def}
	v.checkCalendars()
	problems = append(problems, exceptBelow(v.problems, problems)...)
	if problems = inOrder(problems, def.At("").File); len(problems) > 0 {
		return nil, problems
	}
	return &Calendars{def}, nil
}

// Names are the calendars that can be asked for: those of the file, and the one that is open round the clock.
func (c *Calendars) Names() []string { return append(c.def.Calendars.Names(), alwaysOpen) }

// Zone is the time zone of a calendar.
func (c *Calendars) Zone(name string) (*time.Location, error) {
	entry, err := c.find(name)
	if err != nil || entry == nil || entry.Value.Zone == "" {
		return time.UTC, err
	}
	return c.def.zoneNamed(entry.Value.Zone)
}

// find is the entry of a calendar, nil for the one that is always open.
func (c *Calendars) find(name string) (*Entry[Calendar], error) {
	if name == alwaysOpen {
		return nil, nil
	}
	if i := c.def.Calendars.Index(name); i >= 0 {
		return &c.def.Calendars[i], nil
	}
	return nil, fmt.Errorf("%q is not a calendar of %s%s want one of %s",
		name, c.def.At("").File, suggestion(name, c.Names()), listNames(c.Names()))
}

// Compile is the calendar's arithmetic from the beginning of the first year to the end of the last one, in its own zone. A
// calendar whose windows go over midnight lacks two days at either end, since they depend on the holidays of other years.
func (c *Calendars) Compile(name string, firstYear, lastYear int) (*calendar.Timeline, error) {
	entry, err := c.find(name)
	if err != nil {
		return nil, err
	}
	from, to := newYear(firstYear, time.UTC), newYear(lastYear+1, time.UTC)
	if entry == nil {
		return calendar.Always(from, to), nil
	}
	def := *c.def
	def.Run = Run{Start: from, Days: float64(to.Sub(from)) / float64(calendar.Day)}
	made, problems := def.calendarAt(entry)
	if len(problems) > 0 {
		return nil, problems
	}
	from, to = newYear(firstYear, made.Zone), newYear(lastYear+1, made.Zone)
	if reachesOverMidnight(&made) {
		from, to = from.Add(2*calendar.Day), to.Add(-2*calendar.Day)
	}
	return made.Compile(from, to)
}

// newYear is the beginning of a year in a zone.
func newYear(year int, zone *time.Location) calendar.Instant {
	return calendar.FromTime(time.Date(year, time.January, 1, 0, 0, 0, 0, zone))
}

// reachesOverMidnight reports whether hours of one date reach into the next.
func reachesOverMidnight(d *calendar.Definition) bool {
	over := func(windows calendar.Windows) bool {
		return slices.ContainsFunc(windows, func(w calendar.Window) bool {
			return w.To > calendar.TimeOfDay(calendar.Day)
		})
	}
	for _, windows := range d.Dates {
		if over(windows) {
			return true
		}
	}
	return slices.ContainsFunc(d.Hours[:], over)
}

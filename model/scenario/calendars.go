package scenario

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"sunrelay/model/calendar"
)

// Calendars are compiled for longer than the run, so that dues of its last cases exist.
const (
	horizonBefore = 40 * calendar.Day
	horizonAfter  = 400 * calendar.Day
)

// isoDate is what a holiday given by its date looks like.
var isoDate = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// isCalendarFile reports whether a holiday entry names an iCalendar file.
func isCalendarFile(holiday string) bool { return strings.EqualFold(filepath.Ext(holiday), ".ics") }

// readCalendarFiles reads the .ics files that calendars name. They lie beside the file that names them.
func (def *Definition) readCalendarFiles() Problems {
	var problems Problems
	for i := range def.Calendars {
		for _, holiday := range def.Calendars[i].Value.Holidays {
			if !isCalendarFile(holiday.Value) {
				continue
			}
			name := beside(holiday.At.File, holiday.Value)
			text, err := readFile(name)
			if err != nil {
				problems = append(problems, Problem{holiday.At, fmt.Sprintf("%s: %s", name, err)})
			}
			def.files[name] = text
		}
	}
	return problems
}

// span are the beginning of the simulation, that of the measurement, and its end.
func (def *Definition) span() (origin, start, end calendar.Instant) {
	start = def.Run.Start
	end = start.Add(calendar.Duration(def.Run.Days * float64(calendar.Day)))
	return start.Add(-def.Run.WarmUp), start, end
}

// horizon is the time for which calendars are compiled.
func (def *Definition) horizon() calendar.Interval {
	origin, _, end := def.span()
	return calendar.Interval{From: origin.Add(-horizonBefore), To: end.Add(horizonAfter)}
}

// zoneNamed finds a zone for a definition that Load may not have made.
func (def *Definition) zoneNamed(name string) (*time.Location, error) {
	if def.zone == nil {
		return new(Source).zone(name)
	}
	return def.zone(name)
}

// calendarAt is the calendar at the path calendars.NAME in the terms of the calendar package, and what is wrong with it.
// Holidays are looked up for the years of the run: what is due later is not decided in it.
func (def *Definition) calendarAt(entry *Entry[Calendar]) (calendar.Definition, Problems) {
	c := &entry.Value
	path := joinPath("calendars", entry.Name)
	made := calendar.Definition{Hours: c.Hours, BusinessDay: c.BusinessDay, Zone: time.UTC}
	var problems Problems
	refuse := func(at Position, err error) { problems = append(problems, Problem{at, err.Error()}) }
	if c.Zone != "" {
		zone, err := def.zoneNamed(c.Zone)
		if err != nil {
			refuse(def.At(joinPath(path, "zone")), zoneError(c.Zone))
		} else {
			made.Zone = zone
		}
	}
	for _, entry := range c.Holidays {
		holidays, err := def.holidays(entry)
		if err != nil {
			refuse(entry.At, err)
		}
		made.AddHolidays(holidays)
	}
	made.Dates = make(map[calendar.Date]calendar.Windows, len(c.Dates))
	for _, special := range c.Dates {
		date, err := calendar.ParseDate(special.Name)
		if err != nil {
			refuse(special.At, err)
			continue
		}
		made.Dates[date] = special.Value
	}
	return made, problems
}

// zoneError says that a zone is not known.
func zoneError(name string) error {
	return fmt.Errorf("%q is not a known time zone, want an IANA name such as Europe/Dublin or UTC", name)
}

// holidays are those of one entry of a calendar: a date, an iCalendar file, or a country in the years of the run.
func (def *Definition) holidays(entry Located[string]) ([]calendar.Holiday, error) {
	origin, _, end := def.span()
	first, last := origin.Time().Year(), end.Add(-1).Time().Year()
	switch {
	case isoDate.MatchString(entry.Value):
		date, err := calendar.ParseDate(entry.Value)
		return []calendar.Holiday{{Date: date, Name: "closed"}}, err
	case isCalendarFile(entry.Value):
		text := def.files[beside(entry.At.File, entry.Value)]
		if text == nil {
			return nil, nil // reported when it was read
		}
		return calendar.ReadICS(text, first, last)
	}
	return calendar.Holidays(entry.Value, first, last)
}

// checkCalendars reports what is wrong with the calendars, those without open time in the run among it.
func (v *validation) checkCalendars() {
	for i := range v.def.Calendars {
		entry := &v.def.Calendars[i]
		path := joinPath("calendars", entry.Name)
		if entry.Name == alwaysOpen {
			v.problem(path, "is the calendar that is open round the clock and cannot be given, want another name")
		}
		made, problems := v.def.calendarAt(entry)
		v.problems = append(v.problems, problems...)
		if entry.Value.Zone == "" && made.Hours.String() != "24x7" {
			v.problem(joinPath(path, "zone"), "is missing, want the IANA zone of the opening hours, such as Europe/Dublin")
		}
		if len(problems) > 0 || !v.runIsSound {
			continue
		}
		origin, _, end := v.def.span()
		if _, err := made.Compile(origin, end); err != nil {
			v.problem(path, "%s", err)
		}
	}
}

// timelines are the compiled calendars by name, alwaysOpen among them.
func (c *compiler) timelines() map[string]*calendar.Timeline {
	horizon := c.def.horizon()
	lines := map[string]*calendar.Timeline{alwaysOpen: calendar.Always(horizon.From, horizon.To)}
	for i := range c.def.Calendars {
		entry := &c.def.Calendars[i]
		made, problems := c.def.calendarAt(entry)
		c.problems = append(c.problems, problems...)
		line, err := made.Compile(horizon.From, horizon.To)
		if err != nil {
			c.problem(joinPath("calendars", entry.Name), "%s", err)
			line = lines[alwaysOpen]
		}
		lines[entry.Name] = line
	}
	return lines
}

// duty are the stretches in which agents of a shift work: its days in the zone of the centre, less the holidays and the
// closed dates of the centre's calendar unless it works on them. Only those that touch [Origin, End) are kept, whole.
func (c *compiler) duty(centre *Centre, shift *Shift, zone *time.Location) []calendar.Interval {
	made := calendar.Definition{Zone: zone}
	from, to := shift.Start, shift.Start+calendar.TimeOfDay(shift.Length)
	days := shift.Days
	if days == 0 {
		days = calendar.Daily
	}
	made.Hours.Set(days, calendar.Windows{{From: from, To: to}})
	if entry := c.entryOf(centre.Calendar); entry != nil && !shift.Holidays.Works() {
		closed, _ := c.def.calendarAt(entry)
		made.Holidays = closed.Holidays
		made.Dates = make(map[calendar.Date]calendar.Windows, len(closed.Dates))
		for date, windows := range closed.Dates {
			made.Dates[date] = nil
			if len(windows) > 0 {
				made.Dates[date] = made.Hours.On(date.Weekday()) // open after all, whatever the holidays say
			}
		}
	}
	around := calendar.Interval{From: c.out.Origin.Add(-2 * calendar.Day), To: c.out.End.Add(2 * calendar.Day)}
	line, err := made.Compile(around.From, around.To)
	if err != nil {
		return nil
	}
	return c.inRun(line)
}

// entryOf is the entry of a calendar, or nil for the one that is always open.
func (c *compiler) entryOf(name string) *Entry[Calendar] {
	if i := c.def.Calendars.Index(name); i >= 0 {
		return &c.def.Calendars[i]
	}
	return nil
}

// inRun are the open intervals of a timeline that touch [Origin, End).
func (c *compiler) inRun(line *calendar.Timeline) []calendar.Interval {
	open := slices.Collect(line.Intervals())
	return slices.DeleteFunc(open, func(iv calendar.Interval) bool {
		return iv.To <= c.out.Origin || iv.From >= c.out.End
	})
}

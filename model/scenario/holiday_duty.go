package scenario

import (
	"maps"
	"slices"
	"time"

	"sunrelay/model/calendar"
)

// HolidayDuty is a stretch in which agents would be on duty, or on call, if the date on which it begins were a day like
// others.
type HolidayDuty struct {
	calendar.Interval
	Name   string            // of the holiday; closed or special hours for a date without a name
	OnCall calendar.Duration // of the shift; 0 = on duty
}

// HolidayDuty is what holidays and single dates of the centre's calendar change in the duty of the pool, in the order of
// dates, for shifts with agents: the usual hours of those dates. It explains; what holds is CompiledShift.Duty.
func (c *Compiled) HolidayDuty(pool int) []HolidayDuty {
	compiled := &c.Pools[pool]
	named := &c.Definition.Centres[compiled.Centre]
	centre := &named.Value
	def := centre.Pools.Find(compiled.Name[len(named.Name)+1:])
	entry := c.Definition.Calendars.Index(centre.Calendar)
	if entry < 0 {
		return nil
	}
	hours, problems := c.Definition.calendarAt(&c.Definition.Calendars[entry])
	if len(problems) > 0 { // which Compile would have reported
		panic(problems)
	}
	var out []HolidayDuty
	for _, date := range changedDates(&hours) {
		if beyondRun(date, c) {
			continue
		}
		for i := range compiled.Shifts {
			if compiled.Shifts[i].Agents > 0 {
				usual, zone := usualHours(def, i, &hours, date, c.Centres[compiled.Centre].Zone)
				out = append(out, dutyOn(date, usual, zone, HolidayDuty{Name: nameOf(&hours, date), OnCall: compiled.Shifts[i].OnCall})...)
			}
		}
	}
	return out
}

// changedDates are the dates on which a calendar does not have the hours of the weekday.
func changedDates(d *calendar.Definition) []calendar.Date {
	dates := slices.AppendSeq(slices.Clone(d.Holidays), maps.Keys(d.Dates))
	slices.Sort(dates)
	return slices.Compact(dates)
}

// beyondRun reports whether duty of the date cannot touch the run: a window is at most a day long, and zones differ by
// less than a day from UTC.
func beyondRun(date calendar.Date, c *Compiled) bool {
	midnight := calendar.Instant(date) * calendar.Instant(calendar.Day)
	return midnight.Add(3*calendar.Day) < c.Origin || midnight.Add(-calendar.Day) > c.End
}

// usualHours are the windows of a shift on the weekday of the date, in its zone; none where it works on the date anyhow. A
// pool without shifts is on duty in the opening hours of its centre.
func usualHours(pool *Pool, shift int, centre *calendar.Definition, date calendar.Date, zone *time.Location) (calendar.Windows, *time.Location) {
	if len(pool.Shifts) == 0 {
		return centre.Hours.On(date.Weekday()), centre.Zone
	}
	def := &pool.Shifts[shift].Value
	days := def.Days
	if days == 0 {
		days = calendar.Daily
	}
	if def.Holidays.Works() || len(centre.Dates[date]) > 0 || !days.Contains(date.Weekday()) {
		return nil, zone
	}
	return calendar.Windows{{From: def.Start, To: def.Start + calendar.TimeOfDay(def.Length)}}, zone
}

// dutyOn is the duty in each of the windows of one date.
func dutyOn(date calendar.Date, windows calendar.Windows, zone *time.Location, duty HolidayDuty) []HolidayDuty {
	only := calendar.Definition{Zone: zone, Dates: map[calendar.Date]calendar.Windows{date: windows}}
	midnight := calendar.Instant(date) * calendar.Instant(calendar.Day)
	line, err := only.Compile(midnight.Add(-2*calendar.Day), midnight.Add(4*calendar.Day))
	if err != nil { // no windows
		return nil
	}
	var out []HolidayDuty
	for iv := range line.Intervals() {
		duty.Interval = iv
		out = append(out, duty)
	}
	return out
}

func nameOf(d *calendar.Definition, date calendar.Date) string {
	switch name := d.Names[date]; {
	case name != "":
		return name
	case len(d.Dates[date]) > 0:
		return "special hours"
	}
	return "closed"
}

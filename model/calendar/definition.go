package calendar

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// BusinessDayRule says when, on the last of so many business days, a target is due.
type BusinessDayRule uint8

// The rules for business days.
const (
	EndOfDay BusinessDayRule = iota // at the end of the day's opening hours
	SameTime                        // at the local time at which the clock started
)

var businessDayRuleNames = []string{EndOfDay: "end_of_day", SameTime: "same_time"}

// String is the rule's word in scenario files.
func (r BusinessDayRule) String() string { return businessDayRuleNames[r] }

// MarshalText is the rule's word in scenario files.
func (r BusinessDayRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads end_of_day or same_time.
func (r *BusinessDayRule) UnmarshalText(text []byte) error {
	i := slices.Index(businessDayRuleNames, string(text))
	if i < 0 {
		return fmt.Errorf("business day rule %q, want end_of_day or same_time", text)
	}
	*r = BusinessDayRule(i)
	return nil
}

// Holiday is a date on which people do not work, with the name that they give it.
type Holiday struct {
	Date Date
	Name string
}

// Definition says in local terms when a calendar is open. The hours of a date are those of Dates if it has the date;
// else none on a holiday; else those of the weekday. Opening hours are wall-clock times: an opening that falls into a
// daylight-saving gap moves to the transition, and where an hour repeats the first opening and the last closing hold.
type Definition struct {
	Zone        *time.Location
	Hours       Hours
	Holidays    []Date           // closed, in any order
	Names       map[Date]string  // what the dates are called, for explanations; any date may lack one
	Dates       map[Date]Windows // hours that replace those of the weekday or holiday; no windows = closed
	BusinessDay BusinessDayRule
}

// AddHolidays closes the dates and keeps their names. A date that has a name keeps the one it has.
func (d *Definition) AddHolidays(holidays []Holiday) {
	d.Holidays, d.Names = slices.Clone(d.Holidays), maps.Clone(d.Names)
	if d.Names == nil {
		d.Names = make(map[Date]string, len(holidays))
	}
	for _, h := range holidays {
		d.Holidays = append(d.Holidays, h.Date)
		if _, named := d.Names[h.Date]; !named {
			d.Names[h.Date] = h.Name
		}
	}
}

// maxHorizon bounds the work of Compile.
const maxHorizon = 200 * 366 * Day

// Compile makes the arithmetic of the calendar for starts from from to before to, and results up to to. The definition
// may change afterwards without effect. A calendar without open time in the horizon is a *NeverOpenError.
func (d Definition) Compile(from, to Instant) (*Timeline, error) {
	if err := d.check(from, to); err != nil {
		return nil, err
	}
	definition := d.clone()
	horizon := Interval{from, to}
	clock := newLocalClock(d.Zone, from.Add(-3*Day), to.Add(3*Day))
	days := definition.businessDays(clock, horizon)
	open := openIntervals(days, horizon)
	if len(open) == 0 {
		return nil, &NeverOpenError{horizon}
	}
	days = touching(days, horizon)
	for i := range days {
		days[i].hours = nil
	}
	return newTimeline(definition, clock, horizon, open, days), nil
}

// Always is the calendar that never closes, with days of UTC. The horizon must not be empty.
func Always(from, to Instant) *Timeline {
	t, err := Definition{Zone: time.UTC, Hours: RoundTheClock()}.Compile(from, to)
	if err != nil {
		panic(err)
	}
	return t
}

func (d *Definition) check(from, to Instant) error {
	if d.Zone == nil {
		return errors.New("calendar has no zone, want an IANA zone such as Europe/Dublin")
	}
	if from >= to {
		return fmt.Errorf("calendar horizon from %v to %v is empty, want an end after the start", from, to)
	}
	if min(from, -from) < minInstant || min(to, -to) < minInstant || to.Sub(from) > maxHorizon {
		return fmt.Errorf("calendar horizon from %v to %v, want at most 200 years, between the years 0 and 4000", from, to)
	}
	if int(d.BusinessDay) >= len(businessDayRuleNames) {
		return fmt.Errorf("business day rule %d, want end_of_day or same_time", d.BusinessDay)
	}
	if err := d.Hours.check(); err != nil {
		return err
	}
	for _, date := range slices.Sorted(maps.Keys(d.Dates)) {
		for _, w := range d.Dates[date] {
			if err := w.check(); err != nil {
				return fmt.Errorf("%v: %w", date, err)
			}
		}
	}
	return nil
}

// minInstant keeps instants far from overflow: about two thousand years from 1970.
const minInstant = -Instant(2000 * 365 * Day)

// clone is a deep copy with the windows of every day in the order of opening.
func (d *Definition) clone() *Definition {
	c := *d
	for i := range c.Hours {
		c.Hours[i] = slices.Clone(c.Hours[i].sorted())
	}
	c.Holidays = slices.Compact(slices.Sorted(slices.Values(d.Holidays)))
	c.Names = maps.Clone(d.Names)
	c.Dates = make(map[Date]Windows, len(d.Dates))
	for date, windows := range d.Dates {
		c.Dates[date] = slices.Clone(windows.sorted())
	}
	return &c
}

// On are the opening windows of a date, in the order of opening if the definition has them so.
func (d *Definition) On(date Date) Windows {
	if special, found := d.Dates[date]; found {
		return special
	}
	if _, holiday := slices.BinarySearch(d.Holidays, date); holiday {
		return nil
	}
	return d.Hours.On(date.Weekday())
}

package due

import (
	"errors"
	"fmt"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
)

// Calendars answers questions on the calendars of a file. Each is compiled when it is first asked for, and for more years
// when a question needs them, so that lists of holidays which cover few years serve as far as they go.
//
// It is for one goroutine.
type Calendars struct {
	file *scenario.Calendars
	open map[string]*Hours
}

// NewCalendars are the calendars of a file, none of them compiled yet.
func NewCalendars(file *scenario.Calendars) *Calendars {
	return &Calendars{file: file, open: map[string]*Hours{}}
}

// Hours are the opening hours of one calendar, for as many years as the questions so far needed.
type Hours struct {
	file        *scenario.Calendars
	name        string
	Zone        *time.Location
	timeline    *calendar.Timeline
	first, last int // years of the timeline

	noEarlier, noLater error // why the timeline cannot grow
}

// The years that questions can be about: as many as a timeline can hold.
const (
	firstYear = 1900
	lastYear  = 2099
)

// Find is the calendar called name.
func (c *Calendars) Find(name string) (*Hours, error) {
	if h := c.open[name]; h != nil {
		return h, nil
	}
	zone, err := c.file.Zone(name)
	if err != nil {
		return nil, err
	}
	h := &Hours{file: c.file, name: name, Zone: zone}
	c.open[name] = h
	return h, nil
}

// Due is the instant at which the target is due for a clock that starts at start.
func (h *Hours) Due(start calendar.Instant, target calendar.Target) (due calendar.Instant, err error) {
	if h.timeline != nil {
		if due, err := h.timeline.Due(start, target); err == nil {
			return due, nil
		}
	}
	err = h.Ask(start, start, func(t *calendar.Timeline) error {
		due, err = t.Due(start, target)
		return err
	})
	return due, err
}

// OpenTime is the open time from a to b, negative where b is before a.
func (h *Hours) OpenTime(a, b calendar.Instant) (open calendar.Duration, err error) {
	if h.timeline != nil {
		if open, err := h.timeline.OpenTime(a, b); err == nil {
			return open, nil
		}
	}
	err = h.Ask(min(a, b), max(a, b), func(t *calendar.Timeline) error {
		open, err = t.OpenTime(a, b)
		return err
	})
	return open, err
}

// Ask puts a question about the time from first to last to the calendar's timeline, and again to one of more years as long
// as the answer is that it lies outside.
func (h *Hours) Ask(first, last calendar.Instant, question func(*calendar.Timeline) error) error {
	for _, at := range []calendar.Instant{first, last} {
		if year := at.Time().In(h.Zone).Year(); year < firstYear || year > lastYear {
			return fmt.Errorf("lies in the year %d, want a time from %d to %d", year, firstYear, lastYear)
		}
	}
	if h.timeline == nil {
		if err := h.compile(first); err != nil {
			return err
		}
	}
	for {
		err := question(h.timeline)
		var outside *calendar.OutsideHorizonError
		var past *calendar.PastHorizonError
		switch {
		case errors.As(err, &outside) && first < h.timeline.Horizon().From:
			err = h.growBack()
		case errors.As(err, &outside), errors.As(err, &past):
			err = h.growOn()
		default:
			return err
		}
		if err != nil {
			return err
		}
	}
}

// compile makes the first timeline: the year of the instant and the next, or that year alone if the next is not known.
func (h *Hours) compile(at calendar.Instant) error {
	year := at.Time().In(h.Zone).Year()
	if h.reach(year, min(year+1, lastYear)) == nil {
		return nil
	}
	return h.reach(year, year)
}

// reach compiles the timeline for the years from first to last.
func (h *Hours) reach(first, last int) error {
	timeline, err := h.file.Compile(h.name, first, last)
	if err == nil {
		h.timeline, h.first, h.last = timeline, first, last
	}
	return err
}

// growBack makes the timeline begin earlier: twice as long, or by one year if that cannot be. The error of the last try is
// kept, since a file may ask a million times.
func (h *Hours) growBack() error {
	switch {
	case h.noEarlier != nil:
		return h.noEarlier
	case h.first == firstYear:
		h.noEarlier = fmt.Errorf("needs the time before %d, want a later one", firstYear)
	case h.reach(max(firstYear, 2*h.first-h.last-1), h.last) != nil:
		h.noEarlier = h.reach(h.first-1, h.last)
	}
	return h.noEarlier
}

// growOn makes the timeline end later, like growBack.
func (h *Hours) growOn() error {
	switch {
	case h.noLater != nil:
		return h.noLater
	case h.last == lastYear:
		h.noLater = fmt.Errorf("needs the time after %d, want an earlier one or a shorter target", lastYear)
	case h.reach(h.first, min(lastYear, 2*h.last-h.first+1)) != nil:
		h.noLater = h.reach(h.first, h.last+1)
	}
	return h.noLater
}

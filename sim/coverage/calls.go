package coverage

import "sunrelay/model/calendar"

// call is when agents of a shift are on call, and how long they take to come.
type call struct {
	on    []calendar.Interval // in order, not touching
	delay calendar.Duration
}

// answered are the arrivals for which somebody of the shift comes in time who is called in on arrival or, where nobody is
// on call then, as soon as somebody is; in order.
func (c *call) answered(policy *calendar.Policy) []calendar.Interval {
	var out []calendar.Interval
	add := func(from, to calendar.Instant) {
		if from < to {
			out = append(out, calendar.Interval{From: from, To: to})
		}
	}
	on := c.on
	for s := range policy.Stretches() {
		for at := s.From; at < s.To && len(on) > 0; {
			if on[0].To <= at {
				on = on[1:]
				continue
			}
			if to := min(on[0].From, s.To); at < to {
				add(max(at, firstDue(s, on[0].From.Add(c.delay))), to)
				at = to
				continue
			}
			to := min(on[0].To, s.To)
			add(at, min(to, c.lastInTime(s)))
			at = to
		}
	}
	return out
}

// never is later than all calendars.
const never = calendar.Instant(1) << 62

// firstDue is the first start of the stretch, or what would be the first after it, that is not due before the instant.
func firstDue(s calendar.Stretch, at calendar.Instant) calendar.Instant {
	switch {
	case s.Due >= at:
		return s.From
	case s.Rises:
		return s.From.Add(at.Sub(s.Due))
	}
	return never
}

// lastInTime is the end of the arrivals of the stretch, all from its beginning on, that are not due before somebody comes
// who is called in on arrival.
func (c *call) lastInTime(s calendar.Stretch) calendar.Instant {
	switch {
	case !s.Rises:
		return s.Due.Add(1 - c.delay)
	case s.Due.Sub(s.From) >= c.delay:
		return never
	}
	return s.From
}

package trace

import (
	"math"

	"sunrelay/model/calendar"
)

// NoTime is an instant that the log does not give.
const NoTime = calendar.Instant(math.MinInt64)

// Case is one recorded case. What the log does not give is NoTime or -1.
type Case struct {
	ID       uint64 // hash of its number; 0 = not given
	Opened   calendar.Instant
	Response calendar.Instant
	Resolved calendar.Instant
	Closed   calendar.Instant
	Due      calendar.Instant
	Words    [Plan + 1]int32 // by role from Severity on: index into Log.Values
	Met      int8            // 1 = the promise was kept, 0 = it was not

	HandleTime   float64 // minutes
	CustomerWait float64 // hours
	Touches      float64
	HandOffs     float64
	Reopened     float64
}

// Ended is when the case was solved, else closed, else NoTime.
func (c *Case) Ended() calendar.Instant {
	if c.Resolved != NoTime {
		return c.Resolved
	}
	return c.Closed
}

// Last is the latest instant of the case.
func (c *Case) Last() calendar.Instant {
	return max(c.Opened, c.Response, c.Resolved, c.Closed)
}

// blank is a case of which nothing is known.
func blank() Case {
	c := Case{
		Opened: NoTime, Response: NoTime, Resolved: NoTime, Closed: NoTime, Due: NoTime,
		Met: -1, HandleTime: -1, CustomerWait: -1, Touches: -1, HandOffs: -1, Reopened: -1,
	}
	for i := range c.Words {
		c.Words[i] = -1
	}
	return c
}

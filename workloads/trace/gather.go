package trace

import "sunrelay/model/calendar"

// gatherer puts the rows of a log with one row an event together to cases, in the order in which their first rows appear.
type gatherer struct {
	all      []*gathered
	index    map[uint64]*gathered
	repeated int // rows with the event that the last row of their case had
}

// gathered is a case while its events are read.
type gathered struct {
	Case
	first, last calendar.Instant
	opening     uint64           // activity of the first event
	latest      [2]uint64        // activity and assignee of the last one
	turned      calendar.Instant // first event of another activity
	assignee    uint64           // of the last event that has one
	handOffs    float64
	recorded    bool // hand-offs are in a column
	assigned    bool // some event says who has the case
	events      float64
}

func newGatherer() *gatherer { return &gatherer{index: map[uint64]*gathered{}} }

// add takes a row. Rows of a case come in the order of time.
func (g *gatherer) add(row *Case, event int64, activity, assignee uint64) {
	at := calendar.Instant(event)
	c := g.index[row.ID]
	if c == nil || row.ID == 0 {
		c = &gathered{Case: *row, first: at, last: at, opening: activity, turned: NoTime, assignee: assignee}
		c.recorded = row.HandOffs >= 0
		g.all, g.index[row.ID] = append(g.all, c), c
	} else if now := [2]uint64{activity, assignee}; at == c.last && now == c.latest {
		g.repeated++
		c.update(row) // it may tell more of the case, such as when it was resolved
		return
	}
	c.events++
	c.latest = [2]uint64{activity, assignee}
	c.first, c.last = min(c.first, at), max(c.last, at)
	if activity != c.opening && c.turned == NoTime {
		c.turned = at
	}
	if assignee != 0 && c.assignee != 0 && assignee != c.assignee {
		c.handOffs++
	}
	if assignee != 0 {
		c.assignee, c.assigned = assignee, true
	}
	c.update(row)
}

// update takes the latest that a row says.
func (c *gathered) update(row *Case) {
	if c.Opened == NoTime || row.Opened != NoTime && row.Opened < c.Opened {
		c.Opened = row.Opened
	}
	c.Response = latest(c.Response, row.Response)
	c.Resolved, c.Closed, c.Due = latest(c.Resolved, row.Resolved), latest(c.Closed, row.Closed), latest(c.Due, row.Due)
	c.HandOffs, c.Reopened = max(c.HandOffs, row.HandOffs), max(c.Reopened, row.Reopened)
	c.HandleTime, c.CustomerWait, c.Touches = max(c.HandleTime, row.HandleTime), max(c.CustomerWait, row.CustomerWait), max(c.Touches, row.Touches)
	if row.Met >= 0 {
		c.Met = row.Met
	}
	for i, w := range row.Words {
		if w >= 0 {
			c.Words[i] = w
		}
	}
}

func latest(old, now calendar.Instant) calendar.Instant {
	if now == NoTime {
		return old
	}
	return now
}

// made is the case: opened at its first event where no column says more, first worked on when the activity first changed,
// resolved at its last event.
func (c *gathered) made() *Case {
	if c.Opened == NoTime {
		c.Opened = c.first
	}
	if c.Response == NoTime {
		c.Response = c.turned
	}
	if c.Resolved == NoTime && c.Closed == NoTime {
		c.Resolved = c.last
	}
	if c.Touches < 0 {
		c.Touches = c.events
	}
	if !c.recorded && c.assigned {
		c.HandOffs = c.handOffs
	}
	return &c.Case
}

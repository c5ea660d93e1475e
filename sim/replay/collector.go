package replay

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/workloads"
	"sunrelay/workloads/trace"
)

// Collector takes in the cases of a log one by one, in any order. It keeps 32 bytes of each.
type Collector struct {
	zone   *time.Location
	cases  []workloads.Recorded // whose kind is an index into combinations
	known  map[combination]int32
	all    []combination
	counts []int // of cases, by combination
	has    Has
}

// Has says what a log records.
type Has struct{ Response, Resolution, Met, Work bool }

// Of reports whether the log has times of a milestone.
func (h Has) Of(m sla.Milestone) bool {
	if m == sla.FirstResponse {
		return h.Response
	}
	return h.Resolution
}

// combination is the values of a case by Attributes: index into Log.Values, -1 = not recorded.
type combination [len(Attributes)]int32

// Attributes are what a case may be recorded to be.
var Attributes = [...]trace.Role{trace.Severity, trace.Channel, trace.Region, trace.Language, trace.Plan}

// NewCollector is for a log whose days are local to a zone; nil = UTC.
func NewCollector(zone *time.Location) *Collector {
	if zone == nil {
		zone = time.UTC
	}
	return &Collector{zone: zone, known: map[combination]int32{}}
}

// Add takes in a case.
func (c *Collector) Add(k *trace.Case) {
	var values combination
	for i, role := range Attributes {
		values[i] = k.Words[role]
	}
	id, known := c.known[values]
	if !known {
		id = int32(len(c.all))
		c.known[values] = id
		c.all, c.counts = append(c.all, values), append(c.counts, 0)
	}
	c.counts[id]++
	r := workloads.Recorded{At: k.Opened, Kind: id, Met: k.Met}
	r.Resolution = since(k.Opened, k.Ended(), math.Inf(1))
	unanswered := math.Inf(1)
	if k.Ended() != trace.NoTime {
		unanswered = math.NaN()
	}
	r.Response = since(k.Opened, k.Response, unanswered)
	if k.HandleTime > 0 {
		r.Work, r.AllTouches = float32(k.HandleTime*float64(calendar.Minute)), k.Touches < 1
		if !r.AllTouches {
			r.Work /= float32(k.Touches)
		}
		c.has.Work = true
	}
	c.has.Response = c.has.Response || k.Response != trace.NoTime
	c.has.Resolution = c.has.Resolution || k.Ended() != trace.NoTime
	c.has.Met = c.has.Met || k.Met >= 0
	c.cases = append(c.cases, r)
}

// since is the time from opened on in milliseconds; NaN where it runs backwards.
func since(opened, at calendar.Instant, none float64) float32 {
	switch {
	case at == trace.NoTime:
		return float32(none)
	case at < opened:
		return float32(math.NaN())
	}
	return float32(at - opened)
}

// Cases is the number of cases.
func (c *Collector) Cases() int { return len(c.cases) }

// Has says what the log records.
func (c *Collector) Has() Has { return c.has }

// Days are when the local days begin from that of the first case on, and when that of the last case ends.
func (c *Collector) Days() []calendar.Instant { return c.daysFrom(0) }

// daysFrom are the days of the log, so many days later.
func (c *Collector) daysFrom(later int) []calendar.Instant {
	c.sort()
	y, m, d := c.cases[0].At.Time().In(c.zone).Date()
	midnight := func(n int) calendar.Instant { return calendar.FromTime(time.Date(y, m, d+n, 0, 0, 0, 0, c.zone)) }
	last := c.cases[len(c.cases)-1].At
	var days []calendar.Instant
	for n := 0; ; n++ {
		days = append(days, midnight(later+n))
		if midnight(n) > last {
			return days
		}
	}
}

// Move lets the log begin on the first local date from a given one on that has the weekday of its first day. Times of day stay.
func (c *Collector) Move(date time.Time) {
	const week = 7
	days := c.Days()
	y, m, d := days[0].Time().In(c.zone).Date()
	later := int(date.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	later += ((-later)%week + week) % week
	moved := c.daysFrom(later)
	day := 0
	for i := range c.cases {
		at := &c.cases[i].At
		for *at >= days[day+1] {
			day++
		}
		*at = min(moved[day].Add(at.Sub(days[day])), moved[day+1]-1)
	}
}

func (c *Collector) sort() {
	inTime := func(a, b workloads.Recorded) int { return cmp.Compare(a.At, b.At) }
	if !slices.IsSortedFunc(c.cases, inTime) {
		slices.SortStableFunc(c.cases, inTime)
	}
}

// Recording is the log in the words of the scenario; the collector gives its cases away.
func (c *Collector) Recording(values []Value, again workloads.Resampling) *workloads.Recording {
	r := &workloads.Recording{Days: c.Days(), Again: again}
	var meaning [len(Attributes)]map[int32]int
	for i := range meaning {
		meaning[i] = map[int32]int{-1: -1}
	}
	for _, v := range values {
		meaning[v.attribute][v.value] = v.Name
	}
	index := map[scenario.Attributes]int32{}
	kinds := make([]int32, len(c.all))
	for id, combination := range c.all {
		a := scenario.Attributes{
			Severity: meaning[0][combination[0]], Channel: meaning[1][combination[1]], Region: meaning[2][combination[2]],
			Language: meaning[3][combination[3]], Plan: meaning[4][combination[4]],
		}
		kind, known := index[a]
		if !known {
			kind = int32(len(r.Kinds))
			index[a], r.Kinds = kind, append(r.Kinds, a)
		}
		kinds[id] = kind
	}
	none := float32(math.NaN())
	for i := range c.cases {
		k := &c.cases[i]
		k.Kind = kinds[k.Kind]
		if !c.has.Response {
			k.Response = none
		}
		if !c.has.Resolution {
			k.Resolution = none
		}
	}
	r.Cases, c.cases = c.cases, nil
	return r
}

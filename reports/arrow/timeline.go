package arrow

import (
	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
)

// timelineRow is an hour of a pool, or, where pool is -1, of the cases of a component.
type timelineRow struct {
	began                  calendar.Instant
	span                   calendar.Duration
	replication, component int32
	pool                   int32
	books                  sim.PoolBooks
	backlog                metrics.BacklogTotal
	arrived, closed        int64
}

// timelineColumns are the columns of timeline.
func timelineColumns(m *sim.Model) []column[timelineRow] {
	c := m.Scenario
	ofPool := func(value func(*timelineRow) int64) func(*timelineRow) int64 {
		return func(r *timelineRow) int64 {
			if r.pool < 0 {
				return null
			}
			return value(r)
		}
	}
	ofCases := func(value func(*timelineRow) int64) func(*timelineRow) int64 {
		return func(r *timelineRow) int64 {
			if r.pool >= 0 {
				return null
			}
			return value(r)
		}
	}
	return []column[timelineRow]{
		{name: "replication", kind: count, about: "number of the replication, from 0 on",
			value: func(r *timelineRow) int64 { return int64(r.replication) }},
		{name: "component", kind: count, about: "number of the part of the organisation; parts share neither cases nor pools",
			value: func(r *timelineRow) int64 { return int64(r.component) }},
		{name: "measured", kind: boolean, about: "it lies in the measured time, not in the warm-up",
			value: func(r *timelineRow) int64 { return bit(r.began >= c.Start) }},
		{name: "began", kind: instant, about: "the beginning of the hour (UTC), or of the measured time or a week of it within the hour",
			value: func(r *timelineRow) int64 { return int64(r.began) }},
		{name: "span_ms", kind: length, about: "how long it is: an hour, or less where a row begins or ends within",
			value: func(r *timelineRow) int64 { return int64(r.span) }},
		{name: "centre", kind: name, nullable: true, names: namesOf(len(c.Centres), func(i int) string { return c.Centres[i].Name }), about: "that of the pool",
			value: ofPool(func(r *timelineRow) int64 { return int64(c.Pools[r.pool].Centre) })},
		{name: "pool", kind: name, nullable: true, names: poolNames(m), about: "whose agents the row tells of, as centre.pool; null = the row tells of the cases of the component",
			value: ofPool(func(r *timelineRow) int64 { return int64(r.pool) })},
		{name: "busy_ms", kind: length, nullable: true, about: "agents' time at work on cases; null in rows of cases, as are the next five",
			value: ofPool(func(r *timelineRow) int64 { return r.books.Busy })},
		{name: "available_ms", kind: length, nullable: true, about: "agents' time on duty, overtime included. Occupancy is sum(busy_ms) / sum(available_ms)",
			value: ofPool(func(r *timelineRow) int64 { return r.books.Available })},
		{name: "scheduled_ms", kind: length, nullable: true, about: "agents' time in shifts, absence included",
			value: ofPool(func(r *timelineRow) int64 { return r.books.Scheduled })},
		{name: "overtime_ms", kind: length, nullable: true, about: "agents' time at work after the end of their shift",
			value: ofPool(func(r *timelineRow) int64 { return r.books.Overtime })},
		{name: "on_call_ms", kind: length, nullable: true, about: "agents' time on call, called in or not",
			value: ofPool(func(r *timelineRow) int64 { return r.books.OnCall })},
		{name: "touches", kind: count, nullable: true, about: "touches that ended",
			value: ofPool(func(r *timelineRow) int64 { return r.books.Touches })},
		{name: "open_ms", kind: length, nullable: true, about: "time that open cases were open, added up: the mean number of open cases is sum(open_ms) / sum(span_ms). Null in rows of pools, as are the next three",
			value: ofCases(func(r *timelineRow) int64 { return r.backlog.Open })},
		{name: "waiting_ms", kind: length, nullable: true, about: "time that work waited for agents, added up likewise",
			value: ofCases(func(r *timelineRow) int64 { return r.backlog.Waiting })},
		{name: "arrived", kind: count, nullable: true, about: "cases that arrived",
			value: ofCases(func(r *timelineRow) int64 { return r.arrived })},
		{name: "closed", kind: count, nullable: true, about: "cases that were closed, less those that were reopened",
			value: ofCases(func(r *timelineRow) int64 { return r.closed })},
	}
}

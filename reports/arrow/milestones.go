package arrow

import (
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/workloads/rng"
)

// milestoneRow is a clock of the measured time. Instants of 0 never came.
type milestoneRow struct {
	key                   rng.Key
	started, due, reached calendar.Instant
	replication, class    int32
	milestone             sla.Milestone
	status                sim.EventKind // Met to Cancelled
	cause                 metrics.Cause // of Breached
}

// statuses are the names of the kinds of events from Met on.
var statuses = []string{"met", "breached", "undecided", "cancelled"}

// milestoneColumns are the columns of milestones.
func milestoneColumns(m *sim.Model) []column[milestoneRow] {
	classes, def := m.Workload.Classes, m.Scenario.Definition
	return []column[milestoneRow]{
		{name: "replication", kind: count, about: "number of the replication, from 0 on",
			value: func(r *milestoneRow) int64 { return int64(r.replication) }},
		{name: "case_key", kind: key, about: "the case, as in `cases`",
			value: func(r *milestoneRow) int64 { return int64(r.key) }},
		{name: "milestone", kind: name, names: namesOf(sla.Milestones, func(i int) string { return sla.Milestone(i).String() }), about: "what is promised, as in scenario files",
			value: func(r *milestoneRow) int64 { return int64(r.milestone) }},
		{name: "plan", kind: name, names: def.Plans.Names(), about: "what the customer bought",
			value: func(r *milestoneRow) int64 { return int64(classes[r.class].Plan) }},
		{name: "severity", kind: name, names: def.Severities.Names(), about: "that of the case when the clock was decided, for which it counts",
			value: func(r *milestoneRow) int64 { return int64(classes[r.class].Severity) }},
		{name: "started", kind: instant, about: "when the clock started",
			value: func(r *milestoneRow) int64 { return int64(r.started) }},
		{name: "due", kind: instant, nullable: true, about: "when it runs out, pauses and changes of severity included; null = later than all calendars",
			value: func(r *milestoneRow) int64 { return orNull(int64(r.due)) }},
		{name: "reached", kind: instant, nullable: true, about: "when the milestone was reached; null = not before the case was closed, changed severity, or the run ended",
			value: func(r *milestoneRow) int64 { return orNull(int64(r.reached)) }},
		{name: "status", kind: name, names: statuses, about: "met, breached, undecided (the due lies at the end of the run or later) or cancelled (the customer ended the case before the due). Attainment is met / (met + breached)",
			value: func(r *milestoneRow) int64 { return int64(r.status - sim.Met) }},
		{name: "cause", kind: name, nullable: true, names: namesOf(int(metrics.Causes), func(i int) string { return metrics.Cause(i).String() }), about: "of a breach; null = the clock is not breached",
			value: func(r *milestoneRow) int64 { return causeOrNull(r) }},
	}
}

func causeOrNull(r *milestoneRow) int64 {
	if r.status != sim.Breached {
		return null
	}
	return int64(r.cause)
}

package arrow

import (
	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/workloads/rng"
)

// caseRow is a case as it stood at its end, or at the end of the run. Instants of 0 never came.
type caseRow struct {
	key                                            rng.Key
	arrived, responded, closed                     calendar.Instant
	first, class                                   int32 // on arrival, at the end
	restored                                       calendar.Instant
	origin                                         rng.Key // 0 = it is one of the workload
	wait, touched, contacted, asked, outside, away calendar.Duration
	replication                                    int32
	touches, contacts, questions                   int32
	escalations, interruptions, handOvers          int32
	reopened, breaches                             int32
	pool                                           int32 // of the last touch; -1 = none
	entry, tier                                    uint8
	outcome                                        model.Outcome
}

// caseColumns are the columns of cases.
func caseColumns(m *sim.Model) []column[caseRow] {
	c, classes := m.Scenario, m.Workload.Classes
	def := c.Definition
	outcomes := namesOf(model.Outcomes, func(i int) string { return model.Outcome(i).String() })
	return []column[caseRow]{
		{name: "replication", kind: count, main: true, about: "number of the replication, from 0 on",
			value: func(r *caseRow) int64 { return int64(r.replication) }},
		{name: "case_key", kind: key, main: true, about: "the case: what `--trace-case key:KEY` takes, in hexadecimal digits. A case has the same key in each what-if of a scenario",
			value: func(r *caseRow) int64 { return int64(r.key) }},
		{name: "arose_from", kind: key, nullable: true, about: "key of the case from which it was split off, or whose customer came back too late to reopen it; null = it arrived from outside",
			value: func(r *caseRow) int64 { return orNull(int64(r.origin)) }},
		{name: "measured", kind: boolean, about: "it arrived in the measured time, not in the warm-up",
			value: func(r *caseRow) int64 { return bit(r.arrived >= c.Start) }},
		{name: "plan", kind: name, main: true, names: def.Plans.Names(), about: "what the customer bought",
			value: func(r *caseRow) int64 { return int64(classes[r.class].Plan) }},
		{name: "severity", kind: name, main: true, names: def.Severities.Names(), about: "at the end",
			value: func(r *caseRow) int64 { return int64(classes[r.class].Severity) }},
		{name: "first_severity", kind: name, names: def.Severities.Names(), about: "on arrival",
			value: func(r *caseRow) int64 { return int64(classes[r.first].Severity) }},
		{name: "region", kind: name, names: def.Regions.Names(), about: "of the customer",
			value: func(r *caseRow) int64 { return int64(classes[r.class].Region) }},
		{name: "language", kind: name, names: namesOf(len(c.Languages), func(i int) string { return c.Languages[i].Name }), about: "of the customer",
			value: func(r *caseRow) int64 { return int64(classes[r.class].Language) }},
		{name: "channel", kind: name, names: namesOf(len(c.Channels), func(i int) string { return c.Channels[i].Name }), about: "by which it arrived",
			value: func(r *caseRow) int64 { return int64(classes[r.class].Channel) }},
		{name: "first_tier", kind: name, names: c.Tiers, about: "where it started",
			value: func(r *caseRow) int64 { return int64(r.entry) }},
		{name: "last_tier", kind: name, names: c.Tiers, about: "where it was at the end, which may be an external party",
			value: func(r *caseRow) int64 { return int64(r.tier) }},
		{name: "pool", kind: name, nullable: true, names: poolNames(m), about: "whose agent was at its last touch, as centre.pool; null = no touch began",
			value: func(r *caseRow) int64 { return indexOrNull(r.pool) }},
		{name: "arrived", kind: instant, main: true, about: "when it arrived",
			value: func(r *caseRow) int64 { return int64(r.arrived) }},
		{name: "first_response", kind: instant, nullable: true, main: true, about: "when somebody first took care of it, whether promised or not; null = never",
			value: func(r *caseRow) int64 { return orNull(int64(r.responded)) }},
		{name: "restored", kind: instant, nullable: true, about: "when a workaround restored the service; null = none did",
			value: func(r *caseRow) int64 { return orNull(int64(r.restored)) }},
		{name: "closed", kind: instant, nullable: true, main: true, about: "when it was closed for the last time; null = it was open at the end of the run",
			value: func(r *caseRow) int64 { return orNull(int64(r.closed)) }},
		{name: "outcome", kind: name, main: true, names: outcomes, about: "how it stood at the end: open, resolved, unanswered, abandoned, blocked or refused",
			value: func(r *caseRow) int64 { return int64(r.outcome) }},
		{name: "touches", kind: count, about: "touches that began",
			value: func(r *caseRow) int64 { return int64(r.touches) }},
		{name: "contacts", kind: count, about: "updates, further contact attempts and managers' contacts that were made",
			value: func(r *caseRow) int64 { return int64(r.contacts) }},
		{name: "questions", kind: count, about: "questions to the customer",
			value: func(r *caseRow) int64 { return int64(r.questions) }},
		{name: "escalations", kind: count, about: "how often it was passed on to another tier or an external party",
			value: func(r *caseRow) int64 { return int64(r.escalations) }},
		{name: "interruptions", kind: count, about: "how often work on it was interrupted for more severe work",
			value: func(r *caseRow) int64 { return int64(r.interruptions) }},
		{name: "hand_overs", kind: count, about: "how often work on it stopped because the agent's shift was over",
			value: func(r *caseRow) int64 { return int64(r.handOvers) }},
		{name: "reopened", kind: count, about: "how often it was reopened",
			value: func(r *caseRow) int64 { return int64(r.reopened) }},
		{name: "breaches", kind: count, about: "clocks that count as breached: its rows in `milestones` with that status",
			value: func(r *caseRow) int64 { return int64(r.breaches) }},
		{name: "wait_ms", kind: length, about: "time in which it waited for an agent's touch. This and the next four lengths add up to the time from arrival to the end",
			value: func(r *caseRow) int64 { return int64(r.wait) }},
		{name: "touch_ms", kind: length, about: "time in which an agent was at a touch of it",
			value: func(r *caseRow) int64 { return int64(r.touched) }},
		{name: "customer_ms", kind: length, about: "time from questions to answers, or to its closing for want of one",
			value: func(r *caseRow) int64 { return int64(r.asked) }},
		{name: "outside_ms", kind: length, about: "time with external parties, delivery included, and until the end of its outage",
			value: func(r *caseRow) int64 { return int64(r.outside) }},
		{name: "away_ms", kind: length, about: "time for which it was closed before it was reopened",
			value: func(r *caseRow) int64 { return int64(r.away) }},
		{name: "contact_ms", kind: length, about: "time in which agents were at contacts with the customer, which are made beside all this",
			value: func(r *caseRow) int64 { return int64(r.contacted) }},
	}
}

// namesOf are n names.
func namesOf(n int, of func(int) string) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = of(i)
	}
	return names
}

func poolNames(m *sim.Model) []string {
	return namesOf(len(m.Scenario.Pools), func(i int) string { return m.Scenario.Pools[i].Name })
}

// orNull is a value of which 0 means that there is none.
func orNull(x int64) int64 {
	if x == 0 {
		return null
	}
	return x
}

// indexOrNull is an index of which -1 means that there is none.
func indexOrNull(i int32) int64 {
	if i < 0 {
		return null
	}
	return int64(i)
}

package scenario

import (
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/org"
	"sunrelay/model/sla"
)

// Compiled is a scenario as dense tables: every name is an index into the slice that holds it. It is read-only and may
// be shared by goroutines. Expressions of distributions and rules stay in the Definition; the packages that understand
// them bind them to these indices.
type Compiled struct {
	Definition *Definition
	Hash       string // of the scenario as decoded, after extends and overrides; hexadecimal

	// The run begins at Origin with an empty organisation; what happens in [Start, End) is measured.
	Origin, Start, End calendar.Instant
	Replications       int
	Seed               uint64

	Severities []CompiledSeverity // rank = index: the most severe first
	Languages  []CompiledLanguage
	Channels   []CompiledChannel
	Regions    []CompiledRegion
	Plans      []CompiledPlan
	Tiers      []string
	Centres    []CompiledCentre
	Pools      []CompiledPool // by centre, in the order of the file

	Currency string // of all sums; empty where the scenario has none

	// Clocks are the compiled targets: one for each different (calendar, target).
	Clocks []*calendar.Policy
	// ClockCalendars are the names of the calendars on which the Clocks count.
	ClockCalendars []string

	lines  map[string]*calendar.Timeline // by calendar
	occurs [][][]bool                    // by plan, region and severity
}

// Occurs reports whether some case of the plan and region has the severity, at first or by a change. Only such cases have
// clocks.
func (c *Compiled) Occurs(plan, region, severity int) bool { return c.occurs[plan][region][severity] }

// Timeline are the hours that a coverage means in a region; nil where the region has no calendar for the role, which no
// case needs then.
func (c *Compiled) Timeline(region int, coverage sla.Coverage) *calendar.Timeline {
	name, known := c.Definition.calendarOf(region, coverage)
	if !known {
		return nil
	}
	return c.lines[name]
}

// ChannelHours are the hours in which cases of a region may come by a channel; nil = round the clock.
func (c *Compiled) ChannelHours(region, channel int) *calendar.Timeline {
	hours := c.Definition.Channels[channel].Value.Hours
	if hours.Clock == sla.RoundTheClock {
		return nil
	}
	return c.Timeline(region, hours)
}

// CompiledSeverity is a severity with its name.
type CompiledSeverity struct {
	Name string
	Severity
}

// CompiledLanguage is a language; Fallback is the index of the language in which its cases are also served, or -1.
type CompiledLanguage struct {
	Name     string
	Fallback int
}

// CompiledChannel is a channel; MaxWaiting is -1 where any number may hold.
type CompiledChannel struct {
	Name       string
	MaxWaiting int
	Responds   sla.Response
	Callback   float64
	Instead    int // the channel outside the hours; -1 = cases are refused
}

// CompiledRegion is a region of customers.
type CompiledRegion struct {
	Name      string
	Zone      *time.Location
	Languages []float64 // share by language index, summing to 1
}

// CompiledPlan is a plan; its tables are indexed by region, then severity (or what the milestone goes by).
type CompiledPlan struct {
	Name          string
	FollowsTheSun []bool                      // by severity: centres of other regions may work its cases in promised languages
	Promised      []bool                      // by language: the targets hold
	Opens         [][]bool                    // by severity and channel: cases may be opened
	Clock         [sla.Milestones][][]ClockID // by milestone, region and severity; of parties by tier, of managers by way
	Restored      [][]ClockID                 // by region and severity: of updates once service is restored
	OnChange      []bool                      // by severity: an update is owed whenever the case takes a turn
	Attempt       []ClockID                   // by region: from one contact attempt to the next
	Attempts      int                         // contacts, the question included, before a case without answer is closed; at least 1
	Pauses        sla.MilestoneSet

	SeverityChanges sla.SeverityRule
	ReopenWithin    calendar.Duration
	SplitsIssues    bool
	Engineer        sla.Affinity
	EngineerWait    calendar.Duration

	Customers    int
	PricePerYear float64 // of one customer, in Compiled.Currency
	Credits      []Credit
}

// ClockOf is the clock of a milestone in a region, by severity (or what the milestone goes by).
func (p *CompiledPlan) ClockOf(milestone sla.Milestone, region, by int) ClockID {
	if p.Clock[milestone] == nil {
		return NoClock
	}
	return p.Clock[milestone][region][by]
}

// ClockID is an index into Compiled.Clocks; NoClock where nothing is promised.
type ClockID int32

// NoClock marks a milestone without target (none, best_effort or not given).
const NoClock ClockID = -1

// CompiledCentre is a centre with the regions to which it is local.
type CompiledCentre struct {
	Name    string
	Zone    *time.Location
	LocalTo []bool // by region
}

// CompiledPool is a pool with its shifts.
type CompiledPool struct {
	Name        string // centre.pool
	Centre      int
	Tiers       []int  // indices
	Speaks      []bool // by language
	Shrinkage   float64
	AtShiftEnd  org.ShiftEnd
	MaxOvertime calendar.Duration // MaxDuration where uncapped
	CostPerHour float64           // in Compiled.Currency
	OvertimePay float64           // extra, as a share of CostPerHour
	Shifts      []CompiledShift

	Takes             []bool    // by channel
	Concurrency       []float64 // total speed of an agent by pieces of work at a time, from 1 on; at least one
	Activities        float64
	ActivityLength    calendar.Duration
	ServiceDays       float64 // agent days a year taken out of its capacity
	OnCallCostPerHour float64 // in Compiled.Currency
}

// CompiledShift is a shift with every stretch of duty that touches [Origin, End), its breaks included. A pool without
// shifts has one, named like the pool's centre calendar: its opening hours.
type CompiledShift struct {
	Name   string
	Agents int
	Duty   []calendar.Interval   // sorted, not overlapping
	Waves  int                   // at least 1; agent n takes the breaks of wave n modulo Waves
	Breaks [][]calendar.Interval // by wave: within Duty, sorted, not overlapping
	OnCall calendar.Duration     // 0 = on duty
	// ExtraPay is that of one head for the nights and weekends of [Start, End), as time with plain pay.
	ExtraPay calendar.Duration
}

// Presence are the stretches in which the agents of some wave are on duty, or on call: their duty without their breaks.
// They are in no order and may overlap; a shift without agents has none.
func (s *CompiledShift) Presence() []calendar.Interval {
	var out []calendar.Interval
	for wave := range min(s.Agents, s.Waves) {
		out = append(out, lessBreaks(s.Duty, s.Breaks[wave])...)
	}
	return out
}

// lessBreaks are the stretches of duty without the breaks in them; both are sorted.
func lessBreaks(duty, breaks []calendar.Interval) []calendar.Interval {
	if len(breaks) == 0 {
		return duty
	}
	var out []calendar.Interval
	for _, d := range duty {
		for len(breaks) > 0 && breaks[0].From < d.To {
			if b := breaks[0]; b.From > d.From {
				out = append(out, calendar.Interval{From: d.From, To: b.From})
			}
			d.From = breaks[0].To
			breaks = breaks[1:]
		}
		if d.From < d.To {
			out = append(out, d)
		}
	}
	return out
}

// Attributes are what decides about the targets and the agents of a case; all are indices.
type Attributes struct{ Region, Plan, Severity, Channel, Language int }

// MaxDuration is longer than any run.
const MaxDuration = calendar.Duration(1) << 52

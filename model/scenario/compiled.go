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

	// Clocks are the compiled targets: one for each different (calendar, target).
	Clocks []*calendar.Policy
	// ClockCalendars are the names of the calendars on which the Clocks count.
	ClockCalendars []string
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
}

// CompiledRegion is a region of customers.
type CompiledRegion struct {
	Name      string
	Zone      *time.Location
	Languages []float64 // share by language index, summing to 1
}

// CompiledPlan is a plan; its tables are indexed by region, then severity.
type CompiledPlan struct {
	Name          string
	FollowsTheSun []bool                      // by severity: centres of other regions may work its cases
	Clock         [sla.Milestones][][]ClockID // by milestone, region and severity
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
	CostPerHour float64           // in the scenario's currency
	Shifts      []CompiledShift
}

// CompiledShift is a shift with every stretch of duty that touches [Origin, End). A pool without shifts has one, named
// like the pool's centre calendar: its opening hours.
type CompiledShift struct {
	Name   string
	Agents int
	Duty   []calendar.Interval // sorted, not overlapping
}

// MaxDuration is longer than any run.
const MaxDuration = calendar.Duration(1) << 52

package reports

import (
	"fmt"
	"slices"
	"strings"

	"sunrelay/model/scenario"
	"sunrelay/sim/experiment"
	"sunrelay/sim/stats"
)

// Limits beyond which a reader is warned.
const (
	fewReplications  = 10   // Student's interval is rough below (see sim/stats)
	manyUndecided    = 0.05 // share of the clocks, or cases, of a row
	manyCancelled    = 0.02 // share of the clocks of a row
	overloaded       = 0.98 // occupancy of a pool
	growingBacklog   = 2    // BacklogGrowth of a run of at least four weeks; steady growth from nothing gives 7
	growingShortRun  = 1.75 // of a shorter one, what waits at the end over the mean; steady growth from nothing gives 2
	leastBacklog     = 10   // touches; a smaller backlog says nothing
	mostNamesInAList = 6
)

func (run *Run) warn(format string, args ...any) {
	run.Warnings = append(run.Warnings, fmt.Sprintf(format, args...))
}

func (run *Run) addWarnings(result *experiment.Result) {
	if run.Partial {
		run.warn("partial: the run was interrupted after %d of %d replications", run.Replications, run.ReplicationsAsked)
	}
	switch {
	case run.Replications == 1:
		run.warn("1 replication has no half-widths, want at least %d", fewReplications)
	case run.Replications < fewReplications:
		run.warn("the half-widths rest on %d replications, want at least %d", run.Replications, fewReplications)
	}
	run.warnUndecided(result)
	run.warnCancelled()
	run.warnOpen()
	run.warnOverload()
	run.warnBacklog(result)
	for _, lack := range result.CheckWarmUp() {
		run.warn("%s", warmUpText(lack))
	}
	run.warnCredits()
}

// warnCancelled names the promises of which too many clocks were ended by the customer: their attainment speaks of the
// others.
func (run *Run) warnCancelled() {
	var rows []string
	worst := 0.0
	for _, a := range run.Attainment {
		if share := float64(a.Cancelled) / float64(max(1, a.Decided+a.Undecided+a.Cancelled)); share > manyCancelled {
			rows = append(rows, a.Milestone+" of "+a.Plan+" "+a.Severity)
			worst = max(worst, share)
		}
	}
	if len(rows) > 0 {
		run.warn("up to %.0f %% of the clocks were cancelled, since the customer ended the case before the due: %s", 100*worst, someOf(rows))
	}
}

// warnOpen names the rows whose times to a milestone leave out too many cases that had not reached it at the end.
func (run *Run) warnOpen() {
	var rows []string
	worst := 0.0
	for _, r := range run.Responses {
		if share := float64(r.Open) / float64(max(1, r.Open+r.Count)); share > manyUndecided && r.Count > 0 {
			rows = append(rows, r.Milestone+" of "+r.Plan+" "+r.Severity)
			worst = max(worst, share)
		}
	}
	if len(rows) > 0 {
		run.warn("times to %s leave out up to %.0f %% of the cases, which had not got there at the end: they are too short; a longer run tells more",
			someOf(rows), 100*worst)
	}
}

// warnUndecided names the promises of which too many clocks run past the end, and tells where they stand still meanwhile.
func (run *Run) warnUndecided(result *experiment.Result) {
	var rows, paused []string
	worst := 0.0
	for _, a := range run.Attainment {
		share := float64(a.Undecided) / float64(max(1, a.Decided+a.Undecided+a.Cancelled))
		if share <= manyUndecided {
			continue
		}
		rows = append(rows, a.Milestone+" of "+a.Plan+" "+a.Severity)
		worst = max(worst, share)
		if pauses(result.Model.Scenario, &a) && !slices.Contains(paused, a.Milestone) {
			paused = append(paused, a.Milestone)
		}
	}
	if len(rows) == 0 {
		return
	}
	run.warn("up to %.1f %% of the clocks are undecided (due after the end of the run): %s; a longer run decides more",
		100*worst, someOf(rows))
	if len(paused) > 0 {
		run.warn("the undecided clocks of %s include those that stand still while customers are asked: cases with slow answers are "+
			"missing from their attainment", someOf(paused))
	}
}

// pauses reports whether the clocks of a promise stand still while the customer is asked.
func pauses(c *scenario.Compiled, a *Attainment) bool {
	return c.Plans[c.Definition.Plans.Index(a.Plan)].Pauses.Has(milestoneOf(a.Milestone))
}

// warnCredits names the plans that owe credits.
func (run *Run) warnCredits() {
	var plans []string
	for i := range run.Money {
		if m := &run.Money[i]; m.Credited > 0 {
			plans = append(plans, fmt.Sprintf("%s (in %d of %d replications)", m.Plan, m.Credited, run.Replications))
		}
	}
	if len(plans) > 0 {
		run.warn("credits are owed for promises broken: %s", someOf(plans))
	}
}

func (run *Run) warnOverload() {
	var pools []string
	for _, p := range run.Pools {
		if p.Occupancy > overloaded {
			pools = append(pools, p.Centre+"."+p.Pool)
		}
	}
	if len(pools) > 0 {
		run.warn("%s", overloadedWords(pools))
	}
}

// overloadedWords say which pools have next to no time left.
func overloadedWords(pools []string) string {
	return fmt.Sprintf("overloaded, busy more than %.0f %% of their available time: %s", 100*overloaded, someOf(pools))
}

// pilesUp reports whether so many waiting touches, which grow so much, say that agents do not keep up.
func pilesUp(waiting float64, growth stats.Estimate) bool {
	return waiting >= leastBacklog && growth.N > 1 && growth.Low() > growingBacklog
}

// pilesUpWords say that work piles up.
func pilesUpWords(growth stats.Estimate) string {
	return fmt.Sprintf("work piles up: in the last quarter of the weeks %.1f times as many touches wait as in the first, so all waits depend on the length of the run", growth.Mean)
}

// warnBacklog tells when work piles up: then the run has no steady state, and its figures depend on its length.
func (run *Run) warnBacklog(result *experiment.Result) {
	b := &run.Backlog
	growth := result.BacklogGrowth()
	atEnd := b.WaitingTouchesAtEnd
	if b.WaitingTouchesAtEndHalfWidth.Known() {
		atEnd -= b.WaitingTouchesAtEndHalfWidth
	}
	switch {
	case b.WaitingTouches < leastBacklog:
	case pilesUp(float64(b.WaitingTouches), growth):
		run.warn("%s", pilesUpWords(growth))
	case growth.N == 0 && atEnd > growingShortRun*b.WaitingTouches:
		run.warn("work piles up: %.0f touches wait at the end, against %.0f in the mean, so all waits depend on the length of the run",
			float64(b.WaitingTouchesAtEnd), float64(b.WaitingTouches))
	}
}

// someOf lists names, cut after a few.
func someOf(names []string) string {
	if len(names) <= mostNamesInAList {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamesInAList], ", "), len(names)-mostNamesInAList)
}

package reports

import (
	"fmt"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/sim/experiment"
	"sunrelay/sim/metrics"
)

// Limits beyond which a reader is warned.
const (
	fewReplications  = 10   // Student's interval is rough below (see sim/stats)
	manyUndecided    = 0.05 // share of the clocks of a row
	overloaded       = 0.98 // occupancy of a pool
	growingBacklog   = 1.5  // at the end, as a multiple of the mean at that hour of the week
	leastBacklog     = 10   // cases or touches; a smaller backlog at the end says nothing
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
	run.warnUndecided()
	run.warnOverload()
	run.warnBacklog(result)
}

// warnUndecided names the promises of which too many clocks run past the end.
func (run *Run) warnUndecided() {
	var rows []string
	worst := 0.0
	for _, a := range run.Attainment {
		share := float64(a.Undecided) / float64(max(1, a.Decided+a.Undecided+a.Cancelled))
		if share > manyUndecided {
			rows = append(rows, a.Milestone+" of "+a.Plan+" "+a.Severity)
			worst = max(worst, share)
		}
	}
	if len(rows) > 0 {
		run.warn("up to %.0f %% of the clocks are undecided (due after the end of the run): %s; a longer run decides more",
			100*worst, someOf(rows))
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
		run.warn("overloaded, busy more than %.0f %% of their available time: %s", 100*overloaded, someOf(pools))
	}
}

// warnBacklog tells when more work stands at the end than is usual at that hour: then the run has no steady state, and
// its figures depend on its length.
func (run *Run) warnBacklog(result *experiment.Result) {
	open := usual(result, func(b metrics.BacklogTotal) int64 { return b.Open })
	waiting := usual(result, func(b metrics.BacklogTotal) int64 { return b.Waiting })
	b := &run.Backlog
	if grown(b.OpenCasesAtEnd, b.OpenCasesAtEndHalfWidth, open) {
		run.warn("the backlog grows: %.0f cases are open at the end, against %.0f in the mean at that hour", float64(b.OpenCasesAtEnd), open)
	}
	if grown(b.WaitingTouchesAtEnd, b.WaitingTouchesAtEndHalfWidth, waiting) {
		run.warn("work piles up: %.0f touches wait at the end, against %.0f in the mean at that hour", float64(b.WaitingTouchesAtEnd), waiting)
	}
}

func grown(atEnd, halfWidth Number, usual float64) bool {
	if !halfWidth.Known() {
		halfWidth = 0
	}
	return float64(atEnd-halfWidth) > growingBacklog*usual && atEnd >= leastBacklog
}

// usual is the mean backlog in the last hour of the week that the run measures; over all its time where that is less than
// two weeks, since the hour then has been seen only once.
func usual(result *experiment.Result, part func(metrics.BacklogTotal) int64) float64 {
	c := result.Model.Scenario
	last := hourOfWeek(c.End - 1)
	var area, length int64
	for hour := range metrics.HoursOfWeek {
		if c.End.Sub(c.Start) < 2*calendar.Week || hour == last {
			area += part(result.Pooled.Backlog[hour])
			length += measured(c.Start, c.End, hour)
		}
	}
	return float64(area) / float64(max(1, length)) / float64(max(1, len(result.Replications)))
}

// hourOfWeek is the hour of the week (UTC, from Monday 00:00) in which the instant lies.
func hourOfWeek(at calendar.Instant) int {
	const firstMonday = 4 * calendar.Day // 1970-01-05
	r := (int64(at) - int64(firstMonday)) % int64(calendar.Week)
	if r < 0 {
		r += int64(calendar.Week)
	}
	return int(r / int64(calendar.Hour))
}

// measured is how much of [start, end) lies in an hour of the week, in milliseconds.
func measured(start, end calendar.Instant, hour int) int64 {
	before := func(at calendar.Instant) int64 {
		const firstMonday = 4 * calendar.Day
		shifted := int64(at) - int64(firstMonday) - int64(hour)*int64(calendar.Hour)
		weeks, rest := shifted/int64(calendar.Week), shifted%int64(calendar.Week)
		if rest < 0 {
			weeks, rest = weeks-1, rest+int64(calendar.Week)
		}
		return weeks*int64(calendar.Hour) + min(rest, int64(calendar.Hour))
	}
	return before(end) - before(start)
}

// someOf lists names, cut after a few.
func someOf(names []string) string {
	if len(names) <= mostNamesInAList {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamesInAList], ", "), len(names)-mostNamesInAList)
}

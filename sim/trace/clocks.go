package trace

import (
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
)

// clockwork is what a recorder knows of the clocks of a case beside what its story says.
type clockwork struct {
	latest   [sla.Milestones]int // index of the milestone's latest clock, or -1
	restored bool                // service is
	way      int                 // in which a manager was asked for
	asked    calendar.Instant    // a manager was
	ordered  calendar.Instant    // from an external party
}

func (c *clockwork) reset() {
	for m := range c.latest {
		c.latest[m] = -1
	}
}

// clock is the milestone's latest clock, or nil.
func (r *recorder) clock(m sla.Milestone) *Clock {
	if i := r.clocks.latest[m]; i >= 0 {
		return &r.story.Clocks[i]
	}
	return nil
}

// watch starts the clocks that run whatever is promised.
func (r *recorder) watch() {
	for _, m := range []sla.Milestone{sla.FirstResponse, sla.Resolve} {
		r.addClock(Clock{Milestone: m, Class: r.class, Started: r.story.Arrived})
	}
}

func (r *recorder) addClock(c Clock) *Clock {
	c.running = true
	r.clocks.latest[c.Milestone] = len(r.story.Clocks)
	r.story.Clocks = append(r.story.Clocks, c)
	return r.clock(c.Milestone)
}

// observeClock writes what happens to a clock.
func (r *recorder) observeClock(e sim.Event) {
	switch e.Kind {
	case sim.Started:
		r.start(e)
	case sim.Withdrawn:
		c := r.clock(e.Milestone)
		c.HasDue, c.Verdict = false, Withdrawn
		r.addAbout(Dropped, e)
	case sim.Resumed:
		c := r.clock(e.Milestone)
		moved := c.Due != e.Due
		c.Due, c.HasDue = e.Due, e.Due != 0
		if moved {
			r.addAbout(NewDue, e)
		}
	case sim.Voided:
		r.forget(r.clocks.latest[e.Milestone])
	case sim.Reached:
		r.reach(e)
	default:
		r.decide(e)
	}
}

// forget takes a clock out of the story. It has just started, so that no step tells of it.
func (r *recorder) forget(clock int) {
	r.story.Clocks = slices.Delete(r.story.Clocks, clock, clock+1)
	for m, i := range r.clocks.latest {
		switch {
		case i == clock:
			r.clocks.latest[m] = -1
		case i > clock:
			r.clocks.latest[m]--
		}
	}
	for i := range r.story.Steps {
		if s := &r.story.Steps[i]; s.Clock > clock {
			s.Clock--
		}
	}
}

// addAbout adds a step that tells of a milestone's latest clock.
func (r *recorder) addAbout(kind StepKind, e sim.Event) {
	r.add(Step{Kind: kind, From: e.At, Tier: e.Tier, Clock: r.clocks.latest[e.Milestone], Due: e.Due})
}

// start gives a clock its target: one that starts, that was watched without a promise, or whose case has changed severity.
func (r *recorder) start(e sim.Event) {
	c := r.clock(e.Milestone)
	if c == nil || !c.running {
		c = r.addClock(Clock{Milestone: e.Milestone, Started: e.At})
		if e.Milestone == sla.Restore { // runs from the arrival on, even if it is promised only now
			c.Started = r.story.Arrived
		}
	}
	c.Class, c.By, c.Verdict = r.class, r.class.Severity, NotCounted
	c.Restored = e.Milestone == sla.Update && r.clocks.restored
	switch e.Milestone {
	case sla.Fix, sla.RMADispatch, sla.RMAReturn:
		c.By = e.Tier
	case sla.ManagerContact:
		c.By = r.clocks.way
	}
	c.Due, c.HasDue = e.Due, e.Due != 0
	if r.isAsked() && r.model.Scenario.Plans[r.class.Plan].Pauses.Has(e.Milestone) {
		c.StoodAt = e.At
	}
	c.Calendar = r.model.Scenario.ClockCalendars[r.target(c)]
	if e.At > c.Started {
		r.addAbout(NewDue, e)
	}
}

// target is the target of the clock among those of the scenario.
func (r *recorder) target(c *Clock) scenario.ClockID {
	plan := &r.model.Scenario.Plans[c.Class.Plan]
	if c.Restored && plan.Restored != nil {
		return plan.Restored[c.Class.Region][c.By]
	}
	return plan.ClockOf(c.Milestone, c.Class.Region, c.By)
}

// reach notes that a milestone is reached. Where no clock runs there was no promise, or it was broken before.
func (r *recorder) reach(e sim.Event) {
	c := r.clock(e.Milestone)
	if c == nil || !c.running {
		c = r.addClock(Clock{Milestone: e.Milestone, Class: r.class, Started: r.since(e.Milestone, c)})
	}
	c.IsReached, c.StoodAt = true, 0
	c.stop(e.At)
	r.addAbout(ReachedMilestone, e)
}

// since is when a clock without promise started; last is the clock of the milestone before it, or nil.
func (r *recorder) since(m sla.Milestone, last *Clock) calendar.Instant {
	switch {
	case m == sla.Fix || m == sla.RMADispatch:
		return r.clocks.ordered
	case m == sla.ManagerContact:
		return r.clocks.asked
	case last != nil:
		return last.Started
	}
	return r.story.Arrived
}

func (c *Clock) stop(at calendar.Instant) { c.Ended, c.running = at, false }

// decide notes the verdict, which ends a clock whose milestone is not reached; the kinds of events have the order of the
// verdicts.
func (r *recorder) decide(e sim.Event) {
	c := r.clock(e.Milestone)
	c.Verdict, c.Cause = Met+Verdict(e.Kind-sim.Met), e.Cause
	if c.running {
		c.stop(e.At)
	}
}

// standStill stops the clocks that the plan lets stand still while the customer is asked.
func (r *recorder) standStill(at calendar.Instant) {
	pauses := r.model.Scenario.Plans[r.class.Plan].Pauses
	for i := range r.story.Clocks {
		if c := &r.story.Clocks[i]; c.running && pauses.Has(c.Milestone) {
			c.StoodAt = at
		}
	}
}

// isAsked reports whether the customer is asked and has not answered yet.
func (r *recorder) isAsked() bool {
	return slices.ContainsFunc(r.story.Steps, func(s Step) bool { return s.Kind == WithCustomer && s.Open })
}

// runOn lets all clocks run.
func (r *recorder) runOn() {
	for i := range r.story.Clocks {
		if c := &r.story.Clocks[i]; c.running {
			c.StoodAt = 0
		}
	}
}

// stopAll ends the clocks that run.
func (r *recorder) stopAll(at calendar.Instant) {
	for i := range r.story.Clocks {
		if c := &r.story.Clocks[i]; c.running {
			c.stop(at)
		}
	}
}

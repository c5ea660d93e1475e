package trace

import (
	"cmp"
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/workloads/rng"
)

// recorder is an observer that writes the story of one case.
type recorder struct {
	model      *sim.Model
	story      Story
	touch      int
	centre     int  // where the case was worked last
	shiftEnded bool // the next suspension is a hand-over
	suspended  bool // a touch is in progress, though nobody may work on it
	closed     bool
}

func newRecorder(m *sim.Model, key rng.Key) *recorder {
	return &recorder{model: m, story: Story{Key: key}, centre: -1}
}

// Follows asks for everything of the one case.
func (r *recorder) Follows(kase rng.Key, _ sim.EventKind) bool { return kase == r.story.Key }

// Observe writes what happens to the case.
func (r *recorder) Observe(e sim.Event) {
	if e.Case != r.story.Key {
		return
	}
	switch e.Kind {
	case sim.Arrived:
		r.arrive(e)
	case sim.Entered:
		r.add(Step{Kind: Waits, From: e.At, Tier: e.Tier, Ahead: e.Ahead, Resumed: r.suspended})
	case sim.Left:
		r.leave(e)
	case sim.Began:
		r.begin(e)
	case sim.ShiftEnded:
		r.shiftEnded = true
	case sim.Suspended, sim.Ended:
		r.stop(e)
	case sim.Asked:
		r.add(Step{Kind: WithCustomer, From: e.At, Tier: e.Tier})
	case sim.Answered:
		r.last(WithCustomer).To = e.At
	case sim.Escalated:
		r.add(Step{Kind: Escalated, From: e.At, Tier: e.Tier})
	case sim.Reached:
		r.reach(e)
	case sim.Met, sim.Breached, sim.Undecided, sim.Cancelled:
		r.decide(e)
	case sim.Closed:
		r.close(e)
	}
}

func (r *recorder) add(s Step) {
	s.To, s.Open = s.From, s.Kind <= WithCustomer
	r.story.Steps = append(r.story.Steps, s)
}

// last ends the open step of the kind; the caller sets its end.
func (r *recorder) last(kind StepKind) *Step {
	for i := len(r.story.Steps) - 1; ; i-- {
		if s := &r.story.Steps[i]; s.Kind == kind {
			s.Open = false
			return s
		}
	}
}

func (r *recorder) arrive(e sim.Event) {
	c := r.model.Scenario
	class := r.model.Workload.Classes[e.Class]
	r.story.Class, r.story.Arrived, r.story.Measured = class, e.At, e.At >= c.Start
	r.add(Step{Kind: Arrives, From: e.At, Tier: e.Tier})
	for m := range sla.Milestone(sla.Milestones) {
		clock := Clock{Milestone: m}
		if id := c.Plans[class.Plan].ClockOf(m, class.Region, class.Severity); id != scenario.NoClock {
			clock.Calendar = c.ClockCalendars[id]
			clock.Due, clock.HasDue = c.Clocks[id].Due(e.At)
		}
		r.story.Clocks = append(r.story.Clocks, clock)
	}
}

// leave ends a wait, of which the end of the run is only the end of what is known.
func (r *recorder) leave(e sim.Event) {
	wait := r.last(Waits)
	wait.To, wait.Open = e.At, e.At == r.model.Scenario.End
	if e.Passed != 0 {
		r.add(Step{Kind: PassedOver, From: e.Passed, Tier: e.Tier})
	}
}

func (r *recorder) begin(e sim.Event) {
	seat := r.model.Seat(e.Agent)
	centre := r.model.Scenario.Pools[seat.Pool].Centre
	if !r.suspended {
		r.touch++
	}
	r.add(Step{
		Kind: Worked, From: e.At, Tier: e.Tier, Agent: seat, Touch: r.touch,
		Resumed: r.suspended, Elsewhere: r.suspended && centre != r.centre,
	})
	r.suspended, r.centre = false, centre
}

func (r *recorder) stop(e sim.Event) {
	work := r.last(Worked)
	work.To = e.At
	if e.Kind == sim.Suspended {
		r.suspended, work.Break = true, Interrupted
		if r.shiftEnded {
			work.Break = HandedOver
		}
	}
	r.shiftEnded = false
}

func (r *recorder) reach(e sim.Event) {
	clock := r.story.Clock(e.Milestone)
	clock.IsReached, clock.Reached = true, e.At
	r.add(Step{Kind: ReachedMilestone, From: e.At, Tier: e.Tier, Milestone: e.Milestone})
}

// decide notes the verdict; the kinds of events have the order of the verdicts.
func (r *recorder) decide(e sim.Event) {
	clock := r.story.Clock(e.Milestone)
	clock.Verdict, clock.Cause = Met+Verdict(e.Kind-sim.Met), e.Cause
}

func (r *recorder) close(e sim.Event) {
	r.finish(e.At)
	r.story.Outcome, r.closed = e.Outcome, true
	for i := range r.story.Steps {
		if s := &r.story.Steps[i]; s.Kind == WithCustomer && s.Open {
			s.Open, s.Silent = false, true
		}
	}
	r.add(Step{Kind: Ends, From: e.At, Tier: e.Tier})
}

// finish ends the story at the closing, or of an open case at the end of the run.
func (r *recorder) finish(end calendar.Instant) {
	if r.closed {
		return
	}
	s := &r.story
	s.Ended = end
	for i := range s.Steps {
		if s.Steps[i].Open {
			s.Steps[i].To = end
		}
	}
	for m := range s.Clocks {
		c := &s.Clocks[m]
		if late, isDue := c.Late(end); isDue && late > 0 {
			r.add(Step{Kind: RanOut, From: c.Due, Milestone: c.Milestone, Tier: s.Steps[len(s.Steps)-1].Tier})
		}
	}
	slices.SortStableFunc(s.Steps, func(a, b Step) int { return cmp.Compare(a.From, b.From) })
}

package trace

import (
	"cmp"
	"slices"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// recorder is an observer that writes the story of one case.
type recorder struct {
	model      *sim.Model
	story      Story
	clocks     clockwork
	class      workloads.Class // of the case now
	touch      int
	centre     int                         // of the last touch
	rests      [sim.Works]calendar.Instant // when work was suspended, or what is left of it left a queue; else 0
	shiftEnded bool                        // the next suspension is a hand-over
	closed     bool
	returns    bool // a closed case is reopened, or another one arises from it
}

func newRecorder(m *sim.Model, key rng.Key) *recorder {
	r := &recorder{model: m, story: Story{Key: key}, centre: -1}
	r.clocks.reset()
	return r
}

// Follows asks for everything of the one case, and for what gives rise to it.
func (r *recorder) Follows(kase rng.Key, kind sim.EventKind) bool {
	return kase == r.story.Key || kind == sim.SplitOff || kind == sim.CameBackLate
}

// Observe writes what happens to the case.
func (r *recorder) Observe(e sim.Event) {
	if e.Case != r.story.Key {
		r.arise(e)
		return
	}
	if e.Kind >= sim.Started {
		r.observeClock(e)
		return
	}
	switch e.Kind {
	case sim.Arrived:
		r.arrive(e)
	case sim.Entered:
		r.wait(e)
	case sim.Left:
		r.leave(e)
	case sim.Began:
		r.begin(e)
	case sim.ShiftEnded:
		r.shiftEnded = true
	case sim.Suspended, sim.Ended:
		r.stop(e)
	case sim.Closed:
		r.close(e)
	case sim.Reopened:
		r.reopen(e)
	case sim.CameBackLate:
		r.returns = false
		r.add(Step{Kind: CameBackLate, From: e.At, Tier: e.Tier, Other: e.Other})
	default:
		r.pass(e)
	}
}

// pass writes what happens to a case between touches.
func (r *recorder) pass(e sim.Event) {
	switch e.Kind {
	case sim.Asked:
		r.add(Step{Kind: WithCustomer, From: e.At, Tier: e.Tier})
		r.standStill(e.At)
	case sim.Answered:
		r.end(WithCustomer, e.At)
		r.runOn()
	case sim.Escalated:
		r.add(Step{Kind: Escalated, From: e.At, Tier: e.Tier})
	case sim.SeverityChanged:
		was := r.class.Severity
		r.class = r.model.Workload.Classes[e.Class]
		r.add(Step{Kind: SeverityChanged, From: e.At, Tier: e.Tier, Was: was, Severity: r.class.Severity})
	case sim.Restored:
		r.clocks.restored = true
		r.add(Step{Kind: ServiceRestored, From: e.At, Tier: e.Tier})
	case sim.Ordered:
		r.order(e)
	case sim.Delivered:
		r.end(WithParty, e.At)
		r.add(Step{Kind: OnItsWay, From: e.At, Tier: e.Tier})
	case sim.Installed:
		r.end(OnItsWay, e.At)
		r.add(Step{Kind: PartWorks, From: e.At, Tier: e.Tier})
	case sim.Linked:
		r.add(Step{Kind: WithOutage, From: e.At, Tier: e.Tier})
	case sim.ManagerAsked:
		r.clocks.way, r.clocks.asked = e.Way, e.At
		r.add(Step{Kind: ManagerAsked, From: e.At, Tier: e.Tier, Way: e.Way})
	case sim.CallbackAsked:
		r.add(Step{Kind: CallbackAsked, From: e.At, Tier: e.Tier})
	case sim.CalledIn:
		r.add(Step{Kind: CalledIn, From: e.At, Tier: e.Tier, Agent: r.model.Seat(e.Agent)})
	case sim.SplitOff:
		r.add(Step{Kind: SplitOff, From: e.At, Tier: e.Tier, Other: e.Other})
	}
}

func (r *recorder) add(s Step) {
	s.To, s.Open = s.From, s.Kind.Lasts()
	r.story.Steps = append(r.story.Steps, s)
}

// end ends the state of the kind that lasts.
func (r *recorder) end(kind StepKind, at calendar.Instant) *Step {
	return r.stopLast(at, func(s *Step) bool { return s.Kind == kind })
}

// stopLast ends the last step that lasts and is such; there is one.
func (r *recorder) stopLast(at calendar.Instant, isSuch func(s *Step) bool) *Step {
	for i := len(r.story.Steps) - 1; ; i-- {
		if s := &r.story.Steps[i]; s.Open && isSuch(s) {
			s.To, s.Open = at, false
			return s
		}
	}
}

// arise notes from which case this one arises.
func (r *recorder) arise(e sim.Event) {
	if e.Other != r.story.Key {
		return
	}
	kind := SplitOff
	if e.Kind == sim.CameBackLate {
		kind = CameBackLate
	}
	r.story.Origin = Origin{Kind: kind, Key: e.Case}
}

func (r *recorder) arrive(e sim.Event) {
	r.class = r.model.Workload.Classes[e.Class]
	r.story.Class, r.story.Arrived, r.story.Measured = r.class, e.At, e.At >= r.model.Scenario.Start
	r.add(Step{Kind: Arrives, From: e.At, Tier: e.Tier})
	r.watch()
}

func (r *recorder) wait(e sim.Event) {
	s := Step{Kind: waitOf(e.Work), From: e.At, Tier: e.Tier, Work: e.Work, Ahead: e.Ahead, Resumed: r.isRest(e)}
	if e.Agent >= 0 {
		s.Kept, s.Agent = true, r.model.Seat(e.Agent)
	}
	r.add(s)
}

// isRest reports whether the work that begins, or begins to wait, is what is left of work that was suspended or has waited
// up to now.
func (r *recorder) isRest(e sim.Event) bool {
	rest := r.rests[e.Work] == e.At
	r.rests[e.Work] = 0
	return rest
}

// waitOf is the kind of steps in which work waits.
func waitOf(w sim.Work) StepKind {
	if w == sim.Touch {
		return Waits
	}
	return ContactWaits
}

// isNoWait reports whether the work was taken up the moment it began to wait, by the agent who had just ended other work.
func (s *Step) isNoWait(w sim.Work) bool {
	return s.Kind == waitOf(w) && s.Work == w && s.From == s.To && !s.Open
}

// leave ends a wait, of which the end of the run is only the end of what is known. One that took no time is not told.
func (r *recorder) leave(e sim.Event) {
	wait := r.stopLast(e.At, func(s *Step) bool { return s.Kind == waitOf(e.Work) && s.Work == e.Work })
	wait.Open = e.At == r.model.Scenario.End
	if wait.Resumed {
		r.rests[e.Work] = e.At
	}
	if wait.From == wait.To && !wait.Open {
		r.story.Steps = slices.DeleteFunc(r.story.Steps, func(s Step) bool { return s.isNoWait(e.Work) })
		return
	}
	if e.Passed != 0 {
		r.add(Step{Kind: PassedOver, From: e.Passed, Tier: e.Tier, Work: e.Work})
	}
}

func (r *recorder) begin(e sim.Event) {
	s := Step{
		Kind: Contacted, From: e.At, Tier: e.Tier, Work: e.Work, Agent: r.model.Seat(e.Agent), Load: e.Load,
		Resumed: r.isRest(e), Severity: r.class.Severity,
	}
	if e.Work == sim.Touch {
		centre := r.model.Scenario.Pools[s.Agent.Pool].Centre
		if !s.Resumed {
			r.touch++
		}
		s.Kind, s.Touch, s.Elsewhere = Worked, r.touch, s.Resumed && centre != r.centre
		r.centre = centre
	}
	r.add(s)
}

func (r *recorder) stop(e sim.Event) {
	seat := r.model.Seat(e.Agent)
	work := r.stopLast(e.At, func(s *Step) bool {
		return (s.Kind == Worked || s.Kind == Contacted) && s.Work == e.Work && s.Agent == seat
	})
	if e.Kind == sim.Suspended {
		r.rests[e.Work], work.Break = e.At, Interrupted
		if r.shiftEnded {
			work.Break = HandedOver
		}
	}
	r.shiftEnded = false
}

// order begins the time with an external party; what it sent before does not work.
func (r *recorder) order(e sim.Event) {
	r.clocks.ordered = e.At
	if r.onItsWay() {
		r.end(OnItsWay, e.At)
		r.add(Step{Kind: PartFailed, From: e.At, Tier: e.Tier})
	}
	r.add(Step{Kind: WithParty, From: e.At, Tier: e.Tier})
}

// onItsWay reports whether something was sent and has not arrived yet.
func (r *recorder) onItsWay() bool {
	return slices.ContainsFunc(r.story.Steps, func(s Step) bool { return s.Kind == OnItsWay && s.Open })
}

func (r *recorder) close(e sim.Event) {
	r.story.Outcome, r.story.Ended, r.closed, r.returns = e.Outcome, e.At, true, e.Returns
	for i := range r.story.Steps {
		if s := &r.story.Steps[i]; s.Open && s.Kind.IsState() {
			s.To, s.Open, s.Silent = e.At, false, s.Kind == WithCustomer
		}
	}
	if e.Outcome == model.Refused {
		r.story.Clocks = nil
	}
	r.stopAll(e.At)
	r.add(Step{Kind: Ends, From: e.At, Tier: e.Tier, Outcome: e.Outcome})
}

func (r *recorder) reopen(e sim.Event) {
	r.add(Step{Kind: Away, From: r.story.Ended, Tier: e.Tier})
	r.end(Away, e.At)
	r.add(Step{Kind: Reopened, From: e.At, Tier: e.Tier})
	r.story.Outcome, r.closed, r.returns = model.Open, false, false
}

// complete reports whether nothing more can happen in the story.
func (r *recorder) complete() bool {
	return r.closed && !r.returns && !slices.ContainsFunc(r.story.Steps, func(s Step) bool { return s.Open })
}

// finish ends the story, which may still be open at the end of the run.
func (r *recorder) finish(end calendar.Instant) {
	s := &r.story
	if !r.closed {
		s.Ended = end
		r.stopAll(end)
	}
	for i := range s.Steps {
		if s.Steps[i].Open {
			s.Steps[i].To = end
		}
	}
	s.Steps = slices.DeleteFunc(s.Steps, func(s Step) bool { return s.Kind == OnItsWay && !s.Open && s.Length() == 0 })
	for i := range s.Clocks {
		if late, isDue := s.Clocks[i].Late(); isDue && late > 0 {
			r.add(Step{Kind: RanOut, From: s.Clocks[i].Due, Clock: i})
		}
	}
	slices.SortStableFunc(s.Steps, func(a, b Step) int { return cmp.Compare(a.From, b.From) })
	for i := range s.Steps {
		if s.Steps[i].Kind == RanOut {
			s.Steps[i].Tier = s.Steps[i-1].Tier
		}
	}
}

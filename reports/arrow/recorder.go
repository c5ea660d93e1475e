package arrow

import (
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/workloads/rng"
)

// recorder makes rows of what happens in the replications of one component.
type recorder struct {
	writer      *Writer
	model       *sim.Model
	kinds       uint64 // bit set of the kinds of events that it hears of
	component   int
	replication int32
	poolOf      []int32 // by agent
	lives       []life  // by the record of the case
	reached     point   // the last milestone
	origin      origin
	shiftEnded  bool // the next suspension is a hand-over
	books       sim.Books

	cases      *lane[caseRow]
	milestones *lane[milestoneRow]
	timeline   *lane[timelineRow]
}

// life is a case that is not over yet. What most events need stands at its beginning.
type life struct {
	recorded  bool // else the rest means nothing
	over      bool // nothing more can happen but the end of work in progress
	atWork    uint8
	suspended bool // a touch was, and is to be continued
	now       state
	since     calendar.Instant // of now
	caseRow
	began [sim.Works]calendar.Instant // the work in progress
}

// point is a milestone of a case that was reached.
type point struct {
	kase      rng.Key
	milestone sla.Milestone
	at        calendar.Instant
}

// state is with whom a case is.
type state uint8

const (
	withAgents state = iota // or waiting for them
	withCustomer
	outside
	away
)

// origin says of a case that is about to arrive from which other it arises.
type origin struct{ kase, from rng.Key }

// setOf is a bit set of kinds of events.
func setOf(kinds ...sim.EventKind) (set uint64) {
	for _, k := range kinds {
		set |= 1 << k
	}
	return set
}

// What the columns of cases and the rows of milestones are made of.
var (
	mainKinds = setOf(sim.Arrived, sim.Closed, sim.Reopened, sim.SeverityChanged, sim.Reached, sim.CameBackLate)
	allKinds  = mainKinds | setOf(sim.Began, sim.Suspended, sim.Ended, sim.ShiftEnded, sim.Asked, sim.Answered, sim.Escalated, sim.Ordered, sim.Installed, sim.Linked,
		sim.Restored, sim.SplitOff, sim.Breached)
	milestoneKinds = mainKinds | setOf(sim.Met, sim.Breached, sim.Undecided, sim.Cancelled)
)

func newRecorder(w *Writer, component int) *recorder {
	r := &recorder{writer: w, model: w.model, component: component}
	if w.cases != nil {
		r.kinds |= allKinds
		if w.options.MainColumns {
			r.kinds = mainKinds
		}
	}
	if w.milestones != nil {
		r.kinds |= milestoneKinds
	}
	for p := range w.model.Scenario.Pools {
		for _, shift := range w.model.Scenario.Pools[p].Shifts {
			for range shift.Agents {
				r.poolOf = append(r.poolOf, int32(p))
			}
		}
	}
	return r
}

// Observers are the recorder itself, where somebody has asked for what it hears.
func (r *recorder) Observers() (o sim.Observer, l sim.Ledger) {
	if r.kinds != 0 {
		o = r
	}
	if r.writer.timeline != nil {
		l = r
	}
	return o, l
}

// Begin opens the rows of a replication.
func (r *recorder) Begin(replication int) {
	r.replication = int32(replication)
	r.lives = r.lives[:0]
	r.books = sim.Books{At: r.model.Scenario.Origin}
	shard := replication*r.model.Components() + r.component
	r.cases, r.milestones, r.timeline = r.writer.cases.lane(shard), r.writer.milestones.lane(shard), r.writer.timeline.lane(shard)
}

// End adds the cases that are still open and closes the rows of the replication.
func (r *recorder) End() {
	for i := range r.lives {
		if l := &r.lives[i]; l.recorded {
			r.finish(l, r.model.Scenario.End)
		}
	}
	r.cases.end()
	r.milestones.end()
	r.timeline.end()
}

// Err is why nothing can be written any more.
func (r *recorder) Err() error { return r.writer.Err() }

// Hears chooses what rows are made of.
func (r *recorder) Hears(kind sim.EventKind) bool { return r.kinds>>kind&1 == 1 }

// Follows asks for the cases of the sample, and for what gives rise to other cases.
func (r *recorder) Follows(kase rng.Key, kind sim.EventKind) bool {
	return kind == sim.SplitOff || kind == sim.CameBackLate || r.writer.options.Cases.Has(kase)
}

// Observe takes note of an event.
func (r *recorder) Observe(e sim.Event) {
	switch {
	case e.Kind == sim.Arrived:
		r.arrive(e)
		return
	case e.Kind == sim.Reached && e.Milestone != sla.FirstResponse && r.milestones == nil:
		return
	case e.Kind == sim.SplitOff || e.Kind == sim.CameBackLate:
		r.origin = origin{kase: e.Other, from: e.Case}
	}
	l := &r.lives[e.Record]
	if !l.recorded {
		return
	}
	if e.Kind >= sim.Reached {
		r.decide(l, e)
	} else if e.Kind <= sim.Reopened {
		r.work(l, e)
	} else {
		l.pass(r, e)
	}
	if l.over && l.atWork == 0 {
		r.finish(l, l.closed)
	}
}

// arrive begins the life of a case.
func (r *recorder) arrive(e sim.Event) {
	for len(r.lives) <= e.Record {
		r.lives = append(r.lives, life{})
	}
	if !r.writer.options.Cases.Has(e.Case) {
		r.lives[e.Record].recorded = false
		return
	}
	r.lives[e.Record] = life{recorded: true, caseRow: caseRow{
		key: e.Case, arrived: e.At, replication: r.replication, pool: -1,
		first: int32(e.Class), class: int32(e.Class), entry: uint8(e.Tier), tier: uint8(e.Tier),
	}}
	if r.origin.kase == e.Case {
		r.lives[e.Record].origin = r.origin.from
	}
}

// work takes note of agents' work and of the end.
func (r *recorder) work(l *life, e sim.Event) {
	l.class = int32(e.Class)
	switch e.Kind {
	case sim.Began:
		l.atWork |= 1 << e.Work
		l.began[e.Work] = e.At
		if e.Work == sim.Touch {
			l.pool = r.poolOf[e.Agent]
			if !l.suspended {
				l.touches++
			}
			l.suspended = false
		}
	case sim.Suspended, sim.Ended:
		l.stop(e)
		if e.Kind == sim.Suspended && r.shiftEnded {
			l.handOvers++
		} else if e.Kind == sim.Suspended {
			l.interruptions++
		}
		r.shiftEnded = false
	case sim.Closed:
		l.enter(away, e.At)
		l.closed, l.outcome, l.tier, l.over, l.suspended = e.At, e.Outcome, uint8(e.Tier), !e.Returns, false
	case sim.Reopened:
		l.enter(withAgents, e.At)
		l.closed, l.outcome = 0, 0
		l.reopened++
	}
}

// stop ends work of an agent, perhaps in the middle.
func (l *life) stop(e sim.Event) {
	l.atWork &^= 1 << e.Work
	l.spend(e.Work, e.At)
	switch {
	case e.Work == sim.Touch:
		l.suspended = e.Kind == sim.Suspended
	case e.Kind == sim.Ended:
		l.contacts++
	}
}

// spend adds the time of work up to an instant.
func (l *life) spend(work sim.Work, until calendar.Instant) {
	spent := until.Sub(l.began[work])
	if work == sim.Touch {
		l.touched += spent
	} else {
		l.contacted += spent
	}
}

// pass takes note of what happens to a case between touches.
func (l *life) pass(r *recorder, e sim.Event) {
	l.class = int32(e.Class)
	switch e.Kind {
	case sim.ShiftEnded:
		r.shiftEnded = true
	case sim.Asked:
		l.questions++
		l.enter(withCustomer, e.At)
	case sim.Ordered, sim.Linked:
		l.enter(outside, e.At)
	case sim.Installed:
		l.tier = uint8(e.Tier)
		l.enter(withAgents, e.At)
	case sim.Answered:
		l.enter(withAgents, e.At)
	case sim.Escalated:
		l.tier = uint8(e.Tier)
		l.escalations++
	case sim.Restored:
		l.restored = e.At
	case sim.CameBackLate:
		l.over = true
	}
}

// enter gives the case to somebody else.
func (l *life) enter(next state, at calendar.Instant) {
	spent := at.Sub(l.since)
	switch l.now {
	case withCustomer:
		l.asked += spent
	case outside:
		l.outside += spent
	case away:
		l.away += spent
	}
	l.now, l.since = next, at
}

// decide takes note of a milestone that is reached, or of how its clock counts.
func (r *recorder) decide(l *life, e sim.Event) {
	if e.Kind == sim.Reached {
		r.reached = point{e.Case, e.Milestone, e.At}
		if e.Milestone == sla.FirstResponse {
			l.responded = e.At
		}
		return
	}
	if e.Kind == sim.Breached {
		l.breaches++
	}
	if r.milestones == nil {
		return
	}
	row := milestoneRow{
		key: e.Case, started: e.Since, due: e.Due, replication: r.replication, class: int32(e.Class),
		milestone: e.Milestone, status: e.Kind, cause: e.Cause,
	}
	if r.reached == (point{e.Case, e.Milestone, e.At}) {
		row.reached = e.At
	}
	r.milestones.add(row)
}

// finish writes the row of a case that ends, or that is still open at the end of the run.
func (r *recorder) finish(l *life, end calendar.Instant) {
	l.recorded = false
	if r.cases == nil {
		return
	}
	for work := range sim.Work(sim.Works) {
		if l.atWork>>work&1 == 1 {
			l.spend(work, end)
		}
	}
	if l.closed != 0 {
		end = l.closed
	} else {
		l.enter(withAgents, end)
	}
	l.wait = end.Sub(l.arrived) - l.touched - l.asked - l.outside - l.away
	r.cases.add(l.caseRow)
}

// CloseBooks adds the rows of an hour.
func (r *recorder) CloseBooks(b sim.Books) {
	was := r.books
	r.books = b
	row := timelineRow{
		began: was.At, span: b.At.Sub(was.At), replication: r.replication, component: int32(r.component), pool: -1,
		backlog: b.Backlog, arrived: b.Arrived - was.Arrived, closed: b.Closed - was.Closed,
	}
	if row.span == 0 {
		return
	}
	r.timeline.add(row)
	for p := range b.Pools {
		if r.model.PoolComponent(p) == r.component {
			r.timeline.add(timelineRow{
				began: row.began, span: row.span, replication: row.replication, component: row.component,
				pool: int32(p), books: b.Pools[p],
			})
		}
	}
}

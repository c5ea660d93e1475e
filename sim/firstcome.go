package sim

import (
	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/workloads"
)

// A pool whose agents are always there, and whose cases are touched once each in the order of arrival, needs no event list:
// a case begins when it arrives or when the first agent is free, whichever is later (Kiefer and Wolfowitz 1955, "On the
// theory of queues with many servers"). Engines of such components serve all hours but the last in this way, with the
// same results; then they hand the cases that are open to the event loop, which ends the run.

// firstCome is the state of such a component.
type firstCome struct {
	pool   int32
	free   tree // by agent: when the work that was begun so far is complete
	hours  []hourBook
	now    *hourBook // of the present one
	strike tick      // when it is over
	until  tick      // the last full hour before the end of the run
	left   []openCase
}

// hourBook is what happens in an hour to the numbers of which the engine keeps the areas. It is written ahead: when a case
// arrives it is known when it will begin and end.
type hourBook struct {
	open, backlog, busy meter
	touches             int64
}

// openCase is one that arrives before until and ends later.
type openCase struct {
	workloads.Case
	tier   uint8
	begins tick
}

// newFirstCome is the state of the engine's component, or nil if its cases cannot be served in order.
func (e *Engine) newFirstCome() *firstCome {
	const hour = tick(calendar.Hour)
	until := (e.end - 1) / hour * hour
	if !e.plain || e.ledger != nil || until <= 0 || e.from%hour != 0 || int64(e.origin)%int64(calendar.Hour) != 0 {
		return nil
	}
	queue, pool := none, none
	for stream := range e.Workload.Streams() {
		tier := e.Workload.StartTier(stream)
		for _, id := range e.Workload.StreamClasses(stream) {
			k := &e.classes[id]
			if k.component != e.component {
				continue
			}
			s := &k.stages[tier]
			if queue == none {
				queue, pool = s.first, e.groups[s.group].only
			}
			if s.first != queue || !e.Workload.IsOrdinary(stream) || k.patience != nil || k.maxWaiting >= 0 || s.work.Continue > 0 || s.work.EscalateAny > 0 {
				return nil
			}
		}
	}
	if pool == none || !e.isAlwaysThere(pool) {
		return nil
	}
	p := &e.pools[pool]
	return &firstCome{pool: pool, free: newTree(int(p.hi - p.lo)), hours: make([]hourBook, until/hour), until: until}
}

// isAlwaysThere reports whether there are agents in the pool, and all of them are on duty from the beginning of the run to
// its end.
func (e *Engine) isAlwaysThere(pool int32) bool {
	for i := range e.shifts {
		s := &e.shifts[i]
		if s.pool != pool {
			continue
		}
		if s.onCall > 0 || s.shrinkage > 0 || s.service > 0 || len(s.changes) != 2 || s.changes[0].at > 0 || s.changes[1].at < e.end {
			return false
		}
	}
	return e.pools[pool].lo < e.pools[pool].hi
}

// serveFirstCome simulates all hours before the last.
func (e *Engine) serveFirstCome(o *firstCome) error {
	for at, slot := e.tree.first(); at == 0 && slot < e.slots.streams; at, slot = e.tree.first() {
		if slot >= e.slots.starts {
			e.changeDuty(int32(slot - e.slots.starts))
		} else if err := e.strikeHour(); err != nil {
			return err
		}
	}
	o.reset(e.pools[o.pool].hi - e.pools[o.pool].lo)
	for {
		s, at, other := e.nextStream()
		for at >= o.strike {
			e.enterHour(o)
			if o.strike == o.until {
				e.continueFrom(o)
				return nil
			}
			e.now = o.strike
			o.open(e.now)
			if err := e.strikeHour(); err != nil {
				return err
			}
		}
		e.serveStream(o, s, min(other, o.strike))
	}
}

// serveStream serves the next case of a stream, and those after it that arrive before the limit.
func (e *Engine) serveStream(o *firstCome, s *stream, limit tick) {
	for {
		c := &s.block[s.at]
		if e.accounts[c.Class].component == e.component {
			e.serve(o, c, s.tier)
		}
		s.at++
		if s.at == len(s.block) || e.tick(s.block[s.at].At) >= limit {
			return
		}
	}
}

// reset is for a new replication, with n agents.
func (o *firstCome) reset(n int32) {
	o.free.clear()
	for a := range n {
		o.free.set(uint32(a), 0)
	}
	clear(o.hours)
	o.left = o.left[:0]
	o.open(0)
}

// open opens the book of the hour that begins.
func (o *firstCome) open(at tick) {
	o.now = &o.hours[at/tick(calendar.Hour)]
	o.strike = at + tick(calendar.Hour)
}

// at is the book of the hour of an instant from now on and before until.
func (o *firstCome) at(at tick) *hourBook {
	if at < o.strike {
		return o.now
	}
	return &o.hours[at/tick(calendar.Hour)]
}

// enterHour enters into the engine's meters what happened in the hour that is over.
func (e *Engine) enterHour(o *firstCome) {
	e.open.add(o.now.open)
	e.backlog.add(o.now.backlog)
	s := &e.staff[o.pool]
	s.busy.add(o.now.busy)
	s.touches += o.now.touches
}

// nextStream is the stream whose next case arrives first, the first of several, when that is, and when the first of the
// other streams arrives; or never.
func (e *Engine) nextStream() (first *stream, at, other tick) {
	at, other = never, never
	for i := range e.streams {
		s := &e.streams[i]
		if next := s.next(&e.Model); next < at {
			first, at, other = s, next, at
		} else {
			other = min(other, next)
		}
	}
	return first, at, other
}

// serve gives a case that arrives to the agent who is the first to be free.
func (e *Engine) serve(o *firstCome, arrival *workloads.Case, tier uint8) {
	k := &e.accounts[arrival.Class]
	at := e.tick(arrival.At)
	ready, agent := o.free.first()
	begins := max(at, ready)
	ends := min(begins+tick(arrival.Work), never)
	o.free.set(agent, ends)
	o.now.open.rise(at)
	if begins > at {
		o.now.backlog.rise(at)
	}
	if begins < o.until {
		began := o.at(begins)
		began.busy.rise(begins)
		if begins > at {
			began.backlog.fall(begins)
		}
	}
	if ends >= o.until {
		o.left = append(o.left, openCase{*arrival, tier, begins})
		return
	}
	ended := o.at(ends)
	ended.busy.fall(ends)
	ended.open.fall(ends)
	ended.touches++
	e.events += 2
	e.totals.Arrived++
	e.closed++
	e.waits.sum += begins - at
	k.worked[o.pool] += max(0, ends-max(begins, e.from))
	if at < e.from {
		return
	}
	k.waits[tier].Add(begins - at)
	k.elapsed[sla.FirstResponse].Add(begins - at)
	k.elapsed[sla.Resolve].Add(ends - at)
	k.outcomes[model.Resolved]++
	if policy := k.policies[sla.FirstResponse]; policy != nil {
		k.counts[sla.FirstResponse].Started++
		e.decideFirstCome(k, e.dueFrom(policy, at), at, begins)
	}
}

// decideFirstCome decides the clock of a first response that ran from the one instant to the other, in the present hour and
// week.
func (e *Engine) decideFirstCome(k *account, due, from, to tick) {
	if to <= due && due < e.end {
		k.counts[sla.FirstResponse].Decide(e.week, e.hour, true)
		return
	}
	c := kase{core: core{arrived: from, week: int16(e.week), hour: uint8(e.hour)}}
	c.clocks[clockOf[sla.FirstResponse]] = clock{due: due, from: from}
	e.decide(none, &c, k, sla.FirstResponse, to <= due)
}

// continueFrom hands the open cases to the event loop, which goes on at until. The engine's meters know of them already.
func (e *Engine) continueFrom(o *firstCome) {
	open, backlog, busy, now := e.open, e.backlog, e.staff[o.pool].busy, e.now
	for i := range o.left {
		l := &o.left[i]
		e.now = e.tick(l.At)
		e.readClock()
		id, c, k := e.openPlain(&l.Case, l.tier)
		s := &k.stages[l.tier]
		if l.begins < o.until {
			e.waits.sum += l.begins - e.now
			since := e.now
			e.now = l.begins
			e.startPlain(e.idleSeat(&e.groups[s.group]), id, c, k, since, tick(l.Work))
		} else {
			e.waitPlain(id, c, k, s.first, s.group, tick(l.Work))
		}
	}
	e.open, e.backlog, e.staff[o.pool].busy, e.now = open, backlog, busy, now
	e.readClock()
	for i := range e.streams {
		e.scheduleArrival(uint32(i))
	}
}

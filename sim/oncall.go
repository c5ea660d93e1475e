package sim

// onCall are the agents who are not on duty and come when they are called in. One who is called in arrives after the delay
// of the shift, works on what may call agents in, and goes home when nothing of it is left. After the end of the time on
// call he ends what he has begun and takes nothing new; who was on the way then also does what waits when he arrives.
type onCall struct {
	ready  []uint64 // bit set of agents: on call
	called []uint64 // bit set of agents: on the way or at work
	delay  []tick   // by agent
	takes  []tick   // by agent who is called: work that began to wait by then
	held   []held   // work that calls nobody in yet
}

// held is work that an agent may take who is about to look for some.
type held struct {
	kase int32
	kind Work
}

// setCall begins or ends the time on call of an agent. Work that waits calls in who begins.
func (e *Engine) setCall(a, p int32, present bool) {
	bit := uint64(1) << (a & 63)
	isThere := e.onDuty[a>>6]&bit != 0
	if !present {
		e.call.ready[a>>6] &^= bit
		if isThere {
			e.call.takes[a] = 0
		}
		return
	}
	e.call.ready[a>>6] |= bit
	e.call.takes[a] = never
	switch {
	case isThere:
		e.takeUp(a, p)
	case !e.isCalled(a) && e.hasUrgentWork(p):
		e.summon(a, p)
	}
}

// hasUrgentWork reports whether work waits that calls in agents of the pool.
func (e *Engine) hasUrgentWork(p int32) bool {
	for w, served := range e.pools[p].urgent {
		if e.queues.filled[w]&served != 0 {
			return true
		}
	}
	return false
}

// callFor calls in an agent of the group for work that begins to wait, if it is such work. An agent who has just ended
// some work may take it; if not, it calls in later.
func (e *Engine) callFor(it *item, k *account, group int32) {
	switch {
	case !k.callsIn:
	case e.clearing(group):
		e.call.held = append(e.call.held, held{it.kase, it.kind})
	default:
		if a := e.callIn(&e.groups[group]); a != none {
			e.follow(CalledIn, it.kase, a)
		}
	}
}

// callForHeld calls in agents for the work that was held and still waits.
func (e *Engine) callForHeld() {
	for _, h := range e.call.held {
		c := e.cases.at(h.kase)
		if i := c.waiting(h.kind); i != none {
			it := &e.queues.items[i]
			e.callFor(it, &e.accounts[c.class], e.lines[e.queues.all[it.queue].line].group)
		}
	}
	e.call.held = e.call.held[:0]
}

// callIn calls in an agent of the group, if there is one on call who has not been called, and returns him, else none: who
// comes soonest, the nearest among equals.
func (e *Engine) callIn(g *group) int32 {
	best, of := none, none
	for _, p := range g.pools {
		pool := &e.pools[p]
		for a := pool.lo; a < pool.hi && pool.onCall; a++ {
			if e.call.ready[a>>6]>>(a&63)&1 == 1 && !e.isCalled(a) && (best == none || e.call.delay[a] < e.call.delay[best]) {
				best, of = a, p
			}
		}
	}
	if best != none {
		e.summon(best, of)
	}
	return best
}

func (e *Engine) summon(a, p int32) {
	e.call.called[a>>6] |= 1 << (a & 63)
	if e.measuring {
		e.totals.Pools[p].CallIns++
	}
	e.tree.set(e.slots.seats+uint32(a), e.now+e.call.delay[a])
}

func (e *Engine) isCalled(a int32) bool { return e.call.called[a>>6]>>(a&63)&1 == 1 }

// arriveOnCall lets an agent who was called in begin. It counts as overtime.
func (e *Engine) arriveOnCall(a, p int32) {
	bit := uint64(1) << (a & 63)
	e.onDuty[a>>6] |= bit
	if e.call.ready[a>>6]&bit == 0 {
		e.call.takes[a] = e.now
	}
	e.staff[p].available.rise(e.now)
	e.staff[p].overtime.rise(e.now)
	e.takeUp(a, p)
}

// calledSeat is a free seat of an agent of the group who was called in and is at work, for work that may call agents in;
// or none.
func (e *Engine) calledSeat(g *group) int32 {
	for _, p := range g.pools {
		pool := &e.pools[p]
		for a := pool.lo; a < pool.hi && pool.onCall && pool.seats > 1; a++ {
			if int32(e.load[a]) == pool.seats || a == e.cleared || !e.isCalled(a) || e.onDuty[a>>6]>>(a&63)&1 == 0 || e.declines(a, e.now) {
				continue
			}
			return e.freeSeat(a, pool)
		}
	}
	return none
}

// declines reports whether the agent was called in and does not take work that began to wait at since.
func (e *Engine) declines(a int32, since tick) bool {
	return e.calledIn && e.isCalled(a) && since > e.call.takes[a]
}

// goHome lets an agent who was called in leave, unless he still does something.
func (e *Engine) goHome(a, p int32) {
	if e.load[a] > 0 {
		return
	}
	bit := uint64(1) << (a & 63)
	e.onDuty[a>>6] &^= bit
	e.call.called[a>>6] &^= bit
	e.staff[p].available.fall(e.now)
	e.staff[p].overtime.fall(e.now)
}

package sim

// onCall are the agents who are not on duty and come when they are called in. One who is called in arrives after the delay
// of the shift, works on what may call agents in, and goes home when nothing of it is left.
type onCall struct {
	ready  []uint64 // bit set of agents: on call
	called []uint64 // bit set of agents: on the way or at work
	delay  []tick   // by agent
}

// setCall begins or ends the time on call of an agent. Work that waits calls in who begins.
func (e *Engine) setCall(a, p int32, present bool) {
	bit := uint64(1) << (a & 63)
	if !present {
		e.call.ready[a>>6] &^= bit
		return
	}
	e.call.ready[a>>6] |= bit
	if !e.isCalled(a) && e.hasUrgentWork(p) {
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

// callFor calls in an agent of the group for work that begins to wait, if it is such work.
func (e *Engine) callFor(id int32, k *account, g *group) {
	if !k.callsIn {
		return
	}
	if a := e.callIn(g); a != none {
		e.follow(CalledIn, id, a)
	}
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
	e.staff[p].available.rise(e.now)
	e.staff[p].overtime.rise(e.now)
	e.takeUp(a, p)
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

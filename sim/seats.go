package sim

import "math"

// Agents who do several things at a time, such as chats, share their speed among them: with n pieces of work at a time the
// agent does the pool's speed(n) milliseconds of work in a millisecond, an equal part of each (limited processor sharing).
// Whenever a piece comes or goes, the others are done sooner or later. One who does one thing at a time needs none of this.

// sitDown adds a piece of work to what the agent does.
func (e *Engine) sitDown(d *desk, p *pool, work tick) {
	if e.load[d.agent] == 1 {
		e.staff[d.pool].busy.rise(e.now)
	}
	d.left, d.paced = float64(work), e.now
	e.settle(d.agent, p, e.load[d.agent]-1)
	e.repace(d.agent, p, e.load[d.agent])
}

// standUp takes a piece away, whose desk is d.
func (e *Engine) standUp(d *desk, p *pool) {
	n := e.load[d.agent]
	e.settle(d.agent, p, n)
	if n == 1 {
		e.staff[d.pool].busy.fall(e.now)
	}
	d.kase = none
	e.repace(d.agent, p, n-1)
}

// settle notes what the agent has done of each of n pieces since the last change, and whose time it was: each row has an
// equal part of the agent's time, the first one the milliseconds that do not divide.
func (e *Engine) settle(agent int32, p *pool, n uint8) {
	if n == 0 {
		return
	}
	speed := p.speed[n-1] / float64(n)
	first := true
	for i := range p.seats {
		d := &e.desks[p.seatOf(agent, i)]
		if d.kase == none || d.paced == e.now {
			continue
		}
		d.left = max(0, d.left-speed*float64(e.now-d.paced))
		if e.measuring {
			spent := e.now - max(d.paced, e.from)
			part := spent / tick(n)
			if first {
				part += spent % tick(n)
			}
			e.accounts[e.cases.at(d.kase).class].worked[d.pool] += part
		}
		first = false
		d.paced = e.now
	}
}

// repace sets when each of n pieces will be complete.
func (e *Engine) repace(agent int32, p *pool, n uint8) {
	if n == 0 {
		return
	}
	speed := p.speed[n-1] / float64(n)
	for i := range p.seats {
		seat := p.seatOf(agent, i)
		if d := &e.desks[seat]; d.kase != none {
			d.until = min(e.now+tick(math.Ceil(d.left/speed-1e-6)), never)
			e.tree.set(e.slots.seats+uint32(seat), e.stopAt(d))
		}
	}
}

// seatOf is the i-th seat of an agent of the pool.
func (p *pool) seatOf(agent, i int32) int32 {
	if i == 0 {
		return agent
	}
	return p.further + (agent-p.lo)*(p.seats-1) + i - 1
}

package sim

import (
	"sunrelay/model/calendar"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// Engine simulates replications of one component of a model, one after the other; it keeps its memory from one to the
// next. It is for one goroutine.
type Engine struct {
	Model     // a copy, whose tables are shared: one step nearer than a pointer
	component int32
	observer  Observer
	follower  Follower // the observer, if it is one
	heard     uint64   // bit set of the kinds of events that the observer hears of
	ledger    Ledger
	entries   Books // of the ledger
	heartbeat func(arrived int64) error

	now       tick
	hour      int        // of the week, UTC
	week      int        // of the measured time; 0 in the warm-up
	measuring bool       // now is in the measured time
	plain     bool       // the component is
	firstCome *firstCome // of a component whose cases are served in the order of arrival; else nil
	events    int64      // arrivals, ends of work, changes of duty, timers
	reported  int64      // arrivals that the heartbeat knows

	tree     tree
	slots    slots
	cases    arena
	accounts []account // by class
	timers   timers
	queues   queues
	desks    []desk // by seat
	agents
	breathers breathers
	call      onCall
	staff     []staff  // by pool
	free      []uint64 // bit set of pools with idle agents
	duty      []duty   // by shift
	streams   []stream
	waiting   []int32 // callers who hold, by channel: its waiting room
	open      meter   // open cases
	backlog   meter   // waiting work
	cleared   int32   // the agent who has just ended some work and not found other yet, or none
	owed      int32   // the case that is owed an update since this event, for which no timer is set yet, or none
	closed    int64
	waits     littleSum
	totals    *metrics.Totals
}

// slots are the first slots of the kinds of events, in the order of the kinds; the hour tick is slot 0.
type slots struct{ ends, seats, starts, timers, streams uint32 }

// stream is an arrival stream in progress.
type stream struct {
	source *workloads.Source
	tier   uint8
	block  []workloads.Case
	at     int // of the next case in block
}

// Options are what may be attached to an engine.
type Options struct {
	// Observer hears of every event, and of more where it is a Follower; nil = nobody.
	Observer Observer
	// Ledger hears of every hour; nil = nobody.
	Ledger Ledger
	// Heartbeat is called every simulated hour and at the end with the number of cases that arrived since the last call. An error ends
	// the replication and is returned.
	Heartbeat func(arrived int64) error
}

// NewEngine is an engine for one component.
func NewEngine(m *Model, component int, o Options) *Engine {
	e := &Engine{Model: *m, component: int32(component), observer: o.Observer, ledger: o.Ledger, heartbeat: o.Heartbeat}
	e.follower, _ = o.Observer.(Follower)
	e.heard = hearing(o.Observer)
	e.entries.Pools = make([]PoolBooks, len(m.pools))
	e.slots.ends = 1
	e.slots.seats = e.slots.ends + uint32(len(m.shifts))
	e.slots.starts = e.slots.seats + uint32(len(m.seats))
	e.slots.timers = e.slots.starts + uint32(len(m.shifts))
	e.slots.streams = e.slots.timers + 1
	e.tree = newTree(int(e.slots.streams) + m.Workload.Streams())
	e.timers = newTimers()
	kept := 0
	if m.keeps {
		kept = m.size
	}
	e.queues = newQueues(m.lineSizes(), kept)
	e.desks = make([]desk, len(m.seats))
	e.agents = newAgents(m.size)
	if m.activities {
		e.breathers = breathers{
			away: make([]uint64, (m.size+63)/64), at: make([]tick, m.size), drawn: make([]uint32, m.size), keys: make([]rng.Key, m.size),
		}
	}
	if m.calledIn {
		e.call = onCall{ready: make([]uint64, (m.size+63)/64), called: make([]uint64, (m.size+63)/64), delay: make([]tick, m.size), takes: make([]tick, m.size)}
	}
	e.accounts = newAccounts(m)
	e.staff = make([]staff, len(m.pools))
	e.free = make([]uint64, (len(m.pools)+63)/64)
	e.duty = make([]duty, len(m.shifts))
	e.streams = make([]stream, m.Workload.Streams())
	e.waiting = make([]int32, len(m.Scenario.Channels))
	e.plain = e.isPlain()
	e.firstCome = e.newFirstCome()
	return e
}

// Run simulates one replication and returns what it measured. The error is that of the heartbeat, or says that the
// engine broke a law of conservation, which is a bug.
func (e *Engine) Run(replication int) (*metrics.Totals, error) {
	e.reset(replication)
	if e.firstCome != nil {
		if err := e.serveFirstCome(e.firstCome); err != nil {
			return nil, err
		}
	}
	for {
		at, slot := e.tree.first()
		if at >= e.end {
			break
		}
		e.now = at
		switch {
		case slot >= e.slots.streams:
			e.arrive(slot - e.slots.streams)
		case slot == e.slots.timers:
			e.expire()
		case slot >= e.slots.starts:
			e.changeDuty(int32(slot - e.slots.starts))
		case slot >= e.slots.seats:
			e.finish(int32(slot - e.slots.seats))
		case slot >= e.slots.ends:
			e.changeDuty(int32(slot - e.slots.ends))
		default:
			if err := e.strikeHour(); err != nil {
				return nil, err
			}
		}
		if e.owed != none {
			e.setUpdateTimer()
		}
	}
	if err := e.conclude(); err != nil {
		return nil, err
	}
	return e.totals, e.beat()
}

func (e *Engine) reset(replication int) {
	root := e.Workload.Root(replication)
	e.now, e.events, e.reported, e.measuring = 0, 0, 0, false
	e.totals = metrics.NewTotals(e.Shape)
	e.openAccounts()
	e.cleared, e.owed = none, none
	e.tree.clear()
	e.cases.reset()
	e.timers.reset()
	e.queues.reset()
	for i := range e.desks {
		e.desks[i] = desk{agent: e.seats[i].agent, pool: e.seats[i].pool, kase: none}
	}
	e.agents.reset()
	clear(e.breathers.away)
	clear(e.breathers.drawn)
	clear(e.call.ready)
	clear(e.call.called)
	clear(e.staff)
	clear(e.free)
	clear(e.waiting)
	e.open, e.backlog, e.closed, e.waits = meter{}, meter{}, 0, littleSum{}
	e.resetDuty(root)
	for i := range e.streams {
		e.resetStream(uint32(i), replication)
	}
	e.readClock()
	e.tree.set(0, 0)
}

func (e *Engine) resetStream(i uint32, replication int) {
	s := &e.streams[i]
	s.source = e.Workload.Source(int(i), replication)
	s.tier = uint8(e.Workload.StartTier(int(i)))
	if s.block == nil {
		s.block = make([]workloads.Case, 0, workloads.BlockSize)
	}
	s.refill()
	e.scheduleArrival(i)
}

func (s *stream) refill() {
	s.block = s.block[:s.source.Fill(s.block[:cap(s.block)])]
	s.at = 0
}

// next is when the next case arrives, or never.
func (s *stream) next(m *Model) tick {
	if s.at == len(s.block) {
		s.refill()
	}
	if len(s.block) == 0 {
		return never
	}
	return m.tick(s.block[s.at].At)
}

func (e *Engine) scheduleArrival(i uint32) {
	e.tree.set(e.slots.streams+i, e.streams[i].next(&e.Model))
}

// strikeHour closes the books of the hour that ends and opens those of the next.
func (e *Engine) strikeHour() error {
	e.closeBooks()
	e.readClock()
	e.tree.set(0, e.nextStrike())
	return e.beat()
}

// beat tells the heartbeat of the cases that it does not know of.
func (e *Engine) beat() error {
	if e.heartbeat == nil {
		return nil
	}
	arrived := e.totals.Arrived - e.reported
	e.reported = e.totals.Arrived
	return e.heartbeat(arrived)
}

// nextStrike is the next full hour (UTC), or, if that is earlier, the beginning of the measured time or of the next week of
// it.
func (e *Engine) nextStrike() tick {
	hour, week := tick(calendar.Hour), tick(calendar.Week)
	next := e.now + hour - floorMod(tick(e.instant(e.now)), hour)
	if e.now < e.from {
		return min(next, e.from)
	}
	return min(next, e.now+week-(e.now-e.from)%week)
}

// hourOfWeek is the hour of the week (UTC) of an instant.
func (m *Model) hourOfWeek(at tick) int {
	const mondayOffset = 3 * tick(calendar.Day) // 1970-01-01 was a Thursday
	return int(floorMod(tick(m.instant(at))+mondayOffset, tick(calendar.Week)) / tick(calendar.Hour))
}

// floorMod is a modulo m, in [0, m).
func floorMod(a, m tick) tick { return (a%m + m) % m }

// readClock notes the hour of the week and the week of the measured time.
func (e *Engine) readClock() {
	e.hour = e.hourOfWeek(e.now)
	e.week = max(0, int((e.now-e.from)/tick(calendar.Week)))
	e.measuring = e.now >= e.from
}

// closeBooks adds the time since the last strike to the hour that ends.
func (e *Engine) closeBooks() {
	area := metrics.BacklogTotal{Open: e.open.flush(e.now), Waiting: e.backlog.flush(e.now)}
	e.waits.area += area.Waiting
	if e.measuring {
		e.totals.Backlog[e.hour].Add(area)
		e.totals.BacklogByWeek[e.week].Add(area)
	}
	for p := range e.staff {
		t, touches := e.staff[p].flush(e.now)
		onCall := e.staff[p].onCall.flush(e.now)
		if e.measuring {
			pool := &e.totals.Pools[p]
			pool.Touches += touches
			pool.OnCall += onCall
			pool.ByHour[e.hour].Add(t)
			pool.ByWeek[e.week].Add(t)
		}
		e.entries.Pools[p] = PoolBooks{PoolTime: t, OnCall: onCall, Touches: touches}
	}
	if e.ledger != nil {
		e.enterBooks(area)
	}
}

// arrive admits the next case of a stream.
func (e *Engine) arrive(i uint32) {
	s := &e.streams[i]
	c := &s.block[s.at]
	s.at++
	switch {
	case e.accounts[c.Class].component != e.component:
	case e.plain && !c.Refused && c.Outage == 0:
		e.admitPlain(c, s.tier)
	default:
		e.admit(c, s.tier)
	}
	e.scheduleArrival(i)
}

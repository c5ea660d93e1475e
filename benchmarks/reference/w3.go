package reference

import (
	"math"
	"math/bits"
)

// W3 is support around the clock: three sites with 50 agents of tier 1 and 12 of tier 2 each, in daily shifts of eight
// hours and a half that begin eight hours apart, who finish their work in overtime. Four priorities, of which 10, 20, 30
// and 40 % of the cases are, and eight languages: 65 % of the cases are in language 0, which everybody speaks, and 5 % in
// each other, which two of the seven pools of a site and tier speak. 92 cases an hour, a quarter more at the peak of the day. A
// quarter goes on from tier 1, which takes half an hour, to tier 2, which takes 24 minutes. Each priority has a target
// for the first response. A case goes to the pool of whose agents the largest share is idle; a free agent takes the highest
// priority, among equals the case that waits longest.
type W3 struct {
	rng     Xoshiro
	now     float64      // hours
	node    [512]uint64  // winner tree: a key is the bits of the time with the slot in the lowest eight
	agents  [256]w3Agent // by slot
	pools   [w3Pools]w3Pool
	speak   [2][w3Languages]uint64 // pools by tier and language
	idle    uint64                 // pools with idle agents
	onDuty  uint64                 // pools
	cases   []w3Case
	free    []uint32
	lines   [2][32]w3Line // by tier and priority * 8 + language
	filled  [2]uint32     // bit set of the lines with work
	dues    [4]w3Dues     // by priority
	wait    [2]float64
	started [2]int
	late    int
}

// Parameters of W3.
const (
	w3Sites     = 3
	w3Languages = 8
	w3Rate      = 92.0 // an hour
	w3Swing     = 0.25 // of the rate, over the day
	w3Agents    = w3Sites * 62
	w3SitePools = 14
	w3Pools     = w3Sites * w3SitePools
)

// Slots of W3.
const (
	w3Source = w3Agents
	w3Begin  = w3Source + 1
	w3End    = w3Begin + w3Sites
	w3Due    = w3End + w3Sites
	w3Mask   = 255
)

var (
	w3Targets = [4]float64{0.05, 0.1, 0.25, 0.5} // hours
	w3Means   = [2]float64{0.5, 0.4}             // hours
	// w3Sizes are the agents of a site's pools by tier; pool p of a tier speaks the languages 0, p+1 and the one after that.
	w3Sizes  = [2][7]int{{8, 7, 7, 7, 7, 7, 7}, {2, 2, 2, 2, 2, 1, 1}}
	w3Peak   = w3Rate * (1 + w3Swing)
	w3Accept = w3AcceptByHour()
)

type w3Agent struct {
	pool uint8
	kase uint32
}

// w3Pool has its agents in slots of their own from first on.
type w3Pool struct {
	skills uint32 // lines that its agents may serve
	first  uint32
	size   int
	tier   uint8
	idle   uint8 // bit set of agents
}

type w3Case struct {
	entered float64
	number  uint32 // of the case that has the place
	line    uint8
	waiting bool // for its first response
}

// w3Ring is far beyond the longest queue of a priority and language.
const w3Ring = 512

// w3Line is a queue of cases.
type w3Line struct {
	at         [w3Ring]uint32
	head, tail uint32
}

// w3Dues are the targets that run, of one length and so in the order in which they are due.
type w3Dues struct {
	at         [w3Ring]w3Promise
	head, tail uint32
}

type w3Promise struct {
	due          float64
	kase, number uint32
}

// w3AcceptByHour is the share of the peak rate by hour of the day, times 2^53.
func w3AcceptByHour() (share [24]uint64) {
	for h := range share {
		share[h] = uint64((1 + w3Swing*math.Sin(float64(h)/12*math.Pi)) / (1 + w3Swing) * (1 << 53))
	}
	return share
}

// NewW3 is the kernel, empty and at midnight, with a seed of its own.
func NewW3(seed uint64) *W3 {
	w := &W3{rng: NewXoshiro(seed)}
	for s := range uint32(256) {
		w.node[256+s] = w3Key(math.Inf(1), s)
	}
	for i := 255; i > 0; i-- {
		w.node[i] = min(w.node[2*i], w.node[2*i+1])
	}
	first := uint32(0)
	for p := range w3Pools {
		tier, number := p/7%2, p%7
		w.hire(p, tier, number, first)
		first += uint32(w3Sizes[tier][number])
	}
	for site := range uint32(w3Sites) {
		w.set(w3Begin+site, 8*float64(site))
		w.set(w3End+site, 8*float64(site)+8.5)
	}
	w.set(w3Source, w.nextArrival())
	return w
}

// hire gives a pool, which has a number within its site and tier, its agents.
func (w *W3) hire(pool, tier, number int, first uint32) {
	languages := uint32(1 | 1<<(1+number) | 1<<(1+(number+1)%7))
	size := w3Sizes[tier][number]
	w.pools[pool] = w3Pool{skills: languages * 0x01010101, first: first, size: size, tier: uint8(tier)}
	for a := range size {
		w.agents[int(first)+a].pool = uint8(pool)
	}
	for l := range w3Languages {
		if languages>>l&1 == 1 {
			w.speak[tier][l] |= 1 << pool
		}
	}
}

func w3Key(time float64, slot uint32) uint64 { return math.Float64bits(time)&^w3Mask | uint64(slot) }

func (w *W3) set(slot uint32, time float64) {
	key, p := w3Key(time, slot), (256+slot)&511
	w.node[p] = key
	for range 8 {
		key = min(key, w.node[p^1])
		p >>= 1
		w.node[p] = key
	}
}

// nextArrival thins a Poisson process of the peak rate.
func (w *W3) nextArrival() float64 {
	t := w.now
	for {
		t += w.rng.Exponential() / w3Peak
		if w.rng.Bits()>>11 < w3Accept[int(t)%24] {
			return t
		}
	}
}

// Run goes on until the given number of further cases has arrived, and returns the mean waits in both tiers, in hours,
// and the share of the first responses that were late.
func (w *W3) Run(cases int) (tier1, tier2, late float64) {
	w.wait, w.started, w.late = [2]float64{}, [2]int{}, 0
	for arrived := 0; arrived < cases; {
		first := w.node[1]
		w.now = math.Float64frombits(first &^ w3Mask)
		switch slot := uint32(first & w3Mask); {
		case slot < w3Agents:
			w.finish(slot)
		case slot == w3Source:
			arrived++
			w.arrive()
		case slot < w3End:
			w.comeOnDuty(slot)
		case slot < w3Due:
			w.goOffDuty(slot)
		default:
			w.expire(slot)
		}
	}
	return w.wait[0] / float64(w.started[0]), w.wait[1] / float64(w.started[1]), float64(w.late) / float64(w.started[0])
}

func (w *W3) arrive() {
	u := w.rng.Bits()
	id := w.newCase()
	c := &w.cases[id]
	c.line, c.waiting = classOf(u)<<3|w3Language(uint32(u)), true
	w.enter(id, 0)
	w.set(w3Source, w.nextArrival())
}

func w3Language(u uint32) uint8 {
	const english = 2791728742 // 65 % of 2^32
	const other = 214748365    // 5 %
	if u < english {
		return 0
	}
	return uint8(min(1+(u-english)/other, w3Languages-1))
}

func (w *W3) newCase() uint32 {
	if n := len(w.free); n > 0 {
		id := w.free[n-1]
		w.free = w.free[:n-1]
		return id
	}
	w.cases = append(w.cases, w3Case{})
	return uint32(len(w.cases) - 1)
}

func (w *W3) enter(id uint32, tier int) {
	c := &w.cases[id]
	c.entered = w.now
	if m := w.idle & w.speak[tier][c.line&7]; m != 0 {
		w.begin(w.idleAgent(m), id, tier)
		return
	}
	q := &w.lines[tier][c.line&31]
	q.at[q.tail%w3Ring] = id
	q.tail++
	w.filled[tier] |= 1 << (c.line & 31)
	if tier == 0 {
		w.promise(id, c)
	}
}

// idleAgent is the first idle agent of the pool, of several that have some, of which the largest share is idle.
func (w *W3) idleAgent(pools uint64) uint32 {
	best, most, size := 0, 0, 1
	for m := pools; m != 0; m &= m - 1 {
		p := bits.TrailingZeros64(m)
		if idle := bits.OnesCount8(w.pools[p].idle); idle*size > most*w.pools[p].size {
			best, most, size = p, idle, w.pools[p].size
		}
	}
	p := &w.pools[best]
	a := p.first + uint32(bits.TrailingZeros8(p.idle))
	if p.idle &= p.idle - 1; p.idle == 0 {
		w.idle &^= 1 << best
	}
	return a
}

func (w *W3) rest(a uint32, pool uint8) {
	p := &w.pools[pool]
	p.idle |= 1 << (a - p.first)
	w.idle |= 1 << pool
}

func (w *W3) promise(id uint32, c *w3Case) {
	p := c.line >> 3 & 3
	q, due := &w.dues[p], w.now+w3Targets[p]
	if q.head == q.tail {
		w.set(w3Due+uint32(p), due)
	}
	q.at[q.tail%w3Ring] = w3Promise{due, id, c.number}
	q.tail++
}

func (w *W3) begin(a, id uint32, tier int) {
	c := &w.cases[id]
	w.started[tier]++
	w.wait[tier] += w.now - c.entered
	c.waiting = false
	w.agents[a&w3Mask].kase = id
	w.set(a, w.now+w3Means[tier]*w.rng.Exponential())
}

func (w *W3) finish(a uint32) {
	agent := &w.agents[a&w3Mask]
	pool := &w.pools[agent.pool]
	if pool.tier == 0 && w.rng.Bits()>>62 == 0 {
		w.enter(agent.kase, 1)
	} else {
		w.cases[agent.kase].number++
		w.free = append(w.free, agent.kase)
	}
	if w.onDuty>>agent.pool&1 == 1 {
		if w.take(a, pool) {
			return
		}
		w.rest(a, agent.pool)
	}
	w.set(a, math.Inf(1))
}

// take gives an agent the case of the highest priority that waits longest, and reports whether there is one.
func (w *W3) take(a uint32, pool *w3Pool) bool {
	tier := int(pool.tier & 1)
	m := w.filled[tier] & pool.skills
	if m == 0 {
		return false
	}
	m &= 0xff << (bits.TrailingZeros32(m) &^ 7) // the lines of the highest priority
	best, since := 0, math.Inf(1)
	for ; m != 0; m &= m - 1 {
		line := bits.TrailingZeros32(m) & 31
		q := &w.lines[tier][line]
		if entered := w.cases[q.at[q.head%w3Ring]].entered; entered < since {
			best, since = line, entered
		}
	}
	q := &w.lines[tier][best]
	id := q.at[q.head%w3Ring]
	q.head++
	if q.head == q.tail {
		w.filled[tier] &^= 1 << best
	}
	w.begin(a, id, tier)
	return true
}

func (w *W3) comeOnDuty(slot uint32) {
	w.set(slot, w.now+24)
	from := int(slot-w3Begin) * w3SitePools
	for p := from; p < from+w3SitePools; p++ {
		pool := &w.pools[p]
		w.onDuty |= 1 << p
		for a := pool.first; a < pool.first+uint32(pool.size); a++ {
			atWork := w.node[256+a] < w3Key(math.Inf(1), 0) // since the shift before
			if !atWork && !w.take(a, pool) {
				w.rest(a, uint8(p))
			}
		}
	}
}

func (w *W3) goOffDuty(slot uint32) {
	w.set(slot, w.now+24)
	from := int(slot-w3End) * w3SitePools
	for p := from; p < from+w3SitePools; p++ {
		w.pools[p].idle = 0
		w.onDuty &^= 1 << p
		w.idle &^= 1 << p
	}
}

// expire counts the case whose target runs out, if it still waits, and passes by those that wait no more.
func (w *W3) expire(slot uint32) {
	q := &w.dues[slot-w3Due]
	for first := true; q.head != q.tail; first = false {
		p := &q.at[q.head%w3Ring]
		c := &w.cases[p.kase]
		if open := c.waiting && c.number == p.number; open && !first {
			w.set(slot, p.due)
			return
		} else if open {
			w.late++
		}
		q.head++
	}
	w.set(slot, math.Inf(1))
}

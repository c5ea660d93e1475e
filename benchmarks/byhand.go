package benchmarks

import (
	"context"
	"math/bits"

	"sunrelay/benchmarks/reference"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// byHand is the loop of W2 written out for this one scenario, with the draws by case that make scenarios comparable and with
// the engine's statistics, but without calendars, shifts, promises, routing rules and whatever else a scenario may ask for. It
// is the least that an engine with such draws and statistics takes, and says how much of the distance between engine and bare
// loop these are.
type byHand struct {
	model    *sim.Model
	severity []uint8 // by class
	source   *workloads.Source

	now     int64 // milliseconds from the beginning of the run, as all instants here
	events  [2 * handSlots]uint64
	desks   [handSlots]handItem // what each agent does
	began   [handSlots]int64
	idle    [2]uint64 // bit set of the agents of each tier
	lines   [2][4]handLine
	filled  [2]uint8 // bit set of the severities that wait
	arrived int

	waits          [2][4]metrics.Waits
	first, resolve [4]metrics.Waits
	resolved       [4]int64
	worked         [4][2]int64
	touches        [2]int64
	busy           [2]area
	open, backlog  area
}

// handSlots are the agents of W2, of tier 2 from W2Agents1 on, and, as the last one, the arrivals.
const (
	handSlots = 128
	handNever = 1 << 42
)

// handItem is a touch that waits or is in progress.
type handItem struct {
	key                  rng.Key
	arrived, since, work int64
	class                int32
	touch                uint32
}

// handLine is a queue far longer than any of W2.
type handLine struct {
	items      [1 << 12]handItem
	head, tail uint32
}

// area is the area under a count; see the engine's meters.
type area struct{ n, sum int64 }

func (a *area) rise(now int64) { a.n++; a.sum -= now }
func (a *area) fall(now int64) { a.n--; a.sum += now }

// prepareByHand is the loop for about so many cases.
func prepareByHand(cases int) (*Work, error) {
	model, err := lasting(named("w2"), cases)
	if err != nil {
		return nil, err
	}
	run := func(ctx context.Context, turn func(int) error) error {
		return newByHand(model).run(int(turnOf(cases)), func(ops int) error {
			if err := turn(ops); err != nil {
				return err
			}
			return ctx.Err()
		})
	}
	return &Work{Run: run, Reference: newW2()}, nil
}

func newByHand(model *sim.Model) *byHand {
	h := &byHand{model: model, source: model.Workload.Source(0, 0)}
	for i := range model.Workload.Classes {
		h.severity = append(h.severity, uint8(model.Workload.Classes[i].Severity))
	}
	for i := range h.events {
		h.events[i] = handNever<<7 | uint64(i%handSlots)
	}
	h.idle = [2]uint64{1<<reference.W2Agents1 - 1, 1<<reference.W2Agents2 - 1}
	return h
}

// run goes on until no more cases arrive, and calls turn after each of so many.
func (h *byHand) run(after int, turn func(int) error) error {
	block := make([]workloads.Case, 0, workloads.BlockSize)
	origin := int64(h.model.Scenario.Origin)
	told := 0
	for {
		block = block[:h.source.Fill(block[:cap(block)])]
		if len(block) == 0 {
			return turn(h.arrived - told)
		}
		for i := range block {
			c := &block[i]
			h.set(handSlots-1, int64(c.At)-origin)
			for h.step() {
			}
			h.open.rise(h.now)
			h.enter(0, &handItem{key: c.Key, arrived: h.now, since: h.now, work: int64(c.Work), class: c.Class})
			if h.arrived++; h.arrived-told == after {
				told = h.arrived
				if err := turn(after); err != nil {
					return err
				}
			}
		}
	}
}

// step handles the next event; false is an arrival, which the caller handles.
func (h *byHand) step() bool {
	next := h.events[1]
	h.now = int64(next >> 7)
	if slot := next % handSlots; slot < handSlots-1 {
		h.finish(int(slot))
		return true
	}
	return false
}

func (h *byHand) set(slot int, at int64) {
	key := uint64(at)<<7 | uint64(slot)
	p := uint8(handSlots + slot)
	h.events[p] = key
	for range 7 {
		key = min(key, h.events[p^1])
		p >>= 1
		h.events[p] = key
	}
}

func (h *byHand) enter(tier int, it *handItem) {
	if h.idle[tier] != 0 {
		agent := bits.TrailingZeros64(h.idle[tier])
		h.idle[tier] &^= 1 << agent
		h.begin(tier, tier*reference.W2Agents1+agent, it)
		return
	}
	s := h.severity[it.class] & 3
	line := &h.lines[tier][s]
	line.items[line.tail%uint32(len(line.items))] = *it
	line.tail++
	h.filled[tier] |= 1 << s
	h.backlog.rise(h.now)
}

func (h *byHand) begin(tier, agent int, it *handItem) {
	s := h.severity[it.class] & 3
	h.waits[tier][s].Add(h.now - it.since)
	if it.touch == 0 {
		h.first[s].Add(h.now - it.arrived)
	}
	h.desks[agent], h.began[agent] = *it, h.now
	h.busy[tier].rise(h.now)
	h.set(agent, h.now+it.work)
}

func (h *byHand) finish(agent int) {
	d := &h.desks[agent]
	tier := agent / reference.W2Agents1
	s := h.severity[d.class] & 3
	h.worked[s][tier] += h.now - h.began[agent]
	h.busy[tier].fall(h.now)
	h.touches[tier]++
	if tier == 0 && h.escalates(d) {
		next := handItem{key: d.key, arrived: d.arrived, since: h.now, class: d.class, touch: d.touch + 1}
		next.work = int64(h.model.Workload.Work[1][0].Handle.Sample(d.key.Bits(workloads.DrawHandle, next.touch)) + 0.5)
		h.enter(1, &next)
	} else {
		h.resolve[s].Add(h.now - d.arrived)
		h.resolved[s]++
		h.open.fall(h.now)
	}
	h.next(tier, agent)
}

func (h *byHand) escalates(d *handItem) bool {
	return rng.Uniform(d.key.Bits(workloads.DrawEscalate, d.touch)) < h.model.Workload.Work[0][0].EscalateAny
}

// next gives the agent the best of what waits.
func (h *byHand) next(tier, agent int) {
	if h.filled[tier] == 0 {
		h.idle[tier] |= 1 << (agent - tier*reference.W2Agents1)
		h.set(agent, handNever)
		return
	}
	s := bits.TrailingZeros8(h.filled[tier]) & 3
	line := &h.lines[tier][s]
	it := &line.items[line.head%uint32(len(line.items))]
	if line.head++; line.head == line.tail {
		h.filled[tier] &^= 1 << s
	}
	h.backlog.fall(h.now)
	h.begin(tier, agent, it)
}

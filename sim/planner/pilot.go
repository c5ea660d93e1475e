package planner

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/workloads/rng"
)

// load is the work that agents of one group of pools may do: what they do in a run in which nobody waits, which is the
// modified offered load on open time with all returns (customers' answers, escalations, reopened cases, updates).
type load struct {
	pools   []int           // that may do it, rising
	mean    week            // erlangs
	square  week            // mean of the squares, over weeks and replications
	urgency [urgencies]week // erlangs, by how long the work may wait
	excess  float64         // mean of d²/2 over mean of d, milliseconds: what is left of a piece of work at a random instant
	weight  float64         // sum of d
	pieces  float64
	promise float64   // sum of d times the wait that is promised, of the most urgent work, milliseconds squared
	weeks   []float64 // hours of work, by measured week of all replications
}

// urgencies are classes of the time within which a first touch is promised; the last is for other work.
const urgencies = 5

var urgencyHours = [urgencies]int{0, 2, 8, 24, hoursOfWeek}

// ledger is an observer that adds up work.
type ledger struct {
	model   *sim.Model
	loads   map[string]*load
	byClass map[[2]int]*load // by class and tier
	began   map[piece]calendar.Instant
	weekly  map[*load][]week // erlang-milliseconds by measured week
}

type piece struct {
	kase rng.Key
	work sim.Work
}

func newLedger(m *sim.Model) *ledger {
	return &ledger{model: m, loads: map[string]*load{}, byClass: map[[2]int]*load{}, began: map[piece]calendar.Instant{}, weekly: map[*load][]week{}}
}

// Observe follows work from its beginning to its end.
func (l *ledger) Observe(e sim.Event) {
	switch e.Kind {
	case sim.Began:
		l.began[piece{e.Case, e.Work}] = e.At
	case sim.Ended, sim.Suspended:
		p := piece{e.Case, e.Work}
		from, known := l.began[p]
		if !known {
			return
		}
		delete(l.began, p)
		l.add(e, calendar.Interval{From: from, To: e.At})
	}
}

func (l *ledger) of(class, tier int) *load {
	at := [2]int{class, tier}
	if g := l.byClass[at]; g != nil {
		return g
	}
	var pools []int
	for p := range l.model.Scenario.Pools {
		if l.model.Scenario.Eligible(l.model.Workload.Classes[class], tier, p) {
			pools = append(pools, p)
		}
	}
	k := fmt.Sprint(pools)
	if l.loads[k] == nil {
		l.loads[k] = &load{pools: pools}
	}
	l.byClass[at] = l.loads[k]
	return l.loads[k]
}

func (l *ledger) add(e sim.Event, span calendar.Interval) {
	c := l.model.Scenario
	g := l.of(e.Class, e.Tier)
	d := float64(span.Length())
	g.excess += d * d / 2
	g.weight += d
	g.pieces++
	u, wait := l.urgency(e, span.From)
	if u == 0 {
		g.promise += d * float64(wait)
	}
	for at, to := max(span.From, c.Start), min(span.To, c.End); at < to; at = nextHour(at) {
		h, part := hourOfWeek(at), float64(min(to, nextHour(at))-at)
		g.urgency[u][h] += part
		weeks := l.weekly[g]
		n := int(at.Sub(c.Start) / calendar.Week)
		for len(weeks) <= n {
			weeks = append(weeks, week{})
		}
		weeks[n][h] += part
		l.weekly[g] = weeks
	}
}

// urgency is the class of how long the work may wait.
func (l *ledger) urgency(e sim.Event, began calendar.Instant) (class int, wait calendar.Duration) {
	of := l.model.Workload.Classes[e.Class]
	plan := &l.model.Scenario.Plans[of.Plan]
	id := plan.ClockOf(sla.FirstResponse, of.Region, of.Severity)
	if id == scenario.NoClock || e.Work != sim.Touch || !plan.Promised[of.Language] {
		return urgencies - 1, 0
	}
	due, ok := l.model.Scenario.Clocks[id].Due(began)
	if !ok {
		return urgencies - 1, 0
	}
	wait = due.Sub(began)
	return slices.IndexFunc(urgencyHours[:], func(h int) bool { return wait <= calendar.Duration(max(h, 1))*calendar.Hour || h == hoursOfWeek }), wait
}

// pilot is what was measured with ample staff.
type pilot struct {
	loads      []*load
	evaluation *Evaluation
	heads      []int // that were ample
}

// pilot plays the organisation with so many heads that nobody waits for want of them, and adds up the work. A replication is
// each part of the run once.
func (s *Simulator) pilot(ctx context.Context, replications int) (*pilot, error) {
	const busy, mostTries = 0.5, 8
	heads := make([]int, len(s.places))
	before := s.binding.heads(s.full.Scenario.Staffing())
	for i, c := range s.problem.Choices {
		if c.Most > 0 { // else the choice is closed; other bounds are for the rules, which the work is held against
			heads[i] = max(4, 2*before[i], c.Least)
		}
	}
	for try := 0; ; try++ {
		p, totals, staffed, err := s.playPilot(ctx, heads, replications)
		if err != nil {
			return nil, err
		}
		again := false
		for i, at := range s.places {
			var available, worked int64
			for _, t := range totals {
				sum := t.Pools[at.pool].Total()
				available += sum.Available
				worked += sum.Busy
			}
			if available > 0 && float64(worked) > busy*float64(available) && heads[i] > 0 && heads[i] < mostHeads {
				heads[i] = min(2*heads[i], mostHeads)
				again = true
			}
		}
		if !again || try == mostTries {
			p.evaluation = s.score(&record{models: []*sim.Model{staffed}, teams: []*teams{{}}, totals: totals, undone: make([][]float64, len(totals))})
			p.heads = heads
			return p, nil
		}
	}
}

func (s *Simulator) playPilot(ctx context.Context, heads []int, replications int) (*pilot, []*metrics.Totals, *sim.Model, error) {
	var models []*sim.Model
	for _, run := range s.parts {
		m, err := s.staffed(run, 0, heads)
		if err != nil {
			return nil, nil, nil, err
		}
		models = append(models, m)
	}
	replications *= len(models)
	ledgers := make([]*ledger, replications)
	parts := make([][]*metrics.Totals, replications)
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(s.workers)
	for r := range replications {
		group.Go(func() error {
			m := models[r%len(models)]
			ledgers[r] = newLedger(m)
			for component := range m.Components() {
				e := sim.NewEngine(m, component, sim.Options{Observer: ledgers[r], Heartbeat: func(int64) error { return running.Err() }})
				t, err := e.Run(r)
				if err != nil {
					return err
				}
				parts[r] = append(parts[r], t)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, nil, err
	}
	return &pilot{loads: merged(ledgers, models[0].Scenario)}, mergeParts(models[0], parts), models[0], nil
}

// merged are the loads of all replications, as erlangs, in the order of their pools.
func merged(ledgers []*ledger, c *scenario.Compiled) []*load {
	all := map[string]*load{}
	var measured week
	measured.add(calendar.Interval{From: c.Start, To: c.End}, float64(len(ledgers)), c)
	weeks := max(1, int(c.End.Sub(c.Start)/calendar.Week))
	for _, l := range ledgers {
		for k, g := range l.loads {
			if all[k] == nil {
				all[k] = &load{pools: g.pools}
			}
			to := all[k]
			to.excess += g.excess
			to.weight += g.weight
			to.pieces += g.pieces
			to.promise += g.promise
			for h := range hoursOfWeek {
				for u := range urgencies {
					to.urgency[u][h] += g.urgency[u][h] / max(measured[h], 1)
				}
			}
			for _, w := range l.weekly[g][:min(weeks, len(l.weekly[g]))] { // without an incomplete last one
				to.weeks = append(to.weeks, w.sum()/float64(calendar.Hour))
				for h := range w {
					erlangs := w[h] / float64(calendar.Hour)
					to.square[h] += erlangs * erlangs / float64(weeks*len(ledgers))
				}
			}
		}
	}
	var out []*load
	for _, g := range all {
		if len(g.pools) > 0 {
			g.finish(&measured, weeks*len(ledgers))
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b *load) int {
		return cmp.Or(cmp.Compare(len(a.pools), len(b.pools)), slices.Compare(a.pools, b.pools))
	})
	return out
}

// finish adds weeks without work, and takes hours of the week that a short run lacks for average ones.
func (g *load) finish(measured *week, weeks int) {
	g.excess /= max(g.weight, 1)
	g.weeks = append(g.weeks, make([]float64, weeks-len(g.weeks))...)
	var lacking []int
	var average [urgencies]float64
	square := 0.0
	for h := range hoursOfWeek {
		if measured[h] == 0 {
			lacking = append(lacking, h)
		}
		for u := range urgencies {
			average[u] += g.urgency[u][h]
		}
		square += g.square[h]
	}
	known := float64(hoursOfWeek - len(lacking))
	for _, h := range lacking {
		for u := range urgencies {
			g.urgency[u][h] = average[u] / known
		}
		g.square[h] = square / known
	}
	for i := range g.weeks {
		g.weeks[i] *= hoursOfWeek / known
	}
	for h := range hoursOfWeek {
		for u := range urgencies {
			g.mean[h] += g.urgency[u][h]
		}
	}
}

// variance is that of the number at work in an hour: at least the Poisson one.
func (g *load) variance(h int) float64 {
	return math.Max(g.mean[h], g.square[h]-g.mean[h]*g.mean[h])
}

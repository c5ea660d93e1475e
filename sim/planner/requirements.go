package planner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim/planner/queueing"
)

// loadRule is the beginning of the names of the rules of work.
const loadRule = "work of "

// guideSlack is how much more than the least that the work needs the first plan has.
const guideSlack = 1.1

// capacity is what one head of a choice, or of a shift that is fixed, does at most: erlangs by hour of the week.
func (b *binding) capacity(pool, shift int) week {
	def := &b.model.Scenario.Pools[pool]
	speed := slices.Max(def.Concurrency)
	var w week
	for h, share := range b.duty[pool][shift] {
		w[h] = share * (1 - def.Shrinkage) * (1 - def.Activities) * speed
	}
	return w
}

// overtime is the work that one head does beyond its shifts in an average week, in hours: at most what is left of a piece of
// work at the end of each shift day.
func (b *binding) overtime(pool, shift int, excess float64) float64 {
	def := &b.model.Scenario.Pools[pool]
	if def.AtShiftEnd.HandsOver() {
		return 0
	}
	weeks := float64(b.model.Scenario.End-b.model.Scenario.Start) / float64(calendar.Week)
	days := float64(len(def.Shifts[shift].Duty)) / max(weeks, 1e-9)
	return days * min(excess, float64(def.MaxOvertime)) / float64(calendar.Hour) * (1 - def.Shrinkage)
}

// setRequirements makes rules and guides of the loads that a pilot measured.
func (s *Simulator) setRequirements(ctx context.Context, p *pilot, solver Solver) error {
	sets, err := s.loadRules(ctx, p, solver)
	if err != nil {
		return err
	}
	s.problem.Guides = s.guides(p)
	f := s.newFlow(p, nil)
	for _, set := range sets { // with agents as busy as the rules allow, work that may wait does so too long
		r := f.rule(set)
		r.Least *= guideSlack
		s.problem.Guides = append(s.problem.Guides, r)
	}
	return nil
}

// loadRules are linear rules that work must not pile up: what the agents of a set of pools do in a week is at least what
// only they may do. Of the many sets of pools those are found that matter: as long as a solution of the rules cannot do
// all the work, the set that lacks most (a minimum cut) becomes a rule. They hold for every plan that keeps up with the work, whatever the
// hours in which it waits, since overtime counts as capacity; shifts that have work in some hours only need more, which the simulation
// tells (KeepingUp). The sets of loads are returned.
func (s *Simulator) loadRules(ctx context.Context, p *pilot, solver Solver) (sets [][]int, err error) {
	f := s.newFlow(p, s.overtime)
	const mostRules = 200
	for range mostRules {
		solution, err := solver.Solve(ctx, s.problem.program(nil))
		if errors.Is(err, ErrNone) {
			return nil, s.explain(p, err)
		}
		if err != nil {
			return nil, err
		}
		set := f.lacking(solution.Heads)
		if set == nil {
			break
		}
		sets = append(sets, set)
		s.problem.Rules = append(s.problem.Rules, f.rule(set))
	}
	return sets, nil
}

// explain says what stands against each other.
func (s *Simulator) explain(p *pilot, err error) error {
	if n := len(s.problem.Rules); n > 0 && strings.HasPrefix(s.problem.Rules[n-1].Name, loadRule) {
		return fmt.Errorf("%w: the %s needs more than the bounds allow", err, s.problem.Rules[n-1].Name)
	}
	return err
}

// flow is the allocation of work to pools over a week.
type flow struct {
	s     *Simulator
	loads []*load
	work  []float64   // hours a week that a load needs at least
	head  []float64   // hours a week that a head of a choice does at most
	fixed [][]float64 // by pool and shift, of the shifts that are fixed
}

// newFlow is without an allocation. What a head does beyond its shifts, given what is left of a piece of work then, may be nil for nothing.
func (s *Simulator) newFlow(p *pilot, beyond func(pool, shift int, excess float64) float64) *flow {
	f := &flow{s: s, loads: p.loads, fixed: make([][]float64, len(s.model.Scenario.Pools)), head: make([]float64, len(s.places))}
	occupancy := 1.0
	if o := s.model.Scenario.Definition.Planning.Occupancy; o != nil {
		occupancy = *o
	}
	for _, g := range p.loads {
		f.work = append(f.work, g.least())
	}
	for pool := range s.model.Scenario.Pools {
		excess := 0.0
		for _, g := range p.loads {
			if slices.Contains(g.pools, pool) {
				excess = max(excess, g.excess)
			}
		}
		for shift := range s.model.Scenario.Pools[pool].Shifts {
			w := s.capacity(pool, shift)
			hours := w.sum() * occupancy
			if beyond != nil && s.model.Scenario.Definition.Planning.Occupancy == nil { // else it is a wish and no bound of what they can do
				hours += beyond(pool, shift, excess)
			}
			if i := slices.Index(s.places, place{pool, shift}); i >= 0 {
				f.head[i] = hours
			} else {
				f.fixed[pool] = append(f.fixed[pool], hours*float64(s.staffing.Heads[pool][shift]))
			}
		}
	}
	return f
}

// lacking is the set of loads that the heads cannot do, or nil. Loads that need pools in common are cut off together: the
// loads that can still be reached from the source once no more work fits.
func (f *flow) lacking(heads []int) []int {
	pools := len(f.s.model.Scenario.Pools)
	room := make([]float64, pools)
	for pool := range room {
		for _, hours := range f.fixed[pool] {
			room[pool] += hours
		}
	}
	for i, at := range f.s.places {
		room[at.pool] += f.head[i] * float64(heads[i])
	}
	given := make([][]float64, len(f.loads)) // by load and pool
	left := slices.Clone(f.work)
	for g := range given {
		given[g] = make([]float64, pools)
	}
	const little = 1e-6
	for g := range f.loads {
		for left[g] > little {
			path, reached := f.path(g, room, given)
			if path == nil {
				return reached
			}
			f.push(path, left, room, given)
		}
	}
	return nil
}

// step is one arc of an augmenting path: a load takes room of a pool, which another load may have to give up.
type step struct{ load, pool int }

// path is a shortest way from a load to a pool with room: each load moves its work to the next pool. Where there is none it
// returns the loads that were reached.
func (f *flow) path(from int, room []float64, given [][]float64) (path []step, reached []int) {
	const little = 1e-9
	byLoad, byPool := map[int]step{}, map[int]int{} // how they were reached: a load by giving up a pool, a pool from a load
	queue := []int{from}
	seen := map[int]bool{from: true}
	for len(queue) > 0 {
		g := queue[0]
		queue = queue[1:]
		reached = append(reached, g)
		for _, p := range f.loads[g].pools {
			if _, known := byPool[p]; known {
				continue
			}
			byPool[p] = g
			if room[p] > little {
				for at := p; ; {
					load := byPool[at]
					path = append(path, step{load, at})
					if load == from {
						return path, nil
					}
					at = byLoad[load].pool
				}
			}
			for other := range f.loads {
				if given[other][p] > little && !seen[other] {
					seen[other] = true
					byLoad[other] = step{g, p}
					queue = append(queue, other)
				}
			}
		}
	}
	slices.Sort(reached)
	return nil, reached
}

// push moves as much work along a path as fits. The path runs backwards: its first step is the one with room, and its last that of the
// load that has work left.
func (f *flow) push(path []step, left, room []float64, given [][]float64) {
	amount := min(room[path[0].pool], left[path[len(path)-1].load])
	for i, s := range path[:len(path)-1] {
		amount = min(amount, given[s.load][path[i+1].pool])
	}
	for i, s := range path {
		given[s.load][s.pool] += amount
		if i+1 < len(path) {
			given[s.load][path[i+1].pool] -= amount
		}
	}
	room[path[0].pool] -= amount
	left[path[len(path)-1].load] -= amount
}

// rule is that of a set of loads.
func (f *flow) rule(set []int) Row {
	r := Row{Weight: make([]float64, len(f.s.places))}
	var pools []int
	for _, g := range set {
		r.Least += f.work[g]
		pools = append(pools, f.loads[g].pools...)
	}
	slices.Sort(pools)
	pools = slices.Compact(pools)
	var names []string
	for _, p := range pools {
		names = append(names, f.s.model.Scenario.Pools[p].Name)
		for _, hours := range f.fixed[p] {
			r.Least -= hours
		}
	}
	for i, at := range f.s.places {
		if slices.Contains(pools, at.pool) {
			r.Weight[i] = f.head[i]
		}
	}
	r.Name = loadRule + strings.Join(names, ", ")
	return r
}

// least is the work of a week in hours, less twice its standard error.
func (g *load) least() float64 {
	n := float64(len(g.weeks))
	mean, square := 0.0, 0.0
	for _, w := range g.weeks {
		mean += w / n
		square += w * w / n
	}
	if n < 2 {
		return 0.9 * mean
	}
	return max(0, mean-2*math.Sqrt(max(0, square-mean*mean)/(n-1)))
}

// guides are requirements by hour of the week for the first plan: for each set of pools that some load names, and each
// component, the work that must be done there in the hour and a square-root safety.
func (s *Simulator) guides(p *pilot) []Row {
	goal := s.goal()
	var rows []Row
	done := map[string]bool{}
	for _, pools := range s.sets(p) {
		if name := fmt.Sprint(pools); done[name] {
			continue
		} else {
			done[name] = true
		}
		rows = append(rows, s.guide(p, pools, goal)...)
	}
	return rows
}

// goal is the highest attainment asked for.
func (s *Simulator) goal() float64 {
	goal := 0.5
	for _, o := range s.model.Scenario.Definition.Objectives {
		if o.Value.Measure == sla.Attainment && o.Value.Comparison == sla.AtLeast {
			goal = max(goal, min(o.Value.Value, 0.99))
		}
	}
	return goal
}

// sets are the sets of pools of all loads, and of all choices of a group.
func (s *Simulator) sets(p *pilot) [][]int {
	var out [][]int
	byGroup := map[int][]int{}
	for _, g := range p.loads {
		out = append(out, g.pools)
	}
	for i, at := range s.places {
		k := s.problem.Choices[i].Group
		byGroup[k] = append(byGroup[k], at.pool)
	}
	for i := range s.places {
		pools := slices.Clone(byGroup[s.problem.Choices[i].Group])
		slices.Sort(pools)
		out = append(out, slices.Compact(pools))
	}
	return out
}

// guide is the requirement of a set of pools by hour.
func (s *Simulator) guide(p *pilot, pools []int, goal float64) []Row {
	var weights [][]float64 // by hour
	var on week             // whether anybody can be on duty, and the heads that are fixed
	var fixed week
	for h := range hoursOfWeek {
		weights = append(weights, make([]float64, len(s.places)))
		for _, pool := range pools {
			for shift := range s.model.Scenario.Pools[pool].Shifts {
				if s.model.Scenario.Pools[pool].Shifts[shift].OnCall > 0 {
					continue
				}
				w := s.capacity(pool, shift)
				on[h] += w[h]
				if i := slices.Index(s.places, place{pool, shift}); i >= 0 {
					weights[h][i] = w[h]
				} else {
					fixed[h] += w[h] * float64(s.staffing.Heads[pool][shift])
				}
			}
		}
	}
	need := s.need(p, pools, goal)
	var rows []Row
	for _, window := range windows {
		for from := 0; from < hoursOfWeek; from += max(1, window/4) {
			r := Row{Name: "guide", Weight: make([]float64, len(s.places)), Least: need(from, window)}
			anybody := 0.0
			for k := range window {
				h := (from + k) % hoursOfWeek
				anybody += on[h]
				r.Least -= fixed[h]
				for i, w := range weights[h] {
					r.Weight[i] += w
				}
			}
			if r.Least > 0 && anybody > 0 {
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// windows are the lengths, in hours, of the stretches in which capacity is compared with the work that comes and is due in them.
var windows = [...]int{1, 4, 16, 48}

// need is the work of the loads that only these pools may do that comes and is due within a window, with a square-root safety
// for what may not wait.
func (s *Simulator) need(p *pilot, pools []int, goal float64) func(from, window int) float64 {
	var urgent [urgencies]week
	own := slices.DeleteFunc(slices.Clone(p.loads), func(g *load) bool {
		return slices.ContainsFunc(g.pools, func(pool int) bool { return !slices.Contains(pools, pool) })
	})
	for _, g := range own {
		for h := range hoursOfWeek {
			for u := range urgencies {
				urgent[u][h] += g.urgency[u][h]
			}
		}
	}
	safety := safety(own, goal)
	return func(from, window int) float64 {
		sum := 0.0
		for u, wait := range urgencyHours {
			for k := 0; k < window-wait; k++ {
				sum += urgent[u][(from+k)%hoursOfWeek]
			}
		}
		if window == 1 {
			sum += safety[from]
		}
		return sum
	}
}

// safety is what the square-root rule adds to the work of loads that is urgent, by hour.
func safety(loads []*load, goal float64) (extra week) {
	var variance week
	wait, work, pieces := 0.0, 0.0, 0.0
	for _, g := range loads {
		wait += g.promise
		work += g.weight
		pieces += g.pieces
		for h := range variance {
			variance[h] += g.variance(h) * g.urgency[0][h] / max(g.mean[h], 1e-12)
		}
	}
	for h := range extra {
		if variance[h] > 0 {
			extra[h] = queueing.Beta(max(variance[h], 0.1), wait*pieces/max(work*work, 1e-9), goal) * math.Sqrt(variance[h])
		}
	}
	return extra
}

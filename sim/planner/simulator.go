package planner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"sunrelay/model/calendar"
	"sunrelay/model/org"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// Simulator is the Evaluator of a scenario. Searches play parts of the run, the verdict is on the scenario's own run. It is
// for one goroutine; its simulations run in parallel.
type Simulator struct {
	*binding
	full      *sim.Model
	parts     []*sim.Model
	workers   int
	arrived   func(cases int64)
	workloads map[workloadKey]*workloads.Model
	scores    map[string]*Evaluation
	ignored   []bool    // by objective: impossible ones, and bounds of the cost, which are a rule
	recent    []*record // the last few, to which replications may be added
}

type workloadKey struct {
	run  *sim.Model
	seed uint64
}

// Model is the scenario's own run.
func (s *Simulator) Model() *sim.Model { return s.full }

// Staffing are all heads, with those of the choices as given.
func (s *Simulator) Staffing(heads []int) org.Staffing { return s.staff(heads) }

// Choice is the choice of a shift, or -1 where its heads are fixed.
func (s *Simulator) Choice(pool, shift int) int { return slices.Index(s.places, place{pool, shift}) }

// Yearly is what one head of a shift costs in a year, without overtime; 1 where heads are counted.
func (s *Simulator) Yearly(pool, shift int) float64 {
	if s.counted {
		return 1
	}
	return s.yearly(place{pool, shift})
}

// Counted reports whether heads are counted, since no pool has a cost.
func (s *Simulator) Counted() bool { return s.counted }

// Ignored reports whether an objective is left out of the search: it is impossible, or a bound of the cost.
func (s *Simulator) Ignored(objective int) bool { return s.ignored[objective] }

// record is what was played of a staffing in a stream.
type record struct {
	key    string
	models []*sim.Model // that the replications play in turn
	teams  []*teams     // of the models
	totals []*metrics.Totals
	undone [][]float64 // by replication and team
	late   *lateness
}

// mostRecent limits the memory: a replication has about a megabyte of totals.
const mostRecent = 3

// Setup says what a Simulator plays.
type Setup struct {
	Full    *sim.Model
	Parts   []*sim.Model // the same with the runs of SearchRuns, which searches play in turn; none = the run itself
	Changes Changes
	Workers int
	Arrived func(cases int64) // is told of simulated cases, from any goroutine; nil = nobody
}

// NewSimulator binds the planning block of a scenario. All problems are returned at once.
func NewSimulator(o Setup) (*Simulator, scenario.Problems) {
	b, problems := bind(o.Full, o.Changes)
	if len(problems) > 0 {
		return nil, problems
	}
	if len(o.Parts) == 0 {
		o.Parts = []*sim.Model{o.Full}
	}
	return &Simulator{
		binding: b, full: o.Full, parts: o.Parts, workers: max(1, o.Workers), arrived: o.Arrived,
		workloads: map[workloadKey]*workloads.Model{}, scores: map[string]*Evaluation{},
		ignored: make([]bool, len(b.problem.Objectives)),
	}, nil
}

// Seed is that of a stream: the scenario's own for the first verdict.
func (s *Simulator) Seed(stream int) uint64 {
	own := s.full.Scenario.Seed
	if stream == Fresh {
		return own
	}
	return uint64(rng.Root(own).Named("plan").At(uint64(int64(stream)))) >> 11 // whole in JSON and YAML of any reader
}

// Evaluate plays a whole sample as runs of the scenario and any other as parts of it.
func (s *Simulator) Evaluate(ctx context.Context, heads []int, at Sample) (*Evaluation, error) {
	at.Whole = at.Whole || s.parts[0] == s.full
	k := fmt.Sprint(at.Stream, at.Whole, heads)
	name := fmt.Sprint(at.Replications, k)
	if ev := s.scores[name]; ev != nil {
		return ev, nil
	}
	r, err := s.record(k, heads, at)
	if err != nil {
		return nil, err
	}
	if err := s.extend(ctx, r, at.Replications); err != nil {
		return nil, err
	}
	ev := s.score(r)
	s.scores[name] = ev
	return ev, nil
}

// record is that of the staffing in the stream, if it is among the recent ones with no more replications, else a new one.
func (s *Simulator) record(k string, heads []int, at Sample) (*record, error) {
	i := slices.IndexFunc(s.recent, func(r *record) bool { return r.key == k })
	if i >= 0 && len(s.recent[i].totals) <= at.Replications {
		r := s.recent[i]
		s.recent = append(append(s.recent[:i:i], s.recent[i+1:]...), r)
		return r, nil
	}
	runs := s.parts
	if at.Whole {
		runs = []*sim.Model{s.full}
	}
	r := &record{key: k, late: newLateness()}
	for _, run := range runs {
		m, err := s.staffed(run, at.Stream, heads)
		if err != nil {
			return nil, err
		}
		r.models = append(r.models, m)
		r.teams = append(r.teams, s.newTeams(m))
	}
	if s.recent = append(s.recent, r); len(s.recent) > mostRecent {
		s.recent = s.recent[1:]
	}
	return r, nil
}

// staffed is a run with the heads of the choices and the workload of a stream.
func (s *Simulator) staffed(run *sim.Model, stream int, heads []int) (*sim.Model, error) {
	c := run.Scenario.WithStaffing(s.staff(heads))
	c.Seed = s.Seed(stream)
	k := workloadKey{run, c.Seed}
	if s.workloads[k] == nil {
		w, problems := workloads.Bind(c)
		if len(problems) > 0 {
			return nil, problems
		}
		s.workloads[k] = w
	}
	m, problems := sim.Bind(c, s.workloads[k])
	if len(problems) > 0 {
		return nil, problems
	}
	return m, nil
}

// extend plays further replications of a record.
func (s *Simulator) extend(ctx context.Context, r *record, replications int) error {
	begin := len(r.totals)
	if begin >= replications {
		return nil
	}
	type part struct {
		totals   *metrics.Totals
		blamer   *blamer
		standing *standing
	}
	parts := make([][]part, replications-begin)
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(s.workers)
	for i := range parts {
		m, t := r.models[(begin+i)%len(r.models)], r.teams[(begin+i)%len(r.models)]
		parts[i] = make([]part, m.Components())
		for component := range parts[i] {
			group.Go(func() error {
				p := part{blamer: s.newBlamer(m), standing: t.newStanding()}
				e := sim.NewEngine(m, component, sim.Options{Observer: p.blamer, Ledger: p.standing, Heartbeat: func(n int64) error {
					if s.arrived != nil {
						s.arrived(n)
					}
					return running.Err()
				}})
				p.standing.waiting = e.CountWaiting
				var err error
				p.totals, err = e.Run(begin + i)
				p.standing.waiting = nil // lets go of the engine
				parts[i][component] = p
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return errors.Join(ctx.Err(), err)
	}
	for i := range parts {
		var totals []*metrics.Totals
		var standings []*standing
		for _, p := range parts[i] {
			totals = append(totals, p.totals)
			standings = append(standings, p.standing)
			r.late.merge(p.blamer.late)
		}
		r.undone = append(r.undone, r.teams[(begin+i)%len(r.models)].undone(standings))
		r.totals = append(r.totals, mergeParts(r.models[0], [][]*metrics.Totals{totals})...)
	}
	return nil
}

// mergeParts adds up the components of each replication.
func mergeParts(m *sim.Model, parts [][]*metrics.Totals) []*metrics.Totals {
	var out []*metrics.Totals
	for _, components := range parts {
		sum := metrics.NewTotals(m.Shape)
		for _, t := range components {
			sum.Merge(t)
		}
		out = append(out, sum)
	}
	return out
}

// score judges replications as run --check does, and whether the work is kept up with. The totals keep their distributions.
func (s *Simulator) score(r *record) *Evaluation {
	m, totals, late := r.models[0], r.totals, r.late
	result := experiment.NewResult(m, copies(m, totals)...)
	ev := &Evaluation{
		Late: late.list(), Busy: busyAgents(m.Scenario, totals), Overtime: result.OvertimePerYear(),
		Growth: result.BacklogGrowth(), Waiting: result.MeanWaiting().Mean,
	}
	for p := range m.Scenario.Pools {
		ev.Occupancy = append(ev.Occupancy, result.Occupancy(p).Mean)
	}
	ratio := math.Sqrt(measured(m) / measured(s.full))
	for k, v := range result.Judge() {
		o := v.Objective
		unit := 1.0
		if o.Measure == sla.Quantile || o.Measure == sla.Mean || o.Measure == sla.Cost {
			unit = max(o.Value, 1e-9)
		}
		sign := 1.0
		if o.Comparison == sla.AtMost {
			sign = -1
		}
		score := Score{
			Value: v.Estimate.Mean, HalfWidth: v.Estimate.HalfWidth, Bound: v.Bound, Period: v.Period, Met: v.Met, Missed: v.Missed,
			Slack: sign*(v.Estimate.Mean-o.Value)/unit + experiment.Margin,
			Reach: math.Abs(v.Estimate.Mean-v.Bound) / unit,
			Guard: ratio * result.ExpectedReach(v.Estimate, max(2, s.full.Scenario.Replications)) / unit,
		}
		if s.ignored[k] || math.IsNaN(score.Slack) { // or nothing was measured
			score.Slack, score.Reach, score.Guard, score.Met, score.Missed = math.Inf(1), 0, 0, s.ignored[k], false
		}
		if !s.ignored[k] && o.Measure == sla.Attainment && o.Period == sla.WholeRun {
			score.Each = s.each(totals, o)
		}
		if o.Measure == sla.Attainment {
			score.Decided = s.decided(totals, o)
		} else if !s.ignored[k] && o.Measure != sla.Quantile && o.Measure != sla.Mean {
			score.Decided = 1
			ev.Late = append(ev.Late, s.everywhere(k, o, score.Value))
		}
		ev.Scores = append(ev.Scores, score)
	}
	if len(s.problem.Objectives) > len(ev.Scores) {
		score, late := s.keptUp(result, r, ratio)
		ev.Scores, ev.Late = append(ev.Scores, score), append(ev.Late, late...)
	}
	return ev
}

// measured is the length of a run, in days.
func measured(m *sim.Model) float64 {
	return float64(m.Scenario.End-m.Scenario.Start) / float64(calendar.Day)
}

// copies are totals whose distributions may be taken away.
func copies(m *sim.Model, totals []*metrics.Totals) []*metrics.Totals {
	out := make([]*metrics.Totals, len(totals))
	for i, t := range totals {
		out[i] = metrics.NewTotals(m.Shape)
		out[i].Merge(t)
	}
	return out
}

// decided is how many clocks an attainment is of.
func (s *Simulator) decided(totals []*metrics.Totals, o sla.Objective) float64 {
	first, last := s.scope(o)
	sum := 0.0
	for _, t := range totals {
		for row := first; row < last; row++ {
			sum += float64(t.Clocks[o.Milestone][row].Total().Decided)
		}
	}
	return sum
}

// everywhere stands for a share of which no promise tells: heads of all pools that the objective speaks of count alike.
func (s *Simulator) everywhere(objective int, o sla.Objective, share float64) Lateness {
	l := Lateness{Team: make([]float64, len(s.places)), Count: make([]float64, len(s.problem.Objectives))}
	l.Count[objective] = share
	for i, at := range s.places {
		name := s.model.Scenario.Pools[at.pool].Name
		centre, _, _ := strings.Cut(name, ".")
		if o.Measure != sla.Occupancy || len(o.Of) == 0 || slices.Contains(o.Of, name) || slices.Contains(o.Of, centre) {
			l.Team[i] = 1
		}
	}
	return l
}

// each is the slack of an attainment by replication, linearised as for the half-width of a ratio of means.
func (s *Simulator) each(totals []*metrics.Totals, o sla.Objective) []float64 {
	met, decided := make([]float64, len(totals)), make([]float64, len(totals))
	sumMet, sumDecided := 0.0, 0.0
	first, last := s.scope(o)
	for i, t := range totals {
		for row := first; row < last; row++ {
			d := t.Clocks[o.Milestone][row].Total()
			met[i] += float64(d.Met)
			decided[i] += float64(d.Decided)
		}
		sumMet += met[i]
		sumDecided += decided[i]
	}
	if sumDecided == 0 {
		return nil
	}
	ratio, mean := sumMet/sumDecided, sumDecided/float64(len(totals))
	sign := 1.0
	if o.Comparison == sla.AtMost {
		sign = -1
	}
	out := make([]float64, len(totals))
	for i := range out {
		out[i] = sign*(ratio-o.Value) + experiment.Margin + sign*(met[i]-ratio*decided[i])/mean
	}
	return out
}

// scope are the rows of plan and severity of which an objective speaks, half-open.
func (s *Simulator) scope(o sla.Objective) (first, last int) {
	def, shape := s.full.Scenario.Definition, s.full.Shape
	switch len(o.Of) {
	case 0:
		return 0, shape.Rows()
	case 1:
		plan := def.Plans.Index(o.Of[0])
		return shape.Row(plan, 0), shape.Row(plan+1, 0)
	}
	row := shape.Row(def.Plans.Index(o.Of[0]), def.Severities.Index(o.Of[1]))
	return row, row + 1
}

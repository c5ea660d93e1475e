package reports

import (
	"math"
	"slices"
	"strings"

	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

// SweepSchema names the form of the JSON documents of a sweep; see RunSchema.
const SweepSchema = "sunrelay.sweep/1"

// SweepPlan is what a sweep is to simulate. Two sweeps with equal plans have equal points.
type SweepPlan struct {
	Schema       string     `json:"schema"`
	Program      string     `json:"program"` // version
	Scenario     string     `json:"scenario"`
	Title        string     `json:"title,omitempty"`
	ScenarioHash string     `json:"scenario_hash"` // before anything is varied
	Start        string     `json:"start"`         // of the measured time, RFC 3339 in UTC
	End          string     `json:"end"`
	Seed         uint64     `json:"seed"`
	Replications int        `json:"replications"` // of each point
	Currency     string     `json:"currency,omitempty"`
	Design       string     `json:"design"`   // grid or latin_hypercube
	Factors      []string   `json:"factors"`  // paths, with += or *= where that changes what is there
	Settings     [][]string `json:"settings"` // by point and factor
}

// SweepPoint is what one point of a sweep measured.
type SweepPoint struct {
	Point        int            `json:"point"` // from 0
	Settings     []string       `json:"settings"`
	ScenarioHash string         `json:"scenario_hash"`
	Replications int            `json:"replications"`
	Cases        int64          `json:"cases"`
	Agents       int            `json:"agents"` // heads, of all shifts together
	Objectives   []Objective    `json:"objectives"`
	Figures      []SweepFigure  `json:"figures"`
	index        map[string]int // of the figures by name
}

// SweepFigure is one estimate.
type SweepFigure struct {
	Measure   string `json:"measure"`
	Of        string `json:"of,omitempty"`
	Unit      string `json:"unit"`
	Value     Number `json:"value"`
	HalfWidth Number `json:"half_width"`
}

// Name is the measure and what it is of.
func (f *SweepFigure) Name() string {
	if f.Of == "" {
		return f.Measure
	}
	return f.Measure + " of " + f.Of
}

// Sweep is what a sweep has to tell: the JSON document of the command sweep. Points are in the order of the plan; where it
// was interrupted the last are missing.
type Sweep struct {
	SweepPlan
	Partial  bool         `json:"partial,omitempty"`
	Points   []SweepPoint `json:"points"`
	Frontier []int        `json:"frontier"` // points that no other beats in cost and FrontierOf at once, cheapest first
	// FrontierOf is the attainment of the frontier: that of the objective that differs most from point to point, else that of all
	// first responses; empty = there is no cost.
	FrontierOf string `json:"frontier_of,omitempty"`
}

// NewSweepPlan is the plan of a sweep of a scenario, whose design and points the caller adds.
func NewSweepPlan(m *sim.Model, program string) SweepPlan {
	c := m.Scenario
	return SweepPlan{
		Schema: SweepSchema, Program: program, Scenario: c.Definition.Name, Title: c.Definition.Title, ScenarioHash: c.Hash,
		Start: c.Start.String(), End: c.End.String(), Seed: c.Seed, Replications: c.Replications, Currency: c.Currency,
	}
}

// NewSweepPoint tells the result of a point.
func NewSweepPoint(point int, settings []string, r *experiment.Result) *SweepPoint {
	p := &SweepPoint{
		Point: point, Settings: settings, ScenarioHash: r.Model.Scenario.Hash, Replications: len(r.Replications), Cases: r.Pooled.Arrived,
		Objectives: objectives(r.Judge()),
	}
	for _, pool := range r.Model.Scenario.Pools {
		for _, shift := range pool.Shifts {
			p.Agents += shift.Agents
		}
	}
	for _, f := range r.Figures() {
		p.Figures = append(p.Figures, SweepFigure{f.Measure, f.Of, string(f.Unit), Number(f.Estimate.Mean), halfWidth(f.Estimate)})
	}
	return p
}

// Figure is the estimate of the name, unknown where the point has none.
func (p *SweepPoint) Figure(name string) SweepFigure {
	if p.index == nil {
		p.index = map[string]int{}
		for i := range p.Figures {
			p.index[p.Figures[i].Name()] = i
		}
	}
	if i, known := p.index[name]; known {
		return p.Figures[i]
	}
	return SweepFigure{Value: Number(math.NaN()), HalfWidth: Number(math.NaN())}
}

// ObjectivesMet is the number of objectives that the point meets.
func (p *SweepPoint) ObjectivesMet() (met int) {
	for _, o := range p.Objectives {
		if o.Met {
			met++
		}
	}
	return met
}

// AllMet reports whether the point meets every objective, of which it has some.
func (p *SweepPoint) AllMet() bool {
	return len(p.Objectives) > 0 && p.ObjectivesMet() == len(p.Objectives)
}

// Measured are the figures that some point has, each once, for their names and units.
func (s *Sweep) Measured() []SweepFigure {
	var all []SweepFigure
	known := map[string]bool{}
	for i := range s.Points {
		for _, f := range s.Points[i].Figures {
			if !known[f.Name()] {
				known[f.Name()] = true
				all = append(all, f)
			}
		}
	}
	return all
}

// NewSweep tells the points of a plan that were simulated.
func NewSweep(plan SweepPlan, points []SweepPoint) *Sweep {
	s := &Sweep{SweepPlan: plan, Partial: len(points) < len(plan.Settings), Points: points, Frontier: []int{}}
	if s.Points == nil {
		s.Points = []SweepPoint{}
	}
	s.findFrontier()
	return s
}

// cost is the name of the figure.
const cost = "cost"

// findFrontier finds the points that are worth their cost.
func (s *Sweep) findFrontier() {
	if len(s.Points) == 0 || !(s.Points[0].Figure(cost).Value > 0) {
		return
	}
	s.FrontierOf = s.mostVaried()
	var order []int
	for i := range s.Points {
		if s.Points[i].Figure(cost).Value.Known() && s.Attainment(i).Known() {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if d := s.Points[a].Figure(cost).Value - s.Points[b].Figure(cost).Value; d != 0 {
			return sign(d)
		}
		return sign(s.Attainment(b) - s.Attainment(a))
	})
	best := Number(-1)
	for _, i := range order {
		if a := s.Attainment(i); a > best {
			best = a
			s.Frontier = append(s.Frontier, i)
		}
	}
}

// mostVaried is the objective of an attainment that differs most from point to point, which is where the money goes; without
// any, the attainment of all first responses.
func (s *Sweep) mostVaried() string {
	name, widest := "first_response", Number(-1)
	for j, o := range s.Points[0].Objectives {
		if o.Unit != shareUnit || !strings.Contains(o.Objective, ">=") {
			continue
		}
		low, high := Number(math.Inf(1)), Number(math.Inf(-1))
		for i := range s.Points {
			if a := s.Points[i].Objectives[j].Estimate; a.Known() {
				low, high = min(low, a), max(high, a)
			}
		}
		if high-low > widest {
			name, widest = o.Objective, high-low
		}
	}
	return name
}

func sign(n Number) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// Attainment is that of a point by which the frontier is drawn.
func (s *Sweep) Attainment(point int) Number {
	for _, o := range s.Points[point].Objectives {
		if o.Objective == s.FrontierOf {
			return o.Estimate
		}
	}
	return s.Points[point].Figure(s.FrontierOf).Value
}

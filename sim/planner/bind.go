package planner

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/model/org"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
)

// Changes are what the command line says beside the planning block of a scenario.
type Changes struct {
	Hold  []string // centres whose heads stay as they are
	Close []string // centres that have no heads
}

// place is where a choice stands in the staffing.
type place struct{ pool, shift int }

// binding is the planning block of a scenario, bound: its choices, and the rules that follow from bounds and presence.
type binding struct {
	model    *sim.Model
	places   []place
	staffing org.Staffing // of what does not move, and where the choices begin
	problem  *Problem
	duty     [][]week // share of each hour of the week that one head is on duty, breaks left out: by pool and shift
	counted  bool     // heads are counted, since nothing has a cost
	loads    []*load  // that Prepare measured
	problems scenario.Problems
}

// mostHeads is the bound of a choice that has none: far more than any organisation.
const mostHeads = 20_000

// bind reads the planning block. All problems are returned at once.
func bind(m *sim.Model, changes Changes) (*binding, scenario.Problems) {
	b := &binding{model: m, staffing: m.Scenario.Staffing(), problem: &Problem{}}
	def := m.Scenario.Definition
	b.counted = !slices.ContainsFunc(m.Scenario.Pools, func(p scenario.CompiledPool) bool { return p.CostPerHour > 0 || p.OnCallCostPerHour > 0 })
	for p := range m.Scenario.Pools {
		b.duty = append(b.duty, nil)
		for s := range m.Scenario.Pools[p].Shifts {
			b.duty[p] = append(b.duty[p], onDuty(&m.Scenario.Pools[p].Shifts[s], m.Scenario))
		}
	}
	pool := 0
	for _, centre := range def.Centres {
		planned := scenario.PlannedCentre{}
		if p := def.Planning.Centres.Find(centre.Name); p != nil {
			planned = *p
		}
		switch {
		case slices.Contains(changes.Close, centre.Name):
			none := 0
			planned = scenario.PlannedCentre{HeadBounds: scenario.HeadBounds{Most: &none}}
		case slices.Contains(changes.Hold, centre.Name):
			fixed := true
			planned = scenario.PlannedCentre{HeadBounds: scenario.HeadBounds{Fixed: &fixed}}
		}
		first := len(b.places)
		for range centre.Value.Pools {
			b.bindPool(pool, &planned)
			pool++
		}
		b.sumRule(centre.Name, first, planned.Least, planned.Most, "planning.centres."+centre.Name)
	}
	b.group()
	b.presence()
	b.objectives()
	if len(b.places) == 0 && len(b.problems) == 0 {
		b.report("planning", "leaves no head count that may move")
	}
	switch budget := m.Scenario.Budget(); {
	case budget == 0:
	case b.counted:
		b.report("planning.budget", "needs pools with cost_per_hour")
	case b.problem.Fixed >= budget:
		b.report("planning.budget", "is %s, but the heads that are fixed alone cost %.0f a year", def.Planning.Budget, b.problem.Fixed)
	default:
		b.problem.Budget = budget - b.problem.Fixed
	}
	return b, b.problems
}

func (b *binding) report(path, format string, args ...any) {
	at := b.model.Scenario.Definition.At(path)
	b.problems = append(b.problems, scenario.Problem{Position: at, Text: fmt.Sprintf(format, args...)})
}

// first is the first of the values that is given.
func first[T any](values ...*T) *T {
	for _, v := range values {
		if v != nil {
			return v
		}
	}
	return nil
}

func (b *binding) bindPool(pool int, centre *scenario.PlannedCentre) {
	def := &b.model.Scenario.Pools[pool]
	_, name, _ := strings.Cut(def.Name, ".")
	planned := scenario.PlannedPool{}
	if p := centre.Pools.Find(name); p != nil {
		planned = *p
	}
	begin := len(b.places)
	for s := range def.Shifts {
		bounds := scenario.HeadBounds{}
		if found := planned.Shifts.Find(def.Shifts[s].Name); found != nil {
			bounds = *found
		}
		if fixed := first(bounds.Fixed, planned.Fixed, centre.Fixed); fixed != nil && *fixed {
			b.problem.Fixed += float64(def.Shifts[s].Agents) * b.yearly(place{pool, s})
			continue
		}
		b.choice(place{pool, s}, bounds, first(bounds.Step, planned.Step, centre.Step))
	}
	owner := b.model.Scenario.Definition.Centres[def.Centre].Name
	b.sumRule(def.Name, begin, planned.Least, planned.Most, "planning.centres."+owner+".pools."+name)
}

// choice adds a head count that may move.
func (b *binding) choice(at place, bounds scenario.HeadBounds, step *int) {
	def := &b.model.Scenario.Pools[at.pool]
	shift := &def.Shifts[at.shift]
	c := Choice{Name: def.Name, Most: mostHeads, Step: 1, Cost: 1}
	if len(def.Shifts) > 1 || shift.OnCall > 0 {
		c.Name += "." + shift.Name
	}
	if bounds.Least != nil {
		c.Least = *bounds.Least
	}
	if bounds.Most != nil {
		c.Most = *bounds.Most
	}
	if step != nil {
		c.Step = *step
	}
	if lots := (c.Least + c.Step - 1) / c.Step * c.Step; lots > c.Most {
		b.report(b.path(at), "has no multiple of %d from %d to %d heads", c.Step, c.Least, c.Most)
	}
	c.Most = c.Most / c.Step * c.Step
	if !b.counted {
		c.Cost = b.yearly(at)
		if c.Cost == 0 && !(c.Most == 0) {
			b.report(b.path(at), "has no cost, want cost_per_hour of its pool (on_call_cost_per_hour of a shift on call), or fixed: true in planning")
		}
	}
	b.places = append(b.places, at)
	b.problem.Choices = append(b.problem.Choices, c)
}

// path is where a pool stands in the file.
func (b *binding) path(at place) string {
	centre, pool, _ := strings.Cut(b.model.Scenario.Pools[at.pool].Name, ".")
	return "centres." + centre + ".pools." + pool
}

// yearly is what one head costs in a year of 365.25 days, without overtime.
func (b *binding) yearly(at place) float64 {
	c := b.model.Scenario
	def := &c.Pools[at.pool]
	rate := def.CostPerHour
	if def.Shifts[at.shift].OnCall > 0 {
		rate = def.OnCallCostPerHour
	}
	const year = 365.25 * float64(calendar.Day)
	return float64(c.PaidTime(at.pool, at.shift)) / float64(calendar.Hour) * rate * year / float64(c.End-c.Start)
}

// nextHour is the next full hour of UTC.
func nextHour(at calendar.Instant) calendar.Instant {
	const hour = calendar.Instant(calendar.Hour)
	return (at/hour + 1) * hour
}

// sumRule bounds the heads of the choices from first on, with what is fixed beside them left out.
func (b *binding) sumRule(name string, first int, least, most *int, path string) {
	n := len(b.places)
	if first == n {
		if least != nil && *least > 0 {
			b.report(path+".least", "has no shift that may move")
		}
		return
	}
	row := func(label string, sign, bound float64) {
		r := Row{Name: label + " heads of " + name, Weight: make([]float64, n), Least: bound}
		for i := first; i < n; i++ {
			r.Weight[i] = sign
		}
		b.problem.Rules = append(b.problem.Rules, r)
	}
	if least != nil {
		row("fewest", 1, float64(*least))
	}
	if most != nil {
		row("most", -1, -float64(*most))
		for i := first; i < n; i++ {
			c := &b.problem.Choices[i]
			c.Most = min(c.Most, *most/c.Step*c.Step)
		}
	}
}

// group numbers choices whose pools may work the same cases.
func (b *binding) group() {
	parent := make([]int, len(b.model.Scenario.Pools))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	for _, class := range b.model.Workload.Classes {
		for tier := range b.model.Scenario.Tiers {
			first := -1
			for p := range parent {
				if !b.model.Scenario.Eligible(class, tier, p) {
					continue
				}
				if first < 0 {
					first = p
				}
				parent[root(p)] = root(first)
			}
		}
	}
	for i, at := range b.places {
		b.problem.Choices[i].Group = root(at.pool)
	}
	n := len(b.places)
	for i := range b.problem.Rules { // rules were made before all choices were known
		r := &b.problem.Rules[i]
		r.Weight = append(r.Weight, make([]float64, n-len(r.Weight))...)
	}
}

// presence makes a rule for each hour of the week of who must be on duty by language, in hours that are open in some week.
func (b *binding) presence() {
	c := b.model.Scenario
	for _, e := range c.Definition.Planning.Presence {
		least := [hoursOfWeek]int{}
		hours := c.HoursOf("always")
		if region := c.Definition.Regions.Index(e.Value.Region); region >= 0 {
			hours = c.BusinessHours(region)
		}
		b.demand(&least, hours, e.Value.Agents)
		for _, more := range e.Value.Calendars {
			b.demand(&least, c.HoursOf(more.Name), more.Value)
		}
		language := c.Definition.Languages.Index(e.Name)
		for h, agents := range least {
			b.presenceAt(h, agents, e.Name, language)
		}
	}
}

// demand raises what is asked for in hours.
func (b *binding) demand(least *[hoursOfWeek]int, hours *calendar.Timeline, agents int) {
	c := b.model.Scenario
	for iv := range hours.Intervals() {
		for at := max(iv.From, c.Start); at < min(iv.To, c.End); at = nextHour(at) {
			h := hourOfWeek(at)
			least[h] = max(least[h], agents)
		}
	}
}

// presenceAt is the rule of an hour. That no shift could keep it is a problem.
func (b *binding) presenceAt(hour, agents int, name string, language int) {
	c := b.model.Scenario
	r := Row{Name: fmt.Sprintf("presence of %s, %s", name, hourName(hour)), Weight: make([]float64, len(b.places)), Least: float64(agents)}
	r.Least -= b.scheduled(hour, func(p int) bool { return c.Pools[p].Speaks[language] }, r.Weight)
	switch {
	case r.Least <= 0:
	case !slices.ContainsFunc(r.Weight, func(w float64) bool { return w > 0 }):
		path := "planning.presence." + name
		if !slices.ContainsFunc(b.problems, func(p scenario.Problem) bool { return p.Path == path }) {
			b.report(path, "asks for %d on %s, when no shift that may move has anybody on duty who speaks it", agents, hourName(hour))
		}
	default:
		b.problem.Rules = append(b.problem.Rules, r)
	}
}

// scheduled sets the weights of choices that are on duty for most of an hour of the week, and returns the heads that are fixed
// among these.
func (b *binding) scheduled(hour int, counts func(pool int) bool, weight []float64) (fixed float64) {
	for p := range b.model.Scenario.Pools {
		if !counts(p) {
			continue
		}
		for s := range b.model.Scenario.Pools[p].Shifts {
			shift := &b.model.Scenario.Pools[p].Shifts[s]
			if shift.OnCall > 0 || b.duty[p][s][hour] <= 0.5 {
				continue
			}
			if i := slices.Index(b.places, place{p, s}); i >= 0 {
				weight[i] = 1
			} else {
				fixed += float64(shift.Agents)
			}
		}
	}
	return fixed
}

// objectives are those of the scenario, of which planning needs some, and that of every plan.
func (b *binding) objectives() {
	for _, o := range b.model.Scenario.Definition.Objectives {
		b.problem.Objectives = append(b.problem.Objectives, o.Value.Text)
		goal := math.NaN()
		if o.Value.Measure == sla.Attainment && o.Value.Comparison == sla.AtLeast {
			goal = o.Value.Value
		}
		b.problem.Goals = append(b.problem.Goals, goal)
	}
	if goal := b.model.Scenario.Definition.Planning.BudgetIs == scenario.BudgetGoal; goal && !slices.ContainsFunc(b.problem.Goals, isGoal) {
		b.report("planning.budget_is", "is goal, but there is no objective of attainment that the money could raise, want one such as %q", "first_response >= 95%")
	}
	if len(b.problem.Objectives) == 0 {
		b.report("objectives", "are missing, want at least one to plan for, such as %q", "first_response >= 95%")
	}
	if _, _, judged := backlogWindows(b.model); judged {
		b.problem.Objectives = append(b.problem.Objectives, KeepingUp)
		b.problem.Goals = append(b.problem.Goals, math.NaN())
	}
}

// heads is the staffing in the order of the choices.
func (b *binding) heads(s org.Staffing) []int {
	out := make([]int, len(b.places))
	for i, at := range b.places {
		out[i] = s.Heads[at.pool][at.shift]
	}
	return out
}

// staff is the staffing with the heads of the choices.
func (b *binding) staff(heads []int) org.Staffing {
	s := b.staffing.Clone()
	for i, at := range b.places {
		s.Heads[at.pool][at.shift] = heads[i]
	}
	return s
}

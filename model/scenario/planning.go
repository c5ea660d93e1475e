package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/org"
)

// Planning says which head counts a planner may change, and within which rules.
type Planning struct {
	Assumed   bool
	Budget    model.Money          // most that all agents may cost in a year, without overtime; default any sum
	BudgetIs  BudgetUse            // limit (default: the cheapest plan within it is wanted) or goal (the best attainment for the money)
	Occupancy *float64             // most of their time on duty that agents may have work, over the weeks of the run, (0, 1]; default 98%
	Presence  Named[Presence]      // agents who must be on duty, by language; default none
	Centres   Named[PlannedCentre] // bounds of head counts; default: every shift may have any number of agents
}

// BudgetUse says what a budget is for.
type BudgetUse uint8

// The uses of a budget. BudgetLimit is the default.
const (
	BudgetLimit BudgetUse = iota // the objectives are kept at the least cost, which must not exceed it
	BudgetGoal                   // the objectives are kept as well as the money allows
)

var budgetUses = [...]string{"limit", "goal"}

// UnmarshalText reads limit or goal.
func (u *BudgetUse) UnmarshalText(text []byte) error {
	i := slices.Index(budgetUses[:], string(text))
	if i < 0 {
		return fmt.Errorf("%q is not a use of a budget, want limit or goal", text)
	}
	*u = BudgetUse(i)
	return nil
}

// String is the word that UnmarshalText reads.
func (u BudgetUse) String() string { return budgetUses[u] }

// Presence is how many agents who speak a language must be on duty.
type Presence struct {
	Assumed   bool
	Agents    int        // on duty, before shrinkage; required unless calendars are given
	Region    string     // in whose business hours; default always
	Calendars Named[int] // agents in the hours of calendars, where these are more; default none
}

// PlannedCentre are bounds of the head counts of a centre.
type PlannedCentre struct {
	Assumed    bool
	HeadBounds `scenario:",inline"`
	Pools      Named[PlannedPool] // bounds of single pools
}

// PlannedPool are bounds of the head counts of a pool.
type PlannedPool struct {
	Assumed    bool
	HeadBounds `scenario:",inline"`
	Shifts     Named[HeadBounds] // bounds of single shifts
}

// HeadBounds say what may become of the heads of a shift, or of all shifts of a pool or centre together.
type HeadBounds struct {
	Fixed *bool // the heads stay as they are; default false
	Least *int  // fewest heads; default 0
	Most  *int  // most heads; default any number
	Step  *int  // each shift has a multiple of so many heads; default 1
}

// checkPlanning reports names that are not there and bounds that contradict each other.
func (v *validation) checkPlanning() {
	const path = "planning"
	p := &v.def.Planning
	if p.Occupancy != nil && (*p.Occupancy <= 0 || *p.Occupancy > 1) {
		v.problem(path+".occupancy", "is %g, want more than 0 and at most 1", *p.Occupancy)
	}
	if p.BudgetIs == BudgetGoal && p.Budget.IsZero() {
		v.problem(path+".budget_is", "is goal, but there is no budget")
	}
	for i := range p.Presence {
		e := &p.Presence[i]
		below := path + ".presence." + e.Name
		v.reference(e.At, "language", e.Name, v.def.Languages.Names())
		if !v.def.given(below+".agents") && len(e.Value.Calendars) == 0 {
			v.problem(below, "has no agents, want how many must be on duty")
		}
		v.agents(below+".agents", e.Value.Agents)
		for _, hours := range e.Value.Calendars {
			v.reference(hours.At, "calendar", hours.Name, v.calendarNames())
			v.agents(below+".calendars."+hours.Name, hours.Value)
		}
		if e.Value.Region != "" {
			v.reference(v.def.At(below+".region"), "region", e.Value.Region, v.def.Regions.Names())
		}
	}
	for i := range p.Centres {
		v.checkPlannedCentre(path+".centres."+p.Centres[i].Name, &p.Centres[i])
	}
}

func (v *validation) checkPlannedCentre(path string, e *Entry[PlannedCentre]) {
	centre := v.def.Centres.Find(e.Name)
	if centre == nil {
		v.reference(e.At, "centre", e.Name, v.def.Centres.Names())
		return
	}
	v.checkHeadBounds(path, &e.Value.HeadBounds)
	for i := range e.Value.Pools {
		planned := &e.Value.Pools[i]
		pool := centre.Pools.Find(planned.Name)
		if pool == nil {
			v.reference(planned.At, "pool of "+e.Name, planned.Name, centre.Pools.Names())
			continue
		}
		below := path + ".pools." + planned.Name
		v.checkHeadBounds(below, &planned.Value.HeadBounds)
		for j := range planned.Value.Shifts {
			shift := &planned.Value.Shifts[j]
			if len(pool.Shifts) == 0 {
				v.problemAt(shift.At, "is a shift of a pool without shifts, want the bounds beside pools")
				continue
			}
			v.reference(shift.At, "shift of "+planned.Name, shift.Name, pool.Shifts.Names())
			v.checkHeadBounds(below+".shifts."+shift.Name, &shift.Value)
		}
	}
}

func (v *validation) checkHeadBounds(path string, b *HeadBounds) {
	if b.Least != nil {
		v.agents(path+".least", *b.Least)
	}
	if b.Most != nil {
		v.agents(path+".most", *b.Most)
	}
	if b.Least != nil && b.Most != nil && *b.Least > *b.Most {
		v.problem(path+".most", "is %d, want at least %d as least says", *b.Most, *b.Least)
	}
	if b.Step != nil && (*b.Step < 1 || *b.Step > mostAgents) {
		v.problem(path+".step", "is %d, want 1 to %d", *b.Step, mostAgents)
	}
	if b.Fixed != nil && *b.Fixed && (b.Least != nil || b.Most != nil || b.Step != nil) {
		v.problem(path+".fixed", "stands beside other bounds, want one of them")
	}
}

// Budget is the most that all agents may cost in a year, in the scenario's currency; 0 = any sum.
func (c *Compiled) Budget() float64 {
	return (&compiler{def: c.Definition}).inCurrency(c.Definition.Planning.Budget)
}

// BusinessHours are those of a region.
func (c *Compiled) BusinessHours(region int) *calendar.Timeline {
	return c.HoursOf(c.Definition.Regions[region].Value.Calendar)
}

// HoursOf are those of a calendar of the scenario, or of the one that is always open.
func (c *Compiled) HoursOf(calendar string) *calendar.Timeline { return c.lines[calendar] }

// Staffing is how many agents each shift has.
func (c *Compiled) Staffing() org.Staffing {
	s := org.Staffing{Heads: make([][]int, len(c.Pools))}
	for p := range c.Pools {
		for _, shift := range c.Pools[p].Shifts {
			s.Heads[p] = append(s.Heads[p], shift.Agents)
		}
	}
	return s
}

// WithStaffing is the scenario with other head counts; it shares with c what does not depend on them. The definition
// stays that of c.
func (c *Compiled) WithStaffing(s org.Staffing) *Compiled {
	out := *c
	out.Pools = slices.Clone(c.Pools)
	for p := range out.Pools {
		pool := &out.Pools[p]
		pool.Shifts = slices.Clone(pool.Shifts)
		pool.ServiceDays = 0
		for i := range pool.Shifts {
			pool.Shifts[i].Agents = s.Heads[p][i]
		}
	}
	(&compiler{def: c.Definition, out: &out}).shareServiceDays()
	sum := sha256.Sum256([]byte(c.Hash + fmt.Sprint(s.Heads)))
	out.Hash = hex.EncodeToString(sum[:])
	return &out
}

package scenario

import (
	"slices"
	"time"

	"sunrelay/model/calendar"
)

func (c *compiler) compilePool(centre int, pool *Entry[Pool]) {
	def := &pool.Value
	made := CompiledPool{
		Name: c.out.Centres[centre].Name + "." + pool.Name, Centre: centre,
		Speaks: marked(def.Languages, c.def.Languages.Names()), Takes: marked(def.Channels, c.def.Channels.Names()),
		Shrinkage: def.Shrinkage, AtShiftEnd: def.AtShiftEnd, MaxOvertime: MaxDuration,
		CostPerHour: c.inCurrency(def.CostPerHour), OnCallCostPerHour: c.inCurrency(def.OnCallCostPerHour),
		Concurrency: def.Concurrency, Activities: def.Activities, ActivityLength: def.ActivityLength,
	}
	for _, tier := range def.Tiers {
		made.Tiers = append(made.Tiers, c.def.Work.Index(tier.Value))
	}
	if def.MaxOvertime != nil {
		made.MaxOvertime = *def.MaxOvertime
	}
	made.Shifts = c.compileShifts(centre, pool)
	c.addPay(centre, &made)
	c.out.Pools = append(c.out.Pools, made)
}

// compileShifts are the shifts of a pool, or the opening hours of its centre where it has none.
func (c *compiler) compileShifts(centre int, pool *Entry[Pool]) []CompiledShift {
	owner := &c.def.Centres[centre].Value
	if len(pool.Value.Shifts) == 0 {
		duty := c.inRun(c.out.lines[owner.Calendar])
		return []CompiledShift{{
			Name: owner.Calendar, Agents: *pool.Value.Agents, Duty: duty, Waves: 1, Breaks: make([][]calendar.Interval, 1),
		}}
	}
	shifts := make([]CompiledShift, 0, len(pool.Value.Shifts))
	for i := range pool.Value.Shifts {
		shift := &pool.Value.Shifts[i]
		made := CompiledShift{
			Name: shift.Name, Agents: shift.Value.Agents, Waves: shift.Value.Waves, OnCall: shift.Value.OnCall,
			Duty: c.duty(owner, &shift.Value, c.out.Centres[centre].Zone),
		}
		if len(made.Duty) == 0 {
			path := poolPath(c.def.Centres[centre].Name, pool.Name) + ".shifts." + shift.Name
			c.problem(path, "is never on duty from %s to %s, the time of the run", c.out.Origin, c.out.End)
		}
		made.Breaks = breaks(&shift.Value, c.shiftDays(&shift.Value, made.Duty, c.out.Centres[centre].Zone))
		shifts = append(shifts, made)
	}
	return shifts
}

// shiftDays is duty with every shift day for itself: stretches of a shift of 24 hours on consecutive days are one.
func (c *compiler) shiftDays(shift *Shift, duty []calendar.Interval, zone *time.Location) []calendar.Interval {
	if shift.Length < calendar.Day || len(shift.Breaks) == 0 || len(duty) == 0 {
		return duty
	}
	begins := calendar.Definition{Zone: zone}
	begins.Hours.Set(calendar.Daily, calendar.Windows{{From: shift.Start, To: shift.Start + calendar.TimeOfDay(calendar.Minute)}})
	line, err := begins.Compile(duty[0].From, duty[len(duty)-1].To)
	if err != nil { // no day begins
		return duty
	}
	var days []calendar.Interval
	for _, stretch := range duty {
		for begin := range line.Intervals() {
			if begin.From > stretch.From && begin.From < stretch.To {
				days = append(days, calendar.Interval{From: stretch.From, To: begin.From})
				stretch.From = begin.From
			}
		}
		days = append(days, stretch)
	}
	return days
}

// breaks are those of each wave of a shift in every stretch of its duty. They count from the beginning of the stretch; what
// a change of the local clock would put past the end of the stretch is cut.
func breaks(shift *Shift, duty []calendar.Interval) [][]calendar.Interval {
	waves := make([][]calendar.Interval, shift.Waves)
	for wave := range waves {
		for _, stretch := range duty {
			first := len(waves[wave])
			for _, pause := range shift.Breaks {
				from := stretch.From.Add(pause.Value.from(calendar.Duration(wave)))
				if to := min(from.Add(pause.Value.Length), stretch.To); from < to {
					waves[wave] = append(waves[wave], calendar.Interval{From: from, To: to})
				}
			}
			slices.SortFunc(waves[wave][first:], func(a, b calendar.Interval) int { return int(a.From - b.From) })
		}
	}
	return waves
}

// shareServiceDays takes the service days that customers have bought out of the pools that give them, in proportion to
// the time for which their agents are scheduled.
func (c *compiler) shareServiceDays() {
	for _, plan := range c.def.Plans {
		givers := c.def.giversOf(plan.Name)
		total := 0.0
		for _, pool := range givers {
			total += c.scheduled(pool)
		}
		for _, pool := range givers {
			if total > 0 {
				days := float64(plan.Value.Customers) * plan.Value.ServiceDays
				c.out.Pools[pool].ServiceDays += days * c.scheduled(pool) / total
			}
		}
	}
}

// giversOf are the pools, numbered by centre, that give the service days of a plan.
func (def *Definition) giversOf(plan string) []int {
	var givers []int
	pool := 0
	for _, centre := range def.Centres {
		for _, entry := range centre.Value.Pools {
			isThis := func(named Located[string]) bool { return named.Value == plan }
			if slices.ContainsFunc(entry.Value.ServicePlans, isThis) {
				givers = append(givers, pool)
			}
			pool++
		}
	}
	return givers
}

// scheduled is the time of the run for which agents of the pool are on duty, in milliseconds of one agent.
func (c *compiler) scheduled(pool int) float64 {
	sum := 0.0
	for _, shift := range c.out.Pools[pool].Shifts {
		if shift.OnCall > 0 {
			continue
		}
		for _, stretch := range shift.Duty {
			within := calendar.Interval{From: max(stretch.From, c.out.Origin), To: min(stretch.To, c.out.End)}
			sum += float64(shift.Agents) * float64(within.Length())
		}
	}
	return sum
}

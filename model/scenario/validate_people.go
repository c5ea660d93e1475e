package scenario

import (
	"slices"
	"strconv"

	"sunrelay/model/calendar"
)

func (v *validation) checkCentres() {
	v.require("centres", len(v.def.Centres), "at least one place where agents work")
	for i := range v.def.Centres {
		centre := &v.def.Centres[i]
		path := "centres." + centre.Name
		v.zone(path+".zone", centre.Value.Zone)
		v.reference(v.def.At(path+".calendar"), "calendar", centre.Value.Calendar, v.calendarNames())
		v.namesOnce(centre.Value.Region, "region", v.def.Regions.Names())
		v.checkPay(path+".pay", &centre.Value.Pay)
		v.require(path+".pools", len(centre.Value.Pools), "at least one group of agents")
		for j := range centre.Value.Pools {
			v.checkPool(path+".pools."+centre.Value.Pools[j].Name, &centre.Value.Pools[j].Value)
		}
	}
}

func (v *validation) checkPool(path string, pool *Pool) {
	v.namesOnce(pool.Tiers, "tier", v.def.Work.Names())
	for _, tier := range pool.Tiers {
		v.hasAgents(tier.At, tier.Value)
	}
	v.namesOnce(pool.Languages, "language", v.def.Languages.Names())
	v.namesOnce(pool.Channels, "channel", v.def.Channels.Names())
	v.lessThanOne(path+".shrinkage", pool.Shrinkage)
	v.checkConcurrency(path+".concurrency", pool.Concurrency)
	v.lessThanOne(path+".activities", pool.Activities)
	v.moreThan(path+".activity_length", pool.ActivityLength.Seconds(), 0)
	v.checkServicePlans(pool)
	switch {
	case pool.Agents == nil && len(pool.Shifts) == 0:
		v.problem(path, "has neither agents nor shifts, want one of them")
	case pool.Agents != nil && len(pool.Shifts) > 0:
		v.problem(path+".agents", "stands beside shifts, want one of them")
	case pool.Agents != nil:
		v.agents(path+".agents", *pool.Agents)
	}
	for i := range pool.Shifts {
		v.checkShift(path+".shifts."+pool.Shifts[i].Name, &pool.Shifts[i].Value)
	}
}

// hasAgents reports a tier that is an external party.
func (v *validation) hasAgents(at Position, tier string) {
	if work := v.def.Work.Find(tier); work != nil && work.IsParty() {
		v.problemAt(at, "names %s, which is an external party, want a tier with agents", tier)
	}
}

// mostAtATime is how many pieces of work an agent can have at a time.
const mostAtATime = 64

func (v *validation) checkConcurrency(path string, speeds []float64) {
	if len(speeds) > mostAtATime {
		v.problem(path, "has %d values, want at most %d", len(speeds), mostAtATime)
	}
	if len(speeds) > 0 && speeds[0] != 1 {
		v.problem(path+".0", "is %g, want 1: handle times are those of one piece of work at a time", speeds[0])
	}
	before := 0.0
	for i, speed := range speeds {
		at := path + "." + strconv.Itoa(i)
		if speed > 0 && speed < before {
			v.problem(at, "is %g, want at least %g as with less work at a time", speed, before)
		}
		v.moreThan(at, speed, 0)
		before = speed
	}
}

// checkServicePlans reports plans without service days among those whose service days the pool gives.
func (v *validation) checkServicePlans(pool *Pool) {
	v.namesOnce(pool.ServicePlans, "plan", v.def.Plans.Names())
	for _, plan := range pool.ServicePlans {
		if known := v.def.Plans.Find(plan.Value); known != nil && known.ServiceDays == 0 {
			v.problemAt(plan.At, "names %s, which has no service_days", plan.Value)
		}
	}
}

// namesOnce reports names that are not known or stand twice.
func (v *validation) namesOnce(names []Located[string], kind string, known []string) {
	for i, name := range names {
		v.reference(name.At, kind, name.Value, known)
		if slices.ContainsFunc(names[:i], func(earlier Located[string]) bool { return earlier.Value == name.Value }) {
			v.problemAt(name.At, "names the %s %s twice", kind, name.Value)
		}
	}
}

// agents reports a number of heads that makes no sense; none is allowed.
func (v *validation) agents(path string, agents int) {
	if agents < 0 || agents > mostAgents {
		v.problem(path, "is %d, want 0 to %d", agents, mostAgents)
	}
}

func (v *validation) checkShift(path string, shift *Shift) {
	v.agents(path+".agents", shift.Agents)
	if !v.def.given(path + ".agents") {
		v.problem(path, "has no agents, want the heads scheduled each day (0 is allowed)")
	}
	switch {
	case !v.def.given(path + ".start"):
		v.problem(path, "has no start, want a local time such as 08:00")
	case shift.Start >= calendar.TimeOfDay(calendar.Day):
		v.problem(path+".start", "is %s, want a time before 24:00", shift.Start)
	}
	if shift.Length <= 0 || shift.Length > calendar.Day {
		v.problem(path+".length", "is %s, want more than 0 and at most 24h", shift.Length)
	}
	v.checkBreaks(path, shift)
}

// Bounds of the breaks of a shift and of the groups that take them one after the other.
const (
	mostBreaks = 50
	mostWaves  = 100
)

// checkBreaks reports breaks outside the shift and such that overlap for one of its waves.
func (v *validation) checkBreaks(path string, shift *Shift) {
	if shift.Waves < 1 || shift.Waves > mostWaves {
		v.problem(path+".waves", "is %d, want 1 to %d", shift.Waves, mostWaves)
		return
	}
	if len(shift.Breaks) > mostBreaks {
		v.problem(path+".breaks", "are %d, want at most %d", len(shift.Breaks), mostBreaks)
		return
	}
	if shift.OnCall > 0 && len(shift.Breaks) > 0 {
		v.problem(path+".breaks", "stand beside on_call, but agents on call are not on duty: want one of them")
	}
	last := calendar.Duration(shift.Waves - 1)
	for i, pause := range shift.Breaks {
		at := path + ".breaks." + pause.Name
		v.moreThan(at+".length", pause.Value.Length.Seconds(), 0)
		if end := pause.Value.from(last) + pause.Value.Length; end > shift.Length {
			v.problem(at, "ends %s after the start of the shift for its last wave, want at most %s, the shift's length", end, shift.Length)
		}
		for _, earlier := range shift.Breaks[:i] {
			if earlier.Value.overlaps(&pause.Value, shift.Waves) {
				v.problem(at, "overlaps with %s, want one break after the other for every wave", earlier.Name)
			}
		}
	}
}

// from is when the break begins for a wave, counted from 0 and from the start of the shift.
func (b *Break) from(wave calendar.Duration) calendar.Duration { return b.After + wave*b.Length }

// overlaps reports whether some wave has both breaks at a time.
func (b *Break) overlaps(other *Break, waves int) bool {
	for wave := range calendar.Duration(waves) {
		if b.from(wave) < other.from(wave)+other.Length && other.from(wave) < b.from(wave)+b.Length {
			return true
		}
	}
	return false
}

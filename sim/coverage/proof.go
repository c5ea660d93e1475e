package coverage

import (
	"cmp"
	"fmt"
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
)

// Proof is what the present shifts of a scenario cannot keep, in its measured time [Start, End).
type Proof struct {
	Model    *sim.Model
	Promises []Promise // that have a target for the first response, by plan, severity, region, language and tier
}

// Kind is what cases have in common that decides who may answer them and by when. All are indices. Channels do not
// matter for that.
type Kind struct{ Plan, Severity, Region, Language, Tier int }

// Promise is a first response that the workload asks for.
type Promise struct {
	Kind
	Clock scenario.ClockID
	// AnsweredAtEnd are the channels of its cases that are answered at the end of the first touch, in rising order: for
	// them presence by the due is necessary and not sufficient, and more may be broken than is proved.
	AnsweredAtEnd []int
	*Finding
}

// Finding is what was proved of a promise; promises with the same clock, region and agents share one. It is read-only.
type Finding struct {
	// Broken are the arrivals from which the promise cannot be kept: half-open, in order, not touching. Cases whose due is
	// the end of the run or later are not among them: nobody knows who is on duty then.
	Broken     []calendar.Interval
	Week       Week
	Regular    []Span      // of the local week, in order: broken in more than half of the weeks
	Exceptions []Exception // in the order of dates: where it is worse than Regular
}

// Total is the measured time from which the promise cannot be kept.
func (f *Finding) Total() calendar.Duration {
	var total calendar.Duration
	for _, iv := range f.Broken {
		total += iv.Length()
	}
	return total
}

// Kept reports whether enough agents in the present shifts could always keep the promise.
func (f *Finding) Kept() bool { return len(f.Broken) == 0 }

// OnlyInstants reports whether the promise is broken at single milliseconds only: a target that ends with the opening
// hours is due at closing, so who arrives at the very instant at which duty ends may be late where who arrives a
// millisecond later is due on the next day. It is true of a promise that is kept.
func (f *Finding) OnlyInstants() bool {
	return !slices.ContainsFunc(f.Broken, func(iv calendar.Interval) bool { return iv.Length() > calendar.Millisecond })
}

// Prove finds what cannot be kept of every first response that the workload asks for.
func Prove(m *sim.Model) *Proof {
	p := prover{
		model: m, found: map[findingKey]*Finding{}, shared: map[string]*team{}, weeks: make([]*localWeeks, len(m.Scenario.Regions)),
	}
	proof := &Proof{Model: m, Promises: promises(m)}
	for i := range proof.Promises {
		promise := &proof.Promises[i]
		promise.Finding = p.finding(promise)
	}
	return proof
}

// promises are the kinds of cases that arrive and have a target.
func promises(m *sim.Model) []Promise {
	var out []Promise
	known := map[Kind]int{} // place in out
	for stream := range m.Workload.Streams() {
		if m.Workload.ExpectedOf(stream) == 0 {
			continue
		}
		for _, id := range m.Workload.StreamClasses(stream) {
			class := &m.Workload.Classes[id]
			kind := Kind{class.Plan, class.Severity, class.Region, class.Language, m.Workload.StartTier(stream)}
			clock := m.Scenario.Plans[kind.Plan].ClockOf(sla.FirstResponse, kind.Region, kind.Severity)
			if clock == scenario.NoClock {
				continue
			}
			at, found := known[kind]
			if !found {
				at = len(out)
				known[kind] = at
				out = append(out, Promise{Kind: kind, Clock: clock})
			}
			if m.Scenario.Channels[class.Channel].Responds == sla.AtEnd {
				out[at].addChannel(class.Channel)
			}
		}
	}
	slices.SortFunc(out, func(a, b Promise) int { return a.compare(b.Kind) })
	return out
}

func (p *Promise) addChannel(channel int) {
	if at, found := slices.BinarySearch(p.AnsweredAtEnd, channel); !found {
		p.AnsweredAtEnd = slices.Insert(p.AnsweredAtEnd, at, channel)
	}
}

func (k Kind) attributes() scenario.Attributes {
	return scenario.Attributes{Region: k.Region, Plan: k.Plan, Severity: k.Severity, Language: k.Language}
}

func (k Kind) compare(other Kind) int {
	return cmp.Or(cmp.Compare(k.Plan, other.Plan), cmp.Compare(k.Severity, other.Severity), cmp.Compare(k.Region, other.Region),
		cmp.Compare(k.Language, other.Language), cmp.Compare(k.Tier, other.Tier))
}

// prover keeps what promises share.
type prover struct {
	model  *sim.Model
	found  map[findingKey]*Finding
	shared map[string]*team // by their pools
	weeks  []*localWeeks    // by region
}

// findingKey is all that a finding depends on.
type findingKey struct {
	team   *team
	clock  scenario.ClockID
	region int // by its zone
}

func (p *prover) finding(promise *Promise) *Finding {
	key := findingKey{p.team(promise.Kind), promise.Clock, promise.Region}
	if p.found[key] == nil {
		p.found[key] = p.prove(key)
	}
	return p.found[key]
}

func (p *prover) prove(key findingKey) *Finding {
	c := p.model.Scenario
	policy := c.Clocks[key.clock]
	f := &Finding{Broken: broken(key.team.gaps, policy)}
	if p.weeks[key.region] == nil {
		p.weeks[key.region] = newLocalWeeks(c.Regions[key.region].Zone, calendar.Interval{From: c.Start, To: c.End})
	}
	weeks := p.weeks[key.region]
	f.Week = weeks.hours(f.Broken)
	f.Regular = weeks.regular(f.Broken)
	f.Exceptions = weeks.exceptions(f.Broken, f.Regular, func(extra calendar.Interval) []string {
		return key.team.missedHolidays(extra, policy)
	})
	return f
}

// team are the pools that may answer.
type team struct {
	gaps     []calendar.Interval    // in the measured time: nobody is on duty
	holidays []scenario.HolidayDuty // on which somebody would have been
}

// team is that of the kind of cases, at the tier where they start.
func (p *prover) team(kind Kind) *team {
	c := p.model.Scenario
	var pools []int
	for pool := range c.Pools {
		if c.Eligible(kind.attributes(), kind.Tier, pool) {
			pools = append(pools, pool)
		}
	}
	name := fmt.Sprint(pools)
	if p.shared[name] == nil {
		p.shared[name] = newTeam(c, pools)
	}
	return p.shared[name]
}

func newTeam(c *scenario.Compiled, pools []int) *team {
	t := &team{}
	var duty []calendar.Interval
	for _, pool := range pools {
		for _, shift := range c.Pools[pool].Shifts {
			if shift.Agents > 0 {
				duty = append(duty, shift.Duty...)
			}
		}
		t.holidays = append(t.holidays, c.HolidayDuty(pool)...)
	}
	t.gaps = gaps(duty, calendar.Interval{From: c.Start, To: c.End})
	return t
}

// missedHolidays are the names of the holidays without which somebody would have answered in time cases that arrive in
// the interval, in the order in which that would have been.
func (t *team) missedHolidays(arrivals calendar.Interval, policy *calendar.Policy) []string {
	due, ok := policy.Due(arrivals.To - 1)
	if !ok {
		return nil
	}
	var missed []scenario.HolidayDuty
	for _, h := range t.holidays {
		if h.To > arrivals.From && h.From <= due {
			missed = append(missed, h)
		}
	}
	slices.SortStableFunc(missed, func(a, b scenario.HolidayDuty) int { return cmp.Compare(a.From, b.From) })
	var names []string
	for _, h := range missed {
		if !slices.Contains(names, h.Name) {
			names = append(names, h.Name)
		}
	}
	return names
}

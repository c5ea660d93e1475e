package coverage

import (
	"cmp"
	"fmt"
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/workloads"
)

// Proof is what the present shifts of a scenario cannot keep, in its measured time [Start, End).
type Proof struct {
	Model    *sim.Model
	Promises []Promise // that have a target for the first response, by plan, severity, region, language, tier and channel
}

// Kind is what cases have in common that decides who may answer them and by when, but for the channel. All are indices.
type Kind struct{ Plan, Severity, Region, Language, Tier int }

// Promise is a first response that the workload asks for.
type Promise struct {
	Kind
	Clock scenario.ClockID
	// Channels are those by which its cases come, in rising order: all with the same agents and hours. Where pools take some
	// channels only, or channels differ in hours, a kind has several promises.
	Channels []int
	// AnsweredAtEnd are those of the Channels that are answered at the end of the first touch: for them presence by the due is
	// necessary and not sufficient, and more may be broken than is proved.
	AnsweredAtEnd []int
	*Finding
	team  *team
	hours *calendar.Timeline // in which its cases come; nil = round the clock
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
	proof := &Proof{Model: m, Promises: p.promises()}
	for i := range proof.Promises {
		promise := &proof.Promises[i]
		promise.Finding = p.finding(promise)
	}
	return proof
}

// promises are the kinds of cases that arrive, are not refused and have a target.
func (p *prover) promises() []Promise {
	m := p.model
	type origin struct {
		Kind
		team  *team
		hours *calendar.Timeline
	}
	var out []Promise
	known := map[origin]int{} // place in out
	for stream := range m.Workload.Streams() {
		if m.Workload.ExpectedOf(stream) == 0 {
			continue
		}
		for _, id := range m.Workload.StreamClasses(stream) {
			class := m.Workload.Classes[id]
			kind := Kind{class.Plan, class.Severity, class.Region, class.Language, m.Workload.StartTier(stream)}
			plan := &m.Scenario.Plans[kind.Plan]
			clock := plan.ClockOf(sla.FirstResponse, kind.Region, kind.Severity)
			if clock == scenario.NoClock || !plan.Promised[kind.Language] || !m.Workload.Admits(stream, id) {
				continue
			}
			key := origin{kind, p.team(class, kind.Tier), m.Scenario.ChannelHours(kind.Region, class.Channel)}
			at, found := known[key]
			if !found {
				at = len(out)
				known[key] = at
				out = append(out, Promise{Kind: kind, Clock: clock, team: key.team, hours: key.hours})
			}
			out[at].addChannel(class.Channel, m.Scenario.Channels[class.Channel].Responds)
		}
	}
	slices.SortFunc(out, func(a, b Promise) int {
		return cmp.Or(a.compare(b.Kind), cmp.Compare(a.Channels[0], b.Channels[0]))
	})
	return out
}

func (p *Promise) addChannel(channel int, answered sla.Response) {
	at, found := slices.BinarySearch(p.Channels, channel)
	if found {
		return
	}
	p.Channels = slices.Insert(p.Channels, at, channel)
	if answered == sla.AtEnd {
		at, _ = slices.BinarySearch(p.AnsweredAtEnd, channel)
		p.AnsweredAtEnd = slices.Insert(p.AnsweredAtEnd, at, channel)
	}
}

func (k Kind) compare(other Kind) int {
	return cmp.Or(cmp.Compare(k.Plan, other.Plan), cmp.Compare(k.Severity, other.Severity), cmp.Compare(k.Region, other.Region),
		cmp.Compare(k.Language, other.Language), cmp.Compare(k.Tier, other.Tier))
}

// prover keeps what promises share.
type prover struct {
	model  *sim.Model
	found  map[findingKey]*Finding
	shared map[string]*team // by their pools, and whether those on call come
	weeks  []*localWeeks    // by region
}

// findingKey is all that a finding depends on.
type findingKey struct {
	team   *team
	clock  scenario.ClockID
	region int // by its zone
	hours  *calendar.Timeline
}

func (p *prover) finding(promise *Promise) *Finding {
	key := findingKey{promise.team, promise.Clock, promise.Region, promise.hours}
	if p.found[key] == nil {
		p.found[key] = p.prove(key)
	}
	return p.found[key]
}

func (p *prover) prove(key findingKey) *Finding {
	c := p.model.Scenario
	policy := c.Clocks[key.clock]
	f := &Finding{Broken: key.team.broken(policy)}
	if key.hours != nil {
		open := slices.Collect(key.hours.Intervals())
		f.Broken = subtract(f.Broken, gaps(open, calendar.Interval{From: c.Start, To: c.End}))
	}
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

// team are those who may answer.
type team struct {
	gaps     []calendar.Interval    // in the measured time: nobody is on duty
	calls    []call                 // by shift
	holidays []scenario.HolidayDuty // on which somebody would have been there
}

// team are those who may answer cases of the class at the tier where they start.
func (p *prover) team(class workloads.Class, tier int) *team {
	c := p.model.Scenario
	var pools []int
	for pool := range c.Pools {
		if c.Eligible(class, tier, pool) {
			pools = append(pools, pool)
		}
	}
	callsIn := c.Severities[class.Severity].CallsIn
	name := fmt.Sprint(pools, callsIn)
	if p.shared[name] == nil {
		p.shared[name] = newTeam(c, pools, callsIn)
	}
	return p.shared[name]
}

// newTeam are the agents of the pools; those on call are among them if the cases call them in.
func newTeam(c *scenario.Compiled, pools []int, callsIn bool) *team {
	t := &team{}
	var duty []calendar.Interval
	for _, pool := range pools {
		for i := range c.Pools[pool].Shifts {
			switch shift := &c.Pools[pool].Shifts[i]; {
			case shift.OnCall == 0:
				duty = append(duty, shift.Presence()...)
			case callsIn:
				t.calls = append(t.calls, call{union(shift.Presence()), shift.OnCall})
			}
		}
		for _, h := range c.HolidayDuty(pool) {
			if h.OnCall == 0 || callsIn {
				t.holidays = append(t.holidays, h)
			}
		}
	}
	t.gaps = gaps(duty, calendar.Interval{From: c.Start, To: c.End})
	return t
}

// broken are the arrivals for whom nobody of the team comes in time.
func (t *team) broken(policy *calendar.Policy) []calendar.Interval {
	out := broken(t.gaps, policy)
	for i := range t.calls {
		out = subtract(out, t.calls[i].answered(policy))
	}
	return out
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
		if h.From = max(h.From, arrivals.From).Add(h.OnCall); h.To > arrivals.From && h.From <= due {
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

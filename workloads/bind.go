package workloads

import (
	"fmt"
	"slices"
	"time"

	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/workloads/arrivals"
	"sunrelay/workloads/dist"
)

// binder makes a Model.
type binder struct {
	compiled   *scenario.Compiled
	definition *scenario.Definition
	model      *Model
	parsed     map[string]dist.Dist      // by expression: equal ones share their tables
	shapes     map[string]arrivals.Shape // by profile, likewise
}

// distribution reads an expression that Check has seen, nil where the file has none.
func (b *binder) distribution(e scenario.Expr) dist.Dist {
	if !e.Given() {
		return nil
	}
	d := b.parsed[e.Text]
	if d == nil {
		var err error
		if d, err = dist.Parse(e.Text); err != nil {
			panic(err)
		}
		b.parsed[e.Text] = d
	}
	return d
}

func (b *binder) bindWork() {
	for i := range b.definition.Work {
		tier := &b.definition.Work[i].Value
		var work []Work
		for plan := range b.definition.Plans {
			for severity := range b.definition.Severities {
				figures := tier.For(b.definition.Plans[plan].Name, b.definition.Severities[severity].Name)
				made := b.work(&figures)
				if tier.IsParty() {
					made.Party = b.party(&figures)
				}
				if !b.lowers(plan, severity) {
					made.Lowered = 0
				}
				if !b.raises(plan, severity) {
					made.Raised = 0
				}
				work = append(work, made)
			}
		}
		b.model.Work = append(b.model.Work, work)
	}
}

// lowers reports whether a case of the plan may become one severity lower.
func (b *binder) lowers(plan, severity int) bool {
	return b.compiled.Plans[plan].SeverityChanges.Lowers() && severity+1 < len(b.definition.Severities)
}

// raises reports whether a case of the plan may become one severity higher.
func (b *binder) raises(plan, severity int) bool {
	return b.compiled.Plans[plan].SeverityChanges.Raises() && severity > 0
}

func (b *binder) work(v *scenario.WorkValues) Work {
	w := Work{
		Handle:   b.distribution(v.HandleTime),
		Continue: 1 - 1 / *v.Touches,
		Question: *v.Question,
		Answered: *v.Answered,
		Update:   b.distribution(v.UpdateTime),
		Restored: *v.Restored, Lowered: *v.Lowered, Raised: *v.Raised,
		AnotherIssue: 1 - 1 / *v.Issues,
		Reopen:       *v.Reopen,
	}
	if w.Question > 0 {
		w.Answer = b.delay(v.AnswerAfter, v.AnswerClock)
	}
	if w.Reopen > 0 {
		w.ReopenAfter = b.distribution(v.ReopenAfter)
	}
	for _, branch := range v.Escalation {
		w.Escalation = append(w.Escalation, Branch{Tier: b.definition.Work.Index(branch.Name), Probability: branch.Value})
		w.EscalateAny += branch.Value
	}
	return w
}

func (b *binder) party(v *scenario.WorkValues) *Party {
	p := &Party{
		Turnaround: b.delay(v.Turnaround, v.TurnaroundClock), Fails: *v.Fails, Milestone: sla.Milestones,
		Delivery: b.distribution(v.Delivery), SendBack: b.delay(v.SendBack, v.SendBackClock),
	}
	if v.Releases != nil {
		p.Releases = Releases{From: v.Releases.From, Every: v.Releases.Every}
	}
	if v.Milestone != nil {
		p.Milestone = *v.Milestone
	}
	return p
}

// delay is a drawn time in the hours of a coverage, nil meaning every hour.
func (b *binder) delay(length scenario.Expr, hours *sla.Coverage) Delay {
	d := Delay{Length: b.distribution(length)}
	if d.Length == nil || hours == nil || hours.Clock == sla.RoundTheClock {
		return d
	}
	for region := range b.definition.Regions {
		d.Hours = append(d.Hours, b.compiled.Timeline(region, *hours))
	}
	return d
}

func (b *binder) bindManagement() {
	for _, way := range b.definition.Management {
		b.model.Management = append(b.model.Management, Manager{
			Share: way.Value.Share, After: b.distribution(way.Value.After), Handle: b.distribution(way.Value.HandleTime),
			Tier: b.definition.Work.Index(way.Value.Tier),
		})
	}
}

func (b *binder) bindPatience() {
	for _, channel := range b.definition.Channels {
		b.model.Patience = append(b.model.Patience, b.distribution(channel.Value.Patience))
	}
}

func (b *binder) bindStreams() {
	index := map[Class]int32{}
	for _, entry := range b.definition.Workload.Streams {
		def := &entry.Value
		s := stream{name: entry.Name, days: entry.Name, region: b.definition.Regions.Index(def.Region)}
		s.tier = max(0, b.definition.Work.Index(def.Tier))
		s.mix = b.mix(def, s.region)
		s.classes = b.classes(s.region, s.mix.possible, index)
		s.entitled = *def.Mix.Entitled
		b.addArrivals(s, entry)
	}
	for i := range b.model.streams {
		b.bindClasses(&b.model.streams[i])
	}
	b.bindChanges(index)
}

// bindClasses fills what a stream knows of each class that can be drawn.
func (b *binder) bindClasses(s *stream) {
	for _, class := range b.model.Classes {
		work := &b.model.Work[s.tier][b.row(class)]
		s.handle, s.further = append(s.handle, work.Handle), append(s.further, work.Continue)
		s.closed = append(s.closed, !b.compiled.Plans[class.Plan].Opens[class.Severity][class.Channel])
	}
	b.bindHours(s)
	s.refuses = s.entitled < 1 || slices.Contains(s.closed, true) || s.hours != nil
}

// bindHours fills in when the channels of a stream are open.
func (b *binder) bindHours(s *stream) {
	hours := make([]channelHours, len(b.model.Classes))
	limited := false
	for _, id := range s.classes.occurring() {
		class := b.model.Classes[id]
		h := channelHours{open: b.compiled.ChannelHours(s.region, class.Channel), instead: -1}
		if instead := b.compiled.Channels[class.Channel].Instead; instead >= 0 {
			h.instead = s.classes.at(class.Plan, class.Severity, instead, class.Language)
		}
		hours[id] = h
		limited = limited || h.open != nil
	}
	if limited {
		s.hours = hours
	}
}

// row is where the class stands in the tables of work.
func (b *binder) row(class Class) int {
	return class.Plan*len(b.definition.Severities) + class.Severity
}

// bindChanges numbers, after the classes that are drawn, those that cases come to by changes of severity.
func (b *binder) bindChanges(index map[Class]int32) {
	m := b.model
	for id := 0; id < len(m.Classes); id++ {
		class := m.Classes[id]
		lower, higher := int32(-1), int32(-1)
		if b.someWork(class, func(w *Work) bool { return w.Lowered > 0 && w.Continue > 0 }) {
			lower = b.number(withSeverity(class, class.Severity+1), index)
		}
		if b.someWork(class, func(w *Work) bool { return w.Raised > 0 && w.Continue > 0 }) {
			higher = b.number(withSeverity(class, class.Severity-1), index)
		}
		m.Lower, m.Higher = append(m.Lower, lower), append(m.Higher, higher)
	}
}

// someWork reports whether some tier's work with the class is such.
func (b *binder) someWork(class Class, isSuch func(w *Work) bool) bool {
	return slices.ContainsFunc(b.model.Work, func(tier []Work) bool { return isSuch(&tier[b.row(class)]) })
}

func withSeverity(class Class, severity int) Class {
	class.Severity = severity
	return class
}

// addArrivals adds the stream, and for a growing one a second stream of what growth adds. A shrinking one loses cases of its
// own.
func (b *binder) addArrivals(s stream, entry scenario.Entry[scenario.Stream]) {
	def := &entry.Value
	if def.Outages != nil {
		s.outages = b.outages(def.Outages)
		s.check = b.distribution(def.Outages.Check)
		b.model.streams = append(b.model.streams, s)
		return
	}
	if def.Interarrival.Given() {
		gap := b.distribution(def.Interarrival)
		s.renewal = arrivals.NewRenewal(gap, b.compiled.Origin, b.compiled.End)
		b.model.streams = append(b.model.streams, s)
		return
	}
	s.poisson = arrivals.NewPoisson(b.shape(b.profile(def)), def.Rate.PerMillisecond(), busyDay(def))
	if def.Growth < 0 {
		s.lost, s.yearly, s.base = -s.poisson.Growth(def.Growth, b.compiled.Start).Expected(), 1+def.Growth, b.compiled.Start
	}
	b.model.streams = append(b.model.streams, s)
	if def.Growth > 0 {
		s.name += "/growth"
		s.poisson = s.poisson.Growth(def.Growth, b.compiled.Start)
		b.model.streams = append(b.model.streams, s)
	}
}

func (b *binder) outages(def *scenario.Outages) *arrivals.Outages {
	return arrivals.NewOutages(def.Rate.PerMillisecond(), def.Cases, b.distribution(def.Reported), b.distribution(def.Lasts),
		b.compiled.Origin, b.compiled.End)
}

func busyDay(def *scenario.Stream) dist.Dist {
	if def.BusyDay == 0 {
		return nil
	}
	return dist.GammaOf(def.BusyDay, 1/def.BusyDay)
}

// shape is the profile on the time of the run.
func (b *binder) shape(p arrivals.Profile) arrivals.Shape {
	name := fmt.Sprint(p.Zone, p.Weight)
	if b.shapes[name] == nil {
		b.shapes[name] = p.On(b.compiled.Origin, b.compiled.End)
	}
	return b.shapes[name]
}

func (b *binder) profile(def *scenario.Stream) arrivals.Profile {
	zone := time.UTC
	if r := b.definition.Regions.Index(def.Region); r >= 0 {
		zone = b.compiled.Regions[r].Zone
	}
	p := def.Profile
	switch {
	case len(p.Week) > 0:
		return arrivals.NewProfile(zone, p.Week)
	case len(p.Weekdays) == 0 && len(p.Day) == 0:
		return arrivals.FlatProfile(zone)
	}
	weekdays, day := p.Weekdays, p.Day
	if len(weekdays) == 0 {
		weekdays = []float64{1, 1, 1, 1, 1, 1, 1}
	}
	if len(day) == 0 {
		day = []float64{1}
	}
	var week []float64
	for _, w := range weekdays {
		for _, h := range day {
			week = append(week, w*h)
		}
	}
	return arrivals.NewProfile(zone, week)
}

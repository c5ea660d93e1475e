package workloads

import (
	"time"

	"sunrelay/model/scenario"
	"sunrelay/workloads/arrivals"
	"sunrelay/workloads/dist"
)

// binder makes a Model.
type binder struct {
	compiled   *scenario.Compiled
	definition *scenario.Definition
	model      *Model
}

// distribution reads an expression that Check has seen.
func distribution(e scenario.Expr) dist.Dist {
	d, err := dist.Parse(e.Text)
	if err != nil {
		panic(err)
	}
	return d
}

func (b *binder) bindWork() {
	for _, tier := range b.definition.Work {
		var work []Work
		for range b.definition.Plans {
			for _, severity := range b.definition.Severities {
				work = append(work, b.work(tier.Value.For(severity.Name)))
			}
		}
		b.model.Work = append(b.model.Work, work)
	}
}

func (b *binder) work(v scenario.WorkValues) Work {
	w := Work{
		Handle:   distribution(v.HandleTime),
		Continue: 1 - 1 / *v.Touches,
		Question: *v.Question,
		Answered: *v.Answered,
	}
	if w.Question > 0 {
		w.Answer.Length = distribution(v.AnswerAfter)
	}
	for _, branch := range v.Escalation {
		w.Escalation = append(w.Escalation, Branch{Tier: b.definition.Work.Index(branch.Name), Probability: branch.Value})
		w.EscalateAny += branch.Value
	}
	return w
}

func (b *binder) bindPatience() {
	b.model.Patience = make([]dist.Dist, len(b.definition.Channels))
	for i, channel := range b.definition.Channels {
		if channel.Value.Patience.Given() {
			b.model.Patience[i] = distribution(channel.Value.Patience)
		}
	}
}

func (b *binder) bindStreams() {
	index := map[Class]int32{}
	for _, entry := range b.definition.Workload.Streams {
		def := &entry.Value
		s := stream{name: entry.Name, days: entry.Name, region: b.definition.Regions.Index(def.Region)}
		s.tier = max(0, b.definition.Work.Index(def.Tier))
		s.mix = b.mix(def, s.region)
		s.classes = b.classes(&s, index)
		b.addArrivals(s, entry)
	}
	for i := range b.model.streams {
		s := &b.model.streams[i]
		for _, class := range b.model.Classes {
			s.handle = append(s.handle, b.model.Work[s.tier][class.Plan*len(b.definition.Severities)+class.Severity].Handle)
		}
	}
}

// addArrivals adds the stream, and for a growing one a second stream of what growth adds.
func (b *binder) addArrivals(s stream, entry scenario.Entry[scenario.Stream]) {
	def := &entry.Value
	if def.Interarrival.Given() {
		gap := distribution(def.Interarrival)
		s.renewal = arrivals.NewRenewal(gap, b.compiled.Origin, b.compiled.End)
		b.model.streams = append(b.model.streams, s)
		return
	}
	s.poisson = arrivals.NewPoisson(b.profile(def), def.Rate.PerMillisecond(), b.compiled.Origin, b.compiled.End, busyDay(def))
	b.model.streams = append(b.model.streams, s)
	if def.Growth > 0 {
		s.name += "/growth"
		s.poisson = s.poisson.Growth(def.Growth, b.compiled.Start)
		b.model.streams = append(b.model.streams, s)
	}
}

func busyDay(def *scenario.Stream) dist.Dist {
	if def.BusyDay == 0 {
		return nil
	}
	return dist.GammaOf(def.BusyDay, 1/def.BusyDay)
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

package workloads

import (
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/workloads/arrivals"
	"sunrelay/workloads/dist"
)

// binder collects the problems met while a Model is made.
type binder struct {
	compiled   *scenario.Compiled
	definition *scenario.Definition
	model      *Model
	problems   scenario.Problems
}

// distribution reads an expression; a problem leaves a harmless stand-in so that the rest can be checked.
func (b *binder) distribution(e scenario.Expr) dist.Dist {
	d, err := dist.Parse(e.Text)
	if err != nil {
		b.problems = append(b.problems, e.Problem("%v", err))
		return dist.Constant(0)
	}
	return d
}

func (b *binder) bindWork() {
	c := b.compiled
	b.model.Work = make([][]Work, len(c.Tiers))
	for t := range c.Tiers {
		tier := &b.definition.Work[t].Value
		base := b.work(t, tier.WorkValues)
		b.model.Work[t] = make([]Work, len(c.Severities))
		for s := range c.Severities {
			b.model.Work[t][s] = base
		}
		for _, own := range tier.Severities {
			s := b.definition.Severities.Index(own.Name)
			b.model.Work[t][s] = b.work(t, overlay(tier.WorkValues, own.Value))
		}
	}
}

// overlay is base with the values that own gives.
func overlay(base, own scenario.WorkValues) scenario.WorkValues {
	if own.HandleTime.Given() {
		base.HandleTime = own.HandleTime
	}
	if own.AnswerAfter.Given() {
		base.AnswerAfter = own.AnswerAfter
	}
	if own.Escalation != nil {
		base.Escalation = own.Escalation
	}
	base.Touches = orElse(own.Touches, base.Touches)
	base.Question = orElse(own.Question, base.Question)
	base.Answered = orElse(own.Answered, base.Answered)
	return base
}

func orElse[T any](own, base *T) *T {
	if own != nil {
		return own
	}
	return base
}

func valueOr[T any](given *T, fallback T) T {
	if given != nil {
		return *given
	}
	return fallback
}

func (b *binder) work(tier int, v scenario.WorkValues) Work {
	w := Work{
		Handle:   b.distribution(v.HandleTime),
		Continue: 1 - 1/valueOr(v.Touches, 1),
		Question: valueOr(v.Question, 0),
		Answered: valueOr(v.Answered, 1),
	}
	if v.AnswerAfter.Given() {
		w.Answer = b.distribution(v.AnswerAfter)
	} else if w.Question > 0 {
		b.problems = append(b.problems, v.HandleTime.Problem("question is set without answer_after, want a distribution of the customer's delay"))
	}
	for _, branch := range v.Escalation {
		w.Escalation = append(w.Escalation, Branch{Tier: b.definition.Work.Index(branch.Name), Probability: branch.Value})
		w.EscalateAny += branch.Value
	}
	return w
}

func (b *binder) bindPatience() {
	b.model.Patience = make([]dist.Dist, len(b.compiled.Channels))
	for i, channel := range b.compiled.Channels {
		if def := b.definition.Channels.Find(channel.Name); def != nil && def.Patience.Given() {
			b.model.Patience[i] = b.distribution(def.Patience)
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
			s.handle = append(s.handle, b.model.Work[s.tier][class.Severity].Handle)
		}
	}
}

// addArrivals adds the stream, and for a growing one a second stream of what growth adds.
func (b *binder) addArrivals(s stream, entry scenario.Entry[scenario.Stream]) {
	def := &entry.Value
	if def.Interarrival.Given() {
		gap := b.distribution(def.Interarrival)
		if gap.Mean() < float64(calendar.Millisecond) {
			b.problems = append(b.problems, def.Interarrival.Problem("arrivals follow each other after %g ms in the mean, want at least 1 ms", gap.Mean()))
			return
		}
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
		return arrivals.FlatProfile()
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

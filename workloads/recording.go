package workloads

import (
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/workloads/rng"
)

// Recording is a log of cases that arrive in place of drawn ones. It is read-only once a Model plays it.
type Recording struct {
	Cases []Recorded            // in the order of At
	Kinds []scenario.Attributes // -1 = not recorded, drawn by the scenario's shares among the cases that are alike
	Days  []calendar.Instant    // when each local day of the log begins, and when the last ends
	Again Resampling            // how the days of a replication are chosen
}

// Recorded is a case as far as a log tells of it. Times from its arrival on are in milliseconds: +Inf = not yet when the log
// ended, NaN = not recorded.
type Recorded struct {
	At         calendar.Instant
	Response   float32
	Resolution float32
	Work       float32 // handle time of the first touch; 0 = not recorded
	Kind       int32   // index into Recording.Kinds
	Met        int8    // 1 = the log says that the promise was kept, 0 = that it was not, -1 = nothing
	AllTouches bool    // Work is that of all touches, whose number is not recorded
}

// Resampling is how the days of a replication are chosen from those of a log.
type Resampling uint8

// The ways. A day is drawn among those of the same weekday; a week among the log's whole weeks, counted from its first day, so that
// days that follow each other stay together.
const (
	AsRecorded Resampling = iota
	ByDays
	ByWeeks
)

// Draws of a recording.
var (
	drawStream = rng.Of("stream") // which stream brings a case that does not say
	drawDay    = rng.Of("day")
)

// Replay is the model with the cases of a recording in place of those of its streams. The fate of a case follows from the seed,
// the replication, the day and its place in the log alone: it is the same in another organisation. Growth, busy days and
// outages are those of the log, and every customer is entitled.
func (m *Model) Replay(c *scenario.Compiled, r *Recording) *Model {
	replayed := *m
	replayed.Classes, replayed.Lower, replayed.Higher, replayed.streams = nil, nil, nil, nil
	p := &played{Recording: r, first: r.firsts()}
	var volumes []float64
	for i := range m.streams {
		s := m.streams[i]
		if n := len(replayed.streams); n > 0 && replayed.streams[n-1].days == s.days { // its growth
			volumes[n-1] += m.ExpectedOf(i)
			continue
		}
		s.poisson, s.renewal, s.outages, s.lost, s.entitled = nil, nil, nil, 0, 1
		s.handle, s.further, s.closed, s.hours = nil, nil, nil, nil
		s.played, s.number = p, len(replayed.streams)
		replayed.streams, volumes = append(replayed.streams, s), append(volumes, m.ExpectedOf(i))
	}
	counts := make([]float64, len(r.Kinds))
	for i := range r.Cases {
		counts[r.Cases[i].Kind]++
	}
	for i, attributes := range r.Kinds {
		k, kept := dealt(attributes, replayed.streams, volumes)
		if !kept {
			replayed.loosened += int(counts[i])
		}
		p.kinds = append(p.kinds, k)
	}
	b := binder{compiled: c, definition: c.Definition, model: &replayed}
	index := map[Class]int32{}
	for i := range replayed.streams {
		s := &replayed.streams[i]
		s.classes = b.classes(s.region, func(k Class, severities int) bool { return p.possible(i, k, severities) }, index)
		for k := range p.kinds {
			s.expected += counts[k] * share(p.kinds[k].streams, i)
		}
		b.bindClasses(s)
	}
	b.bindChanges(index)
	return &replayed
}

// Loosened is the number of cases of a recording whose channel or language is drawn although it is recorded, since the scenario has no such
// cases by it.
func (m *Model) Loosened() int { return m.loosened }

// firsts are the indices of the first cases of the days, and the number of all that lie in them.
func (r *Recording) firsts() []int {
	first := make([]int, len(r.Days))
	for day, begin := range r.Days {
		first[day], _ = slices.BinarySearchFunc(r.Cases, begin, func(c Recorded, at calendar.Instant) int {
			if c.At < at {
				return -1
			}
			return 1
		})
	}
	return first
}

// played is a recording with what the streams make of it.
type played struct {
	*Recording
	first []int // by day: its first case
	kinds []kind
}

// kind is which streams bring the cases of a kind, and how the attributes that are not recorded are drawn.
type kind struct {
	streams cdf
	mixes   []*mix // by stream; nil where the stream never brings such a case
}

// dealt gives a kind to the streams in proportion to how many of their cases are like it. Where none ever are, as with a channel by which
// no plan opens such cases, the channel is drawn too, then the language. If that does not help, the streams of the region have
// it, by their volumes. kept reports whether all attributes are as recorded.
func dealt(recorded scenario.Attributes, streams []stream, volumes []float64) (k kind, kept bool) {
	a := recorded
	for _, loosen := range []func(){func() {}, func() { a.Channel = -1 }, func() { a.Language = -1 }} {
		loosen()
		weights := make([]float64, len(streams))
		if k, sum := alike(a, streams, volumes, weights); sum > 0 {
			k.streams = proportional(weights, sum)
			return k, a == recorded
		}
	}
	k = kind{mixes: make([]*mix, len(streams))}
	weights, sum := make([]float64, len(streams)), 0.0
	for i := range streams {
		if a.Region < 0 || streams[i].region == a.Region {
			k.mixes[i], _ = streams[i].mix.given(&a)
			weights[i] = max(volumes[i], 1)
			sum += weights[i]
		}
	}
	k.streams = proportional(weights, sum)
	return k, a == recorded
}

// alike are the mixes of the cases of each stream that have the attributes; it sets weights to their numbers and returns the sum.
func alike(a scenario.Attributes, streams []stream, volumes, weights []float64) (k kind, sum float64) {
	k.mixes = make([]*mix, len(streams))
	for i := range streams {
		if a.Region >= 0 && streams[i].region != a.Region {
			continue
		}
		if given, share := streams[i].mix.given(&a); share*volumes[i] > 0 {
			k.mixes[i], weights[i] = given, share*volumes[i]
			sum += weights[i]
		}
	}
	return k, sum
}

// possible reports whether a stream can bring a case of the class.
func (p *played) possible(stream int, c Class, severities int) bool {
	return slices.ContainsFunc(p.kinds, func(k kind) bool { return k.mixes[stream] != nil && k.mixes[stream].possible(c, severities) })
}

// player plays what one stream brings of a recording in one replication.
type player struct {
	*played
	stream    int
	key, days rng.Key
	end       calendar.Instant
	slot      int // day of the replication
	day       int // of the log, which is played in it
	next, to  int // cases of the day that are left
	origins   [BlockSize]int32
}

func newPlayer(s *stream, root rng.Key, end calendar.Instant) *player {
	return &player{played: s.played, stream: s.number, key: root.Named("recorded cases"), days: root.Named("recorded days"), end: end, slot: -1}
}

// fill plays the next cases into block and returns how many.
func (p *player) fill(block []Case, s *stream) int {
	n := 0
	for n < len(block) {
		if p.next == p.to {
			if p.slot+2 >= len(p.Days) || p.Days[p.slot+1] >= p.end {
				break
			}
			p.slot++
			p.day = p.dayFor(p.slot)
			p.next, p.to = p.first[p.day], p.first[p.day+1]
			continue
		}
		c := &p.Cases[p.next]
		key := p.key.At(uint64(p.slot)).At(uint64(p.next - p.first[p.day]))
		if k := &p.kinds[c.Kind]; pick(k.streams, key.Bits(drawStream, 0)) == p.stream {
			at := min(p.Days[p.slot].Add(c.At.Sub(p.Days[p.day])), p.Days[p.slot+1]-1) // a day may be shorter than another
			block[n] = Case{At: at, Key: key, Class: k.mixes[p.stream].draw(key, &s.classes)}
			p.origins[n] = int32(p.next)
			n++
		}
		p.next++
	}
	return n
}

// dayFor is the day of the log that is played on a day of the replication.
func (p *player) dayFor(slot int) int {
	const week = 7
	choose := func(stretch, from int) int {
		return int(rng.Uniform(p.days.At(uint64(stretch)).Bits(drawDay, 0)) * float64(from))
	}
	all := len(p.Days) - 1
	switch p.Again {
	case ByDays:
		return slot%week + week*choose(slot, (all-slot%week+week-1)/week)
	case ByWeeks:
		return slot%week + week*choose(slot/week, all/week)
	}
	return slot
}

// recall gives the cases the work that was recorded.
func (p *player) recall(block []Case, s *stream) {
	for i := range block {
		work := float64(p.Cases[p.origins[i]].Work)
		if work == 0 {
			continue
		}
		if p.Cases[p.origins[i]].AllTouches {
			work *= 1 - s.further[block[i].Class]
		}
		block[i].Work = rounded(work)
	}
}

// Origin is the index in the Recording of the i-th case of the block that was filled last.
func (s *Source) Origin(i int) int { return int(s.player.origins[i]) }

// given is the mix of those cases that have the attributes, of which -1 is any, and their share of all. If it is 0, each attribute
// that is not given is drawn as if the others did not matter.
func (m *mix) given(a *scenario.Attributes) (*mix, float64) {
	plans, severities := len(m.severity), len(m.channel)/len(m.severity)
	g := &mix{language: m.language}
	weights, sum := make([]float64, plans), 0.0
	for plan := range weights {
		row, likely := make([]float64, severities), 0.0
		for severity := range row {
			channel := m.channel[plan*severities+severity]
			if a.Severity < 0 || a.Severity == severity {
				row[severity] = share(m.severity[plan], severity) * shareIf(channel, a.Channel)
				likely += row[severity]
			}
			g.channel = append(g.channel, fixed(channel, a.Channel))
		}
		if a.Plan < 0 || a.Plan == plan {
			weights[plan] = share(m.plan, plan) * likely
			sum += weights[plan]
		}
		g.severity = append(g.severity, proportional(row, likely))
	}
	g.plan, g.language = proportional(weights, sum), fixed(m.language, a.Language)
	if sum == 0 {
		g.plan = fixed(m.plan, a.Plan)
		for plan := range g.severity {
			g.severity[plan] = fixed(m.severity[plan], a.Severity)
		}
	}
	return g, sum * shareIf(m.language, a.Language)
}

// share is the probability of a value.
func share(c cdf, i int) float64 {
	upTo := func(i int) float64 { // the probability of smaller values
		switch {
		case i == 0:
			return 0
		case i > len(c):
			return 1
		}
		return float64(c[i-1]) * 0x1p-64
	}
	return upTo(i+1) - upTo(i)
}

// shareIf is share, and 1 where any value will do.
func shareIf(c cdf, i int) float64 {
	if i < 0 {
		return 1
	}
	return share(c, i)
}

// fixed is always the value i, or as c where any will do.
func fixed(c cdf, i int) cdf {
	if i < 0 {
		return c
	}
	return make(cdf, i)
}

// proportional are probabilities in proportion to weights of the given sum.
func proportional(weights []float64, sum float64) cdf {
	shares := make([]float64, len(weights))
	for i, w := range weights {
		shares[i] = w / max(sum, 1e-300)
	}
	return cumulate(shares)
}

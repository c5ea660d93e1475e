package workloads

import (
	"slices"

	"sunrelay/model/scenario"
	"sunrelay/workloads/rng"
)

// mix draws the attributes of the cases of one stream. Every attribute has a draw of its own, by inverse CDF, so that a
// change of one share moves as few cases as possible and no other attribute.
type mix struct {
	plan     cdf
	severity [][]uint64 // by plan
	channel  [][]uint64 // by plan and severity: plan·severities + severity
	language cdf
}

// cdf are cumulated probabilities as thresholds of 64 random bits, without the last, which is 1.
type cdf = []uint64

var (
	drawPlan     = rng.Of("plan")
	drawSeverity = rng.Of("severity")
	drawChannel  = rng.Of("channel")
	drawLanguage = rng.Of("language")
)

// cumulate turns shares summing to 1 into thresholds. Values after the last positive share can never be drawn.
func cumulate(shares []float64) cdf {
	last := 0
	for i, s := range shares {
		if s > 0 {
			last = i
		}
	}
	thresholds := make(cdf, 0, last)
	sum := 0.0
	for _, s := range shares[:last] {
		sum += s
		thresholds = append(thresholds, uint64(min(sum, 1-0x1p-53)*0x1p64))
	}
	return thresholds
}

// pick is the index of the value that the bits fall on.
func pick(c cdf, bits uint64) int {
	i := 0
	for i < len(c) && bits >= c[i] {
		i++
	}
	return i
}

// draw is the class of the case with the given key.
func (m *mix) draw(key rng.Key, table *classTable) int32 {
	if table.only >= 0 {
		return table.only
	}
	plan, language := 0, 0
	if len(m.plan) > 0 {
		plan = pick(m.plan, key.Bits(drawPlan, 0))
	}
	severity := 0
	if c := m.severity[plan]; len(c) > 0 {
		severity = pick(c, key.Bits(drawSeverity, 0))
	}
	channel := 0
	if c := m.channel[plan*table.severities+severity]; len(c) > 0 {
		channel = pick(c, key.Bits(drawChannel, 0))
	}
	if len(m.language) > 0 {
		language = pick(m.language, key.Bits(drawLanguage, 0))
	}
	return table.at(plan, severity, channel, language)
}

// classTable maps attributes of a stream's cases to their class.
type classTable struct {
	severities, channels, languages int
	class                           []int32 // -1 where a combination does not occur
	only                            int32   // the class of every case, or -1 where there are several
}

func (t *classTable) at(plan, severity, channel, language int) int32 {
	return t.class[((plan*t.severities+severity)*t.channels+channel)*t.languages+language]
}

// occurring are the classes of the table in its order.
func (t *classTable) occurring() []int32 {
	var out []int32
	for _, c := range t.class {
		if c >= 0 {
			out = append(out, c)
		}
	}
	return out
}

// mix resolves the shares of a stream; the loader has filled in those of the workload.
func (b *binder) mix(def *scenario.Stream, region int) mix {
	c, shares := b.compiled, &def.Mix
	severities, channels := b.definition.Severities.Names(), b.definition.Channels.Names()
	m := mix{
		plan:     cumulate(sharesOf(shares.Plan, b.definition.Plans.Names())),
		language: cumulate(c.Regions[region].Languages),
	}
	for _, plan := range c.Plans {
		m.severity = append(m.severity, cumulate(sharesOf(shares.Severity.For(plan.Name, ""), severities)))
		for _, severity := range severities {
			m.channel = append(m.channel, cumulate(sharesOf(shares.Channel.For(plan.Name, severity), channels)))
		}
	}
	return m
}

// sharesOf are the shares in the order of names. Where a plan or severity never occurs none need be given: then any will
// do.
func sharesOf(shares scenario.Named[float64], names []string) []float64 {
	out := make([]float64, len(names))
	for i, name := range names {
		if s := shares.Find(name); s != nil {
			out[i] = *s
		}
	}
	return out
}

// classes numbers the combinations that are possible in a stream, sharing the numbers of streams of the same region.
func (b *binder) classes(region int, possible func(class Class, severities int) bool, index map[Class]int32) classTable {
	c := b.compiled
	t := classTable{severities: len(c.Severities), channels: len(c.Channels), languages: len(c.Languages)}
	t.class = make([]int32, len(c.Plans)*t.severities*t.channels*t.languages)
	for i := range t.class {
		class := Class{
			Region: region, Language: i % t.languages, Channel: i / t.languages % t.channels,
			Severity: i / t.languages / t.channels % t.severities, Plan: i / t.languages / t.channels / t.severities,
		}
		t.class[i] = -1
		if possible(class, t.severities) {
			t.class[i] = b.number(class, index)
		}
	}
	for i, id := range slices.Clone(t.class) {
		if id < 0 {
			continue
		}
		class := b.model.Classes[id]
		if instead := c.Channels[class.Channel].Instead; instead >= 0 {
			if at := i + (instead-class.Channel)*t.languages; t.class[at] < 0 {
				class.Channel = instead
				t.class[at] = b.number(class, index)
			}
		}
	}
	t.only = -1
	if all := t.occurring(); len(all) == 1 {
		t.only = all[0]
	}
	return t
}

func (b *binder) number(class Class, index map[Class]int32) int32 {
	id, known := index[class]
	if !known {
		id = int32(len(b.model.Classes))
		index[class] = id
		b.model.Classes = append(b.model.Classes, class)
	}
	return id
}

// possible reports whether the mix can draw the class: each attribute's stretch of the CDF is not empty.
func (m *mix) possible(c Class, severities int) bool {
	return stretch(m.plan, c.Plan) && stretch(m.severity[c.Plan], c.Severity) &&
		stretch(m.channel[c.Plan*severities+c.Severity], c.Channel) && stretch(m.language, c.Language)
}

func stretch(c cdf, i int) bool {
	switch {
	case i > len(c):
		return false
	case i == 0:
		return len(c) == 0 || c[0] > 0
	case i == len(c):
		return true
	}
	return c[i] > c[i-1]
}

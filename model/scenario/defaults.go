package scenario

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

// Defaults of a scenario that the file need not give.
const (
	defaultLanguage     = "en"
	defaultChannel      = "web"
	defaultRule         = "severity_edf"
	defaultDays         = 28
	defaultReplications = 8
	defaultSeed         = 1

	// alwaysOpen is the name of the calendar that is open round the clock; no file defines it.
	alwaysOpen = "always"
)

// defaultStart is a Monday, so that weeks of the run are weeks of the calendar.
var defaultStart = calendar.FromTime(time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC))

// applyDefaults gives every optional part of the definition its value. What has no sensible default stays as it is, for
// the validation to miss.
func (def *Definition) applyDefaults() {
	if def.Name == "" {
		base := filepath.Base(def.At("").File)
		def.Name = strings.TrimSuffix(base, filepath.Ext(base))
	}
	if len(def.Languages) == 0 {
		def.Languages = def.usedLanguages()
	}
	if len(def.Channels) == 0 {
		def.Channels = Named[Channel]{{Name: defaultChannel, At: def.At("channels")}}
	}
	if !def.Routing.Rule.Given() {
		def.Routing.Rule = Expr{Text: defaultRule, At: def.At("routing.rule")}
	}
	def.defaultPlans()
	def.defaultCentres()
	def.defaultRegions()
	def.defaultWork()
	for i := range def.Workload.Streams {
		def.defaultStream(&def.Workload.Streams[i].Value)
	}
	def.defaultRun()
}

// usedLanguages are the languages that regions, then pools name, in the order of the file; the default language where
// none does.
func (def *Definition) usedLanguages() Named[Language] {
	var used Named[Language]
	add := func(name string, at Position) {
		if name != "" && used.Index(name) < 0 {
			used = append(used, Entry[Language]{Name: name, At: at})
		}
	}
	for _, region := range def.Regions {
		for _, language := range region.Value.Languages {
			add(language.Name, language.At)
		}
	}
	for _, centre := range def.Centres {
		for _, pool := range centre.Value.Pools {
			for _, language := range pool.Value.Languages {
				add(language.Value, language.At)
			}
		}
	}
	if len(used) == 0 {
		add(defaultLanguage, def.At("languages"))
	}
	return used
}

// defaultPlans covers plans round the clock where they do not say.
func (def *Definition) defaultPlans() {
	for i := range def.Plans {
		coverage := &def.Plans[i].Value.Coverage
		if coverage.Default == nil && len(coverage.Named) == 0 {
			always := sla.Coverage{Clock: sla.RoundTheClock, FollowTheSun: true}
			coverage.Default = &Located[sla.Coverage]{Value: always, At: def.Plans[i].At}
		}
	}
}

// defaultCentres opens centres always, in the zone of their calendar or UTC, and gives pools the first tier and every
// language.
func (def *Definition) defaultCentres() {
	for i := range def.Centres {
		centre := &def.Centres[i].Value
		def.defaultHours(&centre.Calendar, &centre.Zone)
		for j := range centre.Pools {
			pool := &centre.Pools[j]
			if len(pool.Value.Tiers) == 0 && len(def.Work) > 0 {
				pool.Value.Tiers = []Located[string]{{Value: def.Work[0].Name, At: pool.At}}
			}
			if len(pool.Value.Languages) > 0 {
				continue
			}
			for _, language := range def.Languages {
				pool.Value.Languages = append(pool.Value.Languages, Located[string]{Value: language.Name, At: pool.At})
			}
		}
	}
}

// defaultHours is round the clock for a calendar, and the calendar's zone for a zone.
func (def *Definition) defaultHours(hours, zone *string) {
	if *hours == "" {
		*hours = alwaysOpen
	}
	if *zone != "" {
		return
	}
	*zone = "UTC"
	if known := def.Calendars.Find(*hours); known != nil && known.Zone != "" {
		*zone = known.Zone
	}
}

// defaultRegions gives regions their hours, zone, language and home centre.
func (def *Definition) defaultRegions() {
	for i := range def.Regions {
		region := &def.Regions[i]
		def.defaultHours(&region.Value.Calendar, &region.Value.Zone)
		if len(region.Value.Languages) == 0 {
			language := defaultLanguage
			if len(def.Languages) == 1 {
				language = def.Languages[0].Name
			}
			region.Value.Languages = Named[float64]{{Name: language, Value: 1, At: region.At}}
		}
		if region.Value.Home == "" {
			region.Value.Home = def.homeOf(region.Name)
		}
	}
}

// homeOf is the first centre of a region, else the first centre.
func (def *Definition) homeOf(region string) string {
	for _, centre := range def.Centres {
		isHere := func(served Located[string]) bool { return served.Value == region }
		if slices.ContainsFunc(centre.Value.Region, isHere) {
			return centre.Name
		}
	}
	if len(def.Centres) > 0 {
		return def.Centres[0].Name
	}
	return ""
}

// defaultWork names the next tier where escalation is a bare number.
func (def *Definition) defaultWork() {
	for i := range def.Work {
		work := &def.Work[i].Value
		def.nameNextTier(i, work.Escalation)
		for j := range work.Severities {
			def.nameNextTier(i, work.Severities[j].Value.Escalation)
		}
	}
}

// nameNextTier puts the tier after the given one in place of nextTier. After the last there is none: the name stays, and
// the validation refuses it.
func (def *Definition) nameNextTier(tier int, escalation Named[float64]) {
	if i := escalation.Index(nextTier); i >= 0 && tier+1 < len(def.Work) {
		escalation[i].Name = def.Work[tier+1].Name
	}
}

// defaultStream takes what a stream does not say from the workload, or from what there is only one of.
func (def *Definition) defaultStream(stream *Stream) {
	if stream.Region == "" && len(def.Regions) == 1 {
		stream.Region = def.Regions[0].Name
	}
	if stream.Tier == "" && len(def.Work) > 0 {
		stream.Tier = def.Work[0].Name
	}
	common := &def.Workload.Mix
	if len(stream.Mix.Plan) == 0 {
		stream.Mix.Plan = common.Plan
	}
	if len(stream.Mix.Plan) == 0 {
		stream.Mix.Plan = onlyOne(def.Plans)
	}
	defaultShares(&stream.Mix.Severity, &common.Severity, onlyOne(def.Severities))
	defaultShares(&stream.Mix.Channel, &common.Channel, onlyOne(def.Channels))
}

// onlyOne is the whole share for the only thing there is, and nothing where there are more.
func onlyOne[T any](things Named[T]) Named[float64] {
	if len(things) != 1 {
		return nil
	}
	return Named[float64]{{Name: things[0].Name, Value: 1, At: things[0].At}}
}

func defaultShares(own, common *Shares, only Named[float64]) {
	if !own.Given() {
		*own = *common
	}
	if !own.Given() {
		own.Flat = only
	}
}

// defaultRun measures four weeks from a Monday on, eight times.
func (def *Definition) defaultRun() {
	run := &def.Run
	if !def.given("run.start") {
		run.Start = defaultStart
	}
	if !def.given("run.days") {
		run.Days = defaultDays
	}
	if !def.given("run.replications") {
		run.Replications = defaultReplications
	}
	if !def.given("run.seed") {
		run.Seed = defaultSeed
	}
}

// For are the figures for a severity: its own where given, else those of the tier. Touches, Question and Answered are
// never nil.
func (w *Work) For(severity string) WorkValues {
	values := w.WorkValues
	if own := w.Severities.Find(severity); own != nil {
		values.overlay(own)
	}
	one, zero := 1.0, 0.0
	if values.Touches == nil {
		values.Touches = &one
	}
	if values.Question == nil {
		values.Question = &zero
	}
	if values.Answered == nil {
		values.Answered = &one
	}
	return values
}

// overlay takes the figures of own that are given.
func (v *WorkValues) overlay(own *WorkValues) {
	if own.HandleTime.Given() {
		v.HandleTime = own.HandleTime
	}
	if own.Touches != nil {
		v.Touches = own.Touches
	}
	if own.Question != nil {
		v.Question = own.Question
	}
	if own.AnswerAfter.Given() {
		v.AnswerAfter = own.AnswerAfter
	}
	if own.Answered != nil {
		v.Answered = own.Answered
	}
	if own.Escalation != nil {
		v.Escalation = own.Escalation
	}
}

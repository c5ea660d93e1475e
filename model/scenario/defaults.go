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
	defaultUpdateLead   = 0.25
	defaultActivity     = 15 * calendar.Minute

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
	if def.Routing.UpdateLead == nil {
		def.Routing.UpdateLead = pointerTo(defaultUpdateLead)
	}
	if def.Currency == "" {
		def.Currency = def.firstCurrency()
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

func pointerTo[T any](value T) *T { return &value }

// defaultPlans covers plans round the clock where they do not say, and contacts customers once, or every business day.
func (def *Definition) defaultPlans() {
	for i := range def.Plans {
		plan := &def.Plans[i].Value
		if plan.Coverage.Default == nil && len(plan.Coverage.Named) == 0 {
			always := sla.Coverage{Clock: sla.RoundTheClock, FollowTheSun: true}
			plan.Coverage.Default = &Located[sla.Coverage]{Value: always, At: def.Plans[i].At}
		}
		if !def.given("plans." + def.Plans[i].Name + ".contact_attempts") {
			plan.ContactAttempts = 1
		}
		if plan.AttemptEvery.Target.Kind == sla.NotGiven {
			plan.AttemptEvery.Target = sla.Target{Kind: sla.BusinessDays, Amount: 1}
		}
	}
}

// poolPath is where a pool stands in the file.
func poolPath(centre, pool string) string { return "centres." + centre + ".pools." + pool }

// defaultCentres opens centres always, in the zone of their calendar or UTC.
func (def *Definition) defaultCentres() {
	for i := range def.Centres {
		centre := &def.Centres[i]
		def.defaultHours(&centre.Value.Calendar, &centre.Value.Zone)
		for j := range centre.Value.Pools {
			def.defaultPool(poolPath(centre.Name, centre.Value.Pools[j].Name), &centre.Value.Pools[j])
		}
	}
}

// defaultPool gives a pool the first tier, every language and channel, one piece of work at a time, and its shifts one
// wave of breaks.
func (def *Definition) defaultPool(path string, pool *Entry[Pool]) {
	if len(pool.Value.Tiers) == 0 && len(def.Work) > 0 {
		pool.Value.Tiers = []Located[string]{{Value: def.Work[0].Name, At: pool.At}}
	}
	if len(pool.Value.Languages) == 0 {
		pool.Value.Languages = located(def.Languages.Names(), pool.At)
	}
	if len(pool.Value.Channels) == 0 {
		pool.Value.Channels = located(def.Channels.Names(), pool.At)
	}
	if len(pool.Value.Concurrency) == 0 {
		pool.Value.Concurrency = []float64{1}
	}
	if !def.given(path + ".activity_length") {
		pool.Value.ActivityLength = defaultActivity
	}
	for i := range pool.Value.Shifts {
		if shift := &pool.Value.Shifts[i]; !def.given(path + ".shifts." + shift.Name + ".waves") {
			shift.Value.Waves = 1
		}
	}
}

// located are the names, all at one position.
func located(names []string, at Position) []Located[string] {
	all := make([]Located[string], len(names))
	for i, name := range names {
		all[i] = Located[string]{Value: name, At: at}
	}
	return all
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
		for j := range work.Plans {
			def.nameNextTier(i, work.Plans[j].Value.Escalation)
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
	if stream.Mix.Entitled == nil {
		stream.Mix.Entitled = common.Entitled
	}
	if stream.Mix.Entitled == nil {
		stream.Mix.Entitled = pointerTo(1.0)
	}
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

package scenario

import "slices"

func (v *validation) checkWorkload() {
	v.require("workload.streams", len(v.def.Workload.Streams), "at least one source of arrivals")
	for i := range v.def.Workload.Streams {
		v.checkStream(&v.def.Workload.Streams[i])
	}
}

func (v *validation) checkStream(entry *Entry[Stream]) {
	stream, path := &entry.Value, "workload.streams."+entry.Name
	if stream.Region == "" {
		v.problem(path+".region", "is missing, want one of %s", listNames(v.def.Regions.Names()))
	} else {
		v.reference(v.def.At(path+".region"), "region", stream.Region, v.def.Regions.Names())
	}
	if len(v.def.Work) > 0 {
		v.reference(v.def.At(path+".tier"), "tier", stream.Tier, v.def.Work.Names())
		v.hasAgents(v.def.At(path+".tier"), stream.Tier)
	}
	v.checkSource(path, stream)
	v.atLeast(path+".busy_day", stream.BusyDay, 0)
	v.moreThan(path+".growth", stream.Growth, -1)
	v.checkProfile(path+".profile", &stream.Profile)
	v.checkMix(path+".mix", &stream.Mix)
}

// checkSource reports streams that do not have exactly one source of cases, and what does not go with it.
func (v *validation) checkSource(path string, stream *Stream) {
	shaped := stream.BusyDay != 0 || stream.Growth != 0 || stream.Profile.given()
	switch {
	case stream.Rate.Given() && stream.Interarrival.Given():
		v.problem(path+".rate", "stands beside interarrival, want one of them")
	case stream.Outages != nil && (stream.Rate.Given() || stream.Interarrival.Given()):
		v.problem(path+".outages", "stands beside rate or interarrival, want one of them, and the others in a stream of their own")
	case stream.Interarrival.Given() && shaped:
		v.problem(path+".interarrival", "stands beside profile, busy_day or growth, which belong to a rate")
	case stream.Outages != nil && shaped:
		v.problem(path+".outages", "stands beside profile, busy_day or growth, which belong to a rate")
	case !stream.Rate.Given() && !stream.Interarrival.Given() && stream.Outages == nil:
		v.problem(path, "has neither rate nor interarrival nor outages, want one of them, such as rate: 1200/week")
	}
	if stream.Outages != nil {
		v.checkOutages(path+".outages", stream.Outages)
	}
}

func (v *validation) checkOutages(path string, outages *Outages) {
	v.needed(path, "rate", "the mean number of outages, such as 2/year")
	v.needed(path, "cases", "the mean number of cases of an outage")
	v.needed(path, "reported", "the distribution of the time from its beginning to a case, such as exponential(mean 1h)")
	v.needed(path, "lasts", "the distribution of its length, such as exponential(mean 4h)")
	v.needed(path, "check", "the distribution of a linked case's first touch, such as exponential(mean 5m)")
	if v.def.given(path+".cases") && (outages.Cases <= 0 || outages.Cases > mostLinked) {
		v.problem(path+".cases", "is %g, want more than 0 and at most %d", outages.Cases, mostLinked)
	}
}

// given reports whether the profile says anything.
func (p *Profile) given() bool { return len(p.Weekdays)+len(p.Day)+len(p.Week) > 0 }

// dayLengths are the numbers of equal parts into which a profile may cut the day.
var dayLengths = []int{24, 48, 96, 144, 288, 1440}

func (v *validation) checkProfile(path string, profile *Profile) {
	v.profileValues(path+".weekdays", profile.Weekdays, []int{7})
	v.profileValues(path+".day", profile.Day, dayLengths)
	weekLengths := make([]int, len(dayLengths))
	for i, n := range dayLengths {
		weekLengths[i] = 7 * n
	}
	v.profileValues(path+".week", profile.Week, weekLengths)
	if len(profile.Week) > 0 && len(profile.Weekdays)+len(profile.Day) > 0 {
		v.problem(path+".week", "stands beside weekdays or day, want either week or those")
	}
}

// profileValues reports a wrong number of values, negative ones, and none above zero.
func (v *validation) profileValues(path string, values []float64, lengths []int) {
	if len(values) == 0 {
		return
	}
	if !slices.Contains(lengths, len(values)) {
		v.problem(path, "has %d values, want %s", len(values), listNumbers(lengths))
	}
	for _, value := range values {
		if value < 0 {
			v.problem(path, "has the value %g, want at least 0", value)
			return
		}
	}
	if slices.Max(values) == 0 {
		v.problem(path, "is zero throughout, want something above 0")
	}
}

// checkMix reports shares of the stream's own mix, or of the workload's where it has none.
func (v *validation) checkMix(path string, mix *Mix) {
	plan := v.mixAt(path, "plan")
	if len(mix.Plan) == 0 && len(v.def.Plans) > 0 {
		v.problemAt(plan, "is missing, want shares of %s", listNames(v.def.Plans.Names()))
	} else if len(mix.Plan) > 0 {
		v.shares(plan, "plan", mix.Plan, v.def.Plans.Names())
	}
	v.checkShares(v.mixAt(path, "severity"), "severity", &mix.Severity, v.def.Severities.Names(), []string{"plan"})
	v.checkShares(v.mixAt(path, "channel"), "channel", &mix.Channel, v.def.Channels.Names(), []string{"plan", "severity"})
	if share := *mix.Entitled; share < 0 || share > 1 {
		v.problemAt(v.mixAt(path, "entitled"), "is %g, want a share from 0 to 1", share)
	}
}

// mixAt is where a part of a stream's mix stands: in the stream or in the workload.
func (v *validation) mixAt(path, part string) Position {
	if own := joinPath(path, part); v.def.given(own) {
		return v.def.At(own)
	}
	return v.def.At("workload.mix." + part)
}

// checkShares reports what is wrong with shares, be they flat or by one of the attributes.
func (v *validation) checkShares(at Position, kind string, shares *Shares, names, attributes []string) {
	if !shares.Given() {
		if len(names) > 0 {
			v.problemAt(at, "is missing, want shares of %s", listNames(names))
		}
		return
	}
	if shares.By == "" {
		v.shares(at, kind, shares.Flat, names)
		return
	}
	if !slices.Contains(attributes, shares.By) {
		v.problemAt(at, "goes by %q, want by: %s", shares.By, listNames(attributes))
		return
	}
	values := v.def.Plans.Names()
	if shares.By == "severity" {
		values = v.def.Severities.Names()
	}
	for _, set := range shares.Cases {
		if set.Name != defaultKey {
			v.reference(set.At, shares.By, set.Name, values)
		}
		v.shares(set.At, kind, set.Value, names)
	}
	for _, value := range values {
		if shares.Cases.Index(value) < 0 && shares.Cases.Index(defaultKey) < 0 {
			v.problemAt(at, "says nothing about the %s %s, want it or default", shares.By, value)
		}
	}
}

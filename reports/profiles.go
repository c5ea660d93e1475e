package reports

import (
	"math"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim/experiment"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
)

// Profiles are the figures behind the charts: by hour of the week, by week, and by length of time. Lists by hour have 168
// numbers from Monday 00:00 UTC on, rounded to four digits; what nobody could observe is null.
type Profiles struct {
	Pools   []PoolProfile `json:"pools"`
	Backlog []BacklogWeek `json:"backlog_by_week"`
	// Seconds are the lengths of time at which the shares of Times are taken.
	Seconds []float64     `json:"seconds"`
	Times   []TimeProfile `json:"times"`
}

// PoolProfile are the agents of a pool in each hour of the week, in the mean over all weeks and replications.
type PoolProfile struct {
	Centre             string   `json:"centre"`
	Pool               string   `json:"pool"`
	Scheduled          []Number `json:"scheduled_agents"`
	Available          []Number `json:"available_agents"` // scheduled and present, or in overtime
	Busy               []Number `json:"busy_agents"`
	Occupancy          []Number `json:"occupancy"` // busy / available
	OccupancyHalfWidth []Number `json:"occupancy_half_width"`
}

// BacklogWeek is the mean backlog in a week of the measured time.
type BacklogWeek struct {
	Start                   string `json:"start"` // RFC 3339 in UTC
	OpenCases               Number `json:"mean_open_cases"`
	OpenCasesHalfWidth      Number `json:"mean_open_cases_half_width"`
	WaitingTouches          Number `json:"mean_waiting_touches"`
	WaitingTouchesHalfWidth Number `json:"mean_waiting_touches_half_width"`
}

// TimeProfile is the distribution of the elapsed time to a promised milestone. It ends where all have got there.
type TimeProfile struct {
	Plan      string   `json:"plan"`
	Severity  string   `json:"severity"`
	Milestone string   `json:"milestone"`
	Shares    []Number `json:"shares"` // reached within each of the Seconds; those that the run's end cut off are left out
	// Limit is the target in seconds where it counts elapsed time, else null: business hours have no place on that axis.
	Limit Number `json:"limit_seconds"`
}

// AddProfiles adds the figures behind the charts.
func (run *Run) AddProfiles(result *experiment.Result) {
	run.Profiles = &Profiles{Pools: poolProfiles(result), Backlog: backlogWeeks(result), Seconds: lengths(), Times: []TimeProfile{}}
	for _, a := range run.Attainment {
		if a.Decided > 0 {
			run.Profiles.Times = append(run.Profiles.Times, run.timeProfile(result, &a))
		}
	}
}

// fourDigits rounds what is drawn and not read.
func fourDigits(x float64) Number {
	if x == 0 || !Number(x).Known() {
		return Number(x)
	}
	unit := math.Pow10(3 - int(math.Floor(math.Log10(math.Abs(x)))))
	return Number(math.Round(x*unit) / unit)
}

func poolProfiles(result *experiment.Result) []PoolProfile {
	profiles := []PoolProfile{}
	c := result.Model.Scenario
	hours := timeByHour(c.Start, c.End)
	for p := range c.Pools {
		centre, pool := poolName(c, p)
		profile := PoolProfile{Centre: centre, Pool: pool}
		for hour := range metrics.HoursOfWeek {
			total := &result.Pooled.Pools[p].ByHour[hour]
			all := float64(hours[hour]) * float64(len(result.Replications))
			occupancy := result.HourOccupancy(hour, p)
			profile.Scheduled = append(profile.Scheduled, fourDigits(float64(total.Scheduled)/all))
			profile.Available = append(profile.Available, fourDigits(float64(total.Available)/all))
			profile.Busy = append(profile.Busy, fourDigits(float64(total.Busy)/all))
			profile.Occupancy = append(profile.Occupancy, fourDigits(occupancy.Mean))
			profile.OccupancyHalfWidth = append(profile.OccupancyHalfWidth, fourDigits(float64(halfWidth(occupancy))))
		}
		profiles = append(profiles, profile)
	}
	return profiles
}

// timeByHour is how much of [from, to) lies in each hour of the week.
func timeByHour(from, to calendar.Instant) (length [metrics.HoursOfWeek]calendar.Duration) {
	const hour, monday = calendar.Instant(calendar.Hour), 4 * calendar.Instant(calendar.Day) // 1970-01-01 was a Thursday
	for at := from; at < to; {
		week := ((at-monday)%calendar.Instant(calendar.Week) + calendar.Instant(calendar.Week)) % calendar.Instant(calendar.Week)
		next := min(to, at+hour-week%hour)
		length[week/hour] += next.Sub(at)
		at = next
	}
	return length
}

func backlogWeeks(result *experiment.Result) []BacklogWeek {
	weeks := []BacklogWeek{}
	c := result.Model.Scenario
	for w := range result.Pooled.BacklogByWeek {
		start := c.Start.Add(calendar.Duration(w) * calendar.Week)
		length := float64(min(start.Add(calendar.Week), c.End).Sub(start))
		mean := func(area func(metrics.BacklogTotal) int64) stats.Estimate {
			var means []float64
			for _, t := range result.Replications {
				means = append(means, float64(area(t.BacklogByWeek[w]))/length)
			}
			return stats.Estimator{Confidence: experiment.Confidence}.MeanOf(means)
		}
		open := mean(func(b metrics.BacklogTotal) int64 { return b.Open })
		waiting := mean(func(b metrics.BacklogTotal) int64 { return b.Waiting })
		weeks = append(weeks, BacklogWeek{
			Start: start.String(), OpenCases: fourDigits(open.Mean), OpenCasesHalfWidth: fourDigits(float64(halfWidth(open))),
			WaitingTouches: fourDigits(waiting.Mean), WaitingTouchesHalfWidth: fourDigits(float64(halfWidth(waiting))),
		})
	}
	return weeks
}

// lengths are 64 lengths of time, three for each doubling: from a second to 24 days.
func lengths() []float64 {
	var all []float64
	for i := range 64 {
		all = append(all, math.Round(math.Exp2(float64(i)/3)*10)/10)
	}
	return all
}

func (run *Run) timeProfile(result *experiment.Result, a *Attainment) TimeProfile {
	c := result.Model.Scenario
	m := milestoneOf(a.Milestone)
	plan, severity := c.Definition.Plans.Index(a.Plan), c.Definition.Severities.Index(a.Severity)
	profile := TimeProfile{Plan: a.Plan, Severity: a.Severity, Milestone: a.Milestone, Limit: elapsedLimit(result, m, plan, severity)}
	elapsed := &result.Pooled.Elapsed[m][result.Model.Shape.Row(plan, severity)]
	for _, seconds := range run.Profiles.Seconds {
		if elapsed.Count == 0 {
			break
		}
		within := elapsed.Zero + int64(elapsed.Histogram.CountAtMost(int64(seconds*1000)))
		profile.Shares = append(profile.Shares, fourDigits(float64(within)/float64(elapsed.Count)))
		if within == elapsed.Count {
			break
		}
	}
	return profile
}

// milestoneOf is the milestone that wrote the name.
func milestoneOf(name string) sla.Milestone {
	m := sla.FirstResponse
	if err := m.UnmarshalText([]byte(name)); err != nil {
		panic(err)
	}
	return m
}

// elapsedLimit is the target in seconds if it counts elapsed time in every region; unknown elsewhere.
func elapsedLimit(result *experiment.Result, m sla.Milestone, plan, severity int) Number {
	unknown := Number(math.NaN())
	switch m {
	case sla.Fix, sla.RMADispatch, sla.RMAReturn, sla.ManagerContact, sla.Update:
		return unknown // their targets go by other names than severities, or change during the case
	}
	c := result.Model.Scenario
	limit := unknown
	for region := range c.Regions {
		id := c.Plans[plan].ClockOf(m, region, severity)
		if id < 0 {
			continue
		}
		target := c.Clocks[id].Target()
		if target.Unit != calendar.Elapsed && !(target.Unit == calendar.Open && neverCloses(c.Clocks[id].Timeline(), c)) {
			return unknown
		}
		limit = Number(calendar.Duration(target.Amount).Seconds())
	}
	return limit
}

// neverCloses reports whether the calendar is open during the whole measured time.
func neverCloses(t *calendar.Timeline, c *scenario.Compiled) bool {
	open, err := t.OpenTime(c.Start, c.End)
	return err == nil && open == c.End.Sub(c.Start)
}

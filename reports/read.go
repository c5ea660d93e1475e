package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// ReadRun reads what WriteSummary wrote, or the JSON document of a run. Keys that it does not know are passed over; an
// error says what is wrong with the rest.
func ReadRun(r io.Reader) (*Run, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var form struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(text, &form); err != nil {
		return nil, fmt.Errorf("not the result of a run: %w", err)
	}
	if form.Schema != RunSchema {
		return nil, fmt.Errorf("schema %q, want %q: the result of a run, written by this version of the program or one like it", form.Schema, RunSchema)
	}
	run := new(Run)
	if err := json.Unmarshal(text, run); err != nil {
		return nil, fmt.Errorf("not the result of a run: %w", err)
	}
	return run, run.check()
}

// check is an error where a name or a length is one that no run writes.
func (run *Run) check() error {
	var milestones []string
	for _, a := range run.Attainment {
		milestones = append(milestones, a.Milestone)
	}
	for _, r := range run.SeverityResponses {
		milestones = append(milestones, r.Milestone)
	}
	for _, b := range run.BreachCauses {
		milestones = append(milestones, b.Milestone)
		if !slices.Contains(causeKeys(), b.Cause) {
			return fmt.Errorf("breach_causes: %q is no cause", b.Cause)
		}
	}
	for _, o := range run.Objectives {
		if o.Milestone != "" || o.Measure == measureNames[sla.Attainment] || o.Measure == measureNames[sla.Quantile] || o.Measure == measureNames[sla.Mean] {
			milestones = append(milestones, o.Milestone)
		}
	}
	for _, n := range run.CountTotals {
		if !slices.Contains(countKeys(), n.Kind) {
			return fmt.Errorf("count_totals: %q is nothing that is counted", n.Kind)
		}
	}
	for _, h := range run.ShortHours {
		if h.HourOfWeek < 0 || h.HourOfWeek >= metrics.HoursOfWeek {
			return fmt.Errorf("short_pool_hours: hour of the week %d, want 0 to %d", h.HourOfWeek, metrics.HoursOfWeek-1)
		}
	}
	if run.Profiles != nil {
		if err := run.Profiles.check(); err != nil {
			return fmt.Errorf("profiles: %w", err)
		}
	}
	return knownMilestones(milestones)
}

func knownMilestones(names []string) error {
	for _, name := range names {
		m := sla.FirstResponse
		if err := m.UnmarshalText([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}

// countKeys are the keys of all that is counted.
func countKeys() []string {
	var all []string
	for n := range metrics.Count(metrics.Counts) {
		all = append(all, n.String())
	}
	return all
}

func (p *Profiles) check() error {
	for _, pool := range p.Pools {
		for _, list := range [][]Number{pool.Scheduled, pool.Available, pool.Busy, pool.Occupancy, pool.OccupancyHalfWidth} {
			if len(list) != metrics.HoursOfWeek {
				return fmt.Errorf("pool %s.%s: %d hours, want %d", pool.Centre, pool.Pool, len(list), metrics.HoursOfWeek)
			}
		}
	}
	for i, s := range p.Seconds {
		if s <= 0 || i > 0 && s <= p.Seconds[i-1] {
			return fmt.Errorf("seconds: %v is not above 0 and rising", s)
		}
	}
	var milestones []string
	for _, t := range p.Times {
		milestones = append(milestones, t.Milestone)
		if len(t.Shares) > len(p.Seconds) {
			return fmt.Errorf("times of %s %s: %d shares for %d lengths of time", t.Plan, t.Severity, len(t.Shares), len(p.Seconds))
		}
		if t.Limit.Known() && t.Limit <= 0 {
			return fmt.Errorf("times of %s %s: a limit of %v seconds", t.Plan, t.Severity, t.Limit)
		}
	}
	return knownMilestones(milestones)
}

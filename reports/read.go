package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// ReadRun reads what WriteSummary wrote, or the JSON document of a run. Keys that it does not know are passed over; an
// error says what is wrong with the rest.
func ReadRun(r io.Reader) (*Run, error) {
	run := new(Run)
	if err := read(r, RunSchema, run, "the result of a run"); err != nil {
		return nil, err
	}
	return run, run.check()
}

// ReadPlan reads the JSON document of a staffing plan, as ReadRun reads that of a run.
func ReadPlan(r io.Reader) (*Plan, error) {
	plan := new(Plan)
	if err := read(r, PlanSchema, plan, "a staffing plan"); err != nil {
		return nil, err
	}
	return plan, plan.check()
}

// ReadPlanPoints reads the JSON document of plans side by side.
func ReadPlanPoints(r io.Reader) (*PlanPoints, error) {
	p := new(PlanPoints)
	if err := read(r, PlanPointsSchema, p, "plans side by side"); err != nil {
		return nil, err
	}
	for _, point := range p.Points {
		if point.Plan == nil {
			continue
		}
		if err := point.Plan.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", point.Name, err)
		}
	}
	if p.Difference.Known() && (len(p.Points) == 0 || p.Points[0].Plan == nil) {
		return nil, errors.New("difference_per_year: there is no plan to compare")
	}
	return p, nil
}

// read decodes a JSON document that has the schema.
func read(r io.Reader, schema string, into any, what string) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	found, err := SchemaOf(text)
	if err != nil {
		return fmt.Errorf("not %s: %w", what, err)
	}
	if found != schema {
		return fmt.Errorf("schema %q, want %q: %s, written by this version of the program or one like it", found, schema, what)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("not %s: %w", what, err)
	}
	return nil
}

// SchemaOf is the schema that a JSON document names.
func SchemaOf(text []byte) (string, error) {
	var form struct {
		Schema string `json:"schema"`
	}
	err := json.Unmarshal(text, &form)
	return form.Schema, err
}

// check is an error where a name or a length is one that no plan has.
func (report *Plan) check() error {
	for _, r := range report.Roster {
		for i, list := range [][]Number{r.Scheduled, r.Present, r.Required, r.Busy} {
			const busy = 3
			if i == busy && list == nil {
				continue
			}
			if len(list) != metrics.HoursOfWeek {
				return fmt.Errorf("roster of %s: %d hours, want %d", r.Centre, len(list), metrics.HoursOfWeek)
			}
		}
	}
	return knownMilestones(milestonesOf(report.Objectives))
}

// milestonesOf are the names of milestones that objectives have, or should have.
func milestonesOf(objectives []Objective) (names []string) {
	for _, o := range objectives {
		if o.Milestone != "" || o.Measure == measureNames[sla.Attainment] || o.Measure == measureNames[sla.Quantile] || o.Measure == measureNames[sla.Mean] {
			names = append(names, o.Milestone)
		}
	}
	return names
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
	milestones = append(milestones, milestonesOf(run.Objectives)...)
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

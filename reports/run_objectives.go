package reports

import (
	"fmt"

	"sunrelay/model/sla"
	"sunrelay/sim/experiment"
)

// The verdicts on objectives.
const (
	Met       = "met"
	Missed    = "missed"
	Uncertain = "uncertain" // more replications may decide
)

// Objective is the verdict on one objective of the scenario. Where it must hold in each week, or each hour of the week,
// the figures are those of the worst.
type Objective struct {
	Objective string   `json:"objective"`           // as the file has it
	Measure   string   `json:"measure"`             // attainment, quantile, mean, occupancy, abandonment or cost; kept_up, of plans alone
	Milestone string   `json:"milestone,omitempty"` // of attainment, quantile and mean
	Quantile  float64  `json:"quantile,omitempty"`  // 0.9 for p90
	Of        []string `json:"of,omitempty"`        // plan, or plan and severity; of occupancy centre and pool; none = all
	AtMost    bool     `json:"at_most"`             // the goal is an upper bound, else a lower one
	Unit      string   `json:"unit"`                // share, seconds, or a currency and "a year"
	Estimate  Number   `json:"estimate"`
	HalfWidth Number   `json:"half_width"`
	Bound     Number   `json:"bound"` // one-sided confidence bound on the side of the goal; unknown below two replications
	Goal      Number   `json:"goal"`
	Period    string   `json:"period"` // run, week 3 (from 1), or mon 17:00, an hour of the week in UTC
	Met       bool     `json:"met"`
	Verdict   string   `json:"verdict"` // met, missed or uncertain
}

func (run *Run) addObjectives(verdicts []experiment.Verdict) {
	run.Objectives = objectives(verdicts)
}

func objectives(verdicts []experiment.Verdict) []Objective {
	all := []Objective{}
	for _, v := range verdicts {
		o := newObjective(v.Objective, v.Period, v.Met, v.Missed)
		o.Estimate, o.HalfWidth, o.Bound = Number(v.Estimate.Mean), halfWidth(v.Estimate), Number(v.Bound)
		all = append(all, o)
	}
	return all
}

// newObjective is the verdict without its figures.
func newObjective(of sla.Objective, period int, met, missed bool) Objective {
	o := Objective{
		Objective: of.Text, Unit: objectiveUnit(of), Measure: measureNames[of.Measure],
		Quantile: of.Quantile, Of: of.Of, AtMost: of.Comparison == sla.AtMost,
		Goal: Number(of.Value), Period: periodName(of.Period, period), Met: met, Verdict: Uncertain,
	}
	if ofMilestone(of.Measure) {
		o.Milestone = of.Milestone.String()
	}
	switch {
	case met:
		o.Verdict = Met
	case missed:
		o.Verdict = Missed
	}
	return o
}

// measureNames are the measures in output.
var measureNames = [...]string{
	sla.Attainment: "attainment", sla.Quantile: "quantile", sla.Mean: "mean", sla.Occupancy: "occupancy",
	sla.Abandonment: "abandonment", sla.Cost: "cost",
}

// keptUp is the measure of an objective that plans alone have: that agents keep up with the work.
const keptUp = "kept_up"

func ofMilestone(m sla.Measure) bool {
	return m == sla.Attainment || m == sla.Quantile || m == sla.Mean
}

const (
	shareUnit   = "share"
	secondsUnit = "seconds"
)

func objectiveUnit(o sla.Objective) string {
	switch o.Measure {
	case sla.Quantile, sla.Mean:
		return secondsUnit
	case sla.Cost:
		return o.Currency + " a year"
	}
	return shareUnit
}

// weekdays is indexed by hour of the week / 24.
var weekdays = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// periodName names the period with the given index, -1 for the whole run.
func periodName(p sla.Period, index int) string {
	switch {
	case index < 0:
		return "run"
	case p == sla.EachWeek:
		return fmt.Sprintf("week %d", index+1)
	}
	return fmt.Sprintf("%s %02d:00", weekdays[index/24%7], index%24)
}

// AllMet reports whether every objective is met. A run without objectives meets them.
func (run *Run) AllMet() bool {
	for _, o := range run.Objectives {
		if !o.Met {
			return false
		}
	}
	return true
}

package experiment

import (
	"fmt"
	"strings"

	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
)

// Figure is one estimate of a result with its name, so that it can be found in the result of another scenario.
type Figure struct {
	Measure  string // in the words of objectives where these know it, such as "p90 first_response"
	Of       string // what it is measured of, such as "gold sev1" or "dublin.t1"; empty = everything
	Unit     Unit
	Better   Sense
	Estimate stats.Estimate // of shares as a share, of times in seconds
	// Given says that without a spread the figure follows from the scenario alone, so that a difference of it is certain.
	Given bool
}

// Name is the measure and what it is of.
func (f *Figure) Name() string {
	if f.Of == "" {
		return f.Measure
	}
	return f.Measure + " of " + f.Of
}

// Unit is that of a figure.
type Unit string

// The units. Money is in the currency of the scenario, by the year.
const (
	Share   Unit = "share"
	Seconds Unit = "seconds"
	Number  Unit = "number"
	Money   Unit = "money_per_year"
)

// Sense says which direction of a figure is welcome.
type Sense int8

// The senses. Neither is the zero value.
const (
	Neither Sense = 0
	More    Sense = 1
	Less    Sense = -1
)

// Figures are all estimates of the result that rest on observations, in the order of the scenario.
func (r *Result) Figures() []Figure {
	f := figures{result: r}
	f.promises()
	f.times()
	f.causes()
	f.waits()
	f.pools()
	f.cases()
	f.money()
	return f.all
}

// figures gathers the figures of a result.
type figures struct {
	result *Result
	all    []Figure
}

func (f *figures) add(measure, of string, unit Unit, better Sense, e stats.Estimate) {
	f.all = append(f.all, Figure{Measure: measure, Of: of, Unit: unit, Better: better, Estimate: e})
}

// addTime adds an estimate in milliseconds.
func (f *figures) addTime(measure, of string, better Sense, e stats.Estimate) {
	f.add(measure, of, Seconds, better, scaled(e, 1e-3))
}

// rowName is the plan and severity of a row.
func (f *figures) rowName(row int) string {
	c, severities := f.result.Model.Scenario, f.result.Model.Shape.Severities
	return c.Plans[row/severities].Name + " " + c.Severities[row%severities].Name
}

func (f *figures) promises() {
	r := f.result
	rows := r.Model.Shape.Rows()
	for m := range sla.Milestone(sla.Milestones) {
		if r.decided(m, 0, rows) == 0 {
			continue
		}
		f.add(m.String(), "", Share, More, r.Attainment(m, 0, rows))
		for row := range rows {
			if r.decided(m, row, row+1) > 0 {
				f.add(m.String(), f.rowName(row), Share, More, r.Attainment(m, row, row+1))
			}
		}
	}
}

// decided is the number of decided clocks of a milestone and rows in all replications.
func (r *Result) decided(m sla.Milestone, first, last int) int64 {
	return rows(first, last, func(row int) int64 { return r.Pooled.Clocks[m][row].Total().Decided })
}

func (f *figures) times() {
	r := f.result
	for m := range sla.Milestone(sla.Milestones) {
		for row := range r.Model.Shape.Rows() {
			if r.Pooled.Elapsed[m][row].Count == 0 {
				continue
			}
			f.addTime("mean "+m.String(), f.rowName(row), Less, r.MeanElapsed(m, row, row+1))
			for _, level := range Levels {
				f.addTime(LevelName(level)+" "+m.String(), f.rowName(row), Less, r.ElapsedQuantile(m, row, row+1, level))
			}
		}
	}
}

// LevelName is the name of a quantile, such as p90.
func LevelName(level float64) string { return fmt.Sprintf("p%g", 100*level) }

func (f *figures) causes() {
	r := f.result
	rows := r.Model.Shape.Rows()
	for m := range sla.Milestone(sla.Milestones) {
		if r.decided(m, 0, rows) == 0 {
			continue
		}
		for cause := range metrics.Cause(metrics.Causes) {
			if e := r.CauseShare(m, 0, rows, cause); e.Mean > 0 {
				f.add("breaches because of "+cause.String(), m.String(), Share, Neither, e)
			}
		}
	}
}

func (f *figures) waits() {
	r := f.result
	for t, tier := range r.Model.Scenario.Tiers {
		for s, severity := range r.Model.Scenario.Severities {
			row, of := r.WaitRow(t, s), tier+" "+severity.Name
			if r.Pooled.Waits[row].Count == 0 {
				continue
			}
			f.add("waited", of, Share, Less, r.WaitShare(row))
			f.addTime("mean wait", of, Less, r.MeanWait(row))
			for _, level := range Levels {
				f.addTime(LevelName(level)+" wait", of, Less, r.WaitQuantile(row, level))
			}
		}
	}
	f.add("mean open cases", "", Number, Less, r.MeanOpen())
	f.add("mean waiting touches", "", Number, Less, r.MeanWaiting())
}

func (f *figures) pools() {
	r := f.result
	for p := range r.Model.Scenario.Pools {
		name := r.Model.Scenario.Pools[p].Name
		if r.Pooled.Pools[p].Total().Available > 0 {
			f.add("occupancy", name, Share, Neither, r.Occupancy(p))
		}
		if r.Pooled.Pools[p].Total().Scheduled > 0 {
			f.add("utilization", name, Share, Neither, r.Utilization(p))
		}
		if r.Pooled.Pools[p].HandOvers > 0 {
			f.add("hand-overs", name, Number, Less, r.meanOf(func(t *metrics.Totals) float64 { return float64(t.Pools[p].HandOvers) }))
		}
	}
}

func (f *figures) cases() {
	r := f.result
	rows := r.Model.Shape.Rows()
	for o := range model.Outcome(model.Outcomes) {
		if e := r.OutcomeShare(o, 0, rows); e.Mean > 0 {
			f.add(o.String(), "cases", Share, Neither, e)
		}
	}
	for n := range metrics.Count(metrics.Counts) {
		if e := r.CountPerCase(n, 0, rows); e.Mean > 0 {
			f.add(strings.ReplaceAll(n.String(), "_", " "), "a case", Number, Neither, e)
		}
	}
}

func (f *figures) money() {
	r := f.result
	if r.Model.Scenario.Currency == "" {
		return
	}
	f.add("cost", "", Money, Less, r.CostPerYear())
	f.all[len(f.all)-1].Given = true // overtime is all that varies
	owes := false
	for p := range r.Model.Scenario.Plans {
		name := r.Model.Scenario.Plans[p].Name
		owes = owes || len(r.Model.Scenario.Plans[p].Credits) > 0
		if cost := r.PlanCost(p); cost.Mean > 0 {
			f.add("cost", name, Money, Less, cost)
		}
		if credits := r.Credits(p); credits.Mean > 0 {
			f.add("credits", name, Money, Less, credits)
		}
	}
	f.add("margin", "", Money, More, r.MarginPerYear())
	f.all[len(f.all)-1].Given = !owes
}

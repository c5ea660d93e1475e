package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sunrelay/model/sla"
	"sunrelay/sim/experiment"
	"sunrelay/sim/metrics"
)

// BreachCause is how many of the broken promises of a plan and severity have one cause. The causes of a promise sum up to
// its breaches.
type BreachCause struct {
	Plan      string `json:"plan"`
	Severity  string `json:"severity"`
	Milestone string `json:"milestone"`
	Cause     string `json:"cause"` // coverage, customer, outside, hand_over, engineer, rank, capacity or work
	Breaches  int64  `json:"breaches"`
	Share     Number `json:"share"` // of the breaches of the promise
	HalfWidth Number `json:"half_width"`
}

// ShortHour is an hour of the week (UTC) in which a pool was on duty when promises that it could have kept fell due and were
// broken for want of free agents: what one more agent there might have saved.
type ShortHour struct {
	Centre     string `json:"centre"`
	Pool       string `json:"pool"`
	HourOfWeek int    `json:"hour_of_week"` // from 0, Monday 00:00 UTC
	Breaches   int64  `json:"breaches"`
}

// addCauses adds why promises were broken, by row in the order of the file, and where agents were short, worst first.
func (run *Run) addCauses(result *experiment.Result) {
	run.BreachCauses, run.ShortHours = []BreachCause{}, []ShortHour{}
	c := result.Model.Scenario
	for p, plan := range c.Plans {
		for s, severity := range c.Severities {
			row := result.Model.Shape.Row(p, s)
			for m := range sla.Milestone(sla.Milestones) {
				for cause, n := range result.Pooled.Causes[m][row] {
					if n == 0 {
						continue
					}
					share := result.CauseShare(m, row, row+1, metrics.Cause(cause))
					run.BreachCauses = append(run.BreachCauses, BreachCause{
						Plan: plan.Name, Severity: severity.Name, Milestone: m.String(), Cause: metrics.Cause(cause).String(),
						Breaches: n, Share: Number(share.Mean), HalfWidth: halfWidth(share),
					})
				}
			}
		}
	}
	for p := range c.Pools {
		centre, pool := poolName(c, p)
		for hour, n := range result.Pooled.Pools[p].Short {
			if n > 0 {
				run.ShortHours = append(run.ShortHours, ShortHour{Centre: centre, Pool: pool, HourOfWeek: hour, Breaches: n})
			}
		}
	}
	slices.SortStableFunc(run.ShortHours, func(a, b ShortHour) int { return cmp.Compare(b.Breaches, a.Breaches) })
}

// causeColumns are the causes in the words of the table.
var causeColumns = [metrics.Causes]string{
	metrics.Coverage: "coverage", metrics.Customer: "customer", metrics.Outside: "outside", metrics.HandOver: "hand-over",
	metrics.Engineer: "engineer", metrics.Rank: "rank", metrics.Capacity: "capacity", metrics.Work: "work",
}

func (run *Run) causeSection(milestone string) Section {
	t := Table{Columns: []Column{{"plan", Left}, {"severity", Left}, {"breaches", Right}}}
	for _, name := range causeColumns {
		t.Columns = append(t.Columns, Column{name, Right})
	}
	for from := 0; from < len(run.BreachCauses); {
		first := &run.BreachCauses[from]
		cells := words(make([]string, metrics.Causes)...)
		breaches := int64(0)
		for ; from < len(run.BreachCauses); from++ {
			b := &run.BreachCauses[from]
			if b.Plan != first.Plan || b.Severity != first.Severity || b.Milestone != first.Milestone {
				break
			}
			breaches += b.Breaches
			cells[causeIndex(b.Cause)] = sideFigure(Percent(b.Share, b.HalfWidth))
		}
		if first.Milestone == milestone {
			t.Rows = append(t.Rows, append(words(first.Plan, first.Severity, Count(breaches)), cells...))
		}
	}
	return Section{Heading: "Why promises of " + milestone + " were broken", Tables: []Table{t.withoutEmptyColumns()}}
}

func causeIndex(name string) int {
	for cause := range metrics.Cause(metrics.Causes) {
		if cause.String() == name {
			return int(cause)
		}
	}
	panic("reports: no cause " + name)
}

// withoutEmptyColumns drops the columns that are empty in every row.
func (t Table) withoutEmptyColumns() Table {
	for i := len(t.Columns) - 1; i >= 0; i-- {
		if slices.ContainsFunc(t.Rows, func(row []Cell) bool { return row[i].Text != "" }) {
			continue
		}
		t.Columns = slices.Delete(t.Columns, i, i+1)
		for r := range t.Rows {
			t.Rows[r] = slices.Delete(t.Rows[r], i, i+1)
		}
	}
	return t
}

// shortNotes names the pools and hours where more agents would have helped most.
func (run *Run) shortNotes() []string {
	const most = 3
	if len(run.ShortHours) == 0 {
		return nil
	}
	var hours []string
	for _, h := range run.ShortHours[:min(most, len(run.ShortHours))] {
		hours = append(hours, fmt.Sprintf("%s.%s %s (%s)", h.Centre, h.Pool, periodName(sla.EachHourOfWeek, h.HourOfWeek), Count(h.Breaches)))
	}
	return []string{"Agents were shortest, by broken promises that one more might have kept (UTC): " + strings.Join(hours, ", ") + "."}
}

package reports

import (
	"sunrelay/model"
	"sunrelay/sim/experiment"
	"sunrelay/sim/metrics"
)

// Outcome is how the cases of the measured time stood at its end.
type Outcome struct {
	Plan       string         `json:"plan"`
	Severity   string         `json:"severity"`
	Open       int64          `json:"open"`
	Resolved   int64          `json:"resolved"`
	Unanswered int64          `json:"unanswered"`
	Abandoned  int64          `json:"abandoned"`
	Blocked    int64          `json:"blocked"`
	Refused    int64          `json:"refused"`
	Shares     []OutcomeShare `json:"shares"` // of the outcomes that occur
}

// OutcomeShare is the share of the cases that end in one way.
type OutcomeShare struct {
	Outcome   string `json:"outcome"`
	Share     Number `json:"share"`
	HalfWidth Number `json:"half_width"`
}

// RowCount is how often something happens to the cases of a plan and severity in the measured time.
type RowCount struct {
	Plan     string `json:"plan"`
	Severity string `json:"severity"`
	CountTotal
}

// CountTotal is a RowCount of all plans together. Kinds that do not occur are left out.
type CountTotal struct {
	Kind      string `json:"kind"` // questions, updates, reopened ...
	Count     int64  `json:"count"`
	Per100    Number `json:"per_100_cases"`
	HalfWidth Number `json:"half_width"`
}

// addCases adds how cases end and what happens to them.
func (run *Run) addCases(result *experiment.Result) {
	run.Outcomes, run.CountTotals, run.Counts = []Outcome{}, []CountTotal{}, []RowCount{}
	c := result.Model.Scenario
	for kind := range metrics.Count(metrics.Counts) {
		if total := count(result, kind, 0, result.Model.Shape.Rows()); total.Count > 0 {
			run.CountTotals = append(run.CountTotals, total)
		}
	}
	for p, plan := range c.Plans {
		for s, severity := range c.Severities {
			row := result.Model.Shape.Row(p, s)
			run.Outcomes = append(run.Outcomes, newOutcome(result, plan.Name, severity.Name, row))
			for kind := range metrics.Count(metrics.Counts) {
				if n := count(result, kind, row, row+1); n.Count > 0 {
					run.Counts = append(run.Counts, RowCount{plan.Name, severity.Name, n})
				}
			}
		}
	}
}

func newOutcome(result *experiment.Result, plan, severity string, row int) Outcome {
	n := &result.Pooled.Outcomes[row]
	out := Outcome{
		Plan: plan, Severity: severity, Open: n[model.Open], Resolved: n[model.Resolved], Unanswered: n[model.Unanswered],
		Abandoned: n[model.Abandoned], Blocked: n[model.Blocked], Refused: n[model.Refused], Shares: []OutcomeShare{},
	}
	for o := range model.Outcome(model.Outcomes) {
		if n[o] > 0 {
			share := result.OutcomeShare(o, row, row+1)
			out.Shares = append(out.Shares, OutcomeShare{o.String(), Number(share.Mean), halfWidth(share)})
		}
	}
	return out
}

// count is what happened in the given rows.
func count(result *experiment.Result, kind metrics.Count, first, last int) CountTotal {
	total := CountTotal{Kind: kind.String()}
	for row := first; row < last; row++ {
		total.Count += result.Pooled.Counts[row][kind]
	}
	per := result.CountPerCase(kind, first, last)
	total.Per100, total.HalfWidth = 100*Number(per.Mean), 100*halfWidth(per)
	return total
}

// losses are the outcomes without a solution, in the order of the table.
var losses = [...]model.Outcome{model.Abandoned, model.Blocked, model.Unanswered, model.Refused}

// lossSection tells of the cases that end without a solution; there is none where every case is resolved or open.
func (run *Run) lossSection() Section {
	t := Table{Columns: []Column{{"plan", Left}, {"severity", Left}, {"cases", Right}}}
	for _, loss := range losses {
		t.Columns = append(t.Columns, Column{loss.String(), Right})
	}
	for _, o := range run.Outcomes {
		lost := o.Abandoned + o.Blocked + o.Unanswered + o.Refused
		if lost == 0 {
			continue
		}
		row := words(o.Plan, o.Severity, Count(lost+o.Open+o.Resolved))
		for _, loss := range losses {
			row = append(row, o.shareCell(loss))
		}
		t.Rows = append(t.Rows, row)
	}
	return Section{Heading: "Cases that ended without a solution", Tables: []Table{t.withoutEmptyColumns()}}
}

// shareCell is the share of an outcome, empty where it does not occur.
func (o *Outcome) shareCell(of model.Outcome) Cell {
	for _, share := range o.Shares {
		if share.Outcome == of.String() {
			return figure(Percent(share.Share, share.HalfWidth))
		}
	}
	return Cell{}
}

// countWords tell the kinds of counts, by their key.
var countWords = [metrics.Counts]string{
	metrics.Questions: "questions to customers", metrics.Updates: "updates beside touches",
	metrics.Attempts: "further attempts to reach silent customers", metrics.ManagerContacts: "contacts by managers",
	metrics.Workarounds: "workarounds before the solution", metrics.Lowered: "severities lowered", metrics.Raised: "severities raised",
	metrics.Orders: "orders to external parties", metrics.Failures: "deliveries that did not work",
	metrics.Linked: "cases linked to an outage", metrics.Reopened: "cases reopened",
	metrics.CameBackLate: "customers back too late to reopen", metrics.SplitOff: "cases split off for further issues",
	metrics.Callbacks: "callers who asked to be called back",
}

// countSection tells what happens to cases, all plans together.
func (run *Run) countSection() Section {
	t := Table{Columns: []Column{{"what", Left}, {"count", Right}, {"per 100 cases", Right}}}
	for _, n := range run.CountTotals {
		t.Rows = append(t.Rows, []Cell{{Text: countText(n.Kind)}, {Text: Count(n.Count)}, figure(Rounded(n.Per100, n.HalfWidth))})
	}
	return Section{Heading: "What happened to cases", Tables: []Table{t}}
}

func countText(kind string) string {
	for n := range metrics.Count(metrics.Counts) {
		if n.String() == kind {
			return countWords[n]
		}
	}
	panic("reports: no count " + kind)
}

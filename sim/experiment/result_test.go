package experiment

import (
	"math"
	"testing"

	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim/metrics"
)

// TestCountsAndOutcomesByHand: of 200 gold cases a replication 10 or 30 are refused; customers are asked 100 or 200 questions.
func TestCountsAndOutcomesByHand(t *testing.T) {
	m := moneyModel(t)
	replication := func(refused, questions int64) *metrics.Totals {
		t := metrics.NewTotals(m.Shape)
		t.Outcomes[0][model.Resolved] = 150 - refused
		t.Outcomes[1][model.Unanswered] = 50
		t.Outcomes[0][model.Refused] = refused
		t.Outcomes[2][model.Resolved] = 200 // silver
		t.Counts[0][metrics.Questions] = questions
		return t
	}
	r := NewResult(m, replication(10, 100), replication(30, 200))
	wantEstimate(t, "refused of gold", r.OutcomeShare(model.Refused, 0, 2), 0.05, 0.15)
	wantEstimate(t, "questions of a gold case", r.CountPerCase(metrics.Questions, 0, 2), 0.5, 1)
	wantEstimate(t, "questions of a case", r.CountPerCase(metrics.Questions, 0, 4), 0.25, 0.5)
	if none := r.CountPerCase(metrics.Questions, 3, 4); !math.IsNaN(none.Mean) {
		t.Errorf("questions of no case are %+v, want unknown", none)
	}
}

// TestEveryMilestoneIsMeasured gives each its own figures, with the same severity in two plans.
func TestEveryMilestoneIsMeasured(t *testing.T) {
	m := moneyModel(t)
	replication := func(extra int64) *metrics.Totals {
		t := metrics.NewTotals(m.Shape)
		for milestone := range sla.Milestone(sla.Milestones) {
			for row := range m.Shape.Rows() {
				t.Clocks[milestone][row].Decide(0, 0, true)
				t.Clocks[milestone][row].Decide(1, 1, row > 0)
				t.Elapsed[milestone][row].Add(int64(row)*1000 + int64(milestone) + extra)
			}
			t.Causes[milestone][0][metrics.Outside]++
		}
		return t
	}
	r := NewResult(m, replication(0), replication(2))
	for milestone := range sla.Milestone(sla.Milestones) {
		at := float64(milestone)
		if met := r.Attainment(milestone, 0, 2); met.Mean != 0.75 || met.HalfWidth != 3./8 { // 3/n, as the replications agree
			t.Errorf("%v of gold is %v ± %v, want 0.75 ± 0.375", milestone, met.Mean, met.HalfWidth)
		}
		wantEstimate(t, "mean "+milestone.String()+" of gold", r.MeanElapsed(milestone, 0, 2), 500+at, 502+at)
		wantEstimate(t, "mean "+milestone.String()+" of low", r.SeverityMean(milestone, 1), 2000+at, 2002+at)
		if share := r.CauseShare(milestone, 0, 1, metrics.Outside); share.Mean != 1 {
			t.Errorf("breaches of %v from outside are %v, want 1", milestone, share.Mean)
		}
		// Of 1000, 1002, 3000 and 3002 ms (and at) the rank-2 value is the median; each replication has its lower value.
		if q := r.SeverityQuantile(milestone, 1, 0.5); q.N != 2 || math.Abs(q.Mean-1002-at) > 8 {
			t.Errorf("median %v of low is %+v, want about %v of 2", milestone, q, 1002+at)
		}
		o := sla.Objective{Milestone: milestone, Of: []string{"gold", "high"}, Value: 0.5}
		if v := r.judge(o, 1); v.Estimate.Mean != 0.5 {
			t.Errorf("objective of %v sees %+v", milestone, v.Estimate)
		}
	}
}

package reports

import (
	"sunrelay/model/sla"
	"sunrelay/sim/experiment"
	"sunrelay/sim/stats"
)

// addPromises adds attainment and the times to milestones.
func (run *Run) addPromises(result *experiment.Result) {
	run.Attainment, run.Responses, run.SeverityResponses = []Attainment{}, []Response{}, []SeverityResponse{}
	c := result.Model.Scenario
	told := toldMilestones(result)
	for p, plan := range c.Plans {
		for s, severity := range c.Severities {
			for m := range sla.Milestone(sla.Milestones) {
				if target, promised := targetText(c.Definition, m, p, s); promised {
					a := attainment(result, m, result.Model.Shape.Row(p, s))
					a.Plan, a.Severity, a.Target = plan.Name, severity.Name, target
					run.Attainment = append(run.Attainment, a)
				}
				if told.Has(m) {
					run.Responses = append(run.Responses, Response{plan.Name, response(result, m, p, s)})
				}
			}
		}
	}
	for m := range sla.Milestone(sla.Milestones) {
		for s := range c.Severities {
			if told.Has(m) {
				run.SeverityResponses = append(run.SeverityResponses, severityResponse(result, m, s))
			}
		}
	}
}

// toldMilestones are those that a plan promises or a case reaches.
func toldMilestones(result *experiment.Result) (told sla.MilestoneSet) {
	c := result.Model.Scenario
	for m := range sla.Milestone(sla.Milestones) {
		for p := range c.Plans {
			for s := range c.Severities {
				_, promised := targetText(c.Definition, m, p, s)
				if promised || result.Pooled.Elapsed[m][result.Model.Shape.Row(p, s)].Count > 0 {
					told |= sla.SetOf(m)
				}
			}
		}
	}
	return told
}

func attainment(result *experiment.Result, m sla.Milestone, row int) Attainment {
	clocks := &result.Pooled.Clocks[m][row]
	total := clocks.Total()
	estimate := result.Attainment(m, row, row+1)
	return Attainment{
		Milestone: m.String(), Decided: total.Decided, Met: total.Met,
		Undecided: clocks.Undecided, Cancelled: clocks.Cancelled,
		Attainment: Number(estimate.Mean), HalfWidth: halfWidth(estimate),
	}
}

// response is the time to the milestone in one plan and severity.
func response(result *experiment.Result, m sla.Milestone, plan, severity int) SeverityResponse {
	row := result.Model.Shape.Row(plan, severity)
	elapsed := &result.Pooled.Elapsed[m][row]
	return SeverityResponse{
		Severity: result.Model.Scenario.Severities[severity].Name, Milestone: m.String(), Count: elapsed.Count, Open: elapsed.Open,
		Quantiles: quantiles(result.MeanElapsed(m, row, row+1), func(level float64) stats.Estimate {
			return result.ElapsedQuantile(m, row, row+1, level)
		}),
	}
}

// severityResponse is the time to the milestone in one severity of all plans.
func severityResponse(result *experiment.Result, m sla.Milestone, severity int) SeverityResponse {
	r := SeverityResponse{
		Severity: result.Model.Scenario.Severities[severity].Name, Milestone: m.String(),
		Quantiles: quantiles(result.SeverityMean(m, severity), func(level float64) stats.Estimate {
			return result.SeverityQuantile(m, severity, level)
		}),
	}
	for p := range result.Model.Scenario.Plans {
		elapsed := &result.Pooled.Elapsed[m][result.Model.Shape.Row(p, severity)]
		r.Count += elapsed.Count
		r.Open += elapsed.Open
	}
	return r
}

package workloads

import (
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/workloads/dist"
)

// Check reads all distributions of a definition, which may have other problems, and returns what is wrong with them.
func Check(def *scenario.Definition) scenario.Problems {
	var problems scenario.Problems
	for _, e := range expressions(def) {
		if !e.Given() {
			continue
		}
		if _, err := dist.Parse(e.Text); err != nil {
			problems = append(problems, e.Problem("%v", err))
		}
	}
	return append(problems, checkGaps(def)...)
}

// expressions are all distributions of a definition, given or not.
func expressions(def *scenario.Definition) []scenario.Expr {
	var all []scenario.Expr
	for _, channel := range def.Channels {
		all = append(all, channel.Value.Patience)
	}
	addWork := func(v *scenario.WorkValues) {
		all = append(all, v.HandleTime, v.AnswerAfter, v.UpdateTime, v.ReopenAfter, v.Turnaround, v.Delivery, v.SendBack)
	}
	for i := range def.Work {
		tier := &def.Work[i].Value
		addWork(&tier.WorkValues)
		for _, own := range []scenario.Named[scenario.WorkValues]{tier.Severities, tier.Plans} {
			for j := range own {
				addWork(&own[j].Value)
			}
		}
	}
	for _, way := range def.Management {
		all = append(all, way.Value.After, way.Value.HandleTime)
	}
	for _, stream := range def.Workload.Streams {
		all = append(all, stream.Value.Interarrival)
		if outages := stream.Value.Outages; outages != nil {
			all = append(all, outages.Reported, outages.Lasts, outages.Check)
		}
	}
	return all
}

// checkGaps finds streams whose arrivals would never end.
func checkGaps(def *scenario.Definition) scenario.Problems {
	var problems scenario.Problems
	for _, stream := range def.Workload.Streams {
		e := stream.Value.Interarrival
		if gap, err := dist.Parse(e.Text); err == nil && gap.Mean() < float64(calendar.Millisecond) {
			problems = append(problems, e.Problem("arrivals follow each other after %g ms in the mean, want at least 1 ms", gap.Mean()))
		}
	}
	return problems
}

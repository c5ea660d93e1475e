package workloads

import (
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/workloads/dist"
)

// Check reads all distributions of a definition, which may have other problems, and returns what is wrong with them.
func Check(def *scenario.Definition) scenario.Problems {
	var problems scenario.Problems
	check := func(expressions ...scenario.Expr) {
		for _, e := range expressions {
			if !e.Given() {
				continue
			}
			if _, err := dist.Parse(e.Text); err != nil {
				problems = append(problems, e.Problem("%v", err))
			}
		}
	}
	for _, channel := range def.Channels {
		check(channel.Value.Patience)
	}
	for _, tier := range def.Work {
		check(tier.Value.HandleTime, tier.Value.AnswerAfter)
		for _, own := range tier.Value.Severities {
			check(own.Value.HandleTime, own.Value.AnswerAfter)
		}
	}
	for _, stream := range def.Workload.Streams {
		check(stream.Value.Interarrival)
	}
	return append(problems, checkGaps(def)...)
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

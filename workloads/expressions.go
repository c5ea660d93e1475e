package workloads

import (
	"sunrelay/model/scenario"
	"sunrelay/workloads/dist"
)

// CheckExpressions reads all distributions of a definition that may have other problems, and returns what is wrong with
// them. Bind finds the same in a scenario that compiles.
func CheckExpressions(def *scenario.Definition) scenario.Problems {
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
	return problems
}

package workloads

import (
	"fmt"

	"sunrelay/model/scenario"
)

// mostCases is the number of cases of one stream that have draws of their own; more than any machine can play.
const mostCases = 1 << 32

// tooMany finds streams with more cases in a replication than can be told apart.
func tooMany(def *scenario.Definition, m *Model) scenario.Problems {
	var problems scenario.Problems
	for i := range m.streams {
		if n := m.ExpectedOf(i); n > mostCases {
			at := def.At("workload.streams." + m.streams[i].days)
			problems = append(problems, scenario.Problem{Position: at, Text: fmt.Sprintf("has about %.3g cases in a replication, want at most %d", n, int64(mostCases))})
		}
	}
	return problems
}

// ExpectedCases is the mean number of cases that arrive in a replication, from the run's origin to its end.
func (m *Model) ExpectedCases() float64 {
	sum := 0.0
	for stream := range m.streams {
		sum += m.ExpectedOf(stream)
	}
	return sum
}

// ExpectedOf is the mean number of cases of one stream that arrive in a replication.
func (m *Model) ExpectedOf(stream int) float64 {
	if s := &m.streams[stream]; s.renewal != nil {
		return s.renewal.Expected()
	}
	return m.streams[stream].poisson.Expected()
}

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
	check := func(stream int, what string, n float64) {
		if n > mostCases {
			at := def.At("workload.streams." + m.streams[stream].days)
			text := fmt.Sprintf("has about %.3g %s in a replication, want at most %d", n, what, int64(mostCases))
			problems = append(problems, scenario.Problem{Position: at, Text: text})
		}
	}
	for i := range m.streams {
		check(i, "cases", m.ExpectedOf(i))
		if outages := m.streams[i].outages; outages != nil {
			check(i, "outages", outages.ExpectedOutages())
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
	switch s := &m.streams[stream]; {
	case s.played != nil:
		return s.expected
	case s.outages != nil:
		return s.outages.Expected()
	case s.renewal != nil:
		return s.renewal.Expected()
	default:
		return s.poisson.Expected() - s.lost
	}
}

package benchmarks

import "sunrelay/benchmarks/reference"

var yardsticks = []Workload{{
	Name: "w1", About: "the queue M/M/100 as a scenario file, all statistics on",
	Op: "case", Scale: "cases", Sizes: []int{1_000_000}, Small: 50_000, Most: mostCases,
	Against: "bare loop of W1", Prepare: func(cases int) (*Work, error) { return simulate(named("mmc"), cases, newW1()) },
}, {
	Name: "w1_events", About: "the same by the event list, which a waiting room asks for that never fills",
	Op: "case", Scale: "cases", Sizes: []int{1_000_000}, Small: 50_000, Most: mostCases,
	Against: "bare loop of W1", Prepare: func(cases int) (*Work, error) {
		return simulate(named("mmc"), cases, newW1(), "channels={phone: {max_waiting: 1000000}}")
	},
}, {
	Name: "w2", About: "two tiers, four priorities and escalation as a scenario file",
	Op: "case", Scale: "cases", Sizes: []int{1_000_000}, Small: 50_000, Most: mostCases,
	Against: "bare loop of W2", Prepare: func(cases int) (*Work, error) { return simulate(named("w2"), cases, newW2()) },
}, {
	Name: "w2_by_hand", About: "the draws and statistics of w2 alone, around a loop that can do nothing else",
	Op: "case", Scale: "cases", Sizes: []int{1_000_000}, Small: 50_000, Most: mostCases,
	Against: "bare loop of W2", Prepare: prepareByHand,
}, {
	Name: "w3", About: "three sites around the clock, eight languages, shifts and targets as a scenario file",
	Op: "case", Scale: "cases", Sizes: []int{1_000_000}, Small: 50_000, Most: mostCases,
	Against: "bare loop of W3", Prepare: func(cases int) (*Work, error) { return simulate(named("w3"), cases, newW3()) },
}}

func newW1() func(cases int) {
	w := reference.NewW1(1)
	return func(cases int) { w.Run(cases) }
}

func newW2() func(cases int) {
	w := reference.NewW2(1)
	return func(cases int) { w.Run(cases) }
}

func newW3() func(cases int) {
	w := reference.NewW3(1)
	return func(cases int) { w.Run(cases) }
}

package benchmarks

var organisations = []Workload{{
	Name: "citrix", About: "the whole life of a case: about four touches, updates, waits, hand-overs",
	Op: "case", Scale: "cases", Sizes: []int{100_000}, Small: 5_000, Most: mostCases,
	Against: "bare loop of W3", Prepare: func(cases int) (*Work, error) { return simulate(named("citrix"), cases, newW3()) },
}, {
	Name: "global", About: "the same for five organisations' customers on one: many classes, pools and open cases",
	Op: "case", Scale: "cases", Sizes: []int{250_000}, Small: 30_000, Most: mostCases,
	Against: "bare loop of W3", Prepare: func(cases int) (*Work, error) { return simulate(named("global"), cases, newW3()) },
}}

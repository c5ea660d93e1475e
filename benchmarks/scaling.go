package benchmarks

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

var scaling = []Workload{{
	Name: "scaling/workers", About: "processor time of a case when replications run in parallel",
	Op: "case", Scale: "workers", Sizes: upToCores(), Small: 2, Most: 1024,
	Against: "the same on one worker", Prepare: inParallel,
}, {
	Name: "scaling/cases", About: "time and memory of a case in long runs",
	Op: "case", Scale: "cases", Sizes: []int{10_000, 100_000, 1_000_000, 10_000_000}, Small: 10_000, Most: mostCases,
	Against: "bare loop of W1", Prepare: func(cases int) (*Work, error) { return simulate(named("mmc"), cases, newW1()) },
}, {
	Name: "scaling/pools", About: "many pools that may work the same cases",
	Op: "case", Scale: "pools", Sizes: []int{4, 32, 256, 1000}, Small: 4, Most: 10_000,
	Against: "bare loop of W3", Prepare: generated(poolsText, 100_000),
}, {
	Name: "scaling/classes", About: "many classes of cases that wait for the same agents",
	Op: "case", Scale: "classes", Sizes: []int{10, 100, 1_000, 10_000}, Small: 10, Most: 100_000,
	Against: "bare loop of W3", Prepare: generated(classesText, 100_000),
}, {
	Name: "scaling/centres", About: "many centres with regions, shifts and two tiers of their own",
	Op: "case", Scale: "centres", Sizes: []int{1, 8, 64}, Small: 2, Most: 1_000,
	Against: "bare loop of W3", Prepare: generated(centresText, 100_000),
}}

// upToCores are the powers of two up to the number of processors.
func upToCores() []int {
	var sizes []int
	for n := 1; n <= runtime.NumCPU(); n *= 2 {
		sizes = append(sizes, n)
	}
	return sizes
}

// inParallel is citrix with a few replications for each worker; the reference runs them on one.
func inParallel(workers int) (*Work, error) {
	const cases = 25_000 // of a replication
	model, err := lasting(named("citrix"), cases, fmt.Sprintf("run.replications=%d", 4*workers))
	if err != nil {
		return nil, err
	}
	run := func(ctx context.Context, turn func(int) error) error {
		arrived, err := runOn(ctx, model, workers)
		if err != nil {
			return err
		}
		return turn(arrived)
	}
	alone := func(int) {
		if _, err := runOn(context.Background(), model, 1); err != nil {
			panic(err) // it has just worked
		}
	}
	return &Work{Run: run, Reference: alone}, nil
}

func runOn(ctx context.Context, model *sim.Model, workers int) (arrived int, err error) {
	result, err := experiment.Run(ctx, model, experiment.Options{Workers: workers})
	if err != nil {
		return 0, err
	}
	return int(result.Pooled.Arrived), nil
}

// generated is the work of a scenario that is written for a size.
func generated(text func(size int) string, cases int) func(size int) (*Work, error) {
	return func(size int) (*Work, error) {
		source := scenario.Source{Name: "generated", Data: []byte(text(size))}
		return simulate(source, cases, newW3())
	}
}

// poolsText has so many pools of five agents, all of which may work every case.
func poolsText(pools int) string {
	var b strings.Builder
	b.WriteString("severities: [high, low]\nregions: [world]\n")
	b.WriteString("plans: {standard: {first_response: {high: 10m, low: 1h}}}\ncentres:\n  main:\n    pools:\n")
	for p := range pools {
		fmt.Fprintf(&b, "      p%d: {agents: 5}\n", p)
	}
	b.WriteString("work: {t1: {handle_time: exponential(mean 20m)}}\n")
	fmt.Fprintf(&b, "workload: {streams: {cases: {rate: %d/h, mix: {severity: {high: 0.2, low: 0.8}}}}}\n", pools*5*3*9/10)
	return b.String()
}

// classesText has two severities, up to ten languages and so many plans that there are about so many classes of cases, and
// one pool of a hundred agents. The plans have one of ten targets.
func classesText(classes int) string {
	const severities = 2
	languages := min(10, (classes+1)/severities)
	plans := (classes + severities*languages - 1) / (severities * languages)
	var b strings.Builder
	b.WriteString("severities: [high, low]\nregions:\n  world:\n    languages:\n")
	for l := range languages {
		fmt.Fprintf(&b, "      l%d: %.12g\n", l, 1/float64(languages))
	}
	b.WriteString("plans:\n")
	for p := range plans {
		fmt.Fprintf(&b, "  plan%d: {first_response: {high: %dm, low: %dm}}\n", p, 5+p%10, 60+p%10)
	}
	b.WriteString("centres: {main: {pools: {t1: {agents: 100}}}}\nwork: {t1: {handle_time: exponential(mean 20m)}}\n")
	b.WriteString("workload:\n  streams: {cases: {rate: 270/h}}\n  mix:\n    severity: {high: 0.2, low: 0.8}\n    plan:\n")
	for p := range plans {
		fmt.Fprintf(&b, "      plan%d: %.12g\n", p, 1/float64(plans))
	}
	return b.String()
}

// centresText has so many centres with a region each, which help each other out around the clock.
func centresText(centres int) string {
	var regions, places, streams strings.Builder
	for c := range centres {
		fmt.Fprintf(&regions, "  r%d: {}\n", c)
		shift := fmt.Sprintf("start: \"%02d:00\", length: 8h30m", c*8%24)
		fmt.Fprintf(&places, "  c%d:\n    region: r%d\n    pools:\n", c, c)
		fmt.Fprintf(&places, "      first: {tiers: t1, shifts: {day: {agents: 20, %s}}}\n", shift)
		fmt.Fprintf(&places, "      second: {tiers: t2, shifts: {day: {agents: 6, %s}}}\n", shift)
		fmt.Fprintf(&streams, "    s%d: {region: r%d, rate: 16/h, mix: {severity: {high: 0.2, low: 0.8}}}\n", c, c)
	}
	return "severities: [high, low]\nregions:\n" + regions.String() +
		"plans: {standard: {first_response: {high: 15m, low: 1h}}}\ncentres:\n" + places.String() +
		"work:\n  t1: {handle_time: exponential(mean 20m), escalation: 0.25}\n  t2: {handle_time: exponential(mean 24m)}\n" +
		"workload:\n  streams:\n" + streams.String()
}

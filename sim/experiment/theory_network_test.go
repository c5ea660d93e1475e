package experiment

import (
	"fmt"
	"strings"

	"sunrelay/model/calendar"
)

// network is one of three networks of tiers, each with a scenario of its own.
func (g *generator) network() error {
	switch g.ID {
	case "tiers-T1T2T3E":
		g.tiersWithFeedback()
	case "tiers-custwait":
		g.customersWait()
	case "default-workload":
		g.defaultWorkload()
	default:
		return fmt.Errorf("no scenario for the network %s", g.ID)
	}
	return nil
}

// tiersWithFeedback are four tiers, a pool each, with arrivals at the first two and escalation in both directions.
func (g *generator) tiersWithFeedback() {
	g.line(`name: tiers
severities: [normal]
regions: [world]
plans: [standard]
centres:
  main:
    pools:
      t1: {tiers: [t1], agents: 14}
      t2: {tiers: [t2], agents: 16}
      t3: {tiers: [t3], agents: 12}
      engineering: {tiers: [engineering], agents: 10}
work:
  t1: {handle_time: exponential(mean 1m), escalation: {t2: 0.3}}
  t2: {handle_time: exponential(mean 2m), escalation: {t1: 0.05, t3: 0.25}}
  t3: {handle_time: exponential(mean 4m), escalation: {t2: 0.1, engineering: 0.3}}
  engineering: {handle_time: exponential(mean 20m), escalation: {t3: 0.2}}
routing: {rule: fifo}
workload:
  streams:
    cases: {rate: 10/min}
    experts: {rate: 2/min, tier: t2}
run: {days: 60, warm_up: 5d}`)
	// every touch that ends may free the agent whom another waits for: 14/1m + 16/2m + 12/4m + 10/20m
	fmt.Fprintln(&g.exact, "full_rate 25.5")
	for node, tier := range []string{"t1", "t2", "t3", "engineering"} {
		g.node(node, tier)
	}
	g.figure("mean_total_sojourn", "mean_resolve")
	g.figure("mean_number_total", "mean_open")
}

// node adds the figures of a tier with a pool of the same name.
func (g *generator) node(node int, tier string) {
	g.figure(fmt.Sprintf("p_wait_%d", node), "wait_share "+tier)
	g.figure(fmt.Sprintf("util_%d", node), "occupancy main."+tier)
	g.figure(fmt.Sprintf("lambda_%d", node), "touch_rate main."+tier)
	g.figure(fmt.Sprintf("mean_wait_%d", node), "mean_wait "+tier)
	g.figure(fmt.Sprintf("mean_number_%d", node), "mean_at "+tier+" main."+tier)
}

// customersWait is a first tier that asks the customer after half of its touches, and a second tier. An answer that
// never comes closes the case when it would have come.
func (g *generator) customersWait() {
	g.line(`name: customers
severities: [normal]
regions: [world]
plans: [standard]
centres:
  main:
    pools:
      t1: {tiers: [t1], agents: 18}
      t2: {tiers: [t2], agents: 8}
work:
  t1: {handle_time: exponential(mean 1m), touches: 2, question: 1, answered: 0.9, answer_after: exponential(mean 50m), escalation: {t2: 0.4}}
  t2: {handle_time: exponential(mean 2.5m)}
routing: {rule: fifo}
workload: {streams: {cases: {rate: 8/min}}}
run: {days: 60, warm_up: 5d}`)
	fmt.Fprintln(&g.exact, "full_rate 21.2")
	g.node(0, "t1")
	g.node(2, "t2")
	g.figure("mean_number_1", "mean_with_customer")
	g.figure("mean_total_sojourn", "mean_stay")
	g.figure("mean_number_total", "mean_open")
}

// defaultWorkload is work alone: there are more agents than are ever busy. Reopening is an escalation of a share 0.05 of
// the solutions to the first tier; the return from engineering is a tier of its own that the third pool serves.
func (g *generator) defaultWorkload() {
	g.line(`name: default
severities: [normal]
regions: [world]
plans: [standard]
centres:
  main:
    pools:
      t1: {tiers: [t1], agents: 80}
      t2: {tiers: [t2], agents: 80}
      t3: {tiers: [t3, returned], agents: 60}
      engineering: {tiers: [engineering], agents: 60}
work:
  t1: {handle_time: "lognormal(mean 12m, cv 1)", touches: 2.5, escalation: {t2: 0.3, t1: 0.035}}
  t2: {handle_time: "lognormal(mean 25m, cv 1)", touches: 3, escalation: {t3: 0.25, t1: 0.0375}}
  t3: {handle_time: "lognormal(mean 50m, cv 1)", touches: 3, escalation: {engineering: 0.3, t1: 0.035}}
  engineering: {handle_time: "lognormal(mean 8h, cv 1)", escalation: {returned: 1}}
  returned: {handle_time: "lognormal(mean 50m, cv 1)", escalation: {t1: 0.05}}
workload: {streams: {cases: {rate: 1/min}}}
run: {days: 60, warm_up: 14d}`)
	g.figure("minutes_per_case_T1", "work main.t1")
	g.figure("minutes_per_case_T2", "work main.t2")
	g.figure("minutes_per_case_T3", "work main.t3")
	g.figure("minutes_per_case_ENG", "work main.engineering")
	g.figure("minutes_per_case_total", "work main.t1 main.t2 main.t3 main.engineering")
	g.figure("touches_per_case_T1_T3", "touches main.t1 main.t2 main.t3")
}

// transient is M/M/c+M from empty over eight hours, without warm-up.
func (g *generator) transient() error {
	var p struct {
		Lambda, Mu, Theta, Horizon float64
		C                          int
	}
	if err := g.params(&p); err != nil {
		return err
	}
	unit := calendar.Minute
	g.line("name: transient\nseverities: [normal]\nregions: [world]\nplans: [standard]")
	g.line("channels: {phone: {patience: exponential(mean %s)}}", length(1/p.Theta, unit))
	g.line("centres: {main: {pools: {t1: {agents: %d}}}}", p.C)
	g.line("work: {t1: {handle_time: exponential(mean %s)}}", length(1/p.Mu, unit))
	g.line("workload: {streams: {cases: {rate: %s/min}}}", plain(p.Lambda))
	g.line("run: {days: %s}", plain(p.Horizon*float64(unit)/float64(calendar.Day)))
	fmt.Fprintf(&g.exact, "full_rate %g\n", float64(p.C)*p.Mu)
	g.figure("expected_abandonments", "abandonments")
	g.figure("occupancy_0_480", "occupancy")
	return nil
}

// values is a YAML list of numbers, 24 in a line.
func values(numbers []float64) string {
	var b strings.Builder
	for i, x := range numbers {
		if i > 0 {
			b.WriteString(", ")
		}
		if i > 0 && i%24 == 0 {
			b.WriteString("\n        ")
		}
		fmt.Fprintf(&b, "%.7g", x)
	}
	return "[" + b.String() + "]"
}

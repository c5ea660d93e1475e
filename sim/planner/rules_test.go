package planner

import (
	"errors"
	"strings"
	"testing"
)

const ruled = `
severities: [urgent, normal]
languages: [en, de]
calendars:
  office: {zone: Europe/Dublin, hours: "mon-fri 08:00-18:00"}
  morning: {zone: Europe/Dublin, hours: "mon-fri 08:00-10:00"}
regions: {europe: {calendar: office, languages: {en: 0.8, de: 0.2}}}
plans: {gold: {first_response: {urgent: 4h, normal: 3d}}}
centres:
  dublin:
    zone: Europe/Dublin
    pools:
      english: {languages: en, shifts: {day: {days: mon-fri, start: 08:00, length: 10h, agents: 2}}}
      both:
        shifts:
          day: {days: mon-fri, start: 08:00, length: 10h, agents: 2}
          calls: {start: 00:00, length: 24h, agents: 1, on_call: 30m}
work: {t1: {handle_time: exponential(mean 20m)}}
workload: {streams: {cases: {rate: 150/week, mix: {severity: {urgent: 20%, normal: 80%}}}}}
run: {days: 28, warm_up: 7d, replications: 4}
objectives: [first_response of gold normal >= 80%]
planning: {}
`

// leastHeads are the cheapest heads that keep the rules of a planning block, without any work.
func leastHeads(t *testing.T, planning string) ([]int, error) {
	t.Helper()
	b, problems := bind(loadText(t, ruled, "planning="+planning), Changes{})
	if len(problems) > 0 {
		return nil, problems
	}
	s, err := Branching{}.Solve(t.Context(), b.problem.program(nil))
	if errors.Is(err, ErrNone) {
		return nil, b.problem.contradiction(t.Context(), Branching{})
	}
	if err != nil {
		t.Fatal(err)
	}
	if rule := b.problem.broken(s.Heads); rule != "" {
		t.Errorf("%s: %v breaks %s", planning, s.Heads, rule)
	}
	return s.Heads, nil
}

// TestRulesOfHeads: english.day, both.day and both.calls are the choices.
func TestRulesOfHeads(t *testing.T) {
	for _, c := range []struct {
		planning string
		want     [3]int
	}{
		{"{}", [3]int{0, 0, 0}},
		{"{centres: {dublin: {pools: {english: {shifts: {day: {least: 3}}}}}}}", [3]int{3, 0, 0}},
		{"{centres: {dublin: {pools: {english: {step: 4, shifts: {day: {least: 3, most: 7}}}}}}}", [3]int{4, 0, 0}},
		{"{centres: {dublin: {least: 5, pools: {english: {most: 2}, both: {shifts: {calls: {most: 0}}}}}}}", [3]int{2, 3, 0}},
		{"{presence: {de: {agents: 2, region: europe}}}", [3]int{0, 2, 0}},
		{"{presence: {en: {agents: 3, region: europe}}, centres: {dublin: {pools: {both: {least: 1, most: 1, shifts: {calls: {most: 0}}}}}}}", [3]int{2, 1, 0}},
		{"{presence: {de: {agents: 1, region: europe, calendars: {morning: 3}}}}", [3]int{0, 3, 0}},
		{"{presence: {de: {calendars: {morning: 2}}}}", [3]int{0, 2, 0}},
		{"{centres: {dublin: {pools: {both: {shifts: {calls: {least: 2}}}}}}}", [3]int{0, 0, 2}},
	} {
		heads, err := leastHeads(t, c.planning)
		total := 0
		for _, n := range heads {
			total += n
		}
		if err != nil || len(heads) != 3 || total != c.want[0]+c.want[1]+c.want[2] || heads[2] != c.want[2] || heads[1] < c.want[1] {
			t.Errorf("%s: %v, %v, want %v", c.planning, heads, err, c.want)
		}
	}
}

// TestContradictions name what cannot be.
func TestContradictions(t *testing.T) {
	for planning, want := range map[string]string{
		"{presence: {de: {agents: 1}}}": "planning.presence.de: asks for 1 on Mon 00:00 UTC, when no shift that may move has anybody on duty who speaks it",
		"{presence: {de: {agents: 3, region: europe}}, centres: {dublin: {pools: {both: {most: 2}}}}}":              "presence of de, Mon 08:00 UTC",
		"{centres: {dublin: {least: 5, pools: {english: {most: 1}, both: {most: 3, shifts: {calls: {most: 0}}}}}}}": "fewest heads of dublin",
		"{centres: {dublin: {most: 3, pools: {english: {shifts: {day: {least: 4}}}}}}}":                             "dublin.english has at least 4 heads and at most 3",
		"{centres: {dublin: {step: 5, pools: {both: {shifts: {day: {least: 6, most: 9}}}}}}}":                       "dublin.pools.both: has no multiple of 5 from 6 to 9 heads",
		"{centres: {dublin: {least: 5, pools: {english: {most: 1}, both: {most: 3}}}}}":                             "most heads of dublin.both against fewest heads of dublin",
		"{centres: {dublin: {fixed: true}}}":                                                                        "leaves no head count that may move",
	} {
		if _, err := leastHeads(t, planning); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", planning, err, want)
		}
	}
}

// TestShrinkageTakesHeads: half of the agents away, the rules of work ask for twice as many.
func TestShrinkageTakesHeads(t *testing.T) {
	bound := func(sets ...string) float64 {
		m := loadText(t, ruled, append(sets, "centres.dublin.pools.both.shifts.calls.on_call=0", "planning={centres: {dublin: {pools: {both: {shifts: {calls: {most: 0}}}}}}}")...)
		s, problems := NewSimulator(Setup{Full: m, Workers: 2})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		p, _, err := s.Prepare(t.Context(), Branching{})
		if err != nil {
			t.Fatal(err)
		}
		solution, err := Branching{}.Solve(t.Context(), p.program(nil))
		if err != nil {
			t.Fatal(err)
		}
		return solution.Bound
	}
	all, half := bound("workload.streams.cases.rate=1500/week"), bound("workload.streams.cases.rate=1500/week", "centres.dublin.pools.both.shrinkage=50%", "centres.dublin.pools.english.shrinkage=50%")
	if half < 1.8*all || half > 2.2*all || all < 8 {
		t.Errorf("at least %v heads, %v with half of them away", all, half)
	}
}

// TestOnCallPlan: urgent cases of the night are answered within four hours only if somebody is on call.
func TestOnCallPlan(t *testing.T) {
	text := strings.Replace(ruled, "severities: [urgent, normal]", "severities: {urgent: {calls_in: true}, normal: {}}", 1)
	text = strings.Replace(text, "objectives: [first_response of gold normal >= 80%]", "objectives: [first_response of gold normal >= 80%, first_response of gold urgent >= 90%]", 1)
	plan := findPlan(t, newTestSimulator(t, text, 2, Changes{}))
	if calls := plan.Heads[2]; calls == 0 {
		t.Errorf("%v: nobody is on call", plan.Heads)
	}
}

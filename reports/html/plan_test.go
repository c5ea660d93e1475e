package html_test

import (
	"bytes"
	"strings"
	"testing"

	"sunrelay/model/scenario"
	"sunrelay/reports"
	"sunrelay/sim"
	"sunrelay/sim/planner"
)

const desks = `
title: Two desks
severities: [urgent, normal]
regions: {europe: {zone: Europe/Dublin}}
plans: {gold: {first_response: {urgent: 1h, normal: 8h}}, free: {first_response: {normal: 1h}}}
pay: {night: 25%, overtime: 50%}
centres:
  dublin:
    assumed: true
    zone: Europe/Dublin
    pools:
      day: {cost_per_hour: 30 EUR, shrinkage: 10%, shifts: {early: {start: 06:00, length: 8h, agents: 3}, late: {start: 14:00, length: 8h, agents: 3}}}
  pune: {zone: Asia/Kolkata, pools: {night: {cost_per_hour: 20 EUR, shifts: {long: {start: 02:30, length: 6h, agents: 1}}}}}
work: {t1: {handle_time: exponential(mean 30m)}}
workload: {streams: {cases: {rate: 5/h, mix: {plan: {gold: 0.8, free: 0.2}, severity: {urgent: 10%, normal: 90%}}}}}
run: {days: 28, warm_up: 1d, replications: 4}
objectives: [first_response of gold normal >= 80%, first_response of free normal >= 99%]
`

// planOf finds a staffing plan.
func planOf(t *testing.T, sets ...string) *reports.Plan {
	t.Helper()
	m, err := sim.Load(scenario.Source{Name: "desks.yaml", Data: []byte(desks)}, sets...)
	if err != nil {
		t.Fatal(err)
	}
	s, problems := planner.NewSimulator(planner.Setup{Full: m, Workers: 2})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	problem, impossible, err := s.Prepare(t.Context(), planner.Branching{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := planner.Find(t.Context(), problem, s, planner.Options{Solver: planner.Branching{}, Replications: 4, Whole: 4, Steps: 40, Neighbours: 40, Verdict: 4})
	if err != nil {
		t.Fatal(err)
	}
	return reports.NewPlan(s, found, impossible)
}

// planPage is the page of a plan with an objective that no heads keep.
func planPage(t *testing.T) []byte {
	plan := planOf(t)
	if !plan.Confirmed || len(plan.Impossible) != 1 || len(plan.Roster) != 2 {
		t.Fatalf("confirmed %v, impossible %v, %d centres: want a plan with all that a page shows", plan.Confirmed, plan.Impossible, len(plan.Roster))
	}
	return render(t, plan.Report())
}

// frontierPage is that of plans for several goals.
func frontierPage(t *testing.T) []byte {
	p := &reports.PlanPoints{Schema: reports.PlanPointsSchema, Scenario: "desks", Question: "attainment"}
	for _, goal := range []string{"60", "70", "80"} {
		plan := planOf(t, `objectives=["first_response of gold normal >= `+goal+`%"]`)
		p.Points = append(p.Points, reports.PlanPoint{Name: goal + " %", Goal: plan.Objectives[0].Goal, Plan: plan})
	}
	return render(t, p.Report())
}

// TestPlanPage has each part of the answer, and the same bytes again.
func TestPlanPage(t *testing.T) {
	page := planPage(t)
	for _, part := range []string{
		"Confirmed: ", "agents cost", "of it overtime", "What cannot be kept, and why", "nobody who may answer in time", "Staffed against required",
		"What one fewer does", "What one more does", "the gap that is not proved is", "seed of the verdict", "hash of the scenario", "namely centres",
	} {
		if !strings.Contains(string(page), part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if !bytes.Equal(page, planPage(t)) {
		t.Error("the same plan gives another page")
	}
}

// TestPlanWithoutTimeLeft: the second tier, of which no objective speaks, keeps up with its work and has hardly any time left; the plan says so.
func TestPlanWithoutTimeLeft(t *testing.T) {
	plan := planOf(t,
		`work={t1: {handle_time: exponential(mean 30m), escalation: 0.5}, t2: {handle_time: exponential(mean 1h)}}`,
		`centres={dublin: {zone: Europe/Dublin, pools: {t1: {agents: 6}, t2: {tiers: t2, agents: 3}}}}`,
		`objectives=["first_response of gold normal >= 80%"]`,
		`planning={occupancy: 1, centres: {dublin: {pools: {t2: {most: 3}}}}}`, "workload.streams.cases.rate=5.94/h", "run.days=182")
	if text := strings.Join(plan.Warnings, "\n"); !strings.Contains(text, "overloaded, busy more than 98 % of their available time: dublin.t2; a lower planning.occupancy") || strings.Contains(text, "piles up") {
		t.Errorf("the warnings are %q", text)
	}
	if last := plan.Objectives[len(plan.Objectives)-1]; !last.Met || last.Measure != "kept_up" {
		t.Errorf("the last objective is %+v, want that work is kept up with", last)
	}
}

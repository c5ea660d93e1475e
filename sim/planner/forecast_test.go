package planner

import (
	"fmt"
	"math"
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/sim/planner/queueing"
)

// TestForecast: what falls by a factor for each head is told exactly between and beyond two staffings that were played, apart from the
// offset, and situations add up.
func TestForecast(t *testing.T) {
	truth := func(heads []int) (first, both float64) {
		return 8000 * math.Exp(-0.2*float64(heads[0])), 9000 * math.Exp(-0.1*(float64(heads[0])+0.5*float64(heads[1])))
	}
	f := newForecast()
	for _, heads := range [][]int{{10, 20}, {14, 24}} {
		first, both := truth(heads)
		f.learn(heads, &Evaluation{
			Scores: make([]Score, 2),
			Late: []Lateness{
				{Team: []float64{1, 0}, Count: []float64{first, 0}},
				{Team: []float64{1, 0.5}, Count: []float64{both, 0}}, {Team: []float64{1, 0.5}, Count: []float64{0, both}}, // a team twice
			},
		})
	}
	for _, heads := range [][]int{{10, 20}, {12, 20}, {14, 24}, {17, 24}, {8, 20}} {
		first, both := truth(heads)
		got := f.late(heads, 2)
		for k, want := range []float64{first + both, both} {
			if math.Abs(got[k]-want) > 0.01*want {
				t.Errorf("%v: objective %d %.1f late, want %.1f", heads, k, got[k], want)
			}
		}
	}
}

// TestManyPools finds the minimum of Erlang C in each of many pools at once, of unequal costs: the large steps come close, the certificate
// takes the rest.
func TestManyPools(t *testing.T) {
	loads := []float64{3, 8, 20, 32, 40, 75, 100, 190}
	const wait, goal = 0.1, 0.9
	p, e := &Problem{}, &exact{}
	want := 0.0
	for i, load := range loads {
		cost := float64(10 + i)
		weight := make([]float64, len(loads))
		weight[i] = 1
		p.Choices = append(p.Choices, Choice{Name: fmt.Sprint(i), Most: 1000, Step: 1, Cost: cost, Group: i})
		p.Rules = append(p.Rules, Row{"load", weight, load})
		p.Objectives = append(p.Objectives, "wait")
		e.goals = append(e.goals, goal)
		e.teams = append(e.teams, weight)
		want += cost * float64(queueing.Least(0, 1000, func(n int) bool {
			return queueing.Delay{Arrivals: load, Service: 1, Servers: n}.Within(wait) >= goal
		}))
	}
	e.at = func(heads []int) (out []float64) {
		for i, load := range loads {
			out = append(out, queueing.Delay{Arrivals: load, Service: 1, Servers: heads[i]}.Within(wait))
		}
		return out
	}
	plan, err := Find(t.Context(), p, e, testEffort())
	if err != nil || plan.Stopped != nil || !plan.Confirmed {
		t.Fatalf("%+v, %v", plan, err)
	}
	if plan.Cost != want || plan.Evaluations > 20 {
		t.Errorf("%v at %v after %d evaluations, want %v", plan.Heads, plan.Cost, plan.Evaluations, want)
	}
}

// TestSearchRuns: parts of a long run follow each other and cover it, but for days beyond the last whole week.
func TestSearchRuns(t *testing.T) {
	full := loadText(t, desks, "run.days=366")
	runs := SearchRuns(full)
	if len(runs) != 4 {
		t.Fatalf("%d parts, want 4", len(runs))
	}
	at := full.Scenario.Start
	for _, run := range runs {
		part := loadText(t, desks, run...).Scenario
		if part.Start > at || at.Sub(part.Start) >= 2*calendar.Week {
			t.Errorf("a part begins at %v, the last one ended at %v", part.Start, at)
		}
		at = part.End
	}
	if at > full.Scenario.End || full.Scenario.End.Sub(at) >= calendar.Week {
		t.Errorf("the parts end at %v, the run at %v", at, full.Scenario.End)
	}
	if runs := SearchRuns(loadText(t, desks)); len(runs) != 0 {
		t.Errorf("a run of eight weeks has parts %v", runs)
	}
	if runs := SearchRuns(loadText(t, desks, "run.days=366", `objectives=["first_response each week >= 90%"]`)); len(runs) != 0 {
		t.Errorf("with an objective for each week there are parts %v", runs)
	}
}

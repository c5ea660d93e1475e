package planner

import (
	"math"
	"strings"
	"testing"
)

// TestElsewhere: the first four choices must have three heads each, the others serve hardly anything. That a head fewer of a first one and one
// more of another fail is shown by few plans with heads more of all others: but for the first choice, for which the fifth and the sixth
// together would do, each of which has to be played.
func TestElsewhere(t *testing.T) {
	p := &Problem{}
	names := []string{"a", "b", "c", "d", "u", "v", "w", "x"}
	e := &exact{}
	for i, name := range names {
		c := Choice{Name: name, Most: 5, Step: 1, Cost: 20}
		if i >= 4 {
			c.Cost = 15
		} else {
			p.Objectives = append(p.Objectives, name)
			e.goals = append(e.goals, 0.9)
			team := make([]float64, len(names))
			team[i] = 1
			e.teams = append(e.teams, team)
		}
		p.Choices = append(p.Choices, c)
	}
	e.at = func(heads []int) []float64 {
		out := []float64{0.8, 0.8, 0.8, 0.8}
		for i := range out {
			has := float64(heads[i])
			if i == 0 {
				has += 0.6*float64(min(1, heads[4])) + 0.6*float64(min(1, heads[5]))
			}
			if has >= 3 {
				out[i] = 1
			}
		}
		return out
	}
	plan, err := Find(t.Context(), p, e, testEffort())
	if err != nil || plan.Cost != 240 {
		t.Fatalf("%+v, %v, want 240", plan, err)
	}
	count := map[string]int{}
	for i := range plan.Certificate {
		n := &plan.Certificate[i]
		to := move{change: n.Change}.of(plan.Heads)
		kind := n.Outcome.String()
		if changes(move{change: n.Change}) > 1 {
			kind += " elsewhere"
		}
		count[kind]++
		// The slow way: play it.
		if p.broken(to) == "" {
			if ev, _ := e.Evaluate(t.Context(), to, Sample{}); !ev.Missed() {
				t.Errorf("%v does not fail, and is called %v", n.Change, n.Outcome)
			}
		}
		if n.Outcome == Dominated && !strings.HasSuffix(n.Reason, " fails") {
			t.Errorf("%v: because of %q", n.Change, n.Reason)
		}
	}
	want := map[string]int{"fails": 4, "excluded by rule": 4, "fails elsewhere": 2, "dominated elsewhere": 14}
	for kind, n := range want {
		if count[kind] != n {
			t.Errorf("%d %s, want %d: %v", count[kind], kind, n, count)
		}
	}
}

// TestNotPlayed: without effort, heads elsewhere that nothing decides are not played, which is said; nor are they where fewer alone pass.
func TestNotPlayed(t *testing.T) {
	s := &search{Problem: &Problem{Choices: make([]Choice, 8)}, options: Options{}}
	plan := &Plan{Heads: make([]int, 8), Verdict: &Evaluation{Scores: []Score{{Slack: 1}}}}
	for i := range s.Choices {
		s.Choices[i] = Choice{Name: string(rune('a' + i)), Most: 9, Cost: math.Inf(1)}
		plan.Heads[i] = 2
	}
	plan.Certificate = []Neighbour{
		{Change: []int{-1, 0, 0, 0, 0, 0, 0, 0}, Finding: Finding{Outcome: Fails}}, {Change: []int{0, -1, 0, 0, 0, 0, 0, 0}, Finding: Finding{Outcome: Passes}},
		{Change: []int{-1, 1, 0, 0, 0, 0, 0, 0}}, {Change: []int{-1, 0, 1, 0, 0, 0, 0, 0}}, {Change: []int{1, -1, 0, 0, 0, 0, 0, 0}},
	}
	c := &certificate{s, plan}
	if err := c.elsewhere(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{beyondEffort, beyondEffort, "-1 b alone passes, and costs less"} {
		if n := plan.Certificate[2+i]; n.Outcome != NotPlayed || n.Reason != want {
			t.Errorf("%+v, want it not played, since %s", n, want)
		}
	}
}

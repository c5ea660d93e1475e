package planner

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sunrelay/sim/stats"
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

// TestNotPlayed: without effort, heads elsewhere that nothing decides are not played, which is said.
func TestNotPlayed(t *testing.T) {
	c := testCertificate(8, 0.01)
	for i := range c.Choices {
		c.Choices[i].Cost = float64(10 + i)
	}
	c.list()
	if found, err := c.elsewhere(t.Context()); err != nil || found {
		t.Fatal(found, err)
	}
	for i := range c.plan.Certificate {
		if n := &c.plan.Certificate[i]; !n.single() && (n.Outcome != NotPlayed || n.Reason != beyondEffort) {
			t.Errorf("%+v, want it not played, since %s", n, beyondEffort)
		}
	}
}

// testCertificate is that of a plan with two heads of each choice whose verdict has so much to spare.
func testCertificate(choices int, spare float64) *certificate {
	s := &search{Problem: &Problem{Choices: make([]Choice, choices)}}
	plan := &Plan{Heads: make([]int, choices), Verdict: &Evaluation{Scores: []Score{{Slack: spare}}}}
	for i := range s.Choices {
		s.Choices[i] = Choice{Name: string(rune('a' + i)), Most: 9}
		plan.Heads[i] = 2
	}
	return &certificate{search: s, plan: plan}
}

// TestFollow: what was played for a neighbour, with more heads of others, decides it where that fails.
func TestFollow(t *testing.T) {
	for _, test := range []struct {
		mean, half float64
		want       Outcome
	}{{-0.02, 0, Dominated}, {-0.02, 0.02, Likely}} {
		c := testCertificate(3, 0.01)
		n, with := &Neighbour{Change: []int{-1, 1, 0}}, &Neighbour{Change: []int{-1, 1, 1}}
		if with.Finding = c.judged([]stats.Estimate{{Mean: test.mean, HalfWidth: test.half}}); with.Outcome == Fails {
			c.failed = append(c.failed, with.of(c.plan))
		}
		if c.follow(n, with); n.Outcome != test.want {
			t.Errorf("%v ± %v: %v, want %v", test.mean, test.half, n.Outcome, test.want)
		}
	}
}

// TestAfter: differences of an objective that is ignored are not numbers, and take nothing away.
func TestAfter(t *testing.T) {
	c := &certificate{plan: &Plan{Verdict: &Evaluation{Scores: []Score{{Slack: math.Inf(1)}, {Slack: 0.03, Reach: 0.01}}}}}
	left := c.after([]stats.Estimate{{Mean: math.NaN()}, {Mean: -0.005}})
	if !math.IsInf(left[0], 1) || math.Abs(left[1]-0.015) > 1e-12 {
		t.Errorf("%v are left, want all and 0.015", left)
	}
}

// lucky is an Evaluator whose verdicts err by something that is new in each stream and the same for all heads, as common random numbers do;
// all other samples are exact.
type lucky struct {
	exact
	deviation float64
	seed      uint64
}

func (e *lucky) Evaluate(ctx context.Context, heads []int, at Sample) (*Evaluation, error) {
	ev, err := e.exact.Evaluate(ctx, heads, at)
	if err != nil || !at.Whole {
		return ev, err
	}
	out := *ev
	out.Scores = slices.Clone(ev.Scores)
	draws := rand.New(rand.NewPCG(e.seed, uint64(at.Stream)))
	for k := range out.Scores {
		s := &out.Scores[k]
		if at.Stream <= Fresh {
			s.Slack += e.deviation * draws.NormFloat64()
		}
		s.HalfWidth, s.Reach, s.Guard = 2*e.deviation, 3*e.deviation, 3*e.deviation
		s.Met, s.Missed = s.Slack >= s.Reach, s.Slack < -s.Reach
	}
	return &out, nil
}

// TestLuckyVerdicts: where a head is worth less than the error of a verdict, the search ends with a plan of which every head fewer fails on the
// replications of its verdict, and the plan is as good as the bound of the verdict says: in all 20 made-up organisations, of which a bound at
// three deviations of two objectives is wrong in one of 370.
func TestLuckyVerdicts(t *testing.T) {
	const deviation, choices = 0.002, 8
	for seed := range uint64(20) {
		p := &Problem{Objectives: []string{"a", "b"}}
		draws := rand.New(rand.NewPCG(seed, 1))
		e := &lucky{exact: exact{goals: []float64{0.9, 0.9}}, deviation: deviation, seed: seed}
		effect := make([][2]float64, choices)
		for i := range effect {
			effect[i] = [2]float64{0.005 + 0.01*draws.Float64(), 0.005 + 0.01*draws.Float64()}
			p.Choices = append(p.Choices, Choice{Name: string(rune('a' + i)), Most: 200, Step: 1, Cost: 10 + draws.Float64()})
		}
		e.at = func(heads []int) []float64 {
			sum := [2]float64{}
			for i, n := range heads {
				sum[0] += effect[i][0] * float64(n)
				sum[1] += effect[i][1] * float64(n)
			}
			return []float64{1 - 0.5*math.Exp(-sum[0]), 1 - 0.5*math.Exp(-sum[1])}
		}
		plan, err := Find(t.Context(), p, e, testEffort())
		if err != nil || !plan.Confirmed {
			t.Fatalf("seed %d: %+v, %v", seed, plan, err)
		}
		for i := range plan.Certificate {
			n := &plan.Certificate[i]
			if p.broken(n.of(plan)) != "" {
				continue
			}
			ev, err := e.Evaluate(t.Context(), n.of(plan), plan.Sample)
			if err != nil {
				t.Fatal(err)
			}
			switch n.Outcome {
			case Fails, Dominated, Implied:
				if ev.Met() {
					t.Errorf("seed %d: %v passes, and is called %v", seed, n.Change, n.Outcome)
				}
			default:
				if n.single() {
					t.Errorf("seed %d: %v %v", seed, n.Change, n.Outcome)
				}
			}
		}
		for k, value := range e.at(plan.Heads) {
			if value < e.goals[k] {
				t.Errorf("seed %d: %s is kept at %v, want %v", seed, p.Objectives[k], value, e.goals[k])
			}
		}
	}
}

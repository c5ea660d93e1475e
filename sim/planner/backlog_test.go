package planner

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// tiers promise first responses alone, which tier 1 gives: for those, tier 2 needs nobody. Every second case is escalated, for
// an hour of work; 200 cases a week are 100 hours of tier 2, of which two agents have 80 and some overtime.
const tiers = `
severities: [normal]
calendars: {office: {zone: Europe/Dublin, hours: "mon-fri 09:00-17:00"}}
regions: {europe: {calendar: office}}
plans: {gold: {coverage: region, first_response: 4bh}}
centres:
  dublin:
    calendar: office
    pools:
      t1: {tiers: t1, cost_per_hour: 30 EUR, agents: 5}
      t2: {tiers: t2, cost_per_hour: 50 EUR, agents: %d}
work:
  t1: {handle_time: exponential(mean 20m), escalation: 50%%}
  t2: {handle_time: exponential(mean 1h)}
workload: {streams: {web: {rate: 200/week, profile: {weekdays: [1, 1, 1, 1, 1, 0, 0]}}}}
run: {days: 112, warm_up: 7d, replications: 10}
objectives: [first_response >= 90%%]
`

// TestKeepsUp: a plan has the agents for work of which no objective speaks.
func TestKeepsUp(t *testing.T) {
	s := newTestSimulator(t, fmt.Sprintf(tiers, 1), 2, Changes{})
	plan := findPlan(t, s)
	if plan.Heads[1] != 3 {
		t.Errorf("%v: want three agents of tier 2, for 100 hours of work a week", plan.Heads)
	}
	if score := s.KeptUp(plan.Verdict); score == nil || !score.Met || score.Value < 0.999 {
		t.Errorf("%+v, want all work kept up with", score)
	}
	fewer, err := s.Evaluate(t.Context(), []int{plan.Heads[0], 2}, plan.Sample)
	if err != nil {
		t.Fatal(err)
	}
	if !fewer.Scores[0].Met || fewer.Met() || !fewer.Missed() {
		t.Errorf("with two agents %+v, want first responses in time and yet no plan", fewer.Scores)
	}
	// What they work, overtime included, is what is done of what comes.
	done := 0.0
	for _, busy := range fewer.Busy[1] {
		done += busy / 100
	}
	if got := s.KeptUp(fewer).Value; math.Abs(got-done) > 0.02 || got > 0.95 {
		t.Errorf("%.3f of the work is kept up with, want %.3f", got, done)
	}
	to := slices.IndexFunc(fewer.Late, func(l Lateness) bool { return l.Count[1] > 0 })
	if to < 0 || !slices.Equal(fewer.Late[to].Team, []float64{0, 1}) || fewer.Blame(1, 0) != 0 {
		t.Errorf("%+v: want tier 2 to blame, and nobody else", fewer.Late)
	}
}

// TestCannotKeepUp: where heads that are fixed cannot do the work, the error says whose it is.
func TestCannotKeepUp(t *testing.T) {
	text := fmt.Sprintf(tiers, 2) + "planning: {centres: {dublin: {pools: {t2: {fixed: true}}}}}\n"
	s := newTestSimulator(t, text, 2, Changes{})
	p, impossible, err := s.Prepare(t.Context(), nil)
	if err != nil || len(impossible) > 0 {
		t.Fatalf("%v, impossible %+v", err, impossible)
	}
	_, err = Find(t.Context(), p, s, testEffort())
	if want := KeepingUp + " (not that of dublin.t2)"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestKeepsUpInShortRuns: the windows are two weeks at least, and a run in which no two weeks can be compared tells nothing.
func TestKeepsUpInShortRuns(t *testing.T) {
	for days, judged := range map[int]bool{13: false, 14: true, 28: true} {
		m := loadText(t, fmt.Sprintf(tiers, 1), fmt.Sprintf("run.days=%d", days))
		early, late, ok := backlogWindows(m)
		if ok != judged {
			t.Errorf("%d days: judged %v, want %v", days, ok, judged)
		}
		if ok && (early.Length() < 7*24*3_600_000 || early.To > late.From || early.From < m.Scenario.Start || late.To != m.Scenario.End) {
			t.Errorf("%d days: windows %v and %v", days, early, late)
		}
	}
}

package experiment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/sim/routing"
)

// smallModel is the scenario of testdata/small.yaml.
func smallModel(t *testing.T, sets ...string) *sim.Model { return storedModel(t, "small", sets...) }

// lifeModel is the scenario of testdata/life.yaml, in which everything happens that can happen to a case, for longer and with
// a smaller waiting room.
func lifeModel(t *testing.T, sets ...string) *sim.Model {
	return storedModel(t, "life", append([]string{"run.replications=6", "channels.phone.max_waiting=1"}, sets...)...)
}

func storedModel(t *testing.T, name string, sets ...string) *sim.Model {
	t.Helper()
	text, err := os.ReadFile("../testdata/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return loadModel(t, string(text), sets...)
}

// mustRun simulates all replications.
func mustRun(t *testing.T, m *sim.Model, workers int) *Result {
	t.Helper()
	r, err := Run(context.Background(), m, Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// bytesOf is everything that a result measured.
func bytesOf(t *testing.T, r *Result) string {
	t.Helper()
	text, err := json.Marshal(struct {
		Replications []*metrics.Totals
		Pooled       *metrics.Totals
		Verdicts     []Verdict
		Partial      bool
	}{r.Replications, r.Pooled, r.Judge(), r.Partial})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSmallHasEverything guards the other tests of this file: the scenario exercises what they claim to cover.
func TestSmallHasEverything(t *testing.T) {
	m := smallModel(t)
	p := mustRun(t, m, 1).Pooled
	if n := m.Components(); n != 2 {
		t.Errorf("%d components, want 2", n)
	}
	seen := map[string]int64{"open at the end": p.OpenAtEnd}
	for o, name := range []string{"", "resolved", "unanswered", "abandoned", "blocked"} {
		for row := range p.Outcomes {
			seen[name] += p.Outcomes[row][o]
		}
	}
	delete(seen, "")
	for i := range p.Pools {
		seen["handed over"] += p.Pools[i].HandOvers
	}
	for row := range p.Waits {
		seen["waits"] += p.Waits[row].Count - p.Waits[row].Zero
	}
	for what, n := range seen {
		if n == 0 {
			t.Errorf("nothing is %s", what)
		}
	}
}

// TestLifeHasEverything does the same for the other scenario: whatever is counted happens, cases end in every way and
// every milestone is decided.
func TestLifeHasEverything(t *testing.T) {
	p := mustRun(t, lifeModel(t), 1).Pooled
	seen := map[string]int64{}
	for row := range p.Outcomes {
		for outcome, n := range p.Outcomes[row] {
			seen[fmt.Sprint("outcome ", model.Outcome(outcome))] += n
		}
		for what, n := range p.Counts[row] {
			seen[fmt.Sprint("count ", metrics.Count(what))] += n
		}
		for milestone := range p.Clocks {
			c := p.Clocks[milestone][row].Total()
			seen[fmt.Sprint("clocks met ", sla.Milestone(milestone))] += c.Met
			seen[fmt.Sprint("clocks breached ", sla.Milestone(milestone))] += c.Decided - c.Met
		}
	}
	for i := range p.Pools {
		seen["calls"] += p.Pools[i].CallIns
		seen["on call"] += p.Pools[i].OnCall
		seen["handed over"] += p.Pools[i].HandOvers
	}
	for what, n := range seen {
		if n == 0 {
			t.Errorf("there is no %s", what)
		}
	}
}

// TestSameBytesForAnyWorkers runs every rule with 1, 2 and 8 workers.
func TestSameBytesForAnyWorkers(t *testing.T) {
	for _, rule := range routing.Rules {
		for name, load := range map[string]func(*testing.T, ...string) *sim.Model{"small": smallModel, "life": lifeModel} {
			t.Run(rule.Name+"/"+name, func(t *testing.T) {
				t.Parallel()
				m := load(t, "routing.rule="+rule.Name)
				alone := bytesOf(t, mustRun(t, m, 1))
				for _, workers := range []int{2, 8} {
					if together := bytesOf(t, mustRun(t, m, workers)); together != alone {
						t.Errorf("%d workers differ from one:\n%s", workers, cmp.Diff(alone, together))
					}
				}
			})
		}
	}
}

// TestRulesDiffer checks that the rule is not ignored: on this scenario each serves cases in an order of its own.
func TestRulesDiffer(t *testing.T) {
	known := map[string]string{}
	for _, rule := range routing.Rules {
		text := bytesOf(t, mustRun(t, smallModel(t, "routing.rule="+rule.Name), 2))
		if other, twin := known[text]; twin {
			t.Errorf("%s and %s give the same result", rule.Name, other)
		}
		known[text] = rule.Name
	}
}

// TestSeedMatters checks that other seeds and other replications give other results.
func TestSeedMatters(t *testing.T) {
	r := mustRun(t, smallModel(t), 2)
	if mustRun(t, smallModel(t, "run.seed=12"), 2).Pooled.Arrived == r.Pooled.Arrived {
		t.Error("another seed has the same number of cases")
	}
	if cmp.Equal(r.Replications[0], r.Replications[1], cmp.AllowUnexported(metrics.Histogram{})) {
		t.Error("two replications are equal")
	}
}

// TestShardsMakeTheRun cuts a run into shards of several replications by component, sends them through JSON, and merges
// them in another order.
func TestShardsMakeTheRun(t *testing.T) {
	m := smallModel(t)
	whole := mustRun(t, m, 2)
	pieces := newResult(m)
	for _, span := range [][2]int{{0, 1}, {1, 4}, {4, 6}} {
		var parts []*ShardResult
		for component := m.Components() - 1; component >= 0; component-- {
			s := Shard{Scenario: m.Scenario.Hash, From: span[0], To: span[1], Component: component}
			part, err := RunShard(context.Background(), m, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			parts = append(parts, throughJSON(t, part))
		}
		totals, err := Merge(parts...)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range totals {
			pieces.take(one)
		}
	}
	if got, want := bytesOf(t, pieces), bytesOf(t, whole); got != want {
		t.Errorf("the shards differ from the run:\n%s", cmp.Diff(want, got))
	}
}

// throughJSON is the result written and read back; it must not change.
func throughJSON(t *testing.T, r *ShardResult) *ShardResult {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	back := new(ShardResult)
	if err := json.Unmarshal(text, back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(text) {
		t.Errorf("a shard changes on its way through JSON:\n%s", cmp.Diff(string(text), string(again)))
	}
	return back
}

// TestMergeRefusesStrangers gives Merge shards of other replications and of another scenario.
func TestMergeRefusesStrangers(t *testing.T) {
	a := &ShardResult{Shard: Shard{Scenario: "a", From: 0, To: 1}}
	for _, b := range []Shard{{Scenario: "b", From: 0, To: 1}, {Scenario: "a", From: 1, To: 2}, {Scenario: "a", From: 0, To: 2}} {
		if _, err := Merge(a, &ShardResult{Shard: b}); err == nil {
			t.Errorf("%v merges with %v", b, a.Shard)
		}
	}
}

// TestCancelled ends runs after different numbers of cases: what they return are the first replications of the whole.
func TestCancelled(t *testing.T) {
	m := smallModel(t, "run.replications=20")
	whole := mustRun(t, m, 2)
	stopped := false
	for _, after := range []int64{0, 5_000, 20_000, 40_000} {
		ctx, cancel := context.WithCancel(context.Background())
		var arrived atomic.Int64
		r, err := Run(ctx, m, Options{Workers: 3, Arrived: func(cases int64) {
			if arrived.Add(cases) >= after {
				cancel()
			}
		}})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("after %d cases: %v, want the context's error", after, err)
		}
		n := len(r.Replications)
		stopped = stopped || n > 0 && n < 20
		if !r.Partial {
			t.Errorf("after %d cases: %d of 20 replications are not marked as partial", after, n)
		}
		if want := whole.Replications[:n]; n > 0 && !reflect.DeepEqual(want, r.Replications) {
			t.Errorf("after %d cases: the %d replications differ from the first of the whole run:\n%s", after, n,
				cmp.Diff(want, r.Replications, cmp.AllowUnexported(metrics.Histogram{})))
		}
	}
	if !stopped {
		t.Error("no run was stopped in the middle")
	}
}

package experiment

import (
	"os"
	"strings"
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// fates is an observer of what must not depend on who works: by case, its arrival, its class and the length of its first
// touch.
type fates struct {
	model *sim.Model
	cases map[rng.Key]*fate
}

type fate struct {
	arrived calendar.Instant
	class   workloads.Class
	began   calendar.Instant
	worked  calendar.Duration // on the first touch
	done    bool              // the first touch is complete
}

func (f *fates) Observe(e sim.Event) {
	c := f.cases[e.Case]
	switch {
	case e.Kind == sim.Arrived:
		f.cases[e.Case] = &fate{arrived: e.At, class: f.model.Workload.Classes[e.Class]}
	case c.done:
	case e.Kind == sim.Began:
		c.began = e.At
	case e.Kind == sim.Suspended:
		c.worked += e.At.Sub(c.began)
	case e.Kind == sim.Ended:
		c.worked += e.At.Sub(c.began)
		c.done = true
	}
}

// observeFates runs one replication of all components.
func observeFates(t *testing.T, m *sim.Model) map[rng.Key]*fate {
	t.Helper()
	f := &fates{model: m, cases: map[rng.Key]*fate{}}
	for component := range m.Components() {
		if _, err := sim.NewEngine(m, component, sim.Options{Observer: f}).Run(0); err != nil {
			t.Fatal(err)
		}
	}
	return f.cases
}

// sameFates fails the test unless both runs have the same cases, and reports how many completed their first touch at
// another instant, so that the test shows that the change mattered at all.
func sameFates(t *testing.T, before, after map[rng.Key]*fate) (moved int) {
	t.Helper()
	if len(before) != len(after) {
		t.Errorf("%d cases, before the change %d", len(after), len(before))
	}
	for key, a := range before {
		b := after[key]
		switch {
		case b == nil:
			t.Fatalf("the case %x is gone", key)
		case a.arrived != b.arrived || a.class != b.class:
			t.Fatalf("the case %x was %+v and is %+v", key, *a, *b)
		case a.done && b.done && a.worked != b.worked:
			t.Fatalf("the first touch of %x took %s and takes %s", key, a.worked, b.worked)
		case a.began != b.began:
			moved++
		}
	}
	return moved
}

// noRereading keeps hand-overs from adding work.
var noRereading = []string{"routing.rereading.sev1=0", "routing.rereading.sev2=0"}

// TestAgentsChangeNoCase adds agents, takes some away, and changes the rule and the shrinkage: the cases stay the same.
func TestAgentsChangeNoCase(t *testing.T) {
	before := observeFates(t, smallModel(t, noRereading...))
	for _, change := range []string{
		"centres.dublin.pools.t1.shifts.early.agents=6", "centres.singapore.pools.t1.shifts.day.agents=1",
		"routing.rule=fifo", "centres.dublin.pools.t1.shrinkage=0.4", "centres.dublin.pools.t2.at_shift_end=finish",
	} {
		after := observeFates(t, smallModel(t, append([]string{change}, noRereading...)...))
		if moved := sameFates(t, before, after); moved == 0 && !strings.HasSuffix(change, "finish") {
			t.Errorf("%s changes nothing", change)
		}
	}
}

// TestPlanThatNobodyBuys adds a plan without a share: nothing changes.
func TestPlanThatNobodyBuys(t *testing.T) {
	text, err := os.ReadFile("../testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more := strings.Replace(string(text), "\ncentres:\n", "\n  platinum: {first_response: 5m}\ncentres:\n", 1)
	if more == string(text) {
		t.Fatal("the plan was not added")
	}
	before, after := observeFates(t, smallModel(t)), observeFates(t, loadModel(t, more))
	if moved := sameFates(t, before, after); moved > 0 {
		t.Errorf("%d cases are begun at another time", moved)
	}
}

// TestMoreCasesKeepTheOthers adds a stream: the cases of the others stay.
func TestMoreCasesKeepTheOthers(t *testing.T) {
	text, err := os.ReadFile("../testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more := strings.Replace(string(text), "\nrun:", "\n    extra: {region: europe, rate: 20/day, mix: {plan: silver}}\nrun:", 1)
	before, after := observeFates(t, smallModel(t, noRereading...)), observeFates(t, loadModel(t, more, noRereading...))
	added := len(after) - len(before)
	if added < 100 {
		t.Errorf("the stream adds %d cases, want about 260", added)
	}
	for key := range after {
		if before[key] == nil {
			delete(after, key)
		}
	}
	sameFates(t, before, after)
}

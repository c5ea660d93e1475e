package reports

import (
	"os"
	"strings"
	"testing"

	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/sim/trace"
)

// TestEveryStepIsTold tells the lives of many cases of the organisation in which everything happens: steps of all kinds
// occur, each has words of its own, and states follow one another from arrival to end.
func TestEveryStepIsTold(t *testing.T) {
	text, err := os.ReadFile("../sim/testdata/life.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.Load(scenario.Source{Name: "life.yaml", Data: text})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	tracer := &trace.Tracer{Model: m}
	for number := int64(1); number <= 600 && len(told) < len(stepNames); number += 3 {
		story, err := tracer.Number(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		tellSteps(t, NewTrace(m, story), told)
	}
	for kind, name := range stepNames {
		if told[name] == "" {
			t.Errorf("no step %q of kind %d in any life", name, kind)
		}
	}
}

// tellSteps notes a text for each kind of steps and adds up the states.
func tellSteps(t *testing.T, trace *Trace, told map[string]string) {
	t.Helper()
	var states float64
	for i := range trace.Steps {
		s := &trace.Steps[i]
		told[s.Kind], _ = trace.what(s)
		if isEnd := strings.HasPrefix(told[s.Kind], "ends: "); isEnd != (s.Kind == "ends") {
			t.Errorf("case %s: a step of kind %s is told as %q", trace.Key, s.Kind, told[s.Kind])
		}
		if s.Seconds != nil && s.Kind != "contact_waits" && s.Kind != "contacted" {
			states += *s.Seconds
		}
	}
	sum := trace.WaitedSeconds + trace.WorkedSeconds + trace.CustomerSeconds + trace.OutsideSeconds + trace.ClosedSeconds
	for what, seconds := range map[string]float64{"states": states, "sums": sum} {
		if diff := seconds - trace.LifeSeconds; diff > 1e-3 || diff < -1e-3 {
			t.Errorf("case %s: the %s are %g s, the life %g s", trace.Key, what, seconds, trace.LifeSeconds)
		}
	}
}

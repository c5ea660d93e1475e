package sim

import "testing"

// arrivals notes the classes with which cases arrive.
type arrivals map[int]int

func (a arrivals) Observe(e Event) {
	if e.Kind == Arrived {
		a[e.Class]++
	}
}

// TestComesBackAsAtFirst has customers who come back too late for a solution of a case whose severity was lowered at the
// second tier: the new case has the severity of the first again, and starts where that started.
func TestComesBackAsAtFirst(t *testing.T) {
	m := bindText(t, `
severities: [high, low]
regions: [world]
plans: [standard]
centres: {main: {pools: {first: {agents: 1}, second: {tiers: t2, agents: 1}}}}
work:
  t1: {handle_time: constant(1m), escalation: 1}
  t2: {handle_time: constant(1m), touches: 2, lowered: 1, reopen: 0.5, reopen_after: constant(1h), severities: {low: {lowered: 0}}}
workload: {mix: {severity: high}, streams: {cases: {interarrival: constant(3h)}}}
run: {days: 30}`)
	a := arrivals{}
	if _, err := NewEngine(m, 0, Options{Observer: a}).Run(0); err != nil {
		t.Fatal(err)
	}
	const fromStream = 30*24/3 - 1
	if len(a) != 1 || a[0] < fromStream*3/2 {
		t.Errorf("cases by class: %v, want about twice %d, all of the first", a, fromStream)
	}
}

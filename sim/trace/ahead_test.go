package trace

import (
	"testing"

	"sunrelay/sim"
)

// TestAheadOfWaits counts what is ahead of every wait by looking at all other stories. P works the languages x and y, Q
// works y and z, so that work in x and in z has nothing to do with one another.
func TestAheadOfWaits(t *testing.T) {
	for _, rule := range []string{"fifo", "severity"} {
		m, err := modelOf(`
severities: [high, low]
regions: {here: {languages: {x: 0.3, y: 0.4, z: 0.3}}}
plans: [standard]
centres: {main: {pools: {p: {languages: [x, y], agents: 2}, q: {languages: [y, z], agents: 2}}}}
work: {t1: {handle_time: exponential(mean 30m)}}
routing: {rule: ` + rule + `}
workload: {mix: {severity: {high: 0.4, low: 0.6}}, streams: {cases: {rate: 9/h}}}
run: {days: 4}`)
		if err != nil {
			t.Fatal(err)
		}
		stories, _, err := allStories(m, 0)
		if err != nil {
			t.Fatal(err)
		}
		most := 0
		for _, s := range stories {
			for i := range s.Steps {
				if step := &s.Steps[i]; step.Kind == Waits {
					most = max(most, step.Ahead)
					if want := aheadTwin(m, stories, s, step, rule == "severity"); step.Ahead != want {
						t.Fatalf("%s: %d ahead of case %x, want %d", rule, step.Ahead, s.Key, want)
					}
				}
			}
		}
		if most < 5 {
			t.Errorf("%s: at most %d ahead: the test shows little", rule, most)
		}
	}
}

// aheadTwin counts the stories that wait already when the step begins, of which an agent may work both.
func aheadTwin(m *sim.Model, stories []*Story, s *Story, step *Step, bySeverity bool) (count int) {
	for _, o := range stories {
		for i := range o.Steps {
			w := &o.Steps[i]
			if w.Kind == Waits && w.From < step.From && w.To > step.From && shareAnAgent(m, s, o) &&
				(!bySeverity || o.Class.Severity <= s.Class.Severity) {
				count++
			}
		}
	}
	return count
}

func shareAnAgent(m *sim.Model, a, b *Story) bool {
	for p := range m.Scenario.Pools {
		may := func(s *Story) bool {
			c := &s.Class
			return m.Scenario.Eligible(*c, 0, p)
		}
		if may(a) && may(b) {
			return true
		}
	}
	return false
}

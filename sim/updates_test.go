package sim

import (
	"testing"

	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/workloads/builtin"
)

// fullLife is a built-in organisation, whose cases are owed updates.
func fullLife(t *testing.T, name string) *Model {
	t.Helper()
	m, err := Load(scenario.Source{Name: name, Builtin: builtin.Open, BuiltinNames: builtin.Names()}, "run.warm_up=2d", "run.days=5")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestUpdatesAreExpected looks every hour for cases that are owed an update: there is a timer for it, or the work.
func TestUpdatesAreExpected(t *testing.T) {
	m := fullLife(t, "citrix")
	owed, looked := 0, 0
	var e *Engine
	e = NewEngine(m, 0, Options{Heartbeat: func(int64) error {
		looked++
		for i := range e.cases.size {
			c := e.cases.at(i)
			if !c.live() || !(c.running & c.promised &^ c.paused).Has(sla.Update) {
				continue
			}
			owed++
			g := &e.groups[e.accounts[c.class].stages[c.agentTier()].group]
			ahead := e.updateFrom(&c.clocks[clockOf[sla.Update]], g) < e.end
			if timer := c.pending>>updateTimer&1 == 1; ahead && !timer && !c.has(Update) {
				t.Errorf("case %d at %v: neither timer nor work for its update", i, e.instant(e.now))
			}
		}
		return nil
	}})
	if _, err := e.Run(0); err != nil {
		t.Fatal(err)
	}
	if owed < 100*looked {
		t.Errorf("%d updates owed at %d times, want more", owed, looked)
	}
}

package experiment

import (
	"context"
	"slices"
	"testing"

	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/workloads"
	"sunrelay/workloads/builtin"
)

// bindBuiltin is the model of a built-in scenario.
func bindBuiltin(t *testing.T, name string, sets ...string) *sim.Model {
	t.Helper()
	text, err := builtin.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return loadModel(t, string(text), sets...)
}

// TestBuiltinsRun plays a few days of every built-in scenario: cases arrive and are answered.
func TestBuiltinsRun(t *testing.T) {
	for _, name := range builtin.Names() {
		m := bindBuiltin(t, name, "run.days=3", "run.warm_up=1d", "run.replications=1")
		result, err := Run(context.Background(), m, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		rows := m.Shape.Rows()
		if met := result.Attainment(sla.FirstResponse, 0, rows); met.Mean < 0.5 || met.Mean > 1 {
			t.Errorf("%s: first responses are kept at %v", name, met)
		}
	}
}

// TestBuiltinsAreStaffed: in one fixed year (ten weeks of global, for the time it takes) agents of every pool, but for duty
// managers, are busy for 70 to 90 % of their time, and promises are neither all kept nor mostly broken.
func TestBuiltinsAreStaffed(t *testing.T) {
	if testing.Short() || slowed {
		t.Skip("simulates five years and ten weeks")
	}
	t.Parallel()
	for _, name := range builtin.Names() {
		sets := []string{"run.replications=1"}
		if name == "global" {
			sets = append(sets, "run.days=70")
		}
		if name == "mmc" {
			continue // theory sets its load
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := bindBuiltin(t, name, sets...)
			result, err := Run(context.Background(), m, Options{Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			for i, pool := range m.Scenario.Pools {
				if busy := result.Occupancy(i).Mean; busy < 0.7 && !isManaging(m, i) || busy > 0.9 {
					t.Errorf("%s is busy for %.3f of its time", pool.Name, busy)
				}
			}
			met := result.Attainment(sla.FirstResponse, 0, m.Shape.Rows()).Mean
			if met < 0.9 || met >= 1 {
				t.Errorf("first responses are kept at %.4f", met)
			}
		})
	}
}

// isManaging reports whether a pool is there for customers who ask for a manager.
func isManaging(m *sim.Model, pool int) bool {
	return slices.ContainsFunc(m.Workload.Management, func(way workloads.Manager) bool {
		return slices.Equal(m.Scenario.Pools[pool].Tiers, []int{way.Tier})
	})
}

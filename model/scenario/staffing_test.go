package scenario

import "testing"

// TestWithStaffing gives the same tables as the file with other head counts: heads and the service days that pools share.
func TestWithStaffing(t *testing.T) {
	compile := func(sets ...string) *Compiled {
		t.Helper()
		def, err := Load(Source{Name: "life.yaml", Data: []byte(life)}, sets)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Compile(def)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	base := compile()
	want := compile("centres.main.pools.t1.agents=9", "centres.main.pools.t2.shifts.day.agents=2")
	s := base.Staffing()
	s.Heads[0][0], s.Heads[1][0] = 9, 2
	got := base.WithStaffing(s)
	if !got.Staffing().Equal(want.Staffing()) {
		t.Errorf("heads %v, want %v", got.Staffing(), want.Staffing())
	}
	for p := range want.Pools {
		if got.Pools[p].ServiceDays != want.Pools[p].ServiceDays {
			t.Errorf("%s gives %v service days, want %v", want.Pools[p].Name, got.Pools[p].ServiceDays, want.Pools[p].ServiceDays)
		}
	}
	if base.Pools[0].Shifts[0].Agents != 3 || base.Hash == got.Hash || got.Budget() != 2_000_000*2 {
		t.Errorf("base has %d heads now, hash %s of %s, budget %v", base.Pools[0].Shifts[0].Agents, got.Hash, base.Hash, got.Budget())
	}
}

package queueing

import (
	"encoding/json"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"sunrelay/model/sharedtest"
)

// anchor is an exact case of shared/validation.json.
type anchor struct {
	ID, Group string
	Params    json.RawMessage
	Metrics   map[string]struct{ Value any }
}

// anchors are the shared validation cases of a group.
func anchors(t *testing.T, group string) []anchor {
	t.Helper()
	var found []anchor
	for _, c := range sharedtest.Cases[anchor](t) {
		if c.Group == group {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		t.Fatalf("no case of %s", group)
	}
	return found
}

// params reads the parameters.
func (c anchor) params(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal(c.Params, into); err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
}

// want compares a figure with the exact one, if the case has it.
func (c anchor) want(t *testing.T, name string, got, tolerance float64) {
	t.Helper()
	m, known := c.Metrics[name]
	if !known {
		return
	}
	if want := m.Value.(float64); !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: %s is %.12g, want %.12g", c.ID, name, got, want)
	}
}

func TestErlangB(t *testing.T) {
	for _, c := range anchors(t, "erlang_b") {
		var p struct {
			A  float64 `json:"a_erlangs"`
			A2 float64 `json:"a"`
			C  int
		}
		c.params(t, &p)
		if p.A == 0 {
			p.A = p.A2
		}
		b := ErlangB(p.A, p.C)
		c.want(t, "p_block", b, 1e-13)
		c.want(t, "carried_erlangs", p.A*(1-b), 1e-13)
	}
}

// TestErlangByHand needs no file: two servers at half load wait with probability 1/3, as every textbook has it.
func TestErlangByHand(t *testing.T) {
	q := Delay{Arrivals: 1, Service: 1, Servers: 2}
	if got := q.Waits(); math.Abs(got-1.0/3) > 1e-15 {
		t.Errorf("waits with probability %v, want 1/3", got)
	}
	if got := (Delay{2, 1, 2}); got.Within(1) != 0 || !math.IsInf(got.MeanWait(), 1) || !math.IsInf(got.Quantile(0.9), 1) {
		t.Error("a queue at its limit has waits")
	}
}

func TestErlangC(t *testing.T) {
	for _, c := range anchors(t, "erlang_c") {
		var p struct {
			Lambda, Mu, T float64
			C             int
		}
		c.params(t, &p)
		q := Delay{p.Lambda, p.Mu, p.C}
		c.want(t, "p_wait", q.Waits(), 1e-12)
		c.want(t, "mean_wait", q.MeanWait(), 1e-12)
		c.want(t, "p_wait_le_T", q.Within(p.T), 1e-12)
		c.want(t, "wait_p95", q.Quantile(0.95), 1e-11)
	}
}

func TestErlangA(t *testing.T) {
	for _, c := range anchors(t, "erlang_a") {
		var p struct {
			Lambda, Mu, Theta, T float64
			C                    int
		}
		c.params(t, &p)
		q := Abandonment{Delay{p.Lambda, p.Mu, p.C}, p.Theta}
		f := q.Figures(p.T)
		c.want(t, "p_wait", f.Waits, 1e-12)
		c.want(t, "p_abandon", f.Abandons, 1e-12)
		c.want(t, "mean_wait_all", f.MeanWait, 1e-12)
		c.want(t, "mean_queue", f.MeanQueue, 1e-12)
		c.want(t, "p_served_within_T", f.ServedWithin, 1e-10)
		c.want(t, "p_wait_gt_T", 1-f.ServedWithin-f.LeftWithin, 1e-10)
		c.want(t, "sl_served_in_T_over_all_minus_ab_in_T", f.ServedWithin/(1-f.LeftWithin), 1e-10)
	}
}

// TestMostWithin checks the bound against its limits: with no time to wait it is the loss system, with endless time
// everybody is served if the servers can do the load; and it is never below first come, first served.
func TestMostWithin(t *testing.T) {
	q := Delay{Arrivals: 8, Service: 1, Servers: 10}
	if got, want := q.MostWithin(0), 1-ErlangB(8, 10); math.Abs(got-want) > 1e-12 {
		t.Errorf("without waiting %v are served, want %v", got, want)
	}
	if got := q.MostWithin(1000); math.Abs(got-1) > 1e-12 {
		t.Errorf("with endless waiting %v are served", got)
	}
	over := Delay{Arrivals: 20, Service: 1, Servers: 10}
	if got := over.MostWithin(1000); math.Abs(got-0.5) > 1e-3 {
		t.Errorf("ten servers serve %v of twenty erlangs, want half", got)
	}
	for wait := 0.0; wait < 3; wait += 0.25 {
		if q.MostWithin(wait) < q.Within(wait) {
			t.Errorf("within %v first come, first served serves more than any policy", wait)
		}
	}
	at := Delay{Arrivals: 10, Service: 1, Servers: 10}
	near := Delay{Arrivals: 10 - 1e-7, Service: 1, Servers: 10}
	if math.Abs(at.MostWithin(1)-near.MostWithin(1)) > 1e-6 {
		t.Errorf("at full load %v, just below %v", at.MostWithin(1), near.MostWithin(1))
	}
}

func TestPriority(t *testing.T) {
	checked := 0
	for _, c := range anchors(t, "priority") {
		var p struct {
			Lambdas, T []float64
			Mu         float64
			C          int
		}
		c.params(t, &p)
		if len(p.Lambdas) == 0 {
			continue // one server of any distribution, which is no model of this package
		}
		q := Priority{p.Lambdas, p.Mu, p.C}
		for k := range p.Lambdas {
			class := string(rune('1' + k))
			c.want(t, "mean_wait_class"+class, q.MeanWait(k), 1e-12)
			c.want(t, "p_wait_le_T_class"+class, q.Within(k, p.T[k]), 1e-9)
		}
		checked++
	}
	if checked < 3 {
		t.Errorf("%d cases checked, want 3", checked)
	}
}

func TestLimits(t *testing.T) {
	for _, c := range anchors(t, "asymptotic") {
		var p struct {
			Beta  float64
			Ratio float64 `json:"theta_over_mu"`
		}
		c.params(t, &p)
		c.want(t, "alpha", HalfinWhitt(p.Beta), 1e-12)
		if p.Ratio > 0 {
			c.want(t, "p_wait_limit", Garnett(p.Beta, p.Ratio), 1e-12)
		}
	}
}

// TestBeta: at the safety that Beta names the limit keeps the goal.
func TestBeta(t *testing.T) {
	const load, wait, goal = 400, 0.05, 0.8
	beta := Beta(load, wait, goal)
	if late := HalfinWhitt(beta) * math.Exp(-beta*math.Sqrt(load)*wait); math.Abs(late-(1-goal)) > 1e-9 {
		t.Errorf("%v are late at β = %v, want %v", late, beta, 1-goal)
	}
	if got, want := SquareRoot(load, 1, beta), 414; got != want { // the exact minimum of Erlang C
		t.Errorf("square-root staffing %d, want %d", got, want)
	}
}

func TestLeastStaff(t *testing.T) {
	checked := 0
	for _, c := range anchors(t, "staffing_exact") {
		var p struct {
			Lambda, Mu, T, G json.RawMessage
			Lambdas          []float64
		}
		c.params(t, &p)
		switch {
		case p.Lambda != nil && c.Metrics["c_min"].Value != nil:
			var lambda, mu, wait, goal float64
			for raw, into := range map[*json.RawMessage]*float64{&p.Lambda: &lambda, &p.Mu: &mu, &p.T: &wait, &p.G: &goal} {
				if err := json.Unmarshal(*raw, into); err != nil {
					t.Fatal(err)
				}
			}
			at := func(n int) float64 { return Delay{lambda, mu, n}.Within(wait) }
			n := Least(0, 10_000, func(n int) bool { return at(n) >= goal })
			c.want(t, "c_min", float64(n), 0)
			c.want(t, "sl_at_c_min", at(n), 1e-12)
			c.want(t, "sl_at_c_min_minus_1", at(n-1), 1e-12)
			checked++
		case p.Lambdas != nil:
			var mu float64
			var waits, goals []float64
			for raw, into := range map[*json.RawMessage]any{&p.Mu: &mu, &p.T: &waits, &p.G: &goals} {
				if err := json.Unmarshal(*raw, into); err != nil {
					t.Fatal(err)
				}
			}
			n := Least(0, 10_000, func(n int) bool {
				for k := range p.Lambdas {
					if (Priority{p.Lambdas, mu, n}).Within(k, waits[k]) < goals[k] {
						return false
					}
				}
				return true
			})
			c.want(t, "c_min", float64(n), 0)
			checked++
		}
	}
	if checked < 6 {
		t.Errorf("%d cases checked, want 6", checked)
	}
	if got := Least(3, 5, func(int) bool { return false }); got != 6 {
		t.Errorf("where nothing is enough %d, want one more than the most", got)
	}
}

// sine is λ(t) = mean·(1 + amplitude·sin(2πt/period)) by its mean in each of so many steps.
func sine(mean, amplitude, period float64, steps int) Periodic {
	p := Periodic{Values: make([]float64, steps), Step: period / float64(steps)}
	w := 2 * math.Pi / period
	for i := range p.Values {
		from, to := float64(i)*p.Step, float64(i+1)*p.Step
		p.Values[i] = mean * (1 + amplitude*(math.Cos(w*from)-math.Cos(w*to))/(w*p.Step))
	}
	return p
}

// at interpolates between the middles of steps.
func (p Periodic) at(t float64) float64 {
	n := len(p.Values)
	x := t/p.Step - 0.5
	i := int(math.Floor(x))
	f := x - float64(i)
	return (1-f)*p.Values[((i%n)+n)%n] + f*p.Values[(((i+1)%n)+n)%n]
}

// TestOfferedLoad compares with the closed form for a sine and exponential service, and with that of lognormal service by
// quadrature, as far as steps of 1/2400 of the period allow.
func TestOfferedLoad(t *testing.T) {
	for _, c := range anchors(t, "timevarying") {
		switch c.ID {
		case "mtminf-0":
			m := sine(100, 0.2, 2*math.Pi, 2400).OfferedLoad(func(u float64) float64 { return math.Exp(-u) })
			c.want(t, "m_t", m.at(0), 1e-5)
		case "mtginf-ln-18":
			sigma := math.Sqrt(math.Log(1 + 1.3*1.3))
			ln := distuv.LogNormal{Mu: -sigma * sigma / 2, Sigma: sigma}
			m := sine(8, 0.5, 24, 2400).OfferedLoad(ln.Survival)
			c.want(t, "m_t", m.at(18), 1e-5)
		}
	}
}

// TestReturning: a flat stream that comes back with probability p is 1/(1-p) times as large, whatever the delay.
func TestReturning(t *testing.T) {
	flat := Periodic{Values: []float64{3, 3, 3, 3, 3, 3, 3, 3}, Step: 0.5}
	all := flat.Returning(0.4, func(u float64) float64 { return -math.Expm1(-u / 2) })
	for i, v := range all.Values {
		if math.Abs(v-5) > 1e-9 {
			t.Errorf("step %d has %v, want 5", i, v)
		}
	}
}

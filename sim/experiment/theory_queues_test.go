package experiment

import (
	"fmt"
	"math"
	"strings"

	"sunrelay/model/calendar"
)

// erlangB is M/M/c/c. Where work ends once in a thousand units or more rarely the unit is a second, since a run of minutes
// would last for a thousand years.
func (g *generator) erlangB() error {
	var p struct {
		A float64 `json:"a_erlangs"`
		C int
	}
	if err := g.params(&p); err != nil {
		return err
	}
	q := queue{unit: calendar.Minute, rate: p.A, mean: 1, servers: p.C, room: 0}
	if p.A < 0.1 {
		q.unit = calendar.Second
	}
	g.write(q)
	g.figure("p_block", "blocked")
	g.figure("carried_erlangs", "busy main.t1")
	g.figure("utilisation", "occupancy")
	return nil
}

// queueParams are the parameters of the queues with one kind of case.
type queueParams struct {
	Lambda, Mu, Theta, T, D float64
	LowerT                  float64 `json:"t"` // another name of T
	MeanService             float64 `json:"mean_service"`
	SCV                     float64
	P, Rate1, Rate2         float64
	Rates                   []float64
	C, K                    int
}

func (g *generator) queueParams() (queueParams, error) {
	var p queueParams
	err := g.params(&p)
	p.T = max(p.T, p.LowerT)
	return p, err
}

func (g *generator) erlangC() error {
	p, err := g.queueParams()
	g.write(queue{rate: p.Lambda, mean: 1 / p.Mu, servers: p.C, target: p.T, room: -1, percentile: true})
	g.waitFigures()
	g.figure("p_wait_le_T", "attainment")
	g.figure("wait_p95", "response_quantile 0.95")
	return err
}

// waitFigures are those of every queue.
func (g *generator) waitFigures() {
	g.figure("p_wait", "wait_share")
	g.figure("mean_wait", "mean_wait")
	g.figure("mean_wait_given_wait", "mean_wait_of_waiting")
	g.figure("mean_queue", "mean_waiting")
	g.figure("mean_in_system", "mean_open")
	g.figure("utilisation", "occupancy")
	g.figure("wait_variance", "wait_variance")
}

func (g *generator) erlangA() error {
	p, err := g.queueParams()
	g.write(queue{rate: p.Lambda, mean: 1 / p.Mu, servers: p.C, target: p.T, patience: 1 / p.Theta, room: -1})
	g.figure("p_wait", "wait_share_of_all")
	g.figure("p_abandon", "abandoned")
	g.figure("mean_wait_all", "mean_wait_of_all")
	g.figure("mean_wait_served", "mean_wait")
	g.figure("mean_queue", "mean_waiting")
	g.figure("mean_in_system", "mean_open")
	g.figure("utilisation", "occupancy")
	g.figure("p_served_within_T", "served_in_time")
	g.figure("p_wait_gt_T", "not_in_time")
	g.figure("sl_served_in_T_over_all_minus_ab_in_T", "attainment")
	return err
}

func (g *generator) mmck() error {
	p, err := g.queueParams()
	g.write(queue{rate: p.Lambda, mean: 1 / p.Mu, servers: p.C, room: p.K - p.C})
	g.figure("p_block", "blocked")
	g.figure("mean_queue", "mean_waiting")
	g.figure("mean_wait_admitted", "mean_wait")
	g.figure("utilisation", "occupancy")
	return err
}

// gimc has deterministic gaps in both of its cases.
func (g *generator) gimc() error {
	p, err := g.queueParams()
	gap := fmt.Sprintf("constant(%s)", length(1/p.Lambda, calendar.Minute))
	g.write(queue{rate: p.Lambda, mean: 1 / p.Mu, servers: p.C, gap: gap, room: -1})
	g.waitFigures()
	return err
}

// mg1 is M/G/1.
func (g *generator) mg1() error {
	p, err := g.queueParams()
	if err != nil {
		return err
	}
	mean := max(p.MeanService, p.D)
	q := queue{rate: p.Lambda, mean: mean, servers: 1, target: p.T, scv: p.SCV, room: -1}
	if q.handle, err = g.service(p, mean); err != nil {
		return err
	}
	g.write(q)
	g.waitFigures()
	g.figure("p_wait_le_t", "attainment")
	return nil
}

// mgc is M/G/c.
func (g *generator) mgc() error {
	p, err := g.queueParams()
	if err != nil {
		return err
	}
	mean := max(p.MeanService, p.D)
	q := queue{rate: p.Lambda, mean: mean, servers: p.C, scv: p.SCV, room: -1}
	if q.handle, err = g.service(p, mean); err != nil {
		return err
	}
	g.write(q)
	g.waitFigures()
	return nil
}

// service is the distribution of work that the model's name states.
func (g *generator) service(p queueParams, mean float64) (string, error) {
	time := length(mean, calendar.Minute)
	rates := p.Rates
	if p.Rate1 > 0 {
		rates = []float64{p.Rate1, p.Rate2}
	}
	kinds := []struct{ word, text string }{
		{"lognormal", fmt.Sprintf("lognormal(mean %s, cv %s)", time, plain(math.Sqrt(p.SCV)))},
		{"M/D/", fmt.Sprintf("constant(%s)", time)},
		{"deterministic", fmt.Sprintf("constant(%s)", time)},
		{"Erlang-2", fmt.Sprintf("erlang(k 2, mean %s)", time)},
		{"M/E2/c", fmt.Sprintf("erlang(k 2, mean %s)", time)},
		{"hyperexponential", hyperexponential(p.P, rates)},
		{"M/H2/c", hyperexponential(p.P, rates)},
		{"exponential", fmt.Sprintf("exponential(mean %s)", time)},
	}
	for _, k := range kinds {
		if strings.Contains(g.Model, k.word) {
			return k.text, nil
		}
	}
	return "", fmt.Errorf("no distribution of work in %q", g.Model)
}

// hyperexponential is the mixture of two exponentials. Its means are rounded to a millisecond, 1 part in 67,000 and 1
// in 532,000, which moves mean waits at a load of 0.9 by less than 3e-4 of their value: far inside the standard errors.
func hyperexponential(p float64, rates []float64) string {
	if len(rates) != 2 {
		return ""
	}
	return fmt.Sprintf("mixture(%s exponential(mean %s), %s exponential(mean %s))",
		plain(p), length(1/rates[0], calendar.Minute), plain(1-p), length(1/rates[1], calendar.Minute))
}

// priorityParams are those of queues with classes.
type priorityParams struct {
	Classes []struct {
		Lambda       float64
		MeanService  float64 `json:"mean_service"`
		SecondMoment float64 `json:"second_moment"`
	}
	Lambdas []float64
	Mu      float64
	C       int
	T       []float64
}

// priority is a queue of severities, the most severe first. In the preemptive case all but the last interrupt.
func (g *generator) priority() error {
	var p priorityParams
	if err := g.params(&p); err != nil {
		return err
	}
	rates, handles := p.classes()
	total, load, meanAll := 0.0, 0.0, 0.0
	for k := range rates {
		total += rates[k]
		load += rates[k] * handles[k].mean
	}
	meanAll = load / total
	servers := max(1, p.C)
	interrupts := strings.Contains(g.Model, "preemptive-resume")
	g.line("name: priority\nregions: [world]\nrouting: {rule: severity}\nseverities:")
	for k := range rates {
		g.line("  sev%d: {interrupts: %v}", k+1, interrupts && k+1 < len(rates))
	}
	g.line("plans:\n  standard:")
	if len(p.T) > 0 {
		g.line("    first_response:")
	}
	for k, target := range p.T {
		g.line("      sev%d: %s", k+1, length(target, calendar.Minute))
	}
	if len(p.T) == 0 {
		g.line("    title: no promise")
	}
	g.line("centres: {main: {pools: {t1: {agents: %d}}}}", servers)
	g.line("work:\n  t1:\n    handle_time: %q\n    severities:", handles[0].text)
	for k, h := range handles {
		g.line("      sev%d: {handle_time: %q}", k+1, h.text)
	}
	g.line("workload:\n  streams:")
	for k, rate := range rates {
		g.line("    from%d: {rate: %s/min, mix: {severity: sev%d}}", k+1, plain(rate), k+1)
	}
	q := queue{unit: calendar.Minute, rate: total, mean: meanAll, scv: 2, servers: servers}
	days, warmUp := q.span()
	g.line("run: {days: %s, warm_up: %s}", plain(days), length(warmUp, calendar.Minute))
	fmt.Fprintf(&g.exact, "full_rate %g\n", float64(servers)/meanAll)
	g.figure("p_wait", "wait_share")
	g.figure("mean_wait_all", "mean_wait")
	for k := range rates {
		class := fmt.Sprintf("_class%d", k+1)
		g.figure("mean_wait"+class, fmt.Sprintf("mean_wait t1 sev%d", k+1))
		g.figure("p_wait_le_T"+class, fmt.Sprintf("attainment standard sev%d", k+1))
		g.figure("mean_sojourn"+class, fmt.Sprintf("mean_resolve standard sev%d", k+1))
	}
	return nil
}

// handleTime is a distribution with its mean in units.
type handleTime struct {
	text string
	mean float64
}

// classes are the rates and the work of the classes: lognormal where the second moment is not that of an exponential.
func (p *priorityParams) classes() (rates []float64, handles []handleTime) {
	for _, k := range p.Classes {
		cv := math.Sqrt(k.SecondMoment/(k.MeanService*k.MeanService) - 1)
		text := fmt.Sprintf("exponential(mean %s)", length(k.MeanService, calendar.Minute))
		if k.SecondMoment > 0 && math.Abs(cv-1) > 1e-9 {
			text = fmt.Sprintf("lognormal(mean %s, cv %.6g)", length(k.MeanService, calendar.Minute), cv)
		}
		rates = append(rates, k.Lambda)
		handles = append(handles, handleTime{text, k.MeanService})
	}
	for _, rate := range p.Lambdas {
		rates = append(rates, rate)
		handles = append(handles, handleTime{fmt.Sprintf("exponential(mean %s)", length(1/p.Mu, calendar.Minute)), 1 / p.Mu})
	}
	return rates, handles
}

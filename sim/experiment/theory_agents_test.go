package experiment

import (
	"fmt"
	"strings"

	"sunrelay/model/calendar"
)

// concurrency are agents who do several things at a time.
func (g *generator) concurrency() error {
	switch g.ID {
	case "mg1ps-0.5":
		return g.processorSharing()
	case "chat-1x3":
		return g.chats()
	}
	return fmt.Errorf("no scenario for %s", g.ID)
}

// sharingPlaces is the number of places of an agent who shares one speed among all: with a load of 0.5 all are taken for
// 2^-40 of the time.
const sharingPlaces = 40

// processorSharing is M/G/1-PS: one agent whose total speed is 1 whatever there is to do. Its figures do not depend on the
// distribution of work: the second scenario has another one.
func (g *generator) processorSharing() error {
	p, err := g.queueParams()
	if err != nil {
		return err
	}
	g.second = &generator{validationCase: g.validationCase, used: g.used}
	mean := length(p.MeanService, calendar.Minute)
	g.sharing(p, fmt.Sprintf("exponential(mean %s)", mean), 1)
	g.second.sharing(p, fmt.Sprintf("lognormal(mean %s, cv 2)", mean), 4)
	return nil
}

func (g *generator) sharing(p queueParams, handle string, scv float64) {
	q := queue{rate: p.Lambda, mean: p.MeanService, scv: scv, handle: handle, servers: 1, room: -1}
	g.write(q)
	g.places(strings.Repeat("1, ", sharingPlaces-1) + "1")
	g.figure("mean_sojourn", "mean_stay")
	g.figure("mean_sojourn_of_job_size_2", "stay_of_work 2")
	g.figure("p_n_ge_3", "open_share 3")
}

// places gives the agents of the queue that was written places with total speeds.
func (g *generator) places(speeds string) {
	yaml := g.yaml.String()
	g.yaml.Reset()
	g.yaml.WriteString(strings.Replace(yaml, "{t1: {agents:", "{t1: {concurrency: ["+speeds+"], agents:", 1))
}

// chats is a queue before one agent with three places, whose total speed rises with the chats: a birth-death process.
func (g *generator) chats() error {
	var p struct {
		Lambda   float64
		C, K     int
		MuSingle float64 `json:"mu_single"`
		Eff      []float64
	}
	if err := g.params(&p); err != nil {
		return err
	}
	var speeds []string
	for _, speed := range p.Eff[1 : p.K+1] {
		speeds = append(speeds, plain(speed))
	}
	full := p.MuSingle * p.Eff[p.K]
	g.write(queue{
		rate: p.Lambda, mean: 1 / full, scv: 1, handle: fmt.Sprintf("exponential(mean %s)", length(1/p.MuSingle, calendar.Minute)),
		servers: p.C, room: -1,
	})
	g.places(strings.Join(speeds, ", "))
	g.figure("p_wait", "wait_share")
	g.figure("mean_wait", "mean_wait")
	g.figure("mean_chats_in_system", "mean_open")
	g.figure("mean_sojourn", "mean_stay")
	return nil
}

// multiskill is a design of two dedicated pools and a flexible one. Agents of the dedicated pools speak the language of
// their class, those of the flexible one the fallback of both: so arrivals prefer their dedicated pool. Class 1 is the more
// severe one, which the rule serves first.
func (g *generator) multiskill() error {
	var p struct {
		Lambda1, Lambda2, Mu, T1, T2 float64
		N1, N2, NF                   int
	}
	if err := g.params(&p); err != nil {
		return err
	}
	g.line("name: multiskill\nseverities: [class1, class2]\nlanguages: {both: {}, one: {fallback: both}, two: {fallback: both}}")
	g.line("regions: {first: {languages: one}, second: {languages: two}}")
	g.line("plans: {standard: {first_response: {class1: %s, class2: %s}}}", length(p.T1, calendar.Minute), length(p.T2, calendar.Minute))
	g.line("centres:\n  main:\n    pools:")
	for _, pool := range []struct {
		name, language string
		agents         int
	}{{"D1", "one", p.N1}, {"D2", "two", p.N2}, {"F", "both", p.NF}} {
		if pool.agents == 0 { // has no occupancy, which the case gives as 0
			g.used["util_"+pool.name] = true
			continue
		}
		g.line("      %s: {languages: %s, agents: %d}", pool.name, pool.language, pool.agents)
		g.figure("util_"+pool.name, "occupancy main."+pool.name)
	}
	g.line("work: {t1: {handle_time: exponential(mean %s)}}", length(1/p.Mu, calendar.Minute))
	g.line("routing: {rule: severity}\nworkload:\n  streams:")
	g.line("    ones: {region: first, rate: %s/min, mix: {severity: class1}}", plain(p.Lambda1))
	g.line("    twos: {region: second, rate: %s/min, mix: {severity: class2}}", plain(p.Lambda2))
	servers := p.N1 + p.N2 + p.NF
	days, warmUp := queue{unit: calendar.Minute, rate: p.Lambda1 + p.Lambda2, mean: 1 / p.Mu, scv: 1, servers: servers}.span()
	g.line("run: {days: %s, warm_up: %s}", plain(days), length(warmUp, calendar.Minute))
	fmt.Fprintf(&g.exact, "full_rate %g\n", float64(servers)*p.Mu)
	for class, target := range []string{"T1", "T2"} {
		name := fmt.Sprintf("class%d", class+1)
		g.figure("p_wait_"+name, "wait_share t1 "+name)
		g.figure("mean_wait_"+name, "mean_wait t1 "+name)
		g.figure(fmt.Sprintf("p_wait_le_%s_%s", target, name), "attainment standard "+name)
	}
	return nil
}

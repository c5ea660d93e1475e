package experiment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"sunrelay/model/calendar"
)

// sineUnit is the unit of time of the cases with sin t: a day is the period 2π.
const sineUnit = calendar.Duration(13_750_987) // 24 h / 2π, in milliseconds

// sampledDays is the number of days for which the goals of figures at one instant of the day are chosen: such a figure has
// one observation a day, and 1 % for a probability p would take 10,000·(1-p)/p of them.
const sampledDays = 20_000

// timeVarying are queues with a daily pattern.
func (g *generator) timeVarying() error {
	switch {
	case g.ID == "mtminf-0":
		return g.sineAmple()
	case strings.HasPrefix(g.ID, "mtmstm-th"):
		return g.sineConstantStaff()
	case strings.HasPrefix(g.ID, "mtmstm-"):
		return g.sineStaffed()
	case g.ID == "mtmc-sin-slow":
		return g.slowSine()
	case g.ID == "fts-3centre":
		return g.followTheSun()
	case g.ID == "mtginf-ln-18":
		return g.ampleLognormal()
	}
	return fmt.Errorf("no scenario for %s", g.ID)
}

// sineProfile is the mean of mean + amplitude·sin over each of the 1,440 minutes of a day that is one period. Steps of a
// minute instead of the curve move the number of open cases by less than amplitude·(2π/1440)²/8, 1 part in 2·10^6.
func sineProfile(mean, amplitude float64) []float64 {
	const n = 1440
	step := 2 * math.Pi / n
	profile := make([]float64, n)
	for i := range profile {
		from := step * float64(i)
		profile[i] = mean + amplitude*(math.Cos(from)-math.Cos(from+step))/step
	}
	return profile
}

// clock is a time of the model as a time of day.
func clock(t float64, unit calendar.Duration) string {
	ms := int64(math.Round(t * float64(unit)))
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, ms%1000)
}

// atInstant adds a figure at an instant. The goal is that of sampledDays, for a mean number relative to the square root
// of three times more: its observations scatter more than those of a probability.
func (g *generator) atInstant(metric, measure string, p float64) {
	least := math.Sqrt((1 - p) / p / sampledDays)
	if !strings.HasPrefix(measure, "delayed_at") {
		least *= math.Sqrt(3)
	}
	if least <= goal {
		g.figure(metric, measure)
		return
	}
	g.figure(metric, measure, fmt.Sprintf("goal %.3g", least))
}

// sineStream adds the arrivals of 100 + 20 sin t in a unit.
func (g *generator) sineStream() {
	perHour := 100 / (float64(sineUnit) / float64(calendar.Hour))
	g.line("workload:\n  streams:\n    cases:\n      rate: %s/h", plain(perHour))
	g.line("      profile: {day: %s}", values(sineProfile(100, 20)))
	fmt.Fprintf(&g.exact, "unit %s\n", sineUnit)
}

// sineAmple has more agents than cases ever.
func (g *generator) sineAmple() error {
	g.line("name: ample\nseverities: [normal]\nregions: [world]\nplans: [standard]")
	g.line("centres: {main: {pools: {t1: {agents: 250}}}}")
	g.line("work: {t1: {handle_time: exponential(mean %s)}}", length(1, sineUnit))
	g.sineStream()
	g.line("run: {days: 320, warm_up: 14d}")
	g.figure("m_t", "open_at "+clock(0, sineUnit))
	g.figure("m_t", "open_variance_at "+clock(0, sineUnit)) // of a Poisson number
	return nil
}

// sineStaffed follows the offered load with stacked shifts, one for each agent who is not needed all day. Whatever the
// staffing, with patience as long as work the number of open cases is that of ample agents; a touch is finished when a
// shift ends. So the queue of the exact model, whose staff leaves at once, is the excess over s(t).
func (g *generator) sineStaffed() error {
	var p struct {
		Beta float64
		T    []float64 `json:"t"`
	}
	if err := g.params(&p); err != nil {
		return err
	}
	g.line("name: staffed\nseverities: [normal]\nregions: [world]\nplans: [standard]")
	g.line("channels: {phone: {patience: exponential(mean %s)}}", length(1, sineUnit))
	g.line("centres:\n  main:\n    pools:\n      t1:\n        shifts:")
	for _, s := range sineShifts(p.Beta) {
		g.line("          %s", s)
	}
	g.line("work: {t1: {handle_time: exponential(mean %s)}}", length(1, sineUnit))
	g.sineStream()
	g.line("run: {days: 320, warm_up: 14d}")
	fmt.Fprintf(&g.exact, "full_rate %d\n", sineStaff(math.Pi*3/4, p.Beta))
	for _, t := range p.T {
		at := fmt.Sprintf("_t%g", t)
		s := sineStaff(t, p.Beta)
		if s != int(g.number("s"+at)) {
			return fmt.Errorf("s%s is %d here, %g there", at, s, g.number("s"+at))
		}
		g.used["s"+at] = true
		chance := g.number("p_delay" + at)
		g.atInstant("p_delay"+at, fmt.Sprintf("delayed_at %s %d", clock(t, sineUnit), s), chance)
		g.atInstant("mean_queue"+at, fmt.Sprintf("excess_at %s %d", clock(t, sineUnit), s), chance)
	}
	return nil
}

// sineStaff is s(t) = ⌈m + β√m⌉ with the offered load m = 100 + 10 (sin t - cos t).
func sineStaff(t, beta float64) int {
	m := 100 + 10*(math.Sin(t)-math.Cos(t))
	return int(math.Ceil(m + beta*math.Sqrt(m) - 1e-9))
}

// sineShifts are the shifts of s(t) by minutes: the agents needed all day, and for each further one the minutes in which
// s(t) wants so many.
func sineShifts(beta float64) []string {
	const n = 1440
	staff := make([]int, n)
	for i := range staff {
		staff[i] = sineStaff((float64(i)+0.5)*2*math.Pi/n, beta)
	}
	least, most := slices.Min(staff), slices.Max(staff)
	shifts := []string{fmt.Sprintf("base: {agents: %d, start: \"00:00\", length: 24h}", least)}
	for level := least + 1; level <= most; level++ {
		wanted, start := 0, 0
		for i := range staff {
			if staff[i] >= level {
				wanted++
				if staff[(i+n-1)%n] < level {
					start = i
				}
			}
		}
		shifts = append(shifts, fmt.Sprintf("more%d: {agents: 1, start: \"%02d:%02d\", length: %dm}", level, start/60, start%60, wanted))
	}
	return shifts
}

// sineConstantStaff has 100 agents and callers who hold four times as long as work lasts.
func (g *generator) sineConstantStaff() error {
	var p struct {
		Mu, Theta float64
		S         int
	}
	if err := g.params(&p); err != nil {
		return err
	}
	g.line("name: constant\nseverities: [normal]\nregions: [world]\nplans: [standard]")
	g.line("channels: {phone: {patience: exponential(mean %s)}}", length(1/p.Theta, sineUnit))
	g.line("centres: {main: {pools: {t1: {agents: %d}}}}", p.S)
	g.line("work: {t1: {handle_time: exponential(mean %s)}}", length(1/p.Mu, sineUnit))
	g.sineStream()
	g.line("run: {days: 320, warm_up: 14d}")
	fmt.Fprintf(&g.exact, "full_rate %d\n", p.S)
	g.dailyFigures(sineUnit, []float64{0, 1, 2, 3, 4, 5, 6}, func(float64) int { return p.S })
	return nil
}

// dailyFigures are those of a daily pattern: over the day, and at instants with a number of agents each.
func (g *generator) dailyFigures(unit calendar.Duration, instants []float64, staff func(t float64) int) {
	g.figure("arrival_avg_p_delay", "wait_share_of_all")
	g.figure("time_avg_mean_queue", "mean_waiting")
	g.figure("mean_total_queueing_time_incl_handback_(Little)", "mean_wait_of_all")
	g.figure("time_avg_in_system", "mean_open")
	peak := g.number("peak_p_delay_time")
	g.atInstant("peak_p_delay", fmt.Sprintf("delayed_at %s %d", clock(peak, unit), staff(peak)), g.number("peak_p_delay"))
	for _, t := range instants {
		at := fmt.Sprintf("_t%g", t)
		chance := g.number("p_delay" + at)
		g.figure("mean_in_system"+at, "open_at "+clock(t, unit))
		if chance < rareDelay {
			g.used["p_delay"+at], g.used["mean_queue"+at] = true, true
			continue
		}
		g.atInstant("p_delay"+at, fmt.Sprintf("delayed_at %s %d", clock(t, unit), staff(t)), chance)
		g.atInstant("mean_queue"+at, "queue_at "+clock(t, unit), chance)
	}
}

// rareDelay is the probability below which a delay at an instant is left out, with the queue there: a day in a thousand
// shows nothing in sampledDays.
const rareDelay = 1e-3

// slowSine has work of four hours in a daily pattern; a unit is an hour.
func (g *generator) slowSine() error {
	g.line(`name: slow
severities: [normal]
regions: [world]
plans: [standard]
centres: {main: {pools: {t1: {agents: 48}}}}
work: {t1: {handle_time: exponential(mean 4h)}}
workload:
  streams:
    cases: {rate: 8/h, profile: {day: %s}}
run: {days: 1000, warm_up: 14d}`, values(sineProfile(1, 0.5)))
	fmt.Fprintln(&g.exact, "unit 1h\nfull_rate 12")
	g.dailyFigures(calendar.Hour, []float64{0, 6, 8, 12, 18}, func(float64) int { return 48 })
	return nil
}

// ampleLognormal has more agents than cases ever, and work that is not exponential; a unit is an hour.
func (g *generator) ampleLognormal() error {
	g.line(`name: ample
severities: [normal]
regions: [world]
plans: [standard]
centres: {main: {pools: {t1: {agents: 60}}}}
work: {t1: {handle_time: "lognormal(mean 1h, cv 1.3)"}}
workload:
  streams:
    cases: {rate: 8/h, profile: {day: %s}}
run: {days: 1000, warm_up: 14d}`, values(sineProfile(1, 0.5)))
	fmt.Fprintln(&g.exact, "unit 1h")
	g.figure("m_t", "open_at 18:00:00.000")
	g.figure("m_t", "open_variance_at 18:00:00.000") // of a Poisson number
	return nil
}

// followTheSun are three centres with a shift of eight hours each; work in progress is handed over. A unit is an hour.
// The plans have equal shares and differ by their target alone. A second scenario adds probes.
func (g *generator) followTheSun() error {
	g.yaml.WriteString(sunScenario(""))
	fmt.Fprintln(&g.exact, "unit 1h\nfull_rate 23.4")
	staff := func(t float64) int { return []int{12, 26, 18}[int(t)/8] }
	g.dailyFigures(calendar.Hour, sunInstants, staff)
	g.second = &generator{validationCase: g.validationCase, used: g.used}
	g.second.yaml.WriteString(sunScenario(sunProbes))
	fmt.Fprintln(&g.second.exact, "unit 1h\nfull_rate 23.4")
	for _, target := range []string{"15min", "30min", "1h", "2h"} {
		plan := "within_" + strings.Replace(target, "min", "m", 1)
		g.figure("arrival_avg_p_wait_le_"+target, "attainment "+plan+" case")
		for _, t := range sunInstants {
			metric := fmt.Sprintf("p_wait_le_%s_arrival_t%g", target, t)
			g.second.figure(metric, fmt.Sprintf("hour_attainment %g %s probe", t, plan))
		}
	}
	return nil
}

var sunInstants = []float64{0, 4, 8, 12, 14, 16, 18, 20}

// sunProbes are streams of cases without work at every full hour, one for each plan: what they wait is what a case would
// wait that arrives at that instant, and they keep no agent from other work.
const sunProbes = `
    probes_15m: {interarrival: constant(1h), mix: {severity: probe, plan: within_15m}}
    probes_30m: {interarrival: constant(1h), mix: {severity: probe, plan: within_30m}}
    probes_1h: {interarrival: constant(1h), mix: {severity: probe, plan: within_1h}}
    probes_2h: {interarrival: constant(1h), mix: {severity: probe, plan: within_2h}}`

func sunScenario(probes string) string {
	rates := slices.Concat(repeated(6, 6), repeated(14, 6), repeated(20, 6), repeated(9, 6))
	return fmt.Sprintf(`name: sun
severities: [case, probe]
regions: [world]
plans:
  within_15m: {first_response: 15m}
  within_30m: {first_response: 30m}
  within_1h: {first_response: 1h}
  within_2h: {first_response: 2h}
centres:
  east: {pools: {t1: {at_shift_end: hand_over, shifts: {day: {agents: 12, start: "00:00", length: 8h}}}}}
  middle: {pools: {t1: {at_shift_end: hand_over, shifts: {day: {agents: 26, start: "08:00", length: 8h}}}}}
  west: {pools: {t1: {at_shift_end: hand_over, shifts: {day: {agents: 18, start: "16:00", length: 8h}}}}}
work: {t1: {handle_time: exponential(mean 4000s), severities: {probe: {handle_time: constant(0)}}}}
routing: {rule: fifo}
workload:
  streams:
    cases:
      rate: 12.25/h
      profile: {day: %s}
      mix: {severity: case, plan: {within_15m: 0.25, within_30m: 0.25, within_1h: 0.25, within_2h: 0.25}}%s
run: {days: 1000, warm_up: 7d}
`, values(rates), probes)
}

func repeated(x float64, n int) []float64 { return slices.Repeat([]float64{x}, n) }

// byLength puts the longest cases first: those with most agents.
func byLength(cases []validationCase) []validationCase {
	slices.SortStableFunc(cases, func(a, b validationCase) int { return cmp.Compare(b.agents(), a.agents()) })
	return cases
}

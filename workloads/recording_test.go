package workloads

import (
	"math"
	"slices"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
)

// twoStreams has two streams of one region, with plans of their own, and one of another region.
const twoStreams = `
severities: [sev1, sev2]
channels: [web, phone]
regions: {here: {zone: UTC}, there: {zone: UTC}}
plans: [gold, silver]
centres: {main: {pools: {t1: {agents: 1}}}}
work: {t1: {handle_time: exponential(mean 10m), touches: 4}}
workload:
  mix: {channel: {web: 0.5, phone: 0.5}}
  streams:
    rich: {region: here, rate: 300/day, growth: 10%, mix: {plan: gold, severity: {sev1: 0.5, sev2: 0.5}}}
    poor: {region: here, rate: 100/day, mix: {plan: silver, severity: {sev1: 0.1, sev2: 0.9}}}
    far: {region: there, rate: 100/day, mix: {plan: {gold: 0.5, silver: 0.5}, severity: {sev1: 0.2, sev2: 0.8}}}
run: {start: 2026-01-05, days: 21, seed: 4}
`

// recording has n cases a day of each kind on 21 days, at full minutes.
func recording(n int, again Resampling, kinds ...scenario.Attributes) *Recording {
	r := &Recording{Kinds: kinds, Again: again}
	begin := calendar.FromTime(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)) // a Monday
	for day := range 22 {
		r.Days = append(r.Days, begin.Add(calendar.Duration(day)*calendar.Day))
		for i := range n * len(kinds) {
			if day < 21 {
				at := r.Days[day].Add(calendar.Duration(i) * calendar.Minute / calendar.Duration(len(kinds)))
				r.Cases = append(r.Cases, Recorded{At: at, Kind: int32(i % len(kinds)), Work: float32(day+1) * 1000})
			}
		}
	}
	return r
}

func replayed(t *testing.T, r *Recording, sets ...string) *Model {
	t.Helper()
	m, compiled := bindCompiled(t, twoStreams, sets...)
	return m.Replay(compiled, r)
}

// TestReplayConditions checks that what is not recorded is drawn as Bayes' theorem says, from the streams and plans that have such cases:
// limits are six standard deviations.
func TestReplayConditions(t *testing.T) {
	sev1 := scenario.Attributes{Region: 0, Plan: -1, Severity: 0, Channel: -1, Language: -1}
	silver := scenario.Attributes{Region: -1, Plan: 1, Severity: -1, Channel: 1, Language: -1}
	r := recording(700, AsRecorded, sev1, silver)
	m := replayed(t, r)
	if m.Streams() != 3 {
		t.Fatalf("%d streams, want those of the file", m.Streams())
	}
	count := map[string]int{}
	seen := make([]int, len(r.Cases))
	for stream := range m.Streams() {
		source, block := m.Source(stream, 0), make([]Case, BlockSize)
		for n := source.Fill(block); n > 0; n = source.Fill(block) {
			for i, c := range block[:n] {
				origin := source.Origin(i)
				seen[origin]++
				class, rec := m.Classes[c.Class], r.Cases[origin]
				if c.At != rec.At || float32(c.Work) != rec.Work {
					t.Fatalf("case %+v is played as %+v", rec, c)
				}
				if rec.Kind == 0 && (class.Severity != 0 || class.Region != 0) || rec.Kind == 1 && (class.Plan != 1 || class.Channel != 1) {
					t.Fatalf("case of kind %d is played as %+v", rec.Kind, class)
				}
				if rec.Kind == 0 && class.Plan == 0 {
					count["gold"]++
				}
				if rec.Kind == 1 && class.Region == 1 {
					count["there"]++
				}
				if rec.Kind == 1 && class.Severity == 0 {
					count["sev1"]++
				}
			}
		}
	}
	if slices.Min(seen) != 1 || slices.Max(seen) != 1 {
		t.Error("not every case is played once")
	}
	rich := m.streams[0].expected + m.streams[1].expected + m.streams[2].expected
	if all := float64(len(r.Cases)); math.Abs(rich-all) > 1 {
		t.Errorf("%g cases are expected of %g", rich, all)
	}
	n := float64(700 * 21)
	grown := 300 * (1 + 0.1*10.5/365) // the mean rate with its growth
	for name, want := range map[string]float64{
		"gold":  grown * 0.5 / (grown*0.5 + 100*0.1), // of severity 1 in the region here
		"there": 100 * 0.5 / (100 + 100*0.5),         // of plan silver
		"sev1":  (100*0.1 + 50*0.2) / 150,
	} {
		if got := float64(count[name]) / n; math.Abs(got-want) > 6*math.Sqrt(want*(1-want)/n) {
			t.Errorf("%g are %s, want %g", got, name, want)
		}
	}
}

// TestReplayLoosens checks that a case by a channel that nobody like it uses comes by another, and that one of a plan without any
// such severity keeps both.
func TestReplayLoosens(t *testing.T) {
	byPhone := scenario.Attributes{Region: 0, Plan: 0, Severity: 0, Channel: 1, Language: -1}
	rare := scenario.Attributes{Region: 0, Plan: 1, Severity: 1, Channel: -1, Language: -1}
	m := replayed(t, recording(3, AsRecorded, byPhone, rare), "workload.mix.channel={web: 1, phone: 0}", "workload.streams.poor.mix.severity={sev1: 1, sev2: 0}")
	if m.Loosened() != 3*21 {
		t.Errorf("%d cases are loosened", m.Loosened())
	}
	played := 0
	for stream := range m.Streams() {
		source, block := m.Source(stream, 0), make([]Case, BlockSize)
		for n := source.Fill(block); n > 0; n = source.Fill(block) {
			played += n
			for i, c := range block[:n] {
				class := m.Classes[c.Class]
				if want := source.player.Kinds[source.player.Cases[source.Origin(i)].Kind]; class.Channel != 0 || class.Plan != want.Plan || class.Severity != want.Severity {
					t.Fatalf("%+v is played as %+v", want, class)
				}
			}
		}
	}
	if played != 2*3*21 {
		t.Errorf("%d cases are played", played)
	}
}

// TestReplayKeys checks that a case has the same fate in another organisation, and another one in another replication.
func TestReplayKeys(t *testing.T) {
	kind := scenario.Attributes{Region: 1, Plan: 0, Severity: 0, Channel: 0, Language: -1}
	for _, again := range []Resampling{AsRecorded, ByDays, ByWeeks} {
		r := recording(5, again, kind)
		a, b := replayed(t, r), replayed(t, r, "work.t1.handle_time=constant(5m)", "workload.streams.rich.rate=9/day", "run.warm_up=3d")
		one, other := casesOf(a, 2, 3), casesOf(b, 2, 3)
		if len(one) != len(r.Cases) || !slices.EqualFunc(one, other, func(x, y Case) bool { return x.Key == y.Key && x.At == y.At }) {
			t.Errorf("resampling %d: %d and %d cases differ", again, len(one), len(other))
		}
		if next := casesOf(a, 2, 4); next[0].Key == one[0].Key {
			t.Error("two replications have the same fates")
		}
	}
}

// TestReplayResamples checks that days come from those of the same weekday, and weeks whole: the work of a case tells its day.
func TestReplayResamples(t *testing.T) {
	kind := scenario.Attributes{Region: 1, Plan: 0, Severity: 0, Channel: 0, Language: -1}
	for again, most := range map[Resampling]int{AsRecorded: 1, ByDays: 3, ByWeeks: 3} {
		r := recording(3, again, kind)
		m := replayed(t, r)
		sources := map[int]map[int]bool{}
		for replication := range 60 {
			days := make([]int, 21)
			for _, c := range casesOf(m, 2, replication) {
				day := int(c.At.Sub(r.Days[0]) / calendar.Day)
				days[day] = int(c.Work)/1000 - 1
				if c.At.Sub(r.Days[day]) > 3*calendar.Minute {
					t.Fatalf("case at %s", c.At)
				}
			}
			for day, from := range days {
				if from%7 != day%7 || again == ByWeeks && from/7 != days[day/7*7]/7 || again == AsRecorded && from != day {
					t.Fatalf("resampling %d: day %d comes from %d", again, day, from)
				}
				if sources[day] == nil {
					sources[day] = map[int]bool{}
				}
				sources[day][from] = true
			}
		}
		for day := range 21 {
			if len(sources[day]) != most {
				t.Errorf("resampling %d: day %d has %d sources in 60 replications, want %d", again, day, len(sources[day]), most)
			}
		}
	}
}

// TestReplayWork checks that work of all touches is shared among as many as the scenario has.
func TestReplayWork(t *testing.T) {
	r := recording(1, AsRecorded, scenario.Attributes{Region: 1, Plan: 0, Severity: 0, Channel: 0, Language: -1})
	for i := range r.Cases {
		r.Cases[i].Work, r.Cases[i].AllTouches = 40_000, true
	}
	r.Cases[0].Work = 0
	cases := casesOf(replayed(t, r), 2, 0)
	if cases[1].Work != 10_000 || cases[0].Work == 0 || cases[0].Work == 10_000 {
		t.Errorf("first touches take %d and %d, want a drawn time and 10 s", cases[0].Work, cases[1].Work)
	}
}

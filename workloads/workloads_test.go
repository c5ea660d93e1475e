package workloads

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sharedtest"
	"sunrelay/workloads/rng"
)

// bindText makes the workload of a scenario given as text.
func bindText(t testing.TB, text string, sets ...string) *Model {
	t.Helper()
	m, _ := bindCompiled(t, text, sets...)
	return m
}

// bindCompiled is bindText, with the scenario.
func bindCompiled(t testing.TB, text string, sets ...string) (*Model, *scenario.Compiled) {
	t.Helper()
	def, err := scenario.Load(scenario.Source{Name: "scenario.yaml", Data: []byte(text)}, sets)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := scenario.Compile(def)
	if err != nil {
		t.Fatal(err)
	}
	m, problems := Bind(compiled)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return m, compiled
}

// casesOf are all cases of a stream in a replication.
func casesOf(m *Model, stream, replication int) []Case {
	source := m.Source(stream, replication)
	var all []Case
	block := make([]Case, BlockSize)
	for {
		n := source.Fill(block)
		if n == 0 {
			return all
		}
		all = append(all, block[:n]...)
	}
}

const mixed = `
severities: [sev1, sev2, sev3]
languages: {en: {}, de: {fallback: en}, ja: {fallback: en}}
channels: [web, phone]
regions: {here: {zone: Europe/Dublin, languages: {en: 0.5, de: 0.2, ja: 0.3}}}
plans: [gold, silver, bronze]
centres: {main: {pools: {t1: {agents: 1}}}}
work: {t1: {handle_time: exponential(mean 10m), severities: {sev1: {handle_time: constant(7m)}}}}
workload:
  streams:
    cases:
      rate: 400/day
      mix:
        plan: {gold: 0.15, silver: 0.85, bronze: 0}
        severity: {by: plan, gold: {sev1: 0.25, sev2: 0.75}, default: {sev2: 0.1, sev3: 0.9}}
        channel: {by: severity, sev1: {phone: 1}, default: {web: 0.6, phone: 0.4}}
run: {days: 50, seed: 4}
`

// shares are the mix above as it is written: by plan, then severity by plan, channel by severity, language.
var shares = struct {
	plan, language    []float64
	severity, channel [][]float64
}{
	plan:     []float64{0.15, 0.85, 0},
	severity: [][]float64{{0.25, 0.75, 0}, {0, 0.1, 0.9}, {0, 0.1, 0.9}},
	channel:  [][]float64{{0, 1}, {0.6, 0.4}, {0.6, 0.4}},
	language: []float64{0.5, 0.2, 0.3},
}

// slowPick walks the shares.
func slowPick(shares []float64, bits uint64) int {
	u := float64(bits) / 0x1p64
	for i, s := range shares {
		if u < s {
			return i
		}
		u -= s
	}
	return len(shares) - 1
}

// TestMixIsSlowTwin draws every attribute of 20,000 cases again from the shares as they are written.
func TestMixIsSlowTwin(t *testing.T) {
	m := bindText(t, mixed)
	cases := casesOf(m, 0, 0)
	if len(cases) < 18_000 {
		t.Fatalf("%d cases, want about 20,000", len(cases))
	}
	counts := map[Class]int{}
	for _, c := range cases {
		want := Class{Plan: slowPick(shares.plan, c.Key.Bits(drawPlan, 0)), Language: slowPick(shares.language, c.Key.Bits(drawLanguage, 0))}
		want.Severity = slowPick(shares.severity[want.Plan], c.Key.Bits(drawSeverity, 0))
		want.Channel = slowPick(shares.channel[want.Severity], c.Key.Bits(drawChannel, 0))
		if got := m.Classes[c.Class]; got != want {
			t.Fatalf("the case %x is %+v, want %+v", c.Key, got, want)
		}
		counts[want]++
		if wantWork := m.Work[0][want.Severity].Handle.Sample(c.Key.Bits(DrawHandle, 0)); math.Abs(float64(c.Work)-wantWork) > 0.5 {
			t.Fatalf("the first touch takes %d ms, want %g", c.Work, wantWork)
		}
	}
	checkShares(t, counts, len(cases))
	if occurring := m.StreamClasses(0); len(occurring) != len(counts) {
		t.Errorf("%d classes can occur, %d did", len(occurring), len(counts))
	}
}

// checkShares compares the frequency of each class with the product of its shares, within 5 standard deviations: of 21
// classes one fails by chance in 80,000 seeds.
func checkShares(t *testing.T, counts map[Class]int, n int) {
	t.Helper()
	for class, count := range counts {
		p := shares.plan[class.Plan] * shares.severity[class.Plan][class.Severity] *
			shares.channel[class.Severity][class.Channel] * shares.language[class.Language]
		if deviation := math.Sqrt(p * (1 - p) * float64(n)); math.Abs(float64(count)-p*float64(n)) > 5*deviation {
			t.Errorf("%d cases are %+v, want %.0f ± %.0f", count, class, p*float64(n), deviation)
		}
	}
}

// TestShareMovesFew moves 1 % of a share: the other attributes and 99 % of the plans stay.
func TestShareMovesFew(t *testing.T) {
	before := casesOf(bindText(t, mixed), 0, 0)
	m := bindText(t, mixed)
	after := bindText(t, strings.Replace(mixed, "gold: 0.15, silver: 0.85", "gold: 0.16, silver: 0.84", 1))
	moved := 0
	for i, c := range casesOf(after, 0, 0) {
		a, b := m.Classes[before[i].Class], after.Classes[c.Class]
		if c.At != before[i].At || c.Key != before[i].Key || a.Language != b.Language {
			t.Fatalf("case %d was %+v and is %+v", i, a, b)
		}
		if a.Plan != b.Plan {
			moved++
		} else if a != b {
			t.Fatalf("case %d was %+v and is %+v", i, a, b)
		}
	}
	n := float64(len(before)) // binomial with 1 %, within 5 standard deviations
	if math.Abs(float64(moved)-0.01*n) > 5*math.Sqrt(0.01*n) {
		t.Errorf("%d of %.0f cases have another plan, want 1 %%", moved, n)
	}
}

// TestGrowthAddsOnly lets a stream grow: its own cases stay, and the new ones come in a stream of their own.
func TestGrowthAddsOnly(t *testing.T) {
	still, growing := bindText(t, mixed), bindText(t, mixed, "workload.streams.cases.growth=0.5", "run.days=50")
	if still.Streams() != 1 || growing.Streams() != 2 {
		t.Fatalf("%d and %d streams, want 1 and 2", still.Streams(), growing.Streams())
	}
	before := casesOf(still, 0, 3)
	if !slices.Equal(before, casesOf(growing, 0, 3)) {
		t.Error("growth moves cases")
	}
	known := map[rng.Key]bool{}
	for _, c := range before {
		known[c.Key] = true
	}
	added := casesOf(growing, 1, 3)
	for _, c := range added {
		if known[c.Key] {
			t.Fatalf("the case %x comes twice", c.Key)
		}
	}
	// the integral of 400 (1.5^(d/365) - 1) over 50 days with steps of a day, a Poisson number
	want := 0.0
	for day := range 50 {
		want += 400 * (math.Pow(1.5, float64(day)/365) - 1)
	}
	if math.Abs(float64(len(added))-want) > 5*math.Sqrt(want) {
		t.Errorf("growth adds %d cases, want %.0f ± %.0f", len(added), want, math.Sqrt(want))
	}
}

// TestShrinkingTakesAwayOnly lets a stream shrink: it loses some of its cases, and the others stay as they are.
func TestShrinkingTakesAwayOnly(t *testing.T) {
	still, shrinking := bindText(t, mixed, "run.days=50"), bindText(t, mixed, "workload.streams.cases.growth=-0.9", "run.days=50")
	before, after := casesOf(still, 0, 3), casesOf(shrinking, 0, 3)
	next := 0
	for _, c := range before {
		if next < len(after) && after[next] == c {
			next++
		}
	}
	if next < len(after) {
		t.Fatalf("the case %x is not one of the stream", after[next].Key)
	}
	// Each is lost with a probability that is the integral of 1 - 0.1^(d/365) over 50 days; within five standard deviations,
	// one false alarm in a million.
	lost, want := float64(len(before)-len(after)), 0.0
	for day := range 50 {
		want += 400 * (1 - math.Pow(0.1, (float64(day)+0.5)/365))
	}
	if math.Abs(lost-want) > 5*math.Sqrt(want) {
		t.Errorf("shrinking takes %.0f cases away, want %.0f ± %.0f", lost, want, math.Sqrt(want))
	}
	expected := still.ExpectedCases() - shrinking.ExpectedCases() // by steps of a day
	if math.Abs(expected-want) > 0.02*want {
		t.Errorf("%.0f fewer cases are expected, want %.0f", expected, want)
	}
}

// TestReplicationsDiffer draws two replications, one of them twice.
func TestReplicationsDiffer(t *testing.T) {
	m := bindText(t, mixed)
	first, second := casesOf(m, 0, 0), casesOf(m, 0, 1)
	if !slices.Equal(first, casesOf(m, 0, 0)) {
		t.Error("the same replication has other cases")
	}
	if first[0].Key == second[0].Key || first[0].At == second[0].At {
		t.Error("two replications begin alike")
	}
}

// busyDays is the law of a day's number of cases: Poisson with a mean of m times a Gamma factor with the given shape.
type busyDays struct {
	id       string
	m, alpha float64
	mean     float64
	variance float64
	most     float64 // P(N <= most)
	share    float64
}

// TestBusyDays compares the number of cases a day with the negative binomial distribution: 64 replications of 100 days,
// each figure within 4.3 standard errors by Student's distribution, which six figures miss by chance in 1 of 5,000
// seeds.
func TestBusyDays(t *testing.T) {
	cases := []busyDays{{"made up", 50, 5, 50, 550, -1, 0}}
	for _, c := range append(cases, sharedDays(t)...) {
		m := bindText(t, fmt.Sprintf(`
severities: [normal]
regions: {here: {zone: Asia/Tokyo}}
plans: [standard]
centres: {main: {pools: {t1: {agents: 1}}}}
work: {t1: {handle_time: exponential(mean 10m)}}
workload: {streams: {cases: {rate: %g/day, busy_day: %g}}}
run: {start: 2026-01-04T15:00:00Z, days: 100}`, c.m, c.alpha))
		var means, variances, shares []float64
		for replication := range 64 {
			days := casesByDay(casesOf(m, 0, replication), m.from, 100)
			mean, variance := stat.MeanVariance(days, nil)
			means, variances = append(means, mean), append(variances, variance)
			within := 0.0
			for _, n := range days {
				if n <= c.most {
					within++
				}
			}
			shares = append(shares, within/100)
		}
		closeTo(t, c.id+" mean", means, c.mean)
		closeTo(t, c.id+" variance", variances, c.variance)
		if c.most >= 0 {
			closeTo(t, fmt.Sprintf("%s P(N <= %g)", c.id, c.most), shares, c.share)
		}
	}
}

// casesByDay counts the cases of each day from the given instant on, which is midnight in a zone without clock changes.
func casesByDay(cases []Case, from calendar.Instant, days int) []float64 {
	counts := make([]float64, days)
	for _, c := range cases {
		counts[c.At.Sub(from)/calendar.Day]++
	}
	return counts
}

// closeTo fails the test unless the mean of the values is want, within 4.7 standard errors: 4.3 normal ones by Student's
// distribution with 63 degrees of freedom.
func closeTo(t *testing.T, what string, values []float64, want float64) {
	t.Helper()
	mean, deviation := stat.MeanStdDev(values, nil)
	se := deviation / math.Sqrt(float64(len(values)))
	if math.Abs(mean-want) > 4.7*se {
		t.Errorf("%s: %g ± %.2g, want %g", what, mean, se, want)
	}
}

// sharedDays are the cases of shared/validation.json, if there is such a file beside a folder above.
func sharedDays(t *testing.T) []busyDays {
	t.Helper()
	if sharedtest.Find(t, "validation.json") == "" {
		t.Log("without shared/validation.json")
		return nil
	}
	type anchor struct {
		ID, Group string
		Params    json.RawMessage
		Metrics   map[string]struct{ Value any }
	}
	var found []busyDays
	for _, c := range sharedtest.Cases[anchor](t) {
		if c.Group != "arrivals" {
			continue
		}
		var p struct{ M, Alpha float64 }
		if err := json.Unmarshal(c.Params, &p); err != nil {
			t.Fatal(err)
		}
		d := busyDays{id: c.ID, m: p.M, alpha: p.Alpha, most: math.Round(1.3 * p.M)}
		d.mean, _ = c.Metrics["mean"].Value.(float64)
		d.variance, _ = c.Metrics["variance"].Value.(float64)
		d.share, _ = c.Metrics[fmt.Sprintf("p_le_%g", d.most)].Value.(float64)
		found = append(found, d)
	}
	return found
}

// goldenCases are the first cases of a stream: instant, key, class (region, plan, severity, channel, language) and
// milliseconds of the first touch. They may change
// only with a reason to change every result of every scenario.
const goldenCases = `
2026-01-05T00:01:13.438Z 36fafb9d5ae479b4 {0 1 1 0 0} 718021
2026-01-05T00:15:04.655Z c4185f4993292130 {0 1 2 0 0} 72426
2026-01-05T00:17:06.5Z c82e289a4420ed6e {0 1 2 0 0} 608284
2026-01-05T00:21:57.613Z 5a29a059706592a8 {0 1 2 0 2} 344546
2026-01-05T00:22:46.395Z 43607da0e493d370 {0 1 2 0 1} 419925
2026-01-05T00:25:14.872Z 63bb88eb4bc293b4 {0 1 2 0 1} 273923
2026-01-05T00:36:35.979Z c13fe12472669c8e {0 1 2 0 0} 866895
2026-01-05T00:37:10.901Z c3f1cf25a887f973 {0 1 2 0 0} 422684
`

// TestGoldenCases guards the draws: a seed means the same on every machine and in every version.
func TestGoldenCases(t *testing.T) {
	m := bindText(t, mixed)
	var b strings.Builder
	for _, c := range casesOf(m, 0, 0)[:8] {
		fmt.Fprintf(&b, "%s %016x %v %d\n", c.At, uint64(c.Key), m.Classes[c.Class], c.Work)
	}
	if got := strings.TrimSpace(b.String()); got != strings.TrimSpace(goldenCases) {
		t.Errorf("the first cases are\n%s\nwant\n%s", got, goldenCases)
	}
}

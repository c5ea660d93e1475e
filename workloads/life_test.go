package workloads

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/workloads/rng"
)

// life is a scenario with parties, managers, outages, changes of severity and cases that are refused.
const life = `
severities: [sev1, sev2, sev3]
channels: {web: {}, phone: {patience: constant(5m)}}
calendars: {office: {zone: UTC, hours: mon-fri 08:00-16:00}}
regions: {here: {calendar: office}}
plans:
  gold: {channels: {sev1: phone}, severity_changes: lower}
  silver: {severity_changes: none}
centres: {main: {pools: {t1: {agents: 1}}}}
work:
  t1:
    handle_time: constant(7m)
    touches: 2
    question: 50%
    answer_after: constant(10h)
    answer_clock: region
    update_time: constant(3m)
    restored: 40%
    lowered: 10%
    raised: 10%
    issues: 1.25
    reopen: 5%
    reopen_after: constant(5d)
    escalation: {engineering: 5%}
    plans: {silver: {handle_time: constant(9m), reopen: 0}}
    severities: {sev3: {lowered: 0}}
  engineering:
    turnaround: constant(2d)
    releases: {from: 2026-01-05, every: 2w}
    fails: 10%
    milestone: fix
    delivery: constant(1h)
    send_back: constant(3d)
    send_back_clock: region
management:
  phone: {share: 2%, after: constant(1h), handle_time: constant(20m)}
  mail: {share: 3%, after: constant(1d), handle_time: constant(10m), tier: t1}
workload:
  mix:
    plan: {gold: 0.5, silver: 0.5}
    severity: {by: plan, gold: {sev1: 0.5, sev2: 0.5}, silver: sev2}
    channel: {web: 0.5, phone: 0.5}
    entitled: 90%
  streams:
    cases: {rate: 200/day}
    failures: {outages: {rate: 1/day, cases: 20, reported: exponential(mean 1h), lasts: constant(2h), check: constant(4m)}}
run: {days: 50}
`

// Indices in life.
const (
	gold, silver     = 0, 1
	sev1, sev2, sev3 = 0, 1, 2
)

func TestBoundWork(t *testing.T) {
	m := bindText(t, life)
	w := m.Work[0][gold*3+sev1]
	if w.Handle.Mean() != 7*60_000 || w.Continue != 0.5 || w.Update.Mean() != 3*60_000 || w.Restored != 0.4 ||
		math.Abs(w.AnotherIssue-0.2) > 1e-15 || w.Reopen != 0.05 || w.ReopenAfter.Mean() != float64(5*calendar.Day) || w.Party != nil {
		t.Errorf("work %+v", w)
	}
	if w.Lowered != 0.1 || w.Raised != 0 {
		t.Errorf("gold may be lowered only: %+v", w)
	}
	other := m.Work[0][silver*3+sev2]
	if other.Handle.Mean() != 9*60_000 || other.Reopen != 0 || other.ReopenAfter != nil || other.Lowered != 0 || other.Raised != 0 {
		t.Errorf("work of silver %+v", other)
	}
}

func TestBoundParty(t *testing.T) {
	m := bindText(t, life)
	w := m.Work[1][gold*3+sev1]
	p := w.Party
	if w.Handle != nil || p == nil || p.Fails != 0.1 || p.Milestone != sla.Fix || p.Releases.Every != 2*calendar.Week ||
		p.Delivery.Mean() != float64(calendar.Hour) || p.Turnaround.Hours != nil || len(p.SendBack.Hours) != 1 {
		t.Errorf("party %+v", p)
	}
	if bare := bindText(t, life, "work.engineering={turnaround: 1d}").Work[1][0].Party; bare.Milestone != sla.Milestones ||
		bare.Delivery != nil || bare.SendBack.Length != nil || bare.Releases != (Releases{}) {
		t.Errorf("bare party %+v", bare)
	}
}

func TestBoundManagement(t *testing.T) {
	m := bindText(t, life)
	if len(m.Management) != 2 || m.Management[0].Tier != -1 || m.Management[1].Tier != 0 || m.Management[1].Share != 0.03 {
		t.Errorf("management %+v", m.Management)
	}
}

// TestDelays: ten hours from a Friday afternoon on are over on Monday at ten, eight hours being left of the day before.
func TestDelays(t *testing.T) {
	m := bindText(t, life)
	answer := &m.Work[0][0].Answer
	friday := m.from.Add(4*calendar.Day + 14*calendar.Hour)
	if got := answer.End(friday, 0, 0).String(); got != "2026-01-12T16:00:00Z" {
		t.Errorf("answered at %s", got)
	}
	if turnaround := &m.Work[1][0].Party.Turnaround; turnaround.End(friday, 0, 0) != friday.Add(2*calendar.Day) {
		t.Error("every hour counts at the party")
	}
	last := answer.Hours[0].Horizon().To
	if got := answer.End(last.Add(-1), 0, 0); got != last {
		t.Errorf("beyond the calendar at %s", got)
	}
	if got := answer.End(last.Add(5), 0, 0); got != last.Add(5) {
		t.Errorf("never earlier than it began: %s", got)
	}
}

func TestReleases(t *testing.T) {
	r := Releases{From: 100, Every: 30}
	for at, want := range map[calendar.Instant]calendar.Instant{100: 100, 101: 130, 130: 130, 99: 100, 70: 70, 41: 70, -20: -20, -19: 10} {
		if got := r.Next(at); got != want {
			t.Errorf("after %d at %d, want %d", at, got, want)
		}
	}
	if got := (Releases{}).Next(7); got != 7 {
		t.Errorf("without releases at %d", got)
	}
}

// TestChangesOfSeverity: the classes that are drawn come first, then those that they change to.
func TestChangesOfSeverity(t *testing.T) {
	m := bindText(t, life)
	drawn := m.StreamClasses(0)
	if len(drawn) != 6 || int(slices.Max(drawn)) != 5 {
		t.Fatalf("drawn %v", drawn)
	}
	if len(m.Lower) != len(m.Classes) || len(m.Higher) != len(m.Classes) {
		t.Fatalf("%d classes, %d lower, %d higher", len(m.Classes), len(m.Lower), len(m.Higher))
	}
	for id, class := range m.Classes {
		if lower := m.Lower[id]; class.Plan == gold && class.Severity < sev3 {
			if want := withSeverity(class, class.Severity+1); lower < 0 || m.Classes[lower] != want {
				t.Errorf("%+v is lowered to %d", class, lower)
			}
		} else if lower >= 0 {
			t.Errorf("%+v is lowered", class)
		}
		if m.Higher[id] >= 0 {
			t.Errorf("%+v is raised", class)
		}
	}
	if len(m.Classes) != 8 { // gold at sev3, by two channels
		t.Errorf("%d classes", len(m.Classes))
	}
}

func TestRefusedCases(t *testing.T) {
	m := bindText(t, life)
	closed, entitled, refused := 0, 0, 0
	for _, c := range casesOf(m, 0, 0) {
		class := m.Classes[c.Class]
		switch {
		case class.Plan == gold && class.Severity == sev1 && class.Channel == 0:
			if closed++; !c.Refused {
				t.Fatalf("%+v is not opened by web", class)
			}
		case c.Refused:
			refused++
		default:
			entitled++
		}
		if c.Outage != 0 {
			t.Fatal("a case without outage has one")
		}
	}
	n := float64(entitled + refused) // binomial with 10 %, within 5 standard deviations
	if closed == 0 || math.Abs(float64(refused)-0.1*n) > 5*math.Sqrt(0.09*n) {
		t.Errorf("%d of %g cases are refused", refused, n)
	}
	for _, c := range casesOf(bindText(t, life, "workload.mix.entitled=1", "plans.gold.channels=[web, phone]"), 0, 0) {
		if c.Refused {
			t.Fatal("refused though entitled and open")
		}
	}
}

func TestLinkedCases(t *testing.T) {
	m := bindText(t, life)
	const check, handle = 4 * calendar.Minute, 7 * calendar.Minute
	linked, late := 0, 0
	keys := map[rng.Key]bool{}
	previous := m.from
	for _, c := range casesOf(m, 1, 0) {
		if c.At < previous || keys[c.Key] {
			t.Fatalf("the case at %s is out of order or comes twice", c.At)
		}
		previous, keys[c.Key] = c.At, true
		switch {
		case c.Outage != 0:
			if linked++; c.Outage <= c.At || c.Work != check {
				t.Fatalf("linked case %+v", c)
			}
		default:
			if late++; m.Classes[c.Class].Plan == gold && c.Work != handle {
				t.Fatalf("ordinary case %+v", c)
			}
		}
	}
	// An exponential time of 1 h exceeds 2 h with probability exp(-2); 1000 cases, within 5 standard deviations.
	n, p := float64(linked+late), math.Exp(-2)
	if math.Abs(float64(late)-n*p) > 5*math.Sqrt(n*p*(1-p)) {
		t.Errorf("%d of %g cases come after the end of their outage, want %.0f", late, n, n*p)
	}
	if got := m.ExpectedOf(1); math.Abs(got-1000) > 1e-9 {
		t.Errorf("%g cases expected", got)
	}
}

func TestEveryDistributionIsChecked(t *testing.T) {
	for _, path := range []string{
		"work.t1.handle_time", "work.t1.answer_after", "work.t1.update_time", "work.t1.reopen_after", "work.engineering.turnaround",
		"work.engineering.delivery", "work.engineering.send_back", "work.t1.plans.silver.handle_time",
		"work.t1.severities.sev3.update_time", "management.mail.after", "management.mail.handle_time",
		"workload.streams.failures.outages.reported", "workload.streams.failures.outages.lasts",
		"workload.streams.failures.outages.check", "channels.phone.patience",
	} {
		set := path + "=wrong(1)"
		def, err := scenario.Load(scenario.Source{Name: "life.yaml", Data: []byte(life)}, []string{set})
		if err != nil {
			t.Fatal(err)
		}
		if problems := Check(def); len(problems) != 1 || !strings.Contains(problems[0].Text, "wrong") {
			t.Errorf("%s: %v", set, problems)
		}
	}
}

func TestTooManyOutages(t *testing.T) {
	def, err := scenario.Load(scenario.Source{Name: "life.yaml", Data: []byte(life)},
		[]string{"workload.streams.failures.outages.rate=1000000/s", "workload.streams.failures.outages.cases=0.000001"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := scenario.Compile(def)
	if err != nil {
		t.Fatal(err)
	}
	if _, problems := Bind(c); len(problems) != 1 || !strings.Contains(problems[0].Text, "outages in a replication") {
		t.Errorf("%v", problems)
	}
}

// TestAdmits compares what may arrive with what does: every class that some case of the stream is not refused in.
func TestAdmits(t *testing.T) {
	m := bindText(t, life)
	admitted := map[int32]bool{}
	for _, c := range casesOf(m, 0, 0) {
		admitted[c.Class] = admitted[c.Class] || !c.Refused
	}
	if len(admitted) < 3 {
		t.Errorf("only %d classes arrive", len(admitted))
	}
	for class, any := range admitted {
		if got := m.Admits(0, class); got != any {
			t.Errorf("%+v: admitted %v, want %v", m.Classes[class], got, any)
		}
	}
	if nobodys := bindText(t, life, "workload.mix.entitled=0"); nobodys.Admits(0, 0) {
		t.Error("a case is admitted though no customer is entitled")
	}
}

// TestChannelHours closes the telephone at night: every case keeps its instant and its key, those of the day their channel, and
// those of the night are refused or come by the web.
func TestChannelHours(t *testing.T) {
	const callers = `
severities: [high]
calendars: {office: {zone: UTC, hours: "mon-fri 08:00-18:00"}}
channels: {phone: {%s}, web: {}}
regions: {world: {calendar: office}}
plans: [standard]
centres: {main: {pools: {t1: {agents: 1}}}}
work: {t1: {handle_time: constant(1m)}}
workload: {mix: {channel: phone}, streams: {cases: {rate: 100/day}}}
run: {days: 14}
`
	always := casesOf(bindText(t, fmt.Sprintf(callers, "")), 0, 0)
	refusing, diverting := bindText(t, fmt.Sprintf(callers, "hours: region")), bindText(t, fmt.Sprintf(callers, "hours: region, instead: web"))
	refused, diverted := casesOf(refusing, 0, 0), casesOf(diverting, 0, 0)
	nights := 0
	for i, c := range always {
		at := c.At.Time()
		isNight := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || at.Hour() < 8 || at.Hour() >= 18
		if isNight {
			nights++
		}
		if r := refused[i]; r.At != c.At || r.Key != c.Key || r.Refused != isNight {
			t.Fatalf("%s: refused %v, want %v", c.At, r.Refused, isNight)
		}
		d := diverted[i]
		if channel := diverting.Classes[d.Class].Channel; d.At != c.At || d.Key != c.Key || d.Refused || (channel == 1) != isNight {
			t.Fatalf("%s: by channel %d and refused %v", c.At, channel, d.Refused)
		}
	}
	if nights < 500 { // about 980 of 1,400
		t.Errorf("%d cases come at night", nights)
	}
}

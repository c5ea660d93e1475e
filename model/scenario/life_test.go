package scenario

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

// life is a scenario with the whole life of a case: every key of scenario files that small, shop and relay lack.
const life = `
title: Life
description: of a case
currency: USD
exchange_rates: {EUR: 2}
terms: {warranty: "A year."}
severities: {high: {interrupts: true, calls_in: true}, mid: {}, low: {}}
languages: {en: {}, de: {}}
channels:
  web: {responds: at_end}
  phone: {patience: exponential(mean 5m), callback: 50%, max_waiting: 10, hours: region}
calendars:
  office: {zone: Europe/Berlin, hours: mon-fri 08:00-17:00, business_day: same_time}
  maintenance: {zone: UTC, hours: mon-thu 08:00-18:00}
regions:
  world: {zone: UTC, calendar: office, calendars: {maintenance: maintenance}, languages: {en: 0.5, de: 0.5}, home: main}
plans:
  gold:
    title: Gold
    assumed: true
    price_per_year: 100 EUR
    customers: 30
    terms: {audits: "Yearly."}
    coverage: {default: always, low: {clock: region, follow_the_sun: true}}
    channels: {high: phone, default: [web, phone]}
    promised_languages: en
    first_response: 1h
    next_response: {high: 1h, mid: {target: 4bh, clock: region.maintenance}}
    update: {high: 3/bd, mid: 2/week, low: on_status_change}
    update_restored: {high: 1mo, mid: none}
    restore: {high: 6h}
    resolve: {low: best_effort}
    fix: {default: 10bd}
    rma_dispatch: {depot: {target: next_bd, clock: region.maintenance}}
    rma_return: 5bd
    manager_contact: {phone: 1h, mail: {target: 0bd, clock: centre}}
    pauses: [resolve, restore]
    severity_changes: lower
    contact_attempts: 3
    attempt_every: {target: 1bd, clock: region.maintenance}
    reopen_within: 30d
    splits_issues: true
    engineer: {who: named, wait: 30m}
    service_days: 4
    credits: [{milestone: fix, below: 95%, rate: 10%}]
  free: {first_response: none, channels: web}
centres:
  main:
    pools:
      t1:
        agents: 3
        channels: [web, phone]
        concurrency: [1, 1.4, 1.5]
        activities: 8%
        activity_length: 10m
        service_plans: gold
        cost_per_hour: 20 EUR
        on_call_cost_per_hour: 5 USD
      t2:
        tiers: [t2, managers]
        service_plans: [gold]
        at_shift_end: hand_over
        shifts:
          day:
            {agents: 6, days: daily, start: 08:00, length: 8h, holidays: worked, waves: 2, breaks: {lunch: {after: 4h, length: 30m}, tea: {after: 2h, length: 15m}}}
          calls: {agents: 2, start: 16:00, length: 16h, on_call: 30m}
work:
  t1:
    handle_time: exponential(mean 10m)
    touches: 2
    question: 30%
    answer_after: exponential(mean 1d)
    answered: 90%
    answer_clock: region
    update_time: exponential(mean 5m)
    restored: 40%
    issues: 1.25
    reopen: 5%
    reopen_after: exponential(mean 5d)
    escalation: {t2: 20%, engineering: 5%}
    plans: {free: {question: 0, touches: 3, handle_time: exponential(mean 7m)}}
    severities: {high: {touches: 4, lowered: 20%}, mid: {raised: 10%}}
  t2: {handle_time: exponential(mean 30m), update_time: exponential(mean 5m), escalation: {depot: 10%}}
  engineering:
    turnaround: lognormal(median 7d, mean 8d)
    turnaround_clock: region.maintenance
    releases: {from: 2026-01-05, every: 6w}
    fails: 10%
    milestone: fix
  depot:
    turnaround: exponential(mean 4h)
    milestone: rma_dispatch
    delivery: exponential(mean 2d)
    send_back: exponential(mean 3d)
    send_back_clock: region
  managers: {handle_time: exponential(mean 15m)}
management:
  phone: {share: 2%, after: exponential(mean 1h), handle_time: exponential(mean 20m)}
  mail: {share: 3%, after: exponential(mean 1d), handle_time: exponential(mean 10m), tier: managers}
routing: {rule: severity_edf, update_lead: 50%, rereading: {high: 10m}}
workload:
  mix:
    plan: {gold: 0.5, free: 0.5}
    severity: {by: plan, gold: {high: 1}, free: {high: 0.5, low: 0.5}}
    channel: {by: severity, high: phone, default: {web: 0.5, phone: 0.5}}
    entitled: 95%
  streams:
    cases: {rate: 10/h, busy_day: 4, growth: 10%, profile: {weekdays: [1, 1, 1, 1, 1, 0, 0], day: &day [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}}
    gaps: {interarrival: exponential(mean 1h)}
    failures:
      outages: {rate: 1/week, cases: 30, reported: exponential(mean 30m), lasts: exponential(mean 4h), check: constant(4m)}
pay: {night: 25%, weekend: 50%, overtime: 100%}
planning:
  budget: 2,000,000 EUR
  occupancy: 85%
  budget_is: goal
  presence: {en: {agents: 1, region: world, calendars: {always: 1}}}
  centres:
    main:
      most: 40
      pools: {t1: {least: 2, step: 2}, t2: {shifts: {day: {most: 20}, calls: {fixed: true}}}}
run: {start: 2026-01-05, days: 7, replications: 2, seed: 3}
log:
  columns: {opened: Created On, severity: prio, met: ""}
  delimiter: tab
  dates: d/m/y
  zone: Europe/Rome
  values:
    severity: {high: [1 - Critical, 2 - High], low: 3.5}
    language: {en: English}
`

// TestEveryKeyIsTried holds the scenarios of the tests against the keys of the decoder.
func TestEveryKeyIsTried(t *testing.T) {
	tried := map[string]bool{}
	for _, text := range []string{small, shop, relay, life, "extends: b\nname: a\nchannels: {phone: {instead: web}}\nworkload: {streams: {a: {profile: {week: 1}}}}"} {
		def, _ := Load(Source{Name: "test.yaml", Data: []byte(text)}, nil)
		for path := range def.positions {
			tried[path[strings.LastIndexByte(path, '.')+1:]] = true
		}
	}
	structs := map[string]reflect.Type{}
	structsBelow(reflect.TypeFor[Definition](), structs)
	for name, shape := range structs {
		for _, key := range fieldKeys(structFields(shape)) {
			if !tried[key] {
				t.Errorf("no scenario of the tests has %s.%s", name, key)
			}
		}
	}
}

// TestLoadLog reads the log block of a scenario, and of a file that has nothing else.
func TestLoadLog(t *testing.T) {
	for _, text := range []string{life, life[strings.Index(life, "log:"):]} {
		def, err := LoadLog(Source{Name: "log.yaml", Data: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		high := *def.Log.Values.Of("severity").Find("high")
		if !slices.Equal(high, []LogValue{"1 - Critical", "2 - High"}) || *def.Log.Columns.Find("opened") != "Created On" || def.Log.Zone != "Europe/Rome" {
			t.Errorf("read %+v", def.Log)
		}
		if at := def.At("log.columns.opened"); at.File != "log.yaml" || at.Column != 21 {
			t.Errorf("opened is at %v", at)
		}
	}
	for text, want := range map[string]string{
		"columns: {opened: a}":          "log.yaml:1:1: has no log: block",
		"log: {zone: Mars}":             `log.yaml:1:13: log.zone: "Mars" is not a known time zone`,
		"log:\n  colums: {opened: a}":   "log.yaml:2:3: log.colums: is not a key here, did you mean columns?",
		"log:\n  columns: {opend: a}\n": "log.yaml:2:13: log.columns.opend: opend is not what a column can mean, did you mean opened?",
	} {
		if _, err := LoadLog(Source{Name: "log.yaml", Data: []byte(text)}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// Indices in life.
const (
	gold, free                 = 0, 1
	high, mid, low             = 0, 1, 2
	lifeT1, engineering, depot = 0, 2, 3
)

// clockText is what a clock counts, and on which calendar.
func clockText(c *Compiled, id ClockID) string {
	if id == NoClock {
		return "none"
	}
	return c.Clocks[id].Target().String() + " on " + c.ClockCalendars[id]
}

func TestClocksOfEveryMilestone(t *testing.T) {
	c := compile(t, life)
	p := &c.Plans[gold]
	for _, test := range []struct {
		why  string
		id   ClockID
		want string
	}{
		{"on the coverage", p.ClockOf(sla.FirstResponse, 0, high), "1h on always"},
		{"of a severity that comes by a change", p.ClockOf(sla.NextResponse, 0, mid), "4h of open time on maintenance"},
		{"of a severity that never comes", p.ClockOf(sla.FirstResponse, 0, low), "none"},
		{"three times a business day", p.ClockOf(sla.Update, 0, high), "8h of open time on always"},
		{"twice a week", p.ClockOf(sla.Update, 0, mid), "3d12h on always"},
		{"once restored", p.Restored[0][high], "1 months on always"},
		{"no more once restored", p.Restored[0][mid], "none"},
		{"restored in time", p.ClockOf(sla.Restore, 0, high), "6h on always"},
		{"by default of all parties", p.ClockOf(sla.Fix, 0, engineering), "10 business days on office"},
		{"of another party", p.ClockOf(sla.Fix, 0, depot), "none"},
		{"of a tier with agents", p.ClockOf(sla.Fix, 0, lifeT1), "none"},
		{"on hours of its own", p.ClockOf(sla.RMADispatch, 0, depot), "1 business days on maintenance"},
		{"until sent back", p.ClockOf(sla.RMAReturn, 0, depot), "5 business days on office"},
		{"by way", p.ClockOf(sla.ManagerContact, 0, 0), "1h on office"},
		{"by another way, on the centre's hours", p.ClockOf(sla.ManagerContact, 0, 1), "0 business days on always"},
		{"from attempt to attempt", p.Attempt[0], "1 business days on maintenance"},
	} {
		if got := clockText(c, test.id); got != test.want {
			t.Errorf("%s: %s, want %s", test.why, got, test.want)
		}
	}
	if p.Clock[sla.Resolve] != nil || c.Plans[free].Clock[sla.FirstResponse] != nil {
		t.Error("there is a table of what is not promised")
	}
	if !slices.Equal(p.OnChange, []bool{false, false, true}) {
		t.Errorf("updates on change %v", p.OnChange)
	}
}

func TestCompiledPlan(t *testing.T) {
	c := compile(t, life)
	p := c.Plans[gold]
	if p.Attempts != 3 || p.Pauses != sla.SetOf(sla.Resolve, sla.Restore) || p.SeverityChanges != sla.LowerOnly ||
		p.ReopenWithin != 30*calendar.Day || !p.SplitsIssues || p.Engineer != sla.NamedEngineer ||
		p.EngineerWait != 30*calendar.Minute || p.Customers != 30 || p.PricePerYear != 200 || len(p.Credits) != 1 {
		t.Errorf("plan %+v", p)
	}
	if !slices.Equal(p.Promised, []bool{true, false}) || !slices.Equal(p.Opens[high], []bool{false, true}) || !slices.Equal(p.Opens[low], []bool{true, true}) {
		t.Errorf("promised %v, opens %v", p.Promised, p.Opens)
	}
	if other := c.Plans[free]; other.Attempts != 1 || other.Attempt[0] != NoClock || !slices.Equal(other.Promised, []bool{true, true}) {
		t.Errorf("plan with defaults %+v", other)
	}
}

func TestCompiledPool(t *testing.T) {
	c := compile(t, life)
	first, second := c.Pools[0], c.Pools[1]
	if c.Currency != "USD" || first.CostPerHour != 40 || first.OnCallCostPerHour != 5 {
		t.Errorf("pay in %s: %+v", c.Currency, first)
	}
	if !slices.Equal(first.Concurrency, []float64{1, 1.4, 1.5}) || first.Activities != 0.08 || first.ActivityLength != 10*calendar.Minute {
		t.Errorf("pool %+v", first)
	}
	if !slices.Equal(second.Concurrency, []float64{1}) || second.ActivityLength != 15*calendar.Minute || !slices.Equal(second.Takes, []bool{true, true}) {
		t.Errorf("pool with defaults %+v", second)
	}
	// 120 days: 3 agents round the clock are 72 hours a day, 6 for 8 hours are 48; those on call give none.
	if !near(first.ServiceDays, 72) || !near(second.ServiceDays, 48) {
		t.Errorf("service days %g and %g, want 72 and 48", first.ServiceDays, second.ServiceDays)
	}
	if calls := second.Shifts[1]; calls.OnCall != 30*calendar.Minute || calls.Waves != 1 || len(calls.Breaks) != 1 {
		t.Errorf("shift on call %+v", calls)
	}
}

func TestBreaks(t *testing.T) {
	shift := compile(t, life).Pools[1].Shifts[0]
	if shift.Waves != 2 || len(shift.Breaks) != 2 || len(shift.Breaks[1]) != 2*len(shift.Duty) {
		t.Fatalf("shift %+v", shift)
	}
	var got []string
	for _, wave := range shift.Breaks {
		for _, pause := range wave[:2] {
			got = append(got, pause.From.Time().Format("15:04")+"-"+pause.To.Time().Format("15:04"))
		}
	}
	if want := []string{"10:00-10:15", "12:00-12:30", "10:15-10:30", "12:30-13:00"}; !slices.Equal(got, want) {
		t.Errorf("breaks %v, want %v", got, want)
	}
}

// TestBreaksStayWithinTheStretch puts a break over the end of a night that lacks an hour.
func TestBreaksStayWithinTheStretch(t *testing.T) {
	shift := Shift{Waves: 1, Breaks: Named[Break]{{Value: Break{After: 7 * calendar.Hour, Length: 30 * calendar.Minute}}}}
	duty := []calendar.Interval{{From: 0, To: calendar.Instant(7*calendar.Hour + 10*calendar.Minute)}, {From: 0, To: calendar.Instant(7 * calendar.Hour)}}
	got := breaks(&shift, duty)[0]
	if len(got) != 1 || got[0].Length() != 10*calendar.Minute {
		t.Errorf("breaks %v", got)
	}
}

func TestOccurring(t *testing.T) {
	c := compile(t, life)
	for _, test := range []struct {
		plan int
		want []bool // by severity
	}{
		// Gold cases arrive as high and are lowered to mid, where nothing lowers them further, and never raised.
		{gold, []bool{true, true, false}},
		// Free cases do not come as high, which needs the phone; low ones come and stay.
		{free, []bool{false, false, true}},
	} {
		for severity, want := range test.want {
			if got := c.Occurs(test.plan, 0, severity); got != want {
				t.Errorf("%s %s occurs: %v", c.Plans[test.plan].Name, c.Severities[severity].Name, got)
			}
		}
	}
}

func TestEligibleByChannelAndPromisedLanguage(t *testing.T) {
	text := strings.Replace(life, "main:\n    pools:", "main:\n    region: world\n    pools:", 1)
	text = strings.Replace(text, "centres:", "centres:\n  far: {region: away, pools: {chat: {agents: 1, channels: web, tiers: [t1]}}}", 1)
	text = strings.Replace(text, "regions:", "regions:\n  away: {languages: en, home: far, calendars: {maintenance: office}}", 1)
	text = strings.Replace(text, "streams:\n", "streams:\n    away: {region: away, rate: 1/h, mix: {plan: free, severity: low}}\n", 1)
	for _, name := range []string{"cases: {", "gaps: {"} {
		text = strings.Replace(text, name, name+"region: world, ", 1)
	}
	text = strings.Replace(text, "failures:\n", "failures:\n      region: world\n", 1)
	c := compile(t, text)
	const far, world, en, de, web, phone = 0, 1, 0, 1, 0, 1
	for _, test := range []struct {
		why  string
		a    Attributes
		want bool
	}{
		{"follows the sun in a promised language", Attributes{Region: world, Plan: gold, Language: en, Channel: web}, true},
		{"by a channel that the pool does not take", Attributes{Region: world, Plan: gold, Language: en, Channel: phone}, false},
		{"in a language without promise", Attributes{Region: world, Plan: gold, Language: de, Channel: web}, false},
	} {
		if got := c.Eligible(test.a, lifeT1, far); got != test.want {
			t.Errorf("%s: %v", test.why, got)
		}
	}
}

func TestTimelines(t *testing.T) {
	c := compile(t, life)
	if got := c.Timeline(0, sla.Coverage{Clock: sla.CustomerRegion, Role: "maintenance"}); got != c.lines["maintenance"] || got == nil {
		t.Error("the role has another timeline")
	}
	if c.Timeline(0, sla.Coverage{Clock: sla.CustomerRegion, Role: "other"}) != nil {
		t.Error("an unknown role has a timeline")
	}
}

func TestWorkOverlays(t *testing.T) {
	def := load(t, life)
	work := &def.Work[lifeT1].Value
	highGold, highFree, lowFree := work.For("gold", "high"), work.For("free", "high"), work.For("free", "low")
	if *highGold.Touches != 4 || *highFree.Touches != 4 || *lowFree.Touches != 3 || highFree.HandleTime.Text != "exponential(mean 7m)" {
		t.Errorf("touches %g, %g, %g", *highGold.Touches, *highFree.Touches, *lowFree.Touches)
	}
	if *highFree.Question != 0 || *highGold.Question != 0.3 || *highGold.Lowered != 0.2 || *lowFree.Lowered != 0 || *highGold.Fails != 0 {
		t.Errorf("figures %+v", highFree)
	}
	if !def.Work[depot].Value.IsParty() || work.IsParty() {
		t.Error("parties are those with a turnaround")
	}
}

func TestOpenDay(t *testing.T) {
	for text, want := range map[string]calendar.Duration{
		"24x7":                calendar.Day,
		"mon-fri 08:00-17:00": 9 * calendar.Hour,
		"mon 08:00-12:00, 13:00-17:00; sun 22:00-02:00": 6 * calendar.Hour,
	} {
		var hours calendar.Hours
		if err := hours.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := openDay(hours); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := openDay(calendar.Hours{}); got != 0 {
		t.Errorf("never open: %s", got)
	}
}

// TestCurrencyIsThatOfTheFirstAmount: the first in the file, whichever part it stands in.
func TestCurrencyIsThatOfTheFirstAmount(t *testing.T) {
	text := "exchange_rates: {EUR: 2}\ncentres: {main: {pools: {t1: {agents: 1, cost_per_hour: 3 USD}}}}\n" +
		strings.Replace(small, "{first_response: 20s}", "{first_response: 20s, price_per_year: 1 EUR}", 1)
	text = strings.Replace(text, "\ncentres: {main: {pools: {t1: {agents: 100}}}}", "", 1)
	c := compile(t, text)
	if c.Currency != "USD" || c.Plans[0].PricePerYear != 2 || c.Pools[0].CostPerHour != 3 {
		t.Errorf("%s: %g a year, %g an hour", c.Currency, c.Plans[0].PricePerYear, c.Pools[0].CostPerHour)
	}
}

// TestWhatCasesNeed changes one thing of a sound scenario at a time.
func TestWhatCasesNeed(t *testing.T) {
	for set, want := range map[string]string{
		"work.t2={handle_time: exponential(mean 1m)}":  "work.t2: has no update_time, but gold promises updates for high",
		"management.mail.tier=t1":                      "no problem",
		"plans.gold.severity_changes=none":             "no problem",
		"centres.main.pools.t1.channels=web":           "those who could do not take the channel phone",
		"workload.mix.entitled=0":                      "no problem",
		"plans.free.channels=phone":                    "no problem",
		"work.t1.answer_clock=region.night":            "work.t1.answer_clock: is region.night, but region world has no calendar for the role night",
		"plans.gold.attempt_every.clock=region.night":  "plans.gold.attempt_every: counts on region.night",
		"work.engineering.plans={free: {fails: 100%}}": "work.engineering.plans.free.fails: is 1, want at least 0 and less than 1",
	} {
		if got := messages(Source{Name: "test.yaml", Data: []byte(life)}, []string{set}); !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", set, got, want)
		}
	}
}

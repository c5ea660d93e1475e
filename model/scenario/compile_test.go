package scenario

import (
	"strings"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

// relay is a scenario of two regions whose centres help each other with severity high.
const relay = `
severities: [high, low]
languages: {en: {}, de: {fallback: en}, ja: {}}
calendars:
  europe: {zone: Europe/Berlin, hours: mon-fri 08:00-17:00, holidays: [2026-01-06], dates: {2026-01-10: 09:00-12:00}}
  asia: {zone: Asia/Tokyo, hours: mon-fri 09:00-18:00}
  same_as_asia: {zone: Asia/Tokyo, hours: mon-fri 09:00-18:00}
regions:
  west: {calendar: europe, languages: {en: 0.5, de: 0.5}, home: munich}
  east: {calendar: asia, languages: {en: 0.5, ja: 0.5}}
plans:
  gold:
    coverage: {default: region, high: always}
    first_response: {high: 30m, low: 4bh}
    resolve: {high: 2bd}
  silver: {coverage: centre, first_response: {default: 4bh, high: none}}
centres:
  munich:
    calendar: europe
    region: west
    pools:
      t1: {languages: [en, de], shifts: {day: {agents: 5, days: mon-sat, start: 08:00, length: 8h}}}
      t2: {languages: en, tiers: t2, shifts: {night: {agents: 2, start: 22:00, length: 8h, holidays: worked}}}
  tokyo:
    calendar: asia
    region: east
    pools:
      all: {tiers: [t1, t2], languages: [en, ja], agents: 4, shrinkage: 30%}
work:
  t1: {handle_time: exponential(mean 20m), escalation: 0.2}
  t2: {handle_time: exponential(mean 40m)}
workload:
  mix: {plan: {gold: 0.5, silver: 0.5}, severity: {high: 0.1, low: 0.9}}
  streams: {west: {region: west, rate: 10/h}, east: {region: east, rate: 5/h}}
run: {start: 2026-01-05, days: 7, warm_up: 1d}
`

func TestEligible(t *testing.T) {
	c := compile(t, relay)
	const west, east, gold, silver, high, low, en, de, ja, t1, t2, munichT1, munichT2, tokyo = 0, 1, 0, 1, 0, 1, 0, 1, 2, 0, 1, 0, 1, 2
	for _, test := range []struct {
		why                                          string
		region, plan, severity, language, tier, pool int
		want                                         bool
	}{
		{"own region and language", west, gold, low, de, t1, munichT1, true},
		{"wrong tier", west, gold, low, de, t2, munichT1, false},
		{"language by its fallback", west, gold, low, de, t2, munichT2, true},
		{"language without fallback", east, gold, high, ja, t1, munichT1, false},
		{"other region, covered by region", east, gold, low, en, t1, munichT1, false},
		{"other region, covered always", east, gold, high, en, t1, munichT1, true},
		{"other region, covered always, by fallback", west, gold, high, de, t2, tokyo, true},
		{"other region, covered by centre", west, silver, high, en, t1, tokyo, false},
		{"second tier of a pool", east, silver, high, ja, t2, tokyo, true},
	} {
		if got := c.Eligible(Attributes{Region: test.region, Plan: test.plan, Severity: test.severity, Language: test.language}, test.tier, test.pool); got != test.want {
			t.Errorf("%s: %v, want %v", test.why, got, test.want)
		}
	}
}

func TestClocks(t *testing.T) {
	c := compile(t, relay)
	at := func(text string) calendar.Instant {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return calendar.FromTime(parsed)
	}
	const gold, silver, west, east, high, low = 0, 1, 0, 1, 0, 1
	due := func(plan int, milestone sla.Milestone, region, severity int, start string) string {
		id := c.Plans[plan].Clock[milestone][region][severity]
		if id == NoClock {
			return "no clock"
		}
		got, ok := c.Clocks[id].Due(at(start))
		if !ok {
			return "no due"
		}
		return got.String()
	}
	for _, test := range []struct{ why, got, want string }{
		{"elapsed on a Saturday", due(gold, sla.FirstResponse, west, high, "2026-01-10T20:00:00Z"), "2026-01-10T20:30:00Z"},
		{"open hours over the night of a Monday, a holiday between", due(gold, sla.FirstResponse, west, low, "2026-01-05T14:00:00Z"), "2026-01-07T09:00:00Z"},
		{"the region of the customer counts", due(gold, sla.FirstResponse, east, low, "2026-01-05T00:00:00Z"), "2026-01-05T04:00:00Z"},
		{"the home centre counts", due(silver, sla.FirstResponse, east, low, "2026-01-05T00:00:00Z"), "2026-01-05T04:00:00Z"},
		{"business days round the clock", due(gold, sla.Resolve, west, high, "2026-01-05T10:00:00Z"), "2026-01-08T00:00:00Z"},
		{"no promise by word", due(silver, sla.FirstResponse, west, high, "2026-01-05T10:00:00Z"), "no clock"},
		{"no promise by silence", due(gold, sla.Resolve, west, low, "2026-01-05T10:00:00Z"), "no clock"},
	} {
		if test.got != test.want {
			t.Errorf("%s: due %s, want %s", test.why, test.got, test.want)
		}
	}
}

func TestEqualClocksAreShared(t *testing.T) {
	c := compile(t, relay)
	if a, b := c.Plans[0].Clock[sla.FirstResponse][0][1], c.Plans[1].Clock[sla.FirstResponse][0][1]; a != b {
		t.Errorf("4bh on the calendar europe are the clocks %d and %d", a, b)
	}
	if len(c.Clocks) != 4 {
		t.Errorf("%d clocks, want 30m always, 2bd always, 4bh europe, 4bh asia", len(c.Clocks))
	}
}

func TestDuty(t *testing.T) {
	c := compile(t, relay)
	spans := func(pool int) string {
		var b strings.Builder
		for _, duty := range c.Pools[pool].Shifts[0].Duty {
			b.WriteString(duty.From.Time().Format("02T15") + "-" + duty.To.Time().Format("02T15") + " ")
		}
		return strings.TrimSpace(b.String())
	}
	for pool, want := range []string{
		// Munich is an hour ahead of UTC. The 4th is a Sunday, the 6th a holiday, the 10th a Saturday with special hours, on
		// which the shift works its own.
		"05T07-05T15 07T07-07T15 08T07-08T15 09T07-09T15 10T07-10T15",
		// Every night, holidays too; nights that touch the run from the 4th to the 12th are whole.
		"03T21-04T05 04T21-05T05 05T21-06T05 06T21-07T05 07T21-08T05 08T21-09T05 09T21-10T05 10T21-11T05 11T21-12T05",
		// The opening hours of Tokyo, nine hours ahead.
		"05T00-05T09 06T00-06T09 07T00-07T09 08T00-08T09 09T00-09T09",
	} {
		if got := spans(pool); got != want {
			t.Errorf("%s: on duty %s, want %s", c.Pools[pool].Name, got, want)
		}
	}
	if shift := c.Pools[2].Shifts[0]; shift.Name != "asia" || shift.Agents != 4 {
		t.Errorf("pool without shifts has %+v", shift)
	}
}

func TestCompiledTables(t *testing.T) {
	c := compile(t, relay)
	if got := c.Start.Sub(c.Origin); got != calendar.Day || c.End.Sub(c.Start) != 7*calendar.Day {
		t.Errorf("origin %s, start %s, end %s", c.Origin, c.Start, c.End)
	}
	if c.Languages[1].Fallback != 0 || c.Languages[2].Fallback != -1 {
		t.Errorf("languages %+v", c.Languages)
	}
	if c.Channels[0].MaxWaiting != -1 || c.Channels[0].Responds != sla.AtStart {
		t.Errorf("channel %+v", c.Channels[0])
	}
	if got := c.Regions[1].Languages; got[0] != 0.5 || got[1] != 0 || got[2] != 0.5 {
		t.Errorf("languages of the east %v", got)
	}
	if pool := c.Pools[2]; pool.Name != "tokyo.all" || pool.Centre != 1 || pool.Shrinkage != 0.3 || pool.MaxOvertime != MaxDuration {
		t.Errorf("pool %+v", pool)
	}
	if c.Severities[0].Name != "high" || c.Hash == "" || c.Tiers[1] != "t2" {
		t.Errorf("severities %+v, tiers %v", c.Severities, c.Tiers)
	}
}

func TestAgentsMayBeZero(t *testing.T) {
	c := compile(t, relay, "centres.tokyo.pools.all.agents=0")
	if got := c.Pools[2].Shifts[0].Agents; got != 0 {
		t.Errorf("%d agents", got)
	}
}

func TestNewerZonesAreAsked(t *testing.T) {
	asked := map[string]bool{}
	source := Source{Name: "relay.yaml", Data: []byte(relay), Zone: func(name string) (*time.Location, error) {
		asked[name] = true
		return time.UTC, nil
	}}
	def, err := Load(source, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Compile(def)
	if err != nil || !asked["Asia/Tokyo"] || c.Centres[1].Zone != time.UTC {
		t.Errorf("asked %v, %v", asked, err)
	}
}

func TestWorkFor(t *testing.T) {
	def := load(t, strings.Replace(relay, "t2: {handle_time: exponential(mean 40m)}",
		"t2: {handle_time: exponential(mean 40m), touches: 2, severities: {high: {handle_time: constant(5m)}}}", 1))
	work := &def.Work[1].Value
	if high, low := work.For("gold", "high"), work.For("gold", "low"); high.HandleTime.Text != "constant(5m)" || *high.Touches != 2 ||
		low.HandleTime.Text != "exponential(mean 40m)" || *low.Answered != 1 || *low.Question != 0 {
		t.Errorf("high %+v, low %+v", high, low)
	}
	if got := def.Work[0].Value.Escalation; len(got) != 1 || got[0].Name != "t2" || got[0].Value != 0.2 {
		t.Errorf("a bare number leads to %+v, want t2", got)
	}
}

func TestSharesFor(t *testing.T) {
	def := load(t, relay+"channels: [phone, web, chat]\n", "workload.mix.channel={by: severity, high: phone, default: {web: 75%, chat: 25%}}")
	channel := &def.Workload.Streams[0].Value.Mix.Channel
	if high, low := channel.For("gold", "high"), channel.For("gold", "low"); len(high) != 1 || *high.Find("phone") != 1 || *low.Find("chat") != 0.25 {
		t.Errorf("high %v, low %v", high, low)
	}
}

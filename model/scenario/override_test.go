package scenario

import (
	"strings"
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

// shop is a scenario with something of everything that an override can change.
const shop = `
severities: [high, low]
languages: {en: {}, fr: {fallback: en}}
regions: {west: {languages: {en: 90%, fr: 10%}}}
plans: {gold: {price_per_year: "12,000 EUR", first_response: {high: 30m, low: 8bh}}}
centres:
  main:
    pools:
      t1: {agents: 10, shrinkage: 30%, max_overtime: 1h30m, cost_per_hour: 50 EUR}
work: {t1: {handle_time: exponential(mean 10m), touches: 3}}
workload:
  mix: {severity: {high: 0.1, low: 0.9}}
  streams: {west: {rate: 90/min}}
run: {days: 7}
objectives:
  - first_response of gold high >= 90%
`

func TestOverrides(t *testing.T) {
	pool := func(d *Definition) *Pool { return &d.Centres[0].Value.Pools[0].Value }
	stream := func(d *Definition) *Stream { return &d.Workload.Streams[0].Value }
	for _, test := range []struct {
		set   string
		holds func(d *Definition) bool
	}{
		{"centres.main.pools.t1.agents=30", func(d *Definition) bool { return *pool(d).Agents == 30 }},
		{"centres.main.pools.t1.agents+=1", func(d *Definition) bool { return *pool(d).Agents == 11 }},
		{"centres.main.pools.t1.agents+=-1", func(d *Definition) bool { return *pool(d).Agents == 9 }},
		{"centres.main.pools.t1.agents-=1", func(d *Definition) bool { return *pool(d).Agents == 9 }},
		{"centres.main.pools.t1.shrinkage-=5%", func(d *Definition) bool { return near(pool(d).Shrinkage, 0.25) }},
		{"centres.main.pools.t1.max_overtime-=30m", func(d *Definition) bool { return *pool(d).MaxOvertime == calendar.Hour }},
		{"centres.main.pools.t1.agents*=1.25", func(d *Definition) bool { return *pool(d).Agents == 13 }}, // 12.5 rounds away from 0
		{"centres.main.pools.t1.agents*=120%", func(d *Definition) bool { return *pool(d).Agents == 12 }},
		{"centres.main.pools.t1.shrinkage*=1.1", func(d *Definition) bool { return near(pool(d).Shrinkage, 0.33) }},
		{"centres.main.pools.t1.shrinkage+=5%", func(d *Definition) bool { return near(pool(d).Shrinkage, 0.35) }},
		{"centres.main.pools.t1.max_overtime*=2", func(d *Definition) bool { return *pool(d).MaxOvertime == 3*calendar.Hour }},
		{"centres.main.pools.t1.max_overtime+=15m", func(d *Definition) bool { return *pool(d).MaxOvertime == 105*calendar.Minute }},
		{"centres.main.pools.t1.max_overtime+=-30m", func(d *Definition) bool { return *pool(d).MaxOvertime == calendar.Hour }},
		{"centres.main.pools.t1.cost_per_hour*=1.1", func(d *Definition) bool { return pool(d).CostPerHour.String() == "55.00 EUR" }},
		{"plans.gold.price_per_year+=500 EUR", func(d *Definition) bool { return d.Plans[0].Value.PricePerYear.Amount == 12500 }},
		{"plans.gold.first_response.high=10m", func(d *Definition) bool { return d.Plans[0].Value.FirstResponse.For("high").Target.String() == "10m" }},
		{"plans.gold.first_response.low*=0.5", func(d *Definition) bool { return d.Plans[0].Value.FirstResponse.For("low").Target.String() == "4bh" }},
		{"plans.gold.resolve.high=2d", func(d *Definition) bool { return d.Plans[0].Value.Resolve.For("high").Target.String() == "2d" }},
		{"workload.streams.west.rate*=1.5", func(d *Definition) bool { return stream(d).Rate.String() == "135/min" }},
		{"workload.streams.west.rate+=10", func(d *Definition) bool { return stream(d).Rate.String() == "100/min" }},
		{"workload.mix.severity={high: 0.5, low: 0.5}", func(d *Definition) bool { return *stream(d).Mix.Severity.Flat.Find("high") == 0.5 }},
		{"work.t1.touches*=1.1", func(d *Definition) bool { return near(*d.Work[0].Value.Touches, 3.3) }},
		{"routing.rule=fifo", func(d *Definition) bool { return d.Routing.Rule.Text == "fifo" }},
		{"run.warm_up=2d", func(d *Definition) bool { return d.Run.WarmUp == 2*calendar.Day }},
		{"run.days=14", func(d *Definition) bool { return d.Run.Days == 14 }},
		{"objectives.0=cost <= 1000 EUR", func(d *Definition) bool { return d.Objectives[0].Value.Currency == "EUR" }},
	} {
		def, err := Load(Source{Name: "shop.yaml", Data: []byte(shop)}, []string{test.set})
		if err != nil {
			t.Errorf("%s: %v", test.set, err)
		} else if !test.holds(def) {
			t.Errorf("%s: pool %+v, stream %+v, run %+v", test.set, pool(def), stream(def), def.Run)
		}
	}
}

// TestOverridesOfLife sets what the whole life of a case has.
func TestOverridesOfLife(t *testing.T) {
	plan := func(d *Definition) *Plan { return &d.Plans[0].Value }
	pool := func(d *Definition, i int) *Pool { return &d.Centres[0].Value.Pools[i].Value }
	for _, test := range []struct {
		set   string
		holds func(d *Definition) bool
	}{
		{"plans.gold.update.mid*=2", func(d *Definition) bool { return plan(d).Update.For("mid").Target.String() == "4/week" }},
		{"plans.gold.update.low=none", func(d *Definition) bool { return !plan(d).Update.For("low").Target.Promises() }},
		{"plans.gold.restore.high.clock=region", func(d *Definition) bool {
			target := plan(d).Restore.For("high")
			return target.Target.String() == "6h" && target.Clock.Clock == sla.CustomerRegion
		}},
		{"plans.gold.first_response.mid=30m", func(d *Definition) bool {
			return plan(d).FirstResponse.For("mid").Target.String() == "30m" && plan(d).FirstResponse.For("high").Target.String() == "1h"
		}},
		{"plans.gold.channels={default: [web]}", func(d *Definition) bool { return len(*plan(d).Channels.For("high")) == 1 }},
		{"plans.free.channels.high=[phone]", func(d *Definition) bool { return (*d.Plans[1].Value.Channels.For("low"))[0].Value == "web" }},
		{"plans.gold.next_response.mid.target*=0.5", func(d *Definition) bool { return plan(d).NextResponse.For("mid").Target.String() == "2bh" }},
		{"plans.gold.attempt_every.target=2bd", func(d *Definition) bool { return plan(d).AttemptEvery.Target.Amount == 2 }},
		{"plans.gold.contact_attempts+=1", func(d *Definition) bool { return plan(d).ContactAttempts == 4 }},
		{"plans.gold.customers*=1.1", func(d *Definition) bool { return plan(d).Customers == 33 }},
		{"plans.gold.reopen_within*=0.5", func(d *Definition) bool { return plan(d).ReopenWithin == 15*calendar.Day }},
		{"plans.gold.credits.0.rate+=5%", func(d *Definition) bool { return near(plan(d).Credits[0].Rate, 0.15) }},
		{"plans.gold.channels.high=[web, phone]", func(d *Definition) bool { return len(*plan(d).Channels.For("high")) == 2 }},
		{"plans.gold.engineer.wait+=15m", func(d *Definition) bool { return plan(d).Engineer.Wait == 45*calendar.Minute }},
		{"centres.main.pools.t1.concurrency.2*=1.1", func(d *Definition) bool { return near(pool(d, 0).Concurrency[2], 1.65) }},
		{"centres.main.pools.t1.activities+=2%", func(d *Definition) bool { return near(pool(d, 0).Activities, 0.1) }},
		{"centres.main.pools.t2.shifts.day.waves+=1", func(d *Definition) bool { return pool(d, 1).Shifts[0].Value.Waves == 3 }},
		{"centres.main.pools.t2.shifts.day.breaks.lunch.length=20m", func(d *Definition) bool {
			return pool(d, 1).Shifts[0].Value.Breaks.Find("lunch").Length == 20*calendar.Minute
		}},
		{"centres.main.pools.t2.shifts.calls.on_call*=2", func(d *Definition) bool { return pool(d, 1).Shifts[1].Value.OnCall == calendar.Hour }},
		{"work.t1.severities.low.touches=5", func(d *Definition) bool { return *d.Work[0].Value.For("gold", "low").Touches == 5 }},
		{"work.t1.plans.gold.reopen=0", func(d *Definition) bool { return *d.Work[0].Value.For("gold", "low").Reopen == 0 }},
		{"work.engineering.releases.every=8w", func(d *Definition) bool { return d.Work[2].Value.Releases.Every == 8*calendar.Week }},
		{"management.phone.share*=2", func(d *Definition) bool { return near(d.Management[0].Value.Share, 0.04) }},
		{"workload.streams.failures.outages.cases*=3", func(d *Definition) bool { return d.Workload.Streams[2].Value.Outages.Cases == 90 }},
		{"workload.mix.entitled=1", func(d *Definition) bool { return *d.Workload.Streams[0].Value.Mix.Entitled == 1 }},
		{"exchange_rates.EUR*=0.5", func(d *Definition) bool { return d.ExchangeRates[0].Value == 1 }},
		{"exchange_rates.GBP=3", func(d *Definition) bool { return *d.ExchangeRates.Find("GBP") == 3 }},
		{"routing.update_lead=1", func(d *Definition) bool { return *d.Routing.UpdateLead == 1 }},
		{"terms.warranty=None.", func(d *Definition) bool { return *d.Terms.Find("warranty") == "None." }},
	} {
		def, err := Load(Source{Name: "life.yaml", Data: []byte(life)}, []string{test.set})
		if err != nil {
			t.Errorf("%s: %v", test.set, err)
		} else if !test.holds(def) {
			t.Errorf("%s does not hold", test.set)
		}
	}
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

func TestOverridesFollowEachOther(t *testing.T) {
	def := load(t, shop, "centres.main.pools.t1.agents=20", "centres.main.pools.t1.agents+=5", "centres.main.pools.t1.agents*=2")
	if got := *def.Centres[0].Value.Pools[0].Value.Agents; got != 50 {
		t.Errorf("%d agents, want (20 + 5) x 2", got)
	}
}

func TestOverridesRefused(t *testing.T) {
	for set, want := range map[string]string{
		"agents":                                     "want path=value, path+=1, path-=1 or path*=1.2",
		"centres.mian.pools.t1.agents=1":             "mian is not there, did you mean main? want one of main",
		"centres.main.pools.t1.agnets=1":             "did you mean agents?",
		"centres.main.pools.t9.agents=1":             "t9 is not there",
		"centres.main.pools.t1.agents.x=1":           "has no parts",
		"centres.main.pools.t1.agents=":              "has no value",
		"centres.main.pools.t1.agents=many":          `is "many", want a whole number`,
		"centres.main.pools.t1.agents*=two":          "is not a factor",
		"centres.main.pools.t1.agents=[":             "is not YAML",
		"centres.main.pools.t1.cost_per_hour+=1 USD": "want a number, a rate, a time or money and the same unit",
		"centres.main.pools.t1.max_overtime+=-3h":    "below zero",
		"centres.main.pools+=1":                      "has a mapping to change",
		"objectives.3=cost <= 1 EUR":                 "3 is not in the list, want 0 to 0",
		"plans.gold.first_response.hihg=1h":          "did you mean high?",
		"run.dyas=3":                                 "did you mean days?",
		"":                                           "want path=value",
	} {
		got := messages(Source{Name: "shop.yaml", Data: []byte(shop)}, []string{set})
		if !strings.HasPrefix(got, "--set "+set+": ") || !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %q", set, got, want)
		}
	}
}

func TestOverrideLeavesSharedValuesAlone(t *testing.T) {
	text := strings.Replace(shop, "first_response: {high: 30m, low: 8bh}", "first_response: &both {high: 30m, low: 8bh}, resolve: *both", 1)
	def := load(t, text, "plans.gold.resolve.high=9h")
	if plan := def.Plans[0].Value; plan.FirstResponse.For("high").Target.String() != "30m" || plan.Resolve.For("high").Target.String() != "9h" {
		t.Errorf("plan %+v", plan)
	}
}

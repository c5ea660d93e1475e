package builtin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	checker "github.com/santhosh-tekuri/jsonschema/v6"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/workloads/builtin"
)

// loaded is a compiled built-in scenario.
type loaded struct{ *scenario.Compiled }

// load reads and compiles a built-in scenario.
func load(t *testing.T, name string, sets ...string) *loaded {
	t.Helper()
	def, err := scenario.Load(scenario.Source{Name: name, Builtin: builtin.Open, BuiltinNames: builtin.Names()}, sets)
	if err != nil {
		t.Fatal(err)
	}
	c, err := scenario.Compile(def)
	if err != nil {
		t.Fatal(err)
	}
	return &loaded{c}
}

func TestEveryScenarioCompiles(t *testing.T) {
	names := builtin.Names()
	if want := []string{"citrix", "global", "ivanti", "jamf", "microsoft-csp", "mmc", "veeam"}; !slices.Equal(names, want) {
		t.Errorf("names %v, want %v", names, want)
	}
	for _, name := range names {
		if c := load(t, name); c.Definition.Name != name {
			t.Errorf("%s calls itself %s", name, c.Definition.Name)
		}
		if title := builtin.Title(name); title == "" || title != load(t, name).Definition.Title {
			t.Errorf("%s has the title line %q", name, title)
		}
	}
}

func TestUnknownName(t *testing.T) {
	if _, err := builtin.Open("nobody"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "citrix, ") {
		t.Errorf("%v", err)
	}
	if got := builtin.Title("nobody"); got != "" {
		t.Errorf("title %q", got)
	}
}

func TestEveryScenarioFitsTheSchema(t *testing.T) {
	text, err := json.Marshal(scenario.Schema())
	if err != nil {
		t.Fatal(err)
	}
	document, err := checker.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := checker.NewCompiler()
	if err := c.AddResource("scenario.json", document); err != nil {
		t.Fatal(err)
	}
	schema := c.MustCompile("scenario.json")
	for _, name := range builtin.Names() {
		text, err := builtin.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		converted, err := yaml.YAMLToJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		document, err := checker.UnmarshalJSON(strings.NewReader(string(converted)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestQueueOfTheoryHasItsFigures(t *testing.T) {
	c := load(t, "mmc", "workload.streams.cases.rate=80/min", "centres.main.pools.t1.agents=90", "work.t1.handle_time=exponential(mean 2m)")
	stream := c.Definition.Workload.Streams[0].Value
	if stream.Rate.Per(calendar.Minute) != 80 || c.Pools[0].Shifts[0].Agents != 90 {
		t.Errorf("stream %+v, pool %+v", stream, c.Pools[0])
	}
	duty := c.Pools[0].Shifts[0].Duty
	if len(duty) != 1 || duty[0].From > c.Origin || duty[0].To < c.End {
		t.Errorf("on duty %v, want the whole run", duty)
	}
}

// TestCitrixFirstResponse holds the targets against the table of the source, in the order of severity.
func TestCitrixFirstResponse(t *testing.T) {
	c := load(t, "citrix")
	for plan, want := range map[string]string{
		"select": "30m 2bh 8bh 8bh", "priority": "15m 30m 4bh 4bh", "priority_plus": "10m 30m 4bh 4bh",
		"appliance_bronze": "1bh 4bh 1d 5bd", "appliance_silver": "1bh 4bh 1d 5bd",
		"appliance_gold": "1h 4h 1d 5bd", "appliance_gold_plus": "1h 4h 1d 5bd", "trm": "none none 1d none",
	} {
		def := c.Definition.Plans.Find(plan)
		if def == nil {
			t.Errorf("no plan %s", plan)
			continue
		}
		var got []string
		for _, severity := range c.Severities {
			got = append(got, def.FirstResponse.For(severity.Name).Target.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s answers in %v, want %s", plan, got, want)
		}
	}
}

// TestSunIsFollowed merges the duty of everybody who may work the cases that are covered round the clock, in English, plan
// by plan, region by region and tier by tier: it leaves no gap in the whole run, holidays and changes of daylight saving
// included. Engineers keep office hours.
func TestSunIsFollowed(t *testing.T) {
	for _, name := range slices.DeleteFunc(builtin.Names(), func(name string) bool { return name == "mmc" }) {
		c := load(t, name)
		checked := map[string]bool{} // by pools
		offDuty := []string{"t4"}    // engineers and external parties
		for _, tier := range c.Definition.Work {
			if tier.Value.IsParty() {
				offDuty = append(offDuty, tier.Name)
			}
		}
		for plan := range c.Plans {
			for severity := range c.Severities {
				for region := range c.Regions {
					if !c.alwaysPromised(plan, severity, region) {
						continue
					}
					for tier := range c.Tiers {
						if !slices.Contains(offDuty, c.Tiers[tier]) {
							c.checkNoGap(t, plan, severity, region, tier, checked)
						}
					}
				}
			}
		}
		if len(checked) < 3 {
			t.Errorf("%s: no promise round the clock was checked: %v", name, checked)
		}
	}
}

// alwaysPromised reports whether the plan's first responses are counted round the clock and its cases worked anywhere.
func (c *loaded) alwaysPromised(plan, severity, region int) bool {
	if !c.Plans[plan].FollowsTheSun[severity] {
		return false
	}
	coverage := c.Definition.Plans[plan].Value.Coverage.For(c.Severities[severity].Name)
	return coverage.Clock == sla.RoundTheClock && c.Plans[plan].ClockOf(sla.FirstResponse, region, severity) != scenario.NoClock
}

// checkNoGap reports the first instant at which nobody is on duty who may work cases in English; pools that were checked
// before are left out.
func (c *loaded) checkNoGap(t *testing.T, plan, severity, region, tier int, checked map[string]bool) {
	t.Helper()
	var pools []int
	var covered []calendar.Interval
	for pool := range c.Pools {
		if c.Eligible(scenario.Attributes{Region: region, Plan: plan, Severity: severity, Language: c.Definition.Languages.Index("en")}, tier, pool) {
			pools = append(pools, pool)
			for _, shift := range c.Pools[pool].Shifts {
				if shift.Agents > 0 {
					covered = append(covered, shift.Duty...)
				}
			}
		}
	}
	if checked[fmt.Sprint(pools)] {
		return
	}
	checked[fmt.Sprint(pools)] = true
	if at := firstGap(covered, c.Origin, c.End); at < c.End {
		t.Errorf("%s: %s in %s, tier %s: nobody on duty at %s", c.Definition.Name, c.Plans[plan].Name, c.Regions[region].Name, c.Tiers[tier], at)
	}
}

// firstGap is the first instant from from on that no interval covers, or to.
func firstGap(covered []calendar.Interval, from, to calendar.Instant) calendar.Instant {
	slices.SortFunc(covered, func(a, b calendar.Interval) int { return int(min(max(a.From-b.From, -1), 1)) })
	at := from
	for _, iv := range covered {
		if iv.From > at {
			return at
		}
		at = max(at, iv.To)
	}
	return min(at, to)
}

// TestCitrixHours takes a case of each region on a Monday before opening: 8 business hours of Select are due after the
// same number of hours from the opening of the region.
func TestCitrixHours(t *testing.T) {
	c := load(t, "citrix")
	plan, severity := c.Definition.Plans.Index("select"), c.Definition.Severities.Index("sev3")
	for region, opening := range map[string]string{
		// Monday 2 March 2026, 08:00 in New York (-5), Berlin (+1), Singapore (+8), Sydney (+11), 09:30 in Tokyo (+9).
		"americas": "2026-03-02T13:00:00Z", "emea": "2026-03-02T07:00:00Z", "apac": "2026-03-02T00:00:00Z",
		"anz": "2026-03-01T21:00:00Z", "japan": "2026-03-02T00:30:00Z",
	} {
		id := c.Plans[plan].ClockOf(sla.FirstResponse, c.Definition.Regions.Index(region), severity)
		sunday, err := calendar.ParseDate("2026-03-01")
		if err != nil {
			t.Fatal(err)
		}
		start := calendar.Instant(sunday) * calendar.Instant(calendar.Day)
		due, ok := c.Clocks[id].Due(start.Add(12 * calendar.Hour))
		want := opening
		if got := due.Add(-8 * calendar.Hour).String(); !ok || got != want {
			t.Errorf("%s: 8 business hours from Sunday noon begin at %s, want %s", region, got, want)
		}
	}
}

func TestCitrixVolume(t *testing.T) {
	c := load(t, "citrix")
	perYear := 0.0
	for _, stream := range c.Definition.Workload.Streams {
		perYear += stream.Value.Rate.Per(365 * calendar.Day)
	}
	if perYear < 1_049_999 || perYear > 1_050_001 {
		t.Errorf("%.0f cases a year, want 1.05 million", perYear)
	}
	if c.End.Sub(c.Start) != 365*calendar.Day || c.Start.Sub(c.Origin) != 14*calendar.Day {
		t.Errorf("measured from %s to %s, simulated from %s", c.Start, c.End, c.Origin)
	}
	// Eight centres of the source, each with three tiers, and the managers on duty. More than 900 people are in the source.
	if len(c.Centres) != 9 || len(c.Languages) != 8 || len(c.Pools) != 25 {
		t.Errorf("%d centres, %d languages, %d pools", len(c.Centres), len(c.Languages), len(c.Pools))
	}
	agents := 0
	for _, pool := range c.Pools {
		for _, shift := range pool.Shifts {
			agents += shift.Agents
		}
	}
	if agents <= 900 {
		t.Errorf("%d agents, want more than 900", agents)
	}
}

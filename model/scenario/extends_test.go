package scenario

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sunrelay/model/calendar"
)

// write writes files into a directory of the test and returns the path of the one called main.
func write(t *testing.T, main string, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, main)
}

func TestExtendsMergesMapsAndReplacesTheRest(t *testing.T) {
	path := write(t, "mine/child.yaml", map[string]string{
		"shop.yaml": shop,
		"mine/child.yaml": `
extends: ../shop.yaml
severities:
plans: {silver: {first_response: 2h}, gold: {first_response: {low: 4bh}}}
centres: {main: {pools: {t1: {agents: 20}}}}
workload: {mix: {plan: {gold: 50%, silver: 50%}}}
objectives: [occupancy <= 85%]
`,
	})
	def, err := Load(Source{Name: path}, []string{"centres.main.pools.t1.agents+=1"})
	if err != nil {
		t.Fatal(err)
	}
	if got := def.Severities.Names(); !slices.Equal(got, []string{"high", "low"}) {
		t.Errorf("severities %v: an empty value replaced those of the base", got)
	}
	if got := def.Plans.Names(); !slices.Equal(got, []string{"gold", "silver"}) {
		t.Errorf("plans %v", got)
	}
	gold := def.Plans.Find("gold")
	if gold.FirstResponse.For("high").Target.String() != "30m" || gold.FirstResponse.For("low").Target.String() != "4bh" {
		t.Errorf("gold %+v", gold.FirstResponse)
	}
	if pool := def.Centres[0].Value.Pools[0].Value; *pool.Agents != 21 || pool.Shrinkage != 0.3 {
		t.Errorf("pool %+v", pool)
	}
	if len(def.Objectives) != 1 || def.Objectives[0].Value.Text != "occupancy <= 85%" {
		t.Errorf("objectives %+v: lists are replaced, not joined", def.Objectives)
	}
	if at := def.At("plans.gold.first_response.high"); filepath.Base(at.File) != "shop.yaml" || at.Line == 0 {
		t.Errorf("position %+v, want that in the base", at)
	}
}

// TestCalendarFile takes holidays from an iCalendar file that lies beside the scenario, and notices when it changes.
func TestCalendarFile(t *testing.T) {
	event := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260107\r\n" +
		"DTEND;VALUE=DATE:20260108\r\nSUMMARY:Works outing\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	text := "calendars: {office: {zone: UTC, hours: mon-fri 08:00-16:00, holidays: [days/off.ics, 2026-01-08]}}\n" +
		strings.Replace(small, "{main: {", "{main: {calendar: office, ", 1)
	load := func(event string) *Compiled {
		def, err := Load(Source{Name: write(t, "plan.yaml", map[string]string{"plan.yaml": text, "days/off.ics": event})}, []string{"run.days=5"})
		if err != nil {
			t.Fatal(err)
		}
		c, err := Compile(def)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	days := func(c *Compiled) (days []string) {
		for _, duty := range c.Pools[0].Shifts[0].Duty {
			days = append(days, calendar.DateOf(duty.From, c.Centres[0].Zone).String())
		}
		return days
	}
	wednesday, friday := load(event), load(strings.ReplaceAll(strings.ReplaceAll(event, "0260108", "0260110"), "0260107", "0260109"))
	if got, want := days(wednesday), []string{"2026-01-05", "2026-01-06", "2026-01-09"}; !slices.Equal(got, want) {
		t.Errorf("on duty %v, want %v", got, want)
	}
	if got, want := days(friday), []string{"2026-01-05", "2026-01-06", "2026-01-07"}; !slices.Equal(got, want) {
		t.Errorf("on duty %v, want %v", got, want)
	}
	if wednesday.Hash == friday.Hash {
		t.Error("another .ics file does not change the hash")
	}
}

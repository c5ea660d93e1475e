package reports_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/reports"
	"sunrelay/sim/coverage"
)

// twoDesks is a desk in Dublin with two languages and a desk without gaps; seven weeks with a holiday, Saint Patrick's Day,
// and a change of clocks in Dublin. Chicago has duty by the clock of Dublin: from 8 to 29 March it is an hour off.
const twoDesks = `
title: Two desks
severities: [high, low]
languages: {en: {}, de: {}}
channels: {web: {}, mail: {responds: at_end}}
calendars: {dublin: {zone: Europe/Dublin, hours: 24x7, holidays: ie}}
regions: {ireland: {zone: Europe/Dublin, languages: {en: 0.5, de: 0.5}}, chicago: {zone: America/Chicago, languages: en}, far: {languages: en}}
plans:
  gold: {coverage: {clock: always, follow_the_sun: false}, first_response: {high: 2h, low: 4d}, resolve: 1d}
centres:
  dublin: {calendar: dublin, region: ireland, pools: {t1: {shifts: {day: {agents: 2, days: mon-fri, start: "08:00", length: 10h}}}}}
  cork: {calendar: dublin, region: chicago, pools: {t1: {shifts: {day: {agents: 2, start: "15:00", length: 20h, holidays: worked}}}}}
  far: {region: far, pools: {t1: {agents: 1}}}
work: {t1: {handle_time: constant(1m)}}
workload:
  mix: {severity: {high: 0.5, low: 0.5}, channel: {web: 0.5, mail: 0.5}}
  streams: {ireland: {region: ireland, rate: 9/h}, chicago: {region: chicago, rate: 9/h}, far: {region: far, rate: 9/h}}
run: {start: 2026-03-02, days: 49}
`

// prove proves a scenario that stands in a test.
func prove(t *testing.T, sets ...string) *coverage.Proof {
	t.Helper()
	return coverage.Prove(simulate(t, twoDesks, append(sets, "run.replications=1")...).Model)
}

// flat is all text of a document.
func flat(d *reports.Document) string {
	var b strings.Builder
	fmt.Fprintln(&b, d.Title)
	fmt.Fprintln(&b, strings.Join(d.Lead, "\n"))
	for _, s := range d.Sections {
		fmt.Fprintln(&b, "#", s.Heading)
		for _, table := range s.Tables {
			for _, row := range table.Rows {
				for _, cell := range row {
					fmt.Fprint(&b, cell.Text, "|")
				}
				fmt.Fprintln(&b)
			}
		}
		fmt.Fprintln(&b, strings.Join(s.Notes, "\n"))
	}
	return b.String()
}

func TestCoverageAgreesWithProof(t *testing.T) {
	proof := prove(t)
	report := reports.NewCoverage(proof)
	if report.Schema != "sunrelay.coverage/1" || report.Scenario != "desk" || report.Kept != 5 || report.Broken != 3 || report.BrokenAtInstants != 0 {
		t.Errorf("head is %+v", report)
	}
	for i := range proof.Promises {
		got, want := &report.Promises[i], &proof.Promises[i]
		sum, hours := 0.0, 0.0
		for _, iv := range got.Intervals {
			from, to := instant(t, iv.From), instant(t, iv.To)
			sum += to.Sub(from).Seconds()
		}
		for h, share := range got.HoursOfWeek {
			hours += float64(share) * want.Week[h].Measured.Seconds()
		}
		share := got.BrokenSeconds / (49 * 86400)
		if sum != got.BrokenSeconds || math.Abs(hours-sum) > 1e-6 || math.Abs(share-float64(got.BrokenShare)) > 1e-12 {
			t.Errorf("%s %s: %g s broken, %g s in intervals, %g s in hours, share %g", got.Region, got.Severity, got.BrokenSeconds, sum, hours, got.BrokenShare)
		}
		if len(got.HoursOfWeek) != 168 || !slices.Equal(got.AnsweredAtEnd, []string{"mail"}) {
			t.Errorf("%d hours, channels %v", len(got.HoursOfWeek), got.AnsweredAtEnd)
		}
	}
	dublin := report.Promises[0]
	if dublin.Region != "ireland" || dublin.Language != "en" || dublin.Target != "2h" || dublin.Clock != "always" || dublin.Zone != "Europe/Dublin" {
		t.Errorf("the first promise is %+v", dublin)
	}
	if want := "mon-fri 00:00-06:00, 18:00-24:00; sat,sun 00:00-24:00"; dublin.RegularHours != want {
		t.Errorf("regular hours %q, want %q", dublin.RegularHours, want)
	}
	hours, err := calendar.ParseHours(dublin.RegularHours)
	if err != nil || hours.String() != dublin.RegularHours {
		t.Errorf("regular hours %q are no hours of a calendar: %v", dublin.RegularHours, err)
	}
	if want := (reports.CoverageException{Date: "2026-03-17", Name: "Saint Patrick's Day", Seconds: 12 * 3600}); dublin.Exceptions[0] != want {
		t.Errorf("exception %+v, want %+v", dublin.Exceptions[0], want)
	}
}

func instant(t *testing.T, text string) calendar.Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return calendar.FromTime(at)
}

func TestCoverageReadsBack(t *testing.T) {
	report := reports.NewCoverage(prove(t, "run.days=3"))
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var back reports.Coverage
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(&back)
	if err != nil || string(again) != string(text) {
		t.Errorf("%v: read back as\n%s\nwant\n%s", err, again, text)
	}
	if flat(back.Document()) != flat(report.Document()) {
		t.Error("the document of what was read back differs")
	}
	if hours := report.Promises[0].HoursOfWeek; hours[0] != 1 || hours[6] != 0 || hours[167].Known() {
		t.Errorf("shares of Monday 00:00 %v, of 06:00 %v, and of Sunday 23:00, which three days lack, %v", hours[0], hours[6], hours[167])
	}
}

func TestCoverageDocument(t *testing.T) {
	text := flat(reports.NewCoverage(prove(t)).Document())
	for _, want := range []string{
		"desk: Two desks\nPromises of a first response that cannot always be kept, however many agents each shift has: 3 of 8.",
		"2026-03-02 to 2026-04-20",
		"1|gold|high|ireland|en, de|2h|always|", // languages together, and no tier where there is but one
		"2|gold|high|chicago|en|2h|always|",
		"# Map 1: share of each hour of the week that is broken, local time of Europe/Dublin\n",
		"tue|████████████░░░░░░░░░░░░░░░░░░░░░░░░████████████|", // in one of seven weeks a holiday
		"sat|████████████████████████████████████████████████|",
		"In most weeks: mon-fri 00:00-06:00",
		"# Map 2: ",
		"Tue 2026-03-17|Saint Patrick's Day|12h|1|",
		"Sun 2026-03-08 to Sat 2026-03-28||21h|2|", // clocks changed in Chicago and not yet in Dublin
		"Cases by mail are answered at the end of the first touch",
		"· none",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Map 3") {
		t.Errorf("equal maps are not together:\n%s", text)
	}
}

// TestCoverageMapFitsNarrowPages has two signs for an hour, and one on a narrow page, with the hours below in step.
func TestCoverageMapFitsNarrowPages(t *testing.T) {
	maps := 0
	for _, section := range reports.NewCoverage(prove(t)).Document().Sections {
		if !strings.HasPrefix(section.Heading, "Map ") {
			continue
		}
		maps++
		rows := section.Tables[0].Rows
		for _, row := range rows {
			full, short := []rune(row[1].Text), []rune(row[1].Short)
			if len(full) != 48 || len(short) != 24 {
				t.Errorf("%d signs, %d on a narrow page, want 48 and 24: %q", len(full), len(short), row[1].Text)
			}
		}
		if hours := rows[7][1]; !strings.HasPrefix(hours.Text[2*9:], "09") || !strings.HasPrefix(hours.Short[9:], "09") {
			t.Errorf("nine o'clock is out of step in %q and %q", hours.Text, hours.Short)
		}
	}
	if maps != 2 {
		t.Errorf("%d maps, want 2", maps)
	}
}

func TestCoverageOfEverything(t *testing.T) {
	report := reports.NewCoverage(prove(t, "plans.gold.first_response.high=4d"))
	text := flat(report.Document())
	if report.Broken != 0 || report.Kept != 8 || !strings.Contains(text, "Everything is covered: ") || strings.Contains(text, "Map 1") || strings.Contains(text, "░") {
		t.Errorf("%d broken:\n%s", report.Broken, text)
	}
	none := reports.NewCoverage(prove(t, "plans.gold.first_response.high=none", "plans.gold.first_response.low=best_effort"))
	if text := flat(none.Document()); len(none.Promises) != 0 || !strings.Contains(text, "nothing to prove") {
		t.Errorf("without promises:\n%s", text)
	}
}

// TestCoverageAtInstants has a target that ends with the opening hours, an hour after duty: only who arrives at the very
// instant at which duty ends is late.
func TestCoverageAtInstants(t *testing.T) {
	report := reports.NewCoverage(prove(t, `calendars.dublin.hours=mon-fri 08:00-19:00`,
		"plans.gold.coverage={clock: centre, follow_the_sun: false}", "plans.gold.first_response.high=1bh", "plans.gold.first_response.low=none"))
	text := flat(report.Document())
	ireland := report.Promises[0]
	if report.BrokenAtInstants != 2 || ireland.BrokenSeconds != 0.033 || ireland.RegularHours != "" {
		t.Errorf("%d promises at instants; %+v", report.BrokenAtInstants, ireland)
	}
	if !strings.Contains(text, "broken at single milliseconds only: 2.") || strings.Contains(text, "|ireland|") {
		t.Errorf("got\n%s", text)
	}
}

func TestCoverageRows(t *testing.T) {
	report := reports.NewCoverage(prove(t))
	rows := report.Rows()
	if len(rows) != 1+len(report.Promises) {
		t.Fatalf("%d rows for %d promises", len(rows), len(report.Promises))
	}
	for _, row := range rows {
		if len(row) != len(rows[0]) {
			t.Errorf("row %v has %d cells, want %d", row, len(row), len(rows[0]))
		}
	}
	if got := rows[1]; got[0] != "gold" || got[2] != "en" || got[5] != "2h" || got[7] != strconv.FormatFloat(report.Promises[0].BrokenSeconds, 'f', 0, 64) || !strings.Contains(got[10], "2026-03-17 2026-04-06") {
		t.Errorf("first row %v", got)
	}
}

// TestCoverageByChannel has a desk that takes no mail: its promise is broken for mail at other times than for the web.
func TestCoverageByChannel(t *testing.T) {
	report := reports.NewCoverage(prove(t, "centres.dublin.pools.t1.channels=web",
		`centres.cork.region=[chicago, ireland]`, "centres.cork.pools.t1.languages=[en, de]", "plans.gold.first_response.high={target: 2h, clock: region}"))
	split := map[string]float64{}
	for _, p := range report.Promises {
		if p.Region == "ireland" && p.Severity == "high" && p.Language == "en" {
			split[strings.Join(p.Channels, " ")] = p.BrokenSeconds
		}
		if p.Severity == "high" && p.Clock != "region" {
			t.Errorf("%s: the clock is %s, want that of the target", p.Region, p.Clock)
		}
	}
	if len(split) != 2 || split["mail"] <= split["web"] {
		t.Errorf("broken by channel: %v", split)
	}
	if text := flat(report.Document()); !strings.Contains(text, "|ireland|en, de|mail|2h|") {
		t.Errorf("no channel in\n%s", text)
	}
}

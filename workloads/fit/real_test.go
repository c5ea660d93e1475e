package fit

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sunrelay/model/sharedtest"
	"sunrelay/workloads/trace"
)

// fitReal fits those cases that are wanted (nil = all) of a log that lies beside the repository. Where it does not, the test is skipped.
func fitReal(t *testing.T, name string, wanted func(*trace.Case) bool) *Result {
	t.Helper()
	file, err := os.Open(sharedtest.Path(t, filepath.Join("data", name)))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return fitCases(t, file, nil, wanted)
}

// mustFind checks that findings are there.
func mustFind(t *testing.T, r *Result, codes ...string) {
	t.Helper()
	for _, code := range codes {
		if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == code }) {
			t.Errorf("%s is not found", code)
		}
	}
}

// TestRealLogs: what is known of the logs must be found, and the scenarios must be valid.
func TestRealLogs(t *testing.T) {
	for name, want := range map[string][]string{
		"uci_incident_cases_2016-03_04.csv.gz":  {"regime_change_met", "regime_change_resolution", "auto_close", "no_target", "zone_assumed", "impossible_times"},
		"uci_incident_events_2016-03_04.csv.gz": {"regime_change_met", "regime_change_resolution", "auto_close", "repeated_events"},
		"boston311_cases_2011Q3.csv.gz":         {"burst_day", "open_cases", "impossible_times", "ended_at_once"},
		"boston311_cases_2011Q3.parquet":        {"burst_day", "open_cases"},
		"helpdesk_events_mit.csv.gz":            {"shifted_clock", "cut_by_closing", "repeated_events"},
		"mendeley_hd_comments_notext.csv.gz":    {"automatic_acknowledgement", "other_weekend", "few_cases"},
		"mendeley_hd_turns.csv.gz":              {"other_weekend", "few_cases", "touches_not_geometric"},
	} {
		t.Run(name, func(t *testing.T) {
			r := fitReal(t, name, nil)
			mustFind(t, r, want...)
			load(t, r.Scenario(name))
		})
	}
}

// TestMarch: a fit to March of UCI says that within it times to resolve became others, as they go on to do in April.
func TestMarch(t *testing.T) {
	r := fitReal(t, "uci_incident_cases_2016-03_04.csv.gz", func(k *trace.Case) bool { return k.Opened.Time().Month() == time.March })
	mustFind(t, r, "regime_change_met", "regime_change_resolution")
}

// TestDatesOnly: where a log has no times of day, every hour of a day is alike.
func TestDatesOnly(t *testing.T) {
	text := "opened\n"
	for day := range 60 {
		date := time.Date(2026, 1, 5+day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) + "\n"
		for range 5 + day%7 {
			text += date
		}
	}
	r := fitCases(t, strings.NewReader(text), time.UTC, nil)
	mustFind(t, r, "no_time_of_day")
	if p := r.Arrivals.Profile; p[0] != p[23] || p[0] == p[24] {
		t.Errorf("hours weigh %v", p)
	}
}

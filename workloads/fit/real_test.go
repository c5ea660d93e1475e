package fit

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sunrelay/workloads/trace"
)

// TestRealLogs fits the logs that lie beside the repository, where they do: what is known of them must be found, and the scenarios
// must be valid.
func TestRealLogs(t *testing.T) {
	for name, want := range map[string][]string{
		"uci_incident_cases_2016-03_04.csv.gz":  {"regime_change_met", "regime_change_resolution", "auto_close", "no_target", "zone_assumed", "impossible_times"},
		"uci_incident_events_2016-03_04.csv.gz": {"regime_change_met", "regime_change_resolution", "auto_close"},
		"boston311_cases_2011Q3.csv.gz":         {"burst_day", "open_cases", "impossible_times", "ended_at_once"},
		"boston311_cases_2011Q3.parquet":        {"burst_day", "open_cases"},
		"helpdesk_events_mit.csv.gz":            {"shifted_clock", "cut_by_closing", "repeated_events"},
		"mendeley_hd_comments_notext.csv.gz":    {"automatic_acknowledgement", "other_weekend", "few_cases"},
		"mendeley_hd_turns.csv.gz":              {"other_weekend", "few_cases"},
	} {
		file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", name))
		if err != nil {
			t.Skip("the logs are not here")
		}
		c := NewCollector(nil)
		log, err := trace.Read(context.Background(), file, trace.Options{}, func(k *trace.Case) error {
			c.Add(k)
			return nil
		})
		file.Close()
		if err != nil {
			t.Fatal(name, err)
		}
		r, err := c.Fit(log)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, code := range want {
			if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == code }) {
				t.Errorf("%s: %s is not found", name, code)
			}
		}
		load(t, r.Scenario(name))
	}
}

// TestMarch: a fit to March of UCI says that within it times to resolve became others, as they go on to do in April.
func TestMarch(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "uci_incident_cases_2016-03_04.csv.gz"))
	if err != nil {
		t.Skip("the logs are not here")
	}
	defer file.Close()
	c := NewCollector(nil)
	log, err := trace.Read(context.Background(), file, trace.Options{}, func(k *trace.Case) error {
		if k.Opened.Time().Month() == time.March {
			c.Add(k)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Fit(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"regime_change_met", "regime_change_resolution"} {
		if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == code }) {
			t.Errorf("%s is not found", code)
		}
	}
}

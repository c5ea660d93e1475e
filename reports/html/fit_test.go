package html_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/reports"
	"sunrelay/sim"
	"sunrelay/sim/backtest"
	"sunrelay/workloads/fit"
	"sunrelay/workloads/trace"
)

// recordedLog is a made-up log of ten weeks with a burst, closing by rule and handle times, the same each time.
func recordedLog() string {
	random := rand.New(rand.NewPCG(7, 7))
	var log strings.Builder
	log.WriteString("number,opened_at,priority,source,first_response_at,resolved_at,closed_at,handle_minutes\n")
	number := 0
	for day := range 70 {
		cases := 20 + random.IntN(15)
		if day%7 > 4 {
			cases = random.IntN(6)
		}
		if day == 45 {
			cases = 140
		}
		for range cases {
			opened := time.Date(2026, 1, 5+day, 8+random.IntN(9), random.IntN(60), random.IntN(60), 0, time.UTC)
			took := func(middle time.Duration) time.Time {
				return opened.Add(time.Duration(float64(middle) * math.Exp(random.NormFloat64()))).Round(time.Second)
			}
			resolved := took(20 * time.Hour)
			number++
			fmt.Fprintf(&log, "%d,%s,%d,%s,%s,%s,%s,%.1f\n", number, opened.Format(time.DateTime), 1+random.IntN(4), []string{"web", "phone"}[random.IntN(2)],
				took(time.Hour).Format(time.DateTime), resolved.Format(time.DateTime), resolved.Add(120*time.Hour).Format(time.DateTime), 20*math.Exp(random.NormFloat64()))
		}
	}
	return log.String()
}

// fitted is the page of a fit to it.
func fitted(t *testing.T) []byte {
	t.Helper()
	cases := fit.NewCollector(time.UTC)
	log, err := trace.Read(t.Context(), strings.NewReader(recordedLog()), trace.Options{}, func(c *trace.Case) error {
		cases.Add(c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	result, err := cases.Fit(log)
	if err != nil {
		t.Fatal(err)
	}
	report := reports.NewFit(result, "cases.csv")
	first, days := report.SimulatedDays()
	source := scenario.Source{Name: "-", Stdin: strings.NewReader(report.ScenarioFrom(first)), Zone: calendar.EmbeddedZones().Location}
	model, err := sim.Load(source, fmt.Sprintf("run.days=%d", days), fmt.Sprintf("run.replications=%d", backtest.Replications))
	if err != nil {
		t.Fatal(err)
	}
	bands, err := backtest.Bands(t.Context(), model.Workload, result.Arrivals, time.UTC, first, days)
	if err != nil {
		t.Fatal(err)
	}
	report.AddDays(bands)
	return render(t, report.Report())
}

// TestFitPage: a fit gives the same page each time, which says what was made up.
func TestFitPage(t *testing.T) {
	page := fitted(t)
	if !bytes.Equal(page, fitted(t)) {
		t.Error("two fits of the same log give different pages")
	}
	for _, want := range []string{
		"The log tells when cases arrive", "lie in its 90", "It tells how much work cases are", "had 140 cases", "120 h after they were resolved",
		"Cases an hour by hour of the week", "Cases a day, recorded and simulated", "Handle time of a case: recorded against fitted", "left out of the fit", "lognormal, in use",
	} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

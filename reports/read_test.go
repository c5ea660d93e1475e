package reports_test

import (
	"bytes"
	"strings"
	"testing"

	"sunrelay/reports"
	"sunrelay/reports/html"
)

// summary is what a folder keeps of a run.
func summary(t testing.TB, run *reports.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := reports.WriteSummary(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// storedDesk is the desk with the figures behind its charts.
func storedDesk(t *testing.T) *reports.Run {
	t.Helper()
	result := simulate(t, desk)
	run := reports.NewRun(result, result.Judge())
	run.AddProfiles(result)
	elapsed := 1.5
	run.Elapsed = &elapsed
	return run
}

func page(t testing.TB, run *reports.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := html.Render(&b, run.Report()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestStoredRunTellsTheSame: the summary holds all that the page needs, and no time that it took.
func TestStoredRunTellsTheSame(t *testing.T) {
	run := storedDesk(t)
	text := summary(t, run)
	if bytes.Contains(text, []byte("elapsed")) {
		t.Error("the summary holds the elapsed time")
	}
	read, err := reports.ReadRun(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if page(t, read) != page(t, run) {
		t.Error("the page of the stored run differs")
	}
	if !bytes.Equal(summary(t, read), text) {
		t.Error("the summary of the stored run differs")
	}
}

// TestReportSays what a reader looks for.
func TestReportSays(t *testing.T) {
	got := page(t, storedDesk(t))
	for _, want := range []string{
		"In short", "Read with care", "Objectives", "How promises are kept", "Why promises were broken", "How long it takes, against the targets",
		"People and load", "Occupancy by pool", "Backlog", "Where these figures come from", "seed", "half of the 95",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(got, "NaN") {
		t.Error("the page shows NaN")
	}
}

func TestReadRunRefuses(t *testing.T) {
	good := string(summary(t, storedDesk(t)))
	for _, c := range []struct{ old, new, want string }{
		{"sunrelay.run/1", "sunrelay.run/9", `schema "sunrelay.run/9", want "sunrelay.run/1"`},
		{`"milestone":"first_response"`, `"milestone":"lunch"`, `"lunch" is not a milestone`},
		{`"cause":"capacity"`, `"cause":"weather"`, `"weather" is no cause`},
		{`"hour_of_week":`, `"hour_of_week":9`, "want 0 to 167"},
		{`"scheduled_agents":[`, `"scheduled_agents":[1,`, "169 hours, want 168"},
		{`"seconds":[1,`, `"seconds":[-1,`, "is not above 0"},
		{"{", "", "not the result of a run"},
	} {
		bad := strings.Replace(good, c.old, c.new, -1)
		if bad == good {
			t.Errorf("the summary has no %s", c.old)
		}
		if _, err := reports.ReadRun(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.new, err, c.want)
		}
	}
}

// FuzzReadRun: what is read without an error can be shown.
func FuzzReadRun(f *testing.F) {
	f.Add([]byte(`{"schema":"sunrelay.run/1"}`))
	f.Add([]byte(`{"schema":"sunrelay.run/1","attainment":[{"plan":"gold","milestone":"fix","decided":1,"attainment":null}],
		"objectives":[{"measure":"quantile","milestone":"fix","estimate":1e308,"goal":1,"unit":"seconds","period":"run"}],
		"pools":[{"touches":1,"hand_overs":1,"hand_over_share":-1e300,"hand_over_share_half_width":null}],
		"money_total":{"currency":"EUR"},"money":[{"plan":"gold","cost_per_year":1e-320,"earnings_per_year":null}],
		"profiles":{"seconds":[1e-300,1e300],"times":[{"plan":"gold","milestone":"fix","shares":[1,2],"limit_seconds":1e-300}],
		"backlog_by_week":[{"mean_open_cases":-1e308,"mean_open_cases_half_width":1e308},{"mean_open_cases":1e308}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		run, err := reports.ReadRun(bytes.NewReader(text))
		if err != nil {
			return
		}
		run.Document()
		page(t, run)
	})
}

package html_test

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/reports"
	"sunrelay/reports/html"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/workloads/builtin"
)

var update = flag.Bool("update", false, "rewrite the expected pages in testdata")

// citrix is the report of a short run.
func citrix(t *testing.T) []byte {
	t.Helper()
	source := scenario.Source{
		Name: "citrix", Builtin: builtin.Open, BuiltinNames: builtin.Names(),
		Zone: func(name string) (*time.Location, error) { return calendar.EmbeddedZones().Location(name) },
	}
	model, err := sim.Load(source, "run.days=14", "run.warm_up=2d", "run.replications=2")
	if err != nil {
		t.Fatal(err)
	}
	result, err := experiment.Run(t.Context(), model, experiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	run := reports.NewRun(result, result.Judge())
	run.AddProfiles(result)
	return render(t, run.Report())
}

func render(t *testing.T, d *reports.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := html.Render(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// everything is a document with each thing that a document can have.
func everything() *reports.Document {
	nothing := []float64(nil)
	return &reports.Document{
		Title: `Tea & <biscuits>`, Lead: []string{"One lead."},
		Sections: []reports.Section{
			{Heading: "In short", Points: []reports.Point{
				{Text: "Plain."}, {Text: "Kept: 96.2 ± 0.4 %.", Tone: reports.Good}, {Text: "Broken.", Tone: reports.Bad}, {Text: "Who knows?", Tone: reports.Doubtful},
			}},
			{Heading: "Table", Part: true, Notes: []string{"A note."}, Tables: []reports.Table{{
				Title: "Target: 1h", Columns: []reports.Column{{Heading: "plan", Align: reports.Left}, {Heading: "sev1", Align: reports.Right}},
				Rows: [][]reports.Cell{{{Text: "<gold>"}, {Text: "80 ± 3 %", Detail: "15m", Tone: reports.Bad, Shade: 3}}, {{Text: "silver"}, {}}},
			}}},
			{Heading: "Details", Folded: true, Charts: []reports.Chart{{
				Title: "A curve", Caption: "To be read so.", X: reports.Axis{Label: "time", Scale: reports.LogSeconds}, Y: reports.Axis{Label: "share", Scale: reports.Percents},
				Lines: []reports.Line{{Name: "one", X: []float64{1, 60, 3600}, Y: []float64{0, 0.5, 1}, HalfWidth: []float64{0, 0.1, 0}}, {Name: "two", X: nothing, Y: nothing, Colour: 1}},
				Marks: []reports.Mark{{Name: "target", X: 900}},
			}}},
		},
	}
}

func TestPage(t *testing.T) {
	const golden = "testdata/everything.html"
	got := render(t, everything())
	if *update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

// TestNothingIsFetched: no address stands where a browser would fetch it, and there is no script.
func TestNothingIsFetched(t *testing.T) {
	page := string(render(t, everything()))
	if found := regexp.MustCompile(`(?i)(src|href|url\(|@import)[=( ]*["']?(https?:|//|file:)`).FindString(page); found != "" {
		t.Errorf("the page fetches %q", found)
	}
	for _, never := range []string{"<script", "javascript:", "<biscuits>", "<gold>"} {
		if strings.Contains(page, never) {
			t.Errorf("the page has %q", never)
		}
	}
}

// TestSameBytes: neither clock nor map order nor the number of workers shows.
func TestSameBytes(t *testing.T) {
	if !bytes.Equal(citrix(t), citrix(t)) {
		t.Error("two runs of the same scenario and seed give different pages")
	}
}

package text_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pretty "github.com/jedib0t/go-pretty/v6/text"

	"sunrelay/reports"
	"sunrelay/reports/text"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// document has one of everything that a renderer must lay out.
var document = &reports.Document{
	Title: "citrix: eight centres around the clock",
	Lead:  []string{"4,363,226 cases in 4 replications (1,090,806 each), seed 1, 2026-01-05 to 2027-01-05 after a warm-up of 14d"},
	Sections: []reports.Section{
		{
			Heading: "Attainment",
			Tables: []reports.Table{{
				Columns: []reports.Column{
					{Heading: "plan"}, {Heading: "target"}, {Heading: "decided", Align: reports.Right},
					{Heading: "attainment", Align: reports.Right}, {Heading: "p90", Align: reports.Right},
				},
				Rows: [][]reports.Cell{
					{{Text: "select"}, {Text: "30m"}, {Text: "45,877"}, {Text: "99.96 ± 0.06 %"}, {Text: "10.2s ± 1.3s", Short: "10.2s"}},
					{{Text: "priority plus 日本"}, {Text: "next_bd"}, {Text: "7"}, {Text: "90 ± 20 %"}, {Text: "1d 16h 10m ± 1h", Short: "1d 16h 10m"}},
				},
			}},
			Notes: []string{"Cost of the agents: 12,300,000 ± 100,000 USD a year."},
		},
		{
			Heading: "Objectives",
			Tables: []reports.Table{{
				Columns: []reports.Column{{Heading: "objective"}, {Heading: "verdict"}},
				Rows: [][]reports.Cell{
					{{Text: "first_response of select sev1 >= 95%"}, {Text: "met", Tone: reports.Good}},
					{{Text: "occupancy of dublin.t1 <= 80%"}, {Text: "missed", Tone: reports.Bad}},
					{{Text: "cost <= 1,000,000 USD"}, {Text: "uncertain: more replications may decide", Tone: reports.Doubtful}},
				},
			}},
		},
		{Notes: []string{"Warning: the half-widths rest on 4 replications, want at least 10."}},
	},
}

func render(t *testing.T, page text.Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := text.Render(&b, document, page); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRenderGolden(t *testing.T) {
	for name, page := range map[string]text.Page{
		"pipe": {}, "wide": {Width: 200, Colour: true}, "narrow": {Width: 64}, "tiny": {Width: 40},
	} {
		file := filepath.Join("testdata", name+".golden")
		got := render(t, page)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestEveryWidthFits begins with the width of five of the narrowest columns.
func TestEveryWidthFits(t *testing.T) {
	for width := 36; width <= 200; width++ {
		for line := range strings.SplitSeq(render(t, text.Page{Width: width}), "\n") {
			if n := pretty.StringWidth(line); n > width {
				t.Errorf("width %d: line of %d: %s", width, n, line)
			}
		}
	}
}

func TestColourOnlyWhereAsked(t *testing.T) {
	t.Setenv("FORCE_COLOR", "1")
	if got := render(t, text.Page{Width: 100}); strings.Contains(got, "\x1b") {
		t.Errorf("escape sequences without colour: %q", got)
	}
	coloured := render(t, text.Page{Width: 100, Colour: true})
	if !strings.Contains(coloured, "\x1b[32mmet\x1b[0m") {
		t.Errorf("no green in %q", coloured)
	}
	if plain := pretty.StripEscape(coloured); plain != render(t, text.Page{Width: 100}) {
		t.Errorf("colour moves the text:\n%s", plain)
	}
}

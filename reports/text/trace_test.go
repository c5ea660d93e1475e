package text_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"sunrelay/model/scenario"
	"sunrelay/reports"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/trace"
	"sunrelay/workloads/rng"
)

// TestTraces tells stories that can be followed by hand. The comment of each file names the case on its first line and
// says what should happen.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("testdata/trace/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			wanted, _, _ := strings.Cut(string(archive.Comment), "\n")
			got := tellStory(t, archive.Files[0].Data, wanted)
			if *update {
				archive.Files[1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("the story is not as it was (-want +got):\n%s", diff)
			}
		})
	}
}

// tellStory is the text of the case, given as "case N", "worst:MILESTONE" or "key KEY".
func tellStory(t *testing.T, definition []byte, wanted string) string {
	t.Helper()
	m, err := sim.Load(scenario.Source{Name: "scenario.yaml", Data: definition})
	if err != nil {
		t.Fatal(err)
	}
	story, err := findStory(t.Context(), &trace.Tracer{Model: m}, wanted)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := text.Render(&out, reports.NewTrace(m, story).Document(), text.Page{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func findStory(ctx context.Context, tracer *trace.Tracer, wanted string) (*trace.Story, error) {
	if number, isNumber := strings.CutPrefix(wanted, "case "); isNumber {
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, err
		}
		return tracer.Number(ctx, n)
	}
	if text, isKey := strings.CutPrefix(wanted, "key "); isKey {
		key, err := strconv.ParseUint(text, 16, 64)
		if err != nil {
			return nil, err
		}
		return tracer.Key(ctx, rng.Key(key))
	}
	selection := trace.Selection{Plan: -1, Severity: -1}
	if err := selection.Milestone.UnmarshalText([]byte(strings.TrimPrefix(wanted, "worst:"))); err != nil {
		return nil, err
	}
	return tracer.Worst(ctx, selection)
}

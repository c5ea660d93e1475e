package scenario

import (
	"os"
	"path/filepath"
	"testing"
)

// TestResolvedIsTheSame reads back what was written: the same scenario by its hash.
func TestResolvedIsTheSame(t *testing.T) {
	texts := map[string]string{"life": life, "small": small, "shop": shop, "relay": relay}
	files, err := filepath.Glob("../../workloads/builtin/*.yaml")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d built-in scenarios, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(text)
	}
	texts["odd"] = `{title: "a: b # c", description: "two\nlines \"quoted\" – ", severities: {"1": {title: "true"}}, terms: {}}`
	for name, text := range texts {
		source := Source{Name: name, Data: []byte(text)}
		sets := []string{"run.seed=77", "objectives=['first_response >= 95%']"}
		resolved, err := Resolved(source, sets)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want, _ := Load(source, sets)
		got, _ := Load(Source{Name: name, Data: resolved}, nil)
		if got == nil || got.Hash != want.Hash {
			t.Errorf("%s is another scenario once it was written:\n%s", name, resolved)
		}
	}
}

package scenario

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzLoad reads arbitrary bytes as a scenario and, if it is one, compiles it. Nothing may panic, and every problem has a
// text and the name of the file.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		small, shop, relay, life, "", "---\n---\n", "a: &a [*a]", "<<: *x", "<<: [1]", "a: {<<: {b: 1}, <<: [{c: 2}]}", "? [a, b]\n: c",
		"!!binary aGk=", "severities: [~]", "run: {days: .inf}", "run: {days: 1e999}", "a: |\n  b\n  c", "\ufeffseverities: [a]",
		"%YAML 1.2\n---\na: 1", "calendars: {a: {zone: '', hours: 24x7}}", "extends: fuzz.yaml", "extends: [a]",
		strings.Repeat("- ", 100), strings.Repeat("{a: ", 80), "objectives: [p99.9 resolve <= 1w]",
	} {
		f.Add([]byte(seed))
	}
	builtins, err := filepath.Glob("../../workloads/builtin/*.yaml")
	if err != nil || len(builtins) == 0 {
		f.Fatalf("no built-in scenarios, %v", err)
	}
	for _, name := range builtins {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		source := Source{Name: "fuzz.yaml", Data: text, Builtin: func(string) ([]byte, error) { return nil, fs.ErrNotExist }}
		if text == nil {
			source.Data = []byte{}
		}
		def, err := Load(source, nil)
		if err == nil && def.Run.Days*float64(def.Run.Replications) < 1000 {
			_, err = Compile(def)
		}
		var problems Problems
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0) {
			t.Fatalf("error without problems: %v", err)
		}
		for _, p := range problems {
			if p.Text == "" || p.File == "" {
				t.Errorf("problem %+v", p)
			}
		}
	})
}

// FuzzOverride sets arbitrary overrides. Nothing may panic.
func FuzzOverride(f *testing.F) {
	for _, set := range []string{"run.days=3", "centres.main.pools.t1.agents+=1", "a.b.c=1", "objectives.0=x", "run=~", "=", "a*=", "..=1",
		"severities.0=normal", "workload.streams.west={}", "centres.main.pools.t1.max_overtime*=1e30", "regions.west.languages.fr*=-1"} {
		f.Add(set)
	}
	f.Fuzz(func(t *testing.T, set string) {
		_, err := Load(Source{Name: "shop.yaml", Data: []byte(shop)}, []string{set})
		var problems Problems
		if err != nil && !errors.As(err, &problems) {
			t.Fatalf("error without problems: %v", err)
		}
	})
}

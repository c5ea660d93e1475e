package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers are the folders of the module from left to right. A package belongs to the layer of the longest folder that it
// lies in, and imports only its own layer and those to the left. Layers of equal rank do not import each other.
var layers = []struct {
	folder string
	rank   int
}{
	{"model/calendar", 0}, {"model", 1}, {"model/sla", 2}, {"model/org", 2}, {"model/scenario", 3}, {"workloads", 4},
	{"sim", 5}, {"sim/experiment", 6}, {"sim/planner", 7}, {"sim/replay", 7}, {"reports", 8}, {"benchmarks", 9}, {"cmd", 10},
}

// confined are imports that only some packages may have.
var confined = map[string][]string{
	"github.com/apache/arrow/": {"workloads/trace", "reports/arrow"},
	"github.com/spf13/cobra":   {"cmd/sunrelay"},
	"github.com/jedib0t/":      {"reports/text"},
	// It would link gRPC and all of Arrow's functions: 23 MB.
	"github.com/apache/arrow/go/v17/parquet/pqarrow": {"tests"},
}

// layerOf is the index of a package's layer, or -1.
func layerOf(pkg string) int {
	best := -1
	for i, l := range layers {
		if (pkg == l.folder || strings.HasPrefix(pkg, l.folder+"/")) && (best < 0 || len(l.folder) > len(layers[best].folder)) {
			best = i
		}
	}
	return best
}

// allowed reports whether a package may import another of the module.
func allowed(from, to string) bool {
	a, b := layerOf(from), layerOf(to)
	return a >= 0 && b >= 0 && (a == b || layers[b].rank < layers[a].rank)
}

func TestImportsPointLeft(t *testing.T) {
	const root, module = "../..", "sunrelay/"
	files := 0
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && file != root && (strings.HasPrefix(name, ".") || name == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		files++
		relative, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		from := path.Dir(filepath.ToSlash(relative))
		if layerOf(from) < 0 {
			t.Errorf("%s lies in no layer", relative)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if to, ours := strings.CutPrefix(imported, module); ours && !allowed(from, to) {
				t.Errorf("%s imports %s, which is not to its left", relative, to)
			}
			for prefix, homes := range confined {
				if strings.HasPrefix(imported, prefix) && !slices.Contains(homes, from) {
					t.Errorf("%s imports %s, want that only in %s", relative, imported, strings.Join(homes, ", "))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("looked at %d files only: is the module somewhere else?", files)
	}
}

func TestAllowedImports(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"model", "model/calendar", true},
		{"model/calendar", "model", false},
		{"model/sla", "model/org", false},
		{"model/scenario", "model/sla", true},
		{"workloads", "workloads/dist", true},
		{"workloads/dist", "sim", false},
		{"sim", "sim/experiment", false},
		{"sim/experiment", "sim/stats", true},
		{"reports/text", "reports", true},
		{"cmd/sunrelay", "benchmarks", true},
		{"somewhere", "model", false},
	} {
		if got := allowed(c.from, c.to); got != c.want {
			t.Errorf("may %s import %s: got %v, want %v", c.from, c.to, got, c.want)
		}
	}
}

package planner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBrokenCBC puts programs on the PATH that are called cbc and do not work: the embedded solver takes over, and says why.
func TestBrokenCBC(t *testing.T) {
	for name, c := range map[string]struct{ script, why string }{
		"exit code":   {"echo no licence >&2; exit 7", "cbc fails: exit status 7: no licence"},
		"killed":      {"kill -9 $$", "cbc fails: signal: killed"},
		"silence":     {"exit 0", "cbc gives no solution"},
		"garbage":     {solution + "echo 'Segmentation ####' > $out", "cbc gives no solution: it says \"Segmentation ####\""},
		"no number":   {solution + "printf 'Optimal\\n 0 x0 many 0\\n' > $out", "cbc gives a solution that cannot be read"},
		"out of rule": {solution + "printf 'Optimal\\n 0 x0 999999 0\\n' > $out", "cbc gives no solution: it says \"Optimal\""},
		"endless":     {"sleep 60", "cbc does not end within"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "cbc"), []byte("#!/bin/sh\n"+c.script+"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
			f := Solvers()[0].(*Fallback)
			if name == "endless" {
				f.First = CBC{filepath.Join(dir, "cbc"), 50 * time.Millisecond}
			}
			p := cover([]float64{8, 8, 8, 8, 8, 8, 8, 8, 5, 5, 5, 5, 5, 5, 5, 5, 3, 3, 3, 3, 3, 3, 3, 3}, 8, 8)
			for range 2 {
				s, err := f.Solve(t.Context(), p)
				if err != nil || s.Cost != 16 || s.Bound != 16 {
					t.Fatalf("%+v, %v, want 16 shifts", s, err)
				}
			}
			if got := f.Name(); !strings.HasPrefix(got, Branching{}.Name()) || !strings.Contains(got, c.why) {
				t.Errorf("the solver is %q, want to hear that %s", got, c.why)
			}
		})
	}
}

// solution finds where cbc is to write its solution.
const solution = "for out; do :; done; "

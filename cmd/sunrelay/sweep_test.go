package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// smallSweep are the arguments of a sweep of mmc with six points.
func smallSweep(dir string) *sweepArgs {
	return &sweepArgs{runArgs: *smallRun("4"), vary: []string{"centres.main.pools.t1.agents=97..102"}, dir: dir}
}

// runSweep runs a sweep that is interrupted after so many cases; 0 = never.
func runSweep(t *testing.T, a *sweepArgs, after int64) (code int, out, errs string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout, stderr bytes.Buffer
	var cases atomic.Int64
	s := &session{out: &stdout, errs: &stderr, watch: func(n int64) {
		if after > 0 && cases.Add(n) > after {
			cancel()
		}
	}}
	code = s.exitCode(internal(sweep(ctx, s, a)))
	return code, stdout.String(), stderr.String()
}

// filesOf is the content of all files of a folder.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(content)
	}
	return files
}

// TestSweepGoesOn interrupts a sweep twice, cuts its last line short as a kill might, and lets it go on: the folder has the
// same bytes as that of a sweep that nothing disturbed.
func TestSweepGoesOn(t *testing.T) {
	quiet, disturbed := filepath.Join(t.TempDir(), "quiet"), filepath.Join(t.TempDir(), "disturbed")
	if code, _, errs := runSweep(t, smallSweep(quiet), 0); code != exitDone {
		t.Fatal(errs)
	}
	const ofTwoPoints = 2 * 4 * 90 * 60 * 24 / 10 // cases
	for i := range 2 {
		code, out, errs := runSweep(t, smallSweep(disturbed), ofTwoPoints)
		if code != exitInterrupted || !strings.Contains(out, "PARTIAL: ") || !strings.Contains(errs, "the same command goes on from there") {
			t.Fatalf("exit code %d, %s\n%s", code, errs, out)
		}
		points := filepath.Join(disturbed, "points.jsonl")
		content, err := os.ReadFile(points)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(content, []byte("\n")); n == 0 || n == 6 {
			t.Fatalf("%d points are finished after interruption %d", n, i+1)
		}
		if err := os.Truncate(points, int64(len(content)-10)); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, errs := runSweep(t, smallSweep(disturbed), 0); code != exitDone {
		t.Fatal(errs)
	}
	want, got := filesOf(t, quiet), filesOf(t, disturbed)
	if len(want) != len(got) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
	for name, content := range want {
		if got[name] != content {
			t.Errorf("%s differs from that of a sweep that nothing disturbed", name)
		}
	}
}

// TestSweepRefusesForeignPoints changes a finished point.
func TestSweepRefusesForeignPoints(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sweep")
	if code, _, errs := runSweep(t, smallSweep(dir), 0); code != exitDone {
		t.Fatal(errs)
	}
	points := filepath.Join(dir, "points.jsonl")
	content, err := os.ReadFile(points)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, points, strings.Replace(string(content), `{"point":1,`, `{"point":7,`, 1))
	if code, _, errs := runSweep(t, smallSweep(dir), 0); code != exitBadInput || !strings.Contains(errs, "line 2 is not point 1") {
		t.Errorf("exit code %d, %s", code, errs)
	}
}

// TestOneSweepInAFolder starts a second sweep in the folder of one that is at work.
func TestOneSweepInAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sweep")
	const ofOnePoint = 4 * 90 * 60 * 24 / 10 // cases
	var errs string
	code := exitDone
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var cases atomic.Int64
	s := &session{out: io.Discard, errs: io.Discard, watch: func(n int64) {
		if cases.Add(n) > ofOnePoint && ctx.Err() == nil {
			code, _, errs = runSweep(t, smallSweep(dir), 0)
			cancel()
		}
	}}
	if first := s.exitCode(internal(sweep(ctx, s, smallSweep(dir)))); first != exitInterrupted {
		t.Errorf("the first sweep ends with exit code %d", first)
	}
	if code != exitBadInput || !strings.Contains(errs, "another sweep is at work in "+dir) {
		t.Errorf("the second sweep ends with exit code %d, %s", code, errs)
	}
	if code, _, errs := runSweep(t, smallSweep(dir), 0); code != exitDone {
		t.Errorf("the sweep does not go on: %d, %s", code, errs)
	}
}

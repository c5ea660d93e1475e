package arrow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"

	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

// load binds a scenario of the simulator's tests, in which everything happens.
func load(t testing.TB, sets ...string) *sim.Model {
	t.Helper()
	const path = "../../sim/testdata/life.yaml"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.Load(scenario.Source{Name: path, Data: text}, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// record runs the model and writes its tables into a new folder.
func record(t testing.TB, m *sim.Model, workers int, o Options) (string, *experiment.Result) {
	t.Helper()
	folder := t.TempDir()
	o.Workers = workers
	w, err := Create(folder, m, o)
	if err != nil {
		t.Fatal(err)
	}
	result, err := experiment.Run(context.Background(), m, experiment.Options{Workers: workers, Record: w.Recorder})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Finish(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return folder, result
}

// TestSameBytesForAnyNumberOfWorkers compares all files of several replications, with spills and without.
func TestSameBytesForAnyNumberOfWorkers(t *testing.T) {
	m := load(t, "run.replications=6")
	var first map[string][32]byte
	for _, workers := range []int{1, 2, 8} {
		folder, _ := record(t, m, workers, Options{Cases: All, Streams: true})
		sums := sumsOf(t, folder)
		if len(sums) != 6 {
			t.Errorf("%d workers leave %d files, want 6", workers, len(sums))
		}
		if first == nil {
			first = sums
		}
		for name, sum := range sums {
			if sum != first[name] {
				t.Errorf("%d workers write another %s than 1", workers, name)
			}
		}
	}
}

// sumsOf are the check sums of the files in a folder.
func sumsOf(t *testing.T, folder string) map[string][32]byte {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string][32]byte{}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		sums[f.Name()] = sha256.Sum256(data)
	}
	return sums
}

var _ = bytes.Compare

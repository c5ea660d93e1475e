package arrow

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/parquet-go/parquet-go"

	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/workloads/rng"
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
	w, err := Create(t.Context(), folder, m, o)
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

// apart are two parts of an organisation that share nothing.
const apart = `
severities: [high, low]
regions: [here, there]
plans: {gold: {coverage: centre, first_response: 1h, resolve: 8h}}
centres:
  east: {region: here, pools: {t1: {agents: 3, tiers: [t1, t2]}}}
  west: {region: there, pools: {t1: {agents: 2}, t2: {agents: 1, tiers: t2}}}
work: {t1: {handle_time: exponential(mean 20m), escalation: 10%}, t2: {handle_time: exponential(mean 1h)}}
workload:
  mix: {severity: {high: 0.2, low: 0.8}}
  streams: {a: {region: here, rate: 6/h}, b: {region: there, rate: 4/h}}
run: {days: 14, warm_up: 1d, replications: 6}
`

// TestSameBytesForAnyNumberOfWorkers compares all files of several replications and components.
func TestSameBytesForAnyNumberOfWorkers(t *testing.T) {
	two, err := sim.Load(scenario.Source{Name: "apart.yaml", Data: []byte(apart)})
	if err != nil {
		t.Fatal(err)
	}
	if two.Components() != 2 {
		t.Fatalf("%d components, want 2", two.Components())
	}
	for _, m := range []*sim.Model{load(t, "run.replications=6"), two} {
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
			if !maps.Equal(sums, first) {
				t.Errorf("%s: %d workers write other bytes than 1", m.Scenario.Definition.Name, workers)
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

// TestMainColumnsAreThoseOfAll compares the main columns alone with the same columns among all.
func TestMainColumnsAreThoseOfAll(t *testing.T) {
	m := load(t, "run.replications=2")
	folder, _ := record(t, m, 1, Options{Cases: All, Tables: []Table{Cases}})
	all := read[readCase](t, folder, Cases)
	folder, _ = record(t, m, 1, Options{Cases: All, Tables: []Table{Cases}, MainColumns: true})
	type mainCase struct {
		Replication   int32  `parquet:"replication"`
		Key           uint64 `parquet:"case_key"`
		Plan          string `parquet:"plan"`
		Severity      string `parquet:"severity"`
		Arrived       int64  `parquet:"arrived"`
		FirstResponse *int64 `parquet:"first_response"`
		Closed        *int64 `parquet:"closed"`
		Outcome       string `parquet:"outcome"`
	}
	rows := read[mainCase](t, folder, Cases)
	if len(rows) != len(all) {
		t.Fatalf("%d rows, want %d", len(rows), len(all))
	}
	// Those who wait for work in progress after their end may have their rows a little later among all columns.
	byKey := map[[2]uint64]mainCase{}
	for _, r := range rows {
		byKey[[2]uint64{uint64(r.Replication), r.Key}] = r
	}
	for _, r := range all {
		want := mainCase{r.Replication, r.Key, r.Plan, r.Severity, r.Arrived, r.FirstResponse, r.Closed, r.Outcome}
		if got := byKey[[2]uint64{uint64(r.Replication), r.Key}]; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// TestStreamsHoldWhatTheFilesHold compares every value of the streams with that of the Parquet files.
func TestStreamsHoldWhatTheFilesHold(t *testing.T) {
	folder, _ := record(t, load(t, "run.replications=2"), 2, Options{Cases: All, Streams: true})
	for _, table := range Tables {
		path := filepath.Join(folder, string(table))
		streamed, filed := streamValues(t, path+".arrows"), fileValues(t, path+".parquet")
		if len(streamed) < 1000 || !slices.Equal(streamed, filed) {
			t.Errorf("%s: %d values in the stream, %d in the file, or others", table, len(streamed), len(filed))
		}
	}
}

// streamValues are the values of a stream, row by row.
func streamValues(t *testing.T, path string) (texts []string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := ipc.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for r.Next() {
		for row := range int(r.Record().NumRows()) {
			for _, c := range r.Record().Columns() {
				texts = append(texts, valueOf(c, row))
			}
		}
	}
	if err := r.Err(); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return texts
}

func valueOf(c arrow.Array, row int) string {
	if c.IsNull(row) {
		return "null"
	}
	switch c := c.(type) {
	case *array.Timestamp:
		return fmt.Sprint(int64(c.Value(row)))
	case *array.Uint64:
		return fmt.Sprint(int64(c.Value(row)))
	}
	return c.ValueStr(row)
}

// fileValues are the values of a Parquet file, row by row.
func fileValues(t *testing.T, path string) (texts []string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := parquet.NewReader(f)
	defer r.Close()
	rows := make([]parquet.Row, 100)
	for {
		n, err := r.ReadRows(rows)
		for _, row := range rows[:n] {
			for _, v := range row {
				text := v.String()
				if v.IsNull() {
					text = "null"
				}
				texts = append(texts, text)
			}
		}
		if err == io.EOF {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestSampleIsOfTheSameCases takes samples of two what-ifs: they have the same cases, and a larger sample has them all.
func TestSampleIsOfTheSameCases(t *testing.T) {
	keys := func(cases Selection, sets ...string) map[uint64]bool {
		folder, _ := record(t, load(t, append(sets, "run.replications=1")...), 1, Options{Cases: cases})
		known := map[uint64]bool{}
		for _, r := range read[readCase](t, folder, Cases) {
			if r.AroseFrom == nil { // what arises depends on what happens
				known[r.Key] = true
			}
		}
		for _, r := range read[readMilestone](t, folder, Milestones) {
			if !known[r.Key] && !Selection(cases).Has(rng.Key(r.Key)) {
				t.Errorf("a milestone of case %016x, which is not in the sample", r.Key)
			}
		}
		return known
	}
	small, large, all := keys(Selection{0.2}), keys(Selection{0.5}), keys(All)
	other := keys(Selection{0.2}, "centres.berlin.pools.front.shifts.early.agents+=3")
	if !maps.Equal(small, other) {
		t.Error("another staffing has another sample")
	}
	for key := range small {
		if !large[key] {
			t.Errorf("case %016x is in the sample of 20 %%, not in that of 50 %%", key)
		}
	}
	// A binomial share lies within 4.5 standard errors but once in 150,000 times; the seed is fixed.
	if share, n := float64(len(small))/float64(len(all)), float64(len(all)); math.Abs(share-0.2) > 4.5*math.Sqrt(0.2*0.8/n) {
		t.Errorf("a sample of 20 %% has %.3f of %v cases", share, n)
	}
}

func TestSelectionText(t *testing.T) {
	for text, want := range map[string]string{
		"none": "none", "all": "all", "sample=1%": "sample=1%", "sample=0.125": "sample=12.5%", "sample=100%": "all", "sample=1": "all",
	} {
		var s Selection
		if err := s.Set(text); err != nil || s.String() != want {
			t.Errorf("%s reads as %s (%v), want %s", text, s, err, want)
		}
	}
	for _, text := range []string{"", "some", "sample", "sample=", "sample=0", "sample=-1%", "sample=101%", "sample=NaN", "1%", "sample=1%%"} {
		var s Selection
		if err := s.Set(text); err == nil {
			t.Errorf("%q reads as %s, want an error", text, s)
		}
	}
}

// disk is one with room for so many bytes.
type disk struct{ room, used int }

var errFull = errors.New("no space left")

func (d *disk) Write(p []byte) (int, error) {
	if d.used+len(p) > d.room {
		return 0, errFull
	}
	d.used += len(p)
	return len(p), nil
}

func (d *disk) Close() error { return nil }

// TestFullDiskEndsTheRun fails to write the largest table, at its beginning, in the middle and at its very end.
func TestFullDiskEndsTheRun(t *testing.T) {
	m := load(t, "run.replications=2", "run.days=2")
	for _, streamed := range []bool{false, true} {
		attempt := func(room int) (used int, err error) {
			var disks []*disk
			err = recordInto(t, m, func(Table) (file, stream io.WriteCloser, err error) {
				d := &disk{room: room}
				if disks = append(disks, d); streamed {
					return nil, d, nil
				}
				return d, nil, nil
			})
			for _, d := range disks {
				used = max(used, d.used)
			}
			return used, err
		}
		size, err := attempt(1 << 30)
		if err != nil {
			t.Fatal(err)
		}
		for _, room := range []int{0, 3, 5, size / 2, size - 1} {
			if _, err := attempt(room); !errors.Is(err, errFull) {
				t.Errorf("room for %d bytes of %d, streamed %v: %v", room, size, streamed, err)
			}
		}
	}
}

// recordInto runs the model and writes all tables into sinks.
func recordInto(t *testing.T, m *sim.Model, open opener) error {
	t.Helper()
	w, err := newWriter(t.Context(), m, Options{Cases: All, Workers: 2}, t.TempDir(), open)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := experiment.Run(t.Context(), m, experiment.Options{Workers: 2, Record: w.Recorder}); err != nil {
		return err
	}
	return w.Finish()
}

// unread is a pipe that nobody reads. The run is cancelled at the first write.
type unread struct {
	cancel   func()
	released chan struct{}
}

func (u *unread) Write([]byte) (int, error) {
	u.cancel()
	<-u.released
	return 0, errFull
}

// TestCancelledWhileNobodyReads cancels a run that has more rows than memory takes while a write does not return: it ends
// all the same.
func TestCancelledWhileNobodyReads(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	pipe := &unread{cancel: cancel, released: make(chan struct{})}
	m := load(t, "run.replications=1000")
	w, err := Stream(ctx, pipe, m, Options{Tables: []Table{Timeline}, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = experiment.Run(ctx, m, experiment.Options{Workers: 2, Record: w.Recorder}); !errors.Is(err, context.Canceled) {
		t.Errorf("the run ends with %v, want that it was cancelled", err)
	}
	close(pipe.released)
	w.Close()
}

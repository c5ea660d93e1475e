package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "bench" && os.Args[2] == "sample" { // by a bench in this process
		main()
	}
	testscript.Main(m, map[string]func(){"sunrelay": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "without": without, "bytes": fileOfBytes, "killed": killed,
		},
	})
}

// exits CODE COMMAND... runs a command that must end with the exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGUMENTS...")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("exits %s: %v", args[0], err)
	}
	code := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		code = ended.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d\n%s", code, want, ts.ReadFile("stderr"))
	}
}

// without TEXT FILE drops the lines of a file that hold the text.
func without(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: without TEXT FILE")
	}
	var kept strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		if !strings.Contains(line, args[0]) {
			kept.WriteString(line)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(kept.String()), 0o644))
}

// bytes FILE SIZE BYTE makes a file of so many equal bytes, given by their number.
func fileOfBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: bytes FILE SIZE BYTE")
	}
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	value, err := strconv.ParseUint(args[2], 10, 8)
	ts.Check(err)
	if value == 0 { // takes no room on the disk
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), nil, 0o644))
		ts.Check(os.Truncate(ts.MkAbs(args[0]), int64(size)))
		return
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte{byte(value)}, size), 0o644))
}

// killed FILE COMMAND... runs a command and kills it as soon as a file of that name, which may have a * in it, has something
// in it.
func killed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: killed FILE COMMAND ARGUMENTS...")
	}
	ctx, kill := context.WithCancel(context.Background())
	defer kill()
	path := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], args[1])
	cmd := exec.CommandContext(ctx, path, args[2:]...)
	cmd.Dir = ts.MkAbs(".")
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			ts.Logf("%s ended: %v", args[1], err)
			return
		case <-time.After(time.Millisecond):
			files, err := filepath.Glob(ts.MkAbs(args[0]))
			ts.Check(err)
			for _, name := range files {
				if info, err := os.Stat(name); err == nil && info.Size() > 0 {
					kill()
				}
			}
		}
	}
}

// smallRun are the arguments of a run of mmc that is over in a moment.
func smallRun(replications string) *runArgs {
	return &runArgs{
		scenario: scenarioArgs{name: "mmc", sets: []string{"run.days=0.1", "run.warm_up=0s", "run.replications=" + replications}},
		format:   "table", workers: 1,
	}
}

func TestInterruptedRunReportsWhatIsFinished(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, errs bytes.Buffer
	var cases atomic.Int64
	const ofThree = 3 * 90 * 60 * 24 / 10 // cases of three replications
	s := &session{out: &out, errs: &errs, watch: func(n int64) {
		if cases.Add(n) > ofThree {
			cancel()
		}
	}}
	code := s.exitCode(internal(run(ctx, s, smallRun("100000"))))
	if code != exitInterrupted || !strings.Contains(errs.String(), "partial") {
		t.Errorf("exit code %d, %s", code, errs.String())
	}
	if !strings.Contains(out.String(), "PARTIAL: ") || !strings.Contains(out.String(), " of 100000 replications") {
		t.Errorf("result is not marked as partial:\n%s", out.String())
	}
}

func TestInterruptedBeforeTheFirstReplication(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	s := &session{out: &out, errs: &errs}
	code := s.exitCode(internal(run(ctx, s, smallRun("4"))))
	if code != exitInterrupted || !strings.Contains(errs.String(), "nothing to report") || out.Len() > 0 {
		t.Errorf("exit code %d, %q, %q", code, errs.String(), out.String())
	}
}

// TestInternalErrorIsNotAPanic checks that a bug ends with the exit code of bugs and its stack.
func TestInternalErrorIsNotAPanic(t *testing.T) {
	var errs bytes.Buffer
	code := execute([]string{"run", "-"}, brokenReader{}, &errs, &errs)
	if code != exitInternal || !strings.Contains(errs.String(), "internal error: broken") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { panic("broken") }

// TestEveryCommandHasAnExample also keeps the help in one style.
func TestEveryCommandHasAnExample(t *testing.T) {
	for _, cmd := range newRoot(&session{}).Commands() {
		for _, c := range append(cmd.Commands(), cmd) {
			if c.Hidden || c.Name() == "completion" || c.Parent().Name() == "completion" {
				continue
			}
			if c.Example == "" || c.Short == "" || strings.HasSuffix(c.Short, ".") {
				t.Errorf("%s: example %q, short %q", c.CommandPath(), c.Example, c.Short)
			}
			for line := range strings.SplitSeq(c.Example, "\n") {
				if !strings.HasPrefix(line, "  sunrelay ") {
					t.Errorf("%s: example line %q, want one that begins with two spaces and sunrelay", c.CommandPath(), line)
				}
			}
		}
	}
}

// TestInterruptedRunLeavesNoFolder, not even those above it.
func TestInterruptedRunLeavesNoFolder(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	root := t.TempDir()
	var out, errs bytes.Buffer
	s := &session{out: &out, errs: &errs, watch: func(int64) { cancel() }}
	args := smallRun("100000")
	args.folder.path = filepath.Join(root, "results", "monday")
	code := s.exitCode(internal(run(ctx, s, args)))
	left, err := os.ReadDir(root)
	if code != exitInterrupted || err != nil || len(left) > 0 {
		t.Errorf("exit code %d, %v, left behind: %v", code, err, left)
	}
}

package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// memoryGoal is how much memory the program takes at its ease, in bytes; beyond that garbage is collected before more is
// taken. The event loop allocates next to nothing, so that large scenarios lose little time by it.
const memoryGoal = 72 << 20

// forgetMemoryGoal is for the reading of logs, whose cases may live on while more are read: near the goal most of the time would go
// into collecting garbage in vain. The goal holds again after what it returns.
func forgetMemoryGoal() (again func()) {
	debug.SetMemoryLimit(math.MaxInt64)
	return func() { debug.SetMemoryLimit(memoryGoal) }
}

func main() {
	debug.SetMemoryLimit(memoryGoal)
	os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// execute runs the command line and returns the exit code. The first interrupt cancels the work, which then reports what
// it has; a second one ends the program at once.
func execute(args []string, in io.Reader, out, errs io.Writer) (code int) {
	defer func() {
		if bug := recover(); bug != nil {
			fmt.Fprintf(errs, "sunrelay: internal error: %v\n%s", bug, debug.Stack())
			code = exitInternal
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)()

	s := &session{in: in, out: out, errs: errs}
	root := newRoot(s)
	root.SetArgs(args)
	return s.exitCode(root.ExecuteContext(ctx))
}

package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// TestInterruptedTrace leaves nothing on standard output.
func TestInterruptedTrace(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, wanted := range []string{"500", "worst:first_response"} {
		var out, errs bytes.Buffer
		s := &session{out: &out, errs: &errs}
		a := smallRun("1")
		a.trace.wanted = wanted
		code := s.exitCode(internal(run(ctx, s, a)))
		if code != exitInterrupted || !strings.Contains(errs.String(), "interrupted") || out.Len() > 0 {
			t.Errorf("%s: exit code %d, %q, %q", wanted, code, errs.String(), out.String())
		}
	}
}

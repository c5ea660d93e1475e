package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sunrelay/model/scenario"
)

// The exit codes.
const (
	exitDone        = 0
	exitInternal    = 1 // a bug, or the machine failed: disk full, no memory
	exitBadInput    = 2 // the command line, a scenario or a data file is wrong; nothing was written
	exitMissed      = 3 // run --check: an objective is not met; plan: no plan keeps all; coverage --check: a promise cannot always be kept; bench: a regression
	exitInterrupted = 4 // by Ctrl-C or the system; what was finished is reported
)

// exitError ends the program with a code.
type exitError struct {
	code int
	err  error // nil = everything has been said
}

// Error is the text of the cause.
func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

// Unwrap is the cause.
func (e *exitError) Unwrap() error { return e.err }

// errNothingFinished is how a simulation ends that was interrupted too early.
var errNothingFinished = &exitError{exitInterrupted, errors.New("interrupted before the first replication was finished: there is nothing to report")}

// badInput is an error of what the user gave.
func badInput(format string, args ...any) error {
	return &exitError{exitBadInput, fmt.Errorf(format, args...)}
}

// internal is the error of a command with the exit code that its cause calls for.
func internal(err error) error {
	var coded *exitError
	var problems scenario.Problems
	switch {
	case err == nil || errors.As(err, &coded):
		return err
	case errors.As(err, &problems):
		return &exitError{exitBadInput, err}
	case errors.Is(err, context.Canceled):
		return &exitError{exitInterrupted, errors.New("interrupted")}
	}
	return &exitError{exitInternal, err}
}

// exitCode prints the error and says how the program ends. Errors without a code come from the parser of the command
// line.
func (s *session) exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	code := exitBadInput
	var coded *exitError
	if errors.As(err, &coded) {
		code = coded.code
		if coded.err == nil {
			return code
		}
	}
	text := err.Error()
	var problems scenario.Problems
	if !errors.As(err, &problems) { // which begin with the name of the file, so that editors find the place
		text = "sunrelay: " + text
	}
	fmt.Fprintln(s.errs, strings.TrimRight(text, "\n"))
	return code
}

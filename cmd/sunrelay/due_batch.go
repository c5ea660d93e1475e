package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"sunrelay/cmd/sunrelay/internal/due"
	"sunrelay/model/scenario"
)

// dueBatch answers the file of questions called in, and writes the answers to out; - is standard input or output. After
// an error there is no file out, or the one that was there before.
func (s *session) dueBatch(in, out string, calendars *due.Calendars) error {
	input, name, err := s.openInput(in)
	if err != nil {
		return err
	}
	defer input.Close()
	if out == "-" {
		return due.Batch(name, input, s.out, calendars)
	}
	return writeWhole(out, func(w io.Writer) error { return due.Batch(name, input, w, calendars) })
}

// openInput opens a data file, or standard input for -.
func (s *session) openInput(name string) (file io.ReadCloser, shown string, err error) {
	if name == "-" {
		return io.NopCloser(s.in), "standard input", nil
	}
	problem := func(text string) error {
		return scenario.Problems{{Position: scenario.Position{File: name}, Text: text}}
	}
	opened, err := os.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, name, problem("does not exist")
		}
		return nil, name, problem("cannot be read: " + errors.Unwrap(err).Error())
	}
	if info, err := opened.Stat(); err == nil && info.IsDir() {
		opened.Close()
		return nil, name, problem("is a directory, want a CSV file")
	}
	return opened, name, nil
}

// writeWhole writes a file under a temporary name beside it and renames it when it is complete.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return badInput("--out %s is not a regular file", name)
	}
	temporary, err := os.CreateTemp(filepath.Dir(name), ".sunrelay-*")
	if err != nil {
		return badInput("--out %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreClosed(temporary.Close()), os.Remove(temporary.Name()))
		}
	}()
	if err := write(temporary); err != nil {
		return err
	}
	const readable = 0o644
	if err := errors.Join(temporary.Chmod(readable), temporary.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return os.Rename(temporary.Name(), name)
}

// ignoreClosed drops the error of closing a file twice.
func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sunrelay/cmd/sunrelay/internal/folder"
	"sunrelay/reports"
)

// The files of a folder: the plan, and a line of JSON for each point that is finished, in order.
const (
	planFile   = "sweep.json"
	pointsFile = "points.jsonl"
)

// Store is the folder of a sweep. It is for one goroutine.
type Store struct {
	dir     string
	claimed *folder.Claimed
	points  *os.File
	size    int64 // of the points
}

// ConflictError says that the folder holds something else, which is left as it is.
type ConflictError struct{ text string }

// Error says what the folder holds.
func (e *ConflictError) Error() string { return e.text }

// Open opens the folder of the plan, or makes it, and returns the points that are finished. A line that was cut short when
// a sweep was killed is dropped. A folder with other things in it, with another plan, or in which another sweep is at work
// is a ConflictError.
func Open(dir string, plan reports.SweepPlan) (*Store, []reports.SweepPoint, error) {
	want, err := json.MarshalIndent(plan, "", "  ")
	if err != nil {
		return nil, nil, err
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, nil, &ConflictError{dir + " is no folder"}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, nil, err
	}
	s := &Store{dir: dir}
	if s.claimed, err = folder.Claim(dir); errors.Is(err, folder.ErrTaken) {
		return nil, nil, &ConflictError{fmt.Sprintf("another sweep is at work in %s; wait until it has ended, or choose another folder", dir)}
	}
	var points []reports.SweepPoint
	if err == nil {
		points, err = s.open(plan, append(want, '\n'))
	}
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, points, nil
}

// open makes sure that the folder holds the plan, and reads the finished points.
func (s *Store) open(plan reports.SweepPlan, want []byte) ([]reports.SweepPoint, error) {
	held, err := os.ReadFile(filepath.Join(s.dir, planFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = s.begin(want)
	case err == nil && !bytes.Equal(held, want):
		err = &ConflictError{fmt.Sprintf("%s holds another sweep: %s; choose another folder, or remove that one", s.dir, changed(held, plan))}
	}
	if err != nil {
		return nil, err
	}
	if err := s.tidy(); err != nil {
		return nil, err
	}
	return s.read(plan)
}

// begin writes the plan into a folder that is empty, but for what a sweep leaves that is killed at its very beginning.
func (s *Store) begin(plan []byte) error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), writing) {
			return &ConflictError{fmt.Sprintf("%s is not empty and holds no sweep; choose another folder", s.dir)}
		}
	}
	return s.Write(planFile, func(w io.Writer) error {
		_, err := w.Write(plan)
		return err
	})
}

// tidy removes files that were being written when a sweep was killed.
func (s *Store) tidy() error {
	entries, err := os.ReadDir(s.dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), writing) {
			err = errors.Join(err, os.Remove(filepath.Join(s.dir, e.Name())))
		}
	}
	return err
}

// changed names what differs between the plan of the folder and the one that is wanted.
func changed(held []byte, want reports.SweepPlan) string {
	var have reports.SweepPlan
	if json.Unmarshal(held, &have) != nil {
		return planFile + " cannot be read"
	}
	for _, c := range []struct {
		what       string
		have, want any
	}{
		{"its scenario is", have.Scenario, want.Scenario},
		{"it was made by version", have.Program, want.Program},
		{"its seed is", have.Seed, want.Seed},
		{"its replications are", have.Replications, want.Replications},
		{"its design is", have.Design, want.Design},
		{"it varies", have.Factors, want.Factors},
		{"its number of points is", len(have.Settings), len(want.Settings)},
	} {
		if fmt.Sprint(c.have) != fmt.Sprint(c.want) {
			return fmt.Sprintf("%s %v, not %v", c.what, c.have, c.want)
		}
	}
	if have.ScenarioHash != want.ScenarioHash {
		return "the scenario, or what --set changes of it, was another one"
	}
	return "its points are others"
}

// read reads the finished points and opens the file for more.
func (s *Store) read(plan reports.SweepPlan) ([]reports.SweepPoint, error) {
	name := filepath.Join(s.dir, pointsFile)
	content, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	whole := content[:bytes.LastIndexByte(content, '\n')+1]
	var points []reports.SweepPoint
	for line := range bytes.Lines(whole) {
		var p reports.SweepPoint
		if err := json.Unmarshal(line, &p); err != nil || p.Point != len(points) || p.Point >= len(plan.Settings) {
			return nil, &ConflictError{fmt.Sprintf("%s: line %d is not point %d of the sweep; remove the folder to begin again", name, len(points)+1, len(points))}
		}
		points = append(points, p)
	}
	s.points, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	s.size = int64(len(whole))
	return points, s.points.Truncate(s.size)
}

// Append keeps a point; it is on the disk when Append returns. Another program that writes to the folder meanwhile is an
// error.
func (s *Store) Append(p *reports.SweepPoint) error {
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	info, err := s.points.Stat()
	if err != nil {
		return err
	}
	if info.Size() != s.size {
		return &ConflictError{fmt.Sprintf("%s: another program writes to this folder", s.dir)}
	}
	n, err := s.points.WriteAt(append(line, '\n'), s.size)
	s.size += int64(n)
	if err != nil {
		return err
	}
	return s.points.Sync()
}

// Write writes a further file of the folder, in whole or not at all.
func (s *Store) Write(name string, write func(io.Writer) error) error {
	return writeWhole(filepath.Join(s.dir, name), write)
}

// Close ends the work on the folder.
func (s *Store) Close() error {
	err := s.claimed.Release()
	if s.points != nil {
		err = errors.Join(err, s.points.Close())
	}
	return err
}

// writing begins the names of files until they are complete.
const writing = ".writing-"

// writeWhole writes a file under another name and then gives it its own.
func writeWhole(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), writing+"*")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

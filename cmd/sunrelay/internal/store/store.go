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

	"sunrelay/reports"
)

// The files of a folder: the plan, and a line of JSON for each point that is finished, in order.
const (
	planFile   = "sweep.json"
	pointsFile = "points.jsonl"
)

// Store is the folder of a sweep. It is for one goroutine.
type Store struct {
	dir    string
	points *os.File
	size   int64 // of the points
}

// ConflictError says that the folder holds something else, which is left as it is.
type ConflictError struct{ text string }

// Error says what the folder holds.
func (e *ConflictError) Error() string { return e.text }

// Open opens the folder of the plan, or makes it, and returns the points that are finished. A line that was cut short when
// a sweep was killed is dropped. A folder with other things in it, or with another plan, is a ConflictError.
func Open(dir string, plan reports.SweepPlan) (*Store, []reports.SweepPoint, error) {
	want, err := json.MarshalIndent(plan, "", "  ")
	if err != nil {
		return nil, nil, err
	}
	want = append(want, '\n')
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, nil, &ConflictError{dir + " is no folder"}
	}
	held, err := os.ReadFile(filepath.Join(dir, planFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := begin(dir, want); err != nil {
			return nil, nil, err
		}
	case err != nil:
		return nil, nil, err
	case !bytes.Equal(held, want):
		return nil, nil, &ConflictError{fmt.Sprintf("%s holds another sweep: %s; choose another folder, or remove that one", dir, changed(held, plan))}
	}
	s := &Store{dir: dir}
	points, err := s.read(plan)
	return s, points, err
}

// begin makes the folder with its plan.
func begin(dir string, plan []byte) error {
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return &ConflictError{fmt.Sprintf("%s is not empty and holds no sweep; choose another folder", dir)}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return writeWhole(filepath.Join(dir, planFile), func(w io.Writer) error {
		_, err := w.Write(plan)
		return err
	})
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
	if s.points == nil {
		return nil
	}
	return s.points.Close()
}

// writeWhole writes a file under another name and then gives it its own.
func writeWhole(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".writing-*")
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

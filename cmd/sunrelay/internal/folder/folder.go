// Package folder makes a folder of results that appears under its name whole or not at all. It does not know what is in
// it, but for the file by which a result is recognised.
package folder

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Mark is the file that every folder of results holds. A folder without it is never replaced.
const Mark = "summary.json"

// Folder is being filled: its files lie in a hidden folder beside the target until Commit. The zero value is none.
type Folder struct {
	target  string
	partial string   // where the files lie meanwhile; empty once it is committed or discarded
	made    []string // folders above the target that were not there, innermost first
	replace bool
}

// Create begins the folder target. One that is there, unless it is empty, is refused; with replace an earlier result is
// taken away at Commit, and anything else is refused all the same. Errors wrap ErrThere where something is in the way.
func Create(target string, replace bool) (*Folder, error) {
	target, err := filepath.Abs(target)
	if err != nil {
		return nil, err
	}
	f := &Folder{target: target, replace: replace}
	if err := f.inTheWay(); err != nil {
		return nil, err
	}
	parent := filepath.Dir(target)
	for missing := parent; !exists(missing); missing = filepath.Dir(missing) {
		f.made = append(f.made, missing)
	}
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, errors.Join(err, f.Discard())
	}
	for n := 0; ; n++ {
		f.partial = filepath.Join(parent, fmt.Sprintf(".%s.partial-%d-%d", filepath.Base(target), os.Getpid(), n))
		if err := os.Mkdir(f.partial, 0o777); err == nil {
			return f, nil
		} else if !errors.Is(err, fs.ErrExist) {
			f.partial = ""
			return nil, errors.Join(err, f.Discard())
		}
	}
}

// ErrThere says that something is in the way of a folder.
var ErrThere = errors.New("is there already")

// inTheWay is an error if the target may not be replaced.
func (f *Folder) inTheWay() error {
	info, err := os.Stat(f.target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%w and is a file, not a folder", ErrThere)
	}
	entries, err := os.ReadDir(f.target)
	switch {
	case err != nil:
		return err
	case len(entries) == 0:
		return nil
	case !exists(filepath.Join(f.target, Mark)):
		return fmt.Errorf("%w and holds something else than a result (it has no %s)", ErrThere, Mark)
	case !f.replace:
		return ErrThere
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Path is where a file of the folder lies until Commit.
func (f *Folder) Path(name string) string { return filepath.Join(f.partial, name) }

// Write makes a file of the folder.
func (f *Folder) Write(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(f.Path(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<16)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	return errors.Join(err, file.Close())
}

// Commit gives the folder its name.
func (f *Folder) Commit() error {
	if err := f.inTheWay(); err != nil { // it may have come meanwhile
		return fmt.Errorf("%s %w", f.target, err)
	}
	old := f.partial + "-old"
	switch err := os.Rename(f.target, old); {
	case errors.Is(err, fs.ErrNotExist):
		old = ""
	case err != nil:
		return err
	}
	if err := os.Rename(f.partial, f.target); err != nil {
		if old != "" {
			err = errors.Join(err, os.Rename(old, f.target))
		}
		return err
	}
	f.partial, f.made = "", nil
	if old == "" {
		return nil
	}
	return os.RemoveAll(old)
}

// Discard leaves nothing behind of a folder that was not committed. It may always be called, on a nil Folder too.
func (f *Folder) Discard() error {
	if f == nil {
		return nil
	}
	if f.partial != "" {
		if err := os.RemoveAll(f.partial); err != nil {
			return err
		}
	}
	for _, above := range f.made {
		if err := os.Remove(above); err != nil && !errors.Is(err, fs.ErrNotExist) {
			break // somebody else uses it by now
		}
	}
	f.partial, f.made = "", nil
	return nil
}

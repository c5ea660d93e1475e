// Package folder makes a folder of results that appears under its name whole or not at all. It does not know what is in
// it, but for the file by which a result is recognised. What a program that was killed has left behind is removed by the next
// one that makes the same folder.
package folder

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Mark is the file that every folder of results holds. A folder without it is never replaced.
const Mark = "summary.json"

// Folder is being filled: its files lie in a hidden folder beside the target until Commit. The zero value is none.
type Folder struct {
	target  string
	partial string   // where the files lie meanwhile; empty once it is committed or discarded
	claimed *Claimed // partial
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
	if err := f.tidy(); err != nil {
		return nil, err
	}
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
	if err := f.makePartial(); err != nil {
		return nil, errors.Join(err, f.Discard())
	}
	return f, nil
}

// makePartial makes the folder for the files and claims it. Another program that tidies up may take it away in between.
func (f *Folder) makePartial() error {
	for n := 0; ; n++ {
		path := filepath.Join(filepath.Dir(f.target), fmt.Sprintf(".%s.partial-%d-%d", filepath.Base(f.target), os.Getpid(), n))
		if err := os.Mkdir(path, 0o777); errors.Is(err, fs.ErrExist) {
			continue
		} else if err != nil {
			return err
		}
		f.partial = path
		claimed, err := Claim(path)
		switch {
		case err == nil && exists(path):
			f.claimed = claimed
			return nil
		case err != nil && exists(path) && !errors.Is(err, ErrTaken):
			return err
		}
		f.partial = ""
		claimed.Release()
	}
}

// old ends the name of an earlier result while it is replaced.
const old = "-old"

// tidy removes what programs that are no more have left behind of the target. An earlier result gets its name back if it was
// about to be replaced.
func (f *Folder) tidy() error {
	entries, err := os.ReadDir(filepath.Dir(f.target))
	if err != nil {
		return nil // Create tells of it, if it matters
	}
	left := regexp.MustCompile(`^\.` + regexp.QuoteMeta(filepath.Base(f.target)) + `\.partial-\d+-\d+(-old)?$`)
	for _, e := range entries {
		if !left.MatchString(e.Name()) {
			continue
		}
		path := filepath.Join(filepath.Dir(f.target), e.Name())
		claimed, err := Claim(path)
		if err != nil || !claimed.isSure() {
			continue // somebody is at work there
		}
		if strings.HasSuffix(path, old) && !exists(f.target) {
			err = os.Rename(path, f.target)
		} else {
			err = os.RemoveAll(path)
		}
		if err = errors.Join(err, claimed.Release()); err != nil {
			return err
		}
	}
	return nil
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
	earlier := ""
	if exists(f.target) {
		claimed, err := Claim(f.target)
		if err != nil {
			return fmt.Errorf("%s: %w", f.target, err)
		}
		defer claimed.Release()
		earlier = f.partial + old
		if err := os.Rename(f.target, earlier); err != nil {
			return err
		}
	}
	if err := os.Rename(f.partial, f.target); err != nil {
		if earlier != "" {
			err = errors.Join(err, os.Rename(earlier, f.target))
		}
		return err
	}
	f.partial, f.made = "", nil
	err := f.claimed.Release()
	if earlier != "" {
		err = errors.Join(err, os.RemoveAll(earlier))
	}
	return err
}

// Discard leaves nothing behind of a folder that was not committed. It may always be called, on a nil Folder too.
func (f *Folder) Discard() error {
	if f == nil {
		return nil
	}
	if f.partial != "" {
		if err := errors.Join(os.RemoveAll(f.partial), f.claimed.Release()); err != nil {
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

package scenario

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Source says which scenario to read and how what it names is found.
type Source struct {
	// Name is a file, a built-in scenario, or - for Stdin. A name with a slash or a dot is always a file.
	Name string

	// Data is the text of the scenario, if it is at hand; Name is then for messages, and files that the scenario names
	// are looked for beside it.
	Data []byte

	// Stdin is what the name - reads.
	Stdin io.Reader

	// Builtin is the text of a built-in scenario, and BuiltinNames are their names. Nil means that there are none. An
	// unknown name is fs.ErrNotExist.
	Builtin      func(name string) ([]byte, error)
	BuiltinNames []string

	// Zone finds a time zone by its IANA name; nil means time.LoadLocation.
	Zone func(name string) (*time.Location, error)
}

// zone is the time zone called name.
func (s *Source) zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, errors.New("a zone has a name")
	}
	if s.Zone != nil {
		return s.Zone(name)
	}
	return time.LoadLocation(name)
}

// read is the text of the scenario and the name to show for it in messages.
func (s *Source) read() (file string, text []byte, err error) {
	switch {
	case s.Data != nil:
		return s.Name, s.Data, nil
	case s.Name == "-":
		if s.Stdin == nil {
			return "standard input", nil, errors.New("is not there")
		}
		text, err = readMost(s.Stdin)
		return "standard input", text, err
	case isPipe(s.Name):
		text, err = readPipe(s.Name)
		return s.Name, text, err
	}
	return s.open(s.Name)
}

// isPipe reports whether name is a pipe, as that of a shell's <(command).
func isPipe(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode()&fs.ModeNamedPipe != 0
}

func readPipe(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, pathless(err)
	}
	defer f.Close()
	return readMost(f)
}

// open is the text of the built-in or file called name.
func (s *Source) open(name string) (file string, text []byte, err error) {
	if s.Builtin != nil && !strings.ContainsAny(name, `./\`) {
		text, err := s.Builtin(name)
		if err == nil {
			return name, text, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return name, nil, err
		}
	}
	text, err = readFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("does not exist, neither as a file nor as a built-in scenario (%s)%s",
			listNames(s.BuiltinNames), nearest(name, s.BuiltinNames))
	}
	return name, text, err
}

// readFile is the content of a regular file of at most mostBytes. Files that another file names may not be pipes or
// devices, which might never end.
func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fs.ErrNotExist
	case err != nil:
		return nil, pathless(err)
	case info.IsDir():
		return nil, errors.New("is a directory, want a file")
	case !info.Mode().IsRegular():
		return nil, errors.New("is a pipe or a device, want a file")
	case info.Size() > mostBytes:
		return nil, fmt.Errorf("is %d bytes, want at most 8 MiB", info.Size())
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, pathless(err)
	}
	defer f.Close()
	return readMost(f)
}

// pathless is the cause of a file's error without its name, which stands in front of every problem anyway.
func pathless(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("cannot be read: %w", path.Err)
	}
	return err
}

// readMost reads at most mostBytes.
func readMost(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, pathless(err)
	}
	if len(text) > mostBytes {
		return nil, errors.New("is too large, want at most 8 MiB")
	}
	return text, nil
}

// beside is the name of a file as written in another file.
func beside(file, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}

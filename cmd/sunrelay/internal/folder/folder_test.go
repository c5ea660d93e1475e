package folder

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func write(t *testing.T, f *Folder, name, text string) {
	t.Helper()
	if err := f.Write(name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		t.Fatal(err)
	}
}

// names are all entries of a folder.
func names(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func create(t *testing.T, path string, replace bool) *Folder {
	t.Helper()
	f, err := Create(path, replace)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAppearsWholeWithItsParents(t *testing.T) {
	root := t.TempDir()
	target := filepath.Join(root, "a", "b", "result")
	f := create(t, target, false)
	write(t, f, Mark, "{}")
	if exists(target) {
		t.Error("the folder is there before it is committed")
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := f.Discard(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Dir(target)); len(got) != 1 || got[0] != "result" {
		t.Errorf("beside the folder lie %v", got)
	}
	if text, err := os.ReadFile(filepath.Join(target, Mark)); err != nil || string(text) != "{}" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestDiscardLeavesNothing(t *testing.T) {
	root := t.TempDir()
	f := create(t, filepath.Join(root, "a", "b", "result"), false)
	write(t, f, "big", "half")
	if err := f.Discard(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, root); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestDiscardKeepsFoldersThatOthersUse(t *testing.T) {
	root := t.TempDir()
	f := create(t, filepath.Join(root, "a", "result"), false)
	other := filepath.Join(root, "a", "mine")
	if err := os.WriteFile(other, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := f.Discard(); err != nil || !exists(other) {
		t.Errorf("%v; the file of somebody else is there: %v", err, exists(other))
	}
}

func TestRefusesWhatIsThere(t *testing.T) {
	root := t.TempDir()
	result, foreign, file := filepath.Join(root, "result"), filepath.Join(root, "foreign"), filepath.Join(root, "file")
	f := create(t, result, false)
	write(t, f, Mark, "old")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Mkdir(foreign, 0o777), os.WriteFile(filepath.Join(foreign, "thesis"), nil, 0o666), os.WriteFile(file, nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path    string
		replace bool
	}{{result, false}, {foreign, false}, {foreign, true}, {file, false}, {file, true}, {root, true}} {
		if _, err := Create(c.path, c.replace); !errors.Is(err, ErrThere) {
			t.Errorf("%s, replace %v: %v", c.path, c.replace, err)
		}
	}
	if got := names(t, root); len(got) != 3 {
		t.Errorf("left behind: %v", got)
	}
}

func TestReplacesAResultAtTheEndOnly(t *testing.T) {
	root := t.TempDir()
	target := filepath.Join(root, "result")
	f := create(t, target, false)
	write(t, f, Mark, "old")
	write(t, f, "only in the old", "")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f = create(t, target, true)
	write(t, f, Mark, "new")
	if text, _ := os.ReadFile(filepath.Join(target, Mark)); string(text) != "old" {
		t.Errorf("before the commit %q", text)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, target); len(got) != 1 {
		t.Errorf("the new folder holds %v", got)
	}
	if got := names(t, root); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

// TestWhatComesMeanwhileStays: another run may make the same folder while this one simulates.
func TestWhatComesMeanwhileStays(t *testing.T) {
	target := filepath.Join(t.TempDir(), "result")
	first, second := create(t, target, false), create(t, target, false)
	write(t, first, Mark, "first")
	write(t, second, Mark, "second")
	if err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := second.Commit(); !errors.Is(err, ErrThere) {
		t.Errorf("%v, want %v", err, ErrThere)
	}
	if err := second.Discard(); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(filepath.Join(target, Mark)); string(text) != "first" {
		t.Errorf("the folder holds %q", text)
	}
}

// TestRemovesWhatADeadProgramLeft begins a folder like a program that is killed: its claim ends, its files stay.
func TestRemovesWhatADeadProgramLeft(t *testing.T) {
	root := t.TempDir()
	target := filepath.Join(root, "result")
	killed := create(t, target, false)
	write(t, killed, "cases.parquet", "half")
	alive := create(t, target, false)
	write(t, alive, Mark, "{}")
	if got := names(t, root); len(got) != 2 {
		t.Fatalf("two programs at work have %v", got)
	}
	other := filepath.Join(root, ".result.partial-notes")
	if err := os.Mkdir(other, 0o777); err != nil {
		t.Fatal(err)
	}
	killed.claimed.Release()
	third := create(t, target, false)
	if exists(killed.Path("cases.parquet")) || !exists(alive.partial) || !exists(third.partial) || !exists(other) {
		t.Errorf("left: %v", names(t, root))
	}
	if err := alive.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := third.Discard(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, root); len(got) != 2 {
		t.Errorf("left: %v", got)
	}
}

// TestGivesAnEarlierResultItsNameBack: the program was killed after it had put the earlier result aside.
func TestGivesAnEarlierResultItsNameBack(t *testing.T) {
	root := t.TempDir()
	target := filepath.Join(root, "result")
	aside := filepath.Join(root, ".result.partial-17-0"+old)
	if err := os.Mkdir(aside, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(aside, Mark), []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(target, false); !errors.Is(err, ErrThere) {
		t.Errorf("the earlier result is not there: %v", err)
	}
	if got := names(t, root); len(got) != 1 || got[0] != "result" {
		t.Errorf("left: %v", got)
	}
	f := create(t, target, true)
	write(t, f, Mark, "{1}")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, root); len(got) != 1 || got[0] != "result" {
		t.Errorf("left: %v", got)
	}
}

func TestSecondClaimFails(t *testing.T) {
	dir := t.TempDir()
	first, err := Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Claim(dir); !errors.Is(err, ErrTaken) {
		t.Errorf("a second claim: %v", err)
	}
	first.Release()
	second, err := Claim(dir)
	if err != nil {
		t.Error(err)
	}
	second.Release()
}

// Package sharedtest finds reference data for tests. It is not part of the project: where a folder named shared lies beside
// the project, or beside a folder above it, tests use what it holds.
package sharedtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Find is the path of a file in the folder, or empty where there is none.
func Find(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		path := filepath.Join(dir, "shared", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
}

// Path is that of a file in the folder. Where there is none the test is skipped.
func Path(t testing.TB, name string) string {
	t.Helper()
	path := Find(t, name)
	if path == "" {
		t.Skipf("there is no shared/%s beside any folder above", name)
	}
	return path
}

// Cases are the cases of validation.json, read as C. Where there are none the test is skipped.
func Cases[C any](t testing.TB) []C {
	t.Helper()
	content, err := os.ReadFile(Path(t, "validation.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []C }
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

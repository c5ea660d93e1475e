package calendar

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestEmbeddedZonesAreGos compares the embedded archive and its version with the toolchain's, where its files are there.
// After an update of Go: copy lib/time/zoneinfo.zip and set embeddedVersion.
func TestEmbeddedZonesAreGos(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("the toolchain is not at hand")
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "lib", "time")
	archive, err := os.ReadFile(filepath.Join(dir, "zoneinfo.zip"))
	if err != nil {
		t.Skip("the toolchain's zone archive is not at hand")
	}
	if !bytes.Equal(archive, embeddedZones) {
		t.Errorf("the embedded zone archive is not that of %s", runtime.Version())
	}
	script, err := os.ReadFile(filepath.Join(dir, "update.bash"))
	if err != nil {
		t.Skip("the toolchain's update.bash is not at hand")
	}
	match := regexp.MustCompile(`(?m)^DATA=(\w+)$`).FindSubmatch(script)
	if match == nil || string(match[1]) != embeddedVersion {
		t.Errorf("version %s, but update.bash says %s", embeddedVersion, match)
	}
}

func TestZoneErrors(t *testing.T) {
	zones := EmbeddedZones()
	for _, name := range []string{"", "Local", "europe/dublin", "Europe", "Europe/Dublin/", "/etc/localtime", "../Europe/Dublin", "Mars/Base"} {
		if zone, err := zones.Location(name); err == nil {
			t.Errorf("zone %q is %v, want an error", name, zone)
		}
	}
	if zone, err := zones.Location("UTC"); err != nil || zone != time.UTC {
		t.Errorf("UTC is %v, %v", zone, err)
	}
}

func TestLoadZones(t *testing.T) {
	dir := t.TempDir()
	good, notZip, empty := filepath.Join(dir, "zones.zip"), filepath.Join(dir, "zones.txt"), filepath.Join(dir, "empty.zip")
	var nothing bytes.Buffer
	if err := zip.NewWriter(&nothing).Close(); err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{good: embeddedZones, notZip: []byte("Europe/London"), empty: nothing.Bytes()} {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	zones, err := LoadZones(good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := zones.Location("Asia/Kolkata"); err != nil || zones.Version() != "unknown" {
		t.Errorf("version %s, %v; want unknown, since the archive does not say it", zones.Version(), err)
	}
	for _, path := range []string{notZip, empty, dir, filepath.Join(dir, "missing")} {
		if _, err := LoadZones(path); err == nil || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("loading %s gives %v, want an error that names it", path, err)
		}
	}
}

// TestLocalClock compares the conversions with the standard library's for every quarter of an hour of unusual months, and
// over a century of the zones that follow a rule.
func TestLocalClock(t *testing.T) {
	for _, place := range zonesAndTimes {
		zone, err := EmbeddedZones().Location(place.zone)
		if err != nil {
			t.Fatal(err)
		}
		near, err := ParseDate(place.near)
		if err != nil {
			t.Fatal(err)
		}
		from := Instant(near.midnight())
		checkLocalClock(t, zone, from, from.Add(40*Day), 15*Minute)
	}
	zone, err := EmbeddedZones().Location("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	checkLocalClock(t, zone, Instant(NewDate(2000, 1, 1).midnight()), Instant(NewDate(2100, 1, 1).midnight()), 11*Hour)
}

func checkLocalClock(t *testing.T, zone *time.Location, from, to Instant, step Duration) {
	t.Helper()
	clock := newLocalClock(zone, from, to)
	reached := int64(0)
	for at := from; at < to; at = at.Add(step) {
		_, offset := at.Time().In(zone).Zone()
		showing := int64(at) + int64(offset)*1000
		if at == from {
			reached = showing
		}
		reached = max(reached, showing)
		shown := clock.shown(at)
		if shown < reached || shown-showing > int64(25*Hour) || shown != showing && clock.opening(shown) <= at {
			t.Fatalf("%v: at %v clocks show %d, want %d", zone, at, shown, showing)
		}
		if opening, closing := clock.opening(showing), clock.closing(showing+1); opening > at || closing <= at {
			t.Fatalf("%v: the local time of %v opens at %v, and the next closes at %v", zone, at, opening, closing)
		}
	}
}

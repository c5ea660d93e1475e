package calendar

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

// embeddedZones is lib/time/zoneinfo.zip of the Go distribution: the compiled IANA time-zone database, which is in the
// public domain. The package embeds it itself because time.LoadLocation prefers the files of the machine, and those
// differ: the same scenario would give different results on two machines.
//
//go:embed zoneinfo.zip
var embeddedZones []byte

// embeddedVersion is the release of the IANA database in embeddedZones. The archive does not say it; it is the DATA
// setting of lib/time/update.bash beside the archive in the Go distribution. A test compares both with the toolchain.
const embeddedVersion = "2025c"

// Zones is a time-zone database. It is read-only and may be shared by goroutines.
type Zones struct {
	files   fs.FS
	version string
}

// EmbeddedZones is the database that is part of the program.
func EmbeddedZones() *Zones {
	archive, err := zip.NewReader(bytes.NewReader(embeddedZones), int64(len(embeddedZones)))
	if err != nil {
		panic(err)
	}
	return &Zones{files: archive, version: embeddedVersion}
}

const (
	maxZoneArchive = 64 << 20
	maxZoneFile    = 1 << 20
)

// LoadZones opens another database, for rules that are newer than the embedded ones: a directory of compiled zone files
// such as /usr/share/zoneinfo, or a zip archive of one, such as lib/time/zoneinfo.zip of a newer Go. It must hold
// Europe/London, or it is no such database.
func LoadZones(path string) (*Zones, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	z := &Zones{}
	if info.IsDir() {
		z.files = os.DirFS(path)
	} else if z.files, err = openZip(path, info.Size()); err != nil {
		return nil, err
	}
	if _, err := z.Location("Europe/London"); err != nil {
		return nil, fmt.Errorf("%s: no time-zone database, want a directory or zip archive of compiled zone files: %w", path, err)
	}
	z.version = z.findVersion()
	return z, nil
}

func openZip(path string, size int64) (fs.FS, error) {
	if size > maxZoneArchive {
		return nil, fmt.Errorf("%s: is %d bytes, want at most %d", path, size, maxZoneArchive)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: want a directory or zip archive of compiled zone files: %w", path, err)
	}
	return archive, nil
}

// Version is the release of the database, such as 2025c, or unknown where its files do not say it.
func (z *Zones) Version() string { return z.version }

// findVersion looks into the two files by which installations say their version.
func (z *Zones) findVersion() string {
	if text, err := z.read("+VERSION"); err == nil {
		return strings.TrimSpace(string(text))
	}
	if text, err := z.read("tzdata.zi"); err == nil {
		line, _, _ := strings.Cut(string(text), "\n")
		if version, found := strings.CutPrefix(line, "# version "); found {
			return strings.TrimSpace(version)
		}
	}
	return "unknown"
}

// Location is the zone of that IANA name, or UTC.
func (z *Zones) Location(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil
	}
	data, err := z.read(name)
	if err != nil || !bytes.HasPrefix(data, []byte("TZif")) {
		return nil, fmt.Errorf("zone %q is not in the time-zone database, want an IANA name such as Europe/Dublin, or UTC", name)
	}
	location, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		return nil, fmt.Errorf("zone %q: %w", name, err)
	}
	return location, nil
}

func (z *Zones) read(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	file, err := z.files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxZoneFile))
}

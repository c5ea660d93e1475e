package main

import (
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8/cwriter"

	"sunrelay/model/calendar"
)

// session is what a command works with besides its arguments.
type session struct {
	in        io.Reader
	out, errs io.Writer
	input     []byte // all of in, once it was asked for
	zoneinfo  string // file of newer zone data; empty = the embedded data
	opened    *calendar.Zones
	look      appearance
	watch     func(cases int64) // is told of simulated cases, from any goroutine; nil = nobody
}

// zones is the time-zone data of the session, opened at the first use.
func (s *session) zones() (*calendar.Zones, error) {
	if s.opened != nil {
		return s.opened, nil
	}
	if s.zoneinfo == "" {
		s.opened = calendar.EmbeddedZones()
		return s.opened, nil
	}
	zones, err := calendar.LoadZones(s.zoneinfo)
	if err != nil {
		return nil, badInput("--zoneinfo: %w", err)
	}
	s.opened = zones
	return zones, nil
}

// zoneFinder finds zones by name, each once: reading one takes longer than using it.
func (s *session) zoneFinder() (func(name string) (*time.Location, error), error) {
	zones, err := s.zones()
	if err != nil {
		return nil, err
	}
	found := map[string]*time.Location{}
	return func(name string) (*time.Location, error) {
		if zone := found[name]; zone != nil {
			return zone, nil
		}
		zone, err := zones.Location(name)
		if err == nil {
			found[name] = zone
		}
		return zone, err
	}, nil
}

// terminal is the width of the terminal behind w, or 0 where there is none.
func terminal(w io.Writer) int {
	file, isFile := w.(*os.File)
	if !isFile || !cwriter.IsTerminal(int(file.Fd())) {
		return 0
	}
	width, _, err := cwriter.GetSize(int(file.Fd()))
	if err != nil || width <= 0 {
		const usual = 80
		return usual
	}
	return width
}

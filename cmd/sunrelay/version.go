package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"sunrelay/model/calendar"
)

func versionCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the versions of the program, of Go and of the time-zone data, and how deadlines are computed",
		Example: `  sunrelay version`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			zones, err := s.zones()
			if err != nil {
				return err
			}
			origin := "embedded"
			if s.zoneinfo != "" {
				origin = s.zoneinfo
			}
			_, err = fmt.Fprintf(s.out, "sunrelay %s\ngo %s %s/%s\ntime-zone data %s (%s)\ndeadline kernels %s\n",
				programVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, zones.Version(), origin, calendar.Kernels())
			return internal(err)
		},
	}
}

// programVersion is the module's version, or the commit from which the program was built.
func programVersion() string {
	info, known := debug.ReadBuildInfo()
	if !known {
		return "(unknown)"
	}
	version := info.Main.Version
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && version == "(devel)" {
			return setting.Value
		}
	}
	if version == "" {
		return "(devel)"
	}
	return version
}

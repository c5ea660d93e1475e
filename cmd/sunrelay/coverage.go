package main

import (
	"encoding/csv"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sunrelay/reports"
	"sunrelay/reports/text"
	"sunrelay/sim/coverage"
)

// coverageArgs are the arguments of coverage.
type coverageArgs struct {
	scenario scenarioArgs
	format   string
	check    bool
}

func coverageCommand(s *session) *cobra.Command {
	var a coverageArgs
	cmd := &cobra.Command{
		Use:   "coverage SCENARIO",
		Short: "Prove, without simulating, when promises cannot be kept by the present shifts",
		Long: `Coverage finds the hours of the week, and the dates, from which a first response cannot be in
time however many agents each shift has: nobody who may take the case is on duty between its
arrival and its due, or on call and able to come by then. It looks at calendars, shifts, breaks and
the rules of who may take what, of every plan, severity, language, channel and region that the
workload asks for, and is exact to the millisecond.

Absence and overtime are left out, and so are promises to resolve, which need work and not only
somebody on duty. Cases that are refused, and those that are due at the end of the run or later,
are not counted.

SCENARIO is a file, a built-in name (see sunrelay workloads), or - for standard input.`,
		Example: `  sunrelay coverage citrix
  sunrelay coverage my-support.yaml --check
  sunrelay coverage my-support.yaml --set centres.dublin.pools.t1.shifts.late.days=daily
  sunrelay coverage my-support.yaml --format json > coverage.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.complete(cmd, args); err != nil {
				return err
			}
			return internal(proveCoverage(s, &a))
		},
	}
	a.scenario.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&a.format, "format", formats[0], "table, json (with all intervals) or csv (one row a promise)")
	flags.BoolVar(&a.check, "check", false, "exit with code 3 if a promise cannot be kept at some time")
	return cmd
}

// complete takes the scenario from the arguments and checks the flags.
func (a *coverageArgs) complete(cmd *cobra.Command, args []string) error {
	if err := a.scenario.one(cmd, args); err != nil {
		return err
	}
	if !slices.Contains(formats, a.format) {
		return badInput("--format %s, want one of %s%s", a.format, strings.Join(formats, ", "), didYouMean(a.format, formats))
	}
	return nil
}

func proveCoverage(s *session, a *coverageArgs) error {
	model, err := s.load(a.scenario)
	if err != nil {
		return err
	}
	report := reports.NewCoverage(coverage.Prove(model))
	if err := writeCoverage(s, report, a.format); err != nil {
		return err
	}
	if a.check && report.Broken > 0 {
		return &exitError{code: exitMissed, err: errors.New("not every promise can always be kept by the present shifts")}
	}
	return nil
}

func writeCoverage(s *session, report *reports.Coverage, format string) error {
	switch format {
	case "json":
		return writeJSON(s.out, report)
	case "csv":
		return csv.NewWriter(s.out).WriteAll(report.Rows())
	}
	return text.Render(s.out, report.Document(), s.page())
}

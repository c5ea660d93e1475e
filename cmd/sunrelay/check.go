package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sunrelay/model/calendar"
	"sunrelay/reports"
	"sunrelay/sim"
)

func checkCommand(s *session) *cobra.Command {
	var a scenarioArgs
	cmd := &cobra.Command{
		Use:   "check SCENARIO",
		Short: "Say everything that is wrong with a scenario, without simulating it",
		Long: `Check reads a scenario and prints every problem as file:line:column: path: what is wrong, what is
allowed. A sound scenario gets one line that sums it up.`,
		Example: `  sunrelay check my-support.yaml
  sunrelay check citrix --set plans.select.first_response.sev1=20m`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.one(cmd, args); err != nil {
				return err
			}
			model, err := s.load(a)
			if err != nil {
				return internal(err)
			}
			_, err = fmt.Fprintln(s.out, summary(model))
			return internal(err)
		},
	}
	a.addTo(cmd)
	return cmd
}

// summary is what a scenario holds, in one line.
func summary(model *sim.Model) string {
	c := model.Scenario
	agents := 0
	for _, pool := range c.Pools {
		for _, shift := range pool.Shifts {
			agents += shift.Agents
		}
	}
	const year = 365 * calendar.Day
	perYear := model.Workload.ExpectedCases() * float64(year) / float64(c.End.Sub(c.Origin))
	rounded := reports.Rounded(reports.Number(perYear), reports.Number(perYear/100))
	return fmt.Sprintf("%s: ok: %s, %s, %s of cases, %s, %s, about %s cases a year, %s",
		c.Definition.Name,
		counted(len(c.Regions), "region"), counted(len(c.Plans), "plan"), counted(len(model.Workload.Classes), "class"),
		counted(len(c.Pools), "pool"), counted(agents, "agent"), rounded.Text,
		counted(len(c.Definition.Assumptions), "assumed block"))
}

// counted is a number of things.
func counted(n int, thing string) string {
	ending := "s"
	if thing[len(thing)-1] == 's' {
		ending = "es"
	}
	if n == 1 {
		ending = ""
	}
	return reports.Count(int64(n)) + " " + thing + ending
}

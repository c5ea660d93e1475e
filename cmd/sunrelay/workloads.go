package main

import (
	"strings"

	"github.com/spf13/cobra"

	"sunrelay/reports"
	"sunrelay/reports/text"
	"sunrelay/workloads/builtin"
)

func workloadsCommand(s *session) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "workloads",
		Short: "List the built-in scenarios, or print one to start from",
		Example: `  sunrelay workloads
  sunrelay workloads show mmc > my-support.yaml`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			return internal(text.Render(s.out, workloadList(), s.page()))
		},
	}
	cmd.AddCommand(&cobra.Command{
		Use:     "show NAME",
		Short:   "Print a built-in scenario",
		Example: `  sunrelay workloads show mmc > my-support.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return badInput("%s wants one NAME, one of %s", cmd.CommandPath(), strings.Join(builtin.Names(), ", "))
			}
			content, err := builtin.Open(args[0])
			if err != nil {
				return badInput("no built-in scenario is called %q%s want one of %s", args[0],
					orComma(didYouMean(args[0], builtin.Names())), strings.Join(builtin.Names(), ", "))
			}
			_, err = s.out.Write(content)
			return internal(err)
		},
	})
	return cmd
}

func workloadList() *reports.Document {
	t := reports.Table{Columns: []reports.Column{{Heading: "name"}, {Heading: "what it is"}}}
	for _, name := range builtin.Names() {
		t.Rows = append(t.Rows, []reports.Cell{{Text: name}, {Text: builtin.Title(name)}})
	}
	return &reports.Document{Title: "Built-in scenarios", Sections: []reports.Section{{Tables: []reports.Table{t}}}}
}

package main

import (
	"github.com/spf13/cobra"

	"sunrelay/model/scenario"
)

func schemaCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of scenario files",
		Long: `Schema prints the JSON Schema (draft 2020-12) of scenario files. Editors with a YAML language
server complete and check a file that begins with the line

  # yaml-language-server: $schema=sunrelay.schema.json`,
		Example: `  sunrelay schema > sunrelay.schema.json`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			return internal(writeJSON(s.out, scenario.Schema()))
		},
	}
}

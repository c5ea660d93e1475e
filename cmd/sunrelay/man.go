package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func manCommand(s *session) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "man",
		Short: "Write the manual pages of all commands",
		Long: `Man prints the manual page of the program, or with --dir writes those of all commands to a folder, one
file each: sunrelay.1, sunrelay-run.1 ...`,
		Example: `  sunrelay man > sunrelay.1
  sunrelay man --dir man/man1`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case !cmd.Flags().Changed("dir"):
				page, err := manPage(cmd.Root())
				if err == nil {
					_, err = s.out.Write(page)
				}
				return internal(err)
			case dir == "":
				return badInput(`--dir "", want a folder`)
			}
			return internal(writeManPages(cmd.Root(), dir))
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "write the pages of all commands to the folder `DIR`")
	return cmd
}

// writeManPages writes the pages of a command and of those below it.
func writeManPages(cmd *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return badInput("--dir: %w", err)
	}
	page, err := manPage(cmd)
	if err != nil {
		return err
	}
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
	if err := os.WriteFile(filepath.Join(dir, name), page, 0o666); err != nil {
		return badInput("--dir: %w", err)
	}
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			if err := writeManPages(below, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// manPage is the page of a command. It bears no date, so that it depends on the program alone.
func manPage(cmd *cobra.Command) ([]byte, error) {
	cmd.DisableAutoGenTag = true
	cmd.InitDefaultHelpFlag()
	var page bytes.Buffer
	header := &doc.GenManHeader{Title: strings.ToUpper(strings.ReplaceAll(cmd.CommandPath(), " ", "-")), Section: "1", Source: "Sunrelay"}
	err := doc.GenMan(cmd, header, &page)
	return page.Bytes(), err
}

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sunrelay/cmd/sunrelay/internal/folder"
	"sunrelay/reports"
	"sunrelay/reports/html"
	"sunrelay/reports/text"
)

// reportFormats are what report --format takes, the default first.
var reportFormats = []string{"table", "html", "csv", "md"}

func reportCommand(s *session) *cobra.Command {
	format := ""
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Write a stored result again, without simulating",
		Long: `Report reads the result that run --out wrote to DIR and writes it to standard output: as tables, as the
page for people (html), as the rows of attainment (csv), or for wikis and tickets (md).`,
		Example: `  sunrelay report out/citrix
  sunrelay report out/citrix --format html > citrix.html
  sunrelay report out/citrix --format md`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return badInput("%s wants one DIR that run --out wrote", cmd.CommandPath())
			}
			if !slices.Contains(reportFormats, format) {
				return badInput("--format %s, want one of %s%s", format, strings.Join(reportFormats, ", "), didYouMean(format, reportFormats))
			}
			run, err := storedRun(args[0])
			if err != nil {
				return err
			}
			return internal(writeStored(s, run, format))
		},
	}
	cmd.Flags().StringVar(&format, "format", reportFormats[0], "table, html, csv (the rows of attainment) or md (Markdown)")
	return cmd
}

// storedRun reads the result in a folder.
func storedRun(dir string) (*reports.Run, error) {
	path := filepath.Join(dir, folder.Mark)
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, badInput("%s holds no result: it has no %s, which run --out writes", dir, folder.Mark)
	case err != nil:
		return nil, badInput("%w", err)
	}
	defer file.Close()
	run, err := reports.ReadRun(file)
	if err != nil {
		return nil, badInput("%s: %w", path, err)
	}
	return run, nil
}

func writeStored(s *session, run *reports.Run, format string) error {
	switch format {
	case "html":
		return html.Render(s.out, run.Report())
	case "csv":
		return writeAttainment(s.out, run)
	case "md":
		return text.Markdown(s.out, run.Report())
	}
	return text.Render(s.out, run.Document(), s.page())
}

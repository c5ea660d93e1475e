package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
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
		Long: `Report reads the result that run --out or plan --out wrote to DIR and writes it to standard output: as
tables, as the page for people (html), as rows (csv: of the attainment of a run, of the staffing of a
plan), or for wikis and tickets (md).`,
		Example: `  sunrelay report out/citrix
  sunrelay report out/citrix --format html > citrix.html
  sunrelay report out/citrix --format md`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return badInput("%s wants one DIR that run --out or plan --out wrote", cmd.CommandPath())
			}
			if !slices.Contains(reportFormats, format) {
				return badInput("--format %s, want one of %s%s", format, strings.Join(reportFormats, ", "), didYouMean(format, reportFormats))
			}
			kept, err := readStored(args[0])
			if err != nil {
				return err
			}
			return internal(kept.write(s, format))
		},
	}
	cmd.Flags().StringVar(&format, "format", reportFormats[0], "table, html, csv (the rows of attainment, or of staffing) or md (Markdown)")
	return cmd
}

// stored is a result that was kept in a folder, in all its forms.
type stored struct {
	table, page *reports.Document
	rows        [][]string
}

// storedKinds are the results that a folder may hold, by the schema of their summary.
var storedKinds = []struct {
	schema string
	read   func(io.Reader) (*stored, error)
}{
	{reports.RunSchema, func(r io.Reader) (*stored, error) {
		run, err := reports.ReadRun(r)
		if err != nil {
			return nil, err
		}
		return &stored{run.Document(), run.Report(), run.AttainmentRows()}, nil
	}},
	{reports.PlanSchema, func(r io.Reader) (*stored, error) {
		plan, err := reports.ReadPlan(r)
		if err != nil {
			return nil, err
		}
		return &stored{plan.Document(), plan.Report(), plan.StaffingRows()}, nil
	}},
	{reports.PlanPointsSchema, func(r io.Reader) (*stored, error) {
		p, err := reports.ReadPlanPoints(r)
		if err != nil {
			return nil, err
		}
		return &stored{p.Document(), p.Report(), p.StaffingRows()}, nil
	}},
}

// readStored reads the result in a folder.
func readStored(dir string) (*stored, error) {
	path := filepath.Join(dir, folder.Mark)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, badInput("%s holds no result: it has no %s, which run --out and plan --out write", dir, folder.Mark)
	case err != nil:
		return nil, badInput("%w", err)
	}
	schema, _ := reports.SchemaOf(text)
	read := storedKinds[0].read // which says what is wrong with anything else
	for _, kind := range storedKinds {
		if kind.schema == schema {
			read = kind.read
		}
	}
	kept, err := read(bytes.NewReader(text))
	if err != nil {
		return nil, badInput("%s: %w", path, err)
	}
	return kept, nil
}

func (k *stored) write(s *session, format string) error {
	switch format {
	case "html":
		return html.Render(s.out, k.page)
	case "csv":
		return csv.NewWriter(s.out).WriteAll(k.rows)
	case "md":
		return text.Markdown(s.out, k.page)
	}
	return text.Render(s.out, k.table, s.page())
}

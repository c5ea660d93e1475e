package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"sunrelay/cmd/sunrelay/internal/folder"
	"sunrelay/reports"
	"sunrelay/reports/arrow"
	"sunrelay/reports/html"
	"sunrelay/sim"
)

// folderArgs ask for a folder of results.
type folderArgs struct {
	flag  string // that names it
	path  string // empty = none
	force bool
}

func (a *folderArgs) addTo(cmd *cobra.Command) { a.addAs(cmd, "out") }

func (a *folderArgs) addAs(cmd *cobra.Command, flag string) {
	a.flag = flag
	flags := cmd.Flags()
	flags.StringVar(&a.path, flag, "", "write `DIR` with the report for people and its figures for programs")
	flags.BoolVar(&a.force, "force", false, "replace the result that is in the --"+flag+" folder")
}

// check refuses --force alone.
func (a *folderArgs) check(cmd *cobra.Command) error {
	switch {
	case a.path == "" && cmd.Flags().Changed(a.flag):
		return badInput(`--%s "", want the name of a folder`, a.flag)
	case a.path == "" && a.force:
		return badInput("--force replaces the folder of --%s, which is not given", a.flag)
	}
	return nil
}

// create begins the folder, which is nil where none is asked for.
func (a *folderArgs) create() (*folder.Folder, error) {
	if a.path == "" {
		return nil, nil
	}
	f, err := folder.Create(a.path, a.force)
	switch {
	case errors.Is(err, folder.ErrThere) && !a.force:
		return nil, badInput("--%s %s: %w; --force replaces an earlier result", a.flag, a.path, err)
	case err != nil:
		return nil, badInput("--%s %s: %w", a.flag, a.path, err)
	}
	return f, nil
}

// createFolder begins the folder and the rows in it; both are nil where none is asked for. At the end the rows are to be
// closed and the folder is to be discarded.
func (a *runArgs) createFolder(ctx context.Context, model *sim.Model) (*folder.Folder, *arrow.Writer, error) {
	f, err := a.folder.create()
	if f == nil || err != nil {
		return nil, nil, err
	}
	rows, err := arrow.Create(ctx, f.Path(""), model, a.rows.options(a.workers))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("--out: %w", err), f.Discard())
	}
	return f, rows, nil
}

// unwritten says that the folder of an interrupted run is not there.
func (a *folderArgs) unwritten() string {
	if a.path == "" {
		return ""
	}
	return ", and " + a.path + " was not written"
}

func writeAttainment(w io.Writer, run *reports.Run) error {
	return csv.NewWriter(w).WriteAll(run.AttainmentRows())
}

// writeFolder fills the folder with the run, to which its rows belong, and gives it its name.
func writeFolder(f *folder.Folder, run *reports.Run, rows *arrow.Writer) error {
	if err := rows.Finish(); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return fill(f, []folderFile{
		{folder.Mark, func(w io.Writer) error { return reports.WriteSummary(w, run) }},
		{"attainment.csv", func(w io.Writer) error { return writeAttainment(w, run) }},
		{"report.html", func(w io.Writer) error { return html.Render(w, run.Report()) }},
	})
}

// folderFile is a file of a folder of results.
type folderFile struct {
	name  string
	write func(io.Writer) error
}

// fill writes the files of the folder of --out, in their order, and gives it its name.
func fill(f *folder.Folder, files []folderFile) error { return fillFor(f, "out", files) }

// fillFor is fill of a folder that another flag asks for.
func fillFor(f *folder.Folder, flag string, files []folderFile) error {
	for _, file := range files {
		if err := f.Write(file.name, file.write); err != nil {
			return fmt.Errorf("--%s: %w", flag, err)
		}
	}
	return f.Commit()
}

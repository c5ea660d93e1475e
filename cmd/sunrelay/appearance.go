package main

import (
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sunrelay/reports/text"
)

// appearance is how a command shows itself: the flags that all commands have.
type appearance struct {
	colour  string
	verbose bool
}

// colourChoices are what --color takes, the default first.
var colourChoices = []string{"auto", "always", "never"}

func (a *appearance) addTo(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&a.colour, "color", colourChoices[0], "colour of tables: auto (on a terminal, unless NO_COLOR is set), always or never")
	flags.BoolVar(&a.verbose, "verbose", false, "log what is done to standard error")
}

// check refuses values that there are not.
func (a *appearance) check() error {
	if !slices.Contains(colourChoices, a.colour) {
		return badInput("--color %s, want one of %s%s", a.colour, strings.Join(colourChoices, ", "), didYouMean(a.colour, colourChoices))
	}
	return nil
}

// log tells what is done; nobody hears it unless --verbose asks for it.
func (s *session) log() *slog.Logger {
	if !s.look.verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(s.errs, nil))
}

// page is what tables are written on: as wide as the terminal, and in colour where --color asks for it, or by itself on a
// terminal, never where the environment says NO_COLOR (https://no-color.org).
func (s *session) page() text.Page {
	width := terminal(s.out)
	page := text.Page{Width: width, Colour: width > 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
	switch s.look.colour {
	case "always":
		page.Colour = true
	case "never":
		page.Colour = false
	}
	return page
}

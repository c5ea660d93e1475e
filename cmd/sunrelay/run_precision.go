package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// precisionArgs ask for replications until the half-widths are small enough.
type precisionArgs struct {
	text  string // as written; empty = as many replications as the scenario asks for
	most  int
	width float64
}

// usualMost is how many replications a run to a precision makes at most, unless it is told.
const usualMost = 200

func (a *precisionArgs) addTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&a.text, "precision", "", "add replications until the half-width of every objective's figure, or without objectives of every\n"+
		"promise's attainment, is at most `SHARE`, such as 0.5%: in points of shares, relative to other figures")
	flags.IntVar(&a.most, "max-replications", usualMost, "with --precision, stop after so many replications in any case")
}

func (a *precisionArgs) wanted() bool { return a.text != "" }

// check reads the precision.
func (a *precisionArgs) check(cmd *cobra.Command) error {
	flags := cmd.Flags()
	switch {
	case flags.Changed("max-replications") && !flags.Changed("precision"):
		return badInput("--max-replications bounds the replications that --precision adds, which is not given")
	case !flags.Changed("precision"):
		return nil
	case flags.Changed("trace-case"):
		return badInput("--precision does not go with --trace-case, which tells of one case")
	case a.most < 2:
		return badInput("--max-replications %d, want at least 2", a.most)
	}
	digits, percent := strings.CutSuffix(strings.TrimSpace(a.text), "%")
	width, err := strconv.ParseFloat(digits, 64)
	if percent {
		width /= 100
	}
	if err != nil || !(width > 0 && width < 1) {
		return badInput("--precision %s, want a share above 0 and below 1, such as 0.5%%", a.text)
	}
	a.width = width
	return nil
}

package arrow

import (
	"fmt"
	"strconv"
	"strings"

	"sunrelay/workloads/rng"
)

// Selection says of which cases there are rows. A sample is drawn by the key of the case, so that it has the same cases in
// each what-if of a scenario, and a larger sample has all cases of a smaller one. The zero value selects none.
type Selection struct{ share float64 }

// All selects all cases.
var All = Selection{1}

var drawSample = rng.Of("sample")

// Has reports whether the case is selected.
func (s Selection) Has(kase rng.Key) bool {
	return s.share == 1 || s.share > 0 && rng.Uniform(kase.Bits(drawSample, 0)) < s.share
}

// Any reports whether any case may be selected.
func (s Selection) Any() bool { return s.share > 0 }

// String is the selection as it is set: all, none, or sample=1%.
func (s Selection) String() string {
	switch s.share {
	case 0:
		return "none"
	case 1:
		return "all"
	}
	return "sample=" + strconv.FormatFloat(s.share*100, 'g', 12, 64) + "%"
}

// Set reads all, none, sample=1% or sample=0.01.
func (s *Selection) Set(text string) error {
	switch text {
	case "none":
		*s = Selection{}
		return nil
	case "all":
		*s = All
		return nil
	}
	number, isSample := strings.CutPrefix(text, "sample=")
	share, unit := number, 1.0
	if percent, is := strings.CutSuffix(number, "%"); is {
		share, unit = percent, 0.01
	}
	x, err := strconv.ParseFloat(share, 64)
	if !isSample || err != nil || !(x*unit > 0 && x*unit <= 1) {
		return fmt.Errorf("want all, none, or sample= with a share above 0 and up to 1, such as sample=1%%")
	}
	*s = Selection{x * unit}
	return nil
}

// Type is the form of the value in help.
func (s *Selection) Type() string { return "cases" }

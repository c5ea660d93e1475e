package reports

import (
	"math"
	"strconv"
	"strings"
)

// Figure is a number as people read it, with its half-width; either may be empty. Both have the same last digit.
type Figure struct {
	Text      string
	HalfWidth string
	Unit      string // follows both, as in 96.2 ± 0.4 %
}

// String is the figure with its half-width, if it has one.
func (f Figure) String() string {
	text := f.Text
	if f.HalfWidth != "" {
		text += " ± " + f.HalfWidth
	}
	if f.Unit != "" && f.Text != "" {
		text += " " + f.Unit
	}
	return text
}

// Short is the figure without its half-width.
func (f Figure) Short() string { return Figure{Text: f.Text, Unit: f.Unit}.String() }

// Rounded shows a number with the digits that its half-width supports: up to the half-width's first digit, or its second
// where the first is 1. A number whose half-width says nothing is shown with three digits and without it. An unknown number
// is an empty figure.
func Rounded(mean, halfWidth Number) Figure {
	if !mean.Known() {
		return Figure{}
	}
	if !tells(mean, halfWidth) {
		return Figure{Text: decimal(float64(mean), threeDigits(float64(mean)))}
	}
	places := -lastPlace(float64(halfWidth))
	return Figure{Text: decimal(float64(mean), places), HalfWidth: decimal(float64(halfWidth), places)}
}

// tells reports whether a half-width says how far a mean may be off. None, that is replications which agree to the last
// digit that a computer keeps, is not certainty: others need not agree.
func tells(mean, halfWidth Number) bool {
	return halfWidth.Known() && halfWidth > Number(math.Max(math.Pow10(-mostPlaces), 1e-12*math.Abs(float64(mean))))
}

// Percent shows a share as per cent, rounded like Rounded. Shares of a tenth and more have two decimal places at the most: nobody
// minds the rest. Their half-width is then rounded up.
func Percent(share, halfWidth Number) Figure {
	const minded = 0.1
	f := Rounded(100*share, 100*halfWidth)
	if share >= minded && f.HalfWidth != "" && -lastPlace(float64(100*halfWidth)) > 2 {
		f.Text, f.HalfWidth = decimal(float64(100*share), 2), decimal(math.Ceil(float64(1e4*halfWidth))/100, 2)
	}
	f.Unit = "%"
	if f.Text == "" {
		f.Unit = ""
	}
	return f
}

// lastPlace is the power of ten of the last digit that a half-width supports: that of its first digit, or of its second
// where the first is 1 after rounding.
func lastPlace(halfWidth float64) int {
	first := int(math.Floor(math.Log10(halfWidth)))
	switch lead := halfWidth / math.Pow10(first); {
	case lead >= 9.5: // reads 10 of the place
		return first
	case lead < 1.95: // reads 1.0 to 1.9
		return first - 1
	}
	return first
}

// threeDigits is how many decimal places give a number three digits; none below 0.
func threeDigits(x float64) int {
	if x == 0 {
		return 0
	}
	return max(0, 2-int(math.Floor(math.Log10(math.Abs(x)))))
}

// mostPlaces keeps the text of tiny numbers short.
const mostPlaces = 9

// decimal is x with so many decimal places; a negative number rounds to tens, hundreds and so on.
func decimal(x float64, places int) string {
	if places < 0 {
		unit := math.Pow10(-places)
		x, places = math.Round(x/unit)*unit, 0
	}
	text := strconv.FormatFloat(x, 'f', min(places, mostPlaces), 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return grouped(text)
}

// grouped puts commas between the thousands of a decimal number.
func grouped(text string) string {
	whole, part, hasPart := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if hasPart {
		whole += "." + part
	}
	return sign + whole
}

// Count shows a whole number with commas between the thousands.
func Count(n int64) string { return grouped(strconv.FormatInt(n, 10)) }

// clockUnits are the units of durations, longest first, in seconds, and the finest step in which a half-width of one to
// two of them is shown: the round number of the next unit at or above a tenth.
var clockUnits = [...]struct {
	name         string
	length, step float64
}{
	{"d", 86400, 3 * 3600}, {"h", 3600, 600}, {"m", 60, 10},
}

// Lasting shows seconds as 12m 40s ± 15s, rounded like Rounded: a half-width has one digit of its largest unit, or two
// where the first is 1. Where the half-width is so much larger that no digit is left, the figure is their sum, as in < 3h.
func Lasting(seconds, halfWidth Number) Figure {
	if !seconds.Known() {
		return Figure{}
	}
	if !tells(seconds, halfWidth) {
		return Figure{Text: clockText(float64(seconds), unknownStep(math.Abs(float64(seconds))))}
	}
	step := clockStep(float64(halfWidth))
	if math.Abs(float64(seconds)) < step/2 {
		return Figure{Text: "< " + clockText(math.Ceil(float64(seconds+halfWidth)/step)*step, step)}
	}
	return Figure{Text: clockText(float64(seconds), step), HalfWidth: clockText(float64(halfWidth), step)}
}

// clockStep is the last digit that a half-width supports, in seconds.
func clockStep(halfWidth float64) float64 {
	for _, u := range clockUnits {
		if halfWidth < u.length {
			continue
		}
		if place := lastPlace(halfWidth / u.length); place >= 0 {
			return math.Pow10(place) * u.length
		}
		return u.step
	}
	return math.Pow10(lastPlace(halfWidth))
}

// unknownStep gives a duration of unknown half-width about three digits.
func unknownStep(seconds float64) float64 {
	switch {
	case seconds == 0:
		return 1
	case seconds < 60:
		return math.Pow10(-threeDigits(seconds))
	case seconds < 2*3600:
		return 1
	case seconds < 2*86400:
		return 60
	}
	return 3600
}

// clockText is a number of seconds, rounded to the step, by days, hours, minutes and seconds.
func clockText(seconds, step float64) string {
	rest := math.Round(math.Abs(seconds)/step) * step
	if rest == 0 {
		return decimal(0, secondPlaces(step)) + "s"
	}
	var parts []string
	for _, u := range clockUnits {
		if n := math.Floor(rest/u.length + 1e-12); n > 0 {
			parts = append(parts, decimal(n, 0)+u.name)
			rest -= n * u.length
		}
	}
	if rest > step/2 {
		parts = append(parts, decimal(rest, secondPlaces(step))+"s")
	}
	text := strings.Join(parts, " ")
	if seconds < 0 {
		text = "-" + text
	}
	return text
}

// secondPlaces is how many decimal places seconds have in the given step.
func secondPlaces(step float64) int { return max(0, int(math.Round(-math.Log10(step)))) }

package plot

import (
	"fmt"
	"image/color"
	"regexp"
	"strconv"
	"strings"
)

// Colours is how many colours the palette has; charts count on from there at the first.
const Colours = 8

// Shades is how many shades a heat map has.
const Shades = 9

// ink is a colour of the style sheet while a picture is made: gonum/plot writes it as an ordinary one.
type ink uint8

const (
	text ink = iota + 1
	faint
	background
	palette // the first of Colours
	shades  = palette + Colours
	inks    = shades + Shades
)

// marker are the red and green of every ink, by which it is found in the picture. No other colour is ever drawn.
const marker = 0x0102

func (i ink) colour() color.Color { return wash{i, 1} }

// see is the ink with an opacity.
func (i ink) see(opacity float64) color.Color { return wash{i, opacity} }

// wash is an ink of some opacity.
type wash struct {
	ink
	opacity float64
}

// RGBA is the colour such that gonum/plot, which rounds down what it divides by the opacity, writes the marker.
func (w wash) RGBA() (r, g, b, a uint32) {
	a = uint32(w.opacity * 0xffff)
	up := func(value uint32) uint32 {
		if value == 0 {
			return 0
		}
		return value*a/255 + 1
	}
	return up(marker >> 8), up(marker & 0xff), up(uint32(w.ink)), a
}

// nth is a colour of the palette.
func nth(i int) ink { return palette + ink(i%Colours) }

// name is that of the variable in the style sheet.
func (i ink) name() string {
	switch {
	case i >= shades:
		return fmt.Sprintf("--shade-%d", i-shades)
	case i >= palette:
		return fmt.Sprintf("--colour-%d", i-palette)
	}
	return [...]string{text: "--chart-text", faint: "--chart-faint", background: "--chart-background"}[i]
}

var markedColour = regexp.MustCompile(`#0102([0-9A-F]{2})`)

// withVariables replaces the inks in a picture by variables.
func withVariables(svg string) string {
	return markedColour.ReplaceAllStringFunc(svg, func(found string) string {
		i, err := strconv.ParseUint(found[len("#0102"):], 16, 8)
		if err != nil || ink(i) >= inks || i == 0 {
			panic("plot: no ink " + found)
		}
		return "var(" + ink(i).name() + ")"
	})
}

// The colours by ink, in light and in dark. The palette is that of Okabe and Ito, whose colours are told apart with any
// common colour blindness (https://jfly.uni-koeln.de/color/), with its yellow made darker, and lighter blues in the dark. The
// shades rise evenly in lightness, from pale to deep in light and from deep to pale in dark, so that grey paper shows them too.
var (
	lightInks = [inks]string{
		text: "#3a4450", faint: "#dfe4e9", background: "#ffffff",
		palette: "#0072b2", palette + 1: "#d55e00", palette + 2: "#009e73", palette + 3: "#cc79a7",
		palette + 4: "#b58900", palette + 5: "#56b4e9", palette + 6: "#6b4fa0", palette + 7: "#5f6b76",
		shades: "#eef6f4", shades + 1: "#d3eae4", shades + 2: "#b0d9d3", shades + 3: "#86c4c6", shades + 4: "#5eabb9",
		shades + 5: "#3d8fab", shades + 6: "#2b7199", shades + 7: "#255180", shades + 8: "#1f2f5c",
	}
	darkInks = [inks]string{
		text: "#b9c3cd", faint: "#2c343c", background: "#161b20",
		palette: "#4ba6e0", palette + 1: "#f08a3c", palette + 2: "#2fc197", palette + 3: "#e09cc3",
		palette + 4: "#e0b93a", palette + 5: "#9bd3f5", palette + 6: "#a98fe0", palette + 7: "#95a1ac",
		shades: "#1b2630", shades + 1: "#1d3545", shades + 2: "#1f485c", shades + 3: "#235d71", shades + 4: "#2d7585",
		shades + 5: "#438f96", shades + 6: "#6aaaa5", shades + 7: "#9fc6b8", shades + 8: "#dbe6d4",
	}
)

// Style are the declarations of the variables of all pictures, in light or in dark.
func Style(dark bool) string {
	colours := &lightInks
	if dark {
		colours = &darkInks
	}
	var b strings.Builder
	for i := text; i < inks; i++ {
		fmt.Fprintf(&b, "%s:%s;", i.name(), colours[i])
	}
	return b.String()
}

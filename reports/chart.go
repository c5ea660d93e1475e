package reports

// Chart is a picture of one idea, before it is drawn: axes and what lies on them. A renderer draws it at any width and
// computes nothing. Parts that are empty are not drawn; a chart has lines (with marks), bars or cells.
type Chart struct {
	Title   string
	Caption string // how it is to be read
	X, Y    Axis
	Lines   []Line
	Marks   []Mark
	Bars    *Bars
	Cells   *Cells
}

// Axis says what is on an axis.
type Axis struct {
	Label string // with the unit
	Scale Scale
	Names []string // of the rows of Bars and Cells, from the top, on Y; of the columns of Cells on X
	// Low and High are the least range shown; both 0 = as the data have it.
	Low, High float64
}

// Scale says how values lie on an axis, and how they are written there.
type Scale uint8

// The scales.
const (
	Linear      Scale = iota
	Percents          // values are shares from 0 to 1
	LogSeconds        // lengths of time in seconds above 0, each decade as wide; on Y without half-widths
	HoursOfWeek       // from 0 = Monday 00:00 to 168
	Amounts           // numbers of any size, those of millions as 2.5 m
	Dates             // local dates as days since 1970-01-01; for X alone
)

// Line is a curve with, if it has half-widths, a band around it. X rises.
type Line struct {
	Name      string
	X, Y      []float64
	HalfWidth []float64 // by point; nil = none
	Style     LineStyle
	Colour    int // which colour of the palette
}

// LineStyle says how a line is drawn.
type LineStyle uint8

// The styles of lines.
const (
	Straight LineStyle = iota // from point to point
	Steps                     // each value holds until the next point
	Area                      // steps with the area below them filled
	Dots                      // points alone, with bars for their half-widths
)

// Mark is a value that the reader should see: an upright line, in the colour of what it belongs to.
type Mark struct {
	Name   string // empty = explained by the caption
	X      float64
	Colour int
}

// Bars are lying bars with names, one or several for each name: side by side, or in a row where they are parts of a whole.
type Bars struct {
	Parts   []BarPart
	Stacked bool
}

// BarPart is one bar for each name of the Y axis.
type BarPart struct {
	Name      string
	Values    []float64
	HalfWidth []float64 // nil = none
	Colour    int
}

// Cells is a heat map: rows, named by the Y axis, of values over the X axis in cells of equal width. NaN is no value.
type Cells struct {
	Name      string // of what is shown, with the unit; empty = the title says it
	Values    [][]float64
	Low, High float64 // the ends of the colours; percentages are written for shares
	Scale     Scale
}

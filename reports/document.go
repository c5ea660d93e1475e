package reports

// Document is a report before it is written: a title and sections. A renderer lays it out and computes nothing.
type Document struct {
	Title    string
	Lead     []string // lines below the title
	Sections []Section
}

// Section is a part of a document: its heading, then what it says in sentences, its charts, its tables, and its notes.
type Section struct {
	Heading string
	Points  []Point // sentences, each of its own
	Charts  []Chart // renderers of text leave them out
	Tables  []Table
	Notes   []string
	// Folded sections are details that a renderer may hide until they are asked for.
	Folded bool
	// Part sections belong to the one above: their heading is of the second order.
	Part bool
}

// Point is a sentence that stands for itself.
type Point struct {
	Text string
	Tone Tone
}

// Table is rows of cells; each row has a cell for every column.
type Table struct {
	Title   string // empty where the heading of the section says it
	Columns []Column
	Rows    [][]Cell
}

// Column is the heading of a column of a table, and how its cells stand.
type Column struct {
	Heading string
	Align   Align
}

// Align says on which side the cells of a column stand.
type Align uint8

// Words stand left, figures right.
const (
	Left Align = iota
	Right
)

// Cell is one entry of a table.
type Cell struct {
	Text string // in full
	// Short is for a narrow page: the text without its half-width, where there is another estimate of the same beside it.
	// Empty = Text.
	Short string
	// Detail is a second line in small letters, such as the target of an attainment; renderers of text leave it out.
	Detail string
	Tone   Tone
	// Shade is how much the reader should mind, from 0 (nothing to see) to MostShade.
	Shade uint8
}

// MostShade is the strongest Cell.Shade.
const MostShade = 4

// Tone says what a cell means to the reader; renderers may colour it.
type Tone uint8

// The tones. Plain is the zero value.
const (
	Plain Tone = iota
	Good
	Bad
	Doubtful
)

// points are sentences without a tone.
func points(texts ...string) []Point {
	all := make([]Point, len(texts))
	for i, text := range texts {
		all[i].Text = text
	}
	return all
}

// words are cells of plain text.
func words(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		cells[i].Text = text
	}
	return cells
}

// figure is a cell that always shows its half-width.
func figure(f Figure) Cell { return Cell{Text: f.String()} }

// sideFigure is a cell that gives up its half-width on a narrow page.
func sideFigure(f Figure) Cell { return Cell{Text: f.String(), Short: f.Short()} }

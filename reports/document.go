package reports

// Document is a report before it is written: a title and sections. A renderer lays it out and computes nothing.
type Document struct {
	Title    string
	Lead     []string // lines below the title
	Sections []Section
}

// Section is a part of a document: its heading, then its tables, then its notes.
type Section struct {
	Heading string
	Tables  []Table
	Notes   []string
}

// Table is rows of cells; each row has a cell for every column.
type Table struct {
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
	Tone  Tone
}

// Tone says what a cell means to the reader; renderers may colour it.
type Tone uint8

// The tones. Plain is the zero value.
const (
	Plain Tone = iota
	Good
	Bad
	Doubtful
)

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

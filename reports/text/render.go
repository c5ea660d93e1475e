package text

import (
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"sunrelay/reports"
)

// Page says what the text is written on.
type Page struct {
	Width  int  // columns; 0 = as many as needed
	Colour bool // whether it shows colour
}

// Render writes the document.
func Render(w io.Writer, d *reports.Document, page Page) error {
	var b strings.Builder
	page.line(&b, d.Title, text.Bold)
	for _, lead := range d.Lead {
		page.line(&b, lead)
	}
	for _, s := range d.Sections {
		b.WriteByte('\n')
		if s.Heading != "" {
			page.line(&b, s.Heading, text.Bold)
		}
		for _, point := range s.Points {
			page.line(&b, "- "+point.Text, toneColours[point.Tone]...)
		}
		for _, t := range s.Tables {
			if t.Title != "" {
				page.line(&b, t.Title)
			}
			b.WriteString(page.table(t))
		}
		for _, note := range s.Notes {
			page.line(&b, note)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// line writes a paragraph, wrapped to the page.
func (p Page) line(b *strings.Builder, paragraph string, colours ...text.Color) {
	if p.Width > 0 {
		paragraph = text.WrapSoft(paragraph, p.Width)
	}
	for line := range strings.SplitSeq(paragraph, "\n") {
		b.WriteString(p.paint(strings.TrimRight(line, " "), colours...))
		b.WriteByte('\n')
	}
}

// paint colours a text where the page shows colour.
func (p Page) paint(s string, colours ...text.Color) string {
	if !p.Colour || len(colours) == 0 {
		return s
	}
	// Not text.Colors.Sprint, which asks the process-wide setting of go-pretty and its guess of the terminal.
	return text.Colors(colours).EscapeSeq() + s + text.Reset.EscapeSeq()
}

// toneColours is indexed by Tone.
var toneColours = [...][]text.Color{
	reports.Plain:    nil,
	reports.Good:     {text.FgGreen},
	reports.Bad:      {text.FgRed},
	reports.Doubtful: {text.FgYellow},
}

// table is the table in full if that fits the page, else with short cells, else with its widest columns wrapped: between
// words as long as that is enough.
func (p Page) table(t reports.Table) string {
	laidOut := p.layout(t, false, unlimited(t))
	if p.fits(laidOut) {
		return laidOut
	}
	laidOut = p.layout(t, true, unlimited(t))
	for _, floors := range [][]int{longestParts(t), make([]int, len(t.Columns))} {
		for limit := widest(t); !p.fits(laidOut) && limit >= narrowest; limit-- {
			laidOut = p.layout(t, true, limits(floors, limit))
		}
	}
	return laidOut
}

// narrowest is the width below which columns are not wrapped further.
const narrowest = 5

// unlimited are columns of any width.
func unlimited(t reports.Table) []int { return make([]int, len(t.Columns)) }

// limits are columns of the given width, or more where their floor asks for it.
func limits(floors []int, width int) []int {
	all := make([]int, len(floors))
	for i, floor := range floors {
		all[i] = max(floor, width)
	}
	return all
}

func (p Page) fits(laidOut string) bool {
	if p.Width == 0 {
		return true
	}
	for line := range strings.SplitSeq(laidOut, "\n") {
		if text.StringWidthWithoutEscSequences(line) > p.Width {
			return false
		}
	}
	return true
}

// widest is the width of the widest cell or heading.
func widest(t reports.Table) int {
	most := 0
	for i, column := range t.Columns {
		most = max(most, text.StringWidth(column.Heading))
		for _, row := range t.Rows {
			most = max(most, text.StringWidth(row[i].Text))
		}
	}
	return most
}

// longestParts are, by column, the width below which words would be broken.
func longestParts(t reports.Table) []int {
	longest := make([]int, len(t.Columns))
	for i, column := range t.Columns {
		longest[i] = longestPart(column.Heading)
		for _, row := range t.Rows {
			longest[i] = max(longest[i], longestPart(inShort(row[i])))
		}
	}
	return longest
}

// layout writes the table with columns of at most so many characters; 0 = any width.
func (p Page) layout(t reports.Table, short bool, limits []int) string {
	w := table.NewWriter()
	w.SetStyle(plainStyle())
	configs := make([]table.ColumnConfig, len(t.Columns))
	heading := make(table.Row, len(t.Columns))
	for i, column := range t.Columns {
		align := text.AlignLeft
		if column.Align == reports.Right {
			align = text.AlignRight
		}
		configs[i] = table.ColumnConfig{Number: i + 1, Align: align, AlignHeader: align}
		if limits[i] > 0 {
			configs[i].WidthMax, configs[i].WidthMaxEnforcer = limits[i], wrapCell
		}
		heading[i] = column.Heading
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(heading)
	for _, row := range t.Rows {
		cells := make(table.Row, len(row))
		for i, cell := range row {
			content := cell.Text
			if short {
				content = inShort(cell)
			}
			cells[i] = p.paint(content, toneColours[cell.Tone]...)
		}
		w.AppendRow(cells)
	}
	return trimmed(w.Render())
}

// inShort is the text of the cell for a narrow page.
func inShort(cell reports.Cell) string {
	if cell.Short != "" {
		return cell.Short
	}
	return cell.Text
}

// plainStyle has no borders: columns are apart by two spaces and the heading is underlined.
func plainStyle() table.Style {
	style := table.StyleLight
	style.Box.PaddingLeft, style.Box.PaddingRight = "", ""
	style.Box.MiddleVertical, style.Box.MiddleSeparator = "  ", "──"
	style.Format.Header = text.FormatDefault
	style.Options = table.Options{SeparateHeader: true, SeparateColumns: true}
	return style
}

// trimmed is text without spaces at the ends of lines, and with a line feed at its end.
func trimmed(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

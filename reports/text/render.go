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
		for _, t := range s.Tables {
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

// table is the table in full if that fits the page, else with short cells, else with its widest columns wrapped.
func (p Page) table(t reports.Table) string {
	full := p.layout(t, false, 0)
	if p.fits(full) {
		return full
	}
	short := p.layout(t, true, 0)
	for limit := widest(t); !p.fits(short) && limit >= narrowest; limit-- {
		short = p.layout(t, true, limit)
	}
	return short
}

// narrowest is the width below which columns are not wrapped further.
const narrowest = 5

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

func widest(t reports.Table) int {
	most := 0
	for _, row := range t.Rows {
		for _, cell := range row {
			most = max(most, text.StringWidthWithoutEscSequences(cell.Text))
		}
	}
	return most
}

// layout writes the table with columns of at most limit characters; 0 = any width.
func (p Page) layout(t reports.Table, short bool, limit int) string {
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
		if limit > 0 {
			configs[i].WidthMax, configs[i].WidthMaxEnforcer = limit, wrapCell
		}
		heading[i] = column.Heading
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(heading)
	for _, row := range t.Rows {
		cells := make(table.Row, len(row))
		for i, cell := range row {
			content := cell.Text
			if short && cell.Short != "" {
				content = cell.Short
			}
			cells[i] = p.paint(content, toneColours[cell.Tone]...)
		}
		w.AppendRow(cells)
	}
	return trimmed(w.Render())
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

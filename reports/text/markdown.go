package text

import (
	"io"
	"strings"

	"sunrelay/reports"
)

// Markdown writes the document for wikis and tickets. Charts are left out.
func Markdown(w io.Writer, d *reports.Document) error {
	var b strings.Builder
	b.WriteString("# " + plain(d.Title) + "\n")
	for _, lead := range d.Lead {
		b.WriteString("\n" + plain(lead) + "\n")
	}
	for _, s := range d.Sections {
		if len(s.Points)+len(s.Tables)+len(s.Notes) == 0 {
			continue
		}
		if s.Heading != "" {
			b.WriteString("\n## " + plain(s.Heading) + "\n")
		}
		if len(s.Points) > 0 {
			b.WriteString("\n")
		}
		for _, point := range s.Points {
			b.WriteString("- " + plain(point.Text) + "\n")
		}
		for _, t := range s.Tables {
			markdownTable(&b, t)
		}
		for _, note := range s.Notes {
			b.WriteString("\n" + plain(note) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownTable(b *strings.Builder, t reports.Table) {
	if t.Title != "" {
		b.WriteString("\n" + plain(t.Title) + "\n")
	}
	b.WriteString("\n|")
	for _, c := range t.Columns {
		b.WriteString(" " + plain(c.Heading) + " |")
	}
	b.WriteString("\n|")
	for _, c := range t.Columns {
		if c.Align == reports.Right {
			b.WriteString("---:|")
		} else {
			b.WriteString("---|")
		}
	}
	b.WriteString("\n")
	for _, row := range t.Rows {
		b.WriteString("|")
		for _, cell := range row {
			content := cell.Text
			if cell.Detail != "" {
				content += " (" + cell.Detail + ")"
			}
			b.WriteString(" " + plain(content) + " |")
		}
		b.WriteString("\n")
	}
}

// plain keeps signs of names from being read as Markdown or HTML.
var plain = strings.NewReplacer(`\`, `\\`, "|", `\|`, "_", `\_`, "*", `\*`, "`", "\\`", "<", "&lt;", "[", `\[`).Replace

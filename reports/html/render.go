package html

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode"

	"sunrelay/reports"
	"sunrelay/reports/plot"
)

//go:embed page.html
var pageText string

//go:embed page.css
var styleText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"tone":   func(t reports.Tone) string { return toneClasses[t] },
	"sign":   func(t reports.Tone) string { return toneSigns[t] },
	"wide":   func(c *reports.Chart) template.HTML { return template.HTML(plot.SVG(c, plot.Wide)) },
	"narrow": func(c *reports.Chart) template.HTML { return template.HTML(plot.SVG(c, plot.Narrow)) },
	"keys":   keysOf,
	"scale":  scaleOf,
	"cell":   cellClasses,
	"right":  func(c reports.Column) bool { return c.Align == reports.Right },
	"headed": headed,
	"firm":   firm.Replace,
	"parted": func(text string) template.HTML { return breakable(parted.Replace(text)) },
	"named":  breakable,
}).Parse(pageText))

// firm keeps figures, their half-widths and units on one line; parted lets the half-width go to the next one.
var (
	firm   = strings.NewReplacer(" %", "\u00a0%", " ± ", "\u00a0±\u00a0")
	parted = strings.NewReplacer(" %", "\u00a0%", " ± ", " ±\u00a0")
)

// breakable is a text whose long names may go on in the next line: after a dot, underscore or hyphen between letters, or a letter and a
// digit, but not within a number or a date.
func breakable(text string) template.HTML {
	var b strings.Builder
	letters := []rune(text)
	begin := 0
	for i := 1; i+1 < len(letters); i++ {
		before, after := letters[i-1], letters[i+1]
		inName := unicode.IsLetter(before) && (unicode.IsLetter(after) || unicode.IsDigit(after)) || unicode.IsDigit(before) && unicode.IsLetter(after)
		if inName && strings.ContainsRune("._-", letters[i]) {
			b.WriteString(template.HTMLEscapeString(string(letters[begin:i+1])) + "<wbr>")
			begin = i + 1
		}
	}
	b.WriteString(template.HTMLEscapeString(string(letters[begin:])))
	return template.HTML(b.String())
}

// toneClasses and toneSigns are indexed by Tone. The signs say what colours say, for who cannot see these.
var (
	toneClasses = [...]string{reports.Plain: "", reports.Good: "good", reports.Bad: "bad", reports.Doubtful: "doubtful"}
	toneSigns   = [...]string{reports.Plain: "", reports.Good: "✓", reports.Bad: "✗", reports.Doubtful: "!"}
)

// block is a section with its details and the parts that belong to it.
type block struct {
	reports.Section
	ID string
}

// view is what the page shows.
type view struct {
	*reports.Document
	Style  template.CSS
	Blocks []block
}

// Render writes the document.
func Render(w io.Writer, d *reports.Document) error {
	v := view{Document: d, Style: style()}
	for i, s := range d.Sections {
		v.Blocks = append(v.Blocks, block{s, fmt.Sprintf("s%d", i+1)})
	}
	return page.Execute(w, &v)
}

// style is the style sheet with the colours of the charts.
func style() template.CSS {
	return template.CSS(strings.NewReplacer("/*light*/", plot.Style(false), "/*dark*/", plot.Style(true)).Replace(styleText))
}

// Listed are the sections that the table of contents names.
func (v *view) Listed() []block {
	var all []block
	for _, b := range v.Blocks {
		if b.Heading != "" && !b.Folded && !b.Part {
			all = append(all, b)
		}
	}
	return all
}

// key explains a colour of a chart.
type key struct {
	Name   string
	Style  template.CSS
	Dashed bool
}

// keysOf are the keys of a chart, none where there is one thing without a name.
func keysOf(c *reports.Chart) []key {
	var all []key
	add := func(name string, colour int, dashed bool) {
		if name != "" {
			all = append(all, key{name, template.CSS(fmt.Sprintf("--key:var(--colour-%d)", colour%plot.Colours)), dashed})
		}
	}
	for _, l := range c.Lines {
		add(l.Name, l.Colour, false)
	}
	for _, m := range c.Marks {
		add(m.Name, m.Colour, true)
	}
	if c.Bars != nil {
		for _, p := range c.Bars.Parts {
			add(p.Name, p.Colour, false)
		}
	}
	if len(all) == 1 && len(c.Marks) == 0 {
		return nil // the title says it
	}
	return all
}

// ramp explains the shades of a heat map.
type ramp struct {
	Name, Low, High string
	Shades          []template.CSS
}

// scaleOf is the scale of shades of a chart with cells; nil of others.
func scaleOf(c *reports.Chart) *ramp {
	if c.Cells == nil {
		return nil
	}
	r := &ramp{Name: c.Cells.Name, Low: plot.Label(c.Cells.Low, c.Cells.Scale), High: plot.Label(c.Cells.High, c.Cells.Scale)}
	for i := range plot.Shades {
		r.Shades = append(r.Shades, template.CSS(fmt.Sprintf("background:var(--shade-%d)", i)))
	}
	return r
}

// cellClasses are the classes of a cell in its column.
func cellClasses(c reports.Cell, column reports.Column) string {
	var all []string
	if column.Align == reports.Right {
		all = append(all, "right")
	}
	if class := toneClasses[c.Tone]; class != "" {
		all = append(all, class)
	}
	if c.Shade > 0 {
		all = append(all, fmt.Sprintf("shade%d", min(c.Shade, reports.MostShade)))
	}
	return strings.Join(all, " ")
}

// headed reports whether some column of the table has a heading.
func headed(t reports.Table) bool {
	for _, c := range t.Columns {
		if c.Heading != "" {
			return true
		}
	}
	return false
}

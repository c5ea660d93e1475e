package plot

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"sunrelay/reports"
)

// Size is that of a picture. It scales, but letters are legible at about its own width.
type Size struct {
	Width  vg.Length // in points, which browsers show as CSS pixels
	Narrow bool      // fewer ticks, less room
}

// The sizes for a page and for a telephone.
var (
	Wide   = Size{Width: 720}
	Narrow = Size{Width: 360, Narrow: true}
)

const (
	letters   = 11 // points
	fontNames = "Liberation Sans,Arial,Helvetica,sans-serif"
)

// SVG draws the chart: an svg element without a document around it.
func SVG(c *reports.Chart, size Size) string {
	p := plot.New()
	p.BackgroundColor = nil
	style(&p.X, c.X, size)
	style(&p.Y, c.Y, size)
	p.X.Padding, p.X.LineStyle.Width = 6, 0 // which keeps its first name away from that of the other axis
	switch {
	case c.Cells != nil:
		drawCells(p, c)
	case c.Bars != nil:
		drawBars(p, c)
	default:
		drawLines(p, c)
	}
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		if !(axis.Max > axis.Min) { // nothing to show, or one value
			axis.Min, axis.Max = axis.Min-0.5, axis.Min+0.5
		}
	}
	return render(p, c, size)
}

// height is that of a picture: rows take a line each.
func height(c *reports.Chart, size Size) vg.Length {
	rows := len(c.Y.Names)
	switch {
	case c.Cells != nil:
		return vg.Length(40 + 16*rows)
	case c.Bars != nil && !c.Bars.Stacked:
		return vg.Length(50 + (8+11*len(c.Bars.Parts))*rows)
	case c.Bars != nil:
		return vg.Length(50 + 22*rows)
	case size.Narrow:
		return 200
	}
	return 240
}

func render(p *plot.Plot, c *reports.Chart, size Size) string {
	canvas := vgsvg.New(size.Width, height(c, size))
	area := draw.New(canvas)
	const margin = 4
	p.Draw(draw.Crop(area, margin, -3*margin, margin, -2*margin))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		panic(err) // a buffer takes everything
	}
	svg := b.String()
	svg = svg[strings.Index(svg, "\n\txmlns"):]
	svg = svg[strings.Index(svg, "\n<g")+1:]
	svg = withVariables(fontStyle.ReplaceAllString(svg, ""))
	return fmt.Sprintf(`<svg viewBox="0 0 %g %g" role="img" aria-label="%s" font-family="%s" font-size="%d">`,
		size.Width.Points(), height(c, size).Points(), html.EscapeString(c.Title), fontNames, letters) + "\n" + svg
}

// fontStyle is what every text says of its font, which the picture says once.
var fontStyle = regexp.MustCompile(`font-family:[^;"]*;font-variant:[^;"]*;font-weight:[^;"]*;font-style:[^;"]*;font-size:[^;"]*;`)

// style makes an axis quiet.
func style(axis *plot.Axis, a reports.Axis, size Size) {
	face := font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, letters)
	axis.Label.Text = a.Label
	axis.Label.TextStyle.Font, axis.Tick.Label.Font = face, face
	axis.Label.TextStyle.Color, axis.Tick.Label.Color = text.colour(), text.colour()
	axis.Label.Padding = 3
	axis.LineStyle.Color = faint.colour()
	axis.Tick.LineStyle.Width, axis.Tick.Length = 0, 2
	axis.Padding = 2
	axis.Tick.Marker = ticks(a.Scale, size.Narrow)
	if a.High > a.Low {
		axis.Min, axis.Max = place(a.Low, a.Scale), place(a.High, a.Scale)
	}
}

// place is where a value lies on an axis of the scale.
func place(x float64, scale reports.Scale) float64 {
	if scale == reports.LogSeconds {
		return math.Log(x)
	}
	return x
}

// grid are lines at the ticks of an axis, and at midnights.
type grid struct{ x, y bool }

// Plot draws the lines.
func (g grid) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	line := draw.LineStyle{Color: faint.colour(), Width: 0.8}
	if g.y {
		for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
			c.StrokeLine2(line, c.Min.X, toY(t.Value), c.Max.X, toY(t.Value))
		}
	}
	if g.x {
		for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			c.StrokeLine2(line, toX(t.Value), c.Min.Y, toX(t.Value), c.Max.Y)
		}
	}
}

// midnights are the lines between days.
type midnights struct{ colour ink }

// Plot draws the lines.
func (m midnights) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	for day := 1.0; day < 7; day++ {
		c.StrokeLine2(draw.LineStyle{Color: m.colour.colour(), Width: 0.8}, toX(24*day), c.Min.Y, toX(24*day), c.Max.Y)
	}
}

// drawLines draws lines, their bands and the marks.
func drawLines(p *plot.Plot, c *reports.Chart) {
	hours := c.X.Scale == reports.HoursOfWeek
	p.Add(grid{y: true, x: !hours})
	if hours {
		p.Add(midnights{faint})
		p.X.Min, p.X.Max = 0, 168
	}
	for _, l := range c.Lines {
		l.X, l.Y = placed(l.X, c.X.Scale), placed(l.Y, c.Y.Scale)
		p.Add(curve(l))
	}
	switch {
	case c.Y.High > c.Y.Low:
		p.Y.Min, p.Y.Max = place(c.Y.Low, c.Y.Scale), place(c.Y.High, c.Y.Scale)
	case c.Y.Scale != reports.LogSeconds:
		p.Y.Min, p.Y.Max = min(p.Y.Min, 0), max(p.Y.Max, highest(c)*1.04)
	}
	for _, m := range c.Marks {
		m.X = place(m.X, c.X.Scale)
		p.Add(upright(m))
	}
}

// placed are values where they lie on an axis of the scale.
func placed(values []float64, scale reports.Scale) []float64 {
	values = slices.Clone(values)
	for i := range values {
		values[i] = place(values[i], scale)
	}
	return values
}

func highest(c *reports.Chart) float64 {
	high := 0.0
	for _, l := range c.Lines {
		for i, y := range l.Y {
			if i < len(l.HalfWidth) && !math.IsNaN(l.HalfWidth[i]) {
				y += l.HalfWidth[i]
			}
			if !math.IsNaN(y) && !math.IsInf(y, 0) {
				high = max(high, y)
			}
		}
	}
	return high
}

// upright is a mark.
type upright reports.Mark

// Plot draws the mark.
func (m upright) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	line := draw.LineStyle{Color: nth(m.Colour).colour(), Width: 1.4, Dashes: []vg.Length{4, 3}}
	c.StrokeLine2(line, toX(m.X), c.Min.Y, toX(m.X), c.Max.Y)
}

// DataRange is what must be seen of the X axis.
func (m upright) DataRange() (xmin, xmax, ymin, ymax float64) {
	return m.X, m.X, math.Inf(1), math.Inf(-1)
}

// curve is a line.
type curve reports.Line

// DataRange is that of the points.
func (l curve) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for i := range l.X {
		if math.IsNaN(l.Y[i]) {
			continue
		}
		xmin, xmax = min(xmin, l.X[i]), max(xmax, l.X[i])
		ymin, ymax = min(ymin, l.Y[i]), max(ymax, l.Y[i])
	}
	return
}

// Plot draws the line, part by part where values are missing.
func (l curve) Plot(c draw.Canvas, p *plot.Plot) {
	colour := nth(l.Colour)
	toX, toY := p.Transforms(&c)
	for _, part := range l.parts() {
		xs, ys := part.X, part.Y
		if part.HalfWidth != nil && l.Style != reports.Dots {
			c.FillPolygon(colour.see(0.18), c.ClipPolygonXY(part.band(toX, toY, p.Y.Min)))
		}
		points := make([]vg.Point, 0, 2*len(xs))
		for i := range xs {
			if i > 0 && (l.Style == reports.Steps || l.Style == reports.Area) {
				points = append(points, vg.Point{X: toX(xs[i]), Y: toY(ys[i-1])})
			}
			points = append(points, vg.Point{X: toX(xs[i]), Y: toY(ys[i])})
		}
		line := draw.LineStyle{Color: colour.colour(), Width: 1.6}
		switch l.Style {
		case reports.Dots:
			part.dots(c, p, colour)
			continue
		case reports.Area:
			last, first := points[len(points)-1], points[0]
			c.FillPolygon(colour.see(0.25), append(points[:len(points):len(points)], vg.Point{X: last.X, Y: c.Min.Y}, vg.Point{X: first.X, Y: c.Min.Y}))
			line.Width = 1
		}
		c.StrokeLines(line, c.ClipLinesXY(points)...)
	}
}

// parts are the stretches without missing values.
func (l curve) parts() []curve {
	var all []curve
	for from := 0; from < len(l.X); {
		to := from
		for to < len(l.X) && !math.IsNaN(l.Y[to]) {
			to++
		}
		if to > from {
			part := l
			part.X, part.Y = l.X[from:to], l.Y[from:to]
			if l.HalfWidth != nil {
				part.HalfWidth = l.HalfWidth[from:to]
			}
			all = append(all, part)
		}
		from = to + 1
	}
	return all
}

// half is the half-width at a point, 0 where it is unknown.
func (l curve) half(i int) float64 {
	if l.HalfWidth == nil || math.IsNaN(l.HalfWidth[i]) || math.IsInf(l.HalfWidth[i], 0) {
		return 0
	}
	return l.HalfWidth[i]
}

// band is the region within the half-widths, not below the axis.
func (l curve) band(toX, toY func(float64) vg.Length, floor float64) []vg.Point {
	var points []vg.Point
	for i := range l.X {
		points = append(points, vg.Point{X: toX(l.X[i]), Y: toY(l.Y[i] + l.half(i))})
	}
	for i := len(l.X) - 1; i >= 0; i-- {
		points = append(points, vg.Point{X: toX(l.X[i]), Y: toY(max(floor, l.Y[i]-l.half(i)))})
	}
	return points
}

// dots draws the points and their half-widths, as far as these lie within the axis.
func (l curve) dots(c draw.Canvas, p *plot.Plot, colour ink) {
	const many = 80
	radius := vg.Length(3)
	if len(l.X) > many {
		radius = 2
	}
	toX, toY := p.Transforms(&c)
	for i := range l.X {
		x := toX(l.X[i])
		if h := l.half(i); h > 0 {
			low, high := max(l.Y[i]-h, p.Y.Min), min(l.Y[i]+h, p.Y.Max)
			c.StrokeLine2(draw.LineStyle{Color: colour.see(0.6), Width: 1.2}, x, toY(low), x, toY(high))
		}
		c.DrawGlyph(draw.GlyphStyle{Color: colour.colour(), Radius: radius, Shape: draw.CircleGlyph{}}, vg.Point{X: x, Y: toY(l.Y[i])})
	}
}

package plot

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sunrelay/reports"
)

// nameRows puts the names of the Y axis beside the rows, the first at the top, at 0, -1, -2 ...
func nameRows(p *plot.Plot, names []string) {
	var ticks []plot.Tick
	for i, name := range names {
		ticks = append(ticks, plot.Tick{Value: -float64(i), Label: name})
	}
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	p.Y.LineStyle.Width, p.Y.Tick.Length = 0, 0
	p.Y.Min, p.Y.Max = 0.5-float64(len(names)), 0.5
}

// drawCells draws a heat map over hours of the week or cells numbered from 0.
func drawCells(p *plot.Plot, c *reports.Chart) {
	nameRows(p, c.Y.Names)
	p.X.Min, p.X.Max = 0, float64(len(c.Cells.Values[0]))
	p.X.LineStyle.Width = 0
	if c.X.Names != nil {
		p.X.Tick.Marker = columnTicks(c.X.Names)
	}
	p.Add(cells(*c.Cells))
	if c.X.Scale == reports.HoursOfWeek {
		p.Add(midnights{background})
	}
}

// columnTicks are the names of columns in their middle, thinned out where there are many.
func columnTicks(names []string) plot.ConstantTicks {
	const most = 10
	every := (len(names) + most - 1) / most
	var ticks []plot.Tick
	for i := 0; i < len(names); i += every {
		ticks = append(ticks, plot.Tick{Value: float64(i) + 0.5, Label: names[i]})
	}
	return ticks
}

type cells reports.Cells

// Plot fills the cells: one path for each shade, so that the picture stays small. Cells overlap by a hair, else the
// background shines through between them.
func (h cells) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	const hair, gap = 0.3, 0.06
	var paths [Shades]vg.Path
	for row, values := range h.Values {
		for from := 0; from < len(values); {
			shade := h.shade(values[from])
			to := from + 1
			for to < len(values) && h.shade(values[to]) == shade {
				to++
			}
			if shade >= 0 {
				left, right := toX(float64(from)), toX(float64(to))+hair
				bottom, top := toY(-float64(row)-0.5+gap), toY(-float64(row)+0.5-gap)
				path := &paths[shade]
				path.Move(vg.Point{X: left, Y: bottom})
				path.Line(vg.Point{X: right, Y: bottom})
				path.Line(vg.Point{X: right, Y: top})
				path.Line(vg.Point{X: left, Y: top})
				path.Close()
			}
			from = to
		}
	}
	for shade, path := range paths {
		if len(path) > 0 {
			c.SetColor((shades + ink(shade)).colour())
			c.Fill(path)
		}
	}
}

// shade is the index of the shade of a value; -1 for none.
func (h *cells) shade(value float64) int {
	if math.IsNaN(value) {
		return -1
	}
	return min(Shades-1, max(0, int((value-h.Low)/(h.High-h.Low)*Shades)))
}

// drawBars draws lying bars.
func drawBars(p *plot.Plot, c *reports.Chart) {
	nameRows(p, c.Y.Names)
	p.X.Min, p.X.Max = 0, c.X.High
	p.Add(grid{x: true})
	p.Add(bars(*c.Bars))
}

type bars reports.Bars

// DataRange is from 0 to the end of the longest bar with its half-width.
func (b bars) DataRange() (xmin, xmax, ymin, ymax float64) {
	ymin, ymax = math.Inf(1), math.Inf(-1)
	for row := range b.Parts[0].Values {
		sum := 0.0
		for i := range b.Parts {
			part := (*barPart)(&b.Parts[i])
			v := part.Values[row]
			if math.IsNaN(v) {
				continue
			}
			if b.Stacked {
				sum += v
				v = sum
			}
			xmin, xmax = min(xmin, v), max(xmax, v+part.half(row))
		}
	}
	return
}

// Plot draws the bars, the parts of a name from the top down or one after the other.
func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	const thick = 0.72
	for row := range b.Parts[0].Values {
		start := 0.0
		for i := range b.Parts {
			part := (*barPart)(&b.Parts[i])
			v := part.Values[row]
			if math.IsNaN(v) {
				continue
			}
			top, tall := -float64(row)+thick/2, thick
			if !b.Stacked {
				tall = thick / float64(len(b.Parts))
				top -= tall * float64(i)
			}
			part.bar(c, toX(start), toX(start+v), toY(top-tall*0.94), toY(top))
			if h := part.half(row); h > 0 {
				middle := toY(top - tall/2)
				c.StrokeLine2(draw.LineStyle{Color: text.colour(), Width: 1.2}, toX(max(p.X.Min, start+v-h)), middle, toX(start+v+h), middle)
			}
			if b.Stacked {
				start += v
			}
		}
	}
}

type barPart reports.BarPart

func (part *barPart) bar(c draw.Canvas, left, right, bottom, top vg.Length) {
	c.FillPolygon(nth(part.Colour).see(0.9), []vg.Point{{X: left, Y: bottom}, {X: right, Y: bottom}, {X: right, Y: top}, {X: left, Y: top}})
}

// half is the half-width of a bar, 0 where it is unknown.
func (part *barPart) half(row int) float64 {
	if part.HalfWidth == nil || math.IsNaN(part.HalfWidth[row]) || math.IsInf(part.HalfWidth[row], 0) {
		return 0
	}
	return part.HalfWidth[row]
}

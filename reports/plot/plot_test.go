package plot

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sunrelay/reports"
)

var update = flag.Bool("update", false, "rewrite the expected pictures in testdata")

// week are values by hour of the week.
func week(value func(hour int) float64) (hours, values []float64) {
	for h := range 168 {
		hours, values = append(hours, float64(h)), append(values, value(h))
	}
	return hours, values
}

// charts are one of each kind, with gaps, half-widths that are not known, and names that must be escaped.
func charts() map[string]*reports.Chart {
	hours, busy := week(func(h int) float64 { return float64(h % 24) })
	_, share := week(func(h int) float64 {
		if h%24 < 8 {
			return math.NaN()
		}
		return float64(h%24) / 23
	})
	unknown := math.Inf(1)
	return map[string]*reports.Chart{
		"curve": {
			Title: "Times & <targets>", X: reports.Axis{Label: "time", Scale: reports.LogSeconds, Low: 1, High: 86400}, Y: reports.Axis{Label: "share", Scale: reports.Percents, High: 1},
			Lines: []reports.Line{{Name: "sev1", X: []float64{1, 60, 3600}, Y: []float64{0.2, 0.8, 1}, Colour: 3}}, Marks: []reports.Mark{{X: 900, Colour: 3}},
		},
		"band": {
			Title: "Backlog", X: reports.Axis{Label: "week"}, Y: reports.Axis{Label: "cases"},
			Lines: []reports.Line{{X: []float64{1, 2, 3, 4}, Y: []float64{900, math.NaN(), 1100, 1200}, HalfWidth: []float64{unknown, 0, 100, 50}}},
		},
		"hours": {
			Title: "Staffing", X: reports.Axis{Label: "hour", Scale: reports.HoursOfWeek}, Y: reports.Axis{Label: "agents"},
			Lines: []reports.Line{{X: hours, Y: busy, Style: reports.Area}, {X: hours, Y: busy, Style: reports.Steps, Colour: 2}},
		},
		"dots": {
			Title: "Frontier", X: reports.Axis{Label: "cost", Scale: reports.Amounts}, Y: reports.Axis{Label: "share", Scale: reports.Percents},
			Lines: []reports.Line{{X: []float64{1e6, 2.5e6}, Y: []float64{0.9, 0.95}, HalfWidth: []float64{0.01, unknown}, Style: reports.Dots}},
		},
		"cells": {
			Title: "Occupancy", X: reports.Axis{Label: "hour", Scale: reports.HoursOfWeek}, Y: reports.Axis{Names: []string{"<one>", "two"}},
			Cells: &reports.Cells{Values: [][]float64{busy, share}, High: 1},
		},
		"stacked": {
			Title: "Causes", X: reports.Axis{Label: "share", Scale: reports.Percents, High: 1}, Y: reports.Axis{Names: []string{"a", "b"}},
			Bars: &reports.Bars{Stacked: true, Parts: []reports.BarPart{{Values: []float64{0.3, 0}}, {Values: []float64{0.7, 1}, Colour: 1}}},
		},
		"beside": {
			Title: "Money", X: reports.Axis{Label: "EUR", Scale: reports.Amounts}, Y: reports.Axis{Names: []string{"a", "b"}},
			Bars: &reports.Bars{Parts: []reports.BarPart{{Values: []float64{3e9, math.NaN()}}, {Values: []float64{1e9, 2e9}, HalfWidth: []float64{2e9, unknown}, Colour: 1}}},
		},
		"quantiles": {
			Title: "Quantiles", X: reports.Axis{Label: "law", Scale: reports.LogSeconds}, Y: reports.Axis{Label: "recorded", Scale: reports.LogSeconds},
			Lines: []reports.Line{{X: []float64{1, 60, 4e7}, Y: []float64{1, 90, 3e7}, Style: reports.Dots}},
		},
		"dates": {
			Title: "Daily cases", X: reports.Axis{Label: "day", Scale: reports.Dates}, Y: reports.Axis{Label: "cases"},
			Lines: []reports.Line{{X: []float64{16800, 16801, 16860}, Y: []float64{3, 4, 5}, HalfWidth: []float64{1, 1, 2}}},
		},
		"empty": {Title: "Nothing", X: reports.Axis{Label: "x"}, Y: reports.Axis{Label: "y"}},
	}
}

// TestPictures: every kind of chart is well-formed, has all colours from the style sheet, shows numbers alone and is the
// same each time, at both sizes.
func TestPictures(t *testing.T) {
	ownColour := regexp.MustCompile(`#[0-9A-Fa-f]{6}|(fill|stroke):(black|white)`)
	for name, chart := range charts() {
		for _, size := range []Size{Wide, Narrow} {
			svg := SVG(chart, size)
			if svg != SVG(chart, size) {
				t.Errorf("%s: two pictures differ", name)
			}
			decoder := xml.NewDecoder(strings.NewReader(svg))
			var err error
			for err == nil {
				_, err = decoder.Token()
			}
			if !errors.Is(err, io.EOF) {
				t.Errorf("%s: %v", name, err)
			}
			if found := ownColour.FindString(svg); found != "" {
				t.Errorf("%s has the colour %s of its own", name, found)
			}
			if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
				t.Errorf("%s draws what is not a number", name)
			}
		}
	}
}

func TestGoldenPictures(t *testing.T) {
	for _, name := range []string{"curve", "stacked"} {
		file := filepath.Join("testdata", name+".svg")
		got := SVG(charts()[name], Narrow)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestInksAreFound: an ink of any opacity is written such that it becomes its variable.
func TestInksAreFound(t *testing.T) {
	for i := text; i < inks; i++ {
		for _, opacity := range []float64{1, 0.9, 0.6, 0.25, 0.18, 0.05} {
			r, g, b, a := i.see(opacity).RGBA()
			back := func(c uint32) int { return int(float64(c) * (255.0 / float64(a))) }
			written := fmt.Sprintf("#%02X%02X%02X", back(r), back(g), back(b))
			if got := withVariables(written); got != "var("+i.name()+")" {
				t.Errorf("ink %d at %v is written %s and read %s", i, opacity, written, got)
			}
		}
	}
}

// TestStyleNamesEveryInk in light and in dark.
func TestStyleNamesEveryInk(t *testing.T) {
	for _, dark := range []bool{false, true} {
		style := Style(dark)
		for i := text; i < inks; i++ {
			if !regexp.MustCompile(i.name() + `:#[0-9a-f]{6};`).MatchString(style) {
				t.Errorf("dark %v: no %s", dark, i.name())
			}
		}
	}
}

// TestShadesRiseInLightness: on grey paper more is darker, and in the dark brighter, by steps that can be seen.
func TestShadesRiseInLightness(t *testing.T) {
	for sign, colours := range map[float64]*[inks]string{-1: &lightInks, 1: &darkInks} {
		for i := shades + 1; i < inks; i++ {
			if step := sign * (lightness(t, colours[i]) - lightness(t, colours[i-1])); step < 4 {
				t.Errorf("from %s to %s lightness changes by %.1f, want 4 or more of 100", colours[i-1], colours[i], step)
			}
		}
	}
}

// lightness is L* of CIE 1976, for D65 white, from sRGB (IEC 61966-2-1).
func lightness(t *testing.T, colour string) float64 {
	t.Helper()
	var rgb [3]uint8
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatal(err)
	}
	y := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		y += weight * c
	}
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return 116*math.Cbrt(y) - 16
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		scale     reports.Scale
		low, high float64
		narrow    bool
		want      string
	}{
		{reports.Linear, 0, 6200, true, "0 2,000 4,000 6,000"},
		{reports.Linear, 0, 0.3, false, "0.00 0.05 0.10 0.15 0.20 0.25 0.30"},
		{reports.Linear, -3, 3, false, "-3 -2 -1 0 1 2 3"},
		{reports.Percents, 0, 1, true, "0 % 50 % 100 %"},
		{reports.Percents, 0, 0.04, false, "0 % 1 % 2 % 3 % 4 %"},
		{reports.Amounts, 0, 1.5e8, true, "0 50 m 100 m 150 m"},
		{reports.Amounts, 0, 2.6e9, true, "0 1 bn 2 bn"},
		{reports.LogSeconds, 0, math.Log(86400), true, "1 s 1 min 1 h 1 d"},
		{reports.Dates, 16861, 16921, false, "7 Mar 14 Mar 21 Mar 28 Mar 4 Apr 11 Apr 18 Apr 25 Apr"},
		{reports.Dates, 16861, 16921, true, "Mar Apr"},
		{reports.Dates, 14600, 15600, true, "2010 2011 2012"},
		{reports.Dates, 0, 12000, true, "1970 1979 1988 1997"},
		{reports.HoursOfWeek, 0, 168, true, "Mo Tu We Th Fr Sa Su"},
	} {
		var labels []string
		for _, tick := range ticks(c.scale, c.narrow).Ticks(c.low, c.high) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("scale %d from %v to %v: %q, want %q", c.scale, c.low, c.high, got, c.want)
		}
	}
}

func TestShadeOfValues(t *testing.T) {
	h := cells{Low: 0, High: 1}
	for value, want := range map[float64]int{-1: 0, 0: 0, 0.999: Shades - 1, 1: Shades - 1, 7: Shades - 1} {
		if got := h.shade(value); got != want {
			t.Errorf("shade of %v is %d, want %d", value, got, want)
		}
	}
	if h.shade(math.NaN()) != -1 {
		t.Error("no value has a shade")
	}
}

func BenchmarkSVG(b *testing.B) {
	all := charts()
	for _, name := range []string{"curve", "hours", "cells"} {
		b.Run("chart="+name, func(b *testing.B) {
			for b.Loop() {
				SVG(all[name], Wide)
			}
		})
	}
}

func TestLabels(t *testing.T) {
	for want, c := range map[string]struct {
		value float64
		scale reports.Scale
	}{
		"0": {0, reports.Linear}, "12.5": {12.5, reports.Linear}, "-4,000": {-4000, reports.Linear}, "0 %": {0, reports.Percents},
		"100 %": {1, reports.Percents}, "97.5 %": {0.975, reports.Percents}, "2.5 m": {2.5e6, reports.Amounts},
	} {
		if got := Label(c.value, c.scale); got != want {
			t.Errorf("%v is written %q, want %q", c.value, got, want)
		}
	}
}

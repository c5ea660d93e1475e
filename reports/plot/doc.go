// Package plot draws charts as SVG by gonum/plot. Colours are variables of the style sheet (see Style), so that one picture
// serves light, dark and paper. It computes nothing but the place of what it draws, and knows no report.
package plot

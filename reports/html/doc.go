// Package html writes a document as one page that needs nothing beside it: style and pictures are in it, there are no
// scripts, and nothing is fetched. It reads on a telephone, in light and dark, and on paper. It knows no report and
// computes nothing.
package html

// Package reports says what is told about results: the JSON document of a run with stable names, and the Document of
// headings, paragraphs and tables for people. It rounds figures to what their half-widths support and adds the warnings
// that a reader needs. It does not know how a document looks on a screen (reports/text), and it prints nothing.
package reports

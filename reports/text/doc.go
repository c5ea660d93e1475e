// Package text writes documents for terminals, pipes and log files: plain text with aligned tables, in colour where the
// reader's terminal shows it. It lays out what package reports says and computes nothing.
package text

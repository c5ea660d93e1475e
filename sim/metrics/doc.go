// Package metrics holds what a run measures: dense tables of integers and mergeable histograms. The estimates and their
// half-widths are made of them in sim/experiment.
package metrics

// Package experiment runs many replications of a model, in parallel and with the same bytes for any number of workers,
// and makes estimates with half-widths of what they measured. It does not know how a replication is simulated
// (package sim) nor how results are told (package reports).
package experiment

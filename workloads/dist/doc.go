// Package dist has the distributions of a workload: how long a touch takes, a customer thinks, a caller holds. It reads
// them from expressions such as lognormal(mean 25m, cv 1.2) and samples each as a pure function of 64 random bits, so
// that a draw belongs to its case and not to the order of work (package rng makes the bits).
//
// Lengths of time are in milliseconds, as float64; the caller rounds. Distributions are immutable and may be shared by
// goroutines. All have a finite mean and variance, and none gives a negative number.
//
// The package does not estimate parameters from data (workloads/fit does) and makes no arrival processes
// (workloads/arrivals does).
//
// To add a distribution, write its file with a type and a Kind, and add a line to Kinds: the parser, the schema and the
// conformance test range over that table.
package dist

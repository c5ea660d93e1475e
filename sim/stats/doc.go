// Package stats turns the figures of independent replications into estimates: a mean, a ratio of means or a paired
// difference, each with a confidence half-width and the warnings that a reader needs to judge it.
//
// The formulas hold for independent observations. The package does not run replications or decide how many there should
// be (sim/experiment does), and it does not estimate from one autocorrelated run.
package stats

// Package arrivals draws the instants at which cases arrive: Poisson processes whose rate follows the local week, the
// busyness of the day and growth, and renewal processes. What arrives is drawn by package workloads.
package arrivals

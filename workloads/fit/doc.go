// Package fit estimates the workload of a scenario from a recorded log of cases: when cases arrive, how they are mixed, how long they
// take, each figure with its error. It also says what the log cannot tell, and why (Finding), and refuses what its window would
// make wrong.
//
// It reads no files (workloads/trace does) and simulates nothing. Whether a fit foretells what comes is a matter of simulation.
package fit

// Package benchmarks measures the program: named workloads with sizes, bare reference kernels to compare them with, and
// the gate that tells whether one build is slower than another. It is not a place for tests of what is right, but that
// each workload does the work it claims.
//
// Machines differ and are shared, so that times alone tell little. A workload and its reference take turns of a few
// milliseconds in one process, and what counts is the median of the ratios of their processor times, turn by turn. A
// sample is one process of its own: it has its own layout of memory, which makes up much of the noise, and its own peak
// of memory. Samples of all workloads, and of two builds if two are compared, take turns as well.
package benchmarks

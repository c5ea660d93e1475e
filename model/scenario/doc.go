// Package scenario is the whole definition of a support organisation and its workload: it reads a scenario file, applies
// overrides and defaults, reports everything that is wrong with it at once, and compiles it to dense tables.
//
// Load makes a Definition of a file, Compile makes a Compiled of a Definition, Schema describes the files for editors.
// Expressions of distributions and of routing rules are kept as positioned text: workloads and sim read them. The
// package draws no random numbers and simulates nothing.
package scenario

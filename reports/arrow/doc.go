// Package arrow writes the cases, the clocks and the hours of a run as Parquet files and as Arrow IPC streams, while it
// is simulated, and the points of a sweep as a Parquet file. The columns are documented in schema.md.
//
// An observer at each engine collects rows in blocks. The blocks of all engines go through a sequence, which gives them
// out in the order of replications and components, whoever is faster, so that a file has the same bytes for any number of
// workers. Groups of them become columns, are encoded at the same time, and are written one after the other. Each
// stage holds a bounded number of rows; what comes before its turn is put down in a temporary file, and an engine that is
// faster than the writing waits.
//
// It is not for figures: those are computed from totals, not from rows, by sim/experiment.
package arrow

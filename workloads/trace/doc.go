// Package trace reads recorded logs of cases: CSV with any delimiter, plain or packed with gzip or zstd, Parquet and
// Arrow. It finds out which column means what and how times are written, says what it took for granted, and hands on one
// Case after the other. The memory does not depend on the number of rows, but for logs with one row an event, whose cases are put
// together first.
//
// It does not judge what it reads and estimates nothing (workloads/fit does).
package trace

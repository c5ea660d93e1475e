// Package workloads says where cases come from: it binds the distributions and arrival streams of a scenario and draws
// the cases of one replication, each with the key from which its whole fate follows. It does not simulate.
package workloads

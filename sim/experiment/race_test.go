//go:build race

package experiment

// slowed says that the race detector is on, which makes a simulation about ten times slower.
const slowed = true

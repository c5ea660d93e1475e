//go:build !race

package experiment

// slowed is false without the race detector.
const slowed = false

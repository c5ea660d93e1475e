// Package reference holds bare loops that do what a benchmark's work needs at the least: the floor that the product is
// measured against, in the same run and on the same machine. They keep sums only and know no scenario; they are not a
// design to build on.
package reference

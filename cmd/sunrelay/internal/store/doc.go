// Package store keeps the finished points of a sweep in a folder, so that a sweep that was killed goes on where it stopped
// and ends with the same bytes. It does not simulate anything, nor does it know how points are told.
package store

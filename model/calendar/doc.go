// Package calendar turns opening hours into arithmetic. A Definition says, in local wall-clock terms, when an
// organisation is open; Compile makes a Timeline of it, which answers how much open time lies between two instants and
// at which instant a target is used up; a Policy is one target on one Timeline as a single table, for simulators.
//
// All spans are half-open and all open time is physical: a day of 25 hours has 25 hours. Timelines and policies are
// never written after they are made, so any number of goroutines may share them.
//
// The package does not read scenario files, does not know plans or severities, and never looks at the wall clock or at
// the zone data of the machine.
package calendar

// Command sunrelay simulates technical-support organisations and tells how well they keep the promises they sell.
//
// Each command has a file of its own: it parses its arguments into a struct, acts, and writes what package reports or
// the command itself has to say. The command line knows no semantics: those are in the packages below it.
package main

// Package trace tells the life of one case of a replication: what it waited for, who worked it, what became of its clocks.
// The engine is run once more for it, with an observer that hears of this case alone, so that nothing is kept in ordinary
// runs and the memory of a trace does not grow with the number of cases. It keeps instants and indices; the words are those
// of reports.
package trace

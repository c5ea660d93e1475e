// Package due answers questions about deadlines: one at a time, explained in steps, or a CSV file of millions. It reads
// times and rows; the arithmetic is that of model/calendar, and calendars come from model/scenario.
package due

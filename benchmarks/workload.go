package benchmarks

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Workload is work with a name and sizes that the program is measured by.
type Workload struct {
	Name  string // family, or family/member
	About string // what it is for
	Op    string // what is counted: a deadline, an event, a case
	Sizes []int  // that are measured by default
	Small int    // size that is done in a moment
	Most  int    // largest size that may be asked for
	Scale string // what the size is a number of
	// Against is what the reference is.
	Against string
	// Prepare makes the work ready at a size from 1 to Most.
	Prepare func(size int) (*Work, error)
}

// Work is a workload at a size.
type Work struct {
	// Run does the work once. It calls turn after each part of it, with the number of operations since the last call, and
	// ends with turn's error or that of the context.
	Run func(ctx context.Context, turn func(ops int) error) error
	// Reference does what corresponds to so many operations.
	Reference func(ops int)
}

// families are all workloads, one file for each family.
var families = [][]Workload{deadlines, queues, yardsticks, organisations, plans, rows, scaling}

// Workloads are all workloads in the order in which they are listed.
func Workloads() []Workload { return slices.Concat(families...) }

// Case is a workload and one of its sizes.
type Case struct {
	Workload
	Size int
}

// String is the name by which the case is selected.
func (c Case) String() string { return fmt.Sprintf("%s=%d", c.Name, c.Size) }

// All are all workloads at the sizes that are measured by default, or at their small ones.
func All(small bool) []Case {
	var cases []Case
	for _, w := range Workloads() {
		cases = append(cases, w.cases(small)...)
	}
	return cases
}

func (w Workload) cases(small bool) []Case {
	if small {
		return []Case{{w, w.Small}}
	}
	var cases []Case
	for _, size := range w.Sizes {
		cases = append(cases, Case{w, size})
	}
	return cases
}

// UnknownError is the error for a name that no workload has.
type UnknownError struct {
	Name  string
	Known []string
}

// Error names the workload.
func (e *UnknownError) Error() string { return fmt.Sprintf("no workload is called %q", e.Name) }

// Select are the cases that a name means: NAME, FAMILY (all of its members), or NAME=SIZE. The error is *UnknownError, or
// says what is wrong with the size.
func Select(name string, small bool) ([]Case, error) {
	name, size, sized := strings.Cut(name, "=")
	var cases []Case
	var known []string
	for _, w := range Workloads() {
		family, _, _ := strings.Cut(w.Name, "/")
		known = append(known, family, w.Name)
		switch {
		case name == w.Name && sized:
			return w.sized(size)
		case name == w.Name || name == family && !sized:
			cases = append(cases, w.cases(small)...)
		}
	}
	if cases == nil {
		slices.Sort(known)
		return nil, &UnknownError{name, slices.Compact(known)}
	}
	return cases, nil
}

func (w Workload) sized(size string) ([]Case, error) {
	n, err := strconv.Atoi(size)
	if err != nil || n < 1 || n > w.Most {
		return nil, fmt.Errorf("%s=%s: want a number of %s from 1 to %d", w.Name, size, w.Scale, w.Most)
	}
	return []Case{{w, n}}, nil
}

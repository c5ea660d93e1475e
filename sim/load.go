package sim

import (
	"cmp"
	"errors"
	"slices"

	"sunrelay/model/scenario"
	"sunrelay/workloads"
)

// Load reads a scenario with overrides and binds everything that it says. An error with more than one cause is
// scenario.Problems: all of them, in the order of the file.
func Load(source scenario.Source, sets ...string) (*Model, error) {
	def, err := scenario.Load(source, sets)
	if def == nil {
		return nil, err
	}
	var compiled *scenario.Compiled
	if err == nil {
		compiled, err = scenario.Compile(def)
	}
	if err = withExpressions(def, err); err != nil {
		return nil, err
	}
	workload, problems := workloads.Bind(compiled)
	if len(problems) > 0 {
		return nil, inOrder(problems)
	}
	model, problems := Bind(compiled, workload)
	if len(problems) > 0 {
		return nil, inOrder(problems)
	}
	return model, nil
}

// withExpressions adds to the problems of a definition those of its expressions, which other packages read.
func withExpressions(def *scenario.Definition, err error) error {
	var problems scenario.Problems
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	problems = append(problems, workloads.Check(def)...)
	problems = append(problems, Check(def)...)
	if len(problems) == 0 {
		return nil
	}
	return inOrder(problems)
}

// inOrder sorts problems by line and column within each file; files stay in the order in which they first appear.
func inOrder(problems scenario.Problems) scenario.Problems {
	var files []string
	for _, p := range problems {
		if !slices.Contains(files, p.File) {
			files = append(files, p.File)
		}
	}
	slices.SortStableFunc(problems, func(a, b scenario.Problem) int {
		return cmp.Or(
			cmp.Compare(slices.Index(files, a.File), slices.Index(files, b.File)),
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(problems)
}

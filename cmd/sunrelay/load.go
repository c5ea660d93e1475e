package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/workloads/builtin"
)

// scenarioArgs say which scenario a command reads.
type scenarioArgs struct {
	name  string // a file, a built-in scenario, or - for standard input
	sets  []string
	flags map[string]string // by override: the flag that stands for it
}

// addTo makes the flags of the command that change a scenario.
func (a *scenarioArgs) addTo(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&a.sets, "set", nil, "change a value of the scenario: `path=value`, path+=1, path-=1 or path*=1.2 (may be repeated)")
}

// override adds the override of a flag of its own, which messages name.
func (a *scenarioArgs) override(flag, path string, value any) {
	set := fmt.Sprintf("%s=%v", path, value)
	a.sets = append(a.sets, set)
	if a.flags == nil {
		a.flags = map[string]string{}
	}
	a.flags["--set "+set] = fmt.Sprintf("--%s %v", flag, value)
}

// named gives problems of overrides that the user did not write the name of the flag.
func (a *scenarioArgs) named(err error) error {
	var problems scenario.Problems
	if errors.As(err, &problems) {
		for i := range problems {
			problems[i].File = cmp.Or(a.flags[problems[i].File], problems[i].File)
		}
	}
	return err
}

// clone is a copy that can be changed.
func (a *scenarioArgs) clone() scenarioArgs {
	c := *a
	c.sets, c.flags = slices.Clone(a.sets), maps.Clone(a.flags)
	if c.flags == nil {
		c.flags = map[string]string{}
	}
	return c
}

// one takes the scenario from the arguments of a command.
func (a *scenarioArgs) one(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return badInput("%s wants one SCENARIO: a file, - for standard input, or one of %s",
			cmd.CommandPath(), strings.Join(builtin.Names(), ", "))
	}
	a.name = args[0]
	return nil
}

// source is where the scenario and what it names are found.
func (s *session) source(name string) (scenario.Source, error) {
	zone, err := s.zoneFinder()
	if err != nil {
		return scenario.Source{}, err
	}
	source := scenario.Source{Name: name, Builtin: builtin.Open, BuiltinNames: builtin.Names(), Zone: zone}
	if name == "-" {
		source.Stdin, err = s.standardInput()
	}
	return source, err
}

// standardInput is what there is to read, as often as it is asked for.
func (s *session) standardInput() (io.Reader, error) {
	if s.input == nil && s.in != nil {
		const most = 1 << 30 // far more than a scenario may have
		content, err := io.ReadAll(io.LimitReader(s.in, most))
		if err != nil {
			return nil, err
		}
		s.input = append([]byte{}, content...)
	}
	return bytes.NewReader(s.input), nil
}

// load reads a scenario; see sim.Load.
func (s *session) load(a scenarioArgs) (*sim.Model, error) {
	source, err := s.source(a.name)
	if err != nil {
		return nil, err
	}
	model, err := sim.Load(source, a.sets...)
	return model, a.named(err)
}

// pathOf is the path of an override or variation.
func pathOf(set string) string {
	path, _, _ := strings.Cut(set, "=")
	return strings.TrimRight(path, "+-* \t")
}

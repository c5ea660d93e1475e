package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commands are all commands, in the order of the help.
var commands = []func(*session) *cobra.Command{
	runCommand, planCommand, reportCommand, compareCommand, sweepCommand, checkCommand, coverageCommand, workloadsCommand,
	fitCommand, replayCommand, dueCommand, benchCommand, schemaCommand, manCommand, versionCommand,
}

// newRoot is the command line.
func newRoot(s *session) *cobra.Command {
	root := &cobra.Command{
		Use:   "sunrelay",
		Short: "Simulate a technical-support organisation and the promises it sells",
		Long: `Sunrelay simulates technical-support organisations case by case: who works when, in which
languages, and how well the promises that customers bought are kept.

Exit codes: 0 done, 1 internal error, 2 bad input, 3 an objective is not met (run --check),
not kept by any plan (plan), a promise cannot be kept (coverage --check) or the program became
slower (bench), 4 interrupted.`,
		Example: `  sunrelay run citrix
  sunrelay check my-support.yaml
  sunrelay due --calendar dublin --calendars hours.yaml --start 2026-03-06T16:30 --target 8bh`,
		SilenceUsage:               true,
		SilenceErrors:              true,
		SuggestionsMinimumDistance: suggestionDistance,
		Args:                       noArgs,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.errs)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().StringVar(&s.zoneinfo, "zoneinfo", "", "directory or zip `file` of newer time-zone data, instead of the embedded")
	s.look.addTo(root)
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return s.look.check() }
	root.SetFlagErrorFunc(suggestFlag)
	for _, command := range commands {
		root.AddCommand(command(s))
	}
	s.addCompletions(root)
	return root
}

// suggestionDistance is how many letters may be wrong in a word that is still recognised.
const suggestionDistance = 2

// didYouMean is the end of a message about an unknown word; empty where no known word is like it.
func didYouMean(word string, known []string) string {
	dictionary := &cobra.Command{SuggestionsMinimumDistance: suggestionDistance}
	for _, k := range known {
		dictionary.AddCommand(&cobra.Command{Use: k, Run: func(*cobra.Command, []string) {}})
	}
	if similar := dictionary.SuggestionsFor(word); len(similar) > 0 {
		return fmt.Sprintf(", did you mean %s?", similar[0])
	}
	return ""
}

// suggestFlag adds the nearest flag to the message about an unknown one.
func suggestFlag(cmd *cobra.Command, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !unknown {
		return fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	suggestion := didYouMean(name, known)
	if suggestion != "" {
		suggestion = strings.Replace(suggestion, "mean ", "mean --", 1)
	}
	return fmt.Errorf("%w%s (see %s --help)", err, suggestion, cmd.CommandPath())
}

// noArgs refuses arguments; the word may be meant for a command.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var known []string
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			known = append(known, below.Name())
		}
	}
	if len(known) == 0 {
		return fmt.Errorf("%s takes no argument %q (see %s --help)", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
	return fmt.Errorf("%q is not a command of %s%s want one of %s", args[0], cmd.CommandPath(),
		orComma(didYouMean(args[0], known)), strings.Join(known, ", "))
}

// orComma lets a sentence go on where there is no suggestion.
func orComma(suggestion string) string {
	if suggestion == "" {
		return ","
	}
	return suggestion
}

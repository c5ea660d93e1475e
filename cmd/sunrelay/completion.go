package main

import (
	"strings"

	"github.com/spf13/cobra"

	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/workloads/builtin"
)

// addCompletions lets shells complete what the flags and arguments of the commands take: built-in scenarios beside files,
// formats, milestones, and the paths of the scenario that the command line names.
func (s *session) addCompletions(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		if strings.Contains(cmd.Use, "SCENARIO") || strings.Contains(cmd.Use, "BASE") {
			cmd.ValidArgsFunction = completeScenario
		}
		for name, complete := range map[string]cobra.CompletionFunc{
			"format": completeFormat, "set": s.completePath(""), "vary": s.completePath(""), "variant": s.completeVariant, "trace-case": completeTrace,
			"out": completeFolder,
		} {
			if cmd.Flags().Lookup(name) == nil {
				continue
			}
			if err := cmd.RegisterFlagCompletionFunc(name, complete); err != nil {
				panic(err) // the flag is there
			}
		}
	}
}

// completeScenario offers built-in scenarios, and files by the shell.
func completeScenario(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	return withPrefix(builtin.Names(), begun), cobra.ShellCompDirectiveDefault
}

func completeFormat(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	return withPrefix(formats, begun), cobra.ShellCompDirectiveNoFileComp
}

func completeFolder(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeTrace offers the milestones whose latest case can be told.
func completeTrace(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	var forms []string
	for m := range sla.Milestone(sla.Milestones) {
		forms = append(forms, worstPrefix+m.String())
	}
	return withPrefix(forms, begun), cobra.ShellCompDirectiveNoFileComp
}

// completePath offers the paths of the scenario, each after what was written before it.
func (s *session) completePath(before string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		begun, follows := strings.CutPrefix(begun, before)
		if len(args) == 0 || args[0] == "-" || !follows || strings.ContainsAny(begun, "=+*") {
			return nil, directive
		}
		source, err := s.source(args[0])
		if err != nil {
			return nil, directive
		}
		var paths []string
		for _, path := range scenario.CompletePath(source, begun) {
			if !strings.HasSuffix(path, ".") {
				path += "="
			}
			paths = append(paths, before+path)
		}
		return paths, directive
	}
}

// completeVariant offers the paths after NAME: and after each comma.
func (s *session) completeVariant(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	name, changes, named := strings.Cut(begun, ":")
	if !named {
		return nil, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	parts := splitOutside(changes)
	last := parts[len(parts)-1]
	return s.completePath(strings.TrimSuffix(name+":"+changes, last))(cmd, args, begun)
}

// withPrefix are the words that begin so.
func withPrefix(words []string, begun string) []string {
	var matching []string
	for _, w := range words {
		if strings.HasPrefix(w, begun) {
			matching = append(matching, w)
		}
	}
	return matching
}

package main
import "github.com/spf13/cobra"
func dueCommand(s *session) *cobra.Command { return &cobra.Command{Use:"due"} }

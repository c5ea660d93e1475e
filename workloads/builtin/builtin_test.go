package builtin_test

import (
	"testing"

	"sunrelay/model/scenario"
	"sunrelay/workloads/builtin"
)

// builtinSource reads a built-in scenario.
func builtinSource(name string) scenario.Source {
	return scenario.Source{Name: name, Builtin: builtin.Open, BuiltinNames: builtin.Names()}
}

func TestBuiltinsLoadAndCompile(t *testing.T) {
	for _, name := range builtin.Names() {
		def, err := scenario.Load(builtinSource(name), nil)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if _, err := scenario.Compile(def); err != nil {
			t.Errorf("%v", err)
		}
	}
}

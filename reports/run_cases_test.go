package reports

import (
	"testing"

	"sunrelay/sim/metrics"
)

// TestEveryCountHasWords: nothing that is counted stands in the table without a name.
func TestEveryCountHasWords(t *testing.T) {
	for n := range metrics.Count(metrics.Counts) {
		if countWords[n] == "" {
			t.Errorf("%v has no words", n)
		}
	}
}

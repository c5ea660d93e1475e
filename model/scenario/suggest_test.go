package scenario

import (
	"testing"

	"pgregory.net/rapid"
)

// slowDistance is editDistance by its definition: the cheapest way to treat the last letters, tried one after the other.
func slowDistance(a, b string) int {
	if a == "" || b == "" {
		return len(a) + len(b)
	}
	n, m := len(a)-1, len(b)-1
	replace := slowDistance(a[:n], b[:m])
	if a[n] != b[m] {
		replace++
	}
	best := min(replace, slowDistance(a[:n], b)+1, slowDistance(a, b[:m])+1)
	if n > 0 && m > 0 && a[n] == b[m-1] && a[n-1] == b[m] {
		best = min(best, slowDistance(a[:n-1], b[:m-1])+1)
	}
	return best
}

func TestEditDistanceAgainstTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching("[abc]{0,6}").Draw(t, "a"), rapid.StringMatching("[abc]{0,6}").Draw(t, "b")
		if got, want := editDistance(a, b), slowDistance(a, b); got != want {
			t.Fatalf("%q to %q: %d, want %d", a, b, got, want)
		}
	})
}

func TestNearest(t *testing.T) {
	names := []string{"agents", "shifts", "shrinkage", "languages", "sev1", "sev2", "sev3"}
	for word, want := range map[string]string{
		"agnets": ", did you mean agents?", "Shift": ", did you mean shifts?", "language": ", did you mean languages?", "pets": "", "": "",
		"sev4": ", did you mean sev1 or sev2?", "sev22": ", did you mean sev2?",
	} {
		if got := nearest(word, names); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

package text

import "testing"

func TestWrapCell(t *testing.T) {
	for _, c := range []struct {
		cell  string
		limit int
		want  string
	}{
		{"96.4 ± 0.5 %", 12, "96.4 ± 0.5 %"},
		{"96.4 ± 0.5 %", 8, "96.4\n± 0.5 %"},
		{"96.4 ± 0.5 %", 5, "96.4\n± 0.5\n%"},
		{"1h 30m ± 4m", 6, "1h 30m\n± 4m"},
		{"appliance_gold_plus", 12, "appliance_\ngold_plus"},
		{"appliance_gold_plus", 18, "appliance_gold_\nplus"},
		{"fort_lauderdale", 8, "fort_\nlauderda\nle"},
		{"12,345.678", 7, "12,345.\n678"},
		{"priority 日本語", 8, "priority\n日本語"},
		{"日本語", 4, "日本\n語"},
		{"", 5, ""},
	} {
		if got := wrapCell(c.cell, c.limit); got != c.want {
			t.Errorf("%q in %d columns: %q, want %q", c.cell, c.limit, got, c.want)
		}
	}
}

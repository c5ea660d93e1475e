package html

import (
	"html/template"
	"testing"
)

// TestBreakable: names break after their signs, numbers and dates do not, and what is not HTML is no HTML.
func TestBreakable(t *testing.T) {
	for text, want := range map[string]template.HTML{
		"san_francisco.tier-1":            "san_<wbr>francisco.<wbr>tier-<wbr>1",
		"2026-01-05 to 2026-01-12, 1.5 s": "2026-01-05 to 2026-01-12, 1.5 s",
		"t1.agents -3 within 15m - done.": "t1.<wbr>agents -3 within 15m - done.",
		"<b>a_b</b> & größe.maß":          "&lt;b&gt;a_<wbr>b&lt;/b&gt; &amp; größe.<wbr>maß",
		"":                                "",
		"-":                               "-",
	} {
		if got := breakable(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

package scenario

import (
	"slices"
	"strings"
	"testing"
)

// TestCentreOfSeveralRegions: a centre is local to the regions that it names, and to all where it names none.
func TestCentreOfSeveralRegions(t *testing.T) {
	const gold, low, en, de, t1, munichT1 = 0, 1, 0, 1, 0, 0
	for _, test := range []struct {
		why, line   string
		local       []bool // to west and east
		worksInEast bool   // cases that do not follow the sun
		homeOfEast  string
	}{
		{"one", "    region: west\n", []bool{true, false}, false, "tokyo"},
		{"several", "    region: [east, west]\n", []bool{true, true}, true, "munich"},
		{"none named", "", []bool{true, true}, true, "tokyo"},
	} {
		c := compile(t, strings.Replace(relay, "    region: west\n", test.line, 1))
		if got := c.Centres[0].LocalTo; !slices.Equal(got, test.local) {
			t.Errorf("%s: local to %v, want %v", test.why, got, test.local)
		}
		if got := c.Eligible(Attributes{Region: 1, Plan: gold, Severity: low, Language: en}, t1, munichT1); got != test.worksInEast {
			t.Errorf("%s: works cases of the east: %v", test.why, got)
		}
		if !c.Eligible(Attributes{Plan: gold, Severity: low, Language: de}, t1, munichT1) {
			t.Errorf("%s: does not work cases of the west", test.why)
		}
		if got := c.Definition.Regions[1].Value.Home; got != test.homeOfEast {
			t.Errorf("%s: home of the east is %s, want %s", test.why, got, test.homeOfEast)
		}
	}
}

func TestCentreOfUnknownRegions(t *testing.T) {
	text := strings.Replace(relay, "    region: west\n", "    region: [west, north, west]\n", 1)
	_, err := Load(Source{Name: "-", Stdin: strings.NewReader(text)}, nil)
	if err == nil {
		t.Fatal("no problems")
	}
	for _, want := range []string{`"north" is not a region`, "names the region west twice"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want it to say %s", err, want)
		}
	}
}

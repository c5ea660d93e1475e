package fit

import (
	"slices"
	"testing"
)

// TestUnusualDays fits eight weeks of which a Friday and a Thursday are holidays and a Sunday is a storm: several hide each other from a
// test that looks at one after the other. A ninth day is low, but not unlike the others.
func TestUnusualDays(t *testing.T) {
	counts := []int{
		459, 382, 372, 334, 334, 44, 50, 438, 325, 364, 379, 55, 53, 52, 497, 376, 372, 365, 444, 64, 56, 456, 406, 373, 357, 338, 39, 39,
		383, 397, 377, 371, 396, 42, 29, 424, 328, 434, 43, 330, 51, 400, 445, 333, 361, 401, 363, 63, 41, 410, 390, 371, 352, 260, 47, 38,
	}
	const monday = 16874
	days := map[int]*day{}
	for i, n := range counts {
		days[monday+i] = &day{hours: [24]int{9: n}}
	}
	a := fitArrivals(days, monday, monday+len(counts)-1)
	var found []int
	for _, d := range a.Unusual {
		found = append(found, d.Date-monday)
	}
	if !slices.Equal(found, []int{11, 38, 41}) {
		t.Errorf("unusual days %v, want 11, 38 and 41", found)
	}
	if a.IsUnusual(260, 4, 370, 7) || !a.IsUnusual(40, 3, 370, 7) || a.Degrees() != len(counts)-3-7 {
		t.Errorf("%d degrees of freedom, a day of 260 is unusual: %t, one of 40: %t", a.Degrees(), a.IsUnusual(260, 4, 370, 7), a.IsUnusual(40, 3, 370, 7))
	}
}

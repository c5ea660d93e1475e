package org

import "testing"

func TestShiftEndText(t *testing.T) {
	for _, want := range []ShiftEnd{Finish, HandOver} {
		var got ShiftEnd
		if err := got.UnmarshalText([]byte(want.String())); err != nil || got != want {
			t.Errorf("%v is read back as %v, %v", want, got, err)
		}
	}
	if err := new(ShiftEnd).UnmarshalText([]byte("stop")); err == nil {
		t.Error("stop is read as a way to end a shift")
	}
}

func TestHolidayWorkText(t *testing.T) {
	for _, want := range []HolidayWork{Observed, Worked} {
		var got HolidayWork
		if err := got.UnmarshalText([]byte(want.String())); err != nil || got != want {
			t.Errorf("%v is read back as %v, %v", want, got, err)
		}
	}
	if err := new(HolidayWork).UnmarshalText([]byte("")); err == nil {
		t.Error("the empty word is read as holiday work")
	}
}

func TestStaffing(t *testing.T) {
	plan := Staffing{Heads: [][]int{{3, 1}, {}, {7}}}
	if got := plan.Total(); got != 11 {
		t.Errorf("total %d, want 11", got)
	}
	other := plan.Clone()
	if !plan.Equal(other) {
		t.Error("a clone differs")
	}
	other.Heads[2][0]--
	if plan.Equal(other) || plan.Heads[2][0] != 7 {
		t.Errorf("one head fewer in the clone: equal %v, original %v", plan.Equal(other), plan.Heads)
	}
	if plan.Equal(Staffing{Heads: plan.Heads[:2]}) {
		t.Error("two pools equal three")
	}
}

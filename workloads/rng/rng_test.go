package rng

import "testing"

// TestGolden fixes the stream. It is a promise: the same seed gives the same numbers in every later version. The values
// were computed by a separate program from the definitions in the comments of rng.go.
func TestGolden(t *testing.T) {
	stream := Root(1).Named("cases")
	fate := stream.At(17)
	handle := Of("handle time")
	for _, c := range []struct {
		what      string
		got, want uint64
	}{
		{"Root(0)", uint64(Root(0)), 0xe220a8397b1dcdaf},
		{"Root(1)", uint64(Root(1)), 0x910a2dec89025cc1},
		{"Named", uint64(stream), 0x6bec5d1d8724e8f1},
		{"At(17)", uint64(fate), 0xe3f69bee5891e201},
		{"Bits 0", fate.Bits(handle, 0), 0x71b7bfba78eb8cd4},
		{"Bits 1", fate.Bits(handle, 1), 0xada7a37cebece77a},
		{"Bits 2", fate.Bits(handle, 2), 0xf78f9e44824a7aee},
		{"last Bits", fate.Bits(handle, 1<<32-1), 0x4593d523d1065a63},
		{"the empty purpose", fate.Bits(Of(""), 0), 0x9b1bdd0f7a4231dd},
		{"Next", Next(fate.Bits(handle, 0)), 0xad4422392870daea},
		{"Next(0)", Next(0), 0xbeeb8da1658eec67},
	} {
		if c.got != c.want {
			t.Errorf("%s is %#x, want %#x", c.what, c.got, c.want)
		}
	}
}

// TestSplitMix compares At with the known answers of splitmix64 for seed 1234567, as Rosetta Code lists them
// ("Pseudo-random numbers/Splitmix64").
func TestSplitMix(t *testing.T) {
	for n, want := range []Key{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821} {
		if got := Key(1234567).At(uint64(n)); got != want {
			t.Errorf("At(%d) is %d, want %d", n, got, want)
		}
	}
}

func TestUniformEnds(t *testing.T) {
	const step = 0x1p-53
	for _, c := range []struct {
		bits           uint64
		half, positive float64
	}{
		{0, 0, step},
		{1<<11 - 1, 0, step},
		{1 << 11, step, 2 * step},
		{1 << 63, 0.5, 0.5 + step},
		{1<<64 - 1, 1 - step, 1},
	} {
		if got := Uniform(c.bits); got != c.half {
			t.Errorf("Uniform(%#x) is %v, want %v", c.bits, got, c.half)
		}
		if got := UniformPositive(c.bits); got != c.positive {
			t.Errorf("UniformPositive(%#x) is %v, want %v", c.bits, got, c.positive)
		}
	}
}

// TestNamesAreApart makes sure that one word used as a stream, a purpose and in another order names different things.
func TestNamesAreApart(t *testing.T) {
	root := Root(7)
	seen := map[uint64]string{}
	for what, v := range map[string]uint64{
		"root":          uint64(root),
		"stream a":      uint64(root.Named("a")),
		"stream b":      uint64(root.Named("b")),
		"stream empty":  uint64(root.Named("")),
		"stream a, b":   uint64(root.Named("a").Named("b")),
		"stream b, a":   uint64(root.Named("b").Named("a")),
		"stream ab":     uint64(root.Named("ab")),
		"member 0":      uint64(root.At(0)),
		"member 0 of a": uint64(root.Named("a").At(0)),
		"a of member 0": uint64(root.At(0).Named("a")),
		"purpose a":     root.Bits(Of("a"), 0),
		"purpose a, 1":  root.Bits(Of("a"), 1),
		"purpose b":     root.Bits(Of("b"), 0),
		"next":          Next(uint64(root)),
	} {
		if other, taken := seen[v]; taken {
			t.Errorf("%s and %s are the same number %#x", what, other, v)
		}
		seen[v] = what
	}
}

func TestNoAllocation(t *testing.T) {
	key, purpose := Root(1), Of("handle time")
	var sum uint64
	allocs := testing.AllocsPerRun(100, func() {
		sum += Next(key.Named("cases").At(3).Bits(purpose, 1))
	})
	if allocs != 0 {
		t.Errorf("%v allocations for a draw, want 0", allocs)
	}
}

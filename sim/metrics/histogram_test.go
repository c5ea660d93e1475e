package metrics

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sunrelay/workloads/dist"
	"sunrelay/workloads/rng"
)

// TestBuckets walks over the ends of all buckets: they adjoin, hold what they say and are narrow enough.
func TestBuckets(t *testing.T) {
	next := int64(0)
	for i := range overflowBucket {
		least, width := bucketRange(i)
		if least != next {
			t.Fatalf("bucket %d starts at %d, want %d", i, least, next)
		}
		if width > 1 && width*64 > least {
			t.Fatalf("bucket %d is %d wide at %d, want at most 1/64", i, width, least)
		}
		for _, v := range []int64{least, least + width - 1} {
			if got := bucketOf(v); got != i {
				t.Fatalf("%d falls into bucket %d, want %d", v, got, i)
			}
		}
		next = least + width
	}
	if next != HistogramLimit {
		t.Errorf("the buckets end at %d, want %d", next, int64(HistogramLimit))
	}
	for _, v := range []int64{HistogramLimit, HistogramLimit + 1, math.MaxInt64, -1, math.MinInt64} {
		if got := bucketOf(v); got != overflowBucket {
			t.Errorf("%d falls into bucket %d, want %d", v, got, overflowBucket)
		}
	}
}

func TestEmptyHistogram(t *testing.T) {
	var h Histogram
	if _, ok := h.Quantile(0.5); ok {
		t.Error("an empty histogram has a quantile")
	}
	if n := h.Count() + h.Overflow() + h.CountAtMost(1000); n != 0 {
		t.Errorf("an empty histogram counts %d", n)
	}
}

func TestOverflow(t *testing.T) {
	var h Histogram
	for _, v := range []int64{5, HistogramLimit - 1, HistogramLimit, math.MaxInt64} {
		h.Add(v)
	}
	if got := h.Overflow(); got != 2 {
		t.Errorf("overflow is %d, want 2", got)
	}
	if got, _ := h.Quantile(1); got != HistogramLimit {
		t.Errorf("the greatest is %d, want %d", got, int64(HistogramLimit))
	}
	if got := h.CountAtMost(HistogramLimit - 1); got != 2 {
		t.Errorf("%d numbers are below the limit, want 2", got)
	}
}

// TestSmallNumbersAreExact compares with a sorted slice, without tolerance, as buckets below 128 hold one value each.
func TestSmallNumbersAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(0, 127), 1, 200).Draw(t, "values")
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		h := histogramOf(values)
		slices.Sort(values)
		if got, _ := h.Quantile(p); got != slowQuantile(values, p) {
			t.Errorf("quantile %v is %d, want %d", p, got, slowQuantile(values, p))
		}
		v := rapid.Int64Range(-1, 130).Draw(t, "v")
		if got, want := h.CountAtMost(v), slowCountAtMost(values, v); got != want {
			t.Errorf("%d values are at most %d, want %d", got, v, want)
		}
	})
}

// TestAgainstSortedSlice holds the quantile to its error bound, and the count to that of the bucket.
func TestAgainstSortedSlice(t *testing.T) {
	magnitude := rapid.Custom(func(t *rapid.T) int64 {
		return rapid.Int64Range(0, 1<<rapid.IntRange(0, 42).Draw(t, "bits")-1).Draw(t, "value")
	})
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(magnitude, 1, 300).Draw(t, "values")
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		h := histogramOf(values)
		slices.Sort(values)
		want := slowQuantile(values, p)
		if got, _ := h.Quantile(p); math.Abs(float64(got-want)) > float64(want)/64 {
			t.Errorf("quantile %v is %d, want %d within 1/64", p, got, want)
		}
		v := magnitude.Draw(t, "v")
		least, width := bucketRange(bucketOf(v))
		got := h.CountAtMost(v)
		if got < slowCountAtMost(values, least-1) || got > slowCountAtMost(values, least+width-1) {
			t.Errorf("%d values are at most %d, want between %d and %d", got, v, slowCountAtMost(values, least-1), slowCountAtMost(values, least+width-1))
		}
		if got := h.CountAtMost(least + width - 1); got != slowCountAtMost(values, least+width-1) {
			t.Errorf("%d values are at most the end of a bucket %d, want %d", got, least+width-1, slowCountAtMost(values, least+width-1))
		}
	})
}

func TestRank(t *testing.T) {
	for _, c := range []struct {
		p    float64
		n    uint64
		want uint64
	}{
		{0, 10, 1}, {1, 10, 10}, {0.5, 10, 5}, {0.5, 11, 6}, {0.95, 20, 19}, {0.29, 100, 29}, {0.57, 100, 57}, {0.951, 20, 20}, {1, 1, 1},
		{0.9, 1 << 62, 4150517416584649113},
	} {
		if got := rankOf(c.p, c.n); got != c.want && math.Abs(float64(got)-float64(c.want)) > 1e-15*float64(c.want) {
			t.Errorf("rank of %v in %d is %d, want %d", c.p, c.n, got, c.want)
		}
	}
}

// TestMergeOrder adds the same numbers through histograms merged in every order of three.
func TestMergeOrder(t *testing.T) {
	parts := [][]int64{waits(1, 500), waits(2, 1), {0, HistogramLimit, 127, 128}}
	whole := histogramOf(slices.Concat(parts...))
	want := bytesOf(t, &whole)
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		var merged Histogram
		for _, i := range order {
			part := histogramOf(parts[i])
			merged.Merge(&part)
		}
		if got := bytesOf(t, &merged); !bytes.Equal(got, want) {
			t.Errorf("merged in the order %v the bytes differ", order)
		}
		if len(merged.low) != len(whole.low) {
			t.Errorf("merged in the order %v there are %d buckets, want %d", order, len(merged.low), len(whole.low))
		}
	}
}

// TestCarries counts more in one bucket than the lower part of a counter holds: one by one, by merging, and read back, and
// lets the histogram grow after that.
func TestCarries(t *testing.T) {
	const n = 3<<16 + 5
	var h Histogram
	for range n {
		h.Add(7)
	}
	h.Add(1000)
	var double, read Histogram
	double.Merge(&h)
	double.Merge(&h)
	data, err := double.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if err := read.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	if got := h.CountAtMost(7); got != n {
		t.Errorf("counted %d, want %d", got, n)
	}
	for _, got := range []*Histogram{&double, &read} {
		if at7, all := got.CountAtMost(7), got.Count(); at7 != 2*n || all != 2*n+2 {
			t.Errorf("counted %d of %d twice, want %d of %d", at7, all, 2*n, 2*n+2)
		}
		if v, _ := got.Quantile(0.999); v != 7 {
			t.Errorf("the quantile is %d, want 7", v)
		}
	}
}

// TestMergeKeepsItsArgument makes sure that a merged histogram shares nothing with its parts.
func TestMergeKeepsItsArgument(t *testing.T) {
	part := histogramOf([]int64{7, 7, 900})
	before := bytesOf(t, &part)
	var sum Histogram
	sum.Merge(&part)
	sum.Add(7)
	if !bytes.Equal(bytesOf(t, &part), before) {
		t.Error("adding to the sum changed the part")
	}
}

func TestBinaryGolden(t *testing.T) {
	h := histogramOf([]int64{0, 3, 3, 3, 200, 1 << 50})
	want := []byte{1, 0, 1, 2, 3, 160, 1, 1, 155, 17, 1}
	if got := bytesOf(t, &h); !bytes.Equal(got, want) {
		t.Errorf("the bytes are %v, want %v", got, want)
	}
}

func TestUnmarshalErrors(t *testing.T) {
	for what, data := range map[string][]byte{
		"nothing":            {},
		"another version":    {2},
		"a gap alone":        {1, 0},
		"an empty bucket":    {1, 0, 0},
		"a cut varint":       {1, 0x80},
		"a long varint":      {1, 0x80, 0x00, 1},
		"a bucket too far":   {1, 0x81, 0x80, 0x01, 1},
		"more than 64 bits":  {1, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 1},
		"beyond the last":    {1, 0xc0, 0x12, 1, 0, 1},
		"a number too large": {1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 1},
	} {
		h := histogramOf([]int64{5})
		if err := h.UnmarshalBinary(data); err == nil {
			t.Errorf("%s is accepted", what)
		}
		if h.Count() != 1 {
			t.Errorf("%s changed the histogram", what)
		}
	}
}

// FuzzHistogramBinary makes sure that what is accepted is what would be written, and that nothing takes more memory than
// a full histogram.
func FuzzHistogramBinary(f *testing.F) {
	f.Add([]byte{1})
	f.Add([]byte{1, 0, 1, 2, 3, 160, 1, 1, 155, 17, 1})
	f.Add([]byte{1, 0x80, 0x00, 1})
	full := histogramOf(waits(3, 2000))
	data, _ := full.MarshalBinary()
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		var h Histogram
		if h.UnmarshalBinary(data) != nil {
			return
		}
		if len(h.low) > overflowBucket+octave {
			t.Errorf("%d buckets, want at most %d", len(h.low), overflowBucket+octave)
		}
		if got := bytesOf(t, &h); !bytes.Equal(got, data) {
			t.Errorf("read and written the bytes are %v, want %v", got, data)
		}
		if v, ok := h.Quantile(0.5); ok && h.CountAtMost(v) == 0 && v < 128 {
			t.Errorf("the median is %d, but no number is at most that", v)
		}
	})
}

func TestAddDoesNotAllocate(t *testing.T) {
	h := histogramOf([]int64{HistogramLimit})
	v := int64(1)
	if allocs := testing.AllocsPerRun(100, func() { h.Add(v); v *= 3 }); allocs != 0 {
		t.Errorf("%v allocations an Add, want 0", allocs)
	}
}

func BenchmarkHistogramAdd(b *testing.B) {
	values := waits(4, 1<<14)
	var h Histogram
	for i := range b.N {
		h.Add(values[i%len(values)])
	}
}

func BenchmarkHistogramQuantile(b *testing.B) {
	h := histogramOf(waits(4, 1<<14))
	for b.Loop() {
		h.Quantile(0.9)
	}
}

// waits are n lognormal times of an hour in the mean, half of them zero.
func waits(seed uint64, n int) []int64 {
	d, err := dist.Parse("mixture(0.5 0, 0.5 lognormal(mean 2h, cv 2))")
	if err != nil {
		panic(err)
	}
	key, purpose := rng.Root(seed), rng.Of("wait")
	values := make([]int64, n)
	for i := range values {
		values[i] = int64(d.Sample(key.Bits(purpose, uint32(i))))
	}
	return values
}

func histogramOf(values []int64) Histogram {
	var h Histogram
	for _, v := range values {
		h.Add(v)
	}
	return h
}

func bytesOf(t *testing.T, h *Histogram) []byte {
	t.Helper()
	data, err := h.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// slowQuantile is the definition: the least of the sorted values that a share p does not exceed.
func slowQuantile(sorted []int64, p float64) int64 {
	for i, v := range sorted {
		if float64(i+1) >= p*float64(len(sorted))-1e-12 {
			return v
		}
	}
	return sorted[len(sorted)-1]
}

func slowCountAtMost(values []int64, v int64) uint64 {
	var n uint64
	for _, x := range values {
		if x <= v {
			n++
		}
	}
	return n
}

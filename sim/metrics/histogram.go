package metrics

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// Histogram counts non-negative whole numbers, such as milliseconds, in buckets whose width grows with the value: 64
// buckets for each doubling, so that a bucket is at most 1/64 as wide as its least value, and one for each value below
// 128. The zero value is empty and ready for use; it takes no memory before the first Add, at most 5 kB up to 2^16 numbers
// in a bucket, and never more than 24 kB.
//
// The state depends on what was counted alone: merging in any order gives the same bytes. Counters do not overflow below
// 2^64. Adding is not safe from several goroutines.
//
// Counters lie in two parts, since a simulation adds to many histograms in turn and the smaller they are, the more of them
// stay near the processor: it took a tenth of the time of a whole run to fetch counters of 64 bits.
type Histogram struct {
	low  []uint16 // of the counters, by bucket, whole octaves up to the greatest value
	high []uint64 // what has overflowed, in units of 2^16; nil before the first time
}

// HistogramLimit is the first value that is too great to be told from greater ones: 2^42, in milliseconds 139 years.
const HistogramLimit = 1 << 42

const (
	octaveBits = 6 // 2^6 buckets an octave
	octave     = 1 << octaveBits
	// overflowBucket counts HistogramLimit and above. It is where that number's own bucket would be.
	overflowBucket = (42-octaveBits)*octave + octave
)

// Add counts v. A number of HistogramLimit or more counts as HistogramLimit, and so does a negative one, which is a bug
// of the caller.
func (h *Histogram) Add(v int64) {
	i := bucketOf(v)
	if i >= len(h.low) {
		h.grow(i)
	}
	h.low[i]++
	if h.low[i] == 0 {
		h.carry(i, 1)
	}
}

// at is the count of bucket i, which is below len(h.low).
func (h *Histogram) at(i int) uint64 {
	n := uint64(h.low[i])
	if h.high != nil {
		n += h.high[i] << 16
	}
	return n
}

// raise adds n to bucket i, which is below len(h.low).
func (h *Histogram) raise(i int, n uint64) {
	sum := uint64(h.low[i]) + n&0xffff
	h.low[i] = uint16(sum)
	if up := n>>16 + sum>>16; up > 0 {
		h.carry(i, up)
	}
}

// carry adds n units of 2^16 to bucket i.
//
//go:noinline
func (h *Histogram) carry(i int, n uint64) {
	if h.high == nil {
		h.high = make([]uint64, len(h.low))
	}
	h.high[i] += n
}

// bucketOf is the index of the bucket that counts v: 64 times the number of bits that are dropped, plus the upper seven
// bits that remain.
func bucketOf(v int64) int {
	u := min(uint64(v), HistogramLimit)
	dropped := bits.Len64(u|octave) - octaveBits - 1
	return dropped<<octaveBits + int(u>>uint(dropped))
}

// bucketRange is the least value of a bucket and the number of its values.
func bucketRange(i int) (least, width int64) {
	dropped := max(0, i>>octaveBits-1)
	return int64(i-dropped<<octaveBits) << dropped, 1 << dropped
}

// grow makes room for bucket i, in whole octaves, so that the length follows from the greatest value.
//
//go:noinline
func (h *Histogram) grow(i int) {
	size := (i | (octave - 1)) + 1
	h.low = append(make([]uint16, 0, size), h.low...)[:size]
	if h.high != nil {
		h.high = append(make([]uint64, 0, size), h.high...)[:size]
	}
}

// Merge adds what o has counted.
func (h *Histogram) Merge(o *Histogram) {
	if len(o.low) > len(h.low) {
		h.grow(len(o.low) - 1)
	}
	for i := range o.low {
		h.raise(i, o.at(i))
	}
}

// Count is how many numbers were added.
func (h *Histogram) Count() uint64 {
	var sum uint64
	for i := range h.low {
		sum += h.at(i)
	}
	return sum
}

// Overflow is how many numbers were HistogramLimit or more, or negative.
func (h *Histogram) Overflow() uint64 {
	if len(h.low) <= overflowBucket {
		return 0
	}
	return h.at(overflowBucket)
}

// CountAtMost is how many numbers were at most v, for v below HistogramLimit. It is exact for v below 128 and at the
// upper end of a bucket; inside one the numbers are taken to be spread evenly, and the error is less than the count of
// that bucket.
func (h *Histogram) CountAtMost(v int64) uint64 {
	if v < 0 {
		return 0
	}
	i := bucketOf(v)
	var sum uint64
	for below := range min(i, len(h.low)) {
		sum += h.at(below)
	}
	if i < len(h.low) {
		least, width := bucketRange(i)
		inside := min(v-least+1, width)
		high, low := bits.Mul64(h.at(i), uint64(inside))
		share, _ := bits.Div64(high, low, uint64(width)) // no overflow, since inside <= width
		sum += share
	}
	return sum
}

// Quantile is the number of rank ⌈p·n⌉ (at least 1) of the n numbers in rising order, for p in [0, 1]: the least value
// that a share p of the numbers does not exceed. It is exact below 128; above, the numbers of a bucket are taken to be
// spread evenly, and the result is off by less than 1/64 of the true value. Numbers of HistogramLimit or more are taken
// for HistogramLimit. ok is false if nothing was counted.
func (h *Histogram) Quantile(p float64) (value int64, ok bool) {
	if !(p >= 0 && p <= 1) {
		panic(fmt.Sprintf("metrics: quantile of %v", p))
	}
	total := h.Count()
	if total == 0 {
		return 0, false
	}
	return h.atRank(rankOf(p, total)), true
}

// atRank is the number of the given rank, from 1 on, in rising order.
func (h *Histogram) atRank(rank uint64) int64 {
	for i := range h.low {
		n := h.at(i)
		if rank <= n {
			return valueAt(i, rank, n)
		}
		rank -= n
	}
	panic("metrics: rank beyond the count")
}

// rankOf is ⌈p·n⌉ within [1, n]. A product that is a whole number but for rounding counts as that number, since 0.95
// of 20 is the 19th.
func rankOf(p float64, n uint64) uint64 {
	exact := p * float64(n)
	rank := math.Ceil(exact)
	if near := math.Round(exact); math.Abs(exact-near) <= 1e-15*exact {
		rank = near
	}
	if rank >= float64(n) {
		return n
	}
	return max(1, uint64(rank))
}

// valueAt is the value of the rank-th of n numbers in bucket i: the k-th sits in the middle of the k-th of n equal parts.
func valueAt(i int, rank, n uint64) int64 {
	least, width := bucketRange(i)
	if i == overflowBucket {
		return HistogramLimit
	}
	return least + int64((float64(rank)-0.5)/float64(n)*float64(width-1))
}

// histogramVersion is the first byte of the binary form. A form with another meaning needs another version.
const histogramVersion = 1

// AppendBinary appends the histogram: a version byte, then for each bucket that is not empty, in rising order, the number
// of buckets passed over since the last one and the count, as unsigned varints. Equal histograms have equal bytes. The
// error is always nil.
func (h *Histogram) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, histogramVersion)
	next := 0
	for i := range h.low {
		n := h.at(i)
		if n == 0 {
			continue
		}
		b = binary.AppendUvarint(b, uint64(i-next))
		b = binary.AppendUvarint(b, n)
		next = i + 1
	}
	return b, nil
}

// MarshalBinary is AppendBinary to an empty slice.
func (h *Histogram) MarshalBinary() ([]byte, error) { return h.AppendBinary(nil) }

// UnmarshalBinary replaces the histogram by one that AppendBinary wrote. It accepts nothing else; after an error the
// histogram is as before.
func (h *Histogram) UnmarshalBinary(data []byte) error {
	if len(data) == 0 || data[0] != histogramVersion {
		return fmt.Errorf("not a histogram of version %d", histogramVersion)
	}
	var read Histogram
	var total uint64
	next := 0
	for rest := data[1:]; len(rest) > 0; {
		gap, n, tail, err := bucketEntry(rest)
		if err != nil {
			return err
		}
		if gap > overflowBucket || next+int(gap) > overflowBucket {
			return fmt.Errorf("histogram: more than %d buckets", overflowBucket+1)
		}
		if total += n; total < n {
			return errors.New("histogram: the counts add up to more than 64 bits")
		}
		i := next + int(gap)
		if i >= len(read.low) {
			read.grow(i)
		}
		read.raise(i, n)
		next, rest = i+1, tail
	}
	*h = read
	return nil
}

// bucketEntry reads one bucket: the gap before it and its count, which is not 0.
func bucketEntry(data []byte) (gap, count uint64, rest []byte, err error) {
	gap, rest, ok := shortestUvarint(data)
	if ok {
		count, rest, ok = shortestUvarint(rest)
	}
	if !ok || count == 0 {
		return 0, 0, nil, errors.New("histogram: a bucket is cut short or empty")
	}
	return gap, count, rest, nil
}

// shortestUvarint reads an unsigned varint in its shortest form, the only one that is written.
func shortestUvarint(data []byte) (v uint64, rest []byte, ok bool) {
	v, size := binary.Uvarint(data)
	if size <= 0 || size > 1 && data[size-1] == 0 {
		return 0, nil, false
	}
	return v, data[size:], true
}

// MarshalText is the binary form in base64, for JSON.
func (h Histogram) MarshalText() ([]byte, error) {
	binary, err := h.AppendBinary(nil)
	return base64.StdEncoding.AppendEncode(nil, binary), err
}

// UnmarshalText reads what MarshalText wrote.
func (h *Histogram) UnmarshalText(text []byte) error {
	binary, err := base64.StdEncoding.AppendDecode(nil, text)
	if err != nil {
		return fmt.Errorf("histogram: %w", err)
	}
	return h.UnmarshalBinary(binary)
}

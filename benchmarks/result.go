package benchmarks

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/perf/benchmath"
)

// Schema is the version of the JSON form of results.
const Schema = "sunrelay.bench/1"

// Results are what a run of the benchmarks measured, as they are written to JSON and read as a baseline.
type Results struct {
	Schema      string       `json:"schema"`
	Partial     bool         `json:"partial,omitempty"` // it was interrupted
	Machine     Machine      `json:"machine"`
	Workloads   []*Result    `json:"workloads"`
	Comparisons []Comparison `json:"comparisons,omitempty"`
}

// Machine is where it was measured.
type Machine struct {
	CPU   string `json:"cpu"`
	Cores int    `json:"cores"`
	OS    string `json:"os"`
	Arch  string `json:"arch"`
	Go    string `json:"go"`
}

// Result is what was measured of one case: medians over samples, with confidence intervals of 95 % at least where there
// are six samples or more (0 where there are fewer).
type Result struct {
	Name             string   `json:"name"`
	Size             int      `json:"size"`
	Op               string   `json:"op"`
	NsPerOp          float64  `json:"ns_per_op"` // processor time
	NsPerOpLow       float64  `json:"ns_per_op_low"`
	NsPerOpHigh      float64  `json:"ns_per_op_high"`
	ReferenceNsPerOp float64  `json:"reference_ns_per_op"`
	Ratio            float64  `json:"ratio_to_reference"`
	RatioLow         float64  `json:"ratio_to_reference_low"`
	RatioHigh        float64  `json:"ratio_to_reference_high"`
	AllocsPerOp      float64  `json:"allocs_per_op"`
	MaxRSSBytes      int64    `json:"max_rss_bytes"`
	Count            int      `json:"count"`
	Samples          []Sample `json:"samples"`
}

// NewResult sums up the samples of a case.
func NewResult(c Case, samples []Sample) *Result {
	r := &Result{Name: c.Name, Size: c.Size, Op: c.Op, Count: len(samples), Samples: samples}
	r.NsPerOp, r.NsPerOpLow, r.NsPerOpHigh = summary(samples, nsPerOp)
	r.Ratio, r.RatioLow, r.RatioHigh = summary(samples, ratioOf)
	r.ReferenceNsPerOp, _, _ = summary(samples, func(s Sample) float64 { return s.ReferenceNsPerOp })
	r.AllocsPerOp, _, _ = summary(samples, allocsPerOp)
	peak, _, _ := summary(samples, maxRSS)
	r.MaxRSSBytes = int64(peak)
	return r
}

func nsPerOp(s Sample) float64     { return s.NsPerOp }
func ratioOf(s Sample) float64     { return s.Ratio }
func allocsPerOp(s Sample) float64 { return s.AllocsPerOp }
func maxRSS(s Sample) float64      { return float64(s.MaxRSSBytes) }

// summary is the median of a measure and its confidence interval by the method of benchstat: order statistics, which
// assume nothing of the distribution.
func summary(samples []Sample, of func(Sample) float64) (center, low, high float64) {
	const confidence = 0.95
	s := benchmath.AssumeNothing.Summary(sampleOf(samples, of), confidence)
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		return s.Center, 0, 0
	}
	return s.Center, s.Lo, s.Hi
}

func sampleOf(samples []Sample, of func(Sample) float64) *benchmath.Sample {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	return benchmath.NewSample(values, &benchmath.Thresholds{CompareAlpha: alpha})
}

// Read reads results from JSON.
func Read(r io.Reader) (*Results, error) {
	var results Results
	if err := json.NewDecoder(r).Decode(&results); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("is empty, want the JSON of sunrelay bench")
		}
		return nil, fmt.Errorf("is not the JSON of sunrelay bench: %w", err)
	}
	if results.Schema != Schema {
		return nil, fmt.Errorf("has schema %q, want %q", results.Schema, Schema)
	}
	for _, r := range results.Workloads {
		if len(r.Samples) == 0 {
			return nil, fmt.Errorf("has no samples of %s=%d", r.Name, r.Size)
		}
	}
	return &results, nil
}

// HasAny reports whether there are results of any of the cases.
func (r *Results) HasAny(cases []Case) bool {
	return slices.ContainsFunc(cases, func(c Case) bool { return r.find(c) != nil })
}

// find is the result of a case, or nil.
func (r *Results) find(c Case) *Result {
	i := slices.IndexFunc(r.Workloads, func(w *Result) bool { return w.Name == c.Name && w.Size == c.Size })
	if i < 0 {
		return nil
	}
	return r.Workloads[i]
}

// ThisMachine describes the machine that the program runs on.
func ThisMachine() Machine {
	return Machine{cpuName(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version()}
}

// cpuName is what Linux calls the processor; empty elsewhere.
func cpuName() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, name, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(name)
		}
	}
	return ""
}

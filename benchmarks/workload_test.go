package benchmarks

import (
	"fmt"
	"testing"
)

// BenchmarkWorkloads runs every workload at its sizes. A sample of sunrelay bench has the same figures.
func BenchmarkWorkloads(b *testing.B) {
	for _, c := range All(false) {
		b.Run(fmt.Sprintf("%s/%s=%d", c.Name, c.Scale, c.Size), func(b *testing.B) {
			work, err := c.Prepare(c.Size)
			if err != nil {
				b.Fatal(err)
			}
			m := meter{work: work}
			for b.Loop() {
				if err := m.pass(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			s := m.sample()
			b.ReportMetric(s.NsPerOp, "ns/"+c.Op)
			b.ReportMetric(s.ReferenceNsPerOp, "reference-ns/"+c.Op)
			b.ReportMetric(s.Ratio, "ratio")
			b.ReportMetric(s.AllocsPerOp, "allocs/"+c.Op)
		})
	}
}

// TestWorkloads runs every workload at its small size.
func TestWorkloads(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range All(true) {
		t.Run(c.Name, func(t *testing.T) {
			if seen[c.Name] || c.About == "" || c.Op == "" || c.Scale == "" || c.Against == "" {
				t.Errorf("is there twice or does not say what it is: %+v", c.Workload)
			}
			seen[c.Name] = true
			for _, size := range append(c.Sizes, c.Small) {
				if size < 1 || size > c.Most {
					t.Errorf("size %d, want 1 to %d", size, c.Most)
				}
			}
			work, err := c.Prepare(c.Size)
			if err != nil {
				t.Fatal(err)
			}
			m := meter{work: work}
			if err := m.pass(t.Context()); err != nil {
				t.Fatal(err)
			}
			if s := m.sample(); m.ops == 0 || s.NsPerOp <= 0 || s.Ratio <= 0 || s.MaxRSSBytes <= 0 {
				t.Errorf("%v operations measured as %+v", m.ops, s)
			}
		})
	}
}

// TestSelect checks what names stand for.
func TestSelect(t *testing.T) {
	for name, want := range map[string]string{
		"w1": "[w1=1000000]", "w1=42": "[w1=42]", "queue": "[queue/hold=128 queue/hold=1024 queue/hold=8192 queue/hold=65536 queue/hold=1048576]",
		"queue/hold=7":             "[queue/hold=7]",
		"scaling/cases=100000000":  "[scaling/cases=100000000]",
		"w9":                       `no workload is called "w9"`,
		"queue=128":                `no workload is called "queue"`,
		"w1=0":                     "w1=0: want a number of cases from 1 to 1000000000",
		"queue/hold=1e6":           "queue/hold=1e6: want a number of slots from 1 to 2097152",
		"scaling/cases=1000000001": "scaling/cases=1000000001: want a number of cases from 1 to 1000000000",
	} {
		cases, err := Select(name, false)
		got := fmt.Sprint(cases)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

package benchmarks

import (
	"fmt"
	"math"
	"strconv"

	"sunrelay/reports"
)

// Document is the table of results, and of comparisons where there are any.
func (r *Results) Document() *reports.Document {
	m := r.Machine
	cpu := m.CPU
	if cpu == "" {
		cpu = m.Arch
	}
	d := &reports.Document{
		Title: "Benchmarks: medians of samples, each a process of its own, with 95 % confidence intervals",
		Lead:  []string{fmt.Sprintf("%s, %d processors, %s/%s, %s", cpu, m.Cores, m.OS, m.Arch, m.Go)},
	}
	if r.Partial {
		d.Lead = append(d.Lead, "PARTIAL: interrupted before all samples were taken; nothing is compared for certain.")
	}
	section := reports.Section{Tables: []reports.Table{r.measuredTable()}}
	if r.count() < 6 {
		section.Notes = append(section.Notes, "Confidence intervals need six samples or more (--count).")
	}
	d.Sections = append(d.Sections, section)
	if len(r.Comparisons) > 0 {
		d.Sections = append(d.Sections, r.comparedSection())
	}
	return d
}

// count is the number of samples of a case.
func (r *Results) count() int {
	if len(r.Workloads) == 0 {
		return 0
	}
	return r.Workloads[0].Count
}

func (r *Results) measuredTable() reports.Table {
	t := reports.Table{Columns: columns("workload", "size ", "op", "ns/op ", "ratio ", "of reference ", "allocs/op ", "max RSS ")}
	for _, w := range r.Workloads {
		t.Rows = append(t.Rows, cells(
			w.Name, reports.Count(int64(w.Size)), w.Op,
			between(w.NsPerOp, w.NsPerOpLow, w.NsPerOpHigh), between(w.Ratio, w.RatioLow, w.RatioHigh),
			significant(w.ReferenceNsPerOp)+" ns", allocsText(w.AllocsPerOp), megabytes(float64(w.MaxRSSBytes)),
		))
	}
	return t
}

func (r *Results) comparedSection() reports.Section {
	t := reports.Table{Columns: columns("workload", "size ", "measure", "base ", "head ", "change ", "p ", "verdict")}
	for _, c := range r.Comparisons {
		row := cells(c.Name, reports.Count(int64(c.Size)), c.Measure, measured(c.Measure, c.Base), measured(c.Measure, c.Head),
			changeText(c.Change), fmt.Sprintf("%.3f", c.P), string(c.Verdict))
		row[len(row)-1].Tone = tones[c.Verdict]
		t.Rows = append(t.Rows, row)
	}
	return reports.Section{Heading: "Head against base (Mann-Whitney U test)", Tables: []reports.Table{t}}
}

var tones = map[Verdict]reports.Tone{Better: reports.Good, Regression: reports.Bad, Uncertain: reports.Doubtful}

// columns have figures where the heading ends with a space.
func columns(headings ...string) []reports.Column {
	all := make([]reports.Column, len(headings))
	for i, h := range headings {
		all[i].Heading = h
		if n := len(h) - 1; h[n] == ' ' {
			all[i] = reports.Column{Heading: h[:n], Align: reports.Right}
		}
	}
	return all
}

func cells(texts ...string) []reports.Cell {
	all := make([]reports.Cell, len(texts))
	for i, text := range texts {
		all[i].Text = text
	}
	return all
}

// significant is a figure with three digits.
func significant(v float64) string {
	if v == 0 {
		return "0"
	}
	places := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	return strconv.FormatFloat(v, 'f', min(places, 6), 64)
}

// between is a median with its confidence interval, if there is one.
func between(center, low, high float64) string {
	if low == 0 && high == 0 {
		return significant(center)
	}
	return fmt.Sprintf("%s (%s to %s)", significant(center), significant(low), significant(high))
}

// allocsText shows what an operation allocates; beyond the fifth place it is nothing but what a run begins with.
func allocsText(allocs float64) string { return strconv.FormatFloat(allocs, 'f', 5, 64) }

func megabytes(bytes float64) string { return fmt.Sprintf("%.1f MB", bytes/(1<<20)) }

func measured(measure string, v float64) string {
	switch measure {
	case "max_rss_bytes":
		return megabytes(v)
	case "allocs_per_op":
		return allocsText(v)
	}
	return significant(v)
}

func changeText(change float64) string {
	if change == math.MaxFloat64 {
		return "new"
	}
	return fmt.Sprintf("%+.1f %%", 100*change)
}

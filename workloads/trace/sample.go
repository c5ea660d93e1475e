package trace

import (
	"io"
	"maps"
	"slices"
	"strconv"
)

// sampleRows is how many rows tell what the columns hold.
const sampleRows = 5000

// sample is what the beginning of a log shows.
type sample struct {
	header  []string
	dates   []*shownDates
	numeric []bool
	truths  []bool
	ids     []map[string]bool // values of the columns whose names are those of an ID
	rows    int
}

// enough is after how many texts a column is known not to be of times.
const enough = 100

// newSample looks at the rows of a table after its header.
func newSample(header []string, table rows) (*sample, error) {
	s := &sample{header: header, ids: make([]map[string]bool, len(header))}
	for c, name := range header {
		s.dates = append(s.dates, &shownDates{fits: map[Dates]int{}})
		s.numeric = append(s.numeric, true)
		s.truths = append(s.truths, true)
		if role, known := roleOf(name); known && role == ID {
			s.ids[c] = map[string]bool{}
		}
	}
	for s.rows < sampleRows {
		fields, err := table.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(fields) == len(header) {
			s.add(fields)
		}
	}
	return s, nil
}

func (s *sample) add(fields [][]byte) {
	s.rows++
	for c, field := range fields {
		if isNull(field) {
			continue
		}
		if d := s.dates[c]; d.times > 0 || d.texts < enough {
			d.add(field)
		}
		if s.numeric[c] {
			_, err := strconv.ParseFloat(string(field), 64)
			s.numeric[c] = err == nil
		}
		s.truths[c] = s.truths[c] && truthOf(field) >= 0
		if s.ids[c] != nil {
			s.ids[c][string(field)] = true
		}
	}
}

// repeats reports whether many rows share a value of the column, which is one of ids.
func (s *sample) repeats(column int) bool {
	return s.ids[column] != nil && len(s.ids[column])*10 < s.rows*9
}

// isNull reports whether a field says nothing.
func isNull(field []byte) bool {
	switch len(field) {
	case 0:
		return true
	case 1:
		return field[0] == '?' || field[0] == '-' || field[0] == ' '
	case 2, 3, 4:
		switch string(field) {
		case "NULL", "null", "Null", "NA", "N/A", "n/a", "NaN", "nan", "None", "none", `\N`, "nil", "NaT":
			return true
		}
	}
	return false
}

// truthOf is 1 for yes, 0 for no and -1 for other words.
func truthOf(field []byte) int8 {
	if len(field) > len("breached") {
		return -1
	}
	var lower [8]byte
	for i, b := range field {
		if lower[i] = b; b >= 'A' && b <= 'Z' {
			lower[i] = b + 'a' - 'A'
		}
	}
	switch string(lower[:len(field)]) {
	case "true", "yes", "t", "y", "1", "ontime", "met", "1.0":
		return 1
	case "false", "no", "f", "n", "0", "overdue", "missed", "breached", "0.0":
		return 0
	}
	return -1
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

package scenario

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// nearest is ", did you mean X?" for the name most like word, ", did you mean X or Y?" for two that are equally like it, or
// nothing where none is like it.
func nearest(word string, names []string) string {
	var best []string
	least := len(word)/3 + 1
	for _, name := range names {
		d := editDistance(strings.ToLower(word), strings.ToLower(name))
		if d < least || d == least && best == nil {
			best, least = best[:0], d
		}
		if d == least {
			best = append(best, name)
		}
	}
	if len(best) == 0 {
		return ""
	}
	return ", did you mean " + strings.Join(best[:min(len(best), 2)], " or ") + "?"
}

// editDistance is the number of letters to insert, delete, replace or exchange with a neighbour that turns a into b
// (optimal string alignment). Words of more than 64 letters are as far as they are long.
func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return max(len(a), len(b))
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replace := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// listNames is the names as in a sentence, cut after a dozen.
func listNames(names []string) string {
	const most = 12
	if len(names) == 0 {
		return "none"
	}
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
	}
	return strings.Join(names, ", ")
}

// listNumbers is the numbers as in a sentence.
func listNumbers(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// sortedKeys are the keys of a map in alphabetical order.
func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

// writeQuoted writes text so that two different texts never look alike.
func writeQuoted(b *strings.Builder, text string) {
	b.WriteString(strconv.Quote(text))
}

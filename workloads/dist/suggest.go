package dist

// nearest is the candidate that differs from word in the fewest letters, if these are at most a third of the word; else
// it is empty. The first of several wins.
func nearest(word string, candidates []string) string {
	best, least := "", len(word)/3+1
	for _, c := range candidates {
		if d := editDistance(word, c); d < least {
			best, least = c, d
		}
	}
	return best
}

// editDistance is the Levenshtein distance of a and b in bytes, one row of the table at a time.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for k := range row {
		row[k] = k
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for k := range len(b) {
			substituted := diagonal
			if a[i] != b[k] {
				substituted++
			}
			diagonal = row[k+1]
			row[k+1] = min(substituted, row[k]+1, row[k+1]+1)
		}
	}
	return row[len(b)]
}

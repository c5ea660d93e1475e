package text

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// wrapCell breaks a cell into lines of at most limit characters: at spaces, but not within a half-width and its unit, and
// words that are too long after _ or - where that is possible. Coloured cells break like prose.
func wrapCell(cell string, limit int) string {
	if strings.Contains(cell, "\x1b") {
		return text.WrapSoft(cell, limit)
	}
	var lines []string
	line := ""
	for _, part := range parts(cell) {
		space := ""
		if line != "" {
			space = " "
		}
		if text.StringWidth(line+space+part) <= limit {
			line += space + part
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		pieces := cut(part, limit)
		lines = append(lines, pieces[:len(pieces)-1]...)
		line = pieces[len(pieces)-1]
	}
	return strings.Join(append(lines, line), "\n")
}

// parts are what stays together: words, half-widths with their sign, and per cent signs with their number.
func parts(cell string) []string {
	var all []string
	for _, word := range strings.Fields(cell) {
		if last := len(all) - 1; last >= 0 && (word == "%" || all[last] == "±") {
			all[last] += " " + word
			continue
		}
		all = append(all, word)
	}
	return all
}

// cut splits a part that is longer than limit.
func cut(part string, limit int) []string {
	var pieces []string
	for text.StringWidth(part) > limit {
		head := text.Trim(part, limit)
		if at := strings.LastIndexAny(head, "_-"); at > 0 {
			head = head[:at+1]
		}
		pieces = append(pieces, strings.TrimSpace(head))
		part = strings.TrimSpace(part[len(head):])
	}
	return append(pieces, part)
}

// longestPart is the width below which wrapCell would break a word of the cell elsewhere than after _ or -.
func longestPart(cell string) int {
	longest := 0
	for _, part := range parts(cell) {
		for _, piece := range strings.SplitAfter(strings.ReplaceAll(part, "-", "_"), "_") {
			longest = max(longest, text.StringWidth(piece))
		}
	}
	return longest
}

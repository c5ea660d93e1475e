package arrow

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the tables of schema.md")

// TestSchemaIsDocumented compares the tables of schema.md with the columns. Each follows a line that names it.
func TestSchemaIsDocumented(t *testing.T) {
	const path = "schema.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m := load(t)
	want := string(text)
	want = replaced(t, want, Cases, documented(caseColumns(m)))
	want = replaced(t, want, Milestones, documented(milestoneColumns(m)))
	want = replaced(t, want, Timeline, documented(timelineColumns(m)))
	if want == string(text) {
		return
	}
	if !*update {
		t.Error("schema.md does not have the columns as they are; go test -update writes them")
	} else if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// documented are the columns as a table of Markdown.
func documented[R any](columns []column[R]) string {
	var b strings.Builder
	b.WriteString("| column | type | meaning |\n|---|---|---|\n")
	for _, c := range columns {
		name, kind := "`"+c.name+"`", c.kind.about
		if c.main {
			name = "**" + name + "**"
		}
		if c.nullable {
			kind += ", or null"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, kind, c.about)
	}
	return b.String()
}

// replaced is the document with another table in the section of that name.
func replaced(t *testing.T, document string, table Table, text string) string {
	t.Helper()
	_, section, found := strings.Cut(document, "\n## "+string(table)+"\n")
	begin := strings.Index(section, "\n|") + 1
	if !found || begin == 0 {
		t.Fatalf("schema.md has no section %s with a table", table)
	}
	end := strings.Index(section[begin:], "\n\n")
	if end < 0 {
		end = len(section) - begin - 1
	}
	return strings.Replace(document, section[begin:begin+end+1], text, 1)
}

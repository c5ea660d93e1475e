package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"sunrelay/sim/routing"
	"sunrelay/workloads/dist"
)

// readmeFiles are the files that the README speaks of without showing them.
var readmeFiles = map[string]string{
	"wrong.yaml": `severities: [high]
regions: [here]
plans: {gold: {first_respnse: 10m}}
centres: {main: {pools: {t1: {agents: 4, shrinkage: 120%}}}}
work: {t1: {handle_time: exponential(mean 10m)}}
workload: {streams: {cases: {rate: 18/h}}}
`,
	"cases.csv": "calendar,start,target\noffice,2026-03-13T16:30,8bh\n",
	"log.csv":   recordedLog(),
}

// recordedLog is a log of four weeks, four cases a day.
func recordedLog() string {
	text := "number,opened_at,kind,closed_at\n"
	for i := range 4 * 28 {
		opened := time.Date(2026, 1, 5+i/4, 9+2*(i%4), i%60, 0, 0, time.UTC)
		closed := opened.Add(time.Duration(1+i*37%90) * time.Hour)
		text += fmt.Sprintf("%d,%s,normal,%s\n", i+1, opened.Format(time.DateTime), closed.Format(time.DateTime))
	}
	return text
}

// readme is the text of the README.
func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fenced is one block of code.
type fenced struct{ language, text string }

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

func fencedBlocks(text string) []fenced {
	var blocks []fenced
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, fenced{m[1], m[2]})
	}
	return blocks
}

// TestReadmeCommands runs every command of the README's code blocks in their order, with the files that it shows, and
// compares the output that it shows.
func TestReadmeCommands(t *testing.T) {
	blocks := fencedBlocks(readme(t))
	goCommands, schema := readScript(t, "../../.ci/run"), readScript(t, "../../reports/arrow/schema.md")
	t.Chdir(t.TempDir())
	for name, text := range readmeFiles {
		writeFile(t, name, text)
	}
	for _, block := range blocks {
		switch block.language {
		case "yaml":
			if strings.Contains(block.text, "runs-on:") {
				checkActions(t, block.text)
			} else if strings.Contains(block.text, "severities:") {
				writeFile(t, "desk.yaml", block.text)
			} else {
				writeFile(t, "changed.yaml", "extends: desk.yaml\n"+block.text)
				runReadme(t, "sunrelay check changed.yaml", "")
			}
		case "sh":
			for line := range strings.Lines(block.text) {
				line = strings.TrimSpace(line)
				if command, isGo := strings.CutPrefix(line, "go run ./cmd/sunrelay "); isGo {
					line = "sunrelay " + command
				}
				if strings.HasPrefix(line, "go ") || strings.HasPrefix(line, "GOEXPERIMENT=simd go ") {
					if !strings.Contains(goCommands, line) {
						t.Errorf("%s is in the README and not in .ci/run", line)
					}
					continue
				}
				runReadme(t, line, "")
			}
		case "sql":
			checkQuery(t, block.text, schema)
		case "console":
			command, want, _ := strings.Cut(block.text, "\n")
			runReadme(t, strings.TrimPrefix(command, "$ "), want)
		default:
			t.Errorf("block of code in the language %q, want yaml, sh, sql or console", block.language)
		}
	}
}

var textInSQL = regexp.MustCompile(`'[^']*'`)

// checkQuery checks a query for DuckDB, which the tests do not have: the words of SQL are in upper case, and every other one
// is a column that schema.md documents.
func checkQuery(t *testing.T, query, schema string) {
	t.Helper()
	for _, word := range regexp.MustCompile(`\b[a-z_]+\b`).FindAllString(textInSQL.ReplaceAllString(query, ""), -1) {
		if !strings.Contains(schema, "`"+word+"`") {
			t.Errorf("%s is in a query of the README and no column of schema.md", word)
		}
	}
}

// checkActions checks that a workflow of GitHub Actions is YAML and runs a script of ours.
func checkActions(t *testing.T, text string) {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct{ Steps []struct{ Run string } }
	}
	if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
		t.Fatal(err)
	}
	scripts := 0
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			if step.Run != "" {
				scripts++
				if script, _, _ := strings.Cut(step.Run, " "); script != ".ci/bench" {
					t.Errorf("the workflow runs %s, want .ci/bench", script)
				}
			}
		}
	}
	if scripts == 0 {
		t.Error("the workflow runs nothing")
	}
}

func readScript(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runReadme runs a command line of the README. What takes long is cut short.
func runReadme(t *testing.T, line, want string) {
	t.Helper()
	line, file, redirected := strings.Cut(line, " > ")
	args := strings.Fields(line)
	if len(args) < 2 || args[0] != "sunrelay" {
		t.Errorf("%q is not a command of sunrelay", line)
		return
	}
	if slices.Contains(args, "run") && slices.Contains(args, "citrix") {
		args = append(args, "--set", "run.days=1", "--set", "run.warm_up=0s", "--replications", "2")
	}
	if args[1] == "bench" {
		args = append(args, "--small", "--count", "1")
	}
	var out, errs bytes.Buffer
	code := execute(args[1:], strings.NewReader(""), &out, &errs)
	wantCode := exitDone
	if strings.Contains(line, "wrong.yaml") {
		wantCode = exitBadInput
	}
	if code != wantCode {
		t.Errorf("%s: exit code %d, want %d: %s", line, code, wantCode, errs.String())
	}
	if redirected {
		writeFile(t, file, out.String())
	}
	got := out.String() + errs.String()
	if strings.HasPrefix(line, "sunrelay run ") || strings.HasPrefix(line, "sunrelay plan ") { // whose figures change with the engine; the layout is checked
		got, want = layoutOf(got), layoutOf(want)
	}
	for i, part := range strings.Split(want, "...\n") {
		if !strings.Contains(got, part) {
			t.Errorf("%s: part %d of the output in the README is not what it says:\n%s\nbut\n%s", line, i, part, got)
		}
	}
}

var (
	figures = regexp.MustCompile(`[0-9][0-9.,]*`)
	spaces  = regexp.MustCompile(`[ ─]+`)
	lengths = regexp.MustCompile(`#[smhd]( #[smhd])*`)
)

// layoutOf is a text with all figures alike.
func layoutOf(text string) string {
	text = spaces.ReplaceAllString(figures.ReplaceAllString(text, "#"), " ")
	return lengths.ReplaceAllString(text, "#")
}

// keyTable is a table of keys in the README: a heading of the third level, then a table whose first column is a key.
var keyTable = regexp.MustCompile(`(?ms)^### ([a-z_]+)\n(.*?)^(\| key .*?)\n\n`)

// TestReadmeListsEveryKey compares the tables of keys with the JSON Schema, values of enumerations among it.
func TestReadmeListsEveryKey(t *testing.T) {
	var out bytes.Buffer
	if code := execute([]string{"schema"}, strings.NewReader(""), &out, &out); code != exitDone {
		t.Fatal(out.String())
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(out.Bytes(), &schema); err != nil {
		t.Fatal(err)
	}
	tables := map[string]map[string]string{} // block, key, row
	for _, m := range keyTable.FindAllStringSubmatch(readme(t)+"\n", -1) {
		rows := map[string]string{}
		for line := range strings.SplitSeq(m[3], "\n") {
			if cells := strings.Split(line, "`"); len(cells) > 2 && cells[0] == "| " {
				rows[cells[1]] = line
			}
		}
		tables[m[1]] = rows
	}
	for block, definition := range schema.Defs {
		if block == "work_values" { // the keys of work once more, said there
			continue
		}
		name := block
		if block == "definition" {
			name = "scenario"
		}
		rows := tables[name]
		delete(tables, name)
		for key, property := range definition.Properties {
			row, listed := rows[key]
			if !listed && key != "assumed" {
				t.Errorf("%s.%s is not in the README", name, key)
			}
			for _, value := range property.Enum {
				if !strings.Contains(row, "`"+value+"`") {
					t.Errorf("%s.%s can be %s, which the README does not say", name, key, value)
				}
			}
			delete(rows, key)
		}
		for key := range rows {
			t.Errorf("%s.%s is in the README and not in the schema", name, key)
		}
	}
	for name := range tables {
		t.Errorf("%s is in the README and no block of the schema", name)
	}
}

// section is the part of the README below a heading.
func section(t *testing.T, heading string) string {
	t.Helper()
	_, after, found := strings.Cut(readme(t), heading+"\n")
	if !found {
		t.Fatalf("the README has no %s", heading)
	}
	part, _, _ := strings.Cut(after, "\n#")
	return part
}

var quoted = regexp.MustCompile("`([^`]+)`")

func TestReadmeListsEveryDistributionAndRule(t *testing.T) {
	distributions := section(t, "### Distributions")
	for _, m := range quoted.FindAllStringSubmatch(distributions, -1) {
		if _, err := dist.Parse(m[1]); err != nil {
			t.Errorf("distribution of the README: %v", err)
		}
	}
	for _, kind := range dist.Kinds {
		if !strings.Contains(distributions, "`"+kind.Name+"(") {
			t.Errorf("the README does not have the distribution %s", kind.Name)
		}
	}
	rules := section(t, "### Routing rules")
	for _, rule := range routing.Rules {
		if !strings.Contains(rules, "| `"+rule.Name+"` | ") {
			t.Errorf("the README does not have the rule %s", rule.Name)
		}
	}
}

// TestReadmeListsDependencies compares the modules of the README with the direct dependencies of go.mod.
func TestReadmeListsDependencies(t *testing.T) {
	listed := map[string]bool{}
	for line := range strings.SplitSeq(section(t, "## What it stands on"), "\n") {
		row := strings.Split(line, " | ")
		if len(row) != 2 || !strings.Contains(row[0], ".") {
			continue
		}
		for _, module := range strings.Split(strings.TrimPrefix(row[0], "| "), ", ") {
			listed[module] = true
		}
	}
	direct := map[string]bool{}
	for line := range strings.SplitSeq(readScript(t, "../../go.mod"), "\n") {
		module, _, isModule := strings.Cut(strings.TrimPrefix(line, "\t"), " v")
		if isModule && strings.HasPrefix(line, "\t") && !strings.HasSuffix(line, "// indirect") {
			direct[module] = true
		}
	}
	if diff := cmp.Diff(direct, listed); diff != "" {
		t.Errorf("the README (+) lists other modules than go.mod (-):\n%s", diff)
	}
}

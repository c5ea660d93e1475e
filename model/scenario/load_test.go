package scenario

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

var update = flag.Bool("update", false, "rewrite the golden messages in testdata")

// small is a scenario of one region, plan and pool.
const small = `
severities: [normal]
regions: [world]
plans: {standard: {first_response: 20s}}
centres: {main: {pools: {t1: {agents: 100}}}}
work: {t1: {handle_time: exponential(mean 1m)}}
workload: {streams: {cases: {rate: 90/min}}}
`

// load reads a scenario that stands in a test.
func load(t *testing.T, text string, sets ...string) *Definition {
	t.Helper()
	def, err := Load(Source{Name: "test.yaml", Data: []byte(text)}, sets)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return def
}

// compile reads and compiles a scenario that stands in a test.
func compile(t *testing.T, text string, sets ...string) *Compiled {
	t.Helper()
	c, err := Compile(load(t, text, sets...))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return c
}

// messages are all problems of a scenario, of Compile if Load has none.
func messages(source Source, sets []string) string {
	def, err := Load(source, sets)
	if err == nil {
		_, err = Compile(def)
	}
	if err == nil {
		return "no problem\n"
	}
	var problems Problems
	if !errors.As(err, &problems) {
		return "not Problems: " + err.Error() + "\n"
	}
	return problems.Error() + "\n"
}

// TestBadFiles compares the messages for the scenarios of testdata/bad with those in the same archive. Each has the file
// scenario.yaml, perhaps others that it names, perhaps overrides by line in the file set, and the messages in want.
func TestBadFiles(t *testing.T) {
	archives, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(archives) < 10 {
		t.Fatalf("%d archives, %v", len(archives), err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := txtar.Write(archive, dir); err != nil {
				t.Fatal(err)
			}
			got := messages(Source{Name: filepath.Join(dir, "scenario.yaml")}, lines(archive, "set"))
			got = strings.ReplaceAll(got, dir+string(filepath.Separator), "")
			if *update {
				setFile(archive, "want", got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(strings.Join(lines(archive, "want"), "\n"), strings.TrimSpace(got)); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			if strings.Contains(got, "no problem") || strings.Contains(got, "not Problems") {
				t.Errorf("got %s", got)
			}
		})
	}
}

// lines are the lines of a file of the archive; none if it is not there.
func lines(archive *txtar.Archive, name string) []string {
	for _, file := range archive.Files {
		if text := strings.TrimSpace(string(file.Data)); file.Name == name && text != "" {
			return strings.Split(text, "\n")
		}
	}
	return nil
}

func setFile(archive *txtar.Archive, name, text string) {
	for i := range archive.Files {
		if archive.Files[i].Name == name {
			archive.Files[i].Data = []byte(text)
			return
		}
	}
	archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
}

func TestUnreadableFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	large := filepath.Join(dir, "large.yaml")
	write("large.yaml", nil)
	if err := os.Truncate(large, 104857600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		dir:                                   "is a directory, want a file",
		filepath.Join(dir, "none.yaml"):       "does not exist",
		large:                                 "is 104857600 bytes, want at most 8 MiB",
		write("empty.yaml", nil):              "is empty, want a scenario",
		write("blank.yaml", []byte("\n  \n")): "is empty, want a scenario",
		write("comment.yaml", []byte("# nothing\n")):                             "is empty, want a scenario",
		write("binary.yaml", []byte("\x7fELF\x00\x01")):                          "is a binary file, want YAML text in UTF-8",
		write("latin1.yaml", []byte("title: caf\xe9\n")):                         "is not text in UTF-8",
		write("long.yaml", []byte(strings.Repeat("x", 9_000))):                   "is longer than 4000 bytes",
		write("indented.yaml", []byte("a:\n"+strings.Repeat(" ", 500)+"b: c\n")): "is indented by 500 columns",
		write("keys.yaml", []byte(strings.Repeat("a: 1\n", 20_001))):             "want at most 20000 keys",
		write("signs.yaml", []byte("a:\n"+strings.Repeat("- x\n", 100_001))):     "want at most 200000 values and signs",
		write("marks.yaml", []byte("a:\n"+strings.Repeat("- *x\n", 1_001))):      "want at most 1000 anchors",
		write("tag.yaml", []byte("a: !secret b\n")):                              "is a tag, want a plain value",
		write("deep.yaml", []byte(strings.Repeat("[", 500))):                     "is nested more than 64 deep",
	} {
		if got := messages(Source{Name: path}, nil); !strings.HasPrefix(got, path+":") || !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %q", path, got, want)
		}
	}
}

func TestStandardInput(t *testing.T) {
	def, err := Load(Source{Name: "-", Stdin: strings.NewReader(small)}, nil)
	if err != nil || len(def.Plans) != 1 {
		t.Errorf("%v", err)
	}
	if got := messages(Source{Name: "-"}, nil); !strings.Contains(got, "standard input") {
		t.Errorf("without standard input: %s", got)
	}
}

func TestPipesAreReadButNotInherited(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := w.WriteString(small); err != nil {
		t.Fatal(err)
	}
	w.Close()
	pipe := "/dev/fd/" + strconv.Itoa(int(r.Fd()))
	if _, err := os.Stat(pipe); err != nil {
		t.Skip("this system has no names for open files")
	}
	text := "extends: " + pipe + "\n" + small
	if got := messages(Source{Name: "test.yaml", Data: []byte(text)}, nil); !strings.Contains(got, "is a pipe or a device") {
		t.Errorf("inherited: %s", got)
	}
	if got := messages(Source{Name: pipe}, nil); got != "no problem\n" {
		t.Errorf("read: %s", got)
	}
}

func TestBuiltinNames(t *testing.T) {
	source := Source{Name: "smal", BuiltinNames: []string{"large", "small"}, Builtin: func(name string) ([]byte, error) {
		if name == "small" {
			return []byte(small), nil
		}
		return nil, os.ErrNotExist
	}}
	if got := messages(source, nil); !strings.Contains(got, "(large, small), did you mean small?") {
		t.Errorf("unknown name: %s", got)
	}
	source.Name = "small"
	if def, err := Load(source, nil); err != nil || def.Name != "small" {
		t.Errorf("built-in: %v", err)
	}
	text := "extends: small\nrun: {days: 3}\n"
	def, err := Load(Source{Name: "mine.yaml", Data: []byte(text), Builtin: source.Builtin}, nil)
	if err != nil || def.Run.Days != 3 || def.Plans.Index("standard") != 0 {
		t.Errorf("extending a built-in: %v", err)
	}
}

func TestDefaults(t *testing.T) {
	def := load(t, small)
	if got := def.Run; got.Days != 28 || got.Replications != 8 || got.Seed != 1 || got.Start.String() != "2026-01-05T00:00:00Z" {
		t.Errorf("run %+v", got)
	}
	if got := def.Languages.Names(); !slices.Equal(got, []string{"en"}) {
		t.Errorf("languages %v", got)
	}
	if got := def.Channels.Names(); !slices.Equal(got, []string{"web"}) {
		t.Errorf("channels %v", got)
	}
	stream := def.Workload.Streams[0].Value
	if stream.Region != "world" || stream.Tier != "t1" || stream.Mix.Plan[0].Name != "standard" ||
		stream.Mix.Severity.For("standard", "")[0].Name != "normal" || stream.Mix.Channel.For("standard", "normal")[0].Value != 1 {
		t.Errorf("stream %+v", stream)
	}
	if got := def.Plans[0].Value.Coverage.For("normal"); got.Clock != sla.RoundTheClock || !got.FollowTheSun {
		t.Errorf("coverage %+v", got)
	}
	if region := def.Regions[0].Value; region.Zone != "UTC" || region.Calendar != "always" || region.Home != "main" {
		t.Errorf("region %+v", region)
	}
	if def.Routing.Rule.Text != "severity_edf" {
		t.Errorf("rule %q", def.Routing.Rule.Text)
	}
}

func TestDefaultLanguagesAreThoseUsed(t *testing.T) {
	text := strings.Replace(small, "regions: [world]", "regions: {world: {languages: {fr: 30%, de: 0.7}}}", 1)
	if got := load(t, text).Languages.Names(); !slices.Equal(got, []string{"fr", "de"}) {
		t.Errorf("languages %v, want fr, de", got)
	}
}

func TestHashIsThatOfTheContent(t *testing.T) {
	base := load(t, small).Hash
	if got := load(t, strings.ReplaceAll(small, "{agents: 100}", `{ "agents":  100 }`)).Hash; got != base {
		t.Error("another layout changes the hash")
	}
	if got := load(t, "# a comment\n\n"+small).Hash; got != base {
		t.Error("a comment changes the hash")
	}
	if got := load(t, small, "centres.main.pools.t1.agents=100").Hash; got != base {
		t.Error("an override by the same value changes the hash")
	}
	if got := load(t, small, "centres.main.pools.t1.agents=101").Hash; got == base {
		t.Error("another number of agents does not change the hash")
	}
}

func TestAssumptionsAreNoted(t *testing.T) {
	def := load(t, small+"run: {assumed: true, days: 3}\nlanguages: {en: {assumed: true}}\n")
	var paths []string
	for _, at := range def.Assumptions {
		paths = append(paths, at.Path)
	}
	if !slices.Equal(paths, []string{"run", "languages.en"}) {
		t.Errorf("assumptions %v", paths)
	}
}

func TestAliasesAndMergeKeys(t *testing.T) {
	text := `
severities: [high, low]
regions: [world]
plans: {standard: {first_response: {high: 1h, low: 2h}}}
centres:
  main:
    pools:
      t1:
        shifts:
          day: {<<: &day {days: mon-fri, start: 08:00, length: 8h}, agents: 3}
          long: {<<: *day, length: 10h, agents: 2}
work: {t1: &work {handle_time: &handle exponential(mean 1m)}, t2: {<<: *work, touches: 2}}
workload: {streams: {cases: {rate: 1/h, mix: {severity: {high: 10%, low: 90%}}}}}
`
	def := load(t, strings.Replace(text, "shifts:", "tiers: [t1, t2]\n        shifts:", 1))
	shifts := def.Centres[0].Value.Pools[0].Value.Shifts
	if shifts[0].Value.Length != 8*calendar.Hour || shifts[1].Value.Length != 10*calendar.Hour || shifts[1].Value.Agents != 2 {
		t.Errorf("shifts %+v", shifts)
	}
	if got := def.Work[1].Value; got.HandleTime.Text != "exponential(mean 1m)" || *got.Touches != 2 {
		t.Errorf("work %+v", got)
	}
}

func TestAliasBombIsRefused(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		n, m := string(rune('a'+i)), string(rune('a'+i-1))
		if i == 1 {
			m = "a0"
		}
		b.WriteString(n + ": &" + n + " [" + strings.Repeat("*"+m+", ", 10) + "]\n")
	}
	if got := messages(Source{Name: "bomb.yaml", Data: []byte(b.String())}, nil); !strings.Contains(got, "want at most 500000 values") {
		t.Errorf("%.200s", got)
	}
}

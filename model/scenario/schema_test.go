package scenario

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	checker "github.com/santhosh-tekuri/jsonschema/v6"
)

// compiledSchema is Schema as an independent implementation reads it.
func compiledSchema(t *testing.T) *checker.Schema {
	t.Helper()
	text, err := json.Marshal(Schema())
	if err != nil {
		t.Fatal(err)
	}
	document, err := checker.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := checker.NewCompiler()
	if err := c.AddResource("scenario.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// asJSON is a scenario as the schema sees it.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	converted, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	document, err := checker.UnmarshalJSON(strings.NewReader(string(converted)))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func TestSchemaTakesWhatLoadTakes(t *testing.T) {
	schema := compiledSchema(t)
	for name, text := range map[string]string{"small": small, "shop": shop, "relay": relay, "life": life} {
		if err := schema.Validate(asJSON(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemaRefuses changes one thing of a sound scenario at a time, so that nothing else can be the cause.
func TestSchemaRefuses(t *testing.T) {
	schema := compiledSchema(t)
	for _, change := range [][2]string{
		{"contact_attempts: 3", "contact_attempts: often"},
		{"severity_changes: lower", "severity_changes: downwards"},
		{"engineer: {who: named", "engineer: {who: somebody"},
		{"{target: 4bh, clock: region.maintenance}", "{target: 4bh, clock: lunar}"},
		{"{target: 4bh, clock: region.maintenance}", "{goal: 4bh}"},
		{"pauses: [resolve, restore]", "pauses: [resolve, lunch]"},
		{"lunch: {after: 4h, length: 30m}", "lunch: {at: 4h, length: 30m}"},
		{"update: {high: 3/bd", "update: {high: 3/month"},
		{"credits: [{milestone: fix", "credits: [{promise: fix"},
		{"milestone: rma_dispatch", "milestone: resolve"},
		{"releases: {from: 2026-01-05", "releases: {from: spring"},
		{"outages: {rate: 1/week", "outages: {rate: weekly"},
		{"concurrency: [1, 1.4, 1.5]", "concurrency: [one]"},
		{"tier: managers}", "tiers: managers}"},
		{"exchange_rates: {EUR: 2}", "exchange_rates: {EUR: two}"},
		{"centres:", "centers:"},
		{"agents: 10", "agnets: 10"},
		{"agents: 10", "agents: ten"},
		{"agents: 10", "agents: 1.5"},
		{"shrinkage: 30%", "shrinkage: much"},
		{"max_overtime: 1h30m", "max_overtime: 90"},
		{"cost_per_hour: 50 EUR", "cost_per_hour: 50"},
		{"rate: 90/min", "rate: 90"},
		{"high: 30m", "high: soon"},
		{"run: {days: 7}", "run: {days: a week}"},
		{"run: {days: 7}", "run: 7"},
		{"first_response of gold high >= 90%", "all is well"},
		{"severities: [high, low]", "severities: 2"},
		{"fr: {fallback: en}", "fr: {falback: en}"},
	} {
		sound := shop
		if !strings.Contains(sound, change[0]) {
			sound = life
		}
		if !strings.Contains(sound, change[0]) {
			t.Fatalf("%q is in no scenario", change[0])
		}
		wrong := strings.Replace(sound, change[0], change[1], 1)
		if err := schema.Validate(asJSON(t, wrong)); err == nil {
			t.Errorf("%s instead of %s is valid", change[1], change[0])
		}
		if _, err := Load(Source{Name: "shop.yaml", Data: []byte(wrong)}, nil); err == nil {
			t.Errorf("%s instead of %s is loaded", change[1], change[0])
		}
	}
}

// structsBelow are the structs that the decoder fills, by name of their definition in the schema.
func structsBelow(t reflect.Type, found map[string]reflect.Type) {
	if m := asMap(t); m != nil {
		element, _ := m.elementType()
		structsBelow(element, found)
		return
	}
	switch {
	case scalarSchema(t) != nil:
	case strings.HasPrefix(t.Name(), "Located["):
		structsBelow(t.Field(0).Type, found)
	case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice:
		structsBelow(t.Elem(), found)
	case t.Kind() == reflect.Struct && t.PkgPath() == reflect.TypeFor[Definition]().PkgPath():
		found[fieldKey(t.Name())] = t
		for _, field := range structFields(t) {
			structsBelow(field.Type, found)
		}
	}
}

func TestSchemaAndDecoderAgreeOnKeys(t *testing.T) {
	schema := Schema()
	structs := map[string]reflect.Type{"coverage_form": reflect.TypeFor[coverageForm]()}
	structsBelow(reflect.TypeFor[Definition](), structs)
	if got, want := sortedKeys(schema.Definitions), sortedKeys(structs); !slices.Equal(got, want) {
		t.Errorf("schema defines %v, decoder fills %v", got, want)
	}
	if len(structs) < 15 {
		t.Errorf("only %d structs found", len(structs))
	}
	for name, shape := range structs {
		want := fieldKeys(structFields(shape))
		if !slices.Contains(want, assumedKey) {
			want = append(want, assumedKey)
		}
		var got []string
		for pair := schema.Definitions[name].Properties.Oldest(); pair != nil; pair = pair.Next() {
			got = append(got, pair.Key)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: schema has %v, decoder %v", name, got, want)
		}
	}
}

func TestSchemaDescribesEveryKey(t *testing.T) {
	for name, definition := range Schema().Definitions {
		for pair := definition.Properties.Oldest(); pair != nil; pair = pair.Next() {
			if pair.Value.Description == "" {
				t.Errorf("%s.%s has no description: write a comment in definition.go", name, pair.Key)
			}
		}
	}
}

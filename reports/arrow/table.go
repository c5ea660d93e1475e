package arrow

import (
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/schema"

	"sunrelay/sim"
)

// table is what is known of the rows R of a file before there are any.
type table[R any] struct {
	columns    []column[R]
	schema     *arrow.Schema
	words      []arrow.Array             // of columns of names: all of them
	streamed   bool                      // somebody wants Arrow records
	properties *parquet.WriterProperties // nil = nobody wants Parquet
	layout     *schema.GroupNode         // of Parquet
	about      metadata.KeyValueMetadata // of Parquet
}

func newTable[R any](columns []column[R], about arrow.Metadata, isParquet, isStream bool) (*table[R], error) {
	t := &table[R]{columns: columns, words: make([]arrow.Array, len(columns)), streamed: isStream}
	var fields []arrow.Field
	keys, texts := about.Keys(), about.Values()
	for i, c := range columns {
		field := arrow.Field{Name: c.name, Type: c.kind.arrow, Nullable: c.nullable}
		if c.kind.unit != "" {
			field.Metadata = arrow.NewMetadata([]string{"unit"}, []string{c.kind.unit})
			keys, texts = append(keys, "unit."+c.name), append(texts, c.kind.unit)
		}
		fields = append(fields, field)
		if c.kind == name {
			t.words[i] = wordsOf(c.names)
		}
	}
	all := arrow.NewMetadata(keys, texts)
	t.schema = arrow.NewSchema(fields, &all)
	if !isParquet {
		return t, nil
	}
	for i := range keys {
		if err := t.about.Append(keys[i], texts[i]); err != nil {
			return nil, err
		}
	}
	t.properties = propertiesOf(columns)
	var err error
	t.layout, err = layoutOf(columns)
	return t, err
}

func wordsOf(names []string) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	b.AppendValues(names, nil)
	return b.NewArray()
}

// about is the metadata of a table: what was run.
func about(m *sim.Model, table string, cases Selection) arrow.Metadata {
	c := m.Scenario
	return arrow.NewMetadata(
		[]string{"schema", "scenario", "scenario_hash", "seed", "replications", "start", "end", "cases"},
		[]string{
			"sunrelay." + table + "/1", strings.ToValidUTF8(c.Definition.Name, "\uFFFD"), c.Hash, strconv.FormatUint(c.Seed, 10), strconv.Itoa(c.Replications),
			c.Start.String(), c.End.String(), cases.String(),
		})
}

// mainOf are the main columns.
func mainOf[R any](columns []column[R]) []column[R] {
	var main []column[R]
	for _, c := range columns {
		if c.main {
			main = append(main, c)
		}
	}
	return main
}

package arrow

import (
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"

	"sunrelay/sim"
)

// table is what is known of the rows R of a file before there are any.
type table[R any] struct {
	columns    []column[R]
	schema     *arrow.Schema
	words      []arrow.Array             // of columns of names: all of them
	properties *parquet.WriterProperties // nil = nobody wants Parquet
}

func newTable[R any](columns []column[R], about arrow.Metadata, isParquet bool) *table[R] {
	t := &table[R]{columns: columns, words: make([]arrow.Array, len(columns))}
	if isParquet {
		t.properties = propertiesOf(columns)
	}
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
	metadata := arrow.NewMetadata(keys, texts)
	t.schema = arrow.NewSchema(fields, &metadata)
	return t
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
			"sunrelay." + table + "/1", c.Definition.Name, c.Hash, strconv.FormatUint(c.Seed, 10), strconv.Itoa(c.Replications),
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

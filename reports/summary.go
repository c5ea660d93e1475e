package reports

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
)

// WriteSummary writes what is kept of a run: its JSON document without the time that it took, so that the same scenario and
// seed give the same bytes. Every key stands on a line of its own, and so does every element of a list.
func WriteSummary(w io.Writer, run *Run) error {
	kept := *run
	kept.Elapsed = nil
	return writeSummary(w, &kept)
}

// WritePlanSummary writes what is kept of a plan, as WriteSummary does of a run.
func WritePlanSummary(w io.Writer, plan *Plan) error {
	kept := *plan
	kept.Elapsed = nil
	return writeSummary(w, &kept)
}

// WritePlanPointsSummary writes what is kept of plans side by side.
func WritePlanPointsSummary(w io.Writer, p *PlanPoints) error {
	kept := *p
	kept.Points = slices.Clone(p.Points)
	for i := range kept.Points {
		if plan := kept.Points[i].Plan; plan != nil {
			timeless := *plan
			timeless.Elapsed = nil
			kept.Points[i].Plan = &timeless
		}
	}
	return writeSummary(w, &kept)
}

func writeSummary(w io.Writer, document any) error {
	text, err := marshal(document)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := writeLines(&b, text); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// marshal is json.Marshal with readable signs such as >=.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// writeLines lays out a JSON object.
func writeLines(b *bytes.Buffer, object []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	separator := "{\n"
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		name, err := marshal(key)
		if err != nil {
			return err
		}
		b.WriteString(separator)
		b.Write(name)
		b.WriteString(": ")
		if err := writeList(b, value); err != nil {
			return err
		}
		separator = ",\n"
	}
	b.WriteString("\n}\n")
	return nil
}

// writeList writes a list with an element on each line, and anything else as it is.
func writeList(b *bytes.Buffer, value json.RawMessage) error {
	if value[0] != '[' || len(value) == len("[]") {
		b.Write(value)
		return nil
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(value, &elements); err != nil {
		return err
	}
	b.WriteString("[\n")
	b.Write(bytes.Join(rawBytes(elements), []byte(",\n")))
	b.WriteString("\n]")
	return nil
}

func rawBytes(elements []json.RawMessage) [][]byte {
	lines := make([][]byte, len(elements))
	for i, e := range elements {
		lines[i] = e
	}
	return lines
}

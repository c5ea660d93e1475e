package scenario

import "strings"

// nodeKind is the shape of a node.
type nodeKind uint8

const (
	scalarNode nodeKind = iota
	mappingNode
	sequenceNode
)

// node is a value of a scenario file before it is decoded: a scalar, a mapping with ordered keys, or a sequence. Aliases
// and merge keys are resolved. Its position has no path: that depends on where the value ends up. Nodes of aliases may
// be shared, so whoever changes a tree works on a copy.
type node struct {
	kind   nodeKind
	text   string // of a scalar
	quoted bool   // the scalar stood in quotation marks, so it is text whatever it looks like
	null   bool   // the scalar was empty, ~ or null
	keys   []nodeKey
	items  []*node
	at     Position
}

// nodeKey is one entry of a mapping.
type nodeKey struct {
	name  string
	value *node
	at    Position
}

// find is the value of a key of a mapping, or nil.
func (n *node) find(name string) *node {
	for i := range n.keys {
		if n.keys[i].name == name {
			return n.keys[i].value
		}
	}
	return nil
}

// names are the keys of a mapping in the order of the file.
func (n *node) names() []string {
	names := make([]string, len(n.keys))
	for i := range n.keys {
		names[i] = n.keys[i].name
	}
	return names
}

// clone is a copy that shares nothing with n.
func (n *node) clone() *node {
	c := *n
	c.keys = make([]nodeKey, len(n.keys))
	for i, key := range n.keys {
		key.value = key.value.clone()
		c.keys[i] = key
	}
	c.items = make([]*node, len(n.items))
	for i, item := range n.items {
		c.items[i] = item.clone()
	}
	return &c
}

// describe says in words what the node is, for messages about what was found.
func (n *node) describe() string {
	switch {
	case n.kind == mappingNode:
		return "a mapping"
	case n.kind == sequenceNode:
		return "a list"
	case n.null:
		return "nothing"
	}
	const most = 60
	if text := []rune(n.text); len(text) > most {
		return `"` + string(text[:most]) + `…"`
	}
	return `"` + n.text + `"`
}

// canonical writes the node in one form whatever the layout of the file, for hashing.
func (n *node) canonical(b *strings.Builder) {
	switch n.kind {
	case mappingNode:
		b.WriteByte('{')
		for _, key := range n.keys {
			writeQuoted(b, key.name)
			b.WriteByte(':')
			key.value.canonical(b)
		}
		b.WriteByte('}')
	case sequenceNode:
		b.WriteByte('[')
		for _, item := range n.items {
			item.canonical(b)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	default:
		writeQuoted(b, n.text)
	}
}

// joinPath is the path of a key below a path.
func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a file, so that a hostile one costs no more than a few seconds. The parser is recursive, which is why depth is
// checked on the tokens before it runs; its time grows with the square of the length of a line and of the keys of a
// mapping.
const (
	mostBytes  = 8 << 20
	mostLine   = 4_000 // bytes of a line
	mostTokens = 200_000
	mostKeys   = 20_000
	mostMarks  = 1_000   // anchors, aliases and tags
	mostNodes  = 500_000 // after aliases are resolved
	mostDepth  = 64
	mostIndent = 400 // columns before a value
)

// parseYAML makes a tree of the one document in text. The tree is nil only if there are problems; it may also be there
// beside problems of single values.
func parseYAML(file string, text []byte) (*node, Problems) {
	start := Position{File: file}
	if problem := checkText(text); problem != "" {
		return nil, Problems{{start, problem}}
	}
	if line := longLine(text); line > 0 {
		return nil, Problems{{Position{File: file, Line: line, Column: 1}, fmt.Sprintf("is longer than %d bytes, want shorter lines", mostLine)}}
	}
	tokens := lexer.Tokenize(string(text))
	if at, problem := checkTokens(tokens); problem != "" {
		return nil, Problems{{Position{File: file, Line: at.Line, Column: at.Column}, problem}}
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Problems{syntaxProblem(file, err)}
	}
	b := &treeBuilder{file: file, anchors: map[string]*node{}}
	var root *node
	for _, document := range parsed.Docs {
		if document.Body == nil || document.Body.Type() == ast.DirectiveType {
			continue
		}
		if root != nil {
			b.problem(document.Body, "", "is a second document, want one a file")
			break
		}
		root = b.build(document.Body, "", 0)
	}
	if root == nil && len(b.problems) == 0 {
		b.problems = Problems{{start, "is empty, want a scenario"}}
	}
	return root, b.problems
}

// checkText says what keeps text from being a scenario file at all.
func checkText(text []byte) string {
	switch {
	case len(text) > mostBytes:
		return fmt.Sprintf("is %d bytes, want at most 8 MiB", len(text))
	case len(bytes.TrimSpace(text)) == 0:
		return "is empty, want a scenario"
	case bytes.IndexByte(text, 0) >= 0:
		return "is a binary file, want YAML text in UTF-8"
	case !utf8.Valid(text):
		return "is not text in UTF-8"
	}
	return ""
}

// longLine is the number of the first line of more than mostLine bytes, 0 if there is none.
func longLine(text []byte) int {
	number := 0
	for line := range bytes.Lines(text) {
		if number++; len(line) > mostLine {
			return number
		}
	}
	return 0
}

// checkTokens bounds the number of tokens of each kind and the depth of what they can nest, by brackets, by indentation,
// or by marks in one line.
func checkTokens(tokens token.Tokens) (token.Position, string) {
	if len(tokens) > mostTokens {
		return *tokens[mostTokens].Position, fmt.Sprintf("is too much, want at most %d values and signs", mostTokens)
	}
	brackets, inLine, line, keys, marks := 0, 0, 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, inLine = t.Position.Line, 0
			if t.Position.Column > mostIndent && t.Type != token.CommentType {
				return *t.Position, fmt.Sprintf("is indented by %d columns, want at most %d", t.Position.Column-1, mostIndent)
			}
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets = max(0, brackets-1)
		case token.SequenceEntryType, token.MappingKeyType:
			inLine++
		case token.AnchorType, token.AliasType, token.TagType:
			marks++
		case token.MappingValueType:
			keys++
		}
		switch {
		case brackets > mostDepth || inLine > mostDepth:
			return *t.Position, fmt.Sprintf("is nested more than %d deep", mostDepth)
		case keys > mostKeys:
			return *t.Position, fmt.Sprintf("is too much, want at most %d keys", mostKeys)
		case marks > mostMarks:
			return *t.Position, fmt.Sprintf("is too much, want at most %d anchors, aliases and tags", mostMarks)
		}
	}
	return token.Position{}, ""
}

// syntaxPlace is the line and column at the head of the parser's messages.
var syntaxPlace = regexp.MustCompile(`^\[(\d+):(\d+)\] `)

// syntaxProblem turns the parser's error into a problem, without its excerpt of the file.
func syntaxProblem(file string, err error) Problem {
	text, _, _ := strings.Cut(err.Error(), "\n")
	at := Position{File: file}
	var placed interface{ GetToken() *token.Token }
	if part := syntaxPlace.FindStringSubmatch(text); part != nil {
		at.Line, _ = strconv.Atoi(part[1])
		at.Column, _ = strconv.Atoi(part[2])
		text = text[len(part[0]):]
	} else if errors.As(err, &placed) && placed.GetToken() != nil {
		at.Line, at.Column = placed.GetToken().Position.Line, placed.GetToken().Position.Column
	}
	return Problem{at, "is not YAML: " + text}
}

// treeBuilder makes nodes of the parser's syntax tree.
type treeBuilder struct {
	file     string
	anchors  map[string]*node
	nodes    int  // made, and counted again for each use of an alias
	full     bool // a bound was reached and reported
	problems Problems
}

func (b *treeBuilder) problem(at ast.Node, path, format string, args ...any) {
	position := b.position(at)
	position.Path = path
	b.problems = append(b.problems, Problem{position, fmt.Sprintf(format, args...)})
}

// position is where the first token of n stands.
func (b *treeBuilder) position(n ast.Node) Position {
	if mapping, isMapping := n.(*ast.MappingNode); isMapping && !mapping.IsFlowStyle && len(mapping.Values) > 0 {
		n = mapping.Values[0].Key
	}
	if pair, isPair := n.(*ast.MappingValueNode); isPair {
		n = pair.Key
	}
	at := Position{File: b.file}
	if t := n.GetToken(); t != nil && t.Position != nil {
		at.Line, at.Column = t.Position.Line, t.Position.Column
	}
	return at
}

// build makes a node of n; it is never nil, so that the rest of the file can be looked at.
func (b *treeBuilder) build(n ast.Node, path string, depth int) *node {
	if n == nil {
		return &node{null: true, at: Position{File: b.file}}
	}
	made := &node{at: b.position(n)}
	if b.nodes++; b.nodes > mostNodes || depth > mostDepth {
		b.stop(n, path)
		return made
	}
	switch n := n.(type) {
	case *ast.AnchorNode:
		made = b.build(n.Value, path, depth+1)
		b.anchors[n.Name.GetToken().Value] = made
	case *ast.AliasNode:
		return b.alias(n, path)
	case *ast.MappingNode:
		made.kind = mappingNode
		b.fill(made, n.Values, path, depth)
	case *ast.MappingValueNode:
		made.kind = mappingNode
		b.fill(made, []*ast.MappingValueNode{n}, path, depth)
	case *ast.SequenceNode:
		made.kind = sequenceNode
		for i, item := range n.Values {
			made.items = append(made.items, b.build(item, joinPath(path, strconv.Itoa(i)), depth+1))
		}
	case *ast.NullNode:
		made.null = true
	case *ast.StringNode:
		made.text, made.quoted = n.Value, n.Token.Type != token.StringType
	case *ast.LiteralNode:
		made.text, made.quoted = n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		made.text = n.GetToken().Value
	default:
		b.problem(n, path, "is a %s, want a plain value, a list or a mapping", strings.ToLower(n.Type().String()))
	}
	return made
}

// stop reports once that the file is too large.
func (b *treeBuilder) stop(at ast.Node, path string) {
	if !b.full {
		b.problem(at, path, "is too much: want at most %d values, nested at most %d deep", mostNodes, mostDepth)
	}
	b.full = true
}

// alias is the node of the anchor that n names.
func (b *treeBuilder) alias(n *ast.AliasNode, path string) *node {
	name := n.Value.GetToken().Value
	target := b.anchors[name]
	if target == nil {
		b.problem(n, path, "is an alias of &%s, which does not stand before it%s", name, nearest(name, sortedKeys(b.anchors)))
		return &node{null: true, at: b.position(n)}
	}
	b.nodes += target.size(mostNodes)
	if b.nodes > mostNodes {
		b.stop(n, path)
		return &node{null: true, at: b.position(n)}
	}
	return target
}

// size is the number of nodes of the tree, at most a bit more than most.
func (n *node) size(most int) int {
	total := 1
	for i := 0; i < len(n.keys) && total <= most; i++ {
		total += n.keys[i].value.size(most - total)
	}
	for i := 0; i < len(n.items) && total <= most; i++ {
		total += n.items[i].size(most - total)
	}
	return total
}

// fill adds the pairs to a mapping: those of merge keys (<<) only where no key of its own is given.
func (b *treeBuilder) fill(mapping *node, pairs []*ast.MappingValueNode, path string, depth int) {
	var merged []*node
	lines := make(map[string]int, len(pairs)) // of the keys so far
	for _, pair := range pairs {
		if pair.Key.IsMergeKey() {
			merged = append(merged, b.build(pair.Value, path, depth+1))
			continue
		}
		key := b.key(pair.Key, path)
		below := joinPath(path, key.name)
		if line, given := lines[key.name]; given {
			b.problem(pair.Key, below, "is given twice, first in line %d", line)
			continue
		}
		lines[key.name] = key.at.Line
		key.value = b.build(pair.Value, below, depth+1)
		mapping.keys = append(mapping.keys, key)
	}
	for _, source := range merged {
		b.merge(mapping, source, path, lines)
	}
}

// key is a key without value.
func (b *treeBuilder) key(n ast.MapKeyNode, path string) nodeKey {
	if wrapped, isWrapped := n.(*ast.MappingKeyNode); isWrapped && wrapped.Value != nil {
		return nodeKey{name: b.keyText(wrapped.Value, path), at: b.position(wrapped.Value)}
	}
	return nodeKey{name: b.keyText(n, path), at: b.position(n)}
}

func (b *treeBuilder) keyText(n ast.Node, path string) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return n.GetToken().Value
	}
	b.problem(n, path, "has a key that is a %s, want plain text", strings.ToLower(n.Type().String()))
	return ""
}

// merge adds the keys of source, a mapping or a list of them, that are not yet among the given ones.
func (b *treeBuilder) merge(mapping, source *node, path string, given map[string]int) {
	switch source.kind {
	case mappingNode:
		for _, key := range source.keys {
			if _, known := given[key.name]; !known {
				given[key.name] = key.at.Line
				mapping.keys = append(mapping.keys, key)
			}
		}
	case sequenceNode:
		for _, item := range source.items {
			b.merge(mapping, item, path, given)
		}
	default:
		at := source.at
		at.Path = path
		b.problems = append(b.problems, Problem{at, "<< takes a mapping, found " + source.describe()})
	}
}

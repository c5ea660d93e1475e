package dist

import (
	"errors"
	"strings"
	"unicode"
)

// deepest is how many mixtures may stand inside each other: more than anyone needs, few enough for the stack.
const deepest = 8

// Parse reads a distribution of times, such as
//
//	12m
//	exponential(mean 20m)
//	mixture(0.3 exponential(mean 5m), 0.7 lognormal(mean 2h, cv 1))
//
// The families and their forms are the Examples of Kinds; a time alone is a constant. Samples are in milliseconds. An
// error is an *Error.
func Parse(text string) (Dist, error) {
	p := parser{text: text}
	d, err := p.whole()
	if m := (*misfit)(nil); errors.As(err, &m) {
		return nil, &Error{Column: column(text, m.offset), Text: m.text}
	}
	return d, err
}

// parser walks over an expression:
//
//	expression = word [ "(" [ argument { "," argument } ] ")" ]
//	argument   = expression { expression }
//
// A word is anything without spaces, commas and parentheses.
type parser struct {
	text string
	at   int // byte offset of what comes next
}

// expression is a word or a call of a family, as parsed.
type expression struct {
	offset int
	word   string
	call   *call // nil for a word alone
	dist   Dist  // what the call stands for
}

// call is a family with its arguments.
type call struct {
	offset    int
	name      string
	kind      *Kind // found by name
	arguments []argument
}

// argument is a sequence such as "mean 20m" or "0.3 exponential(mean 5m)"; it has at least one part.
type argument []expression

func (a argument) offset() int { return a[0].offset }

func (p *parser) whole() (Dist, error) {
	e, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.skipSpace(); p.at < len(p.text) {
		return nil, misfitAt(p.at, "unexpected %q after the distribution", p.text[p.at:])
	}
	return distributionOf(e)
}

func (p *parser) expression(depth int) (expression, error) {
	p.skipSpace()
	e := expression{offset: p.at}
	e.word = p.nextWord()
	if e.word == "" {
		return e, misfitAt(p.at, "want a distribution such as %s", Kinds[0].Examples[0])
	}
	if !p.take('(') {
		return e, nil
	}
	if depth > deepest {
		return e, misfitAt(e.offset, "distributions are nested too deeply, want at most %d levels", deepest)
	}
	e.call = &call{offset: e.offset, name: e.word}
	if err := p.arguments(e.call, depth); err != nil {
		return e, err
	}
	var err error
	e.dist, err = bind(e.call)
	return e, err
}

// arguments reads up to the closing parenthesis.
func (p *parser) arguments(c *call, depth int) error {
	if p.take(')') {
		return nil
	}
	for {
		a, err := p.argument(depth)
		if err != nil {
			return err
		}
		c.arguments = append(c.arguments, a)
		if p.take(')') {
			return nil
		}
		if !p.take(',') {
			return misfitAt(c.offset, "%s( is not closed, want ) (inside braces quote what has a comma)", c.name)
		}
	}
}

func (p *parser) argument(depth int) (argument, error) {
	var a argument
	for {
		p.skipSpace()
		if p.at == len(p.text) || strings.IndexByte(",()", p.text[p.at]) >= 0 {
			break
		}
		e, err := p.expression(depth + 1)
		if err != nil {
			return nil, err
		}
		a = append(a, e)
	}
	if a == nil {
		return nil, misfitAt(p.at, "want a parameter such as mean 20m")
	}
	return a, nil
}

// take reports whether c comes next after spaces, and passes it.
func (p *parser) take(c byte) bool {
	p.skipSpace()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *parser) skipSpace() {
	p.at = len(p.text) - len(strings.TrimLeftFunc(p.text[p.at:], unicode.IsSpace))
}

func (p *parser) nextWord() string {
	rest := p.text[p.at:]
	if end := strings.IndexFunc(rest, endsWord); end >= 0 {
		rest = rest[:end]
	}
	p.at += len(rest)
	return rest
}

func endsWord(c rune) bool { return unicode.IsSpace(c) || c == ',' || c == '(' || c == ')' }

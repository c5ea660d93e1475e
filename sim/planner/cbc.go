package planner

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CBC is the solver of COIN-OR as a program of its own.
type CBC struct {
	path     string
	patience time.Duration // after which a call that should have ended by itself is given up
}

// cbcPatience is far more than a call takes, which ends by a limit of nodes: that does not depend on the speed of the machine.
const cbcPatience = 3 * time.Minute

func findCBC() (CBC, bool) {
	path, err := exec.LookPath("cbc")
	return CBC{path, cbcPatience}, err == nil
}

// Name is what output calls the solver.
func (CBC) Name() string { return "cbc" }

// Solve writes the program in LP format, runs cbc on it and reads the solution. An error that is not ErrNone or that of the
// context means that the program cbc does not work here.
func (c CBC) Solve(ctx context.Context, p *Program) (*Solution, error) {
	dir, err := os.MkdirTemp("", "sunrelay-plan-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	q := p.inLots()
	model, answer := filepath.Join(dir, "plan.lp"), filepath.Join(dir, "solution.txt")
	if err := os.WriteFile(model, q.lp(), 0o600); err != nil {
		return nil, err
	}
	ratio, nodes := "0", mostNodes
	if p.Rough {
		ratio, nodes = "0.01", mostRoughNodes
	}
	limited, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	cmd := exec.CommandContext(limited, c.path, model, "ratio", ratio, "maxNodes", strconv.Itoa(nodes), "solve", "solution", answer)
	cmd.WaitDelay = time.Second // for what the program has started, once it is killed
	said, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, fmt.Errorf("cbc does not end within %v", c.patience)
	case err != nil:
		return nil, fmt.Errorf("cbc fails: %w%s", err, lastLine(said))
	}
	text, err := os.ReadFile(answer)
	if err != nil {
		return nil, fmt.Errorf("cbc gives no solution%s", lastLine(said))
	}
	lots, status, err := q.read(text)
	switch {
	case err != nil:
		return nil, err
	case lots == nil:
		return nil, ErrNone
	}
	s := p.solution(lots, 0)
	if strings.HasPrefix(status, "Optimal") {
		s.Bound = s.Cost
	} else {
		s.Bound = min(s.Cost, lowerBound(said))
	}
	return s, nil
}

// lp is the program in the LP format of CPLEX.
func (p *Program) lp() []byte {
	var b bytes.Buffer
	sum := func(weights []float64) {
		const perLine = 10 // lines of the format are short
		n := 0
		for i, w := range weights {
			if w == 0 {
				continue
			}
			if n++; n%perLine == 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, " %+.12g x%d", w, i)
		}
		if n == 0 {
			b.WriteString(" 0 x0")
		}
	}
	b.WriteString("Minimize\n obj:")
	sum(p.Cost)
	b.WriteString("\nSubject To\n")
	for j := range p.Rows {
		fmt.Fprintf(&b, " r%d:", j)
		sum(p.Rows[j].Weight)
		fmt.Fprintf(&b, " >= %.12g\n", p.Rows[j].Least)
	}
	b.WriteString(" any: 0 x0 >= 0\nBounds\n")
	for i := range p.Cost {
		fmt.Fprintf(&b, " %d <= x%d <= %d\n", p.Least[i], i, p.Most[i])
	}
	b.WriteString("Generals\n")
	for i := range p.Cost {
		fmt.Fprintf(&b, " x%d\n", i)
	}
	b.WriteString("End\n")
	return b.Bytes()
}

// read is the solution in a file of cbc: its status, then lines of number, name, value and reduced cost of what is not
// zero. It is nil where there is none.
func (p *Program) read(text []byte) (lots []int, status string, err error) {
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Scan()
	status = lines.Text()
	if strings.Contains(strings.ToLower(status), "infeasible") {
		return nil, status, nil
	}
	lots = make([]int, len(p.Cost))
	for lines.Scan() {
		words := strings.Fields(strings.TrimLeft(lines.Text(), "* "))
		if len(words) < 3 || !strings.HasPrefix(words[1], "x") {
			continue
		}
		i, err := strconv.Atoi(words[1][1:])
		value, err2 := strconv.ParseFloat(words[2], 64)
		if err != nil || err2 != nil || i < 0 || i >= len(lots) {
			return nil, status, fmt.Errorf("cbc gives a solution that cannot be read: %q", lines.Text())
		}
		lots[i] = int(value + 0.5)
	}
	if !p.allows(lots) {
		return nil, status, fmt.Errorf("cbc gives no solution: it says %q", status)
	}
	return lots, status, nil
}

// allows reports whether lots keep bounds and rows.
func (p *Program) allows(lots []int) bool {
	for i, n := range lots {
		if n < p.Least[i] || n > p.Most[i] {
			return false
		}
	}
	return !slices.ContainsFunc(p.Rows, func(r Row) bool { return r.lacks(lots) })
}

// lowerBound is what cbc says that it has proved, or 0.
func lowerBound(said []byte) float64 {
	for line := range strings.Lines(string(said)) {
		if value, found := strings.CutPrefix(line, "Lower bound:"); found {
			if bound, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil {
				return max(0, bound)
			}
		}
	}
	return 0
}

// lastLine is the last that a program has said, after a colon, or nothing.
func lastLine(said []byte) string {
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return ": " + last
	}
	return ""
}

package main

import (
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far a simulation is, on the terminal behind standard error; nothing where there is none.
type progress struct {
	container *mpb.Progress
	bar       *mpb.Bar
	watch     func(cases int64)
}

// newProgress begins to show the progress towards the expected number of cases.
func (s *session) newProgress(expected int64, quiet bool) *progress {
	if quiet || terminal(s.errs) == 0 {
		return &progress{watch: s.watch}
	}
	container := mpb.New(mpb.WithOutput(s.errs), mpb.WithRefreshRate(200*time.Millisecond))
	// A bar made with total 0 ends only when it is told to: the number of cases is an expectation, which may be passed.
	bar := container.New(0, mpb.BarStyle(),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CurrentNoUnit("%d cases ")),
		mpb.AppendDecorators(
			decor.Percentage(),
			decor.AverageSpeed(0, "  %.0f cases/s"),
			decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left"),
		))
	bar.SetTotal(max(1, expected), false)
	return &progress{container, bar, s.watch}
}

// add counts cases; any goroutine may call it.
func (p *progress) add(cases int64) {
	if p.bar != nil {
		p.bar.IncrInt64(cases)
	}
	if p.watch != nil {
		p.watch(cases)
	}
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Abort(true)
		p.container.Wait()
	}
}

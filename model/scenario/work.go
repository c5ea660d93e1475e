package scenario

import (
	"reflect"
	"slices"

	"sunrelay/model/sla"
)

// IsParty reports whether the tier is somebody outside of support, for whom cases wait without an agent.
func (w *Work) IsParty() bool { return w.Turnaround.Given() }

// For are the figures for a plan and severity: those of the severity where given, else those of the plan, else those of
// the tier. Shares and means are never nil.
func (w *Work) For(plan, severity string) WorkValues {
	values := w.WorkValues
	if own := w.Plans.Find(plan); own != nil {
		values.overlay(own)
	}
	if own := w.Severities.Find(severity); own != nil {
		values.overlay(own)
	}
	for _, mean := range []**float64{&values.Touches, &values.Answered, &values.Issues} {
		if *mean == nil {
			*mean = pointerTo(1.0)
		}
	}
	for _, share := range []**float64{
		&values.Question, &values.Restored, &values.Lowered, &values.Raised, &values.Reopen, &values.Fails,
	} {
		if *share == nil {
			*share = pointerTo(0.0)
		}
	}
	return values
}

// overlay takes the figures of own that are given.
func (v *WorkValues) overlay(own *WorkValues) {
	into, from := reflect.ValueOf(v).Elem(), reflect.ValueOf(own).Elem()
	for i := range from.NumField() {
		if figure := from.Field(i); !figure.IsZero() {
			into.Field(i).Set(figure)
		}
	}
}

// workHours is a key of work with the hours that it names; nil where it names none.
type workHours struct {
	key      string
	coverage *sla.Coverage
}

// hours are all hours that the figures name.
func (v *WorkValues) hours() []workHours {
	return []workHours{
		{"answer_clock", v.AnswerClock}, {"turnaround_clock", v.TurnaroundClock}, {"send_back_clock", v.SendBackClock},
	}
}

// figure is a number of work with its key; nil where it was not given.
type figure struct {
	key   string
	value *float64
}

// shares are the figures that lie in [0, 1].
func (v *WorkValues) shares() []figure {
	return []figure{
		{"question", v.Question}, {"answered", v.Answered}, {"restored", v.Restored}, {"lowered", v.Lowered},
		{"raised", v.Raised}, {"reopen", v.Reopen},
	}
}

// works are the figures of all work by tier, plan and severity.
func (def *Definition) works() [][][]WorkValues {
	works := make([][][]WorkValues, len(def.Work))
	for tier := range works {
		works[tier] = make([][]WorkValues, len(def.Plans))
		for plan := range works[tier] {
			for _, severity := range def.Severities {
				figures := def.Work[tier].Value.For(def.Plans[plan].Name, severity.Name)
				works[tier][plan] = append(works[tier][plan], figures)
			}
		}
	}
	return works
}

// partiesOf are the external parties at which a milestone of parties can happen: those whose milestone it is, and for the
// return of a defective unit those to whom one is sent back.
func (def *Definition) partiesOf(milestone sla.Milestone) []string {
	var names []string
	for i := range def.Work {
		if def.Work[i].Value.has(milestone) {
			names = append(names, def.Work[i].Name)
		}
	}
	return names
}

// has reports whether the milestone of parties can happen at the tier for some plan or severity.
func (w *Work) has(milestone sla.Milestone) bool {
	return slices.ContainsFunc(w.blocks(), func(b *WorkValues) bool {
		if milestone == sla.RMAReturn {
			return b.SendBack.Given()
		}
		return b.Milestone != nil && *b.Milestone == milestone
	})
}

// blocks are the figures of the tier and those that differ by plan and severity.
func (w *Work) blocks() []*WorkValues {
	blocks := []*WorkValues{&w.WorkValues}
	for _, own := range []Named[WorkValues]{w.Plans, w.Severities} {
		for i := range own {
			blocks = append(blocks, &own[i].Value)
		}
	}
	return blocks
}

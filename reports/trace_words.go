package reports

import (
	"fmt"
	"strings"
	"time"
)

// what tells a step in words.
func (t *Trace) what(s *TraceStep) (string, Tone) {
	switch s.Kind {
	case "waits", "contact_waits":
		return s.waits(), Plain
	case "worked", "contacted":
		return s.work(), Plain
	case "with_customer":
		return s.question(), Plain
	case "with_party":
		return "with " + s.Tier + s.beyond("still there"), Plain
	case "on_its_way":
		return "what " + s.Tier + " sent is on its way" + s.beyond("not there yet"), Plain
	case "with_outage":
		return "waits for the end of the outage" + s.beyond("it goes on"), Plain
	case "closed":
		return "closed, until the customer comes back", Plain
	case "reached":
		return t.reached(s)
	case "ran_out":
		return t.ranOut(s), Bad
	case "new_due":
		return t.newDue(s), Plain
	case "passed_over":
		return s.subject() + "passed over: an agent takes work that began to wait later", Doubtful
	}
	return s.happens(), Plain
}

// happens tells a step that takes no time and is neither good nor bad.
func (s *TraceStep) happens() string {
	switch s.Kind {
	case "arrives":
		return "arrives for " + s.Tier
	case "called_in":
		return s.Agent.words() + " is called in"
	case "callback_asked":
		return "the caller hangs up, keeps the place and is to be called back"
	case "escalated":
		return "escalated to " + s.Tier
	case "service_restored":
		return "service is back by a workaround"
	case "severity_changed":
		return "severity changes from " + s.Was + " to " + s.Severity
	case "manager_asked":
		return "the customer asks for a manager: " + s.Way
	case "part_failed":
		return "what " + s.Tier + " sent does not work"
	case "part_works":
		return "what was sent works"
	case "split_off":
		return "a further issue becomes a case of its own, key " + s.Other
	case "withdrawn":
		return s.Milestone + " is promised no longer"
	case "came_back_late":
		return "the customer comes back too late and has a new case, key " + s.Other
	case "reopened":
		return "the customer comes back: reopened"
	}
	return "ends: " + s.Outcome
}

// contacts are the words for what is done beside touches.
var contacts = map[string]string{"update": "the update", "attempt": "the contact attempt", "manager_contact": "the manager's contact"}

// subject is what waits or is passed over, where it is not a touch as such.
func (s *TraceStep) subject() string {
	what := contacts[s.Contact]
	switch {
	case s.Resumed && what == "":
		return "what is left of the touch "
	case s.Resumed:
		return "what is left of " + what + " "
	case what != "":
		return what + " "
	}
	return ""
}

func (s *TraceStep) waits() string {
	text := s.subject() + "waits for " + s.Tier
	if s.Agent != nil {
		text = s.subject() + "waits for its engineer, " + s.Agent.words()
	}
	switch *s.Ahead {
	case 0:
		text += ", nothing ahead of it"
	case 1:
		text += ", 1 ahead of it"
	default:
		text += ", " + Count(int64(*s.Ahead)) + " ahead of it"
	}
	return text + s.beyond("still waiting")
}

// words name an agent.
func (a *TraceAgent) words() string {
	text := fmt.Sprintf("agent %d of %s.%s, shift %s", a.Number, a.Centre, a.Pool, a.Shift)
	if a.OnCall {
		text += " (on call)"
	}
	return text
}

func (s *TraceStep) work() string {
	verb := "begun"
	if s.Resumed {
		verb = "continued"
	}
	what := fmt.Sprintf("touch %d", s.Touch)
	if s.Contact != "" {
		what = contacts[s.Contact]
	}
	text := fmt.Sprintf("%s at %s %s by %s", what, s.Tier, verb, s.Agent.words())
	if s.Pieces > 1 {
		text += fmt.Sprintf(", who now does %d things at a time", s.Pieces)
	}
	if s.Rereading != nil {
		text += ", with " + exactly(*s.Rereading) + " of reading it again"
	}
	switch s.Stopped {
	case "interrupted":
		text += "; interrupted by more urgent work"
	case "handed_over":
		text += "; handed over at the end of the shift"
	}
	return text + s.beyond("still in work")
}

func (s *TraceStep) question() string {
	text := "the customer is asked"
	if s.Silent {
		text += ", and does not answer"
	}
	return text + s.beyond("no answer yet")
}

// beyond is what holds at the end of the run of a step that lasts longer.
func (s *TraceStep) beyond(state string) string {
	if !s.Open {
		return ""
	}
	return "; " + state + " when the run ends"
}

// clockOf is the clock of which the step tells.
func (t *Trace) clockOf(s *TraceStep) *TraceClock { return &t.Clocks[s.Clock-1] }

func (t *Trace) reached(s *TraceStep) (string, Tone) {
	c := t.clockOf(s)
	margin := c.margin()
	switch {
	case margin == "" && c.Verdict == "withdrawn":
		return s.Milestone + " reached, no longer promised", Plain
	case margin == "" && c.Calendar != "":
		return s.Milestone + " reached, long before the due", Plain
	case margin == "":
		return s.Milestone + " reached, nothing was promised", Plain
	case *c.LateSeconds > 0:
		return s.Milestone + " reached, " + margin, Bad
	}
	return s.Milestone + " reached, " + margin, Good
}

// ranOut tells that a due passes, and why the milestone was not reached by then.
func (t *Trace) ranOut(s *TraceStep) string {
	text := s.Milestone + " is due"
	c := t.clockOf(s)
	if c.Cause == "" {
		return text + " and not reached; not counted"
	}
	return text + " and not reached: breach, because of " + strings.ReplaceAll(c.Cause, "_", "-")
}

// newDue tells the due of a clock that runs on.
func (t *Trace) newDue(s *TraceStep) string {
	at, err := time.Parse(time.RFC3339Nano, s.Due)
	if err != nil {
		return s.Milestone + " runs on, due in the far future"
	}
	return s.Milestone + " runs on, due " + at.UTC().Format(traceMoment) + " UTC"
}

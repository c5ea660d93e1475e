package trace

import (
	"fmt"
	"slices"
	"strings"
)

// Role is what a column of a log means.
type Role int

// The roles. Times are instants, words are attributes of a case, the rest are figures.
const (
	ID       Role = iota
	Event         // time of the row in a log with one row an event
	Opened        // arrival
	Response      // the first work on it
	Resolved      // solved
	Closed        // closed, which may be long after
	Due           // of the promise to resolve it
	Severity
	Channel
	Region
	Language
	Plan
	Activity     // what the event is, in a log with one row an event
	Assignee     // who or which group has it
	Met          // whether the promise was kept: true or false
	HandleTime   // work of all its touches, in minutes
	CustomerWait // in hours
	Touches      // number of
	HandOffs     // number of
	Reopened     // number of times
	roles
)

// role is how the column of a role is found.
type role struct {
	name  string
	isA   kind
	words []string // names of columns, without spaces and signs, the likeliest first
}

type kind uint8

const (
	word kind = iota
	moment
	figure
	truth
)

// kinds are the roles. The words are also taken for the name in a mapping.
var kinds = [roles]role{
	ID:           {"case", word, []string{"number", "caseid", "casenumber", "caseno", "ticketid", "ticketnumber", "ticketno", "incidentid", "issueid", "caseenquiryid", "incident", "ticket", "issue", "id", "key"}},
	Event:        {"event", moment, []string{"eventtime", "completetimestamp", "timestamp", "sysupdatedat", "updatedat", "eventat", "time"}},
	Opened:       {"opened", moment, []string{"openedat", "opendt", "createdat", "created", "opendate", "openeddate", "openeddatetime", "openedon", "createdon", "createddate", "syscreatedat", "submitted", "submittedat", "reportedat", "arrival", "arrivedat", "started", "startedat", "requesteddatetime", "creationdate"}},
	Response:     {"first_response", moment, []string{"firstresponse", "firstresponseat", "firstworkat", "firstresponsedate", "firstresponsetime", "responded", "respondedat", "respondedon", "answered", "answeredat", "answeredon", "firstreplyat", "acknowledgedat", "firsttouchat"}},
	Resolved:     {"resolved", moment, []string{"resolvedat", "resolveddt", "resolutiondate", "resolveddatetime", "solvedat", "solved", "solvedon", "solveddate", "resolvedon", "resolveddate", "resolutiontime", "ended", "endedat"}},
	Closed:       {"closed", moment, []string{"closedat", "closeddt", "closedate", "closeddate", "closedon", "closeddatetime", "closingdate"}},
	Due:          {"due", moment, []string{"dueat", "targetdt", "duedate", "duedt", "dueon", "target", "sladue", "targetdate"}},
	Severity:     {"severity", word, []string{"priority", "sev", "urgency", "prio"}},
	Channel:      {"channel", word, []string{"contacttype", "source", "origin", "via", "medium"}},
	Region:       {"region", word, []string{"country", "site"}},
	Language:     {"language", word, []string{"lang", "locale"}},
	Plan:         {"plan", word, []string{"contract", "entitlement", "supportplan", "servicelevel"}},
	Activity:     {"activity", word, []string{"activityid", "incidentstate", "state", "status", "eventtype", "role"}},
	Assignee:     {"assignee", word, []string{"assignmentgroup", "assignedto", "queue", "group", "team", "owner", "author", "resource"}},
	Met:          {"met", truth, []string{"madesla", "ontime", "slamet", "withinsla"}},
	HandleTime:   {"handle_time", figure, []string{"handletime", "handleminutes", "workminutes", "effortminutes", "timespentminutes"}},
	CustomerWait: {"customer_wait", figure, []string{"hwaituser", "customerwaithours", "pendinghours", "waithours"}},
	Touches:      {"touches", figure, []string{"touchcount", "replies", "interactions"}},
	HandOffs:     {"hand_offs", figure, []string{"handoffs", "reassignmentcount", "reassignments", "transfers"}},
	Reopened:     {"reopened", figure, []string{"reopencount", "reopens", "reopenings"}},
}

// String is the name of the role as in a mapping.
func (r Role) String() string { return kinds[r].name }

// Roles are the names of all roles.
func Roles() []string {
	all := make([]string, roles)
	for r := range roles {
		all[r] = r.String()
	}
	return all
}

// plain is a name without capitals, spaces and signs.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// roleOf is the role with a name, or with one of its words.
func roleOf(name string) (Role, bool) {
	for r := range roles {
		if kinds[r].name == name || plain(kinds[r].name) == plain(name) {
			return r, true
		}
	}
	for r := range roles {
		if slices.Contains(kinds[r].words, plain(name)) {
			return r, true
		}
	}
	return 0, false
}

// MapError is what is wrong with the column that Options.Map gives a role.
type MapError struct{ Role, Text string }

func (e *MapError) Error() string { return "map: " + e.Role + ": " + e.Text }

// columns is which column each role has; -1 = none.
type columns [roles]int

// look finds the columns of the roles: first those of the mapping, then by names whose contents fit, then the only column of
// times for the arrival.
func (s *sample) look(mapping map[string]string) (columns, error) {
	var found columns
	for r := range found {
		found[r] = -1
	}
	taken := map[int]bool{}
	for _, name := range sortedKeys(mapping) {
		r, known := roleOf(name)
		if !known {
			return found, &MapError{name, fmt.Sprintf("%q is not a role, want one of %s", name, strings.Join(Roles(), ", "))}
		}
		column := slices.Index(s.header, mapping[name])
		if mapping[name] != "" && column < 0 {
			return found, &MapError{name, fmt.Sprintf("there is no such column as %q, want one of %s", mapping[name], strings.Join(s.header, ", "))}
		}
		if found[r] = column; column < 0 {
			found[r] = dropped
		}
		taken[column] = true
	}
	for r := range roles {
		if found[r] == -1 {
			found[r] = s.find(r, taken)
			taken[found[r]] = found[r] >= 0
		}
	}
	s.settle(&found)
	for r := range found {
		found[r] = max(found[r], -1)
	}
	if found[Opened] < 0 {
		return found, fmt.Errorf("no column says when cases were opened, want --map opened=COLUMN with one of %s", strings.Join(s.header, ", "))
	}
	return found, nil
}

// dropped marks a role that the mapping leaves without a column.
const dropped = -2

// find is the first free column named by the words of the role whose contents fit.
func (s *sample) find(r Role, taken map[int]bool) int {
	for _, name := range append([]string{plain(kinds[r].name)}, kinds[r].words...) {
		for c, header := range s.header {
			if !taken[c] && plain(header) == name && s.fits(c, kinds[r].isA) {
				return c
			}
		}
	}
	return -1
}

// fits reports whether the contents of a column are of the kind.
func (s *sample) fits(column int, k kind) bool {
	switch k {
	case moment:
		return s.dates[column].isTime()
	case figure:
		return s.numeric[column]
	case truth:
		return s.truths[column]
	}
	return true
}

// settle tells logs with one row an event from those with one row a case.
func (s *sample) settle(found *columns) {
	events := found[ID] >= 0 && s.repeats(found[ID])
	switch {
	case !events && found[Event] >= 0 && found[Opened] == -1:
		found[Opened], found[Event] = found[Event], -1
	case events && found[Event] == -1:
		found[Event] = found[Opened]
	case events && found[Opened] == -1:
		found[Opened] = found[Event]
	case !events:
		found[Event] = -1
	}
	if found[Opened] == -1 {
		found[Opened] = s.onlyTime()
	}
	if !events {
		found[Activity] = -1
	}
}

// onlyTime is the only column of times, or -1.
func (s *sample) onlyTime() int {
	only := -1
	for c := range s.header {
		if s.dates[c].isTime() {
			if only >= 0 {
				return -1
			}
			only = c
		}
	}
	return only
}

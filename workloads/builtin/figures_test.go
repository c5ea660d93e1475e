package builtin_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
)

// The tables of testdata hold what the vendors publish, and, with the source "assumed", what their files assume: every
// target (figures.csv, see promises_test.go), opening hours (hours.csv), languages of regions (languages.csv), prices (prices.csv), and all
// other rules and terms of plans, of external parties and of the vendor (terms.csv, see terms_test.go). The tests match
// them one to one with the scenario of each vendor and with the scenario global, where names carry the vendor's in front
// and severities are called by rank.

// vendors are the scenarios that the tables describe.
var vendors = []string{"citrix", "jamf", "veeam", "microsoft-csp", "ivanti"}

// assumed is the source of figures that no document gives.
const assumed = "assumed"

// table reads a table of testdata, without its first row, which names the columns.
func table(t *testing.T, name string, columns ...string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(rows[0], columns) {
		t.Fatalf("%s has the columns %v, want %v", name, rows[0], columns)
	}
	for _, row := range rows[1:] {
		if source := row[len(row)-1]; source != assumed && !strings.HasSuffix(source, ".txt") {
			t.Errorf("%s: %v has the source %q, want a document or %s", name, row, source, assumed)
		}
	}
	return rows[1:]
}

// edition is a compiled scenario that holds the figures of a vendor: its own, or global.
type edition struct {
	*scenario.Compiled
	name       string
	vendor     string
	prefix     string   // of the names of the vendor's plans and regions
	severities []string // of the vendor, by rank
}

// editions are two of each vendor.
func editions(t *testing.T) []edition {
	t.Helper()
	var all []edition
	global := load(t, "global")
	for _, vendor := range vendors {
		own := load(t, vendor)
		severities := own.Definition.Severities.Names()
		prefix := strings.ReplaceAll(vendor, "-", "_") + "_"
		all = append(all, edition{own.Compiled, vendor, vendor, "", severities}, edition{global.Compiled, "global", vendor, prefix, severities})
	}
	return all
}

// own is what the vendor calls a plan or region of the scenario; false where it belongs to another vendor.
func (e *edition) own(name string) (string, bool) { return strings.CutPrefix(name, e.prefix) }

// hours are opening hours by vendor, region and role, made from the table alone.
type hours struct {
	lines   map[string]*calendar.Timeline
	assumed map[string]bool
	counted map[string]bool // in some promise
}

func hoursKey(vendor, region, role string) string { return vendor + " " + region + " " + role }

// tableOfHours compiles the table for the time of a run.
func tableOfHours(t *testing.T, during *scenario.Compiled) *hours {
	t.Helper()
	h := &hours{map[string]*calendar.Timeline{}, map[string]bool{}, map[string]bool{}}
	for _, row := range table(t, "hours.csv", "vendor", "region", "role", "zone", "hours", "holidays", "source") {
		key := hoursKey(row[0], row[1], row[2])
		if h.lines[key] != nil {
			t.Errorf("hours of %s stand twice", key)
		}
		h.lines[key] = compileHours(t, row[3], row[4], row[5], during)
		h.assumed[key] = row[6] == assumed
	}
	return h
}

func compileHours(t *testing.T, zone, open, country string, during *scenario.Compiled) *calendar.Timeline {
	t.Helper()
	var def calendar.Definition
	var err error
	if def.Zone, err = calendar.EmbeddedZones().Location(zone); err != nil {
		t.Fatal(err)
	}
	if def.Hours, err = calendar.ParseHours(open); err != nil {
		t.Fatal(err)
	}
	if country != "" {
		holidays, err := calendar.Holidays(country, 2025, 2027)
		if err != nil {
			t.Fatal(err)
		}
		def.AddHolidays(holidays)
	}
	line, err := def.Compile(during.Origin.Add(-7*calendar.Day), during.End.Add(60*calendar.Day))
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// counting are the hours that a clock of the table counts in a region.
func (h *hours) counting(t *testing.T, vendor, region, clock string, during *scenario.Compiled) *calendar.Timeline {
	t.Helper()
	if clock == "always" {
		return calendar.Always(during.Origin.Add(-7*calendar.Day), during.End.Add(60*calendar.Day))
	}
	key := h.mark(vendor, region, clock)
	if h.lines[key] == nil {
		t.Fatalf("hours.csv lacks %s", key)
	}
	return h.lines[key]
}

// mark notes that a promise counts the hours, and is their key.
func (h *hours) mark(vendor, region, clock string) string {
	role, isRole := strings.CutPrefix(clock, "region.")
	if !isRole {
		role = "business"
	}
	key := hoursKey(vendor, region, role)
	h.counted[key] = true
	return key
}

// checkAllCounted reports hours of the vendor that no promise counts.
func (h *hours) checkAllCounted(t *testing.T, vendor string) {
	t.Helper()
	for key := range h.lines {
		if strings.HasPrefix(key, vendor+" ") && !h.counted[key] {
			t.Errorf("hours.csv: no promise counts %s", key)
		}
	}
}

// TestHoursOfRegions matches the regions and their roles with the table; what the hours are is tested by promises.
func TestHoursOfRegions(t *testing.T) {
	for _, e := range editions(t) {
		h := tableOfHours(t, e.Compiled)
		listed := map[string]bool{}
		for key := range h.lines {
			if strings.HasPrefix(key, e.vendor+" ") {
				listed[key] = true
			}
		}
		for _, region := range e.Definition.Regions {
			if own, isOwn := e.own(region.Name); isOwn {
				e.checkRole(t, hoursKey(e.vendor, own, "business"), region.Value.Calendar, listed, h)
				for _, role := range region.Value.Calendars {
					e.checkRole(t, hoursKey(e.vendor, own, role.Name), role.Value, listed, h)
				}
			}
		}
		for missing := range listed {
			t.Errorf("%s: hours.csv has %s, which the scenario lacks", e.name, missing)
		}
	}
}

// checkRole strikes the calendar of a region off those listed. What the table assumes the file must, too.
func (e *edition) checkRole(t *testing.T, key, name string, listed map[string]bool, h *hours) {
	t.Helper()
	if !listed[key] {
		t.Errorf("%s: hours.csv lacks %s", e.name, key)
	}
	delete(listed, key)
	if h.assumed[key] && !e.Definition.Calendars.Find(name).Assumed {
		t.Errorf("%s: calendar %s is not marked as assumed", e.name, name)
	}
}

// TestLanguagesOfRegions matches the languages of the customers with the table, and wants somebody in the first tier of a
// local centre who speaks each of them.
func TestLanguagesOfRegions(t *testing.T) {
	rows := table(t, "languages.csv", "vendor", "region", "language", "source")
	for _, e := range editions(t) {
		listed := map[string]bool{}
		for _, row := range rows {
			if row[0] == e.vendor {
				listed[e.prefix+row[1]+" "+row[2]] = true
			}
		}
		for i, region := range e.Regions {
			if _, isOwn := e.own(region.Name); isOwn {
				e.checkLanguages(t, i, listed)
			}
		}
		for missing := range listed {
			t.Errorf("%s: nobody asks for %s", e.name, missing)
		}
	}
}

// checkLanguages strikes the languages of a region off those listed.
func (e *edition) checkLanguages(t *testing.T, region int, listed map[string]bool) {
	t.Helper()
	for language, share := range e.Regions[region].Languages {
		if share == 0 {
			continue
		}
		key := e.Regions[region].Name + " " + e.Languages[language].Name
		if !listed[key] {
			t.Errorf("%s: languages.csv lacks %s", e.name, key)
		}
		delete(listed, key)
		speaks := func(pool scenario.CompiledPool) bool {
			return pool.Speaks[language] && slices.Contains(pool.Tiers, 0) && e.Centres[pool.Centre].LocalTo[region]
		}
		if !slices.ContainsFunc(e.Pools, speaks) {
			t.Errorf("%s: nobody local speaks %s", e.name, key)
		}
	}
}

// TestPrices matches the prices of all plans with the table.
func TestPrices(t *testing.T) {
	rows := table(t, "prices.csv", "vendor", "plan", "price", "source")
	for _, e := range editions(t) {
		listed := map[string]model.Money{}
		for _, row := range rows {
			var price model.Money
			if err := price.UnmarshalText([]byte(row[2])); err != nil {
				t.Fatal(err)
			}
			if row[0] == e.vendor {
				listed[e.prefix+row[1]] = price
			}
		}
		for _, plan := range e.Definition.Plans {
			if _, isOwn := e.own(plan.Name); isOwn && plan.Value.PricePerYear != listed[plan.Name] {
				t.Errorf("%s: %s costs %s, want %s", e.name, plan.Name, plan.Value.PricePerYear, listed[plan.Name])
			}
			delete(listed, plan.Name)
		}
		for missing := range listed {
			t.Errorf("%s: prices.csv has %s, which the scenario lacks", e.name, missing)
		}
	}
}

// TestGlobalIsTheSumOfItsVendors: no plan or region belongs to nobody, and where cases may be worked is as in the files of
// the vendors.
func TestGlobalIsTheSumOfItsVendors(t *testing.T) {
	all := editions(t)
	plans, regions := 0, 0
	for i := 0; i < len(all); i += 2 {
		own, global := &all[i], &all[i+1]
		plans, regions = plans+len(own.Plans), regions+len(own.Regions)
		for _, plan := range own.Plans {
			there := global.Definition.Plans.Index(global.prefix + plan.Name)
			if there < 0 {
				t.Errorf("global has no %s %s", own.vendor, plan.Name)
			} else if got := global.Plans[there].FollowsTheSun; !slices.Equal(got, plan.FollowsTheSun) {
				t.Errorf("%s %s follows the sun in %v, in global %v", own.vendor, plan.Name, plan.FollowsTheSun, got)
			}
		}
	}
	if global := all[1]; len(global.Plans) != plans || len(global.Regions) != regions {
		t.Errorf("global has %d plans and %d regions, the vendors %d and %d", len(global.Plans), len(global.Regions), plans, regions)
	}
}

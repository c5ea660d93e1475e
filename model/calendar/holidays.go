package calendar

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/cy"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/ecb"
	"github.com/rickar/cal/v2/ee"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fi"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/hu"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/is"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/mt"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/pt"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// countryRules are the countries and states whose holidays follow rules, by code. The rules come from rickar/cal. Missing
// on purpose, since its rules are wrong or out of date there: ar ke lu mx nz rs ru sk th ua; and ca and ch, whose
// regions it merges. A country without state means the holidays of the whole country; gb is England and Wales.
func countryRules() map[string][]*cal.Holiday {
	return map[string][]*cal.Holiday{
		"at": at.Holidays, "be": be.Holidays, "bg": bg.Holidays, "br": br.Holidays, "cy": cy.Holidays,
		"cz": cz.Holidays, "dk": dk.Holidays, "ecb": ecb.Holidays, "ee": ee.Holidays, "es": es.Holidays,
		"fi": fi.Holidays, "fr": fr.Holidays, "gb": gb.Holidays, "gr": gr.Holidays, "hr": hr.Holidays,
		"hu": hu.Holidays, "ie": ie.Holidays, "is": is.Holidays, "it": it.Holidays, "jp": jp.Holidays,
		"lt": lt.Holidays, "lv": lv.Holidays, "mt": mt.Holidays, "nl": nl.Holidays, "no": no.Holidays,
		"pl": pl.Holidays, "pt": pt.Holidays, "ro": ro.Holidays, "se": se.Holidays, "si": si.Holidays,
		"us": us.Holidays, "za": za.Holidays,

		"au-act": au.HolidaysACT, "au-nsw": au.HolidaysNSW, "au-nt": au.HolidaysNT, "au-qld": au.HolidaysQLD,
		"au-sa": au.HolidaysSA, "au-tas": au.HolidaysTAS, "au-vic": au.HolidaysVIC, "au-wa": au.HolidaysWA,

		"de": de.Holidays, "de-bb": de.HolidaysBB, "de-be": de.HolidaysBE, "de-bw": de.HolidaysBW,
		"de-by": de.HolidaysBY, "de-hb": de.HolidaysHB, "de-he": de.HolidaysHE, "de-hh": de.HolidaysHH,
		"de-mv": de.HolidaysMV, "de-ni": de.HolidaysNI, "de-nw": de.HolidaysNW, "de-rp": de.HolidaysRP,
		"de-sh": de.HolidaysSH, "de-sl": de.HolidaysSL, "de-sn": de.HolidaysSN, "de-st": de.HolidaysST,
		"de-th": de.HolidaysTH,
	}
}

// HolidayCodes are the codes that Holidays knows, sorted.
func HolidayCodes() []string {
	codes := slices.Collect(maps.Keys(countryRules()))
	return slices.Sorted(slices.Values(append(codes, holidayLists()...)))
}

// The years for which holidays can be asked; rules are not meant for others.
const (
	firstHolidayYear = 1990
	lastHolidayYear  = 2199
)

// Holidays are the public holidays of a country or state in the years from fromYear to toYear, both included, in the
// order of dates, each date once. The codes are those of ISO 3166 in lower case, with the state where there is one: us,
// gb, de-by, au-nsw. A holiday that the law moves off a weekend closes both days: the day itself, on which an office that
// works at weekends is closed too, and the day on which it is observed. China, Hong Kong, India, Korea and Singapore have
// dated lists, which cover few years.
func Holidays(code string, fromYear, toYear int) ([]Holiday, error) {
	if fromYear > toYear || fromYear < firstHolidayYear || toYear > lastHolidayYear {
		return nil, fmt.Errorf("holidays of the years %d to %d, want years from %d to %d in order",
			fromYear, toYear, firstHolidayYear, lastHolidayYear)
	}
	if rules, found := countryRules()[code]; found {
		return rulesOf(rules, fromYear, toYear), nil
	}
	if slices.Contains(holidayLists(), code) {
		return listedHolidays(code, fromYear, toYear)
	}
	return nil, unknownCountry(code)
}

func rulesOf(rules []*cal.Holiday, fromYear, toYear int) []Holiday {
	var holidays []Holiday
	for year := fromYear - 1; year <= toYear+1; year++ { // New Year's Day may be observed in December
		for _, rule := range rules {
			actual, observed := rule.Calc(year)
			if actual.IsZero() {
				continue
			}
			date, other := NewDate(actual.Date()), NewDate(observed.Date())
			holidays = append(holidays, Holiday{date, rule.Name})
			if other != date {
				holidays = append(holidays, Holiday{other, rule.Name + " (observed)"})
			}
		}
	}
	first, last := NewDate(fromYear, 1, 1), NewDate(toYear, 12, 31)
	holidays = slices.DeleteFunc(holidays, func(h Holiday) bool { return h.Date < first || h.Date > last })
	return mergeHolidays(holidays)
}

// mergeHolidays sorts the holidays by date and joins the names of those on the same date.
func mergeHolidays(holidays []Holiday) []Holiday {
	slices.SortStableFunc(holidays, func(a, b Holiday) int { return cmp.Compare(a.Date, b.Date) })
	merged := holidays[:0]
	for _, h := range holidays {
		n := len(merged)
		if n == 0 || merged[n-1].Date != h.Date {
			merged = append(merged, h)
		} else if merged[n-1].Name != h.Name {
			merged[n-1].Name += ", " + h.Name
		}
	}
	return merged
}

// unknownCountry says what can be done without the country.
func unknownCountry(code string) error {
	const remedy = "give its dates in the file, or an .ics file"
	lower := strings.ToLower(code)
	_, found := countryRules()[lower]
	switch {
	case code != lower && (found || slices.Contains(holidayLists(), lower)):
		return fmt.Errorf("holidays of %q, want the code in lower case: %s", code, lower)
	case lower == "au":
		return fmt.Errorf("holidays of %q differ by state, want au-act, au-nsw, au-nt, au-qld, au-sa, au-tas, au-vic or au-wa", code)
	case lower == "ca" || lower == "ch":
		return fmt.Errorf("holidays of %q differ by region and are not known: %s", code, remedy)
	}
	return fmt.Errorf("holidays of %q are not known: %s; known are %s", code, remedy, strings.Join(HolidayCodes(), " "))
}

package model

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Money is an amount with its currency, as in "55 USD".
type Money struct {
	Amount   float64
	Currency string // ISO 4217 code; empty only in the zero value
}

var moneyForm = regexp.MustCompile(`^([0-9][0-9_,]*(?:\.[0-9]+)?) ([A-Z]{3})$`)

// UnmarshalText reads "55 USD" or "12,000.50 EUR".
func (m *Money) UnmarshalText(text []byte) error {
	part := moneyForm.FindStringSubmatch(strings.TrimSpace(string(text)))
	if part == nil {
		return fmt.Errorf("%q is not an amount of money, want a number and a currency such as 55 USD", text)
	}
	amount, err := strconv.ParseFloat(strings.NewReplacer(",", "", "_", "").Replace(part[1]), 64)
	if err != nil {
		return fmt.Errorf("%q is not an amount of money: %w", text, err)
	}
	*m = Money{Amount: amount, Currency: part[2]}
	return nil
}

// IsZero reports whether no amount was given.
func (m Money) IsZero() bool { return m == Money{} }

// String is the amount with two digits and its currency.
func (m Money) String() string { return fmt.Sprintf("%.2f %s", m.Amount, m.Currency) }

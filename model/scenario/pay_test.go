package scenario

import (
	"testing"
	"time"

	"sunrelay/model/calendar"
)

const paid = `
severities: [normal]
regions: [world]
plans: {gold: {first_response: 1h}}
pay: {night: 25%, weekend: 50%, overtime: 75%}
centres:
  pune: # half an hour off the full hours of UTC
    zone: Asia/Kolkata
    pools: {t1: {cost_per_hour: 10 EUR, shifts: {late: {agents: 2, start: 18:15, length: 10h}, calls: {agents: 1, start: 00:00, length: 24h, on_call: 10m}}}}
  dublin: # whose clocks change in the run
    zone: Europe/Dublin
    pay: {night: 100%, overtime: 0}
    pools: {t1: {cost_per_hour: 10 EUR, shifts: {night: {agents: 1, days: "fri,sat", start: 20:00, length: 12h}}}}
work: {t1: {handle_time: constant(9m)}}
workload: {streams: {cases: {rate: 1/h}}}
run: {start: 2026-03-13T03:00:00Z, days: 20.5, warm_up: 3d}
`

// TestPaidTime compares with a walk through every minute of the measured time.
func TestPaidTime(t *testing.T) {
	def, err := Load(Source{Name: "test.yaml", Data: []byte(paid)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Compile(def)
	if err != nil {
		t.Fatal(err)
	}
	for p, night := range []float64{0.25, 1} {
		zone := c.Centres[c.Pools[p].Centre].Zone
		for s, shift := range c.Pools[p].Shifts {
			want := 0.0
			for _, d := range shift.Duty {
				for at := max(d.From, c.Start); at < min(d.To, c.End); at = at.Add(calendar.Minute) {
					local := at.Time().In(zone)
					pay := 1.0
					if h := local.Hour(); h >= 22 || h < 6 {
						pay += night
					}
					if day := local.Weekday(); day == time.Saturday || day == time.Sunday {
						pay += 0.5
					}
					want += pay * float64(calendar.Minute)
				}
			}
			if got := c.PaidTime(p, s); float64(got) != want || want == 0 {
				t.Errorf("%s %s is paid for %v, want %v", c.Pools[p].Name, shift.Name, got, calendar.Duration(want))
			}
		}
	}
	if pune, dublin := c.Pools[0].OvertimePay, c.Pools[1].OvertimePay; pune != 0.75 || dublin != 0 {
		t.Errorf("overtime is paid %v in Pune and %v in Dublin, want 0.75 and 0", pune, dublin)
	}
}

// TestPayIsNotNegative names each share.
func TestPayIsNotNegative(t *testing.T) {
	_, err := Load(Source{Name: "test.yaml", Data: []byte(paid)}, []string{"pay.night=-1%", "centres.dublin.pay.overtime=-5%"})
	problems, _ := err.(Problems)
	if len(problems) != 2 || problems[0].Path != "centres.dublin.pay.overtime" || problems[1].Path != "pay.night" {
		t.Errorf("%v, want two problems", err)
	}
}

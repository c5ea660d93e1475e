package scenario

import (
	"fmt"
	"time"

	"sunrelay/model/calendar"
)

// Compile makes the dense tables of a definition that Load returned without problems. An error is always Problems: what
// only shows when the whole is put together, such as cases that no pool may work.
func Compile(def *Definition) (*Compiled, error) {
	if problems := inOrder(def.validate(), def.At("").File); len(problems) > 0 {
		return nil, problems
	}
	c := &compiler{def: def, out: &Compiled{Definition: def, Hash: def.Hash}, clocks: map[clockKey]ClockID{}}
	c.out.Origin, c.out.Start, c.out.End = def.span()
	c.out.Replications, c.out.Seed = def.Run.Replications, def.Run.Seed
	c.out.Tiers, c.out.Currency = def.Work.Names(), def.Currency
	c.out.lines = c.timelines()
	c.works = def.works()
	c.compileNames()
	c.compileRegions()
	c.compileCentres()
	c.compilePlans()
	c.findCases()
	c.compileClocks()
	c.shareServiceDays()
	c.checkCoverages()
	c.checkReach()
	if problems := inOrder(c.problems, def.At("").File); len(problems) > 0 {
		return nil, problems
	}
	return c.out, nil
}

// compiler is a Compiled in the making.
type compiler struct {
	def      *Definition
	out      *Compiled
	clocks   map[clockKey]ClockID
	works    [][][]WorkValues // by tier, plan and severity
	arrive   []caseKind       // every kind of case that arrives with positive probability
	routes   map[route][]place
	problems Problems
}

// clockKey is what equal clocks have in common.
type clockKey struct {
	calendar string
	target   calendar.Target
}

func (c *compiler) problem(path, format string, args ...any) {
	c.problems = append(c.problems, Problem{c.def.At(path), fmt.Sprintf(format, args...)})
}

// compileNames are the severities, languages and channels.
func (c *compiler) compileNames() {
	for _, severity := range c.def.Severities {
		c.out.Severities = append(c.out.Severities, CompiledSeverity{severity.Name, severity.Value})
	}
	for _, language := range c.def.Languages {
		fallback := c.def.Languages.Index(language.Value.Fallback)
		c.out.Languages = append(c.out.Languages, CompiledLanguage{Name: language.Name, Fallback: fallback})
	}
	for _, channel := range c.def.Channels {
		made := CompiledChannel{
			Name: channel.Name, MaxWaiting: -1, Responds: channel.Value.Responds, Callback: channel.Value.Callback,
			Instead: c.def.Channels.Index(channel.Value.Instead),
		}
		if most := channel.Value.MaxWaiting; most != nil {
			made.MaxWaiting = *most
		}
		c.out.Channels = append(c.out.Channels, made)
	}
}

func (c *compiler) compileRegions() {
	for _, region := range c.def.Regions {
		made := CompiledRegion{Name: region.Name, Languages: make([]float64, len(c.def.Languages))}
		made.Zone = c.zone("regions."+region.Name, region.Value.Zone)
		sum := 0.0
		for _, share := range region.Value.Languages {
			sum += share.Value
		}
		for _, share := range region.Value.Languages {
			made.Languages[c.def.Languages.Index(share.Name)] = share.Value / sum
		}
		c.out.Regions = append(c.out.Regions, made)
	}
}

// zone is the time zone that a region or centre names.
func (c *compiler) zone(path, name string) *time.Location {
	zone, err := c.def.zoneNamed(name)
	if err != nil {
		c.problem(path+".zone", "%s", zoneError(name))
	}
	return zone
}

func (c *compiler) compileCentres() {
	for i := range c.def.Centres {
		centre := &c.def.Centres[i]
		made := CompiledCentre{Name: centre.Name, LocalTo: c.localTo(centre.Value.Region)}
		made.Zone = c.zone("centres."+centre.Name, centre.Value.Zone)
		c.out.Centres = append(c.out.Centres, made)
		for j := range centre.Value.Pools {
			c.compilePool(i, &centre.Value.Pools[j])
		}
	}
}

// localTo marks the regions that are named, or all where none is.
func (c *compiler) localTo(names []Located[string]) []bool {
	local := make([]bool, len(c.def.Regions))
	for i := range local {
		local[i] = len(names) == 0
	}
	for _, name := range names {
		local[c.def.Regions.Index(name.Value)] = true
	}
	return local
}

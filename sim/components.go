package sim

// bindComponents splits the organisation into parts that no case joins: pools that share a class, at whatever tier, belong
// together, and so do classes that share a waiting room and those that a case may change between.
func (m *Model) bindComponents() {
	parent := make([]int, len(m.pools)+len(m.Scenario.Channels))
	for i := range parent {
		parent[i] = i
	}
	for i := range m.classes {
		nodes := m.nodes(&m.classes[i])
		for _, next := range []int32{m.classes[i].lower, m.classes[i].higher} {
			if next != none {
				nodes = append(nodes, m.nodes(&m.classes[next])...)
			}
		}
		for _, n := range nodes {
			parent[root(parent, n)] = root(parent, nodes[0])
		}
	}
	number := map[int]int32{}
	component := func(node int) int32 {
		r := root(parent, node)
		if _, known := number[r]; !known {
			number[r] = int32(len(number))
		}
		return number[r]
	}
	for i := range m.classes {
		if nodes := m.nodes(&m.classes[i]); len(nodes) > 0 {
			m.classes[i].component = component(nodes[0])
		}
	}
	for p := range m.pools {
		m.pools[p].component = component(p)
	}
	m.components = len(number)
}

// nodes are what a class joins: its pools, and its channel's waiting room.
func (m *Model) nodes(k *class) []int {
	var nodes []int
	for _, s := range k.stages {
		if s.group == none {
			continue
		}
		for _, p := range m.groups[s.group].pools {
			nodes = append(nodes, int(p))
		}
	}
	if k.maxWaiting >= 0 {
		nodes = append(nodes, len(m.pools)+int(k.channel))
	}
	return nodes
}

// root is the representative of a node's set; the way there is halved on the way.
func root(parent []int, n int) int {
	for parent[n] != n {
		parent[n] = parent[parent[n]]
		n = parent[n]
	}
	return n
}

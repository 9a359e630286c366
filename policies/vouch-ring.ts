/** Who vouches for whom, among vouches that count. */
export interface VouchEdge {
  readonly voucherNo: number
  readonly voucheeNo: number
}

/**
 * Finds rings: groups of two or more people who vouch for each other in a circle, whom nobody outside vouches for, and
 * none of whom was let in otherwise. Whoever is in one has only its word.
 * @param anchored people whose standing does not rest on vouches: founders, and those whom administrators added
 * @returns the number of the ring that somebody is in, for those who are in one
 */
export function ringsAmong(edges: readonly VouchEdge[], anchored: ReadonlySet<number>): ReadonlyMap<number, number> {
  const component = stronglyConnected(edges)
  const sizes = new Map<number, number>()
  const open = new Set<number>()
  for (const [person, number] of component) {
    sizes.set(number, (sizes.get(number) ?? 0) + 1)
    if (anchored.has(person)) open.add(number)
  }
  for (const { voucherNo, voucheeNo } of edges) {
    const to = component.get(voucheeNo)
    if (to !== undefined && component.get(voucherNo) !== to) open.add(to)
  }
  return new Map([...component].filter(([, number]) => (sizes.get(number) ?? 0) > 1 && !open.has(number)))
}

/** Tarjan's algorithm without recursion: a chain of vouches may be as long as the group. */
function stronglyConnected(edges: readonly VouchEdge[]): ReadonlyMap<number, number> {
  const next = new Map<number, number[]>()
  for (const { voucherNo, voucheeNo } of edges) {
    if (!next.has(voucheeNo)) next.set(voucheeNo, [])
    const list = next.get(voucherNo)
    if (list) list.push(voucheeNo)
    else next.set(voucherNo, [voucheeNo])
  }
  const index = new Map<number, number>()
  const low = new Map<number, number>()
  const component = new Map<number, number>()
  const stack: number[] = []
  let count = 0
  const meet = (person: number) => {
    index.set(person, index.size)
    low.set(person, index.get(person) ?? 0)
    stack.push(person)
  }
  for (const root of next.keys()) {
    if (index.has(root)) continue
    meet(root)
    const work = [{ person: root, at: 0 }]
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const { person } = top
      const child = next.get(person)?.[top.at]
      if (child === undefined) {
        work.pop()
        const parent = work.at(-1)?.person
        if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(person) ?? 0))
        if (low.get(person) === index.get(person)) {
          let member: number | undefined
          do {
            member = stack.pop()
            if (member !== undefined) component.set(member, count)
          } while (member !== undefined && member !== person)
          count += 1
        }
        continue
      }
      top.at += 1
      if (!index.has(child)) {
        meet(child)
        work.push({ person: child, at: 0 })
      } else if (!component.has(child)) {
        low.set(person, Math.min(low.get(person) ?? 0, index.get(child) ?? 0))
      }
    }
  }
  return component
}

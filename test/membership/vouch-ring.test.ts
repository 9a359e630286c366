import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ringsAmong, type VouchEdge } from '../../policies/vouch-ring.ts'

/** `1>2` as an edge. */
function edges(...texts: readonly string[]): readonly VouchEdge[] {
  return texts.map((text) => {
    const [voucherNo = 0, voucheeNo = 0] = text.split('>').map(Number)
    return { voucherNo, voucheeNo }
  })
}

/** The rings as sets of people, in order. */
function rings(all: readonly VouchEdge[], anchored: readonly number[] = []): readonly (readonly number[])[] {
  const byNumber = Map.groupBy(ringsAmong(all, new Set(anchored)), ([, number]) => number)
  return [...byNumber.values()]
    .map((entries) => entries.map(([person]) => person).toSorted((a, b) => a - b))
    .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
}

/** The definition, word for word: slow, and with nothing of the algorithm. */
function ringsByReach(all: readonly VouchEdge[], anchored: readonly number[]): readonly (readonly number[])[] {
  const people = [...new Set(all.flatMap(({ voucherNo, voucheeNo }) => [voucherNo, voucheeNo]))].toSorted(
    (a, b) => a - b,
  )
  const reaches = new Set(all.map(({ voucherNo, voucheeNo }) => `${voucherNo}>${voucheeNo}`))
  for (const over of people) {
    for (const from of people) {
      for (const to of people) {
        if (reaches.has(`${from}>${over}`) && reaches.has(`${over}>${to}`)) reaches.add(`${from}>${to}`)
      }
    }
  }
  const circles = people.map((one) =>
    people.filter((other) => other === one || (reaches.has(`${one}>${other}`) && reaches.has(`${other}>${one}`))),
  )
  return circles.filter(
    (circle, index) =>
      circle.length > 1 &&
      circle[0] === people[index] &&
      !circle.some((person) => anchored.includes(person)) &&
      !all.some(({ voucherNo, voucheeNo }) => circle.includes(voucheeNo) && !circle.includes(voucherNo)),
  )
}

describe('rings of vouches', () => {
  it('are people who vouch for each other in a circle, and whom nobody else vouches for', () => {
    assert.deepEqual(rings(edges('1>2', '2>1')), [[1, 2]])
    assert.deepEqual(rings(edges('1>2', '2>3', '3>1', '3>4', '9>8', '8>9')), [
      [1, 2, 3],
      [8, 9],
    ])
    assert.deepEqual(rings(edges('1>2', '2>3')), [])
    assert.deepEqual(rings(edges('1>2', '2>1', '3>1')), [], 'somebody outside knows one of them')
    assert.deepEqual(rings(edges('1>1')), [], 'nobody is a ring alone')
    assert.deepEqual(rings([]), [])
  })

  it('are none where the group let one of them in otherwise', () => {
    assert.deepEqual(rings(edges('1>2', '2>3', '3>1'), [3]), [])
    assert.deepEqual(rings(edges('1>2', '2>1', '3>4', '4>3'), [3]), [[1, 2]])
  })

  it('are what reachability says, in any group', () => {
    const person = fc.integer({ min: 1, max: 9 })
    fc.assert(
      fc.property(
        fc.array(fc.record({ voucherNo: person, voucheeNo: person }), { maxLength: 18 }),
        fc.array(person, { maxLength: 2 }),
        (all, anchored) => {
          assert.deepEqual(rings(all, anchored), ringsByReach(all, anchored))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('are found in a chain as long as the group, and in the time of its length', () => {
    const chain = Array.from({ length: 200_000 }, (_, index) => ({ voucherNo: index, voucheeNo: index + 1 }))
    assert.deepEqual(rings(chain), [])
    assert.equal(ringsAmong([...chain, { voucherNo: 200_000, voucheeNo: 0 }], new Set()).size, 200_001)
  })
})

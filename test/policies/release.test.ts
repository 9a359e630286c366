import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TLP1, TLP2 } from 'stix2-ts'
import { audienceOf } from '../../policies/audience.ts'
import { labelOf } from '../../policies/label.ts'
import { isReleased, release, within } from '../../policies/release.ts'
import { join, labelOfRank, parseTlp, rankOf, type Tlp, TLP_LEVELS } from '../../policies/tlp.ts'

const tlp = fc.constantFrom(...TLP_LEVELS)
const audience = (ceiling: Tlp) => audienceOf('f1c0ffee-0000-4000-8000-000000000001', ceiling)

describe('labels', () => {
  it('join is the stricter of two: commutative, associative, idempotent, never lower', () => {
    fc.assert(
      fc.property(tlp, tlp, tlp, (a, b, c) => {
        assert.equal(join(a, b), join(b, a))
        assert.equal(join(join(a, b), c), join(a, join(b, c)))
        assert.equal(join(a, a), a)
        assert.ok(rankOf(join(a, b)) >= rankOf(a))
      }),
    )
  })

  it('a label reads as people write it', () => {
    assert.equal(parseTlp('tlp:amber+strict'), 'TLP:AMBER+STRICT')
    assert.equal(parseTlp(' Green '), 'TLP:GREEN')
    for (const wrong of ['', 'white', 'tlp:', 'tlp:amber strict', 'TLP:AMBER+', 'purple']) {
      assert.equal(parseTlp(wrong), undefined, wrong)
    }
  })

  it('a rank that is no label is refused, not taken for a low one', () => {
    for (const rank of [-1, 5, 1.5, Number.NaN]) assert.throws(() => labelOfRank(rank), RangeError)
  })

  it('amber and amber+strict differ', () => {
    assert.ok(rankOf('TLP:AMBER') < rankOf('TLP:AMBER+STRICT'))
  })
})

describe('the label of an object', () => {
  const markings: readonly (readonly [string, Tlp])[] = [
    [TLP1.white.id, 'TLP:CLEAR'],
    [TLP1.green.id, 'TLP:GREEN'],
    [TLP1.amber.id, 'TLP:AMBER'],
    [TLP1.red.id, 'TLP:RED'],
    [TLP2.clear.id, 'TLP:CLEAR'],
    [TLP2.green.id, 'TLP:GREEN'],
    [TLP2.amber.id, 'TLP:AMBER'],
    [TLP2['amber+strict'].id, 'TLP:AMBER+STRICT'],
    [TLP2.red.id, 'TLP:RED'],
  ]
  const statement = 'marking-definition--11111111-1111-4111-8111-111111111111'

  it('each TLP id of both versions has its label', () => {
    for (const [id, label] of markings) assert.equal(labelOf({ object_marking_refs: [id] }, 'TLP:RED'), label)
  })

  it('is the strictest of all markings, on the object and on its parts, in any order', () => {
    fc.assert(
      fc.property(fc.subarray([...markings], { minLength: 1 }), fc.nat(), (chosen, cut) => {
        const whole = chosen.slice(0, cut % (chosen.length + 1)).map(([id]) => id)
        const parts = chosen.slice(whole.length).map(([id]) => ({ marking_ref: id, selectors: ['name'] }))
        const expected = chosen.map(([, label]) => label).reduce(join)
        const object = { object_marking_refs: whole, granular_markings: parts }
        assert.equal(labelOf(object, 'TLP:CLEAR'), expected)
      }),
    )
  })

  it('is the default when there is no TLP marking; a statement is no label', () => {
    assert.equal(labelOf({}, 'TLP:AMBER+STRICT'), 'TLP:AMBER+STRICT')
    assert.equal(labelOf({ object_marking_refs: [statement] }, 'TLP:RED'), 'TLP:RED')
    assert.equal(labelOf({ object_marking_refs: [statement, TLP2.green.id] }, 'TLP:RED'), 'TLP:GREEN')
  })
})

describe('release', () => {
  it('permits exactly what is at or below the ceiling', () => {
    fc.assert(
      fc.property(tlp, tlp, (label, ceiling) => {
        const verdict = release({ body: 'x', label }, audience(ceiling))
        assert.equal(verdict.ok, TLP_LEVELS.indexOf(label) <= TLP_LEVELS.indexOf(ceiling))
      }),
    )
  })

  it('a refusal names the rule and both labels, and no content', () => {
    const verdict = release({ body: 'harbour-gate', label: 'TLP:RED' }, audience('TLP:GREEN'))
    assert.ok(!verdict.ok)
    assert.equal(verdict.reason.rule, 'ceiling')
    assert.match(verdict.reason.message, /rule ceiling.*TLP:RED.*TLP:GREEN/)
    assert.doesNotMatch(JSON.stringify(verdict), /harbour-gate/)
  })

  it('a label that is none of the five is withheld', () => {
    // the type checker forbids it; a wrong row in a database would not ask the type checker
    const verdict = release({ body: 'x', label: 'TLP:WHITE' as Tlp }, audience('TLP:RED'))
    assert.ok(!verdict.ok)
  })

  it('what is released carries its audience and its policy, and so does what is made of it', () => {
    const verdict = release({ body: 'x', label: 'TLP:CLEAR' }, audience('TLP:GREEN'))
    assert.ok(verdict.ok)
    const made = within(verdict.released, (body) => body.length)
    assert.deepEqual(
      [made.audience, made.policyHash, made.body],
      [audience('TLP:GREEN').id, audience('TLP:GREEN').policyHash, 1],
    )
    assert.ok(isReleased(made))
    assert.ok(!isReleased(Object.assign({}, made)))
  })

  it('another ceiling is another policy', () => {
    const hashes = new Set(TLP_LEVELS.map((ceiling) => audience(ceiling).policyHash))
    assert.equal(hashes.size, TLP_LEVELS.length)
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TLP1, TLP2, TLP_MARKINGS, TLP_MARKING_IDS, parseStixObject, tlpOf } from '../src/index.ts'

describe('TLP', () => {
  it('is decided by the id alone', () => {
    assert.deepEqual(TLP_MARKING_IDS.map(tlpOf), [
      'TLP:CLEAR',
      'TLP:GREEN',
      'TLP:AMBER',
      'TLP:RED',
      'TLP:CLEAR',
      'TLP:GREEN',
      'TLP:AMBER',
      'TLP:AMBER+STRICT',
      'TLP:RED',
    ])
    assert.equal(
      tlpOf(TLP2['amber+strict'].id.toUpperCase().replace('MARKING-DEFINITION', 'marking-definition')),
      'TLP:AMBER+STRICT',
    )
    assert.equal(tlpOf('marking-definition--00000000-0000-4000-8000-000000000000'), undefined)
    assert.equal(tlpOf('__proto__'), undefined)
  })

  it('has markings that are valid without a warning, also with another writing of the time', () => {
    for (const marking of TLP_MARKINGS.values()) {
      assert.deepEqual(parseStixObject(marking), { ok: true, object: marking, warnings: [] })
      assert.equal(parseStixObject({ ...marking, created: marking.created.replace('.000Z', '.000000Z') }).ok, true)
    }
  })

  it('cannot be given other content under another case of its id', () => {
    const id = TLP1.red.id.toUpperCase().replace('MARKING-DEFINITION', 'marking-definition')
    const result = parseStixObject({ ...TLP1.red, id, definition: { tlp: 'white' }, name: 'TLP:WHITE' })
    assert.equal(result.ok || result.problems[0]?.rule, 'tlp-content')
  })
})

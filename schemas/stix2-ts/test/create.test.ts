import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  InvalidObjectError,
  create,
  createIndicator,
  createSighting,
  observableId,
  parseStixObject,
} from '../src/index.ts'
import type { Indicator, ObjectType, StixObject } from '../src/index.ts'
import { INDICATOR } from './samples.ts'

const options = { now: '2026-11-21T20:21:31.199890Z', uuid: () => '5d0c2a4e-6b1f-4c0e-9a57-0f3f7a1f9c21' }

describe('create', () => {
  it('fills in type, id, spec_version, created and modified', () => {
    const indicator: Indicator = createIndicator(
      { pattern: "[url:value = 'a:b']", pattern_type: 'stix', valid_from: options.now },
      options,
    )
    assert.deepEqual(indicator, {
      type: 'indicator',
      spec_version: '2.1',
      id: `indicator--${options.uuid()}`,
      created: options.now,
      modified: options.now,
      pattern: "[url:value = 'a:b']",
      pattern_type: 'stix',
      valid_from: options.now,
    })
  })

  it('gives an observable the id of its content and neither created nor modified', () => {
    const file = create('file', { name: 'data.txt', size: 1 }, options)
    assert.equal(file.id, observableId({ type: 'file', name: 'data.txt' }))
    assert.deepEqual(Object.keys(file), ['type', 'spec_version', 'id', 'name', 'size'])
    assert.equal(create('process', { pid: 1 }, options).id, `process--${options.uuid()}`)
  })

  it('gives a marking definition no modified', () => {
    const marking = create(
      'marking-definition',
      { definition_type: 'statement', definition: { statement: '©' } },
      options,
    )
    assert.equal('modified' in marking, false)
    assert.equal(marking.created, options.now)
  })

  it('takes a chosen id and chosen times', () => {
    const times = { created: '2026-01-01T00:00:00.000Z', modified: '2026-01-02T00:00:00.000Z' }
    const sighting = createSighting(
      { ...times, sighting_of_ref: INDICATOR.id },
      { ...options, id: 'sighting--6b0e3956-95f3-4c04-a882-116832996da0' },
    )
    assert.equal(sighting.id, 'sighting--6b0e3956-95f3-4c04-a882-116832996da0')
    assert.deepEqual([sighting.created, sighting.modified], [times.created, times.modified])
  })

  it('throws the problems of an invalid object', () => {
    assert.throws(
      () => create('file', { name: 'x', size: -1 }, options),
      (error) =>
        error instanceof InvalidObjectError &&
        error.problems[0]?.pointer === '/size' &&
        /'size' must/.test(error.message),
    )
    assert.throws(() => create('file', { name: '\ud800' }, options), InvalidObjectError)
    assert.throws(() => create('note', { content: 'x', object_refs: [] }, options), InvalidObjectError)
  })

  it('is checked by the compiler', () => {
    // @ts-expect-error -- is_family is required
    assert.throws(() => create('malware', { name: 'x' }, options))
    // @ts-expect-error -- the standard has no such property
    assert.ok(create('malware', { is_family: false, family: 1 }, options))
    // @ts-expect-error -- a word of a closed vocabulary
    assert.throws(() => create('opinion', { opinion: 'good', object_refs: [INDICATOR.id] }, options))
  })
})

describe('types', () => {
  it('narrow by type, beside custom objects', () => {
    const result = parseStixObject(INDICATOR)
    assert.ok(result.ok)
    const object: StixObject = result.object
    assert.ok(object.type === 'indicator')
    const pattern: string = object.pattern
    const until: string | undefined = object.valid_until
    const custom: unknown = object.x_acme
    const type: ObjectType = object.type
    // @ts-expect-error -- a property of another type
    assert.equal(object.is_family, undefined)
    assert.deepEqual([pattern, until, custom, type], [INDICATOR.pattern, undefined, undefined, 'indicator'])
  })
})

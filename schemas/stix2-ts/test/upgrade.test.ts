import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TLP1, observableId, parsePattern, parseStixObject, upgradeObject } from '../src/index.ts'
import type { ObjectType, ObjectTypes, StixObject } from '../src/index.ts'
import { BUNDLE, INDICATOR } from './samples.ts'

const TIMES = { created: '2016-04-06T20:03:48.000Z', modified: '2016-04-06T20:03:48.000Z' }
const MARKING = 'marking-definition--4478bf48-9af2-4afa-9fc5-7075f6af04af'
const UUID = '8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f'

function old<T extends object>(type: string, rest: T) {
  return { type, id: `${type}--${UUID}`, ...TIMES, ...rest }
}

function only<T extends ObjectType>(type: T, objects: readonly StixObject[]): ObjectTypes[T] {
  const found = objects.find((object): object is ObjectTypes[T] => object.type === type)
  assert.ok(found, `no ${type} in ${JSON.stringify(objects)}`)
  return found
}

const observed = (objects: object, rest: object = {}) =>
  old('observed-data', {
    first_observed: TIMES.created,
    last_observed: TIMES.created,
    number_observed: 1,
    objects,
    ...rest,
  })

describe('upgradeObject', () => {
  it('moves labels to the types that STIX 2.1 has for them', () => {
    for (const [type, label, property, rest] of [
      ['indicator', 'benign', 'indicator_types', { pattern: "[url:value = 'a:b']", valid_from: TIMES.created }],
      ['malware', 'worm', 'malware_types', { name: 'x' }],
      ['report', 'campaign', 'report_types', { name: 'x', published: TIMES.created, object_refs: [INDICATOR.id] }],
      ['threat-actor', 'spy', 'threat_actor_types', { name: 'x' }],
      ['tool', 'remote-access', 'tool_types', { name: 'x' }],
    ] as const) {
      const { ok, objects, problems } = upgradeObject(old(type, { ...rest, labels: ['own', label] }))
      assert.ok(ok, JSON.stringify(problems))
      assert.equal(objects.length, 1)
      const found: Record<string, unknown> = { ...objects[0] }
      assert.deepEqual([found[property], found['labels'], found['spec_version']], [[label], ['own'], '2.1'])
    }
  })

  it('fills in what STIX 2.1 requires', () => {
    assert.equal(
      only('malware', upgradeObject(old('malware', { name: 'x', labels: ['worm'] })).objects).is_family,
      false,
    )
    const indicator = upgradeObject(
      old('indicator', { pattern: "[url:value = 'a:b']", valid_from: TIMES.created, labels: ['x'] }),
    )
    assert.equal(only('indicator', indicator.objects).pattern_type, 'stix')
  })

  it('writes START and STOP as timestamp literals', () => {
    const pattern =
      "[url:value = 'START ''x' OR url:value = 'it\\'s STOP 'START '2016-01-01T00:00:00Z' STOP '2016-01-02T00:00:00Z'"
    const simple = "[url:value = 'START'] START '2016-01-01T00:00:00Z' STOP '2016-01-02T00:00:00Z'"
    const { objects } = upgradeObject(old('indicator', { pattern: simple, valid_from: TIMES.created, labels: ['x'] }))
    const upgraded = only('indicator', objects).pattern
    assert.equal(upgraded, "[url:value = 'START'] START t'2016-01-01T00:00:00Z' STOP t'2016-01-02T00:00:00Z'")
    assert.equal(parsePattern(upgraded).ok, true)
    assert.equal(upgradeObject(old('indicator', { pattern, valid_from: TIMES.created })).ok, false)
  })

  it('splits observed-data into observables with the ids of their content', () => {
    const { ok, objects, problems } = upgradeObject(
      observed({
        '0': { type: 'directory', path: '/tmp', contains_refs: ['1'], created: TIMES.created },
        '1': {
          type: 'file',
          name: 'a',
          parent_directory_ref: '0',
          created: TIMES.created,
          hashes: { ssdeep: '3:a:b' },
        },
        '2': { type: 'network-traffic', src_ref: '3', protocols: ['tcp'], src_port: 1, dst_port: 2 },
        '3': { type: 'ipv4-addr', value: '198.51.100.7' },
        '4': { type: 'process', pid: 3, name: 'sh', binary_ref: '1' },
        '5': { type: 'email-message', is_multipart: false, additional_header_fields: { 'X-Mailer': 'a' } },
        '6': { type: 'ipv4-addr', value: '198.51.100.7' },
      }),
    )
    assert.ok(ok, JSON.stringify(problems))
    const directory = only('directory', objects)
    const file = only('file', objects)
    const traffic = only('network-traffic', objects)
    const process = only('process', objects)
    assert.equal(directory.id, observableId({ type: 'directory', path: '/tmp' }))
    assert.deepEqual(directory.contains_refs, [file.id])
    assert.equal(file.parent_directory_ref, directory.id)
    assert.equal(file.id, observableId(file))
    assert.deepEqual([file.ctime, file.hashes], [TIMES.created, { SSDEEP: '3:a:b' }])
    assert.equal(traffic.src_ref, only('ipv4-addr', objects).id)
    assert.equal(traffic.id, observableId(traffic))
    assert.deepEqual([process.image_ref, process.x_name], [file.id, 'sh'])
    assert.deepEqual(only('email-message', objects).additional_header_fields, { 'X-Mailer': ['a'] })
    const data = only('observed-data', objects)
    assert.deepEqual(
      data.object_refs,
      objects.slice(1).map(({ id }) => id),
    )
    assert.equal(objects.filter(({ type }) => type === 'ipv4-addr').length, 1)
    assert.equal('objects' in data, false)
  })

  it('gives the observables the markings of the whole, and never narrows one', () => {
    const { objects } = upgradeObject(
      observed(
        { '0': { type: 'url', value: 'a:b' } },
        {
          object_marking_refs: [TLP1.green.id],
          granular_markings: [
            { marking_ref: MARKING, selectors: ['objects.0.value'] },
            { marking_ref: TLP1.red.id, selectors: ['number_observed'] },
          ],
        },
      ),
    )
    assert.deepEqual(only('url', objects).object_marking_refs, [TLP1.green.id, MARKING])
    const data = only('observed-data', objects)
    assert.deepEqual(data.object_marking_refs, [TLP1.green.id, MARKING])
    assert.deepEqual(data.granular_markings, [{ marking_ref: TLP1.red.id, selectors: ['number_observed'] }])
    const tool = upgradeObject(
      old('tool', {
        name: 'x',
        labels: ['remote-access'],
        granular_markings: [{ marking_ref: MARKING, selectors: ['labels.[0]', 'name'] }],
      }),
    )
    assert.deepEqual(only('tool', tool.objects).object_marking_refs, [MARKING])
    assert.deepEqual(only('tool', tool.objects).granular_markings, [{ marking_ref: MARKING, selectors: ['name'] }])
  })

  it('ends circles of references', () => {
    const circle = {
      '0': { type: 'file', name: 'a', extensions: { 'archive-ext': { contains_refs: ['1'] } } },
      '1': { type: 'file', name: 'b', extensions: { 'archive-ext': { contains_refs: ['0'] } } },
    }
    const { ok, objects } = upgradeObject(observed(circle))
    assert.equal(ok, true)
    assert.equal(objects.length, 3)
  })

  it('takes a TLP marking to its fixed object', () => {
    const { spec_version: _version, name: _name, ...tlp } = TLP1.amber
    assert.deepEqual(upgradeObject(tlp).objects, [TLP1.amber])
  })

  it('lets STIX 2.1 through, and converts each object of a bundle', () => {
    assert.equal(upgradeObject(INDICATOR).objects[0], INDICATOR)
    const bundle = {
      ...BUNDLE,
      spec_version: '2.0',
      objects: [old('tool', { name: 'x' }), INDICATOR, { ...INDICATOR, name: 1 }],
    }
    const { ok, objects, problems } = upgradeObject(bundle)
    assert.deepEqual([ok, objects.length, problems.map(({ rule }) => rule)], [false, 2, ['string']])
  })

  it('takes a custom object of a bundle of STIX 2.0 for STIX 2.0', () => {
    const custom = old('x-acme', { any: 1 })
    const { objects } = upgradeObject({ ...BUNDLE, spec_version: '2.0', objects: [custom] })
    assert.deepEqual(objects, [{ ...custom, spec_version: '2.1' }])
    assert.deepEqual(upgradeObject({ ...BUNDLE, objects: [custom] }).objects, [custom])
  })

  it('is deterministic, valid and never throws', () => {
    const key = fc.constantFrom('0', '1', '2')
    const sco = fc.record(
      {
        type: fc.constantFrom('file', 'directory', 'url', 'network-traffic', 'x-foo', 'process'),
        name: fc.string(),
        path: fc.string(),
        value: fc.string(),
        src_ref: key,
        parent_directory_ref: key,
        contains_refs: fc.array(key),
        extensions: fc.dictionary(fc.constantFrom('archive-ext', 'x'), fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(sco, fc.jsonValue())), fc.jsonValue(), (objects, anything) => {
        for (const value of [observed(objects), anything, { ...BUNDLE, objects: [anything] }]) {
          const first = upgradeObject(value)
          assert.deepEqual(upgradeObject(structuredClone(value)), first)
          assert.ok(first.objects.every((object) => parseStixObject(object).ok))
          assert.equal(first.ok, first.problems.length === 0)
        }
      }),
    )
  })
})
